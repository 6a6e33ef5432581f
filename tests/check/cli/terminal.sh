#!/bin/sh
# terminal.sh TOOL SOURCE WORK - colour and progress where a person watches, and nowhere else; what
# works for a stopped command stops.
. "$(dirname "$0")/common.sh"
need script
message release >right.c
busy 6 4 >busy.c
escape=$(printf '\033')

# on_terminal ARGUMENT...: runs it on a terminal of its own, what it showed in $out
on_terminal() {
    script -qec "'$exe' $*" /dev/null >"$out" 2>"$err" </dev/null || :
    litter "$@"
}

TERM=xterm on_terminal -O 2 right.c
grep -q "${escape}\[32mverified${escape}" "$out" || fail "no colour on a terminal: $(cat "$out")"
TERM=dumb on_terminal -O 2 right.c
! grep -q "$escape" "$out" || fail "colour on a dumb terminal"
NO_COLOR=1 TERM=xterm on_terminal -O 2 right.c
! grep -q "$escape" "$out" || fail "colour despite NO_COLOR"
NO_COLOR= TERM=xterm on_terminal -O 2 right.c
grep -q "$escape" "$out" || fail "no colour with an empty NO_COLOR"
ends 0 -O 2 right.c
! grep -q "$escape" "$out" || fail "colour in a pipe"

TERM=xterm on_terminal -O 2 -t 1500ms busy.c
tr '\r' '\n' <"$out" >lines
grep -Eq 'busy\.c, RC11, -O2: [0-9.]+( [kMG])? executions, [0-9.]+ [kMG]/s, .* s' lines || fail "no progress on a terminal: $(cat lines)"
tail -n 2 lines | grep -q 'out of time' || fail "the progress stays"
tool -O 2 -t 1500ms busy.c
test ! -s "$err" || fail "progress in a pipe: $(cat "$err")"

# ^Z and fg.
cp "$exe" "$work/stopped"
states() {
    ps -eo stat=,args= | sed -n "s|^\(.\).* $work/[s]topped .*|\1|p" | sort -u | tr -d '\n'
}
"$work/stopped" -O 2 -t 20 --json=busy.json busy.c >"$out" 2>"$err" </dev/null &
id=$!
sleep 1
kill -TSTP "$id"
sleep 0.5
test "$(states)" = T || fail "a stopped command goes on: $(states)"
kill -CONT "$id"
sleep 0.5
states | grep -q T && fail "a continued command stays stopped: $(states)"
kill -TERM "$id"
code=0
wait "$id" || code=$?
test "$code" = 3 || fail "stopped, continued and terminated: exit $code"
says 'interrupted after'
litter stopped

exit $status
