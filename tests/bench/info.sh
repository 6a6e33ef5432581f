#!/bin/sh
# info.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench info from outside. No timing is asserted.
case=$1 bench=$2 check=$3 without=$4
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

case $case in
text)
    run 0 info
    for line in CPU topology caches allowed "runs on" software clock system frequency membarrier \
        versions peers; do
        grep -q "^$line  *[^ ]" "$dir/out" || fail "no line '$line'"
    done
    has out "What spoils a measurement here"
    silent err
    ! grep -q "$escape" "$dir/out" || fail "escape sequences in a file"
    ;;
usage)
    refuses_wrong_output info
    refuses "unknown option '--cpus'" info --cpus 0
    ;;
json)
    run 0 info --time 50ms --json "$dir/file.json"
    has out "versions"
    "$check" info "$dir/file.json" || fail "the file is not what was promised"
    run 0 info --time 1ms --json
    "$check" info "$dir/out" || fail "the output is not what was promised"
    # Likewise the page.
    run 0 info --time 1ms --html "$dir/page.html"
    has out "versions"
    tail -1 "$dir/page.html" | grep -q "^</html>$" || fail "no page"
    run 0 info --time 1ms --html
    head -1 "$dir/out" | grep -q "^<!DOCTYPE html>$" || fail "no page in place of the text"
    ! grep -q "^versions" "$dir/out" || fail "the text stands beside the page"
    ;;
topology)
    # A machine of another shape, as hwloc is told it has: two packages, two threads to a core.
    run 0 info --time 1ms
    grep -q "^allowed *CPU 0" "$dir/out" || exit 77
    HWLOC_SYNTHETIC="package:2 numa:1 l3:1 core:1 pu:2" HWLOC_THISSYSTEM=1 run 0 info --time 1ms
    has out "2 packages, 2 cores, 4 CPUs (SMT), 2 NUMA nodes"
    has out "what runs on a sibling"
    grep -q "^0 *0 *L3 #0 *1  " "$dir/out" || fail "no line for the first package's cache"
    # A machine of which nothing is known.
    HWLOC_SYNTHETIC="pu:1" HWLOC_THISSYSTEM=1 run 0 info --time 1ms --json "$dir/file.json"
    "$check" info "$dir/file.json" || fail "the file is not what was promised"
    ;;
one_cpu)
    command -v taskset >/dev/null || exit 77
    cpu=$(an_allowed_cpu)
    taskset -c "$cpu" "$bench" info >"$dir/out" 2>"$dir/err" || fail "exit status $?"
    has out "CPU $cpu (1 of "
    ;;
no_pinning)
    # It has more to tell than that.
    "$without" sched_setaffinity "$bench" info --time 1ms >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -ne 77 ] || exit 77
    [ $got -eq 0 ] || fail "exit status $got"
    has out "cannot be had: Operation not permitted"
    has out "versions"
    ;;
interrupt)
    interrupted INT:130 1 info --time 60 --json "$dir/file.json"
    has out "Interrupted"
    "$check" info "$dir/file.json" || fail "the file is not what was promised"
    ;;
broken_output)
    cannot_write info --time 1ms
    ;;
*)
    fail "no such case"
    ;;
esac
