#!/bin/sh
# mutants.sh TOOL SOURCE WORK - what gen --mutate makes of the catalogue: each mutant's outcome is allowed,
# as the judges of verdicts.py find, too; each names a test whose outcome is forbidden; no two are the same
# within a test.
. "$(dirname "$0")/common.sh"
need python3

# told DIRECTORY KEY: of each mutant Origin= is a test that KEY= forbids, while the mutant's allows
told() {
    grep -H "^$2=forbidden" "$catalogue"/*.litmus | sed 's|.*/\(.*\)\.litmus:.*|\1|' | sort >"$work/forbidden"
    sed -n 's/^Origin=//p' "$1"/*.litmus | sort -u >"$work/origins"
    comm -13 "$work/forbidden" "$work/origins" >"$work/strange"
    test ! -s "$work/strange" || fail "mutants of what $2 allows: $(head -n 3 "$work/strange")"
    test "$(grep -lE "^$2=allowed" "$1"/*.litmus | wc -l)" = "$(ls "$1" | wc -l)" || fail "mutants that $2 forbids"
    for mutator in $3; do
        grep -q "^Mutator=$mutator\$" "$1"/*.litmus || fail "nobody made a mutant by $mutator"
    done
    PYTHONDONTWRITEBYTECODE=1 python3 "$top/tests/litmus/verdicts.py" "$1"/*.litmus >"$out" || {
        grep -v 'is the same test as' "$out" | sed '$d' >"$work/complaints"
        test ! -s "$work/complaints" || fail "$(head -n 5 "$work/complaints")"
    }
    tail -n 1 "$out" | grep -q "^$(ls "$1" | wc -l) tests" || fail "verdicts.py did not judge all: $(tail -n 1 "$out")"
}

tool gen --mutate -o "$work/c11" "$catalogue"
test "$code" = 0 || fail "exit $code: $(cat "$err")"
grep -Eq '^cordon-litmus: gen: [0-9]+ mutants of [0-9]+ tests \([0-9]+ allowed already, 0 not judged\)$' "$err" || fail "the count: $(cat "$err")"
told "$work/c11" C11 'weaken unfence swap retarget'
test "$(sed -n 's/^Origin=//p' "$work/c11"/*.litmus | sort -u | wc -l)" = "$(wc -l <"$work/forbidden")" ||
    fail "some forbidden tests have no mutant: $(comm -23 "$work/forbidden" "$work/origins" | head -n 5 | tr '\n' ' ')"

tool gen --mutate --model tso -o "$work/tso" MP SB+fences-sc CoRR R+sc
test "$code" = 0 || fail "exit $code: $(cat "$err")"
told "$work/tso" TSO 'weaken unfence swap retarget'

# One by one: SB+fences-sc is the same from both sides, so each mutant is there once.
tool gen --mutate SB+fences-sc
test "$(grep '^C ' "$out" | tr '\n' ' ')" = \
    'C SB+fences-sc.P0-2-acq_rel C SB+fences-sc.P0-2-none C SB+fences-sc.P0-swap-1-3 ' ||
    fail "mutants of SB+fences-sc: $(grep '^C ' "$out")"
tool gen --mutate MP+rel+acq
grep -Fqx "Why=MP+rel+acq forbids it; here P0's store to y is relaxed, not release." "$out" || fail "$(grep Why= "$out")"
# A branch keeps its block, and what it guards is not moved out of it.
sed -e 's/^C .*/C guarded/' "$catalogue/MP+rel+ctrl.litmus" >"$work/guarded.litmus"
tool gen --mutate --model tso "$work/guarded.litmus"
test "$code" = 0 && test "$(grep -c 'if (r0 == 1) {' "$out")" = "$(grep -c '^C ' "$out")" && ! grep -q 'P1-swap' "$out" ||
    fail "a branch: $(cat "$out" "$err")"

refuses 2 'mutants of which test' gen --mutate
refuses 2 'no mutant: the model allows each outcome already' gen --mutate SB+rlx LB+rlx
printf 'C plain\n{}\nP0 (int* x) { *x = 1; }\nexists (x=0)\n' >"$work/plain.litmus"
refuses 2 'no mutant: only tests of atomic loads' gen --mutate "$work/plain.litmus"
refuses 2 "'nothing-like-it' is neither" gen --mutate nothing-like-it

exit $status
