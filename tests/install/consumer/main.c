/* What a user of libcordon might write; compiled as C11, C17, C++11 and C++20. A thread sends
 * numbers through a ring to another, which adds them up under each kind of lock; the sum is
 * published by a sequence lock. Inline and out-of-line halves of the library are both used.
 */
#include <cordon/fence.h>
#include <cordon/ring/mpmc.h>
#include <cordon/ring/spsc.h>
#include <cordon/seq/seqlock.h>
#include <cordon/spin/mcs.h>
#include <cordon/spin/ticket.h>
#include <cordon/sync/mutex.h>
#include <cordon/version.h>
#include <cordon/wait.h>

#include <pthread.h>
#include <stdio.h>

enum { NUMBERS = 10000, ROOM = 100 };

static struct cordon_spsc ring;
static struct cordon_mpmc back;
static struct cordon_mutex mutex = CORDON_MUTEX_INIT;
static struct cordon_ticket ticket = CORDON_TICKET_INIT;
static struct cordon_mcs mcs = CORDON_MCS_INIT;
static unsigned long by_mutex, by_ticket, by_mcs; /* plain: the locks order them */
static struct cordon_seqlock published = CORDON_SEQLOCK_INIT;
static cordon_word shared[CORDON_WORDS(unsigned long)];
static CORDON_ATOMIC(uint32_t) done = CORDON_ATOMIC_INIT(0);

static void add(unsigned long number)
{
    struct cordon_mcs_node node;
    cordon_mutex_lock(&mutex);
    by_mutex += number;
    cordon_mutex_unlock(&mutex);
    cordon_ticket_lock(&ticket);
    by_ticket += number;
    cordon_ticket_unlock(&ticket);
    cordon_mcs_lock(&mcs, &node);
    by_mcs += number;
    cordon_mcs_unlock(&mcs, &node);
}

static void *adder(void *argument)
{
    unsigned long number;
    (void)argument;
    while (cordon_spsc_pop(&ring, &number) == CORDON_OK) {
        add(number);
        (void)cordon_mpmc_push(&back, &number);
    }
    cordon_mpmc_close(&back);
    cordon_seqlock_store(&published, shared, &by_mutex, sizeof by_mutex);
    cordon_store_full(&done, 1);
    cordon_wake_all_u32(&done);
    return NULL;
}

int main(void)
{
    const unsigned long expected = 2ul * (NUMBERS * (NUMBERS + 1ul) / 2);
    unsigned long number, echoed = 0, sum = 0, echo;
    pthread_t thread;
    if (!cordon_spsc_create(&ring, ROOM, sizeof number) ||
        !cordon_mpmc_create(&back, NUMBERS, sizeof number) || !cordon_fence_heavy() ||
        pthread_create(&thread, NULL, adder, NULL) != 0) {
        return 1;
    }
    cordon_fence_light();
    for (number = 1; number <= NUMBERS; ++number) {
        add(number);
        if (cordon_spsc_push(&ring, &number) != CORDON_OK) {
            return 1;
        }
    }
    cordon_spsc_close(&ring);
    while (cordon_mpmc_pop(&back, &echo) == CORDON_OK) {
        echoed += echo;
    }
    if (cordon_wait_u32(&done, 0, cordon_deadline_after(60000000000u)) != CORDON_OK) {
        return 1;
    }
    cordon_seqlock_load(&published, &sum, shared, sizeof sum);
    pthread_join(thread, NULL);
    cordon_spsc_destroy(&ring);
    cordon_mpmc_destroy(&back);
    printf("cordon %d.%d: %lu\n", CORDON_VERSION_MAJOR, CORDON_VERSION_MINOR, sum);
    return sum == expected && by_ticket == expected && by_mcs == expected && 2 * echoed == expected
               ? 0
               : 1;
}
