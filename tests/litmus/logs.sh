#!/bin/sh
# logs.sh TOOL SOURCE WORK - compare and merge, over logs that are written down here and over what a run writes.
. "$(dirname "$0")/common.sh"
need python3
results='^(Name|.*  (same|different|not all seen|VIOLATION)$)'
cd "$work"

# says LINE: a line of the output is this one, whatever blanks it has
says() {
    tr -s ' ' <"$out" | sed 's/^ //; s/ $//' | grep -Fqx -e "$1" || fail "no line '$1' in: $(cat "$out")"
}
# json FILE NAME WEAK TEST...: of tests NAME:COUNT00:COUNT01
json() {
    python3 - "$@" <<'END'
import json, sys
tests = []
for word in sys.argv[2:]:
    name, weak, strong = word.split(":")
    rows = [({"0:r0": 0, "[x]": 0}, int(weak), True), ({"0:r0": 0, "[x]": 1}, int(strong), False)]
    rows = [{"state": s, "count": c, "weak": w} for s, c, w in rows if c]
    tests.append({"name": name, "threads": 2, "result": "run", "info": {"C11": "allowed"}, "condition": "exists (x=0)",
                  "verdict": "allowed, seen" if int(weak) else "allowed, not seen", "violation": False, "seconds": 1.5,
                  "total": int(weak) + int(strong), "weak": int(weak), "histogram": rows})
json.dump({"schema": "cordon-litmus/1", "version": "0", "date": sys.argv[1], "machine": {"model": sys.argv[1]},
           "compiler": {}, "options": {}, "tests": tests}, open(sys.argv[1], "w"))
END
}
json a.json one:5:7 two:0:100 three:1:1
json b.json two:1:50 one:1:9 four:1:1
cat >litmus7.log <<'END'
Test one Allowed
Histogram (2 states)
12    *>[x]=0; 0:r0=0;
30    :>0:r0=1; [x]=1;
Ok
Witnesses
Positive: 12, Negative: 30
END
cat >herd.log <<'END'
Test one Allowed
States 3
0:r0=0; x=0;
0:r0=0; x=1;
0:r0=1; x=1;
Ok
Witnesses

Test two Allowed
States 1
0:r0=0; x=1;
No
END

# Two machines that show different things: told, and no failure.
succeeds compare a.json b.json
says "one 2 2 0 0 same"
says "two 1 2 0 1 different"
says "only B 0:r0=0; x=0; 1 of 51"
says "2 in both, 1 the same, 1 different; only A has 1 more, only B 1"
succeeds compare --quiet a.json b.json
! grep -q 'only B  0' "$out" || fail "--quiet tells states"
# litmus7's text spells states in another order, and with brackets.
succeeds compare litmus7.log a.json
says "one 2 2 1 1 different"
says "only A 0:r0=1; x=1; 30 of 42"
# A model on one side: what it has not is a violation, whichever side it is.
succeeds compare litmus7.log herd.log
says "one 2 3 0 1 not all seen"
tool compare b.json herd.log
test "$code" = 1 || fail "a violation: exit $code"
says "two 2 1 1 0 VIOLATION"
says "2 in both, 0 the same, 2 different, 1 violation; only A has 1 more, only B 0"
tool compare herd.log b.json
test "$code" = 1 || fail "a violation on the other side: exit $code"
succeeds compare herd.log herd.log
says "2 in both, 2 the same, 0 different, 0 violations; only A has 0 more, only B 0"
json c.json nothing:1:1
tool compare a.json c.json
test "$code" = 3 && grep -q "a.json and c.json have no test in common" "$err" || fail "nothing in common: exit $code"

# merge adds exactly, in any order and grouping.
succeeds merge a.json b.json -o ab.json
succeeds merge b.json a.json -o ba.json
succeeds merge ab.json a.json -o aba.json
cat >sums.py <<'END'
import json
def load(path):
    document = json.load(open(path))
    return document, {test["name"]: test for test in document["tests"]}
def counts(test):
    return {tuple(sorted(row["state"].items())): row["count"] for row in test["histogram"]}
ab, of_ab = load("ab.json")
ba, of_ba = load("ba.json")
aba, of_aba = load("aba.json")
assert {n: counts(t) for n, t in of_ab.items()} == {n: counts(t) for n, t in of_ba.items()}
assert counts(of_ab["one"]) == {(("0:r0", 0), ("[x]", 0)): 6, (("0:r0", 0), ("[x]", 1)): 16}
assert (of_ab["one"]["total"], of_ab["one"]["weak"], of_ab["one"]["seconds"]) == (22, 6, 3)
assert of_ab["two"]["verdict"] == of_ba["two"]["verdict"] == "allowed, seen" and "bound_95" not in of_ab["two"]
assert of_aba["one"]["total"] == 34 and of_aba["four"]["total"] == 2
assert [source["file"] for source in aba["merged"]] == ["a.json", "b.json", "a.json"]
assert all(source["machine"]["model"] == source["file"] for source in aba["merged"])
END
python3 sums.py || fail "merge does not add up"
succeeds compare ab.json ba.json
says "4 in both, 4 the same, 0 different; only A has 0 more, only B 0"

# What a run writes goes through both.
if test "$(nproc)" -ge 2; then
    tool run --time 50ms --json run.json SB+rlx CoRR+rlx IRIW+rlx
    unfit
    cp "$out" run.txt
    succeeds compare run.json run.txt
    grep -q ', 0 different' "$out" || fail "text and JSON of one run differ: $(cat "$out")"
    succeeds merge run.json run.json -o twice.json
    succeeds compare twice.json run.json
fi

# Refusals: which file, where, what was expected.
echo '{ "schema": "cordon-litmus/1", ' >cut.json
echo '{ "schema": "cordon-litmus/7", "tests": [] }' >future.json
printf 'Test t Allowed\nHistogram (2 states)\n1 :>0:r0=1;\n' >cut.log
printf 'Test t Allowed\nHistogram (1 states)\nmany:>0:r0=1;\n' >wrong.log
printf 'Test t Allowed\nStates 1\nr0 is 1\n' >wrong_model.log
printf 'Test t Allowed\nStates 1\n0:r0=1;\nTest t Allowed\n' >twice.log
printf 'Test t Allowed\nStates 2\n0:r0=1;\n 0:r0=1;\n' >same.log
printf 'Test t Allowed\nTest u Allowed\nStates 1\n0:r0=1;\n' >headless.log
printf 'Test t Allowed\nHistogram (1 states)\n -5:>0:r0=1;\n' >minus.log
printf 'Test t Allowed\nHistogram (1 states)\n0:>0:r0=1;\n' >zero.log
printf 'Test t Allowed\nStates 1\n0:r0=1;\n\000\nTest u Allowed\n' >nul.log
printf 'Test t\033[31m Allowed\r\nStates 1\r\n0:r0=1;\033[0m;x=1;\r\n' >escape.log
printf 'Test t\033[31m Allowed\nStates 1\n;x=2=;\n' >escape2.log
printf 'Test t Allowed\nHistogram (2 states)\n9223372036854775807:>0:r0=1;\n1:>0:r0=2;\n' >much.log
json most.json one:9223372036854775807:0
json text.json one:1:1
sed -i 's/"0:r0": 0/"0:r0": [0]/' text.json
json negative.json one:1:1
sed -i 's/"count": 1/"count": -1/' negative.json
json nameless.json one:1:1
sed -i 's/"name": "one"/"name": 5/' nameless.json
json all_frames.json one:1:1
sed 's/"weak": 1, "hist/"weak": 1, "iterations": 5, "hist/' all_frames.json >all.json
sed 's/"weak": 1, "hist/"weak": 1, "iterations": 5, "distinct": 1, "hist/' all_frames.json >linear.json
refuses 2 "headless\.log:2: expected 'Histogram \(N states\)' or 'States N' of the test 't'" compare headless.log a.json
refuses 2 'minus\.log:3: expected a count' compare minus.log a.json
refuses 2 'zero\.log:3: expected a count' compare zero.log a.json
refuses 2 'nul\.log: expected text, found a byte 0' compare nul.log a.json
refuses 2 'much\.log: t: its counts add up to more' compare much.log a.json
refuses 2 'text\.json: one: expected integers in "state"' compare text.json a.json
refuses 2 'escape\.log:3: expected a state' compare escape.log a.json
refuses 2 "negative\.json: 'one': expected \"state\" and \"count\"" merge a.json negative.json
refuses 2 'nameless\.json: expected a "name"' merge nameless.json nameless.json
refuses 2 'a\.json: with it, a "total" is more than' merge most.json a.json
refuses 2 "linear\.json: 'one' counts all frames in one file" merge all.json linear.json
refuses 2 "a\.json: 'one' counts frames in one file" merge all.json a.json
succeeds merge all.json all.json -o -
! grep -q '"confidence"' "$out" || fail "all frames are no independent sightings"
tool compare escape2.log escape2.log
! tr -d '\n' <"$out" | grep -q "[[:cntrl:]]" || fail "a terminal is to obey a log"
refuses 2 'cut\.json:[0-9]+:[0-9]+: ' compare cut.json a.json
refuses 2 'future\.json: expected "schema": "cordon-litmus/1", found "cordon-litmus/7"' compare a.json future.json
refuses 2 'cut\.log:4: expected more states' compare cut.log a.json
refuses 2 'wrong\.log:3: expected a count' compare wrong.log a.json
refuses 2 'wrong_model\.log:3: expected a state' compare wrong_model.log a.json
refuses 2 'twice\.log:4: expected a test that did not come before' compare twice.log a.json
refuses 2 'same\.log: t: the state 0:r0=1; stands there twice' compare same.log a.json
refuses 2 '/dev/null: expected JSON' compare /dev/null a.json
refuses 2 'absent: No such file' compare absent a.json
refuses 2 'two logs are compared, and 1 named' compare a.json
refuses 2 'two logs are compared, and 3 named' compare a.json a.json a.json
refuses 2 'litmus7\.log:[0-9]+:[0-9]+: .*expected JSON of' merge a.json litmus7.log
refuses 2 'name the files' merge
sed 's/exists (x=0)/exists (x=1)/' b.json >other.json
refuses 2 "other\.json: 'two' is not the test of that name.*\"condition\" differs" merge a.json other.json
refuses 3 'cannot write .*absent/x' merge a.json -o "$work/absent/x"

# What a run says of arrays, addresses and unsigned numbers, in text and JSON, is what herd7 says of them.
cat >arrays.litmus <<'END'
C arrays
{ int a[2] = {1, 2}; int *p = a[1]; uint64_t x = -1; }
P0 (uint64_t* x) { uint64_t r0 = *x; }
locations [0:r0; a; p]
END
printf 'Test arrays Required\nStates 1\n0:r0=-1; [p]=a[1]; a[0]=1; a[1]=2;\nOk\n' >arrays.log
printf 'Test arrays Required\nStates 1\n0:r0=-1; [p]=a[0]; a[0]=1; a[1]=2;\nOk\n' >others.log
tool run -t 10ms --json arrays.json arrays.litmus
unfit
cp "$out" arrays.txt
for kind in txt json; do
    succeeds compare "arrays.$kind" arrays.log
    says 'arrays 1 1 0 0 same'
    tool compare "arrays.$kind" others.log
    test "$code" = 1 || fail "another address is the same: $(cat "$out")"
done
succeeds merge arrays.json arrays.json -o twice.json
succeeds compare twice.json arrays.txt
tool run -t 10ms --expect arrays.log arrays.litmus
test "$code" = 0 || fail "--expect: exit $code: $(cat "$out" "$err")"
tool run -t 10ms --expect others.log arrays.litmus
test "$code" = 1 || fail "--expect of another address: exit $code: $(cat "$out" "$err")"

exit $status
