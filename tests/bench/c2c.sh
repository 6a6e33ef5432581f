#!/bin/sh
# c2c.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench c2c from outside. No timing is asserted.
case=$1 bench=$2 check=$3 without=$4
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
brief="--quick --repetitions 10"
long="--time 60 --repetitions 10000"

# Most of it needs two CPUs.
case $case in
usage | one_cpu) ;;
*)
    "$bench" info --time 1ms --json "$dir/machine.json" >"$dir/out" 2>&1 || fail "no info"
    ! grep -q "^allowed .* (1 of " "$dir/out" || exit 77
    ;;
esac

case $case in
text)
    # shellcheck disable=SC2086
    run 0 c2c $brief
    has out "half a round trip"
    has out "Core to core, ns one way"
    has out " of 10 repetitions"
    silent err
    ! grep -q "$escape" "$dir/out" || fail "escape sequences in a file"
    ! grep -q " $" "$dir/out" || fail "white space at a line's end"
    ;;
usage)
    refuses_wrong_common c2c
    refuses "a pair needs two CPUs" c2c --cpus "$(an_allowed_cpu)"
    ;;
json)
    # shellcheck disable=SC2086
    run 0 c2c $brief --json "$dir/file.json"
    has out "Core to core"
    "$check" c2c "$dir/file.json" || fail "the file is not what was promised"
    # shellcheck disable=SC2086
    run 0 c2c $brief --json
    "$check" c2c "$dir/out" || fail "the output is not what was promised"
    ;;
nodes)
    # A machine of another shape, as hwloc is told it has: the lines lie on each node in turn.
    HWLOC_SYNTHETIC="package:2 numa:1 l3:1 core:1 pu:1" HWLOC_THISSYSTEM=1 \
        run 0 c2c --quick --cpus 0,1 --json "$dir/file.json"
    has out "another package"
    has out "lines on NUMA node 1"
    "$check" c2c "$dir/file.json" || fail "the file is not what was promised"
    ;;
one_cpu)
    command -v taskset >/dev/null || exit 77
    cpu=$(an_allowed_cpu)
    taskset -c "$cpu" "$bench" c2c --json "$dir/file.json" >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -eq 3 ] || fail "exit status $got, not 3"
    has err "this process may use CPU $cpu alone"
    silent out
    [ ! -e "$dir/file.json" ] || fail "it left a file behind"
    ;;
no_pinning)
    no_pinning c2c
    ;;
interrupt)
    # shellcheck disable=SC2086
    interrupted INT:130 2 c2c $long --json "$dir/file.json"
    has out "Interrupted"
    ! grep -q "^10000 of" "$dir/out" || fail "it claims to have done everything"
    "$check" c2c "$dir/file.json" || fail "the file is not what was promised"
    # shellcheck disable=SC2086
    interrupted TERM:143 2 c2c $long
    has out "Interrupted"
    ;;
colour)
    # On a terminal; and not there, either, if it is not wanted.
    script --version >/dev/null 2>&1 || exit 77
    export TERM=xterm
    # shellcheck disable=SC2086
    script -qec "$bench c2c $brief" /dev/null >"$dir/out" </dev/null || fail "exit status $?"
    has out "${escape}[38;5;16;48;5;"
    has out "about "
    # shellcheck disable=SC2086
    NO_COLOR=1 script -qec "$bench c2c $brief 2>/dev/null" /dev/null >"$dir/out" </dev/null ||
        fail "exit status $?"
    has out "Core to core"
    ! grep -q "$escape" "$dir/out" || fail "colour in spite of NO_COLOR"
    ;;
broken_output)
    # shellcheck disable=SC2086
    cannot_write c2c $brief
    ;;
*)
    fail "no such case"
    ;;
esac
