/* The spinlocks beside those of Concurrency Kit that have the same name: the same workload over
 * each must come to the same result, and the same sequence of tries to the same answers.
 * No more threads than cores: a peer's waiter never yields.
 */
#include "../stress/stress.h"

#include <cordon/spin/clh.h>
#include <cordon/spin/mcs.h>
#include <cordon/spin/ticket.h>
#include <cordon/spin/ttas.h>

#include <ck_spinlock.h>

#include <string.h>
#include <unistd.h>

enum { MOST = 4 };

/* One lock, for threads 0 to MOST - 1. */
struct lock {
    const char *name;
    void (*init)(void);
    void (*lock)(unsigned thread);
    bool (*try_lock)(unsigned thread); /* or NULL */
    void (*unlock)(unsigned thread);
};

#define PLAIN(name, type, start, enter, try, leave) \
    static struct type name##_lock;                 \
    static void name##_init(void)                   \
    {                                               \
        start;                                      \
    }                                               \
    static void name##_enter(unsigned thread)       \
    {                                               \
        (void)thread;                               \
        enter(&name##_lock);                        \
    }                                               \
    static bool name##_try(unsigned thread)         \
    {                                               \
        (void)thread;                               \
        return try(&name##_lock);                   \
    }                                               \
    static void name##_leave(unsigned thread)       \
    {                                               \
        (void)thread;                               \
        leave(&name##_lock);                        \
    }
PLAIN(our_ttas, cordon_ttas, memset(&our_ttas_lock, 0, sizeof our_ttas_lock), cordon_ttas_lock,
      cordon_ttas_try_lock, cordon_ttas_unlock)
PLAIN(our_ticket, cordon_ticket, memset(&our_ticket_lock, 0, sizeof our_ticket_lock),
      cordon_ticket_lock, cordon_ticket_try_lock, cordon_ticket_unlock)
PLAIN(ck_fas, ck_spinlock_fas, ck_spinlock_fas_init(&ck_fas_lock), ck_spinlock_fas_lock,
      ck_spinlock_fas_trylock, ck_spinlock_fas_unlock)
PLAIN(ck_ticket, ck_spinlock_ticket, ck_spinlock_ticket_init(&ck_ticket_lock),
      ck_spinlock_ticket_lock, ck_spinlock_ticket_trylock, ck_spinlock_ticket_unlock)

static struct cordon_mcs our_mcs;
static struct cordon_mcs_node our_mcs_nodes[MOST];

static void our_mcs_init(void)
{
    memset(&our_mcs, 0, sizeof our_mcs);
}

static void our_mcs_enter(unsigned thread)
{
    cordon_mcs_lock(&our_mcs, &our_mcs_nodes[thread]);
}

static bool our_mcs_try(unsigned thread)
{
    return cordon_mcs_try_lock(&our_mcs, &our_mcs_nodes[thread]);
}

static void our_mcs_leave(unsigned thread)
{
    cordon_mcs_unlock(&our_mcs, &our_mcs_nodes[thread]);
}

static ck_spinlock_mcs_t ck_mcs;
static ck_spinlock_mcs_context_t ck_mcs_nodes[MOST];

static void ck_mcs_init(void)
{
    ck_spinlock_mcs_init(&ck_mcs);
}

static void ck_mcs_enter(unsigned thread)
{
    ck_spinlock_mcs_lock(&ck_mcs, &ck_mcs_nodes[thread]);
}

static bool ck_mcs_try(unsigned thread)
{
    return ck_spinlock_mcs_trylock(&ck_mcs, &ck_mcs_nodes[thread]);
}

static void ck_mcs_leave(unsigned thread)
{
    ck_spinlock_mcs_unlock(&ck_mcs, &ck_mcs_nodes[thread]);
}

static struct cordon_clh our_clh;
static struct cordon_clh_node our_clh_nodes[MOST];
static struct cordon_clh_handle our_clh_handles[MOST];

static void our_clh_init(void)
{
    memset(&our_clh, 0, sizeof our_clh);
    memset(our_clh_nodes, 0, sizeof our_clh_nodes);
    for (unsigned i = 0; i < MOST; ++i) {
        our_clh_handles[i].mine = &our_clh_nodes[i];
    }
}

static void our_clh_enter(unsigned thread)
{
    cordon_clh_lock(&our_clh, &our_clh_handles[thread]);
}

static bool our_clh_try(unsigned thread)
{
    return cordon_clh_try_lock(&our_clh, &our_clh_handles[thread]);
}

static void our_clh_leave(unsigned thread)
{
    cordon_clh_unlock(&our_clh, &our_clh_handles[thread]);
}

static ck_spinlock_clh_t *ck_clh;
static ck_spinlock_clh_t ck_clh_nodes[MOST + 1];
static ck_spinlock_clh_t *ck_clh_mine[MOST];

static void ck_clh_init(void)
{
    ck_spinlock_clh_init(&ck_clh, &ck_clh_nodes[MOST]);
    for (unsigned i = 0; i < MOST; ++i) {
        ck_clh_mine[i] = &ck_clh_nodes[i];
    }
}

static void ck_clh_enter(unsigned thread)
{
    ck_spinlock_clh_lock(&ck_clh, ck_clh_mine[thread]);
}

static void ck_clh_leave(unsigned thread)
{
    ck_spinlock_clh_unlock(&ck_clh_mine[thread]);
}

/* Ours and theirs, pairwise. */
static const struct lock locks[][2] = {
    {{"ttas", our_ttas_init, our_ttas_enter, our_ttas_try, our_ttas_leave},
     {"ck fas", ck_fas_init, ck_fas_enter, ck_fas_try, ck_fas_leave}},
    {{"ticket", our_ticket_init, our_ticket_enter, our_ticket_try, our_ticket_leave},
     {"ck ticket", ck_ticket_init, ck_ticket_enter, ck_ticket_try, ck_ticket_leave}},
    {{"mcs", our_mcs_init, our_mcs_enter, our_mcs_try, our_mcs_leave},
     {"ck mcs", ck_mcs_init, ck_mcs_enter, ck_mcs_try, ck_mcs_leave}},
    {{"clh", our_clh_init, our_clh_enter, our_clh_try, our_clh_leave},
     {"ck clh", ck_clh_init, ck_clh_enter, NULL, ck_clh_leave}},
};

/* Under the lock, plain: a checksum that depends on every entry having seen the one before. */
static struct {
    const struct lock *lock;
    unsigned long rounds, entries, inside, sum;
} work;

static void enter_and_leave(unsigned index, void *argument)
{
    (void)argument;
    for (unsigned long i = 0; i < work.rounds; ++i) {
        work.lock->lock(index);
        CHECK(work.inside++ == 0, "%s admits two", work.lock->name);
        work.sum = work.sum * 6364136223846793005u + ++work.entries;
        --work.inside;
        work.lock->unlock(index);
    }
}

static unsigned long workload(const struct lock *lock, unsigned threads)
{
    memset(&work, 0, sizeof work);
    work.lock = lock;
    work.rounds = stress_scale(200000) / threads;
    lock->init();
    stress_run(threads, enter_and_leave, NULL);
    CHECK(work.entries == threads * work.rounds, "%s lost %lu", lock->name,
          threads * work.rounds - work.entries);
    return work.sum;
}

/* One thread plays two contenders; returns the answers, one bit for each try. */
static unsigned long tries(const struct lock *lock)
{
    unsigned long answers = 0, random = 1;
    unsigned holder = MOST;
    lock->init();
    for (int i = 0; i < 10000; ++i) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        const unsigned who = random >> 63 & 1;
        if (holder == who && (random >> 60 & 1) != 0) {
            lock->unlock(who);
            holder = MOST;
        } else if (holder != who) {
            const bool entered = lock->try_lock(who);
            CHECK(entered == (holder == MOST), "%s, try %d: %d", lock->name, i, entered);
            holder = entered ? who : holder;
            answers = answers * 31 + entered;
        }
    }
    return answers;
}

int main(void)
{
    const long cores = sysconf(_SC_NPROCESSORS_ONLN);
    for (size_t i = 0; i < sizeof locks / sizeof *locks; ++i) {
        const struct lock *ours = &locks[i][0], *theirs = &locks[i][1];
        for (unsigned threads = 1; threads <= MOST && (long)threads <= cores; threads *= 2) {
            CHECK(workload(ours, threads) == workload(theirs, threads),
                  "%s and %s differ, %u threads", ours->name, theirs->name, threads);
        }
        if (ours->try_lock != NULL && theirs->try_lock != NULL) {
            CHECK(tries(ours) == tries(theirs), "%s and %s differ in their tries", ours->name,
                  theirs->name);
        }
        printf("%s, %s: equal\n", ours->name, theirs->name);
    }
    return 0;
}
