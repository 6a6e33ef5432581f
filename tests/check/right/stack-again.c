/* cordon-check -O0: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* An MCS lock, whose nodes lie where other functions' frames were and will be: what another thread wrote
 * to one of them must not come back in those.
 */
struct node {
    _Atomic(struct node *) next;
    atomic_int locked;
};
static _Atomic(struct node *) tail;
static int data;

static void lock(struct node *n)
{
    atomic_store_explicit(&n->next, NULL, memory_order_relaxed);
    atomic_store_explicit(&n->locked, 1, memory_order_relaxed);
    struct node *p = atomic_exchange_explicit(&tail, n, memory_order_acq_rel);
    if (p) {
        atomic_store_explicit(&p->next, n, memory_order_release);
        while (atomic_load_explicit(&n->locked, memory_order_acquire)) {
        }
    }
}

static void unlock(struct node *n)
{
    struct node *next = atomic_load_explicit(&n->next, memory_order_acquire);
    if (!next) {
        struct node *expected = n;
        if (atomic_compare_exchange_strong_explicit(&tail, &expected, NULL, memory_order_acq_rel,
                                                    memory_order_relaxed)) {
            return;
        }
        while (!(next = atomic_load_explicit(&n->next, memory_order_acquire))) {
        }
    }
    atomic_store_explicit(&next->locked, 0, memory_order_release);
}

static void once(int depth)
{
    struct node n;
    volatile char some[64];
    some[depth] = 0;
    if (depth > 0) {
        once(depth - 1);
        return;
    }
    lock(&n);
    ++data;
    unlock(&n);
}

static void *twice(void *unused)
{
    once(0);
    once(2);
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, twice, NULL);
    pthread_create(&other, NULL, twice, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    assert(data == 4);
    return 0;
}
