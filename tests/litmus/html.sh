#!/bin/sh
# html.sh TOOL SOURCE WORK - the page: of a run, of its JSON, of made-up results that are large, hostile or empty.
. "$(dirname "$0")/common.sh"
need python3
html=$top/tests/litmus/page.py
results='^(<!DOCTYPE|Name)'
cd "$work"

# page JSON [WORD...]: the page that is made of it says what it says
page() {
    json=$1
    shift
    succeeds report "$json" --html page.html
    test ! -s "$out" || fail "something is printed besides the page of $json"
    python3 "$html" check "$json" page.html "$@" || fail "the page of $json"
}

if command -v gnuplot >/dev/null; then
    python3 "$html" make all all.json "$catalogue"
    page all.json "was interrupted" "prefers-color-scheme" "<svg" "Thread 0 (rows)" "What compiler and processor reordered"
    grep -q '<g><title>SB+rlx: ' page.html || fail "no tip at a point of a drawing"
    python3 "$html" make hostile hostile.json
    page hostile.json "&lt;script&gt;alert" "was emulated" "<svg"
    test ! -e owned || fail "a command was run"
    ! grep -q "$(printf '\033')" page.html || fail "an escape sequence"
    "$exe" report - <hostile.json | cmp -s - page.html || fail "standard input is read in another way"
else
    python3 "$html" make all all.json "$catalogue"
fi
for kind in none empty; do
    python3 "$html" make $kind $kind.json
    page $kind.json "No test was run"
done

# Without gnuplot, or with one that fails, there is a page without plots.
mkdir bin
for bin in /nowhere "$work/bin"; do
    PATH=$bin "$exe" report all.json --html page.html 2>"$err" || fail "without gnuplot: exit $?"
    test ! -s "$err" || fail "without gnuplot: $(cat "$err")"
    ! grep -q '<svg' page.html || fail "a drawing without gnuplot"
    test "$bin" = /nowhere || grep -q 'did not draw this' page.html || fail "it does not say that gnuplot failed"
    test "$bin" != /nowhere || grep -q 'gnuplot-nox' page.html || fail "it does not say what to install"
    printf '#!/bin/sh\nexit 1\n' >bin/gnuplot
    chmod +x bin/gnuplot
done

# Of a run, by itself and by way of its JSON; a violation, and how to see it again.
sed -e 's/^C .*/C planted/' -e 's/^C11=.*/C11=forbidden/' -e '/^TSO=/d' -e 's/^exists.*/exists (0:r0=0 \\\/ 0:r0=1)/' \
    "$catalogue/SB+rlx.litmus" >planted.litmus
tool run --preset quick --time 50ms --json a.json --html a.html planted.litmus SB+rlx IRIW+rlx
unfit
if test "$code" = 3; then # one CPU: no test could run
    python3 "$html" check a.json a.html || fail "of a run without results"
    exit $status
fi
test "$code" = 1 || fail "a planted violation: exit $code: $(cat "$err")"
python3 "$html" check a.json a.html "To see it again" "VIOLATION: planted" || fail "of a run"
succeeds report a.json
cmp -s a.html "$out" || fail "run and report write different pages"
succeeds run --preset quick --time 50ms --html - SB+rlx
head -1 "$out" | grep -q '^<!DOCTYPE' || fail "no page on standard output"
succeeds merge -o both.json a.json a.json
page both.json "2 runs added up" "a.json"

# The interrupt keeps what was done.
timeout -s INT 2 "$exe" run --time 600ms --json e.json --html e.html SB+rlx CoRR+rlx MP+rlx SB+ra SB+sc LB+rlx >"$out" 2>"$err" || :
python3 "$html" check e.json e.html "was interrupted" || fail "interrupted: nothing was kept"
python3 "$html" progress "$exe" run --preset quick --time 600ms SB+rlx CoRR+rlx || fail "the progress line"

refuses 2 'which file' report
refuses 2 'one file at a time' report a.json both.json
refuses 2 'absent.json: No such file' report absent.json
refuses 2 'planted.litmus:1:[0-9]+: .*expected JSON of' report planted.litmus
refuses 2 'what is to be read' report a.json --html a.json
refuses 3 'cannot write absent/a.html' report a.json --html absent/a.html
refuses 2 "cannot write 'absent/a.html'" run --html absent/a.html SB+rlx
refuses 2 'both to' run --html same --json same SB+rlx
refuses 2 'only one of them' run --html - --json - SB+rlx
if test -c /dev/full; then
    refuses 3 'cannot write /dev/full' report a.json --html /dev/full
    tool run --preset quick --time 20ms --html /dev/full SB+rlx
    test "$code" = 3 && grep -q 'cannot write /dev/full' "$err" || fail "a full disk: exit $code"
fi

exit $status
