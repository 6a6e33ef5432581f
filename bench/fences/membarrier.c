/* membarrier.c - what a heavy fence costs, and whom.
 *
 * The caller: the loop with cordon_fence_heavy against the loop without, while so many other threads of the
 * process run on other CPUs.
 *
 * The victim: a thread on another CPU does a fixed piece of work over and over, and notes for each piece
 * how long it took and how many heavy fences ended meanwhile. This thread calls them at several paces, in
 * random order. More fences, longer pieces: the slope of that line is the time that one heavy fence takes
 * from a thread that has nothing to do with it. One repetition gives one slope.
 */
#define _GNU_SOURCE
#include "fences.h"
#include "cli/cli.h"
#include "machine/disturbance.h"

#include <cordon/fence.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST_SAMPLES = 5,
    MOST_RETRIES = 4,
    MOST_TRIES = 50, /* of repetitions, on a machine so crowded that hardly one gives a slope */
    PIECE = 50000,   /* ns of work, when nobody takes from it */
    PIECES = 24,     /* at each pace */
};

/* ns from one heavy fence to the next; 0: as fast as they go. The first pace is none at all. */
static const uint64_t paces[FENCE_PACES] = {UINT64_MAX, 200000, 100000, 50000, 20000, 0};

struct victim {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) orders;
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) reports; /* the first: it is pinned */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) fences;  /* that have ended */
    CORDON_ALIGNED(CORDON_LINE) bool end;
    unsigned cpu;
    int error;
    fence_kernel *kernel; /* `rounds` of it are a piece */
    uint64_t rounds;
    struct fence_work *work;
    unsigned pieces; /* undisturbed ones */
    double ns[PIECES], fenced[PIECES];
};

/* Pieces that were preempted, or took so long that they probably were, tell nothing of fences. */
static void drop_disturbed(struct victim *victim)
{
    double scratch[PIECES];
    unsigned kept = 0;
    if (victim->pieces == 0) {
        return;
    }
    memcpy(scratch, victim->ns, victim->pieces * sizeof *scratch);
    const double limit = 2 * stats_median(scratch, victim->pieces);
    for (unsigned i = 0; i < victim->pieces; ++i) {
        if (victim->ns[i] <= limit) {
            victim->ns[kept] = victim->ns[i];
            victim->fenced[kept++] = victim->fenced[i];
        }
    }
    victim->pieces = kept;
}

static void work_in_pieces(struct victim *victim)
{
    victim->pieces = 0;
    victim->kernel(victim->work, victim->rounds / 8 + 1);
    for (unsigned i = 0; i < PIECES; ++i) {
        const long preemptions = machine_preemptions();
        const uint32_t before = atomic_load_explicit(&victim->fences, memory_order_relaxed);
        const uint64_t started = cordon_now();
        victim->kernel(victim->work, victim->rounds);
        const uint64_t stopped = cordon_now();
        const uint32_t after = atomic_load_explicit(&victim->fences, memory_order_relaxed);
        if (machine_preemptions() == preemptions) {
            victim->ns[victim->pieces] = (double)(stopped - started);
            victim->fenced[victim->pieces++] = after - before;
        }
    }
    drop_disturbed(victim);
}

static void report(struct victim *victim)
{
    atomic_fetch_add_explicit(&victim->reports, 1, memory_order_release); /* R1 -> A1 */
    cordon_wake_all_u32(&victim->reports);
}

static void *victim_entry(void *opaque)
{
    struct victim *victim = opaque;
    victim->error = machine_pin(victim->cpu) == 0 ? 0 : errno;
    report(victim);
    for (uint32_t seen = 0;; ++seen) {
        while (atomic_load_explicit(&victim->orders, memory_order_acquire) == seen) { /* A0 <- R0 */
            (void)cordon_wait_u32(&victim->orders, seen, CORDON_NEVER);
        }
        if (victim->end) {
            return NULL;
        }
        work_in_pieces(victim);
        report(victim);
    }
}

static void order(struct victim *victim)
{
    atomic_fetch_add_explicit(&victim->orders, 1, memory_order_release); /* R0 -> A0 */
    cordon_wake_all_u32(&victim->orders);
}

/* Let the victim work while this thread fences at that pace. */
static void disturb(struct victim *victim, uint64_t pace)
{
    const uint32_t report = atomic_load_explicit(&victim->reports, memory_order_relaxed);
    uint32_t fenced = atomic_load_explicit(&victim->fences, memory_order_relaxed);
    order(victim);
    for (uint64_t due = cordon_now();
         atomic_load_explicit(&victim->reports, memory_order_acquire) == report;) { /* A1 <- R1 */
        if (pace == UINT64_MAX || cordon_now() < due) {
            cordon_cpu_relax();
            continue;
        }
        (void)cordon_fence_heavy();
        atomic_store_explicit(&victim->fences, ++fenced, memory_order_relaxed);
        due += pace;
    }
}

struct paces_seen {
    double *rate[FENCE_PACES], *lost[FENCE_PACES];
};

/* One repetition over all paces: does it give a slope? */
static bool take_slope(struct victim *victim, struct stats_random *random, double *slope,
                       const struct paces_seen *seen, unsigned at)
{
    unsigned pace[FENCE_PACES];
    double fenced[FENCE_PACES], ns[FENCE_PACES];
    for (unsigned i = 0; i < FENCE_PACES; ++i) {
        pace[i] = i;
    }
    stats_shuffle(random, pace, FENCE_PACES);
    for (unsigned i = 0; i < FENCE_PACES; ++i) {
        disturb(victim, paces[pace[i]]);
        double *sums[2] = {&fenced[pace[i]], &ns[pace[i]]};
        *sums[0] = *sums[1] = 0;
        for (unsigned k = 0; k < victim->pieces; ++k) {
            *sums[0] += victim->fenced[k] / victim->pieces;
            *sums[1] += victim->ns[k] / victim->pieces;
        }
        if (victim->pieces < PIECES / 2) {
            return false;
        }
    }
    /* The paces that differ: where a fence takes longer than the shortest pause they are the same. */
    double x[FENCE_PACES], y[FENCE_PACES];
    unsigned points = 0;
    for (unsigned i = 0; i < FENCE_PACES; ++i) {
        seen->rate[i][at] = fenced[i] / ns[i] * 1e9;
        seen->lost[i][at] = 1 - ns[0] / ns[i];
        if (points == 0 || fenced[i] > x[points - 1]) {
            x[points] = fenced[i];
            y[points++] = ns[i];
        }
    }
    *slope = points > FENCE_PACES / 2 ? fit_slope(x, y, points) : 0;
    return points > FENCE_PACES / 2;
}

static int measure_victim(struct fence_run *run, uint64_t time)
{
    struct fence_membarrier *found = &run->membarrier;
    struct victim *victim = cordon_aligned_alloc(CORDON_LINE, sizeof *victim);
    struct fence_work *work = cordon_aligned_alloc(4096, sizeof *work);
    const unsigned most = run->repetitions;
    double *samples = calloc((2 * FENCE_PACES + 2) * (size_t)most, sizeof *samples);
    struct stats_random random = {1};
    struct paces_seen seen;
    pthread_t thread;
    if (victim == NULL || work == NULL || samples == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset(victim, 0, sizeof *victim);
    memset(work, 0, sizeof *work);
    found->victim_samples = samples;
    for (unsigned i = 0; i < FENCE_PACES; ++i) {
        seen.rate[i] = samples + (2 * i + 1) * (size_t)most;
        seen.lost[i] = samples + (2 * i + 2) * (size_t)most;
    }
    victim->cpu = found->victim;
    victim->work = work;
    victim->kernel = fences[fence_find("compiler")].with[0];
    victim->rounds = (uint64_t)(PIECE / run->clock.cycle_ns / 8);
    int error = pthread_create(&thread, NULL, victim_entry, victim);
    if (error != 0) {
        cli_error("cannot start a thread: %s", strerror(error));
    } else {
        while (atomic_load_explicit(&victim->reports, memory_order_acquire) == 0) { /* A1 <- R1 */
            (void)cordon_wait_u32(&victim->reports, 0, CORDON_NEVER);
        }
        error = victim->error;
        if (error != 0) {
            cli_error("cannot pin a thread to CPU %u: %s", victim->cpu, strerror(error));
        }
        const uint64_t started = cordon_now();
        for (unsigned tried = 0; error == 0 && found->count < most && !cli_interrupted; ++tried) {
            if (tried >= (found->count < LEAST_SAMPLES ? MOST_TRIES : LEAST_SAMPLES) &&
                cordon_now() - started > time) {
                break;
            }
            fences_progress(run, "what a heavy fence takes from others");
            found->count +=
                take_slope(victim, &random, &samples[found->count], &seen, found->count);
        }
        victim->end = true;
        order(victim);
        pthread_join(thread, NULL);
    }
    double *scratch = samples + (2 * FENCE_PACES + 1) * (size_t)most;
    if (found->count < LEAST_SAMPLES) {
        found->count = 0;
    } else {
        found->interval = stats_bootstrap(samples, found->count, scratch);
        found->noise = stats_is_noise(found->interval, 0);
        for (unsigned i = 0; i < FENCE_PACES; ++i) {
            found->rate[i] = stats_median(seen.rate[i], found->count);
            found->lost[i] = stats_median(seen.lost[i], found->count);
        }
    }
    free(work);
    free(victim);
    return error == 0 ? 0 : -1;
}

static double time_loop(fence_kernel *kernel, struct fence_work *work, uint64_t rounds)
{
    kernel(work, rounds / 8 + 1);
    const uint64_t started = cordon_now();
    kernel(work, rounds);
    return (double)(cordon_now() - started) / (double)rounds;
}

/* One sample of each caller, so many others running. */
static void take_callers(struct fence_run *run, struct fence_crowd *crowd, struct fence_work *work,
                         uint64_t block)
{
    const struct fence *heavy = &fences[fence_find("heavy")];
    fence_kernel *idle = fences[fence_find("compiler")].with[0];
    for (unsigned i = 0; i < run->membarrier.callers && !cli_interrupted; ++i) {
        struct fence_caller *caller = &run->membarrier.caller[i];
        double marginal = 0;
        for (unsigned attempt = 0; attempt <= MOST_RETRIES; ++attempt) {
            const unsigned layout = caller->count % FENCE_LAYOUTS;
            const long before = machine_preemptions();
            fence_crowd_run(crowd, caller->others, 0, idle, 1000);
            const double one = time_loop(heavy->with[layout], work, 4);
            const uint64_t rounds = (uint64_t)((double)block / one) + 4;
            marginal = time_loop(heavy->with[layout], work, rounds) -
                       time_loop(heavy->without[layout], work, rounds);
            const long others = fence_crowd_stop(crowd);
            ++run->blocks;
            if (machine_preemptions() == before && others == 0) {
                break;
            }
            run->repeated += attempt < MOST_RETRIES;
        }
        caller->sample[caller->count++] = marginal;
    }
}

static int measure_callers(struct fence_run *run, uint64_t time)
{
    struct fence_membarrier *found = &run->membarrier;
    const struct machine *machine = &run->machine;
    unsigned *cpu = calloc(machine->cpu_count, sizeof *cpu);
    double *scratch = calloc(run->repetitions, sizeof *scratch);
    struct fence_work *work = cordon_aligned_alloc(4096, sizeof *work);
    unsigned others = 0;
    if (cpu == NULL || scratch == NULL || work == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset(work, 0, sizeof *work);
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        if (machine->cpu[i].os != run->cpu->os) {
            cpu[others++] = machine->cpu[i].os;
        }
    }
    /* None, one, two, four and so on, and all. */
    for (unsigned count = 0;; count = count == 0 ? 1 : 2 * count < others ? 2 * count : others) {
        struct fence_caller *caller = &found->caller[found->callers++];
        caller->others = count;
        caller->sample = calloc(run->repetitions, sizeof *caller->sample);
        if (caller->sample == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        if (count == others || found->callers == FENCE_MOST_CALLERS) {
            break;
        }
    }
    struct fence_crowd *crowd = fence_crowd_start(cpu, others);
    const uint64_t started = cordon_now();
    uint64_t block = time / run->repetitions / found->callers / 3;
    block = block < 20000 ? 20000 : block > 1000000 ? 1000000 : block;
    for (unsigned done = 0; crowd != NULL && done < run->repetitions && !cli_interrupted; ++done) {
        if (done >= LEAST_SAMPLES && cordon_now() - started > time) {
            break;
        }
        fences_progress(run, "what a heavy fence costs its caller");
        take_callers(run, crowd, work, block);
    }
    for (unsigned i = 0; i < found->callers; ++i) {
        struct fence_caller *caller = &found->caller[i];
        if (caller->count < LEAST_SAMPLES) {
            caller->count = 0;
        } else {
            caller->interval = stats_bootstrap(caller->sample, caller->count, scratch);
        }
    }
    const int status = crowd != NULL ? 0 : -1;
    if (crowd != NULL) {
        fence_crowd_end(crowd);
    }
    free(work);
    free(scratch);
    free(cpu);
    return status;
}

int fences_membarrier(struct fence_run *run, uint64_t time)
{
    struct fence_membarrier *found = &run->membarrier;
    const struct machine *machine = &run->machine;
    found->measured = true;
    found->refused = cordon_fence_asymmetric_probe() != CORDON_FENCE_MEMBARRIER;
    if (found->refused) {
        return 0;
    }
    if (measure_callers(run, machine->cpu_count > 1 ? time / 2 : time) != 0) {
        return -1;
    }
    if (machine->cpu_count < 2 || cli_interrupted) {
        return 0;
    }
    /* The partner of the tables, or else any other. */
    found->victim = machine->cpu[machine->cpu[0].os == run->cpu->os].os;
    for (unsigned c = 0; c < run->context_count; ++c) {
        if (run->context[c].place == FENCE_TAKEN) {
            found->victim = run->context[c].partner;
            break;
        }
    }
    return measure_victim(run, time / 2);
}
