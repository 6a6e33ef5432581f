#!/bin/sh
# build.sh TOOL SOURCE WORK [ARCHITECTURE] - a suite and its runner in one file: for this machine, or for another that
# qemu-user plays. Then only the harness is looked at, and the runner has to say so.
. "$(dirname "$0")/common.sh"
need python3
architecture=${1:-} # the first three are gone
limit=250
if test -n "$architecture"; then
    need "$architecture-linux-gnu-gcc" "qemu-$architecture"
    cc=$architecture-linux-gnu-gcc player="qemu-$architecture"
else
    cc=cc player=
fi
echo 'int main(void) { return 0; }' >"$work/empty.c"
$cc -static "$work/empty.c" -o "$work/empty" 2>/dev/null || { echo "no static C library for $cc"; exit 77; }
rm "$work/empty"
test "$(nproc)" -ge 2 || { echo "one CPU"; exit 77; }

# Values of all kinds; and what is always seen, called forbidden.
mkdir "$work/tests"
cat >"$work/tests/values.litmus" <<'END_OF_TEST'
C values
"Text that asks for care: <&> %d %s"
{ x=70000; y=-2147483648; }
P0 (atomic_int* x, int* y) { int r0 = atomic_load_explicit(x, memory_order_relaxed); int r1 = *y; int r2 = r0 + 5; }
P1 (atomic_int* z) { atomic_store_explicit(z, -3, memory_order_release); int r0 = atomic_fetch_add_explicit(z, 258, memory_order_seq_cst); }
locations [0:r1; 0:r2; 1:r0; z;]
forall (0:r0=70000)
END_OF_TEST
cat >"$work/tests/planted.litmus" <<'END_OF_TEST'
C planted
C11=forbidden
{}
P0 (atomic_int* x) { int r0 = atomic_exchange_explicit(x, 1, memory_order_seq_cst); }
exists (0:r0=0)
END_OF_TEST
tests="SB+rlx MP+rel+acq CoRR+rlx RMW+rlx 2+2W+sc R+fences-sc"

# For another machine it is quickly made rather than quick.
tool build -o "$work/suite" --cc "$cc" ${architecture:+--cflags -O0} $tests "$work/tests" "$top/tests/litmus/good"
test "$code" = 0 || { fail "exit $code: $(cat "$err")"; exit 1; }
all=$(($(ls "$top"/tests/litmus/good/*.litmus | wc -l) + 8))
grep -q "^$work/suite: $all tests for [a-z0-9_]*-.*linux" "$out" || fail "it says: $(cat "$out")"

# It needs nothing: no other file, no environment, no library.
mkdir "$work/alone"
mv "$work/suite" "$work/alone"
cd "$work/alone"
runner() {
    code=0
    env -i ${player:+"$(command -v "$player")"} ./suite "$@" >"$out" 2>"$err" </dev/null || code=$?
}
if test -n "$player"; then done=3; else done=0; fi
python3 - <<'END_OF_CHECK' || fail "it wants a dynamic linker"
import struct, sys
elf = open("suite", "rb").read()
order = "<" if elf[5] == 1 else ">"
start, = struct.unpack_from(order + "Q", elf, 32)
size, count = struct.unpack_from(order + "HH", elf, 54)
sys.exit(any(struct.unpack_from(order + "I", elf, start + i * size)[0] == 3 for i in range(count)))
END_OF_CHECK

runner --time 20ms --json r.json --junit r.xml $tests values
said=$(cat "$err")
case $said in *emulated*) done=3 ;; esac
test "$code" = "$done" || fail "exit $code: $said"
test $done = 0 || echo "$said" | grep -q 'emulated: a check of the harness only' || fail "no emulator, it thinks: $said"
python3 "$top/tests/litmus/export.py" r.json r.xml "$out" || fail "what it exported is not what it printed"
cat >check.py <<'END_OF_CHECK'
import json, sys
document = json.load(open("r.json"))
assert document["machine"]["emulated"] == (sys.argv[1] == "3"), "emulated"
assert not sys.argv[2] or document["machine"]["architecture"] == sys.argv[2], "architecture"
assert document["compiler"]["command"] == sys.argv[3] and document["compiler"]["version"], "compiler"
tests = {test["name"]: test for test in document["tests"]}
assert len(tests) == 7
for name, test in tests.items():
    assert test["result"] == "run" and test["total"] > 0 and not test["violation"], name
rows = tests["values"]["histogram"]
assert [row["state"] for row in rows] == [{"0:r0": 70000, "0:r1": -2147483648, "0:r2": 70005, "1:r0": -3, "[z]": 255}]
END_OF_CHECK
python3 check.py "$done" "$architecture" "$cc" || fail "the results: $(cat r.json)"

# A violation is one, whoever plays the processor; of an emulator it is no answer.
runner --time 20ms planted
test "$code" = "$((done == 3 ? 3 : 1))" && grep -q '^Verdict planted VIOLATION$' "$out" || fail "a planted violation: exit $code: $(cat "$out" "$err")"
! grep -q 'Reproducer.*cordon-litmus' "$out" || fail "it says that cordon-litmus repeats it: $(cat "$out")"
grep -q '^Reproducer planted ./suite --cpus' "$out" || fail "no reproducer: $(cat "$out")"
runner --time 20ms --knobs engine=perpetual MP
test "$code" = "$done" && grep -q '^Verdict MP+rel+acq forbidden, not seen$' "$out" || fail "perpetual: exit $code: $(cat "$out" "$err")"


# Types, pointers and bytes mean the same everywhere: what one thread does has one outcome.
states() {
    sed -n 's/^[0-9]* *[:*]>/&/p' "$out" | sed 's/^[0-9]* *//' >"$work/$1"
}
runner --time 20ms arrays operators types
states there
tool run --time 20ms "$top/tests/litmus/good/arrays.litmus" "$top/tests/litmus/good/operators.litmus" "$top/tests/litmus/good/types.litmus"
states here
test -s "$work/here" && cmp -s "$work/here" "$work/there" || fail "not the same values: $(diff "$work/here" "$work/there")"

runner --list
test "$code" = 0 && test "$(wc -l <"$out")" = $((all + 1)) && grep -q '^values .*<&> %d %s$' "$out" || fail "--list: $(cat "$out" "$err")"
runner --help
test "$code" = 0 && ! grep -q -e '--cc' "$out" && grep -q '^Usage: ./suite ' "$out" || fail "--help: $(cat "$out")"
runner nonsense SB+rlx
test "$code" = 2 && grep -q "^suite: no test of this suite is called 'nonsense'" "$err" || fail "a test that is not there: $(cat "$err")"
runner --cc gcc
test "$code" = 2 && grep -q '^suite: this suite is compiled: ' "$err" || fail "--cc: $(cat "$err")"
runner --html page.html SB+rlx
test "$code" = 2 && grep -q '^suite: --html: there are no pages here' "$err" || fail "--html: $(cat "$err")"
rm -f check.py r.json r.xml
test "$(ls)" = suite || fail "it left something behind: $(ls)"
cd "$work"
test -z "$architecture" || exit $status

# What cannot be built is said in a line, and leaves nothing.
results='built in'
cp "$work/tests/planted.litmus" "$work/twin.litmus"
echo '#include <cordon/litmus.h>' >"$work/client.c"
refuses 2 "two tests are called 'planted'" build -o no "$work/tests" "$work/twin.litmus"
refuses 2 'client.c: a client cannot be built into a suite' build -o no "$work/client.c"
compiler() {
    { echo '#!/bin/sh'; cat; } >"$work/$1"
    chmod +x "$work/$1"
}
compiler for-s390x <<'END_OF_COMPILER'
echo s390x-linux-gnu
END_OF_COMPILER
refuses 2 "MP.litmus: 'MP' is in assembly for riscv64, and the compiler makes code for s390x-linux-gnu" \
    build -o no --cc "$work/for-s390x" SB+rlx "$top/litmus/assembly/riscv/MP.litmus"
refuses 2 "SB\\+rlxx' is neither" build -o no SB+rlxx
refuses 2 "cannot write '/nonexistent/suite'" build -o /nonexistent/suite SB+rlx
refuses 2 "cannot find the compiler 'no-such-gcc'" build -o no --cc no-such-gcc SB+rlx
refuses 3 'does not say what it makes code for' build -o no --cc "$(command -v false)" SB+rlx
refuses 3 'no-such-flag' build -o no --cflags --no-such-flag SB+rlx
compiler bare <<'END_OF_COMPILER'
echo arm-none-eabi
END_OF_COMPILER
refuses 3 'makes code for arm-none-eabi, and the runner needs Linux' build -o no --cc "$work/bare" SB+rlx
compiler poor <<'END_OF_COMPILER'
case $* in
*-dumpmachine*) echo aarch64-linux-gnu ;;
*-static*) echo '/usr/bin/ld: cannot find -lc' >&2; echo 'collect2: error: ld returned 1 exit status' >&2; exit 1 ;;
esac
END_OF_COMPILER
refuses 3 'cannot find -lc .the static C library' build -o no --cc "$work/poor" SB+rlx
compiler slow <<'END_OF_COMPILER'
case $* in
*-dumpmachine*) echo aarch64-linux-gnu ;;
*-c*) exec sleep 50 ;;
esac
END_OF_COMPILER
code=0
timeout -s INT 2 "$exe" build -o no --cc "$work/slow" SB+rlx >"$out" 2>"$err" || code=$?
test "$code" = 124 || fail "interrupted: exit $code: $(cat "$err")" # timeout's own
litter "the interrupt"
test ! -e "$work/no" || fail "an executable in spite of all"
exit $status
