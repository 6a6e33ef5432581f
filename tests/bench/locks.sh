#!/bin/sh
# locks.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench locks from outside. No timing is asserted.
case=$1 bench=$2 check=$3 without=$4
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
brief="--only mcs,mutex,pthread_mutex --threads 2,1 --time 100ms"

two_cpus() {
    ! taskset -cp $$ | grep -q ": *[0-9]*$" || exit 77
}

case $case in
list)
    run 0 locks --list
    for name in ttas ticket mcs clh k42 hemlock mutex pthread_spin pthread_mutex; do
        grep -q "^$name " "$dir/out" || fail "$name is not listed"
    done
    "$bench" info --time 1ms >"$dir/info"
    if grep -q "^peers .*Concurrency Kit" "$dir/info"; then
        has out "ck_anderson"
    else
        has out "not found when this was built: Concurrency Kit"
    fi
    run 0 locks --only ticket --list
    [ "$(grep -c ticket "$dir/out")" -eq 1 ] || fail "a lock's name is not its kind's"
    run 0 locks --only glibc,queue --list
    has out "pthread_spin" && has out "hemlock"
    ! grep -q "^mutex" "$dir/out" || fail "more than was asked for"
    ;;
usage)
    refuses_wrong_common locks
    refuses "did you mean mutex" locks --only mutx
    refuses "see --list" locks --only telephone
    refuses "no lock ''" locks --only ""
    for count in 0 -1 x 1025 "" "2," 1.5; do
        refuses "is not a whole number from 1 to 1024" locks --threads "$count"
    done
    refuses "more than 12 numbers" locks --threads 1,2,3,4,5,6,7,8,9,10,11,12,13
    for option in hold think; do
        refuses "is not a time such as" locks --$option -1
        refuses "is not a time such as" locks --$option ""
        refuses "is more than 10 ms" locks --$option 11ms
        refuses "is more than 10 ms" locks --$option 2m
    done
    ;;
text)
    two_cpus
    # shellcheck disable=SC2086
    TERM=xterm run 0 locks $brief --hold 300ns --think 2us
    for text in "ns alone" "times the line" "no hold, no pause" "hold 300 ns, pause 2.00 us" \
        "How long each waits" "Which lock is fastest" "ours / best peer" \
        "For 2 threads that hold the lock for 300 ns and do other things for 2 us" "* mutex"; do
        has out "$text"
    done
    silent err
    ! grep -q "$escape" "$dir/out" || fail "escape sequences in a file"
    ! grep -q " $" "$dir/out" || fail "white space at a line's end"
    ;;
json)
    two_cpus
    # shellcheck disable=SC2086
    run 0 locks $brief --json "$dir/file.json"
    has out "Advice"
    "$check" locks "$dir/file.json" || fail "the file is not what was promised"
    # shellcheck disable=SC2086
    run 0 locks $brief --hold 0 --think 0 --json
    "$check" locks "$dir/out" || fail "the output is not what was promised"
    ;;
crowded)
    # More threads than CPUs, on one CPU; ours alone, which yield to each other.
    command -v taskset >/dev/null || exit 77
    cpu=$(an_allowed_cpu)
    run 0 locks --cpus "$cpu" --only ticket,mutex --threads 3,1 --time 100ms --json "$dir/file.json"
    has out "the floor"
    has out "left: of its throughput with 1, with 3"
    has out "For 3 threads"
    "$check" locks "$dir/file.json" none || fail "the file is not what was promised"
    grep -q '"locks/floor/threads:3/ring"' "$dir/file.json" || fail "no ring"
    # A hold longer than a block would be otherwise: of a time in which nobody is through, no rate is made.
    run 0 locks --cpus "$cpu" --only mutex --threads 1 --hold 9ms --think 0 --time 100ms --json "$dir/file.json"
    has out "hold 9.00 ms"
    "$check" locks "$dir/file.json" none || fail "more acquisitions than the hold permits"
    ;;
one_cpu)
    command -v taskset >/dev/null || exit 77
    taskset -c "$(an_allowed_cpu)" "$bench" locks --only cordon --threads 1 --time 100ms \
        --json "$dir/file.json" >"$dir/out" 2>"$dir/err" || fail "exit status $?"
    has out "For 1 thread that holds the lock"
    ! grep -q "hand-over" "$dir/out" || fail "a hand-over on one CPU"
    "$check" locks "$dir/file.json" none || fail "the file is not what was promised"
    ;;
interrupt)
    interrupted INT:130 4 locks --only mcs,mutex --threads 1,2 --time 60 --repetitions 10000 \
        --json "$dir/file.json"
    has out "Interrupted"
    "$check" locks "$dir/file.json" none || fail "the file is not what was promised"
    interrupted TERM:143 4 locks --only mcs,mutex --threads 1,2 --time 60 --repetitions 10000
    has out "Interrupted"
    ;;
no_pinning)
    no_pinning locks
    ;;
broken_output)
    cannot_write locks --only mutex --threads 1 --time 100ms
    ;;
*)
    fail "no such case"
    ;;
esac
