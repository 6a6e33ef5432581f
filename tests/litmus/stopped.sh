#!/bin/sh
# stopped.sh TOOL SOURCE WORK - clients that hang, are slow, or are interrupted. It mostly waits.
. "$(dirname "$0")/client.sh"

client bare <<'END'
struct cordon_litmus_state { atomic_int x; };
static void adds(struct cordon_litmus_state *s) { atomic_fetch_add_explicit(&s->x, 1, memory_order_relaxed); }
CORDON_LITMUS(.threads = {adds, adds})
END
client counts <<'END'
struct cordon_litmus_state { atomic_int x; int a, b; };
static void first(struct cordon_litmus_state *s) { s->a = atomic_fetch_add_explicit(&s->x, 1, memory_order_relaxed); }
static void second(struct cordon_litmus_state *s) { s->b = atomic_fetch_add_explicit(&s->x, 1, memory_order_relaxed); }
CORDON_LITMUS(.threads = {first, second}, .outcomes = {CORDON_OUTCOME(a), CORDON_OUTCOME(b)})
END

# Two that wait for each other: after ten seconds it is said who, and what was measured until then.
client hangs <<'END'
struct cordon_litmus_state { atomic_int a, b; int n; };
static atomic_int rounds;
static void waits(struct cordon_litmus_state *s)
{
    s->n = 1;
    if (atomic_fetch_add_explicit(&rounds, 1, memory_order_relaxed) == 300) {
        while (!atomic_load_explicit(&s->a, memory_order_relaxed)) {
        }
    }
}
static void ends(struct cordon_litmus_state *s) { (void)s; }
CORDON_LITMUS(.threads = {ends, waits}, .outcomes = {CORDON_OUTCOME(n)})
END
before=$(date +%s)
judged 1 run -t 500ms "$client" "$work/bare.c" -- "$include"
after=$(date +%s)
test $((after - before)) -ge 9 || fail "gave up on it after $((after - before)) s"
says '^hangs: stuck: nothing moves any more, and not at its end is: thread 1$'
says '^[1-9][0-9]* *:>\[n\]=1; \[wrong\]=0;$'
says '^hangs  .*VIOLATION \(stuck\)'
says '^2 run, 1 violation$'

# Interrupted, it is given up sooner, and nothing is held against it: it may just be slow. Whoever is killed leaves no child behind.
if command -v setsid >/dev/null && env --default-signal=INT true 2>/dev/null; then
    client slow <<'END'
#include <unistd.h>
struct cordon_litmus_state { int n; };
static void part(struct cordon_litmus_state *s) { s->n = (int)sleep(5); }
CORDON_LITMUS(.threads = {part})
END
    for arguments in hangs counts slow; do
        for whom in -- ''; do # the group, as a terminal does, or the tool alone
            code=0
            env --default-signal=INT setsid "$exe" run -t 30 "$work/$arguments.c" "$work/bare.c" -- "$include" -DTHREADS=2 \
                >"$out" 2>"$err" </dev/null &
            tool_id=$!
            sleep 2
            kill -s INT $whom "${whom:+-}$tool_id"
            wait "$tool_id" || code=$?
            litter "an interrupt of $arguments"
            test ! -s "$err" || fail "interrupted: $(cat "$err")"
            awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results" || fail "$arguments, interrupted: no whole result"
            test "$code" = 130 || fail "$arguments, interrupted: exit $code"
            says '^1 run, 0 violations, 1 not run$'
            case $arguments in
            hangs) says '^hangs: interrupted: .*: thread 1$' && says '^hangs  .* interrupted$' ;;
            slow) says '^slow: interrupted: .*: thread 0$' && says '^slow  .* interrupted$' ;;
            esac
        done
    done
    setsid "$exe" run -t 30 "$work/hangs.c" -- "$include" >"$out" 2>"$err" </dev/null &
    tool_id=$!
    sleep 1
    kill -s KILL "$tool_id"
    wait "$tool_id" 2>/dev/null || :
    sleep 1
    # a zombie is not ours to bury
    left=$(ps -o stat=,pid= -s "$tool_id" | grep -v '^Z' || :)
    test -z "$left" || fail "processes are left: $left"
    rm -rf "$TMPDIR"/cordon-litmus-*
fi

exit $status
