#!/bin/sh
# replay.sh TOOL SOURCE WORK - what was found is recorded, and repeated from the record.
. "$(dirname "$0")/common.sh"
message release >right.c
message relaxed >wrong.c

ends 1 -O 2 --model ra --record 'the record' wrong.c -- -DX='a b'
says "^To repeat it: cordon-check --replay 'the record' wrong\.c -- '-DX=a b'\$"
head -n 1 'the record' | grep -qx 'cordon-check record 1' || fail "--record wrote something else"
says 'race' && sed -n '/^ *1 /,/^$/p' "$out" >first
ends 1 --replay 'the record' wrong.c -- -DX='a b'
says '^-O2 +RA .* data race$'
sed -n '/^ *1 /,/^$/p' "$out" >second
cmp first second || fail "the replay shows another execution: $(cat first second)"
# A program that is not the one of the record.
tool --replay 'the record' right.c
test "$code" -lt 2 || fail "a replay of another program: exit $code: $(cat "$err")"

# What the program prints comes out, once, and beside JSON on stderr.
sed 's/message = 42;/message = 42; puts("sent");/; s/#include <assert.h>/&\n#include <stdio.h>/' wrong.c >prints.c
ends 1 -O 2 --record said prints.c
! grep -q '^sent' "$out" || fail "an exploration prints what the program prints"
ends 1 --replay said prints.c
test "$(grep -c '^sent$' "$out")" = 1 || fail "a replay prints: $(cat "$out")"
code=0
"$exe" --json --replay said prints.c >"$out" 2>"$err" || code=$?
test "$code" = 1 && grep -q '^sent$' "$err" || fail "a replay with JSON: exit $code, $(cat "$err")"
if command -v python3 >/dev/null; then
    python3 "$top/tests/check/cli/schema.py" "$out" levels.0.finding=data-race || fail "schema"
fi

# Records that are none.
refuses 2 "^cordon-check: --replay: cannot read 'nothing'" --replay nothing wrong.c
: >empty
refuses 2 '^cordon-check: --replay: empty:1:1: ' --replay empty wrong.c
sed 's/record 1/record 9/' 'the record' >newer
refuses 2 'newer:1:.*another version' --replay newer wrong.c
sed '$d' 'the record' >cut
refuses 2 '^cordon-check: --replay: cut:' --replay cut wrong.c

exit $status
