/* measure.c - the settings that are best for the classic method, then all methods by turns. */
#include "contest.h"

#include "parse/test.h"
#include "run/perpetual.h"

#include <stdlib.h>
#include <string.h>

/* A first look at every setting, then a longer one at the best. */
enum {
    LOOK = 10000000,
    SECOND_LOOK = 20000000,
    SECOND_LOOKS = 5,
    MOST_SETTINGS = 64,
    FINALISTS = 4
};

struct candidate {
    struct classic_setting setting;
    double weak, instances; /* in a second */
};

static unsigned list_settings(struct candidate *to, bool crowded)
{
    static const size_t sizes[] = {1000, 10000, 100000};
    static const uint64_t aheads[] = {64, 256, 768};
    unsigned count = 0;
    for (unsigned kind = 0; kind < 5; ++kind) {
        const enum classic_sync sync = kind < 2 ? (enum classic_sync)kind : CLASSIC_TIMEBASE;
        /* Where threads share CPUs, one would spin for an instance until its time slice is over. */
        for (unsigned s = 0; s < 3 && (sync == CLASSIC_NONE || !crowded); ++s) {
            for (unsigned memory = 0; memory < 4; ++memory) {
                const struct classic_setting setting = {
                    .sync = sync,
                    .indirect = memory >= 2,
                    .stride = memory % 2 == 0 ? 1 : 16,
                    .size = sizes[s],
                    .ahead = kind < 2 ? 0 : aheads[kind - 2],
                };
                to[count++] = (struct candidate){.setting = setting};
            }
        }
    }
    return count;
}

static bool try_setting(const struct contest *contest, const struct classic_shape *shape,
                        struct candidate *candidate, uint64_t nanoseconds)
{
    struct classic_result result;
    if (!classic_measure(shape, &candidate->setting, contest->cpu, contest->cpus, nanoseconds,
                         &result)) {
        return false;
    }
    candidate->weak = (double)result.weak / result.seconds;
    candidate->instances = (double)result.total / result.seconds;
    return true;
}

/* More weak outcomes; where there are none, more instances. */
static int better(const void *left, const void *right)
{
    const struct candidate *a = left, *b = right;
    if (a->weak > b->weak || a->weak < b->weak) {
        return a->weak > b->weak ? -1 : 1;
    }
    return a->instances > b->instances ? -1 : a->instances < b->instances;
}

static bool look_again(const struct contest *contest, const struct classic_shape *shape,
                       struct candidate *candidate)
{
    double weak[SECOND_LOOKS], instances[SECOND_LOOKS];
    for (unsigned i = 0; i < SECOND_LOOKS; ++i) {
        if (!try_setting(contest, shape, candidate, SECOND_LOOK)) {
            return false;
        }
        weak[i] = candidate->weak;
        instances[i] = candidate->instances;
    }
    candidate->weak = stats_median(weak, SECOND_LOOKS);
    candidate->instances = stats_median(instances, SECOND_LOOKS);
    return true;
}

static bool choose_setting(const struct contest *contest, struct row *row)
{
    struct candidate candidate[MOST_SETTINGS];
    const unsigned count = list_settings(candidate, row->shape->threads > contest->cpus);
    for (unsigned i = 0; i < count; ++i) {
        if (!try_setting(contest, row->shape, &candidate[i], LOOK)) {
            return false;
        }
    }
    qsort(candidate, count, sizeof *candidate, better);
    for (unsigned i = 0; i < FINALISTS && i < count; ++i) {
        if (!look_again(contest, row->shape, &candidate[i])) {
            return false;
        }
    }
    qsort(candidate, count < FINALISTS ? count : FINALISTS, sizeof *candidate, better);
    row->setting = candidate[0].setting;
    return true;
}

static const enum litmus_mode mode_of[] = {
    [ARRAY] = LITMUS_ARRAY, [THREADS] = LITMUS_THREADS, [PERPETUAL] = LITMUS_PERPETUAL};
enum { ENGINES = sizeof mode_of / sizeof *mode_of };

struct loaded {
    struct litmus_test *test;
    struct litmus_code code[ENGINES];
    bool has[ENGINES];
};

static bool load(const struct contest *contest, const struct classic_shape *shape,
                 struct loaded *loaded, char *problem, size_t size)
{
    char path[4096];
    struct litmus_error error;
    snprintf(path, sizeof path, "%s/%s.litmus", contest->catalogue, shape->name);
    loaded->test = litmus_read(path, &error);
    if (loaded->test == NULL) {
        snprintf(problem, size, "%s: %s", path, error.text);
        return false;
    }
    for (unsigned m = ARRAY; m < ENGINES; ++m) {
        char why[300];
        if (m == PERPETUAL && !litmus_perpetual(loaded->test, mode_of[m], why, sizeof why)) {
            continue;
        }
        if (!litmus_compile(&contest->compiler, loaded->test, mode_of[m], &loaded->code[m], problem,
                            size)) {
            return false;
        }
        loaded->has[m] = true;
    }
    return true;
}

static void unload(struct loaded *loaded)
{
    for (unsigned m = ARRAY; m < ENGINES; ++m) {
        if (loaded->has[m]) {
            litmus_unload(&loaded->code[m]);
        }
    }
    if (loaded->test != NULL) {
        litmus_free(loaded->test);
    }
}

static void note(struct row *row, enum method method, unsigned repetition, double instances,
                 double weak)
{
    struct samples *samples = &row->of[method];
    samples->measured = true;
    samples->instances[repetition] = instances;
    samples->weak[repetition] = weak;
    row->forbidden_seen |= row->forbidden && weak > 0;
}

static bool run_engine(const struct contest *contest, const struct loaded *loaded, struct row *row,
                       enum method method, unsigned repetition, char *problem, size_t size)
{
    struct engine_result result;
    const struct engine_options options = {.nanoseconds = contest->slice,
                                           .knobs = knobs_default(mode_of[method]),
                                           .cpu = contest->cpu,
                                           .cpu_count = contest->cpus,
                                           .machine = &contest->machine};
    if (!engine_run(loaded->test, &loaded->code[method], &options, &result, problem, size)) {
        return false;
    }
    uint64_t weak = 0;
    for (size_t i = 0; i < result.outcomes.count; ++i) {
        if (outcome_is_weak(loaded->test, result.outcomes.values + i * result.outcomes.columns)) {
            weak += result.outcomes.seen[i];
        }
    }
    note(row, method, repetition, (double)result.total / result.seconds,
         (double)weak / result.seconds);
    if (method == PERPETUAL) {
        note(row, DISTINCT, repetition, (double)result.iterations / result.seconds,
             (double)result.distinct / result.seconds);
    }
    row->workers = result.workers;
    outcome_free(&result.outcomes);
    return true;
}

static bool run_classic(const struct contest *contest, struct row *row, unsigned repetition)
{
    struct candidate candidate = {.setting = row->setting};
    if (!try_setting(contest, row->shape, &candidate, contest->slice)) {
        return false;
    }
    note(row, CLASSIC, repetition, candidate.instances, candidate.weak);
    return true;
}

static bool measure_row(struct contest *contest, struct row *row, const struct loaded *loaded,
                        char *problem, size_t size)
{
    snprintf(problem, size, "%s: the classic method has no memory, or no thread", row->shape->name);
    if (!choose_setting(contest, row)) {
        return false;
    }
    for (unsigned repetition = 0; repetition < contest->repetitions; ++repetition) {
        if (!run_classic(contest, row, repetition)) {
            return false;
        }
        for (unsigned m = ARRAY; m < ENGINES; ++m) {
            if (loaded->has[m] &&
                !run_engine(contest, loaded, row, (enum method)m, repetition, problem, size)) {
                return false;
            }
        }
    }
    return true;
}

static bool is_x86(void)
{
#if defined(__x86_64__) || defined(__i386__)
    return true;
#else
    return false;
#endif
}

bool contest_measure(struct contest *contest, const struct classic_shape *shape, char *problem,
                     size_t size)
{
    struct row *row = &contest->row[contest->rows];
    struct loaded loaded = {0};
    memset(row, 0, sizeof *row);
    row->shape = shape;
    bool done = load(contest, shape, &loaded, problem, size);
    if (done) {
        const char *tso = litmus_get(loaded.test, "TSO");
        row->forbidden = is_x86() && tso != NULL && strcmp(tso, "forbidden") == 0;
        done = measure_row(contest, row, &loaded, problem, size);
    }
    unload(&loaded);
    contest->rows += done;
    return done;
}
