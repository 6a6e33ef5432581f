/* search.c - which tests candidates are measured by, and which come first. */
#define _GNU_SOURCE
#include "search.h"

#include "perpetual.h"

#include <stdlib.h>
#include <string.h>

/* The knobs that were best for a test of this shape. */
struct winner {
    char shape[LITMUS_MOST_NAME + 1];
    struct knobs knobs;
};

struct search {
    size_t count;
    struct winner winner[];
};

struct search *search_new(size_t tests)
{
    return calloc(1, sizeof(struct search) + tests * sizeof(struct winner));
}

void search_free(struct search *search)
{
    free(search);
}

bool search_fits(const struct litmus_test *test, enum litmus_mode engine)
{
    char problem[512];
    return !litmus_counts_frames(engine) || litmus_perpetual(test, engine, problem, sizeof problem);
}

/* A test's name up to its variant is its shape's. */
static struct winner *find_winner(struct search *search, const char *name)
{
    const size_t shape = strcspn(name, "+");
    for (size_t i = 0; i < search->count; ++i) {
        if (strlen(search->winner[i].shape) == shape &&
            strncmp(search->winner[i].shape, name, shape) == 0) {
            return &search->winner[i];
        }
    }
    return NULL;
}

static void note_winner(struct search *search, const char *name, const struct knobs *knobs)
{
    struct winner *one = find_winner(search, name);
    if (one == NULL) {
        one = &search->winner[search->count++];
        snprintf(one->shape, sizeof one->shape, "%.*s", (int)strcspn(name, "+"), name);
    }
    one->knobs = *knobs;
}

/* What candidates are run with: the test, or mutants of it. */
struct subjects {
    struct trial *trial[SEARCH_MUTANTS];
    unsigned count;
};

static bool measure(void *context, const struct knobs *knobs, uint64_t nanoseconds,
                    struct tune_score *score)
{
    struct subjects *subjects = context;
    bool ran = true;
    for (unsigned i = 0; i < subjects->count && ran; ++i) {
        ran = cli_interrupted == 0 &&
              trial_slice(subjects->trial[i], knobs, nanoseconds / subjects->count, score);
    }
    return ran;
}

static bool all_fit(const struct trial *trial, const struct subjects *subjects,
                    enum litmus_mode engine)
{
    bool fit = search_fits(trial->test, engine);
    for (unsigned i = 0; i < subjects->count; ++i) {
        fit = fit && search_fits(subjects->trial[i]->test, engine);
    }
    return fit;
}

/* So many candidates that each gets at least this in the first round of the search. */
#define LEAST_SLICE 10000000u

/* Fewer are no choice, and not worth the compilation of mutants. */
#define LEAST_CANDIDATES 4u

static unsigned count_candidates(unsigned wanted, uint64_t nanoseconds)
{
    for (unsigned rounds = 1;; ++rounds) {
        const unsigned count = 1u << rounds;
        if (count > wanted || nanoseconds / rounds / count < LEAST_SLICE) {
            return count / 2;
        }
    }
}

static struct tune_space space_of(const struct trial *trial, const struct subjects *subjects)
{
    const struct run_options *options = trial->campaign->options;
    struct tune_space space = {.engine = {options->knobs.engine},
                               .engines = 1,
                               .sized = options->knobs.size != 0,
                               .cpus = (unsigned)options->cpus.count,
                               .threads = trial->test->thread_count};
    if (!options->engine_given) {
        space.engine[space.engines++] = LITMUS_THREADS;
        if (options->preset->perpetual && all_fit(trial, subjects, LITMUS_PERPETUAL)) {
            space.engine[space.engines++] = LITMUS_PERPETUAL;
        }
    }
    return space;
}

/* Is there anything to search through? */
static bool is_free(const struct run_options *options)
{
    return !options->knobs_given && options->knobs.engine != LITMUS_PERPETUAL_ALL;
}

struct knobs search_again(const struct search *search, const struct trial *trial, uint64_t *seed)
{
    const struct run_options *options = trial->campaign->options;
    const struct subjects none = {0};
    const struct tune_space space = space_of(trial, &none);
    struct tune_candidate drawn[2];
    struct knobs knobs = options->knobs;
    const uint64_t number = tune_random(seed);
    const struct winner *winner =
        search->count != 0 ? &search->winner[number / 4 % search->count] : NULL;
    if (is_free(options) && winner != NULL && number % 4 != 0 &&
        search_fits(trial->test, winner->knobs.engine)) {
        knobs = winner->knobs;
    } else if (is_free(options)) {
        char problem[200];
        tune_draw(number, &space, &options->knobs, 1, drawn, 2);
        knobs = engine_can(&drawn[1].knobs, problem, sizeof problem) ? drawn[1].knobs : knobs;
    }
    knobs.seed = tune_random(seed) >> 32;
    return knobs;
}

static struct knobs search_with(struct search *search, const struct trial *trial,
                                struct subjects *subjects, unsigned count, uint64_t nanoseconds)
{
    const struct run_options *options = trial->campaign->options;
    const char *name = trial->test->name;
    struct tune_candidate candidate[TUNE_MOST];
    struct knobs first[2] = {options->knobs};
    const struct winner *before = find_winner(search, name);
    const struct tune_space space = space_of(trial, subjects);
    unsigned known = 1;
    if (before != NULL && all_fit(trial, subjects, before->knobs.engine)) {
        first[known++] = before->knobs;
    }
    tune_draw(tune_seed(options->knobs.seed, name), &space, first, known, candidate, count);
    if (!tune_search(candidate, count, nanoseconds, measure, subjects)) {
        return options->knobs;
    }
    note_winner(search, name, &candidate[0].knobs);
    return candidate[0].knobs;
}

struct knobs search_knobs(struct search *search, struct trial *trial, struct litmus_test *test,
                          struct score *score, uint64_t nanoseconds)
{
    const struct run_options *options = trial->campaign->options;
    struct litmus_test *mutant[SEARCH_MUTANTS];
    struct trial mutants[SEARCH_MUTANTS];
    struct subjects subjects = {0};
    const unsigned count =
        is_free(options) ? count_candidates(options->preset->candidates, nanoseconds) : 0;
    if (count < LEAST_CANDIDATES || !trial_load(trial, options->knobs.engine)) {
        return options->knobs;
    }
    const unsigned made =
        options->preset->mutants ? score_relatives(score, test, mutant, SEARCH_MUTANTS) : 0;
    for (unsigned i = 0; i < made; ++i) {
        trial_begin(&mutants[i], trial->campaign, mutant[i]);
        if (search_fits(mutant[i], options->knobs.engine) &&
            trial_load(&mutants[i], options->knobs.engine)) {
            subjects.trial[subjects.count++] = &mutants[i];
        }
    }
    if (subjects.count == 0) {
        subjects.trial[subjects.count++] = trial;
    }
    const struct knobs found = search_with(search, trial, &subjects, count, nanoseconds);
    for (unsigned i = 0; i < made; ++i) {
        if (mutants[i].hit.any) {
            score_note(score, mutant[i], true);
        }
        outcome_free(&mutants[i].sum.outcomes);
        trial_end(&mutants[i]);
        litmus_free(mutant[i]);
    }
    return found;
}
