#!/bin/sh
# engines.sh TOOL SOURCE WORK - the perpetual engines: what converts runs, the rest is said to be left out, nothing
# that is forbidden is seen, and on x86 store buffers show as they do in the array engine.
. "$(dirname "$0")/common.sh"
limit=100
test "$(nproc)" -ge 2 || { echo "needs two CPUs"; exit 77; }

# Some families, of which the one half converts.
families="SB R 2+2W CoRR"
# shellcheck disable=SC2086 # words
"$exe" list $families | awk 'NR > 1 { print $1 }' >"$work/names"
for engine in perpetual perpetual-all; do
    # shellcheck disable=SC2086 # words
    tool run --engine $engine --time 25ms $families
    unfit
    test "$code" = 0 && test ! -s "$err" || fail "$engine: exit $code"
    awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results" || fail "$engine: the text is not litmus7's"
    while read -r name; do
        ran=$(awk -v name="$name" '$1 == name' "$work/results" | wc -l)
        if awk -v name="$name" '$1 == name && $2 == "skipped:" { found = 1 } END { exit !found }' "$out"; then
            test "$ran" = 0 || fail "$engine: $name is said to be skipped, and ran"
        else
            test "$ran" = 1 || fail "$engine: $name: $ran results"
            # On a busy machine one thread may be through before the other has begun: then once more, alone.
            grep -q "^Frames $name [1-9][0-9]* counted, of [1-9][0-9]* iterations" "$out" ||
                "$exe" run --engine $engine --time 2 "$name" 2>&1 | grep -q "^Frames $name [1-9]" ||
                fail "$engine: $name: no frames"
        fi
    done <"$work/names"
    test "$(wc -l <"$work/names")" -gt 50 || fail "few tests: $(cat "$work/names")"
    for name in R+rlx 2+2W+rlx; do
        grep -q "^$name  skipped: not for the engine $engine: its condition asks for memory at the end" "$out" ||
            fail "$engine: $name is not said to be left out"
    done
    grep -Eq '^[1-9][0-9]* run, 0 violations, .*[1-9][0-9]* not for this engine$' "$out" || fail "$engine: no totals"
    refuses 3 "none of them is for the engine $engine" run --engine $engine --quiet --time 10ms R+rlx
done

# Its distinct frames are fewer than its weak ones, and not none.
if x86; then
    for engine in array perpetual perpetual-all; do
        for time in 200ms 1 4; do
            tool run --time $time --engine $engine SB+rlx
            unfit
            if grep -q "^Observation SB+rlx Sometimes" "$out"; then
                break
            fi
        done
        grep -q "^Verdict SB+rlx allowed, seen" "$out" || fail "$engine: store buffering was not seen"
    done
    tool run --time 200ms --engine perpetual SB+rlx
    weak=$(sed -n 's/^Observation SB+rlx [A-Z][a-z]* \([0-9]*\) .*/\1/p' "$out")
    distinct=$(sed -n 's/^Frames SB+rlx .*; weak without a common iteration \([0-9]*\) .*/\1/p' "$out")
    test -n "$distinct" && test "$distinct" -gt 0 && test "$distinct" -le "$weak" || fail "distinct '$distinct' of '$weak'"
    grep -v '^C11=' "$catalogue/SB+rlx.litmus" | sed -e 's/^C SB+rlx/C planted/' -e 's/^TSO=.*/C11=forbidden/' >"$work/planted.litmus"
    for time in 300ms 1 4; do
        tool run --time $time --engine perpetual "$work/planted.litmus"
        test "$code" = 0 || break
    done
    test "$code" = 1 || fail "a planted violation: exit $code"
fi

# What forall is contradicted by is looked for, as what exists names is.
if x86; then
    sed -e 's/^C SB+rlx/C always/' -e 's/^exists.*/forall (0:r0=1 \\\/ 1:r0=1)/' "$catalogue/SB+rlx.litmus" >"$work/always.litmus"
    for time in 300ms 1 4; do # one frame in fifty; of frames taken at random it would be one in millions
        tool run --time $time --engine perpetual "$work/always.litmus"
        weak=$(sed -n 's/^Rate always .* \([0-9]*\) weak\/s$/\1/p' "$out")
        all=$(sed -n 's/^Rate always \([0-9]*\) .*/\1/p' "$out")
        test "$((weak * 50))" -le "$all" || break
    done
    test "$((weak * 50))" -gt "$all" || fail "forall: $weak weak of $all"
fi
# All frames of values that the table has no place for would be counted one by one, by the million millions.
sed -e 's/^C SB+rlx/C wide/' -e 's/, 1, memory/, 100000, memory/' "$catalogue/SB+rlx.litmus" >"$work/wide.litmus"
refuses 3 "none of them is for the engine perpetual-all" run --engine perpetual-all --quiet --time 10ms "$work/wide.litmus"
tool run --time 10ms --engine perpetual-all --json "$work/all.json" SB+rlx
! grep -Eq '"(distinct|confidence|bound_95)"' "$work/all.json" || fail "what was not counted of all frames is told"
! grep -Eq '^(Confidence|Bound)' "$out" || fail "all frames are no independent sightings"

exit $status
