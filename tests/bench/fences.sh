#!/bin/sh
# fences.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench fences from outside.
# No timing is asserted, but that nothing costs nothing.
case=$1 bench=$2 check=$3 without=$4
brief="--only nop,full --time 500ms --repetitions 20"
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

case $case in
help)
    run 0 fences --help && has out "--repetitions" && has out "Exit status"
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
    refuses_wrong_common fences
    refuses "takes no value" fences --cycles=3
    for count in 0 129 -8 x; do
        refuses "is not a whole number from 1 to 128" fences --stores "$count"
    done
    refuses "did you mean mfence" fences --only mfense
    refuses "see --list" fences --only telephone
    refuses "no fence ''" fences --only ""
    ;;
json)
    run 0 fences --time 1500ms --repetitions 20 --json "$dir/file.json"
    has out "Marginal cost"
    "$check" fences "$dir/file.json" || fail "the file is not what was promised"
    # shellcheck disable=SC2086
    run 0 fences $brief --json
    "$check" fences "$dir/out" || fail "the output is not what was promised"
    # shellcheck disable=SC2086
    run 0 fences $brief --json - --cycles
    "$check" fences "$dir/out" || fail "the output is not what was promised"
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
    # shellcheck disable=SC2086
    taskset -c "$(an_allowed_cpu)" "$bench" fences $brief --json "$dir/file.json" >"$dir/out" 2>"$dir/err" ||
        fail "exit status $?"
    has out "needs two allowed CPUs"
    "$check" fences "$dir/file.json" none || fail "the file is not what was promised"
    ;;
interrupt)
    interrupted INT:130 3 fences --time 60 --json "$dir/file.json"
    has out "Interrupted"
    has out "full "
    "$check" fences "$dir/file.json" || fail "the file is not what was promised"
    for signal in TERM:143 HUP:129 QUIT:131; do
        interrupted $signal 2 fences --only nop,full --time 60 --repetitions 10000 --json "$dir/file.json"
        "$check" fences "$dir/file.json" || fail "$signal: the file is not what was promised"
    done
    ;;
quiet)
    # No colour and no progress where nobody watches.
    # shellcheck disable=SC2086
    TERM=xterm run 0 fences $brief
    [ ! -s "$dir/err" ] || fail "something on stderr"
    ! grep -q "$escape" "$dir/out" || fail "escape sequences in a file"
    ;;
broken_output)
    # shellcheck disable=SC2086
    cannot_write fences $brief
    ;;
no_objdump)
    # shellcheck disable=SC2086
    PATH=/nonexistent run 0 fences $brief
    [ "$(uname -m)" != x86_64 ] || has out "f0 83 4c 24 c0 00"
    [ ! -s "$dir/err" ] || fail "something on stderr"
    ;;
no_membarrier)
    # shellcheck disable=SC2086
    "$without" membarrier "$bench" fences --only light,heavy --time 300ms >"$dir/out" 2>"$dir/err"
    status=$?
    [ $status -ne 77 ] || exit 77
    [ $status -eq 0 ] || fail "exit status $status"
    has out "membarrier refused"
    ;;
no_pinning)
    no_pinning fences
    ;;
*)
    fail "no such case"
    ;;
esac
