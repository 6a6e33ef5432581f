/* cordon-check: assertion at ra */
/* cordon-check -DNO_FULL_FENCE: assertion at rc11 tso ra */
/* cordon-check -DRELAXED_PUSH: assertion at rc11 ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* The work-stealing deque of Chase and Lev, with the orders of Le, Pop, Cohen and Zappa Nardelli
 * (PPoPP 2013). Its array is large enough here.
 */
#ifdef NO_FULL_FENCE
#define FULL_FENCE() ((void)0)
#else
#define FULL_FENCE() atomic_thread_fence(memory_order_seq_cst)
#endif
enum { ITEMS = 2, NOTHING = -1 };
static atomic_int top, bottom, array[ITEMS];
static atomic_int taken[ITEMS];

static void push(int item)
{
    const int b = atomic_load_explicit(&bottom, memory_order_relaxed);
    atomic_store_explicit(&array[b], item + 1, memory_order_relaxed);
#ifndef RELAXED_PUSH
    atomic_thread_fence(memory_order_release);
#endif
    atomic_store_explicit(&bottom, b + 1, memory_order_relaxed);
}

static int take(void)
{
    const int b = atomic_load_explicit(&bottom, memory_order_relaxed) - 1;
    atomic_store_explicit(&bottom, b, memory_order_relaxed);
    FULL_FENCE();
    int t = atomic_load_explicit(&top, memory_order_relaxed), item = NOTHING;
    if (t <= b) {
        item = atomic_load_explicit(&array[b], memory_order_relaxed) - 1;
        if (t == b) {
            if (!atomic_compare_exchange_strong_explicit(&top, &t, t + 1, memory_order_seq_cst,
                                                         memory_order_relaxed)) {
                item = NOTHING;
            }
            atomic_store_explicit(&bottom, b + 1, memory_order_relaxed);
        }
    } else {
        atomic_store_explicit(&bottom, b + 1, memory_order_relaxed);
    }
    return item;
}

static int steal(void)
{
    int t = atomic_load_explicit(&top, memory_order_acquire);
    FULL_FENCE();
    const int b = atomic_load_explicit(&bottom, memory_order_acquire);
    if (t >= b) {
        return NOTHING;
    }
    const int item = atomic_load_explicit(&array[t], memory_order_relaxed) - 1;
    if (!atomic_compare_exchange_strong_explicit(&top, &t, t + 1, memory_order_seq_cst,
                                                 memory_order_relaxed)) {
        return NOTHING;
    }
    assert(item != NOTHING); /* HERE */
    return item;
}

static void use(int item)
{
    if (item != NOTHING) {
        const int before = atomic_fetch_add_explicit(&taken[item], 1, memory_order_relaxed);
        assert(before == 0); /* HERE */
    }
}

static void *owner(void *unused)
{
    for (int i = 0; i < ITEMS; ++i) {
        push(i);
    }
    for (int i = 0; i < ITEMS; ++i) {
        use(take());
    }
    return unused;
}

static void *thief(void *unused)
{
    use(steal());
    use(steal());
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, owner, NULL);
    pthread_create(&other, NULL, thief, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    for (int i = 0; i < ITEMS; ++i) {
        assert(taken[i] == 1); /* HERE */
    }
    return 0;
}
