#!/bin/sh
# export.sh TOOL SOURCE WORK - results as JSON and as JUnit's XML say what the text says.
. "$(dirname "$0")/common.sh"
need python3
check=$top/tests/litmus/export.py

sed -e 's/^C .*/C planted/' -e 's/^C11=.*/C11=forbidden/' -e '/^TSO=/d' -e 's/^exists.*/exists (0:r0=0 \\\/ 0:r0=1)/' \
    "$catalogue/SB+rlx.litmus" >"$work/planted.litmus"
tool run --time 50ms --json "$work/a.json" --junit "$work/a.xml" SB+rlx CoRR+rlx MP+rlx IRIW+rlx
unfit
test "$code" = 0 || { test "$(nproc)" -lt 2 && exit 77; } || fail "exit $code: $(cat "$err")"
python3 "$check" "$work/a.json" "$work/a.xml" "$out" || fail "what was exported is not what was printed"
grep -q '^Bound CoRR+rlx [0-9.e-]* of all instances' "$out" || fail "no bound of what was not seen"

# A violation is a failure there; nothing is printed where the JSON goes.
tool run --time 50ms --json "$work/b.json" --junit "$work/b.xml" "$work/planted.litmus"
test "$code" = 1 || fail "a planted violation: exit $code"
python3 "$check" "$work/b.json" "$work/b.xml" "$out" || fail "of a violation"
grep -q '<failure message="VIOLATION' "$work/b.xml" || fail "no failure: $(cat "$work/b.xml")"
grep -q '^Confidence planted 1.000' "$out" || fail "no confidence of what was seen"
tool run --time 20ms --json - SB+rlx
test "$code" = 0 || fail "exit $code"
python3 -c 'import json, sys; json.load(sys.stdin)' <"$out" || fail "--json - prints something else besides"

# A perpetual test tells its frames, a client what was wrong with it; and neither breaks the form.
tool run --time 50ms --engine perpetual --json "$work/c.json" --junit "$work/c.xml" SB+rlx R+rlx
python3 "$check" "$work/c.json" "$work/c.xml" "$out" || fail "of a perpetual test"
cat >"$work/wrong<&>.c" <<'END'
#include <cordon/litmus.h>
struct cordon_litmus_state { int x; };
static void goes(struct cordon_litmus_state *s) { CORDON_EXPECT(s->x == "<&>"[3] + 1); }
CORDON_LITMUS(.threads = {goes}, .outcomes = {CORDON_OUTCOME(x)})
END
tool run --time 20ms --json "$work/d.json" --junit "$work/d.xml" "$work/wrong<&>.c" -- -I"$top/include"
test "$code" = 1 || fail "a client that is wrong: exit $code: $(cat "$err")"
python3 "$check" "$work/d.json" "$work/d.xml" "$out" || fail "of a client"

# The interrupt keeps what was done; a full disk is told.
code=0
timeout -s INT 2 "$exe" run --time 600ms --json "$work/e.json" SB+rlx CoRR+rlx MP+rlx SB+ra SB+sc LB+rlx >"$out" 2>"$err" || code=$?
python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); assert d["interrupted"] and d["tests"][0]["total"] > 0' "$work/e.json" ||
    fail "interrupted: nothing was kept"
if test -c /dev/full; then
    tool run --time 20ms --json /dev/full SB+rlx
    test "$code" = 3 && grep -q 'cannot write /dev/full' "$err" || fail "a full disk: exit $code"
fi

exit $status
