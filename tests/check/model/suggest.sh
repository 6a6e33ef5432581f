#!/bin/sh
# suggest.sh TOOL SOURCE WORK - --suggest: orders that are weak enough and strong enough.
. "$(dirname "$0")/../cli/common.sh"
need python3
schema=$(dirname "$0")/../cli/schema.py
case $schema in /*) ;; *) schema=$OLDPWD/$schema ;; esac

# suggests FILE: these lines follow the table of levels, whatever the number of trials.
suggests() {
    sed '1,/^-O2 /d; s/([0-9]* trials*)/(TRIALS)/' "$out" >found
    diff "$1" found || fail "another suggestion"
}

message seq_cst >mp.c
sed -i 's/memory_order_acquire/memory_order_seq_cst/' mp.c
ends 0 --suggest mp.c
cat >expected <<'END'

2 of 2 operations can have a weaker order:
    mp.c:10  store seq_cst -> release
    mp.c:17  load seq_cst -> acquire
Each step further fails; for this program, under RC11 (TRIALS).
END
suggests expected
ends 0 --suggest --json=out.json mp.c
python3 "$schema" out.json suggestion.direction=weaker suggestion.verified=True suggestion.minimal=True suggestion.changes.1.new_order=acquire || fail "JSON"

message release >mp.c
ends 0 --suggest mp.c
cat >expected <<'END'

No operation can have a weaker order:
Each step down fails; for this program, under RC11 (TRIALS).
END
suggests expected

# A program that is wrong.
message relaxed >mp.c
ends 1 --suggest mp.c
cat >expected <<'END'

With a stronger order for 1 of 2 operations it verifies:
    mp.c:10  store relaxed -> release
Each step further fails; for this program, under RC11 (TRIALS).
END
suggests expected
ends 1 --suggest --json=out.json mp.c
python3 "$schema" out.json suggestion.direction=stronger suggestion.verified=True status=1 suggestion.changes.0.line=10 || fail "JSON"
sed -i 's/message == 42/message == 43/' mp.c
ends 1 --suggest mp.c
says '^No memory order cures it: with seq_cst everywhere, too: assertion failed\.$'

# What is needed is needed of the whole: either the fences or the accesses do, and the fences go. Before
# them goes what need not be seq_cst at all.
cat >sb.c <<'END'
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
static atomic_int x, y, z;
static int a, b;
static void *left(void *unused)
{
    atomic_store(&x, 1);
    atomic_thread_fence(memory_order_seq_cst);
    a = atomic_load(&y);
    return unused;
}
static void *right(void *unused)
{
    int expected = 0;
    atomic_compare_exchange_strong(&z, &expected, 1);
    atomic_store(&y, 1);
    atomic_thread_fence(memory_order_seq_cst);
    b = atomic_load(&x);
    return unused;
}
int main(void)
{
    pthread_t thread[2];
    pthread_create(&thread[0], NULL, left, NULL);
    pthread_create(&thread[1], NULL, right, NULL);
    pthread_join(thread[0], NULL);
    pthread_join(thread[1], NULL);
    assert(a || b);
}
END
ends 0 --suggest sb.c
cat >expected <<'END'

3 of 7 operations can have a weaker order:
    sb.c:9   fence seq_cst -> none
    sb.c:16  cas seq_cst/seq_cst -> relaxed/relaxed
    sb.c:18  fence seq_cst -> none
Each step further fails; for this program, under RC11 (TRIALS).
END
suggests expected

# The same with relaxed accesses and no fence has a cure; nothing weaker than was written is tried.
sed -i '/atomic_thread_fence/d; s/atomic_store(\(.*\));/atomic_store_explicit(\1, memory_order_release);/; s/atomic_load(\(.*\));/atomic_load_explicit(\1, memory_order_acquire);/' sb.c
ends 1 --suggest sb.c
cat >expected <<'END'

With a stronger order for 4 of 5 operations it verifies:
    sb.c:8   store release -> seq_cst
    sb.c:9   load acquire -> seq_cst
    sb.c:16  store release -> seq_cst
    sb.c:17  load acquire -> seq_cst
Each step further fails; for this program, under RC11 (TRIALS).
END
suggests expected

# Neither side of an asymmetric pair can be weaker, and no full fence is asked for where a light one does.
sed 's/^ *b = .*/&\n    assert(b == 0 || message == 42);/; s/^static int a/static int message, a/; s/^ *atomic_store_explicit(&x/    message = 42;\n&/' \
    "$top/tests/check/environment/membarrier-light.c" >light.c
ends 1 --suggest light.c
cat >expected <<'END'

With a stronger order for 2 of 6 operations it verifies:
    light.c:17  store relaxed -> release
    light.c:30  load relaxed -> acquire
Each step further fails; for this program, under RC11 (TRIALS).
END
suggests expected
cp "$top/tests/check/environment/membarrier-light.c" light.c
ends 0 --suggest light.c
says '^No operation can have a weaker order:$'

exit $status
