#!/bin/sh
# interrupt.sh TOOL SOURCE WORK - a signal ends a run early: what was measured is printed, the exit
# status says which signal, nothing is left behind.
. "$(dirname "$0")/common.sh"
need setsid
env --default-signal=INT true 2>/dev/null || { echo "env cannot reset signals"; exit 77; }

# interrupt SIGNAL SECONDS ARGUMENT...: sends it after so long to the whole process group, as a terminal does
interrupt() {
    signal=$1 after=$2
    shift 2
    code=0
    env --default-signal=INT,TERM,HUP,QUIT setsid "$exe" "$@" >"$out" 2>"$err" </dev/null &
    tool_id=$!
    sleep "$after"
    kill -s "$signal" -- "-$tool_id"
    wait "$tool_id" || code=$?
    test -z "$(ls -A "$TMPDIR")" || fail "litter after $signal: $(ls -A "$TMPDIR")"
    test ! -s "$err" || fail "$signal: $(cat "$err")"
}

for pair in INT:130 TERM:143 HUP:129 QUIT:131; do
    interrupt ${pair%:*} 2 run --time 15 CoWW+rlx CoRW1+rlx
    test "$code" = "${pair#*:}" || fail "SIG${pair%:*}: exit $code"
    awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results" || fail "SIG${pair%:*}: no whole result"
    grep -q '^CoWW+rlx ' "$work/results" || fail "SIG${pair%:*}: the test it interrupted has no result"
    ! grep -q '^CoRW1+rlx ' "$work/results" || fail "SIG${pair%:*}: the next test ran all the same"
    grep -q '^1 run, 0 violations, 1 not run$' "$out" || fail "SIG${pair%:*}: no totals"
done

# While the compiler runs.
cat >"$work/slow" <<'END'
#!/bin/sh
sleep 3
exec cc "$@"
END
chmod +x "$work/slow"
for pair in INT:130 HUP:129 QUIT:131; do
    interrupt ${pair%:*} 1 run --time 15 --cc "$work/slow" CoWW+rlx
    test "$code" = "${pair#*:}" || fail "SIG${pair%:*} while compiling: exit $code"
    grep -q '^0 run, 0 violations, 1 not run$' "$out" || fail "SIG${pair%:*} while compiling: no totals"
done

exit $status
