#!/bin/sh
# good.sh TOOL SOURCE WORK - the dialect's less usual sides; each test's condition holds in every
# run, whatever the machine.
. "$(dirname "$0")/common.sh"

for file in "$top"/tests/litmus/good/*.litmus; do
    for cc in gcc clang; do
        if command -v $cc >/dev/null; then
            # On a busy machine a thread may wait for another in vain, in every instance of a short run.
            for attempt in 1 2 3 4 5 6 7 8 9 10; do
                tool run -t 20ms --cc $cc "$file"
                grep -Fqx 'Histogram (0 states)' "$out" || break
            done
            unfit
            test "$code" = 0 && test ! -s "$err" || {
                fail "exit $code: $cc $file"
                cat "$err"
            }
            awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results" || status=1
            grep -Eq ' (Required Always|Forbidden Never) ' "$work/results" || {
                fail "$cc $file"
                cat "$out"
            }
        fi
    done
done

# From standard input, whose name stands in messages.
cat "$catalogue/CoWW+rlx.litmus" | timeout 30 "$exe" run -t 10ms - >"$out" || fail "run -"
grep -q '^Observation CoWW+rlx Never 0 ' "$out" || fail "run -: no result"
echo nonsense | timeout 30 "$exe" run - 2>"$err" && fail "nonsense from standard input"
grep -q '^standard input:1:1: ' "$err" || fail "nonsense: $(cat "$err")"

# However short the time, something is run.
succeeds run -t 1ns CoWW+rlx
awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results" || status=1
awk '$4 + $5 == 0 { exit 1 }' "$work/results" || fail "nothing was run in a nanosecond"

# Nothing observed: one state, and no shift beyond the width of what it is shifted in.
printf 'C wide\n{x=-1;}\nP0 (int* x) { int r = *x + 1; }\nexists (true)\n' >"$work/wide.litmus"
succeeds run -t 10ms --keep "$work/kept" "$work/wide.litmus"
grep -Eq '^Observation wide Always [1-9][0-9]* 0$' "$out" || fail "nothing observed: $(cat "$out")"
! grep -Eq '>> (3[2-9]|[4-9][0-9])' "$work/kept/wide.c" || fail "a shift too wide: $(grep '>>' "$work/kept/wide.c")"

# A description of several lines is told in one, whatever ends them.
printf 'C lines\n"One\r\n  two\tthree."\nWhy=a\tb\r\n{}\nP0 (int* x) {}\nexists (x=0)\n' >"$work/lines.litmus"
succeeds list "$work/lines.litmus"
grep -Eq ' One two three\.$' "$out" || fail "a description of two lines: $(cat "$out")"
succeeds run -t 10ms "$work/lines.litmus"
grep -Fqx 'Why=a b' "$out" || fail "a tab in a reason: $(grep Why= "$out" | od -c)"

# One that is no test does not keep the others from running, and still fails the whole.
tool run -t 10ms CoWW+rlx "$top/tests/litmus/bad/empty.litmus" CoRW1+rlx
test "$code" = 2 && test "$(grep -c '^Observation ' "$out")" = 2 && test "$(wc -l <"$err")" = 1 ||
    fail "a bad one among good ones: exit $code"

exit $status
