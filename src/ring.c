/* ring.c - the out-of-line half of cordon/ring/: pushes and pops that wait.
 *
 * All four are one loop: try; relax and yield for a while; then register at the eventcount, try
 * once more, and sleep. A deadline that passes ends it after a last try.
 */
#include <cordon/ring/mpmc.h>
#include <cordon/ring/spsc.h>

/* FULL, EMPTY and BUSY are what a wait is for. */
static bool settled(enum cordon_result result)
{
    return result == CORDON_OK || result == CORDON_CLOSED;
}

/* Wait a little. Sets *key when the caller has to look again before it calls doze. */
static bool drowsy(struct cordon_waiter *waiter, struct cordon_eventcount *ec, uint32_t *key)
{
    if (!cordon_wait_spent(waiter)) {
        cordon_wait_step(waiter);
        return false;
    }
    *key = cordon_eventcount_prepare(ec);
    return true;
}

enum cordon_result cordon_spsc_push_until(struct cordon_spsc *ring, const void *item,
                                          uint64_t deadline)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    uint32_t key;
    for (;;) {
        enum cordon_result result = cordon_spsc_try_push(ring, item);
        if (settled(result)) {
            return result;
        }
        if (cordon_wait_expired(&waiter, deadline)) {
            return CORDON_TIMEDOUT;
        }
        if (drowsy(&waiter, &ring->not_full, &key)) {
            result = cordon_spsc_try_push(ring, item);
            if (settled(result)) {
                cordon_eventcount_cancel(&ring->not_full, key);
                return result;
            }
            (void)cordon_eventcount_wait(&ring->not_full, key, deadline);
        }
    }
}

enum cordon_result cordon_spsc_pop_until(struct cordon_spsc *ring, void *item, uint64_t deadline)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    uint32_t key;
    for (;;) {
        enum cordon_result result = cordon_spsc_try_pop(ring, item);
        if (settled(result)) {
            return result;
        }
        if (cordon_wait_expired(&waiter, deadline)) {
            return CORDON_TIMEDOUT;
        }
        if (drowsy(&waiter, &ring->not_empty, &key)) {
            result = cordon_spsc_try_pop(ring, item);
            if (settled(result)) {
                cordon_eventcount_cancel(&ring->not_empty, key);
                return result;
            }
            (void)cordon_eventcount_wait(&ring->not_empty, key, deadline);
        }
    }
}

/* Passing it on. A signal wakes one sleeper, and slots may become ready out of turn: the second
 * before the first, whose thread is slower. The sleeper that the second woke finds the first BUSY
 * and sleeps again; when the first becomes ready, one is woken, for two. So whoever was woken and
 * got something wakes the next if there is more; and at the end of a closed ring each tells the
 * next that it is over.
 */
static void pass_on_push(struct cordon_mpmc *ring)
{
    const uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    if ((tail & CORDON_MPMC_CLOSED_) != 0 ||
        atomic_load_explicit(cordon_mpmc_stamp_(ring, tail), memory_order_relaxed) == tail) {
        cordon_eventcount_signal(&ring->not_full);
    }
}

static void pass_on_pop(struct cordon_mpmc *ring)
{
    const uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (atomic_load_explicit(cordon_mpmc_stamp_(ring, head), memory_order_relaxed) == head + 1 ||
        cordon_mpmc_is_closed(ring)) {
        cordon_eventcount_signal(&ring->not_empty);
    }
}

enum cordon_result cordon_mpmc_push_until(struct cordon_mpmc *ring, const void *item,
                                          uint64_t deadline)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    uint32_t key;
    for (;;) {
        enum cordon_result result = cordon_mpmc_try_push(ring, item);
        if (settled(result)) {
            if (cordon_wait_spent(&waiter)) {
                pass_on_push(ring);
            }
            return result;
        }
        if (cordon_wait_expired(&waiter, deadline)) {
            return CORDON_TIMEDOUT;
        }
        if (drowsy(&waiter, &ring->not_full, &key)) {
            result = cordon_mpmc_try_push(ring, item);
            if (settled(result)) {
                cordon_eventcount_cancel(&ring->not_full, key);
                pass_on_push(ring);
                return result;
            }
            (void)cordon_eventcount_wait(&ring->not_full, key, deadline);
        }
    }
}

enum cordon_result cordon_mpmc_pop_until(struct cordon_mpmc *ring, void *item, uint64_t deadline)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    uint32_t key;
    for (;;) {
        enum cordon_result result = cordon_mpmc_try_pop(ring, item);
        if (settled(result)) {
            if (cordon_wait_spent(&waiter)) {
                pass_on_pop(ring);
            }
            return result;
        }
        if (cordon_wait_expired(&waiter, deadline)) {
            return CORDON_TIMEDOUT;
        }
        if (drowsy(&waiter, &ring->not_empty, &key)) {
            result = cordon_mpmc_try_pop(ring, item);
            if (settled(result)) {
                cordon_eventcount_cancel(&ring->not_empty, key);
                pass_on_pop(ring);
                return result;
            }
            (void)cordon_eventcount_wait(&ring->not_empty, key, deadline);
        }
    }
}
