#!/bin/sh
# clients.sh TOOL SOURCE WORK - clients (cordon/litmus.h) on this machine's cores: right ones, wrong ones,
# those that crash or cannot be compiled; one among tests. (Those that hang, and an interrupt: stopped.sh.)
. "$(dirname "$0")/client.sh"

# A counter guarded by what may be a lock.
client counts <<'END'
struct cordon_litmus_state {
    atomic_int held;
    int entered, first;
};
static void enters(struct cordon_litmus_state *s)
{
#ifdef BROKEN
    while (atomic_load_explicit(&s->held, memory_order_relaxed) != 0) {
    }
    atomic_store_explicit(&s->held, 1, memory_order_relaxed);
#else
    while (atomic_exchange_explicit(&s->held, 1, memory_order_acquire) != 0) {
    }
#endif
    s->entered = s->entered + 1;
    atomic_store_explicit(&s->held, 0, memory_order_release);
}
static void init(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(s->entered == 0 && s->first == 0); /* all is zero, whatever the last round left */
    s->first = -7;
}
static void check(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(s->entered == THREADS);
    CORDON_EXPECT(s->first == -7);
}
#if THREADS == 2
CORDON_LITMUS(.init = init, .threads = {enters, enters}, .check = check,
              .outcomes = {CORDON_OUTCOME(first), CORDON_OUTCOME(entered)})
#else
CORDON_LITMUS(.init = init, .threads = {enters, enters, enters, enters, enters, enters, enters, enters},
              .check = check, .outcomes = {CORDON_OUTCOME(entered)})
#endif
END
judged 0 run -t 100ms "$client" -- "$include" -DTHREADS=2
says '^[0-9]+ *:>\[first\]=-7; \[entered\]=2; \[wrong\]=0;$'
says '^Histogram \(1 states\)$'
says '^Verdict counts forbidden, not seen$'
says '^1 run, 0 violations$'
grep -q '^counts Forbidden Never 0 ' "$work/results" || fail "a lock: $(cat "$work/results")"

# More threads than CPUs share them, and it is said.
judged 0 run -t 200ms "$client" -- "$include" -DTHREADS=8
says '\[entered\]=8;'
if command -v taskset >/dev/null; then
    judged 0 run -t 100ms --cpus "$(taskset -pc $$ | sed 's/.*: *\([0-9]*\).*/\1/')" "$client" -- "$include" -DTHREADS=2
    says '^counts: 2 threads on 1 CPU$'
    says '^counts  .*forbidden, not seen \([0-9]+ threads on [12] CPUs?\)$'
fi

# A lock whose test and set are two things lets two in, on any two CPUs.
if test "$(nproc)" -ge 2; then
    for time in 300ms 1 5; do
        tool run -t $time "$client" -- "$include" -DTHREADS=2 -DBROKEN
        unfit
        test "$code" = 0 || break
    done
    test "$code" = 1 || fail "two inside a lock, and exit $code"
    says '^[0-9]+ *\*>\[first\]=-7; \[entered\]=1; \[wrong\]=1;$'
    says '^counts: .*/counts\.c:[0-9]+: CORDON_EXPECT\(s->entered == THREADS\) failed [0-9]+ times?$'
    says '^Verdict counts VIOLATION$'
    ! grep -q 'first == -7' "$out" || fail "what held was complained of"
    grep -Eq '^counts Forbidden Sometimes [1-9]' "$work/results" || {
        awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results"
        grep -Eq '^counts Forbidden (Sometimes|Always) [1-9]' "$work/results" || fail "two inside: $(cat "$work/results")"
    }
fi

# Store buffering, in C: the fence forbids what every x86 shows without it. Wrong rounds are told apart.
client buffers <<'END'
struct cordon_litmus_state {
    atomic_int x, y;
    int a, b;
};
static int exchange(atomic_int *mine, atomic_int *other)
{
    atomic_store_explicit(mine, 1, memory_order_relaxed);
#ifdef FENCE
    atomic_thread_fence(memory_order_seq_cst);
#endif
    return atomic_load_explicit(other, memory_order_relaxed);
}
static void first(struct cordon_litmus_state *s) { s->a = exchange(&s->x, &s->y); }
static void second(struct cordon_litmus_state *s) { s->b = exchange(&s->y, &s->x); }
static void check(struct cordon_litmus_state *s) { CORDON_EXPECT(s->a + s->b > 0); }
CORDON_LITMUS(.threads = {first, second}, .check = check,
              .outcomes = {CORDON_OUTCOME(a), CORDON_OUTCOME(b)})
END
judged 0 run -t 300ms "$client" -- "$include" -DFENCE
if x86 && test "$(nproc)" -ge 2; then
    for time in 300ms 1 4; do
        tool run -t $time "$client" -- "$include"
        unfit
        test "$code" = 0 || break
    done
    test "$code" = 1 || fail "store buffering was not seen in a client"
    says '^[0-9]+ *\*>\[a\]=0; \[b\]=0; \[wrong\]=1;$'
    ! grep -Eq ':>\[a\]=0; \[b\]=0;|\*>.*=1; .*\[wrong\]|\*>.*\[b\]=1;' "$out" || fail "the wrong rounds are not those with 0 and 0"
fi

# What is wrong in a thread or in init is wrong in the round, once, however often.
client wrongs <<'END'
struct cordon_litmus_state { int n; };
static void init(struct cordon_litmus_state *s) { CORDON_EXPECT(s == 0); }
static void part(struct cordon_litmus_state *s) { CORDON_EXPECT(s == 0); CORDON_EXPECT(!"[31m"); CORDON_EXPECT(s != 0); }
static void check(struct cordon_litmus_state *s) { s->n = 70000; }
CORDON_LITMUS(.init = init, .threads = {part}, .check = check, .outcomes = {CORDON_OUTCOME(n)})
END
judged 1 run -t 50ms "$client" -- "$include"
says '^Histogram \(1 states\)$'
says '^[0-9]+ *\*>\[n\]=70000; \[wrong\]=1;$'
says 'CORDON_EXPECT\(!"\?\[31m"\) failed'
test "$(grep -c '^wrongs: .*failed' "$out")" = 6 || fail "three places, told twice: $(grep '^wrongs' "$out")"

# How often something failed is told of the rounds that are counted, and no others.
failed=$(sed -n 's/^wrongs: .*CORDON_EXPECT(s == 0) failed \([0-9]*\) times$/\1/p' "$out" | sort -u)
test "$failed" = "$(sed -n 's/^\([0-9]*\) *\*>.*/\1/p' "$out")" || fail "failed $failed times: $(cat "$out")"

sed '/static void part/s/{.*/{ (void)s; }/' "$client" >"$work/init_only.c"
judged 1 run -t 50ms -n 7 "$work/init_only.c" -- "$include"
says '^[0-9]+ *\*>\[n\]=70000; \[wrong\]=1;$'
test "$(grep -c '^init_only: .*failed' "$out")" = 2 || fail "one place, told twice: $(grep '^init_only' "$out")"

# Without expectations it is a histogram; without outcomes a verdict.
client counts_only <<'END'
struct cordon_litmus_state { atomic_int x; int a, b; };
static void first(struct cordon_litmus_state *s) { s->a = atomic_fetch_add_explicit(&s->x, 1, memory_order_relaxed); }
static void second(struct cordon_litmus_state *s) { s->b = atomic_fetch_add_explicit(&s->x, 1, memory_order_relaxed); }
CORDON_LITMUS(.threads = {first, second}, .outcomes = {CORDON_OUTCOME(a), CORDON_OUTCOME(b)})
END
judged 0 run -t 100ms "$client" -- "$include"
says '>\[a\]=1; \[b\]=0; \[wrong\]=0;$|>\[a\]=0; \[b\]=1; \[wrong\]=0;$'
sed 's/, \.outcomes.*/)/' "$client" >"$work/bare.c"
judged 0 run -t 50ms "$work/bare.c" -- "$include"
says '^[0-9]+ *:>\[wrong\]=0;$'

# A state of many pages, aligned, in every size of batch.
client large <<'END'
struct cordon_litmus_state { _Alignas(4096) char first[1 << 21]; char last; int n; };
static void init(struct cordon_litmus_state *s) { s->last = s->first[77]; }
static void part(struct cordon_litmus_state *s) { CORDON_EXPECT((size_t)s % 4096 == 0 && s->last == 0); s->first[77] = 1; }
static void check(struct cordon_litmus_state *s) { s->n = s->first[77]; }
CORDON_LITMUS(.init = init, .threads = {part}, .check = check, .outcomes = {CORDON_OUTCOME(n)})
END
for size in 1 7 1000000; do
    judged 0 run -t 50ms -n $size "$client" -- "$include"
    says '^[0-9]+ *:>\[n\]=1; \[wrong\]=0;$'
done

# Too many outcomes to count.
client varied <<'END'
struct cordon_litmus_state { int n; };
static int next;
static void part(struct cordon_litmus_state *s) { s->n = ++next; }
CORDON_LITMUS(.threads = {part}, .outcomes = {CORDON_OUTCOME(n)})
END
refuses 3 'varied\.c: too many different outcomes' run -q -t 300ms "$client" -- "$include"

# One that crashes, or ends the process, does not keep the others from being run.
for act in 'raise(SIGSEGV)' 'abort()' '*(volatile int *)0 = 1'; do
    client crashes <<END
#include <signal.h>
#include <stdlib.h>
struct cordon_litmus_state { int n; };
static void part(struct cordon_litmus_state *s) { CORDON_EXPECT(s->n == 7); $act; }
CORDON_LITMUS(.threads = {part, part})
END
    judged 1 run -t 50ms "$client" "$work/bare.c" CoWW+rlx -- "$include"
    says '^crashes: crashed: (Segmentation fault|Aborted) \(rounds begun: [01]\)$'
    says '^crashes: .*crashes\.c:[0-9]+: CORDON_EXPECT\(s->n == 7\) failed (1 time|2 times)$'
    says '^crashes  .*VIOLATION \(crashed\)$'
    says '^bare  .*forbidden, not seen'
    says '^3 run, 1 violation$'
done
client leaves <<'END'
#include <stdlib.h>
struct cordon_litmus_state { int n; };
static void part(struct cordon_litmus_state *s) { if (++s->n) exit(0); }
CORDON_LITMUS(.threads = {part})
END
judged 1 run -t 50ms "$client" -- "$include"
says '^leaves: it ended the process \('

# Not a client, not C, not whole: exit 2 and a line that says what to do; the others run.
client none <<'END'
int nothing;
END
refuses 2 'none\.c: no client: it has no CORDON_LITMUS' run -q "$client" -- "$include"
client idle <<'END'
struct cordon_litmus_state { int n; };
CORDON_LITMUS(.init = NULL)
END
refuses 2 'idle\.c: no client: .*\.threads' run -q "$client" -- "$include"
client gaps <<'END'
struct cordon_litmus_state { int n; };
static void part(struct cordon_litmus_state *s) { s->n = 1; }
CORDON_LITMUS(.threads = {THREADS}, .outcomes = {OUTCOMES CORDON_OUTCOME(n)})
END
for threads in '[0]=part,[2]=part' '[1]=part' '[7]=part,[0]=part' 'part,NULL,part'; do
    refuses 2 'gaps\.c: no client: its \.threads have a gap' run -q "$client" -- "$include" "-DTHREADS=$threads" -DOUTCOMES=
done
for outcomes in '[1]=' '[7]=' 'CORDON_OUTCOME(n),[2]='; do
    refuses 2 'gaps\.c: no client: its \.outcomes have a gap' run -q "$client" -- "$include" -DTHREADS=part "-DOUTCOMES=$outcomes"
done
judged 0 run -t 20ms "$client" -- "$include" '-DTHREADS=[1]=part,[0]=part' '-DOUTCOMES=[1]=CORDON_OUTCOME(n),[0]='
says '\[n\]=1; \[n\]=1; \[wrong\]=0;$'
# An outcome is an int, for cordon-check too, which compiles with CORDON_CHECK.
client typed <<'END'
struct cordon_litmus_state { TYPE n; };
static void part(struct cordon_litmus_state *s) { s->n = 1; }
CORDON_LITMUS(.threads = {part}, .outcomes = {CORDON_OUTCOME(n)})
END
judged 0 run -t 20ms "$client" -- "$include" -DTYPE=int -Wall -Wextra -Wpedantic -Werror
for type in long char short unsigned _Bool float; do
    longest=600
    refuses 2 'CORDON_OUTCOME\(n\): not an int' run -q "$client" -- "$include" -DTYPE=$type
    ! cc -std=c11 -DCORDON_CHECK -DTYPE=$type "$include" -fsyntax-only "$client" 2>/dev/null || fail "an outcome is a $type"
done
cc -std=c11 -DCORDON_CHECK -DTYPE=int "$include" -fsyntax-only "$client" || fail "an outcome is no int"
client misspelt <<'END'
struct cordon_litmus_state { int n; };
static void part(struct cordon_litmus_state *s) { s->m = 1; }
CORDON_LITMUS(.threads = {part})
END
longest=600
refuses 2 'misspelt\.c:3:[0-9]+: error: ' run -q "$client" -- "$include"
if ! cc -E "$client" >/dev/null 2>&1; then # nor is it installed
    refuses 2 'misspelt\.c: .*cordon/litmus\.h.*say where it is after --' run -q "$client"
fi
client lacks <<'END'
struct cordon_litmus_state { int n; };
int defined_elsewhere(void);
static void part(struct cordon_litmus_state *s) { s->n = defined_elsewhere(); }
static void check(struct cordon_litmus_state *s) { CORDON_EXPECT(s->n == 3); }
CORDON_LITMUS(.threads = {part}, .check = check)
END
refuses 2 "'defined_elsewhere' is defined nowhere: give the source or library that has it after --" run -q "$client" -- "$include"
refuses 2 'lacks\.c: .*no-such-library' run -q "$client" -- "$include" -lno-such-library
echo 'int defined_elsewhere(void) { return 3; }' >"$work/with blank.c"
judged 0 run -t 20ms "$client" -- "$include" "$work/with blank.c"
cc -shared -fPIC -o "$work/libelse.so" "$work/with blank.c"
judged 0 run -t 20ms "$client" -- "$include" "-L$work" -lelse "-Wl,-rpath,$work"
tool run -q -t 20ms "$work/misspelt.c" "$work/bare.c" CoWW+rlx -- "$include"
test "$code" = 2 || fail "a refused one among others: exit $code"
says '^misspelt .*refused$'
says '^2 run, 0 violations, 1 refused$'
refuses 2 'what follows -- is for clients' run CoWW+rlx -- -DX
refuses 2 'nothing-like-it\.c' run "$work/nothing-like-it.c" -- -DX
{ sed 's/CORDON_LITMUS(/&.form_ = 99, /' "$work/bare.c"; } >"$work/alien.c"
refuses 2 'alien\.c: no client: it was compiled with cordon/litmus\.h of another version' run -q "$work/alien.c" -- "$include"

# Flags are those of all; --keep leaves what was loaded; --list and list know it by name.
judged 0 run -t 20ms --cflags "$include" "$work/bare.c"
judged 0 run -t 20ms --cc "cc $include" --keep "$work/kept" "$work/bare.c" CoWW+rlx
test -s "$work/kept/bare.so" && test -s "$work/kept/CoWW+rlx.c" || fail "--keep: $(ls "$work/kept")"
mkdir "$work/twin"
cp "$work/bare.c" "$work/twin"
refuses 2 "--keep: two tests are called 'bare'" run --keep "$work/kept" "$work/bare.c" "$work/twin/bare.c" -- "$include"
cp "$top/docs/examples/my_lock_client.c" "$work/is it mine?.c"
for words in list 'run --list'; do
    # shellcheck disable=SC2086 # words
    succeeds $words "$work/is it mine?.c" SB+rlx
    says '^is_it_mine_ +- +forbidden +- +is my_lock.h a lock\? '
done
judged 0 run -t 20ms "$work/is it mine?.c" -- "$include" -I"$top/docs/examples"
says '^Test is_it_mine_ Forbidden$'

exit $status
