#!/bin/sh
# rings.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench rings from outside. No timing is asserted.
case=$1 bench=$2 check=$3 without=$4
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
brief="--time 100ms --repetitions 5 --only spsc,spsc-n,spsc-place,mpmc,mutex,turn"
pair="--producers 1 --only spsc,spsc-n"

case $case in
text)
    # shellcheck disable=SC2086
    run 0 rings $brief
    has out "1 producer, 1 consumer (queues for one pair), 8-byte items, one at a time"
    has out "1 producer, 1 consumer (queues for one pair), 8-byte items, 32 at a time"
    has out "latency one way (queues for any number), 8-byte items"
    has out "4 producers, 4 consumers, 8-byte items, one at a time"
    has out "In short"
    has out " of 5 repetitions"
    silent err
    ! grep -q "$escape" "$dir/out" || fail "escape sequences in a file"
    ! grep -q " $" "$dir/out" || fail "white space at a line's end"
    ! grep -q "BROKEN" "$dir/out" || fail "a queue is broken"
    ;;
list)
    run 0 rings --list
    has out "cordon_spsc_try_push"
    has out "turn queue (reference)"
    silent err
    ;;
usage)
    refuses_wrong_common rings
    for count in 0 129 -1 x ""; do
        refuses "is not a whole number from 1 to 128" rings --producers "$count"
        refuses "is not a whole number from 1 to 128" rings --consumers "$count"
    done
    for size in "" 0 7 9 32 257 "8," ,8 8,8x; do
        refuses "is none of 8, 16, 64, 256" rings --size "$size"
    done
    refuses "is not a whole number from 2 to 256" rings --batch 1
    refuses "is not a whole number from 16 to 32768" rings --capacity 8
    refuses "is not a power of two" rings --capacity 1000
    refuses "more than half of the capacity" rings --batch 9 --capacity 16
    refuses "did you mean mpmc?" rings --only mpcm
    refuses "no candidate ''" rings --only ""
    refuses "none of these can have 2 producers and 1 consumer" rings --only spsc --producers 2
    ;;
json)
    # shellcheck disable=SC2086
    run 0 rings $brief --json "$dir/file.json"
    has out "In short"
    "$check" rings "$dir/file.json" || fail "the file is not what was promised"
    has file.json '"rings/producers:1/consumers:1/size:8/batch:1/spsc"'
    has file.json '"rings/producers:1/consumers:1/size:8/batch:32/spsc-n"'
    has file.json '"rings/latency/size:8/mpmc"'
    # shellcheck disable=SC2086
    run 0 rings $pair --time 100ms --json
    "$check" rings "$dir/out" || fail "the output is not what was promised"
    ;;
mix)
    run 0 rings --producers 2 --consumers 3 --only mpmc,mpmc-n,turn --time 100ms --batch 8 --capacity 16 \
        --size 16,64 --json "$dir/file.json"
    has out "2 producers, 3 consumers, 16-byte items, 8 at a time"
    has out "of capacity 16"
    "$check" rings "$dir/file.json" || fail "the file is not what was promised"
    has file.json '"rings/producers:2/consumers:3/size:64/batch:8/mpmc-n"'
    ;;
everybody)
    # Each candidate is right, with one size and another.
    run 0 rings --producers 1 --size 8,256 --time 10ms --repetitions 5
    ! grep -q "BROKEN" "$dir/out" || fail "a queue is broken"
    run 0 rings --producers 2 --consumers 2 --size 64 --time 10ms --repetitions 5
    ! grep -q "BROKEN" "$dir/out" || fail "a queue is broken"
    ;;
broken)
    # Here cordon-bench has queues that go wrong. The last two are right.
    run 1 rings --producers 2 --consumers 2 --size 16 --time 10ms --json "$dir/file.json" \
        --only loses,doubles,replaces,damages,swaps,mpmc,mutex
    for queue in loses doubles; do
        grep -q "^  $queue  .* BROKEN: [0-9]* items went in, [0-9]* came out" "$dir/out" ||
            fail "$queue is not found out"
    done
    for queue in replaces damages swaps; do
        grep -q "^  $queue  .* BROKEN: items c" "$dir/out" || fail "$queue is not found out"
    done
    [ "$(grep -c BROKEN "$dir/out")" -eq 5 ] || fail "a queue that is right is called broken"
    "$check" rings "$dir/file.json" broken || fail "the file is not what was promised"
    run 1 rings --producers 1 --size 8 --time 10ms --only loses,doubles,replaces,swaps,mpmc
    [ "$(grep -c BROKEN "$dir/out")" -ge 4 ] || fail "a queue that goes wrong is not found out"
    ;;
one_cpu)
    command -v taskset >/dev/null || exit 77
    cpu=$(an_allowed_cpu)
    taskset -c "$cpu" "$bench" rings --time 10ms --repetitions 5 --only spsc,mpmc,mutex \
        --producers 1 --json "$dir/file.json" >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -eq 0 ] || fail "exit status $got, not 0"
    has out "2 threads share 1 CPU"
    "$check" rings "$dir/file.json" || fail "the file is not what was promised"
    ;;
no_pinning)
    no_pinning rings
    ;;
interrupt)
    # shellcheck disable=SC2086
    interrupted INT:130 2 rings $pair --time 60 --repetitions 10000 --json "$dir/file.json"
    has out "Interrupted"
    "$check" rings "$dir/file.json" || fail "the file is not what was promised"
    # shellcheck disable=SC2086
    interrupted TERM:143 2 rings $pair --time 60 --repetitions 10000
    has out "Interrupted"
    ;;
broken_output)
    # shellcheck disable=SC2086
    cannot_write rings $pair --time 10ms
    ;;
*)
    fail "no such case"
    ;;
esac
