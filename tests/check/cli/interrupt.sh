#!/bin/sh
# interrupt.sh TOOL SOURCE WORK - a signal or a timeout ends an exploration early: what was explored is
# said, as text and JSON, and nothing is left behind: no file, no process.
. "$(dirname "$0")/common.sh"
need setsid pgrep
env --default-signal=INT true 2>/dev/null || { echo "env cannot reset signals"; exit 77; }
busy 6 4 >busy.c # much too large
cp "$exe" "$work/tested" # a name of its own, to find its processes by
exe=$work/tested

# What is killed with its parent takes a moment to go.
alone() {
    for try in 1 2 3 4 5 6 7 8 9 10; do
        pgrep -f "^$work/tested" >left || return 0
        sleep 0.2
    done
    fail "processes are left after $*: $(cat left)"
    xargs kill -KILL <left
}

# interrupt SIGNAL SECONDS ARGUMENT...: sends it after so long to the whole process group, as a terminal does
interrupt() {
    signal=$1 after=$2
    shift 2
    code=0
    env --default-signal=INT,TERM,HUP,QUIT setsid "$exe" "$@" >"$out" 2>"$err" </dev/null &
    id=$!
    sleep "$after"
    kill -s "$signal" -- "-$id"
    test -z "${again:-}" || { sleep "$again"; kill -s "$signal" -- "-$id" 2>/dev/null || :; }
    wait "$id" || code=$?
    litter "$signal"
    alone "$signal"
}

for signal in INT TERM HUP QUIT; do
    interrupt $signal 1.5 --json=$signal.json busy.c
    test "$code" = 3 || fail "SIG$signal: exit $code"
    test ! -s "$err" || fail "SIG$signal: $(cat "$err")"
    says '^-O0 .* interrupted$'
    says '^-O2 .* not run$'
    says '^-O0: interrupted after [1-9][0-9]* executions'
    grep -q '"ending": "interrupted"' $signal.json && grep -q '"complete": [1-9]' $signal.json || fail "SIG$signal: the JSON"
done
# A second one, of somebody impatient.
again=0.7
interrupt INT 1 busy.c
again=
test "$code" = 3 || fail "SIGINT twice: exit $code"

# While the compiler runs.
printf '#!/bin/sh\nsleep 3\nexec cc "$@"\n' >slow
chmod +x slow
interrupt INT 1 --cc ./slow busy.c
test "$code" = 3 || fail "SIGINT while compiling: exit $code"

# Twice, to the command alone: it ends the compiler and itself.
code=0
"$exe" --cc ./slow busy.c >"$out" 2>"$err" </dev/null &
id=$!
sleep 0.5
kill -s TERM "$id"
sleep 0.7
kill -s TERM "$id" 2>/dev/null || :
wait "$id" || code=$?
test "$code" = 3 || fail "SIGTERM twice while compiling: exit $code"
litter "SIGTERM twice while compiling"

# The whole command killed: its processes go with it. Its directory cannot.
setsid "$exe" busy.c >"$out" 2>"$err" </dev/null &
id=$!
sleep 1.5
kill -KILL "$id"
wait "$id" 2>/dev/null || :
sleep 0.5
alone SIGKILL
rm -rf "$TMPDIR"
mkdir "$TMPDIR"

# Time that runs out: of each level.
tool --timeout 700ms busy.c
test "$code" = 3 || fail "timeout: exit $code"
says '^-O0 .* timeout$'
says '^-O2 .* timeout$'
says '^-O2: out of time after [1-9][0-9]* executions'
alone timeout

# Nobody reads the output.
busy 2 1 >small.c
"$exe" small.c 2>"$err" | true
litter "a closed pipe"

exit $status
