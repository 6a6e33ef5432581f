#!/bin/sh
# mutate.sh TOOL SOURCE WORK - --mutate: which orders are weakened, how, and what becomes of it.
. "$(dirname "$0")/../cli/common.sh"
need python3
schema=$(dirname "$0")/../cli/schema.py
case $schema in /*) ;; *) schema=$OLDPWD/$schema ;; esac

# table FILE: the output has this table, whatever the executions are.
table() {
    sed -n '/^Line /,/^$/p' "$out" | sed 's/  */ /g; s/, execution [0-9]*)/)/; s/ ([0-9]* executions*)//' >found
    diff "$1" found || fail "another table: $*"
}

message release >mp.c
ends 0 -O 2 --mutate mp.c
cat >expected <<'END'
Line Mutant Outcome
mp.c:10 store release -> relaxed killed: data race (-O2)
mp.c:17 load acquire -> relaxed killed: data race (-O2)

END
table expected
says '^2 of 2 mutants killed\.$'
ends 0 -q -O 2 --mutate mp.c
test ! -s "$out" || fail "-q, and yet it says something"

message seq_cst >mp.c
ends 1 --mutate mp.c
cat >expected <<'END'
Line Mutant Outcome
mp.c:10 store seq_cst -> release SURVIVED
mp.c:17 load acquire -> relaxed killed: data race (-O0)

END
table expected
says '^1 of 2 mutants killed, 1 survived\.$'
ends 1 -q --mutate mp.c
says 'SURVIVED'
ends 1 --mutate --json=out.json mp.c
python3 "$schema" out.json mutants.0.outcome=survived mutants.0.new_order=release mutants.1.finding=data-race status=1 || fail "JSON"

message relaxed >mp.c
ends 1 --mutate -O 2 mp.c
says '^Not mutated: the program is wrong as it is\.$'

# One line is one operation: inlined, in a loop, at two levels. Two operations of a line are two. Each
# step of each kind of operation; a failure is not stronger than its success.
cat >kinds.c <<'END'
#include <pthread.h>
#include <stdatomic.h>
static atomic_int x, y;
static inline void set(atomic_int *to)
{
    atomic_store_explicit(to, 1, memory_order_release);
}
static void *run(void *unused)
{
    int expected = 0;
    set(&x);
    for (int i = 0; i < 2; ++i) {
        set(&y);
    }
    atomic_fetch_add_explicit(&x, 1, memory_order_acq_rel); (void)atomic_fetch_add(&y, 1);
    atomic_compare_exchange_strong_explicit(&x, &expected, 1, memory_order_acq_rel, memory_order_acquire);
    atomic_compare_exchange_strong(&y, &expected, 1);
    atomic_thread_fence(memory_order_seq_cst);
    atomic_thread_fence(memory_order_release);
    (void)atomic_load_explicit(&x, memory_order_relaxed);
    return unused;
}
int main(void)
{
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    pthread_mutex_lock(&mutex);
    run(NULL);
    pthread_mutex_unlock(&mutex);
}
END
cat >expected <<'END'
Line Mutant Outcome
kinds.c:6 store release -> relaxed SURVIVED
kinds.c:15:5 fetch_add acq_rel -> acquire SURVIVED
kinds.c:15:5 fetch_add acq_rel -> release SURVIVED
kinds.c:15:67 fetch_add seq_cst -> acq_rel SURVIVED
kinds.c:16 cas acq_rel/acquire -> acquire/acquire SURVIVED
kinds.c:16 cas acq_rel/acquire -> release/relaxed SURVIVED
kinds.c:16 cas acq_rel/acquire -> acq_rel/relaxed SURVIVED
kinds.c:17 cas seq_cst/seq_cst -> acq_rel/acquire SURVIVED
kinds.c:17 cas seq_cst/seq_cst -> seq_cst/acquire SURVIVED
kinds.c:18 fence seq_cst -> acq_rel SURVIVED
kinds.c:19 fence release -> none SURVIVED

END
for jobs in 1 3; do
    ends 1 -j$jobs --mutate kinds.c
    table expected
done

# A weaker order may be killed at one level alone, and by more than a race.
cat >sb.c <<'END'
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
static atomic_int x, y;
static int a, b;
static void *left(void *unused)
{
    atomic_store_explicit(&x, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);
    a = atomic_load_explicit(&y, memory_order_relaxed);
    return unused;
}
static void *right(void *unused)
{
    atomic_store_explicit(&y, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);
    b = atomic_load_explicit(&x, memory_order_relaxed);
    return unused;
}
int main(void)
{
    pthread_t thread[2];
    pthread_create(&thread[0], NULL, left, NULL);
    pthread_create(&thread[1], NULL, right, NULL);
    pthread_join(thread[0], NULL);
    pthread_join(thread[1], NULL);
#ifdef __OPTIMIZE__
    assert(a || b);
#endif
}
END
cat >expected <<'END'
Line Mutant Outcome
sb.c:9 fence seq_cst -> acq_rel killed: assertion failed (-O2)
sb.c:16 fence seq_cst -> acq_rel killed: assertion failed (-O2)

END
for model in rc11 tso; do
    ends 0 -m $model --mutate sb.c
    table expected
done
refuses 2 'do not go together' -m sc --mutate sb.c

# The two sides of an asymmetric pair. Without a heavy side a signal fence is for signals, and left alone.
light=$top/tests/check/environment/membarrier-light.c
cat >expected <<'END'
Line Mutant Outcome
light.c:17 fence light -> none killed: assertion failed (-O2)
light.c:28 fence heavy -> seq_cst killed: assertion failed (-O2)

END
cp "$light" light.c
for model in rc11 tso; do
    ends 0 -O 2 -m $model --mutate light.c
    table expected
done
ends 0 -O 2 --edges light.c
says 'light.c:17 fence light *<-> *light.c:28 fence heavy'
says 'light.c:28 fence heavy *<-> *light.c:17 fence light'
message release | sed 's/^ *message = 42;/&\n    atomic_signal_fence(memory_order_seq_cst);/' >mp.c
grep -q signal_fence mp.c || fail "no signal fence"
ends 0 -O 2 --mutate mp.c
says '^2 of 2 mutants killed\.$'

printf '#include <pthread.h>\nint main(void)\n{\n    pthread_mutex_t m = PTHREAD_MUTEX_INITIALIZER;\n    return pthread_mutex_lock(&m);\n}\n' >none.c
ends 0 -O 2 --mutate none.c
says '^No operation that was executed has an order that could be weaker\.$'

exit $status
