/* trial.c - slices of one test. */
#define _GNU_SOURCE
#include "trial.h"

#include "progress.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

void trial_begin(struct trial *trial, const struct campaign *campaign,
                 const struct litmus_test *test)
{
    memset(trial, 0, sizeof *trial);
    trial->campaign = campaign;
    trial->test = test;
    outcome_init(&trial->sum.outcomes, test->observed_count);
}

/* The engines that do not count frames share their code: whose it is. */
static enum litmus_mode owner(enum litmus_mode engine)
{
    return litmus_counts_frames(engine) ? engine : LITMUS_ARRAY;
}

bool trial_load(struct trial *trial, enum litmus_mode engine)
{
    const enum litmus_mode mode = owner(engine);
    if (!trial->loaded[mode]) {
        trial->loaded[mode] =
            trial->campaign->load(trial->campaign, trial->test, mode, &trial->code[mode],
                                  trial->problem, sizeof trial->problem);
    }
    return trial->loaded[mode];
}

struct engine_options trial_options(const struct run_options *options, const struct knobs *knobs,
                                    uint64_t nanoseconds)
{
    return (struct engine_options){.nanoseconds = nanoseconds,
                                   .knobs = *knobs,
                                   .cpu = options->cpus.cpu,
                                   .cpu_count = options->cpus.count,
                                   .stop = &cli_interrupted,
                                   .alive = progress_tick};
}

/* A test that computes addresses may compute a wrong one, and nothing checks that while it runs, for that would be
 * another test. Instructions may be ones that this processor lacks, or go round for ever. There is no way to go on
 * after it: the threads cannot be stopped, and their memory cannot be given back. But what was measured before is
 * still to be told. So the thread stays where it is, and the campaign, whose thread is another one, ends.
 */
static char astray[LITMUS_MOST_NAME + 160], illegal[LITMUS_MOST_NAME + 160];
static atomic_int lost; /* the exit status that it comes to; 0: nothing has happened */
static pthread_t main_thread;

int trial_lost(void)
{
    return atomic_load_explicit(&lost, memory_order_relaxed);
}

static void end_astray(int number)
{
    const char *text = number == SIGILL ? illegal : astray;
    int none = 0;
    const int status = number == SIGILL ? CLI_UNFIT : CLI_USAGE;
    /* Only the status goes from thread to thread. */
    if (atomic_compare_exchange_strong_explicit(&lost, &none, status, memory_order_relaxed,
                                                memory_order_relaxed)) {
        (void)!write(STDERR_FILENO, text, strlen(text));
    }
    if (pthread_equal(pthread_self(),
                      main_thread)) { /* our memory was written to: nothing is left */
        _exit(status);
    }
    for (;;) {
        pause();
    }
}

enum { GUARDED = 3 };
static const int guarded_signals[GUARDED] = {SIGSEGV, SIGBUS, SIGILL};

static void guard(const struct litmus_test *test, struct sigaction before[GUARDED])
{
    struct sigaction action = {.sa_handler = end_astray};
    main_thread = pthread_self();
    snprintf(astray, sizeof astray,
             "%s: a thread went to an address outside of the test: %s? The run ends here\n",
             test->name,
             test->dialect == LITMUS_C ? "a pointer that is 0, or an index out of bounds"
                                       : "a register that holds no location's");
    snprintf(illegal, sizeof illegal,
             "%s: this processor lacks an instruction of the test. The run ends here\n",
             test->name);
    for (unsigned i = 0; i < GUARDED; ++i) {
        sigaction(guarded_signals[i], &action, &before[i]);
    }
}

static void unguard(const struct sigaction before[GUARDED])
{
    for (unsigned i = 0; i < GUARDED; ++i) {
        sigaction(guarded_signals[i], &before[i], NULL);
    }
}

/* Ticks come ten times a second, and none while the process is stopped. Only instructions go round for ever. */
enum { PATIENCE_TICKS = 300 };
static uint64_t ticks_left;

static bool tick(void)
{
    return progress_tick() && trial_lost() == 0 && ticks_left-- > 0;
}

/* The engine has given up. */
static void lose(const struct litmus_test *test)
{
    if (trial_lost() == 0) {
        cli_progress_clear();
        cli_error(
            "%s: a thread does not come to its end: a loop that never ends? The run ends here",
            test->name);
        atomic_store_explicit(&lost, CLI_USAGE, memory_order_relaxed);
    }
}

static bool run(struct trial *trial, const struct knobs *knobs, uint64_t nanoseconds,
                struct engine_result *result)
{
    struct engine_options options = trial_options(trial->campaign->options, knobs, nanoseconds);
    options.machine = trial->campaign->machine;
    if (trial_lost() != 0 || !trial_load(trial, knobs->engine)) {
        return false;
    }
    struct litmus_code code = trial->code[owner(knobs->engine)];
    code.mode = knobs->engine;
    const bool guarded =
        (trial->test->features & LITMUS_HAS_POINTERS) != 0 || trial->test->dialect != LITMUS_C;
    struct sigaction before[GUARDED];
    if (guarded) {
        guard(trial->test, before);
        ticks_left = trial->test->dialect != LITMUS_C ? nanoseconds / 100000000 + PATIENCE_TICKS
                                                      : UINT64_MAX;
        options.alive = tick;
    }
    const bool done =
        engine_run(trial->test, &code, &options, result, trial->problem, sizeof trial->problem);
    if (done && result->stuck) {
        lose(trial->test);
        outcome_free(&result->outcomes);
        return false;
    }
    if (guarded) {
        unguard(before);
    }
    return done;
}

/* Frames stand for themselves only if they have no iteration in common; instances always do. */
static double hits_of(const struct knobs *knobs, const struct engine_result *result, uint64_t weak)
{
    return knobs->engine == LITMUS_PERPETUAL ? (double)result->distinct : (double)weak;
}

/* Only what was not disturbed is compared. */
static void add_score(const struct knobs *knobs, const struct engine_result *result, uint64_t weak,
                      struct tune_score *score)
{
    const bool frames = litmus_counts_frames(knobs->engine);
    const struct undisturbed left = disturbance_without(
        &result->disturbance, result->seconds,
        (double)(frames ? result->iterations : result->total), hits_of(knobs, result, weak));
    score->hits += left.weak;
    score->bits += left.share * tune_bits(&result->outcomes);
    score->seconds += left.seconds;
}

/* Slices of several engines count different things. What adds up is outcomes: of these and of the weak ones among
 * them, the disturbed share.
 */
static struct disturbance in_outcomes(const struct knobs *knobs, const struct engine_result *result,
                                      const struct outcome_tally *tally)
{
    const bool frames = litmus_counts_frames(knobs->engine);
    const double all = (double)(frames ? result->iterations : result->total);
    const double hits = hits_of(knobs, result, tally->weak);
    struct disturbance disturbance = result->disturbance;
    disturbance.instances *= all > 0 ? (double)(tally->weak + tally->other) / all : 0;
    disturbance.weak *= hits > 0 ? (double)tally->weak / hits : 0;
    return disturbance;
}

/* How long until the first, at most; negative: there is none. The engine knows the time of weak ones only. */
static double find_sought(const struct trial *trial, const struct engine_result *result)
{
    const struct outcome_set *set = &result->outcomes;
    if (trial->allowed == NULL) {
        return outcome_tally(trial->test, set).weak == 0 ? -1
               : result->first > 0                       ? result->first
                                                         : result->seconds;
    }
    for (size_t i = 0; i < set->count; ++i) {
        if (!outcome_has(trial->allowed, set->values + i * set->columns)) {
            return result->seconds;
        }
    }
    return -1;
}

static void note_hit(struct trial *trial, const struct knobs *knobs, double seconds)
{
    if (seconds >= 0 && (!trial->hit.any || seconds < trial->hit.seconds)) {
        trial->hit = (struct trial_hit){.any = true, .knobs = *knobs, .seconds = seconds};
    }
}

/* What slices of two engines are, taken together. */
static enum litmus_mode together(enum litmus_mode a, enum litmus_mode b)
{
    return a == b                                                 ? a
           : !litmus_counts_frames(a) && !litmus_counts_frames(b) ? LITMUS_ARRAY
                                                                  : LITMUS_PERPETUAL;
}

bool trial_slice(struct trial *trial, const struct knobs *knobs, uint64_t nanoseconds,
                 struct tune_score *score)
{
    struct engine_result result;
    const bool first = trial->sum.seconds <= 0;
    if (!run(trial, knobs, nanoseconds, &result)) {
        return false;
    }
    const struct outcome_tally tally = outcome_tally(trial->test, &result.outcomes);
    const uint64_t weak = tally.weak;
    if (score != NULL) {
        add_score(knobs, &result, weak, score);
    }
    const struct disturbance disturbance = in_outcomes(knobs, &result, &tally);
    disturbance_add(&trial->sum.disturbance, &disturbance);
    note_hit(trial, knobs, find_sought(trial, &result));
    const bool merged = outcome_merge(&trial->sum.outcomes, &result.outcomes);
    outcome_free(&result.outcomes);
    if (!merged) {
        snprintf(trial->problem, sizeof trial->problem, "out of memory");
        return false;
    }
    trial->instances += litmus_counts_frames(knobs->engine) ? 0 : weak + tally.other;
    trial->mode = first ? knobs->engine : together(trial->mode, knobs->engine);
    memcpy(trial->sum.best, result.best, sizeof result.best); /* of the last slice, the longest */
    trial->sum.workers = result.workers;
    trial->sum.total += result.total;
    trial->sum.iterations += result.iterations;
    trial->sum.distinct += (uint64_t)hits_of(knobs, &result, weak);
    trial->sum.endless += result.endless;
    trial->sum.seconds += result.seconds;
    return true;
}

double trial_until_seen(struct trial *trial, const struct knobs *knobs, uint64_t nanoseconds)
{
    double spent = 0;
    for (uint64_t slice = 1000000; spent * 1e9 < (double)nanoseconds; slice *= 2) {
        struct engine_result result;
        const double left = (double)nanoseconds - spent * 1e9;
        slice = (double)slice < left ? slice : (uint64_t)left + 1;
        if (cli_interrupted != 0 || !run(trial, knobs, slice, &result)) {
            return -1;
        }
        const double found = find_sought(trial, &result);
        outcome_free(&result.outcomes);
        if (found >= 0) {
            return spent + found;
        }
        spent += result.seconds;
    }
    return -1;
}

void trial_end(struct trial *trial)
{
    for (unsigned i = 0; i < TRIAL_MODES && trial_lost() == 0; ++i) {
        if (trial->loaded[i]) {
            litmus_unload(&trial->code[i]);
            trial->loaded[i] = false;
        }
    }
}
