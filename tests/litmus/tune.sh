#!/bin/sh
# tune.sh TOOL SOURCE WORK - what a run is made with, what its silence is worth, and how a violation is seen again.
. "$(dirname "$0")/common.sh"

# Knobs are told as they are taken; given by hand, they stay as they are.
tool run --time 20ms --preset quick CoRR+rlx
unfit
test "$code" = 0 || { test "$(nproc)" -lt 2 && exit 77; } || fail "exit $code: $(cat "$err")"
told=$(sed -n 's/^Knobs CoRR+rlx //p' "$out")
succeeds run --time 20ms --knobs "$told" CoRR+rlx
grep -Fqx "Knobs CoRR+rlx $told" "$out" || fail "knobs given: $(grep ^Knobs "$out"), not $told"
succeeds run --time 600ms --knobs size=96,stride=3,sync=none --seed 77 CoRR+rlx
grep -q '^Knobs CoRR+rlx engine=array,size=96,stride=3,sync=none,seed=77$' "$out" || fail "knobs given: $(grep ^Knobs "$out")"
# What is as the engine has it is not told; and it is that engine's, whichever option names it first.
succeeds run --time 10ms --knobs skew=5,cache=random -e threads --seed 3 -n 32 CoRR+rlx
grep -q '^Knobs CoRR+rlx engine=threads,size=32,skew=5,seed=3$' "$out" || fail "knobs of threads: $(grep ^Knobs "$out")"

# A search keeps what the command line says.
succeeds run --time 400ms --size 128 --engine array --json "$work/a.json" CoRR+rlx
grep -q '^Knobs CoRR+rlx engine=array,size=128,' "$out" || fail "a search: $(grep ^Knobs "$out")"
all=$(sed -n 's/^Observation CoRR+rlx Never 0 //p' "$out")
test "${all:-0}" -gt 0 || fail "nothing was counted"
test "$(grep -o '"knobs": *"engine=array,size=128' "$work/a.json")" || fail "JSON without knobs"
grep -Eq '"preset": *"default"' "$work/a.json" && grep -Eq '"seed": *1\b' "$work/a.json" || fail "JSON without preset and seed"

# CPUs of one core count once. Where each has a core of its own, all stay.
if command -v lscpu >/dev/null; then
    cores=$(lscpu -p=CORE,SOCKET,ONLINE | grep -v '^#' | sort -u | wc -l)
    tool run --time 10ms --threads-per-core 1 --json "$work/b.json" CoRR+rlx
    used=$(tr -d ' \n' <"$work/b.json" | sed 's/.*"used_cpus":\[\([^]]*\)\].*/\1/' | tr ',' '\n' | wc -l)
    test "$used" -le "$cores" || fail "--threads-per-core 1: $used CPUs of $cores cores"
fi

# Mutants whose outcome even an interleaving shows: the run kills some, and says of how many.
if test "$(nproc)" -ge 2; then
    for time in 600ms 2 4; do
        succeeds run --time $time --knobs engine=array MP+rel+acq
        grep -Eq '^Mutants MP\+rel\+acq [1-9][0-9]* of [1-9][0-9]* killed' "$out" && break
    done
    grep -Eq '^Mutants MP\+rel\+acq [1-9][0-9]* of [1-9][0-9]* killed' "$out" || fail "no mutant killed: $(grep Mutants "$out")"
    grep -Eq '^Mutants: [1-9][0-9]* of [1-9][0-9]* killed' "$out" || fail "no sum of mutants"
    grep -Eq '^MP\+rel\+acq .*forbidden, not seen.*\(mutants: [1-9]' "$out" || fail "no mutants in the table"
fi
# Tests of the run that are mutants of others need not run twice; of SB+fences-sc that is one, without a fence.
succeeds run --time 20ms --preset quick --json "$work/c.json" SB+fences-sc SB+fence-sc+rlx
grep -Eq '^Mutants: [01] of 1 killed, [0-9]+ not run; --preset default runs them$' "$out" || fail "mutants among tests: $(grep ^Mutants: "$out")"
# Where none was run, that is said, and what runs them.
succeeds run --time 20ms MP+rel+acq
grep -Eq '^Mutants: none of [0-9]+ was run; --time 200ms or more runs them$' "$out" || fail "no mutant was run: $(grep ^Mutants: "$out")"
# Nobody asks for mutants of what was allowed.
succeeds run --time 20ms SB+rlx
! grep -q Mutants "$out" || fail "mutants of what is allowed"

# A soak goes on until its time is up, and adds up.
succeeds run --preset soak --time 4 --json "$work/d.json" CoRR+rlx MP+rlx
grep -Eq '^Soak: round 1, .* of 4\.00 s, 0 violations$' "$out" || fail "no progress of a soak: $(grep Soak "$out")"
for name in CoRR+rlx MP+rlx; do
    grep -q "^Observation $name Never 0 " "$out" || fail "a soak: no result of $name"
done

exit $status
