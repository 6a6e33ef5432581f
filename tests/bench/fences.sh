#!/bin/sh
# fences.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench fences from outside.
# No timing is asserted, but that nothing costs nothing.
case=$1 bench=$2 check=$3 without=$4
brief="--parts costs --only nop,full --time 500ms --repetitions 20"
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

# two_cpus : may this run on more than one?
two_cpus() {
    "$bench" info --time 1ms >"$dir/cpus" 2>&1 || return 1
    ! grep -q "^allowed .* (1 of " "$dir/cpus"
}

case $case in
help)
    run 0 fences --help && has out "--repetitions" && has out "Exit status"
    run 0 fences --version && has out "cordon-bench 0."
    [ ! -s "$dir/err" ] || fail "help wrote to stderr"
    ;;
list)
    run 0 fences --list
    for name in nop compiler acquire release acq_rel full load_load load_store store_store \
        store_load store_full nt_store light heavy relax seq_cst load_relaxed load_acquire \
        load_seq_cst store_relaxed store_release store_seq_cst update; do
        grep -q "^$name " "$dir/out" || fail "$name is not listed"
    done
    for operation in exchange fetch_add cas; do
        for order in relaxed acquire release acq_rel seq_cst; do
            grep -q "^${operation}_$order " "$dir/out" || fail "${operation}_$order is not listed"
        done
    done
    [ "$(sort "$dir/out" | cut -d" " -f1 | uniq -d | wc -l)" -eq 0 ] || fail "listed twice"
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
    refuses "no fence ''" fences --only full,
    refuses "did you mean ladder" fences --parts lader
    refuses "no part 'telephone'; see --help" fences --parts telephone
    refuses "no part ''" fences --parts ""
    refuses "no part ''" fences --parts costs,,ladder
    refuses "needs a value" fences --parts
    ;;
json)
    run 0 fences --quick --json "$dir/file.json"
    has out "marginal cost"
    "$check" fences "$dir/file.json" "$(two_cpus && echo all)" || fail "the file is not what was promised"
    # shellcheck disable=SC2086
    run 0 fences $brief --json
    "$check" fences "$dir/out" || fail "the output is not what was promised"
    # shellcheck disable=SC2086
    run 0 fences $brief --json - --cycles
    "$check" fences "$dir/out" || fail "the output is not what was promised"
    ;;
parts)
    # Each by itself, and nothing of the others.
    for part in "costs:Fences: marginal cost" "accesses:C11 accesses: marginal cost" "ladder:buffer full at" \
        "membarrier:The heavy fence: what it costs" "effect:What it buys"; do
        name=${part%%:*}
        two_cpus || [ "$name" != effect ] || continue
        run 0 fences --parts "$name" --time 300ms --repetitions 5 --json "$dir/$name.json"
        has out "${part#*:}"
        for other in "Fences: marg" "C11 acc" "buffer full at" "The heavy fence: wh" "What it buys"; do
            case ${part#*:} in
            "$other"*) ;;
            *) ! grep -qF -e "$other" "$dir/out" || fail "$other in $name" ;;
            esac
        done
        "$check" fences "$dir/$name.json" || fail "$name: the file is not what was promised"
        ! grep -q " $" "$dir/out" || fail "$name: white space at a line's end"
        awk '/^The code/ { exit } length > 110 { exit 1 }' "$dir/out" || fail "$name: a line is too long"
    done
    ;;
only)
    # The parts narrow with what is chosen: an access has no effect section, a nop no membarrier.
    run 0 fences --only load_acquire --time 300ms --repetitions 5
    has out "C11 accesses"
    has out "load_acquire, after stores to"
    ! grep -q -e "^Fences: marg" -e "What it buys" -e "The heavy fence: wh" "$dir/out" || fail "more than was asked for"
    run 0 fences --only heavy,full --time 300ms --repetitions 5
    has out "The heavy fence: what it costs"
    has out "heavy, after stores to"
    ! grep -q "C11 accesses" "$dir/out" || fail "more than was asked for"
    # Stores of one's own number are a column and no rung.
    run 0 fences --only full --parts costs,ladder --stores 10 --time 300ms --repetitions 5 --json "$dir/file.json"
    grep -q '"fences/full/own:10"' "$dir/file.json" || fail "no column of ten stores"
    grep -q '"fences/full/own:8"' "$dir/file.json" || fail "no rung of eight stores"
    "$check" fences "$dir/file.json" || fail "the file is not what was promised"
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
effect_code)
    # The litmus tests hold the fence that is timed, and each just the one it says, in each of its two loops: one goes
    # straight through the instances, one by an order.
    command -v objdump >/dev/null || exit 77
    [ "$(uname -m)" = x86_64 ] || exit 77
    for test in "compiler 0" "acq_rel 0" "full 2" "heavy 0"; do
        for thread in P0 P1; do
            objdump -d "$bench" | sed -n "/<SB_${test% *}_run_$thread>:/,/^$/p" >"$dir/code"
            [ -s "$dir/code" ] || fail "no code of SB with ${test% *}"
            found=$(grep -cF "lock orl \$0x0,-0x40(%rsp)" "$dir/code")
            [ "$found" -eq "${test#* }" ] || fail "${test% *}, $thread: $found fences"
        done
    done
    ;;
one_cpu)
    command -v taskset >/dev/null || exit 77
    # shellcheck disable=SC2086
    taskset -c "$(an_allowed_cpu)" "$bench" fences --quick --json "$dir/file.json" >"$dir/out" 2>"$dir/err" ||
        fail "exit status $?"
    has out "needs two allowed CPUs"
    has out "the caller, with 0 other threads"
    has out "buffer full at"
    "$check" fences "$dir/file.json" none || fail "the file is not what was promised"
    ;;
interrupt)
    interrupted INT:130 3 fences --time 60 --json "$dir/file.json"
    has out "Interrupted"
    has out "full "
    "$check" fences "$dir/file.json" || fail "the file is not what was promised"
    for signal in TERM:143 HUP:129 QUIT:131; do
        interrupted $signal 2 fences --parts costs --only nop,full --time 60 --repetitions 10000 --json "$dir/file.json"
        "$check" fences "$dir/file.json" || fail "$signal: the file is not what was promised"
    done
    # In the midst of each other part.
    for part in membarrier effect; do
        two_cpus || continue
        interrupted INT:130 1 fences --parts $part --time 60 --repetitions 10000 --json "$dir/file.json"
        has out "Interrupted"
        "$check" fences "$dir/file.json" || fail "$part: the file is not what was promised"
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
    "$without" membarrier "$bench" fences --only light,heavy --time 300ms --json "$dir/file.json" >"$dir/out" 2>"$dir/err"
    status=$?
    [ $status -ne 77 ] || exit 77
    [ $status -eq 0 ] || fail "exit status $status"
    has out "membarrier refused"
    has out "Not measured: membarrier is refused here"
    ! grep -q '"fences/heavy/caller' "$dir/file.json" || fail "measured, nevertheless"
    # Two light fences are two full ones then.
    ! two_cpus || has out "light, light"
    "$check" fences "$dir/file.json" || fail "the file is not what was promised"
    ;;
no_pinning)
    no_pinning fences
    ;;
*)
    fail "no such case"
    ;;
esac
