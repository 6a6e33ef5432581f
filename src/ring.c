/* ring.c - the out-of-line half of cordon/ring/: pushes and pops that wait. */
#include <cordon/ring/mpmc.h>
#include <cordon/ring/spsc.h>

/* One blocking call: what it tries, and where it sleeps. */
struct call {
    void *ring;
    struct cordon_eventcount *ec;
    const void *in;
    void *out;
    enum cordon_result (*attempt)(const struct call *call);
    void (*pass_on)(const struct call *call); /* for whoever slept, once it is settled; or NULL */
};

/* FULL, EMPTY and BUSY are what a wait is for. */
static bool settled(enum cordon_result result)
{
    return result == CORDON_OK || result == CORDON_CLOSED;
}

/* Try; relax and yield for a while; then register at the eventcount, try once more, and sleep. A
 * deadline that passes ends it after a last try.
 */
static enum cordon_result wait_for(const struct call *call, uint64_t deadline)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    for (;;) {
        enum cordon_result result = call->attempt(call);
        if (!settled(result) && cordon_wait_expired(&waiter, deadline)) {
            return CORDON_TIMEDOUT;
        }
        if (!settled(result) && !cordon_wait_spent(&waiter)) {
            cordon_wait_step(&waiter);
            continue;
        }
        if (!settled(result)) {
            const uint32_t key = cordon_eventcount_prepare(call->ec);
            result = call->attempt(call);
            if (!settled(result)) {
                (void)cordon_eventcount_wait(call->ec, key, deadline);
                continue;
            }
            cordon_eventcount_cancel(call->ec, key);
        }
        if (call->pass_on != NULL && cordon_wait_spent(&waiter)) {
            call->pass_on(call);
        }
        return result;
    }
}

static enum cordon_result spsc_push(const struct call *call)
{
    return cordon_spsc_try_push((struct cordon_spsc *)call->ring, call->in);
}

static enum cordon_result spsc_pop(const struct call *call)
{
    return cordon_spsc_try_pop((struct cordon_spsc *)call->ring, call->out);
}

enum cordon_result cordon_spsc_push_until(struct cordon_spsc *ring, const void *item,
                                          uint64_t deadline)
{
    const struct call call = {ring, &ring->not_full, item, NULL, spsc_push, NULL};
    return wait_for(&call, deadline);
}

enum cordon_result cordon_spsc_pop_until(struct cordon_spsc *ring, void *item, uint64_t deadline)
{
    const struct call call = {ring, &ring->not_empty, NULL, item, spsc_pop, NULL};
    return wait_for(&call, deadline);
}

#if ATOMIC_LLONG_LOCK_FREE == 2

static enum cordon_result mpmc_push(const struct call *call)
{
    return cordon_mpmc_try_push((struct cordon_mpmc *)call->ring, call->in);
}

static enum cordon_result mpmc_pop(const struct call *call)
{
    return cordon_mpmc_try_pop((struct cordon_mpmc *)call->ring, call->out);
}

/* Passing it on. A signal wakes one sleeper, and slots may become ready out of turn: the second
 * before the first, whose thread is slower. The sleeper that the second woke finds the first BUSY
 * and sleeps again; when the first becomes ready, one is woken, for two. So whoever was woken and
 * got something wakes the next if there is more; and at the end of a closed ring each tells the
 * next that it is over.
 */
static void pass_on_push(const struct call *call)
{
    struct cordon_mpmc *ring = (struct cordon_mpmc *)call->ring;
    const uint64_t tail = cordon_mpmc_tail_(ring);
    if ((tail & CORDON_MPMC_CLOSED_) != 0 || cordon_mpmc_is_free_(ring, tail)) {
        cordon_eventcount_signal(&ring->not_full);
    }
}

static void pass_on_pop(const struct call *call)
{
    struct cordon_mpmc *ring = (struct cordon_mpmc *)call->ring;
    if (cordon_mpmc_is_filled_(ring, cordon_mpmc_head_(ring)) || cordon_mpmc_is_closed(ring)) {
        cordon_eventcount_signal(&ring->not_empty);
    }
}

enum cordon_result cordon_mpmc_push_until(struct cordon_mpmc *ring, const void *item,
                                          uint64_t deadline)
{
    const struct call call = {ring, &ring->not_full, item, NULL, mpmc_push, pass_on_push};
    return wait_for(&call, deadline);
}

enum cordon_result cordon_mpmc_pop_until(struct cordon_mpmc *ring, void *item, uint64_t deadline)
{
    const struct call call = {ring, &ring->not_empty, NULL, item, mpmc_pop, pass_on_pop};
    return wait_for(&call, deadline);
}

#endif
