#!/bin/sh
# random.sh TOOL SOURCE WORK - a random walk stays within the model, and comes to its corners.
. "$(dirname "$0")/../cli/common.sh"

cat >sb.c <<'END'
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
static atomic_int x, y;
static int a, b;
static void *left(void *unused) { atomic_store_explicit(&x, 1, ORDER); a = READ(&y); return unused; }
static void *right(void *unused) { atomic_store_explicit(&y, 1, ORDER); b = READ(&x); return unused; }
int main(void) {
    pthread_t t[2];
    pthread_create(&t[0], 0, left, 0);
    pthread_create(&t[1], 0, right, 0);
    pthread_join(t[0], 0);
    pthread_join(t[1], 0);
    assert(a || b);
}
END
for read in 'atomic_load_explicit(p,ORDER)' 'atomic_fetch_add_explicit(p,0,ORDER)'; do
    for model in rc11 tso; do
        ends 0 -q -m $model -O 2 --random 1000 sb.c -- -DORDER=memory_order_seq_cst "-DREAD(p)=$read"
    done
done
ends 1 -q -O 2 --random 1000 sb.c -- -DORDER=memory_order_release \
    '-DREAD(p)=atomic_load_explicit(p,memory_order_acquire)'

exit $status
