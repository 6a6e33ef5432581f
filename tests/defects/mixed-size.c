/* cordon-check -DBROKEN: unsupported */
/* cordon-check: verified at rc11 sc tso */
/* A lock of two counters in one word: tickets are drawn by adding to the word, and waited for in
 * one half of it.
 *
 * Where: progress64, src/p64_pfrwlock.c (64 and 16 bits); Concurrency Kit's ticket and byte locks
 * on x86; DPDK's HTS ring.
 *
 * What goes wrong: C11 says nothing about a 16-bit access to a 32-bit atomic object; nor do the
 * models behind the tools, cordon-check's among them. It says so and does not guess: exit status
 * 2.
 *
 * Why the fix is right: the whole word is read, and the half taken from the value. It costs
 * nothing.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

static _Atomic uint32_t word; /* the ticket that has the lock, and above it the next one */
static int counter;

static uint16_t now_served(void)
{
#if BROKEN
    return atomic_load_explicit((_Atomic uint16_t *)&word, memory_order_acquire);
#else
    return (uint16_t)atomic_load_explicit(&word, memory_order_acquire);
#endif
}

static void *enter(void *unused)
{
    const uint16_t mine =
        (uint16_t)(atomic_fetch_add_explicit(&word, 0x10000, memory_order_acquire) >> 16);
    while (now_served() != mine) {
    }
    ++counter;
    atomic_fetch_add_explicit(&word, 1, memory_order_release);
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, enter, NULL);
    enter(NULL);
    pthread_join(other, NULL);
    assert(counter == 2);
    return 0;
}
