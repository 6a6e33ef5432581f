#!/bin/sh
# seqlocks.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench seqlocks from outside. No timing is
# asserted.
case=$1 bench=$2 check=$3 without=$4
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
brief="--only seqlock,cordon-mutex,pthread-mutex,none --readers 1 --writes max --time 300ms --repetitions 5"
long="--time 60 --repetitions 10000"

case $case in
list)
    run 0 seqlocks --list
    for name in none seqlock seqcount latch rwlock-readers cordon-mutex pthread-mutex; do
        grep -q "^[* ] $name " "$dir/out" || fail "$name is not listed"
    done
    # Competitors are there, or it is said that they are not.
    for peer in "Concurrency Kit:ck-sequence" "liburcu-memb:rcu-memb" "liburcu-qsbr:rcu-qsbr" \
        "liburcu-mb:rcu-mb" "liburcu-bp:rcu-bp"; do
        grep -q -e "^  ${peer#*:} " -e "^not here .*${peer%:*}" "$dir/out" || fail "nothing about $peer"
    done
    grep -q "^[*] seqlock .* after 8 tries" "$dir/out" || fail "seqlock does not say what readers wait for"
    silent err
    run 0 seqlocks --list --only latch
    has out "latch" && ! grep -q "seqlock" "$dir/out" || fail "more is listed than was asked for"
    ;;
usage)
    refuses_wrong_common seqlocks
    refuses "did you mean seqlock" seqlocks --only seqlok
    refuses "see --list" seqlocks --only telephone
    refuses "no design ''" seqlocks --only seqlock,
    for count in 0 -1 1025 x; do
        refuses "is not a whole number from 1 to 1024" seqlocks --readers "$count"
    done
    for rate in "" k -1 0 1.5k 10001k 11M 10k0 "1 k" 99999999999999999999k nothing; do
        refuses "is not a rate: none, max, or" seqlocks --writes "$rate"
    done
    for size in "" 0 8 32 65 512 x; do
        refuses "is not 16, 64 or 256" seqlocks --size "$size"
    done
    ;;
text)
    # shellcheck disable=SC2086
    run 0 seqlocks $brief --size 16
    has out "the record has 16 bytes"
    has out "Nobody writes"
    has out "1 reader, and a writer as fast as it can"
    has out "What a write costs the writer"
    has out "Ours against the best peer of the same kind"
    has out "A read alone is cheapest with"
    has out " of 5 repetitions"
    ! grep -q BROKEN "$dir/out" || fail "something is broken"
    silent err
    ! grep -q "$escape" "$dir/out" || fail "escape sequences in a file"
    ! grep -q " $" "$dir/out" || fail "white space at a line's end"
    # The check sees what it is there for. Where all threads share a CPU it may miss it.
    [ "$(nproc)" -eq 1 ] || has out "were torn and seen to be"
    ;;
mix)
    # What is asked for is what is measured, and nothing else.
    run 0 seqlocks --only cordon-mutex,pthread-mutex --readers 3 --writes 2k --size 256 --time 300ms \
        --repetitions 5 --json "$dir/file.json"
    has out "3 readers"
    has out "and a writer 2000 times a second"
    ! grep -q "as fast as it can *\$" "$dir/out" || fail "a writer that nobody asked for"
    grep -q '"seqlocks/writer/readers:3/writes:2000/size:256/cordon-mutex"' "$dir/file.json" ||
        fail "the mix is not in the file"
    "$check" seqlocks "$dir/file.json" || fail "the file is not what was promised"
    run 0 seqlocks --only seqcount --readers 2 --writes none --time 200ms --repetitions 5
    has out "Nobody writes"
    ! grep -q "and a writer" "$dir/out" || fail "a writer in spite of none"
    # Writes that are further apart than a block is long are made all the same.
    run 0 seqlocks --only seqcount --readers 1 --writes 9 --time 2 --repetitions 60 --json "$dir/file.json"
    grep -q '"writes_per_second": [1-9]' "$dir/file.json" || fail "a slow writer never wrote"
    ;;
json)
    # Designs that are not in each part.
    if "$bench" seqlocks --list | grep -q "rcu-memb-call"; then
        run 0 seqlocks --only rcu-memb-call --readers 1 --writes 1k --time 200ms --repetitions 5
        has out "1 reader, and a writer 1000 times a second"
    fi
    # All designs that are there, few blocks of each.
    run 0 seqlocks --readers 1 --writes 100k --time 1 --repetitions 5 --json "$dir/file.json"
    has out "Nobody writes"
    ! grep -q BROKEN "$dir/out" || fail "something is broken"
    "$check" seqlocks "$dir/file.json" || fail "the file is not what was promised"
    # shellcheck disable=SC2086
    run 0 seqlocks $brief --json
    "$check" seqlocks "$dir/out" || fail "the output is not what was promised"
    ;;
one_cpu)
    command -v taskset >/dev/null || exit 77
    cpu=$(an_allowed_cpu)
    # shellcheck disable=SC2086
    taskset -c "$cpu" "$bench" seqlocks $brief >"$dir/out" 2>"$dir/err" || fail "exit status $?"
    has out "more threads than CPUs"
    # shellcheck disable=SC2086
    run 0 seqlocks $brief --cpus "$cpu"
    has out "measured   on CPU $cpu;"
    ;;
no_pinning)
    no_pinning seqlocks
    ;;
interrupt)
    # shellcheck disable=SC2086
    interrupted INT:130 3 seqlocks --only seqlock,latch $long --json "$dir/file.json"
    has out "Interrupted"
    ! grep -q "^10000 of" "$dir/out" || fail "it claims to have done everything"
    "$check" seqlocks "$dir/file.json" || fail "the file is not what was promised"
    ;;
broken_output)
    # shellcheck disable=SC2086
    cannot_write seqlocks $brief
    ;;
*)
    fail "no such case"
    ;;
esac
