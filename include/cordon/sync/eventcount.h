/* cordon/sync/eventcount.h - sleep until a condition over somebody else's words may have changed.
 *
 * Problem. A thread that finds a ring empty wants to sleep. Whoever fills the ring must then wake
 * it, but a push is a few nanoseconds: it cannot afford a system call each time, nor an RMW or a
 * full fence only to ask whether somebody sleeps.
 *
 * Idea. The sleeper pays. It registers in one word beside the ring, makes sure that every other
 * thread knows, and looks once more; only then it sleeps. Whoever changes the ring looks at that
 * word afterwards, with a plain load, and does no more as long as nobody is registered:
 *
 *     sleeper                                 signaller
 *     register in the word                    publish (a release store to the ring)
 *     cordon_fence_heavy()                    cordon_fence_light()
 *     look at the ring: still nothing?        look at the word: somebody registered?
 *     sleep until given a token               give a token, wake one
 *
 * Why no wake-up is lost: it would need the sleeper's look to miss what was published and the
 * signaller's look to miss the registration. Each stores, fences, and loads what the other stored:
 * that is store buffering, and the two fences (F0) forbid that both loads miss.
 *
 * State. One 32-bit word: how many threads are registered and were not yet told anything (upper
 * half: waiting), and how many tokens lie ready for them (lower half). A signal turns `waiting`
 * into tokens, one for one, in one RMW; who takes a token was woken. Invariants:
 *   - waiting + tokens = threads between their prepare and the end of their wait or cancel. So a
 *     thread that gives up (deadline, or its look succeeded) always finds one of either to take
 *     back, in one RMW, without waiting for anybody.
 *   - it takes back from `waiting` if there is any: then a token stays for somebody who sleeps. If
 *     there is none, everybody left has a token. Either way no token is missing.
 *   - tokens have no owner. A thread woken by the kernel whose token an earlier riser took sleeps
 *     on; it is still counted.
 * Hence a second signal, sent while the woken thread is still on its way, finds nobody waiting and
 * costs what it costs when nobody sleeps; and one signal wakes one thread, not the herd.
 *
 * The loop of a sleeper:
 *
 *     for (;;) {
 *         if (condition()) return;                            spin on this for a while first
 *         key = cordon_eventcount_prepare(&ec);
 *         if (condition()) { cordon_eventcount_cancel(&ec, key); return; }
 *         cordon_eventcount_wait(&ec, key, deadline);         look again, whatever it says
 *     }
 *
 * One condition, one eventcount. Whoever takes a token must be able to use what it was given for,
 * as any thread that pops can use any element: threads that wait for different things (my turn,
 * your turn) sleep at different eventcounts, or one of them might rise in the place of another.
 *
 * A token says "look", not "it is yours": another thread may have been faster. A thread that was
 * woken and leaves more than it takes should signal in its turn, if one signal may stand for more
 * than one thing to take.
 *
 * Where the fences fall back. If membarrier is refused from the start, both fences are full ones
 * (see fence.h) and all of the above holds. If it is refused later (a seccomp filter installed in
 * mid-flight) prepare learns that no order was established; that thread then polls with sleeps of a
 * millisecond and loses nothing.
 *
 * Fairness: none promised beyond the kernel's queue; newcomers may take a token first.
 * Preemption: a signaller preempted between token and wake-up delays that one sleeper.
 * Lifetime: a signal looks at the word after the store that it announces, so a thread that has seen
 * that store must not free the eventcount before the signaller has returned.
 * Size: 4 bytes, nothing per waiter; at most 65535 threads sleep, the next ones poll. All-zero is
 * valid. Keep it on a line that is seldom written: every signaller reads it.
 *
 * Source: D. Vyukov's eventcount (1024cores.net; also the waiter and signal counts of Eigen's
 * EventCount); for the fences D. Goldblatt, "Asymmetric Fences", ISO C++ paper P1202R5.
 */
#ifndef CORDON_SYNC_EVENTCOUNT_H
#define CORDON_SYNC_EVENTCOUNT_H

#include <cordon/atomic.h>
#include <cordon/fence.h>
#include <cordon/wait.h>

CORDON_BEGIN_DECLS

/* cordon_eventcount - where threads sleep and signallers look. All-zero is valid: nobody sleeps. */
struct cordon_eventcount {
    CORDON_ATOMIC(uint32_t) word; /* waiting << 16 | tokens */
};
#define CORDON_EVENTCOUNT_INIT CORDON_ZERO

#if __STDC_HOSTED__
/* One thread in the upper half of the word. */
#define CORDON_EVENTCOUNT_WAITING_ UINT32_C(0x10000)

/* The out-of-line half of the signals: tokens for up to `most` of those that wait. */
CORDON_API void cordon_eventcount_wake_(struct cordon_eventcount *ec, uint32_t most);

/* cordon_eventcount_prepare - register as about to sleep; then look at the condition again.
 * Returns a key, to be given to exactly one cordon_eventcount_wait or cordon_eventcount_cancel.
 * Order:  a full fence, unless the thread could not be registered and will poll. The look at the
 *         condition that follows, or else the signaller, sees what the other stored.
 * Cost:   an RMW and cordon_fence_heavy: microseconds. Spin first.
 * Edges:  eventcount.c F0 <-> F0 (the word, and what is published)
 */
CORDON_API uint32_t cordon_eventcount_prepare(struct cordon_eventcount *ec);

/* cordon_eventcount_cancel - take the registration back: the look succeeded. */
CORDON_API void cordon_eventcount_cancel(struct cordon_eventcount *ec, uint32_t key);

/* cordon_eventcount_wait - sleep until signalled or past the deadline; the registration is over.
 * Returns CORDON_OK if the condition is worth a look (it may still not hold), CORDON_TIMEDOUT if
 * the deadline passed. Look once more in that case, too.
 * Order:  what a thread may rely on comes from its look at the condition: publish that with release
 *         and look with acquire. Besides, if a token ended the wait, what precedes the signal that
 *         gave it happens before the return (ACQUIRE); a wait that polled has none.
 * Waits:  at once in the kernel (cordon_park_u32); the caller has spun.
 * Edges:  eventcount.c A0 <- eventcount.c R0 (word: the token)
 */
CORDON_API enum cordon_result cordon_eventcount_wait(struct cordon_eventcount *ec, uint32_t key,
                                                     uint64_t deadline);

/* Is anybody registered? To be asked after publishing. ThreadSanitizer learns nothing of the fence:
 * what a ring's orders fail to order must show.
 */
static inline bool cordon_eventcount_awaited_(const struct cordon_eventcount *ec)
{
    cordon_fence_light_(); /* F0 <-> eventcount.c F0 */
    /* Relaxed: F0 orders it, and the RMW in cordon_eventcount_wake_ decides. */
    return __builtin_expect(
        atomic_load_explicit(&ec->word, memory_order_relaxed) >= CORDON_EVENTCOUNT_WAITING_, 0);
}

/* cordon_eventcount_signal - the condition may hold now for one more: wake one who waits for it.
 * Call it after the store that makes the condition true.
 * Order:  RELEASE towards the thread that takes the token. The store before must be atomic, and
 *         release what it publishes: a thread whose look succeeds takes no token.
 * Cost:   while nobody waits: two loads and two predicted branches, no fence instruction (a full
 *         fence where membarrier is refused). Else one RMW and a system call.
 * Edges:  F0 <-> eventcount.c F0 (the word, and what is published);
 *         eventcount.c R0 -> eventcount.c A0 (word: the token)
 */
static inline void cordon_eventcount_signal(struct cordon_eventcount *ec)
{
    if (cordon_eventcount_awaited_(ec)) {
        cordon_eventcount_wake_(ec, 1);
    }
}

/* cordon_eventcount_signal_n - as cordon_eventcount_signal, for up to n of those that wait. */
static inline void cordon_eventcount_signal_n(struct cordon_eventcount *ec, size_t n)
{
    if (cordon_eventcount_awaited_(ec)) {
        cordon_eventcount_wake_(ec, n < UINT16_MAX ? (uint32_t)n : UINT16_MAX);
    }
}

/* cordon_eventcount_signal_all - as cordon_eventcount_signal, for all that wait: closing time. */
static inline void cordon_eventcount_signal_all(struct cordon_eventcount *ec)
{
    if (cordon_eventcount_awaited_(ec)) {
        cordon_eventcount_wake_(ec, UINT16_MAX);
    }
}
#endif

CORDON_END_DECLS

#endif
