#!/bin/sh
# planted.sh TOOL SOURCE WORK - a test whose file forbids what every x86 shows: the runner must cry
# violation, and exit 1.
. "$(dirname "$0")/common.sh"
x86 && test "$(nproc)" -ge 2 || { echo "needs two CPUs of an x86"; exit 77; }

planted=$work/planted.litmus

# violation VERDICT [SED-SCRIPT]: SB+rlx, so edited, is one
violation() {
    sed -e 's/^C SB+rlx/C planted/' -e "$2" "$catalogue/SB+rlx.litmus" >"$planted"
    for time in 300ms 1 5; do
        tool run --time $time "$planted"
        unfit
        test "$code" = 0 || break
    done
    test "$code" = 1 || fail "$2: exit $code"
    test ! -s "$err" || fail "$2: $(cat "$err")"
    grep -Fqx "Verdict planted $1" "$out" || fail "$2: $(grep ^Verdict "$out")"
    grep -q '^1 run, 1 violation$' "$out" || fail "$2: the totals do not say it"
    case $1 in
    *TSO*) blame='x86-TSO, and seen [0-9]* times: C11 .*allow.* this, so the compiler may have done it' ;;
    *) blame='C11, and seen [0-9]* times: the compiler or the processor is at fault' ;;
    esac
    grep -q "^planted: forbidden by $blame" "$out" || fail "$2: not explained at the end"
    grep -q '^Reproducer planted cordon-litmus run --cpus [0-9,]* --knobs engine=[a-z]*,.* --time ' "$out" ||
        fail "$2: no reproducer: $(grep ^Reproducer "$out")"
}

violation VIOLATION s/^C11=allowed/C11=forbidden/
violation 'VIOLATION (x86-TSO)' s/^TSO=allowed/TSO=forbidden/
violation 'VIOLATION (x86-TSO)' '/^C11=/d; s/^TSO=allowed/TSO=forbidden/'
violation VIOLATION 's/^C11=allowed/C11=forbidden/; s/^exists \((.*)\)/~exists (\1)/; s/^exists/~exists/'
violation VIOLATION 's/^C11=allowed/C11=forbidden/; s/^exists (\(.*\))/forall (~(\1))/'

# What is to be pasted shows it again, whatever the file is called.
spaced="$work/it's planted.litmus"
sed -e 's/^C SB+rlx/C planted/' -e 's/^C11=allowed/C11=forbidden/' "$catalogue/SB+rlx.litmus" >"$spaced"
mkdir "$work/bin"
ln -s "$exe" "$work/bin/cordon-litmus"
export CC="${CC:-cc}"
for time in 300ms 1 5; do
    tool run --time $time --cflags -O1 --seed 5 "$spaced"
    test "$code" = 0 || break
done
sed -n 's/^Reproducer planted //p' "$out" | head -n 1 >"$work/again"
grep -Fq -e ' --cflags -O1 ' "$work/again" || fail "the reproducer forgets the compiler's flags: $(cat "$work/again")"
grep -q -e ' --cc .' "$work/again" || fail "the reproducer forgets the compiler that \$CC names: $(cat "$work/again")"
for attempt in 1 2 3; do
    again=0
    PATH=$work/bin:$PATH sh "$work/again" >"$out" 2>"$err" || again=$?
    test "$again" != 1 || break
    echo "attempt $attempt: exit $again"
done
test "$again" = 1 && test ! -s "$err" && grep -Fqx 'Verdict planted VIOLATION' "$out" || fail "the reproducer: exit $again: $(cat "$work/again")"
litter "the reproducer"

# One among others fails the run, and so does one in a summary.
tool run --quiet --time 500ms CoWW+rlx "$planted" CoRW1+rlx
test "$code" = 1 || fail "one among three: exit $code"
grep -q '^3 run, 1 violation$' "$out" || fail "one among three: the totals do not say it"

# Forbidden and not there to be seen: no violation. And a file that forbids nothing has no verdict.
sed -e 's/^C .*/C planted/' -e 's/^C11=allowed/C11=forbidden/' "$catalogue/MP+rlx.litmus" >"$planted"
succeeds run --time 100ms "$planted"
grep -q '^Verdict planted forbidden, not seen' "$out" || fail "$(grep ^Verdict "$out")"
sed -e 's/^C .*/C planted/' -e '/^C11=/d' -e '/^TSO=/d' "$catalogue/SB+rlx.litmus" >"$planted"
succeeds run --time 100ms "$planted"
grep -q '^Verdict planted no verdict' "$out" || fail "$(grep ^Verdict "$out")"

exit $status
