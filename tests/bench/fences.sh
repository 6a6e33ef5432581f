#!/bin/sh
# fences.sh CASE CORDON-BENCH CHECK-JSON WITHOUT-MEMBARRIER - cordon-bench from outside.
# No timing is asserted, but that nothing costs nothing.
case=$1 bench=$2 check=$3 without_membarrier=$4
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
brief="--only nop,full --time 500ms --repetitions 20"

fail() {
    echo "$case: $*" >&2
    for file in "$dir"/*; do
        echo "--- $file" && head -40 "$file"
    done >&2
    exit 1
}

# run STATUS ARGUMENT... : run the tool, want that status, leave its output in $dir/out and $dir/err
run() {
    want=$1
    shift
    "$bench" "$@" >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -eq "$want" ] || fail "cordon-bench $*: exit status $got, not $want"
}

# has FILE TEXT : it holds that text
has() {
    grep -qF -e "$2" "$dir/$1" || fail "no '$2' in $1"
}

# refuses TEXT ARGUMENT... : exit status 2 and one line on stderr that holds the text, nothing else
refuses() {
    text=$1
    shift
    run 2 "$@"
    has err "$text"
    [ "$(wc -l <"$dir/err")" -eq 1 ] || fail "cordon-bench $*: not one line of explanation"
    [ ! -s "$dir/out" ] || fail "cordon-bench $*: output beside the error"
}

case $case in
help)
    run 0 --help && has out "Usage: cordon-bench" && has out "fences"
    run 0 fences --help && has out "--repetitions" && has out "Exit status"
    run 0 --version && has out "cordon-bench 0."
    run 0 fences --version && has out "cordon-bench 0."
    [ ! -s "$dir/err" ] || fail "help wrote to stderr"
    ;;
list)
    run 0 fences --list
    for name in nop compiler acquire release acq_rel full load_load load_store store_store \
        store_load store_full nt_store light heavy relax seq_cst; do
        grep -q "^$name " "$dir/out" || fail "$name is not listed"
    done
    ;;
usage)
    refuses "which subcommand? fences"
    refuses "did you mean fences" fence
    refuses "no subcommand 'xyzzy'" xyzzy
    refuses "unknown option '--frobnicate'" --frobnicate
    refuses "did you mean --repetitions" fences --repetitons=3
    refuses "unknown option '-x'" fences -x
    refuses "needs a value" fences --time
    refuses "takes no value" fences --cycles=3
    refuses "unexpected argument 'full'" fences full
    for count in 0 -1 +5 4 1001 5x 0x10 1e2 "" " 7" 99999999999999999999; do
        refuses "is not a whole number from 5 to 1000" fences --repetitions "$count"
    done
    for count in 0 129 -8 x; do
        refuses "is not a whole number from 1 to 128" fences --stores "$count"
    done
    for time in 0 -1 x 1h 1.2.3 "" 999999; do
        refuses "is not a time such as" fences --time "$time"
    done
    for cpus in "" x "0," -1 1-; do
        refuses "not a list of CPU numbers" fences --cpus "$cpus"
    done
    refuses "named twice" fences --cpus 0,0
    refuses "runs backwards" fences --cpus 3-1
    refuses "is not among those this process may use" fences --cpus 1000000
    refuses "did you mean mfence" fences --only mfense
    refuses "see --list" fences --only telephone
    refuses "no fence ''" fences --only ""
    refuses "cannot write" fences --json "$dir/absent/file.json"
    refuses "cannot write" fences --json "$dir"
    refuses "name is empty" fences --json=
    ;;
json)
    run 0 fences --time 1500ms --repetitions 20 --json "$dir/file.json"
    has out "Marginal cost"
    "$check" "$dir/file.json" || fail "the file is not what was promised"
    # shellcheck disable=SC2086
    run 0 fences $brief --json
    "$check" "$dir/out" || fail "the output is not what was promised"
    # shellcheck disable=SC2086
    run 0 fences $brief --json - --cycles
    "$check" "$dir/out" || fail "the output is not what was promised"
    ;;
bytes)
    # What the tool says it measured is what stands in each of the four loops.
    command -v objdump >/dev/null || exit 77
    [ "$(uname -m)" = x86_64 ] || exit 77
    for fence in "full f0 83 4c 24 c0 00 " "store_load f0 83 4c 24 c0 00 " "mfence 0f ae f0 " \
        "nt_store 0f ae f8 " "relax f3 90 " "nop 90 "; do
        name=${fence%% *} bytes=${fence#* }
        objdump -d "$bench" | grep -A1 "<cordon_bench_${name}_[0-3]_begin>:" |
            grep -cF "	$bytes" >"$dir/count"
        [ "$(cat "$dir/count")" -eq 4 ] || fail "$name: not $bytes in each of four loops"
        "$bench" fences --list | grep "^$name " | grep -qF "  ${bytes% }" || fail "$name: another listed"
    done
    "$bench" fences --only full --repetitions 5 --time 100ms >"$dir/out"
    has out "lock orl \$0x0,-0x40(%rsp)"
    ;;
one_cpu)
    command -v taskset >/dev/null || exit 77
    cpu=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
    # shellcheck disable=SC2086
    taskset -c "$cpu" "$bench" fences $brief --json "$dir/file.json" >"$dir/out" 2>"$dir/err" ||
        fail "exit status $?"
    has out "needs two allowed CPUs"
    "$check" "$dir/file.json" none || fail "the file is not what was promised"
    ;;
interrupt)
    timeout --preserve-status -s INT 3 "$bench" fences --time 60 --json "$dir/file.json" \
        >"$dir/out" 2>"$dir/err"
    status=$?
    [ $status -eq 130 ] || fail "exit status $status, not 130"
    has out "Interrupted"
    has out "full "
    "$check" "$dir/file.json" || fail "the file is not what was promised"
    for pair in TERM:143 HUP:129 QUIT:131; do
        timeout --preserve-status -s "${pair%:*}" 2 "$bench" fences --time 60 --json "$dir/file.json" \
            >"$dir/out" 2>"$dir/err"
        status=$?
        [ $status -eq "${pair#*:}" ] || fail "SIG${pair%:*}: exit status $status"
        "$check" "$dir/file.json" || fail "SIG${pair%:*}: the file is not what was promised"
    done
    ;;
manual)
    # The page is clean, and tells of every option the help knows, and of no other.
    page=$(dirname "$0")/../../docs/man/cordon-bench.1
    run 0 fences --help
    grep -o -e " --[a-z]*" "$dir/out" | sort -u >"$dir/help"
    grep -e "^.It Fl" "$page" | grep -o -e "-[a-z][a-z]*" | sed "s/^/ -/" | sort -u >"$dir/page"
    cmp -s "$dir/help" "$dir/page" || fail "help and manual page differ"
    command -v mandoc >/dev/null || exit 77
    mandoc -T lint -W warning "$page" >"$dir/out" || fail "mandoc complains"
    ;;
quiet)
    # No colour and no progress where nobody watches.
    # shellcheck disable=SC2086
    TERM=xterm run 0 fences $brief
    [ ! -s "$dir/err" ] || fail "something on stderr"
    ! grep -q "$(printf '\033')" "$dir/out" || fail "escape sequences in a file"
    ;;
broken_output)
    [ -c /dev/full ] || exit 77
    # shellcheck disable=SC2086
    "$bench" fences $brief >/dev/full 2>"$dir/err"
    status=$?
    [ $status -eq 3 ] || fail "exit status $status, not 3"
    has err "cannot write"
    # shellcheck disable=SC2086
    "$bench" fences $brief --json /dev/full >"$dir/out" 2>"$dir/err"
    status=$?
    [ $status -eq 3 ] || fail "exit status $status, not 3"
    has err "cannot write /dev/full"
    ;;
no_objdump)
    # shellcheck disable=SC2086
    PATH=/nonexistent run 0 fences $brief
    [ "$(uname -m)" != x86_64 ] || has out "f0 83 4c 24 c0 00"
    [ ! -s "$dir/err" ] || fail "something on stderr"
    ;;
no_membarrier)
    # shellcheck disable=SC2086
    "$without_membarrier" "$bench" fences --only light,heavy --time 300ms >"$dir/out" 2>"$dir/err"
    status=$?
    [ $status -ne 77 ] || exit 77
    [ $status -eq 0 ] || fail "exit status $status"
    has out "membarrier refused"
    ;;
*)
    fail "no such case"
    ;;
esac
