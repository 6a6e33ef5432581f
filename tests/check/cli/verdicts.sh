#!/bin/sh
# verdicts.sh TOOL SOURCE WORK - what is said, written and returned for right and for wrong programs.
. "$(dirname "$0")/common.sh"
message release >right.c
message relaxed >wrong.c

# Right: the counts, at both levels, and 0.
ends 0 right.c
says '^-O0 +RC11 +2 +0 .* none +verified$'
says '^-O2 +RC11 +2 +0 .* none +verified$'
test "$(wc -l <"$out")" = 3 || fail "more than a table: $(cat "$out")"
ends 0 -O 1,s --model tso right.c
says '^-O1 +TSO +2 .* verified$'
says '^-Os +TSO +2 .* verified$'
ends 0 -q right.c
test ! -s "$out" || fail "--quiet has much to say: $(cat "$out")"

ends 0 -O 2 -j1 --executions right.c
test "$(grep -c '^Execution' "$out")" = 2 || fail "--executions: $(cat "$out")"

# Wrong: what, where and how to see it again; 1.
ends 1 -O 0 wrong.c
says 'data race'
says 'wrong\.c:9'
says 'wrong\.c:18'
says '^-O0 +RC11 .* data race$'
ends 1 -O 0 --dot wrong.dot wrong.c
says '^Drawn in wrong\.dot'
grep -q '^digraph' wrong.dot || fail "--dot wrote no graph"
ends 1 -O 0 --dot - -q wrong.c
says '^digraph'
# Races are what C11 forbids; x86 has none.
ends 0 --no-races wrong.c
ends 0 --model tso wrong.c
# An assertion that store buffering breaks.
cat >buffer.c <<'END'
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static atomic_int x, y;
static int seen;
static void *other(void *unused)
{
    atomic_store_explicit(&y, 1, memory_order_release);
    seen = atomic_load_explicit(&x, memory_order_acquire);
    return unused;
}
int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, other, NULL);
    atomic_store_explicit(&x, 1, memory_order_release);
    const int own = atomic_load_explicit(&y, memory_order_acquire);
    pthread_join(thread, NULL);
    assert(own == 1 || seen == 1);
    return 0;
}
END
ends 1 buffer.c
says 'own == 1 \|\| seen == 1'
ends 1 --model tso buffer.c
ends 0 --model sc buffer.c

# --expect turns it round.
ends 0 --expect data-race -O 0 wrong.c
tool --expect data-race -O 0 right.c
test "$code" = 1 && grep -q 'expected at -O0: data race; it is: verified' "$err" || fail "--expect on a right program: $code $(cat "$err")"
tool --expect deadlock -O 0 wrong.c
test "$code" = 1 && grep -q 'expected at -O0: deadlock; it is: data race' "$err" || fail "--expect of something else: $code $(cat "$err")"

# Nothing that came to its end is no pass.
cat >stuck.c <<'END'
#include <pthread.h>
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
int main(void)
{
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
    return 0;
}
END
ends 1 -O 0 stuck.c
says 'deadlock'
cat >endless.c <<'END'
#include <stdatomic.h>
static atomic_int word;
int main(void)
{
    while (atomic_load_explicit(&word, memory_order_relaxed) == 0) {
    }
    return 0;
}
END
ends 1 -O 0 endless.c
cat >never.c <<'END'
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static atomic_int word;
static void *waits(void *unused)
{
    while (atomic_load_explicit(&word, memory_order_relaxed) == 0) {
    }
    return unused;
}
int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, waits, NULL);
    return 0;
}
END
ends 1 -O 0 never.c
says '^-O0 .* endless wait$'
cat >retry.c <<'END'
#include <stdatomic.h>
static atomic_int word;
int main(void)
{
    while (atomic_fetch_add(&word, 1) >= 0) {
    }
    return 0;
}
END
cat >varied.c <<'END'
#include <stdatomic.h>
static atomic_int a, b, c;
int main(void)
{
    do {
        atomic_fetch_add(&b, 1);
        if (atomic_load(&b) % 3 == 0) {
            atomic_fetch_add(&c, 1);
        }
    } while (atomic_fetch_add(&a, 1) >= 0);
    return 0;
}
END
tool -O 0 varied.c # some 1000 rows
test "$code" = 3 && test "$(wc -l <"$out")" -lt 140 || fail "a loop without end: exit $code, $(wc -l <"$out") lines"
says 'lines more \(--verbose shows them\)$'
says '^-O0 .* bound reached$'
tool -v -O 0 varied.c
test "$(wc -l <"$out")" -gt 900 || fail "a loop without end, --verbose: $(wc -l <"$out") lines"
tool -O 0 --unroll 3 retry.c
test "$code" = 3 || fail "cut by --unroll: exit $code"
says 'every execution was cut by --unroll 3, so nothing was checked'

# A random walk says that it proves nothing; a part that it is one.
ends 0 -O 0 --random 10 right.c
says 'Random walks prove nothing'
says 'random walks +nothing found$'
ends 0 -O 0 --shard 1/2 right.c
says 'part 1/2 +verified'
says 'One part of 2'
echo 'int main(void) { return 0; }' >single.c
ends 0 -O 0 --shard 1/2 single.c
cp "$out" parts
ends 0 -O 0 --shard 2/2 single.c
cat "$out" >>parts
test "$(grep -c 'nothing in this part$' parts)" = 1 || fail "of two parts of one execution: $(cat parts)"

# C++, objects, several files, both compilers.
if command -v c++ >/dev/null; then
    cat >right.cc <<'END'
#include <atomic>
#include <cassert>
#include <thread>
static int message;
static std::atomic<int> ready;
int main()
{
    std::thread sender([] { message = 42; ready.store(1, std::memory_order_release); });
    if (ready.load(std::memory_order_acquire)) {
        assert(message == 42);
    }
    sender.join();
}
END
    ends 0 right.cc
    says '^-O0 +RC11 +2 '
fi
echo 'extern int answer; int answer = 42;' >answer.c
echo 'extern int answer; int main(void) { return answer == 42 ? 0 : 1; }' >ask.c
ends 0 ask.c answer.c
cc -fsanitize=thread -fPIC -c answer.c
ends 0 ask.c answer.o
cc -g -fsanitize=thread -fPIC -c wrong.c
ends 1 wrong.o
says '^Of the object, under RC11:'
says '^object +RC11 .* data race$'
ar rcs wrong.a wrong.o answer.o
ends 1 wrong.a
ends 0 right.c -- -flto -O3
says '^-O2 +RC11 +2 '
for cc in gcc clang; do
    if command -v $cc >/dev/null; then
        ends 0 --cc $cc right.c
        ends 1 -O 0 --cc $cc wrong.c
    fi
done
tool -v -O 0 right.c
test "$code" = 0 && grep -q -e "-fsanitize=thread" "$err" || fail "--verbose does not show the compiler: $(cat "$err")"

# Of a program that uses names of ours, and a fence, which gcc does not like here.
cat >names.c <<'END'
#include <stdatomic.h>
int options = 1, result = 2;
int explore(int x);
int explore(int x) { return x; }
int main(void)
{
    atomic_thread_fence(memory_order_seq_cst);
    return explore(options + result) == 3 ? 0 : 1;
}
END
ends 0 names.c -- -Wall -Werror

exit $status
