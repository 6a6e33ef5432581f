/* locks.h - the parts of `cordon-bench locks`.
 *
 *     adapter.h    what is known of a lock      loop.h       the loops that are timed, for each lock
 *     ours.c       Cordon's locks; the others' are in ../peers
 *     measure.c    alone, with more and more threads, and for many mixes of hold and think
 *     site.c       where lock and data lie in a block, and whether the lock excluded
 *     handover.c   from core to core, beside one line; and the floor where threads outnumber CPUs
 *     compare.c    ours against the best peer of the same kind
 *     advice.c     the sentences
 *     report.c, places.c  the tables            document.c   the JSON
 *     command.c    the command line
 */
#ifndef CORDON_BENCH_LOCKS_H
#define CORDON_BENCH_LOCKS_H

#include "adapter.h"
#include "../clock.h"
#include "../contest.h"
#include "machine/machine.h"

#include <jansson.h>

enum lock_part {
    LOCK_UNCONTENDED, /* lock and unlock, one thread; candidate lock_count is no lock */
    LOCK_THREADS,     /* so many threads, and how long they wait */
    LOCK_MAP,         /* one cell of hold x think */
};

/* Beside the locks, in the scenario with the most threads. */
enum lock_floor { LOCK_FLOOR_SWITCH, LOCK_FLOOR_RING, LOCK_FLOORS };

/* What a lock showed in a scenario, beside its time. */
struct lock_result {
    double *jain; /* of each block that had acquisitions enough */
    unsigned jains, blocks;
    double operations;
    struct histogram *waits; /* ticks; LOCK_THREADS alone */
    uint64_t longest_run;    /* acquisitions by one thread in a row; likewise */
    unsigned calls, attempts, watched;
    double fairness; /* the median of jain; 1 if nothing is known of it */
};

/* One contest; the figures are ns per acquisition, of all threads together. */
struct lock_scenario {
    enum lock_part part;
    unsigned threads;
    uint64_t hold, think; /* ns */
    bool crowded;         /* more threads than CPUs */
    bool floor;           /* candidates lock_count + enum lock_floor take part, too */
    uint64_t block;       /* ns */
    double cost;          /* about what a repetition takes, ns */
    struct contest contest;
    struct lock_result *result;
};

/* A pair of CPUs. `raw` has as candidates the line, the hold alone, and the locks that hand over;
 * `over`, computed from it, the line and those locks: ns per hand-over.
 */
struct lock_pair {
    const struct machine_cpu *a, *b;
    struct contest raw, over;
    double *operations; /* about, of each candidate of raw */
};
enum { LOCK_RAW_LINE, LOCK_RAW_HOLD, LOCK_RAW_LOCKS };
enum { LOCK_OVER_LINE, LOCK_OVER_LOCKS };

struct lock_run {
    struct machine machine;
    struct bench_clock clock;
    const struct lock_adapter **lock; /* those that take part */
    unsigned lock_count;
    const struct machine_cpu **cpu; /* likewise, in the order in which threads get them */
    unsigned cpu_count;
    unsigned *threads; /* ascending */
    unsigned thread_count;
    unsigned mix_threads; /* of the user's mix */
    uint64_t hold, think; /* likewise, ns */
    unsigned repetitions;
    uint64_t time;     /* ns */
    bool brief;        /* a coarser map, fewer numbers of threads, shorter blocks */
    unsigned left_out; /* locks, since it is brief */
    double unit;       /* ns of lock_work */
    struct lock_scenario *scenario;
    unsigned scenario_count;
    unsigned *handing; /* of lock[]: those that hand over */
    unsigned handing_count;
    struct lock_pair *pair;
    unsigned pair_count;
    struct contest_plan plan;
    bool *broken; /* lock[i] did not exclude */
};

/* locks_plan - what is to be measured, once the locks, CPUs, threads and the mix are chosen. */
void locks_plan(struct lock_run *run);

/* locks_measure - all of it, or as much as there is time for before an interrupt. Returns 0, or -1 after
 * saying what is wrong with the environment.
 */
int locks_measure(struct lock_run *run);
void locks_free(struct lock_run *run);

/* locks_broken - some lock did not exclude. */
bool locks_broken(const struct lock_run *run);

/* locks_find - the scenario, or NULL. */
const struct lock_scenario *locks_find(const struct lock_run *run, enum lock_part part,
                                       unsigned threads, uint64_t hold, uint64_t think);

/* locks_resolution - how small an uncontended cost can be told from nothing, ns. */
double locks_resolution(const struct lock_run *run);

/* locks_is_ours - of Cordon. */
bool locks_is_ours(const struct lock_adapter *lock);
const char *locks_kind_text(enum lock_kind kind);
const char *locks_order_text(enum lock_order order);

/* ---- site.c: the memory of a block ---- */

struct team;
struct team_member;

/* One lock somewhere in memory, and the threads' parts. */
struct lock_site {
    unsigned char *arena;
    size_t size; /* of one place in it */
    unsigned threads;
    struct lock_job *job;
    struct histogram *waits;
};

void lock_site_make(struct lock_site *site, const struct lock_run *run, unsigned threads);
void lock_site_free(struct lock_site *site);

/* lock_site_start - the lock, as new, at a random place. hold and think in units of work. */
void lock_site_start(struct lock_site *site, const struct lock_adapter *lock, unsigned threads,
                     uint64_t hold, uint64_t think, uint64_t mask, struct stats_random *random);

/* lock_site_excluded - were no increments lost? Of those that `mask` asked for. */
bool lock_site_excluded(const struct lock_site *site, unsigned threads);

/* lock_operations - of that thread, until now. */
static inline uint64_t lock_operations(const struct lock_job *job)
{
    return atomic_load_explicit(&job->operations, memory_order_relaxed);
}

/* lock_site_work - of a team whose context is this. */
struct lock_block {
    struct lock_site *site;
    lock_loop *loop;
    lock_loop *stall;                /* thread 0 does this first; or NULL */
    CORDON_ATOMIC(uint32_t) settled; /* all are under way: from here on it counts */
};
void lock_site_work(struct team_member *member);

/* ---- handover.c ---- */

void locks_plan_pairs(struct lock_run *run);
int locks_measure_pair(struct lock_run *run, struct lock_pair *pair, uint64_t time);

/* lock_floor_block - ns per hand-over among the team's threads, each asleep until it is its turn. */
double lock_floor_block(struct team *team, uint64_t ns);

/* ---- compare.c ---- */

/* Which peer ours is compared to: the best of its kind; the best of the fair ones, since that one is not
 * fair; the one of the same design, since both of those are of others.
 */
enum lock_rival { LOCK_BEST, LOCK_BEST_FAIR, LOCK_NAMESAKE, LOCK_RIVALS };

/* One of ours against a peer of the same kind: above 1, ours is better. */
struct lock_ratio {
    char what[64];
    unsigned column; /* counts the scenarios */
    unsigned ours, peer;
    struct stats_interval ratio;
    bool differs;
    double ours_jain, peer_jain; /* 1 where it says nothing */
    enum lock_rival rival;
};

/* From there on a lock is called fair. */
#define LOCK_FAIR 0.9

/* locks_fastest - the fastest of the first `count` candidates that is not broken, of the fair ones alone
 * if so wanted; `count` if there is none.
 */
unsigned locks_fastest(const struct lock_scenario *scenario, const bool *broken, unsigned count,
                       bool fair);

/* locks_near - is the lock no slower than the other, as far as anybody would care: by 3 % at most, or by
 * what may be noise?
 */
bool locks_near(const struct lock_scenario *scenario, unsigned lock, unsigned other);

/* locks_compare - all such ratios; *count of them, to be freed. */
struct lock_ratio *locks_compare(const struct lock_run *run, unsigned *count);

/* ---- advice.c ---- */

/* The user's mix with more and more threads, apart from how it was measured. */
struct lock_advice {
    const struct lock_adapter *const *lock;
    unsigned lock_count;
    const bool *broken;
    const struct lock_scenario *const *scenario; /* one for each number of threads, ascending */
    unsigned scenario_count;
    unsigned mix; /* which of them is the user's */
    unsigned cpus;
    double tick; /* ns, of the waits */
};

/* locks_advise - sentences, each to be freed; returns how many, at most `most`. */
unsigned locks_advise(const struct lock_advice *advice, char **sentence, unsigned most);
#define LOCK_MOST_SENTENCES 8

/* locks_advice - the same, of a run; which numbers of threads were measured for the mix. */
unsigned locks_advice(const struct lock_run *run, char **sentence, unsigned most);

/* ---- report.c, places.c, document.c ---- */

void locks_print(FILE *stream, const struct lock_run *run);
void locks_print_list(FILE *stream, const struct lock_run *run, const char *absent);
json_t *locks_document(const struct lock_run *run);

#endif
