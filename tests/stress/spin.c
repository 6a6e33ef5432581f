/* Every spinlock, driven through one small adapter. The data under the locks is plain, so that a
 * missing order is a race which ThreadSanitizer reports, and lost exclusion shows as unequal words.
 *
 *   exclusion       lock, try_lock and lock_until, mixed, count together without losing one
 *   hand_over_hand  two locks held while walking a list: nobody overtakes, nodes are reused
 *   several         any locks held at once and released in any order
 *   turns           threads that arrive one after the other enter in that order
 *   giving_up       deadlines too short to be met: nobody who gives up takes the lock along
 */
#include "stress.h"

#include <cordon/spin/clh.h>
#include <cordon/spin/hemlock.h>
#include <cordon/spin/k42.h>
#include <cordon/spin/mcs.h>
#include <cordon/spin/ticket.h>
#include <cordon/spin/ttas.h>

#include <string.h>
#include <unistd.h>

enum { ROOMS = 4, WORDS = 8, MOST = 32 };

union any {
    struct cordon_ttas ttas;
    struct cordon_ticket ticket;
    struct cordon_mcs mcs;
    struct cordon_k42 k42;
    struct cordon_clh clh;
    struct cordon_hemlock hemlock;
};

/* What a thread brings along, for each of the rooms that it may be in at once. */
struct kit {
    CORDON_ALIGNED(CORDON_LINE) struct cordon_mcs_node mcs[ROOMS];
    struct cordon_clh_handle clh[ROOMS];
    struct cordon_hemlock_self hemlock;
    unsigned long counted[ROOMS];
    uint32_t random;
};

struct kind {
    const char *name;
    void (*lock)(union any *lock, struct kit *kit, unsigned room);
    bool (*try_lock)(union any *lock, struct kit *kit, unsigned room);
    bool (*lock_until)(union any *lock, struct kit *kit, unsigned room, uint64_t deadline);
    void (*unlock)(union any *lock, struct kit *kit, unsigned room);
    uintptr_t (*arrivals)(
        union any *lock); /* changes with each arrival; NULL if no queue is kept */
};

#define ADAPT(kind, arguments)                                                   \
    static void kind##_lock(union any *lock, struct kit *kit, unsigned room)     \
    {                                                                            \
        (void)kit, (void)room;                                                   \
        cordon_##kind##_lock arguments;                                          \
    }                                                                            \
    static bool kind##_try_lock(union any *lock, struct kit *kit, unsigned room) \
    {                                                                            \
        (void)kit, (void)room;                                                   \
        return cordon_##kind##_try_lock arguments;                               \
    }                                                                            \
    static void kind##_unlock(union any *lock, struct kit *kit, unsigned room)   \
    {                                                                            \
        (void)kit, (void)room;                                                   \
        cordon_##kind##_unlock arguments;                                        \
    }
ADAPT(ttas, (&lock->ttas))
ADAPT(ticket, (&lock->ticket))
ADAPT(mcs, (&lock->mcs, &kit->mcs[room]))
ADAPT(k42, (&lock->k42))
ADAPT(clh, (&lock->clh, &kit->clh[room]))
ADAPT(hemlock, (&lock->hemlock, &kit->hemlock))

static bool ttas_lock_until(union any *lock, struct kit *kit, unsigned room, uint64_t deadline)
{
    (void)kit, (void)room;
    return cordon_ttas_lock_until(&lock->ttas, deadline);
}

static bool clh_lock_until(union any *lock, struct kit *kit, unsigned room, uint64_t deadline)
{
    return cordon_clh_lock_until(&lock->clh, &kit->clh[room], deadline);
}

#define ARRIVALS(kind, word)                                                            \
    static uintptr_t kind##_arrivals(union any *lock)                                   \
    {                                                                                   \
        return (uintptr_t)atomic_load_explicit(&lock->kind.word, memory_order_relaxed); \
    }
ARRIVALS(ticket, next)
ARRIVALS(mcs, tail)
ARRIVALS(k42, tail)
ARRIVALS(clh, tail)
ARRIVALS(hemlock, tail)

static const struct kind kinds[] = {
    {"ttas", ttas_lock, ttas_try_lock, ttas_lock_until, ttas_unlock, NULL},
    {"ticket", ticket_lock, ticket_try_lock, NULL, ticket_unlock, ticket_arrivals},
    {"mcs", mcs_lock, mcs_try_lock, NULL, mcs_unlock, mcs_arrivals},
    {"k42", k42_lock, k42_try_lock, NULL, k42_unlock, k42_arrivals},
    {"clh", clh_lock, clh_try_lock, clh_lock_until, clh_unlock, clh_arrivals},
    {"hemlock", hemlock_lock, hemlock_try_lock, NULL, hemlock_unlock, hemlock_arrivals},
};

/* Everything that one case works on. The threads outnumber the cores; main is one more. */
static struct house {
    const struct kind *kind;
    unsigned long rounds;
    struct room {
        CORDON_ALIGNED(CORDON_LINE) union any lock;
        CORDON_ALIGNED(CORDON_LINE) unsigned long words[WORDS];
    } room[ROOMS];
    struct kit kit[MOST + 1];
    CORDON_ALIGNED(CORDON_LINE) struct cordon_clh_node node[MOST + 1][ROOMS];
    CORDON_ATOMIC(uint32_t) started;
    unsigned entered[MOST], count; /* under room 0 */
    CORDON_ATOMIC(unsigned long) given_up;
} house;

static void furnish(const struct kind *kind, unsigned long rounds)
{
    memset(&house, 0, sizeof house);
    house.kind = kind;
    house.rounds = rounds;
    for (unsigned i = 0; i <= MOST; ++i) {
        house.kit[i].random = 2463534242u + i;
        for (unsigned room = 0; room < ROOMS; ++room) {
            const struct cordon_clh_handle handle = CORDON_CLH_HANDLE_INIT(&house.node[i][room]);
            house.kit[i].clh[room] = handle;
        }
    }
}

static uint32_t random_below(struct kit *kit, uint32_t bound)
{
    kit->random ^= kit->random << 13;
    kit->random ^= kit->random >> 17;
    kit->random ^= kit->random << 5;
    return kit->random % bound;
}

static void enter(struct kit *kit, unsigned room)
{
    house.kind->lock(&house.room[room].lock, kit, room);
}

static void leave(struct kit *kit, unsigned room)
{
    house.kind->unlock(&house.room[room].lock, kit, room);
}

static void count(unsigned room)
{
    unsigned long *words = house.room[room].words;
    for (unsigned i = 0; i < WORDS; ++i) {
        CHECK(words[i] == words[0], "%s: torn: %lu and %lu", house.kind->name, words[0], words[i]);
    }
    for (unsigned i = 0; i < WORDS; ++i) {
        ++words[i];
    }
}

static void counted(unsigned room, unsigned long expected)
{
    for (unsigned i = 0; i < WORDS; ++i) {
        CHECK(house.room[room].words[i] == expected, "%s: counted %lu of %lu", house.kind->name,
              house.room[room].words[i], expected);
    }
}

/* One attempt of a random sort; true if it entered. */
static bool attempt(struct kit *kit)
{
    const struct kind *kind = house.kind;
    union any *lock = &house.room[0].lock;
    switch (random_below(kit, 4)) {
    case 0:
        return kind->try_lock(lock, kit, 0);
    case 1:
        if (kind->lock_until != NULL) {
            return kind->lock_until(lock, kit, 0, cordon_deadline_after(random_below(kit, 50000)));
        }
        return kind->try_lock(lock, kit, 0);
    default:
        kind->lock(lock, kit, 0);
        return true;
    }
}

/* What may be freed may be overwritten, with plain stores. Volatile, since gcc's sanitizer does not
 * see a memset that became instructions.
 */
static void overwrite(void *object, unsigned char value, size_t size)
{
    volatile unsigned char *bytes = (volatile unsigned char *)object;
    for (size_t i = 0; i < size; ++i) {
        bytes[i] = value;
    }
}

static void exclusion(unsigned index, void *argument)
{
    struct kit *kit = &house.kit[index];
    (void)argument;
    for (unsigned long i = 0; i < house.rounds; ++i) {
        while (!attempt(kit)) {
        }
        count(0);
        leave(kit, 0);
        overwrite(kit->mcs, 0xa5, sizeof kit->mcs);
        overwrite(&kit->hemlock, 0, sizeof kit->hemlock);
    }
}

/* Whoever is n-th in room 0 is n-th in all, since nobody can pass somebody who holds the next. */
static void hand_over_hand(unsigned index, void *argument)
{
    struct kit *kit = &house.kit[index];
    (void)argument;
    for (unsigned long i = 0; i < house.rounds; ++i) {
        enter(kit, 0);
        const unsigned long place = house.room[0].words[0];
        count(0);
        for (unsigned room = 1; room < ROOMS; ++room) {
            enter(kit, room);
            leave(kit, room - 1);
            CHECK(house.room[room].words[0] == place, "%s: overtaken: %lu is at place %lu",
                  house.kind->name, place, house.room[room].words[0]);
            count(room);
        }
        leave(kit, ROOMS - 1);
    }
}

/* Different threads wait at the same time for different locks that one thread holds. */
static void several(unsigned index, void *argument)
{
    struct kit *kit = &house.kit[index];
    (void)argument;
    for (unsigned long i = 0; i < house.rounds; ++i) {
        const unsigned wanted = 1 + random_below(kit, (1u << ROOMS) - 1);
        const unsigned first = random_below(kit, ROOMS);
        for (unsigned room = 0; room < ROOMS; ++room) {
            if (wanted & 1u << room) {
                enter(kit, room);
            }
        }
        for (unsigned k = 0; k < ROOMS; ++k) {
            const unsigned room = (k % 2 ? first + ROOMS - (k + 1) / 2 : first + k / 2) % ROOMS;
            if (wanted & 1u << room) {
                count(room);
                ++kit->counted[room];
                leave(kit, room);
            }
        }
    }
}

/* Thread 0 holds the lock and lets the others arrive one by one. */
static void turns(unsigned index, void *argument)
{
    const unsigned threads = *(unsigned *)argument;
    union any *lock = &house.room[0].lock;
    struct kit *kit = &house.kit[index];
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    if (index == 0) {
        enter(kit, 0);
        for (unsigned next = 1; next < threads; ++next) {
            const uintptr_t before = house.kind->arrivals(lock);
            atomic_store_explicit(&house.started, next, memory_order_relaxed);
            while (house.kind->arrivals(lock) == before) {
                cordon_wait_step(&waiter);
            }
        }
    } else {
        while (atomic_load_explicit(&house.started, memory_order_relaxed) != index) {
            cordon_wait_step(&waiter);
        }
        enter(kit, 0);
    }
    house.entered[house.count++] = index;
    leave(kit, 0);
}

/* No deadline is later than a hand-over or two; entering in spite of that is rare enough, that most
 * of the queue is places left behind, resumed, and passed by.
 */
static void giving_up(unsigned index, void *argument)
{
    const struct kind *kind = house.kind;
    union any *lock = &house.room[0].lock;
    struct kit *kit = &house.kit[index];
    unsigned long given_up = 0;
    (void)argument;
    for (unsigned long i = 0; i < house.rounds; ++i) {
        while (!(random_below(kit, 3) == 0
                     ? kind->try_lock(lock, kit, 0)
                     : kind->lock_until(lock, kit, 0, cordon_now() + random_below(kit, 2000)))) {
            ++given_up;
            if (random_below(kit, 4) == 0) {
                cordon_wait_yield(); /* the one whose turn it is may be waiting for this core */
            }
        }
        count(0);
        if (random_below(kit, 16) == 0) {
            cordon_wait_yield(); /* a preempted holder */
        }
        leave(kit, 0);
    }
    atomic_fetch_add_explicit(&house.given_up, given_up, memory_order_relaxed);
}

/* Afterwards the lock is free, also for a newcomer and for whoever left a place behind. */
static void still_usable(unsigned threads)
{
    const struct kind *kind = house.kind;
    for (unsigned i = MOST; i < MOST + 1 + threads; ++i) {
        struct kit *kit = &house.kit[i % (MOST + 1)];
        CHECK(kind->try_lock(&house.room[0].lock, kit, 0), "%s: not free afterwards", kind->name);
        leave(kit, 0);
    }
}

static void all_cases(const struct kind *kind, unsigned threads)
{
    const unsigned long rounds = stress_scale(24000) / threads / (threads > 4 ? 4 : 1) + 1;
    furnish(kind, 2 * rounds);
    stress_run(threads, exclusion, NULL);
    counted(0, threads * 2 * rounds);
    still_usable(threads);

    furnish(kind, rounds / 4 + 1);
    stress_run(threads, hand_over_hand, NULL);
    for (unsigned room = 0; room < ROOMS; ++room) {
        counted(room, threads * (rounds / 4 + 1));
    }

    furnish(kind, rounds / 4 + 1);
    stress_run(threads, several, NULL);
    for (unsigned room = 0; room < ROOMS; ++room) {
        unsigned long sum = 0;
        for (unsigned i = 0; i < threads; ++i) {
            sum += house.kit[i].counted[room];
        }
        counted(room, sum);
    }

    if (kind->arrivals != NULL) {
        furnish(kind, 1);
        stress_run(threads, turns, &threads);
        for (unsigned i = 0; i < threads; ++i) {
            CHECK(house.entered[i] == i, "%s: %u entered as number %u", kind->name,
                  house.entered[i], i);
        }
    }

    if (kind->lock_until != NULL) {
        furnish(kind, rounds);
        stress_run(threads, giving_up, NULL);
        counted(0, threads * rounds);
        still_usable(threads);
    }
}

int main(void)
{
    const long online = sysconf(_SC_NPROCESSORS_ONLN);
    const unsigned most = online < 1 ? 16 : online > MOST / 16 ? MOST : (unsigned)online * 16;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i) {
        for (unsigned threads = 1; threads <= most; threads *= 2) {
            const uint64_t start = cordon_now();
            all_cases(&kinds[i], threads);
            printf("%-8s %2u threads %6.0f ms, gave up %lu times\n", kinds[i].name, threads,
                   (double)(cordon_now() - start) / 1e6,
                   atomic_load_explicit(&house.given_up, memory_order_relaxed));
        }
    }
    return 0;
}
