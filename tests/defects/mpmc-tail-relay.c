/* cordon-check -DBROKEN: data-race at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* A ring for many consumers. Each takes a place at `head`, reads its slot, and then passes `tail`
 * on, in the order of the places; the producer fills again what lies before `tail`.
 *
 * Where: libvsync, include/vsync/queue/bounded_mpmc.h, bounded_mpmc_deq():
 * vatomic32_await_eq_rlx(&q->ctail, curr), then a store with release. (Its bounded_mpmc_enq() also
 * reads `ctail` relaxed: see spsc-relaxed-index.c.)
 *
 * What goes wrong: the first consumer stores tail = 1 with release; the second waits for that 1
 * with a relaxed load and stores tail = 2 with release. The producer acquires the 2: it knows that
 * the second consumer is done, and nothing about the first, whose slot it fills next.
 *
 * Why the fix is right: the second consumer acquires what it waits for. Its own release then
 * passes on what the first released: a baton carries everything only if each runner takes it with
 * acquire.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { SIZE = 2 };

static int slots[SIZE] = {1, 2};
static atomic_uint head, tail;

static void *consume(void *unused)
{
    const unsigned place = atomic_fetch_add_explicit(&head, 1, memory_order_relaxed);
    const int value = slots[place % SIZE]; /* HERE */
    assert(value == (int)place + 1);
#if BROKEN
    while (atomic_load_explicit(&tail, memory_order_relaxed) != place) {
#else
    while (atomic_load_explicit(&tail, memory_order_acquire) != place) {
#endif
    }
    atomic_store_explicit(&tail, place + 1, memory_order_release);
    return unused;
}

int main(void)
{
    pthread_t first, second;
    pthread_create(&first, NULL, consume, NULL);
    pthread_create(&second, NULL, consume, NULL);
    while (atomic_load_explicit(&tail, memory_order_acquire) != 2) {
    }
    slots[0] = 3; /* HERE */
    slots[1] = 4; /* HERE */
    pthread_join(first, NULL);
    pthread_join(second, NULL);
    return 0;
}
