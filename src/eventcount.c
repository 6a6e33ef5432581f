/* eventcount.c - the out-of-line half of cordon/sync/eventcount.h: registering, sleeping, waking.
 */
#include <cordon/sync/eventcount.h>

#define ONE_WAITING   CORDON_EVENTCOUNT_WAITING_
#define ONE_TOKEN     UINT32_C(1)
#define TOKENS(word)  ((word) & (ONE_WAITING - 1))
#define WAITING(word) ((word) / ONE_WAITING)

/* Keys. POLL: not registered, for want of room in the word or of an order between the fences. */
enum { REGISTERED, POLL };

enum { NAP = 1000000 };

/* Give up the registration: one fewer waiting, or, if all are told already, one token fewer. */
static void leave(struct cordon_eventcount *ec)
{
    uint32_t word = atomic_load_explicit(&ec->word, memory_order_relaxed);
    /* Relaxed: it is for the condition to say what this thread may rely on. */
    while (!atomic_compare_exchange_weak_explicit(
        &ec->word, &word, word - (WAITING(word) > 0 ? ONE_WAITING : ONE_TOKEN),
        memory_order_relaxed, memory_order_relaxed)) {
    }
}

uint32_t cordon_eventcount_prepare(struct cordon_eventcount *ec)
{
    uint32_t word = atomic_load_explicit(&ec->word, memory_order_relaxed);
    /* Relaxed: the fence below orders it before the caller's look. */
    do {
        if (WAITING(word) + TOKENS(word) == UINT16_MAX) {
            return POLL;
        }
    } while (!atomic_compare_exchange_weak_explicit(&ec->word, &word, word + ONE_WAITING,
                                                    memory_order_relaxed, memory_order_relaxed));
    if (cordon_fence_heavy_()) { /* F0 <-> eventcount.h F0 */
        return REGISTERED;
    }
    leave(ec);
    return POLL;
}

void cordon_eventcount_cancel(struct cordon_eventcount *ec, uint32_t key)
{
    if (key == REGISTERED) {
        leave(ec);
    }
}

/* Nobody will wake this thread, so it must not sleep on the word and swallow another's wake-up. */
static enum cordon_result nap(uint64_t deadline)
{
    static const CORDON_ATOMIC(uint32_t) nobody = 0;
    const uint64_t soon = cordon_deadline_after(NAP);
    const uint64_t until = soon < deadline ? soon : deadline;
    return cordon_park_u32(&nobody, 0, until) == CORDON_TIMEDOUT && until == deadline
               ? CORDON_TIMEDOUT
               : CORDON_OK;
}

enum cordon_result cordon_eventcount_wait(struct cordon_eventcount *ec, uint32_t key,
                                          uint64_t deadline)
{
    bool late = false;
    if (key != REGISTERED) {
        return nap(deadline);
    }
    uint32_t word = atomic_load_explicit(&ec->word, memory_order_relaxed);
    for (;;) {
        if (TOKENS(word) > 0) { /* first of all: the wake-up that ended our sleep may be for it */
            if (atomic_compare_exchange_weak_explicit(&ec->word, &word, word - ONE_TOKEN,
                                                      memory_order_acquire, /* A0 <- R0 */
                                                      memory_order_relaxed)) {
                return CORDON_OK;
            }
        } else if (late) { /* no token, so we are among the waiting */
            if (atomic_compare_exchange_weak_explicit(&ec->word, &word, word - ONE_WAITING,
                                                      memory_order_relaxed, memory_order_relaxed)) {
                return CORDON_TIMEDOUT;
            }
        } else {
            /* Others that register change the word as well: then look again, without a fence. */
            late = cordon_park_u32(&ec->word, word, deadline) == CORDON_TIMEDOUT;
            word = atomic_load_explicit(&ec->word, memory_order_relaxed);
        }
    }
}

void cordon_eventcount_wake_(struct cordon_eventcount *ec, uint32_t most)
{
    uint32_t word = atomic_load_explicit(&ec->word, memory_order_relaxed);
    uint32_t told;
    do {
        told = WAITING(word) < most ? WAITING(word) : most;
        if (told == 0) {
            return;
        }
    } while (!atomic_compare_exchange_weak_explicit(&ec->word, &word,
                                                    word - told * ONE_WAITING + told * ONE_TOKEN,
                                                    memory_order_release, /* R0 -> A0 */
                                                    memory_order_relaxed));
    /* The tokens are out: from here on a sleeper that wakes for any reason finds one. */
    cordon_wake_n_u32(&ec->word, told);
}
