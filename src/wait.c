/* wait.c - the out-of-line half of cordon/wait.h: the clock, yielding, and parking.
 *
 * Parking rests on two operations on a 32-bit word, os_park and os_wake: futex(2) on Linux, a table
 * of condition variables elsewhere (CORDON_FUTEX=0 selects the table on Linux too, for the tests).
 * Words of other sizes borrow a 32-bit one, an `epoch`, from a table indexed by their address.
 */
#define _GNU_SOURCE
#include <cordon/wait.h>

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>

#ifndef CORDON_FUTEX
#if defined(__linux__)
#define CORDON_FUTEX 1
#else
#define CORDON_FUTEX 0
#endif
#endif

#if CORDON_FUTEX
#include <sys/syscall.h>
#include <unistd.h>
#endif

enum { NANOSECONDS = 1000000000 };

uint64_t cordon_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * NANOSECONDS + (uint64_t)now.tv_nsec;
}

void cordon_wait_yield(void)
{
    sched_yield();
}

/* The instant as a timespec; one beyond what a time_t of 32 bits holds is as good as never. */
static struct timespec timespec_of(uint64_t deadline)
{
    const uint64_t seconds = deadline / NANOSECONDS;
    struct timespec t;
    t.tv_sec = (time_t)(sizeof(time_t) < 8 && seconds > INT32_MAX ? INT32_MAX : seconds);
    t.tv_nsec = (long)(deadline % NANOSECONDS);
    return t;
}

#define BUCKETS 64

/* Fibonacci hashing of the address; the low bits are alike for aligned objects. */
static size_t bucket_of(const volatile void *address)
{
    return (size_t)((uint64_t)(uintptr_t)address * UINT64_C(0x9E3779B97F4A7C15) >> 58);
}

/* os_park - sleep while *word == old, until woken or past the deadline; may wake for no reason. */
static enum cordon_result os_park(const CORDON_ATOMIC(uint32_t) * word, uint32_t old,
                                  uint32_t marks, uint64_t deadline);
/* os_wake - wake up to `count` sleepers on the word, of those that have one of the marks, if not
 * others. The word is named, never read.
 */
static void os_wake(const CORDON_ATOMIC(uint32_t) * word, int count, uint32_t marks);
#define ANY UINT32_MAX /* mark */

#if CORDON_FUTEX

/* From linux/futex.h. */
enum {
    FUTEX_WAIT_BITSET_PRIVATE = 9 | 128, /* its timeout is absolute, of CLOCK_MONOTONIC */
    FUTEX_WAKE_BITSET_PRIVATE = 10 | 128,
};

/* Where both exist, time_t decides which kernel interface reads our timespec rightly. */
static long futex(const CORDON_ATOMIC(uint32_t) * word, int operation, uint32_t value,
                  const struct timespec *deadline, uint32_t marks)
{
#if defined(SYS_futex_time64) && defined(SYS_futex)
    const long number = sizeof(time_t) > sizeof(long) ? SYS_futex_time64 : SYS_futex;
#elif defined(SYS_futex_time64)
    const long number = SYS_futex_time64;
#else
    const long number = SYS_futex;
#endif
    return syscall(number, word, operation, value, deadline, NULL, marks);
}

static enum cordon_result os_park(const CORDON_ATOMIC(uint32_t) * word, uint32_t old,
                                  uint32_t marks, uint64_t deadline)
{
    const int saved = errno;
    const struct timespec at = timespec_of(deadline);
    enum cordon_result result = CORDON_OK;
    if (futex(word, FUTEX_WAIT_BITSET_PRIVATE, old, deadline == CORDON_NEVER ? NULL : &at, marks) !=
        0) {
        switch (errno) {
        case ETIMEDOUT:
            result = CORDON_TIMEDOUT;
            break;
        case EAGAIN: /* the value had changed */
        case EINTR:  /* a signal; the caller looks again and comes back */
            break;
        default: /* refused, by a filter say: poll politely instead of failing or burning */
            if (deadline != CORDON_NEVER && cordon_now() >= deadline) {
                result = CORDON_TIMEDOUT;
            } else {
                const struct timespec nap = {0, 50000};
                int state;
                pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
                nanosleep(&nap, NULL);
                pthread_setcancelstate(state, &state);
            }
            break;
        }
    }
    errno = saved;
    return result;
}

static void os_wake(const CORDON_ATOMIC(uint32_t) * word, int count, uint32_t marks)
{
    const int saved = errno;
    futex(word, FUTEX_WAKE_BITSET_PRIVATE, (uint32_t)count, NULL, marks);
    errno = saved;
}

#else

/* A sleeper compares and goes to sleep under the bucket's mutex, a waker takes it after the store:
 * either the comparison sees the store, or the broadcast finds the sleeper.
 */
static struct bucket {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
} parked[BUCKETS];
static pthread_once_t parked_once = PTHREAD_ONCE_INIT;

static void parked_init(void)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    for (size_t i = 0; i < BUCKETS; ++i) {
        pthread_mutex_init(&parked[i].mutex, NULL);
        pthread_cond_init(&parked[i].changed, &monotonic);
    }
    pthread_condattr_destroy(&monotonic);
}

static enum cordon_result os_park(const CORDON_ATOMIC(uint32_t) * word, uint32_t old,
                                  uint32_t marks, uint64_t deadline)
{
    int error = 0, state;
    (void)marks;
    pthread_once(&parked_once, parked_init);
    struct bucket *bucket = &parked[bucket_of(word)];
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &state);
    pthread_mutex_lock(&bucket->mutex);
    if (atomic_load_explicit(word, memory_order_relaxed) == old) {
        if (deadline == CORDON_NEVER) {
            error = pthread_cond_wait(&bucket->changed, &bucket->mutex);
        } else {
            const struct timespec at = timespec_of(deadline);
            error = pthread_cond_timedwait(&bucket->changed, &bucket->mutex, &at);
        }
    }
    pthread_mutex_unlock(&bucket->mutex);
    pthread_setcancelstate(state, &state);
    return error == ETIMEDOUT ? CORDON_TIMEDOUT : CORDON_OK;
}

static void os_wake(const CORDON_ATOMIC(uint32_t) * word, int count, uint32_t marks)
{
    (void)count,
        (void)marks; /* a bucket may hold sleepers on other words: all of them look again */
    pthread_once(&parked_once, parked_init);
    struct bucket *bucket = &parked[bucket_of(word)];
    pthread_mutex_lock(&bucket->mutex);
    pthread_mutex_unlock(&bucket->mutex);
    pthread_cond_broadcast(&bucket->changed);
}

#endif

/* The epochs: words to sleep on for addresses that are not 32 bits wide.
 *
 * Bit 0: somebody may sleep here. Above it: a count of wakes. A sleeper sets the bit, looks at its
 * own word again, and parks on the epoch it saw. A waker, having stored, advances the count. Both
 * are RMWs of one word, hence totally ordered: either the waker comes second and sees the bit, or
 * the sleeper comes second, and its acquire (A0) from the waker's release (R0) shows it the store.
 */
static struct epoch {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) word;
} epochs[BUCKETS];

static uint32_t epoch_enter(const volatile void *address)
{
    CORDON_ATOMIC(uint32_t) *word = &epochs[bucket_of(address)].word;
    return atomic_fetch_or_explicit(word, 1, memory_order_acquire) | 1; /* A0 <- R0 */
}

static enum cordon_result epoch_park(const volatile void *address, uint32_t seen, uint64_t deadline)
{
    return os_park(&epochs[bucket_of(address)].word, seen, ANY, deadline);
}

/* Not inline: six functions are but this. */
static __attribute__((noinline)) void epoch_wake(const volatile void *address)
{
    CORDON_ATOMIC(uint32_t) *word = &epochs[bucket_of(address)].word;
    if (atomic_fetch_add_explicit(word, 2, memory_order_release) & 1) { /* R0 -> A0 */
        /* Relaxed: whoever set the bit before this either sleeps, and is woken below, or will find
         * the word changed and not sleep.
         */
        atomic_fetch_and_explicit(word, ~UINT32_C(1), memory_order_relaxed);
        os_wake(word, INT_MAX, ANY);
    }
}

/* cordon_park_u32 and its wakes use the word itself, the other sizes an epoch. */
enum cordon_result cordon_park_u32(const CORDON_ATOMIC(uint32_t) * address, uint32_t old,
                                   uint64_t deadline)
{
    return os_park(address, old, ANY, deadline);
}

void cordon_wake_one_u32(const CORDON_ATOMIC(uint32_t) * address)
{
    os_wake(address, 1, ANY);
}

void cordon_wake_all_u32(const CORDON_ATOMIC(uint32_t) * address)
{
    os_wake(address, INT_MAX, ANY);
}

void cordon_wake_n_u32(const CORDON_ATOMIC(uint32_t) * address, uint32_t count)
{
    os_wake(address, count < INT_MAX ? (int)count : INT_MAX, ANY);
}

enum cordon_result cordon_park_marked_u32(const CORDON_ATOMIC(uint32_t) * address, uint32_t old,
                                          uint32_t marks, uint64_t deadline)
{
    return os_park(address, old, marks, deadline);
}

void cordon_wake_marked_u32(const CORDON_ATOMIC(uint32_t) * address, uint32_t marks)
{
    os_wake(address, INT_MAX, marks);
}

#define DEFINE_PARK(size)                                                                 \
    enum cordon_result cordon_park_u##size(const CORDON_ATOMIC(uint##size##_t) * address, \
                                           uint##size##_t old, uint64_t deadline)         \
    {                                                                                     \
        const uint32_t seen = epoch_enter(address);                                       \
        if (atomic_load_explicit(address, memory_order_relaxed) != old) {                 \
            return CORDON_OK;                                                             \
        }                                                                                 \
        return epoch_park(address, seen, deadline);                                       \
    }                                                                                     \
    void cordon_wake_one_u##size(const CORDON_ATOMIC(uint##size##_t) * address)           \
    {                                                                                     \
        epoch_wake(address); /* the epoch is shared: all must look again */               \
    }                                                                                     \
    void cordon_wake_all_u##size(const CORDON_ATOMIC(uint##size##_t) * address)           \
    {                                                                                     \
        epoch_wake(address);                                                              \
    }
DEFINE_PARK(8)
DEFINE_PARK(16)
#if ATOMIC_LLONG_LOCK_FREE == 2
DEFINE_PARK(64)
#endif

/* The whole policy. A1: pairs with the caller's release store of the new value. */
#define DEFINE_WAIT(size)                                                                       \
    enum cordon_result cordon_wait_u##size(const CORDON_ATOMIC(uint##size##_t) * address,       \
                                           uint##size##_t old, uint64_t deadline)               \
    {                                                                                           \
        struct cordon_waiter waiter = CORDON_WAITER_INIT;                                       \
        while (atomic_load_explicit(address, memory_order_acquire) == old) { /* A1 <- caller */ \
            if (cordon_wait_expired(&waiter, deadline)) {                                       \
                return CORDON_TIMEDOUT;                                                         \
            }                                                                                   \
            if (cordon_wait_spent(&waiter)) {                                                   \
                (void)cordon_park_u##size(address, old, deadline);                              \
            } else {                                                                            \
                cordon_wait_step(&waiter);                                                      \
            }                                                                                   \
        }                                                                                       \
        return CORDON_OK;                                                                       \
    }
DEFINE_WAIT(8)
DEFINE_WAIT(16)
DEFINE_WAIT(32)
#if ATOMIC_LLONG_LOCK_FREE == 2
DEFINE_WAIT(64)
#endif
