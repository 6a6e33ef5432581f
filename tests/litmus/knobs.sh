#!/bin/sh
# knobs.sh TOOL SOURCE WORK - the knobs as a user turns them: what was run is told; seeds repeat; threads of the system
# that get in the way are gone when the run is, also after an interrupt.
. "$(dirname "$0")/common.sh"
need taskset
limit=60
test "$(nproc)" -ge 2 || { echo "needs two CPUs"; exit 77; }

# Every knob at once, over tests whose outcomes are forbidden and one that has more threads than this has CPUs.
for knobs in engine=array,size=100,stride=3,shuffle=yes,padded=no,sync=none,cache=random,place=random,skew=5,seed=9 \
    engine=threads,sync=timebase,place=close,memory-enemies=1,launch-enemies=1; do
    tool run --time 30ms --preset quick --knobs $knobs SB+sc 2+2W+fences-sc CoRR+rlx IRIW+sc
    unfit
    test "$code" = 0 && test ! -s "$err" || fail "$knobs: exit $code: $(cat "$err")"
    grep -q '^4 run, 0 violations' "$out" || fail "$knobs: not all ran: $(tail -1 "$out")"
    test "$(grep -c "^Knobs .*${knobs%%,*}," "$out")" = 4 || fail "$knobs: not told: $(grep ^Knobs "$out")"
    awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results" || fail "$knobs: the text is not litmus7's"
done

# What is not named is the engine's own.
tool run --time 10ms --preset quick --knobs size=32,engine=threads SB+sc
unfit
grep -q '^Knobs SB+sc engine=threads,size=32,seed=1$' "$out" || fail "$(grep ^Knobs "$out")"

# The CPUs are told where they are fewer, and the JSON has it.
tool run --time 30ms --preset quick --cpus "$(taskset -pc $$ | sed 's/.*: *//' | tr '-' ',' | cut -d, -f1,2)" --json "$work/3.json" 3.SB+rlx
unfit
grep -q '^Threads 3.SB+rlx 3 on 2 CPUs$' "$out" || fail "three threads on two CPUs: $(cat "$out")"
grep -q '"workers": 2' "$work/3.json" || fail "the JSON lacks the workers"
tool run --time 200ms --preset quick --engine threads --json "$work/best.json" SB+rlx
if grep -q '^Best SB+rlx ' "$out"; then
    grep -q '"best": "' "$work/best.json" || fail "the JSON lacks the best"
fi

# A minute, with enemies, interrupted: all threads end, and what was counted is told.
code=0
timeout --signal=INT --kill-after=20 2 "$exe" run --preset quick --time 60 --knobs memory-enemies=3,launch-enemies=3 CoRR+rlx >"$out" 2>"$err" || code=$?
grep -q '^Observation CoRR+rlx Never 0 [1-9]' "$out" || fail "interrupted among enemies: $(cat "$err" "$out")"

refuses 2 "cache is no 'flush'; it is one of: leave split evict touch random" run --knobs cache=flush SB+rlx
refuses 3 'more than 1 GiB' run --knobs size=1000000,stride=1024 SB+rlx

# Where no stride is asked for, batches with a wide one are shorter, and so many instances need no more memory.
six='atomic_int *a, atomic_int *b, atomic_int *c, atomic_int *d, atomic_int *e, atomic_int *f'
cat >"$work/six.litmus" <<EOF
C six
{}
P0 ($six) { atomic_store_explicit(f, 1, memory_order_relaxed); }
P1 ($six) { int r0 = atomic_load_explicit(f, memory_order_relaxed); }
exists (1:r0=2)
EOF
succeeds run --time 10ms --knobs size=1000000,padded=no,sync=none "$work/six.litmus"

exit $status
