/* score.c - tests and mutants, told apart by their structure. */
#define _GNU_SOURCE
#include "score.h"

#include "gen/mutate.h"
#include "gen/print.h"

#include <stdlib.h>
#include <string.h>

struct specimen {
    char *form; /* print_canonical's */
    bool mutant;
    enum { NOT_RUN, SURVIVED, KILLED } state;
};

struct score {
    enum mutate_model model;
    struct specimen *specimen;
    size_t count, room;
};

struct score *score_new(bool on_x86)
{
    struct score *score = calloc(1, sizeof *score);
    if (score != NULL) {
        score->model = on_x86 ? MUTATE_TSO : MUTATE_C11;
    }
    return score;
}

void score_free(struct score *score)
{
    for (size_t i = 0; score != NULL && i < score->count; ++i) {
        free(score->specimen[i].form);
    }
    if (score != NULL) {
        free(score->specimen);
    }
    free(score);
}

/* What is known of tests like this one; NULL: no memory. It moves when another is looked for. */
static struct specimen *find(struct score *score, const struct litmus_test *test)
{
    char *form = print_canonical(test);
    for (size_t i = 0; form != NULL && i < score->count; ++i) {
        if (strcmp(score->specimen[i].form, form) == 0) {
            free(form);
            return &score->specimen[i];
        }
    }
    if (form != NULL && score->count == score->room) {
        const size_t room = score->room == 0 ? 64 : 2 * score->room;
        struct specimen *more = realloc(score->specimen, room * sizeof *more);
        if (more == NULL) {
            free(form);
            return NULL;
        }
        score->specimen = more;
        score->room = room;
    }
    if (form == NULL) {
        return NULL;
    }
    score->specimen[score->count] = (struct specimen){.form = form};
    return &score->specimen[score->count++];
}

void score_note(struct score *score, const struct litmus_test *test, bool seen)
{
    struct specimen *specimen = test->dialect == LITMUS_C ? find(score, test) : NULL;
    if (specimen != NULL && specimen->state != KILLED) {
        specimen->state = seen ? KILLED : SURVIVED;
    }
}

struct counting {
    struct score *score;
    score_run *run;
    void *context;
    struct score_count count;
};

static void take(void *opaque, const char *name, const char *text)
{
    struct counting *counting = opaque;
    struct litmus_error error;
    struct litmus_test *mutant = litmus_parse(text, strlen(text), &error);
    struct specimen *specimen = mutant != NULL ? find(counting->score, mutant) : NULL;
    bool seen;
    (void)name;
    if (specimen != NULL) {
        specimen->mutant = true;
        if (specimen->state == NOT_RUN && counting->run != NULL &&
            counting->run(counting->context, mutant, &seen)) {
            specimen->state = seen ? KILLED : SURVIVED;
        }
        ++counting->count.all;
        counting->count.run += specimen->state != NOT_RUN;
        counting->count.killed += specimen->state == KILLED;
    }
    litmus_free(mutant);
}

struct score_count score_mutants(struct score *score, struct litmus_test *test, score_run *run,
                                 void *context)
{
    struct counting counting = {.score = score, .run = run, .context = context};
    if (test->dialect == LITMUS_C) {
        (void)mutate_each(test, score->model, take, &counting);
    }
    return counting.count;
}

struct relatives {
    struct litmus_test **mutant;
    unsigned count, most;
};

static void take_relative(void *opaque, const char *name, const char *text)
{
    struct relatives *relatives = opaque;
    struct litmus_error error;
    (void)name;
    if (relatives->count < relatives->most) {
        relatives->mutant[relatives->count] = litmus_parse(text, strlen(text), &error);
        relatives->count += relatives->mutant[relatives->count] != NULL;
    }
}

unsigned score_relatives(const struct score *score, struct litmus_test *test,
                         struct litmus_test **mutant, unsigned most)
{
    struct relatives relatives = {.mutant = mutant, .most = most};
    if (test->dialect == LITMUS_C) {
        (void)mutate_each(test, score->model, take_relative, &relatives);
    }
    return relatives.count;
}

struct score_count score_total(const struct score *score)
{
    struct score_count total = {0};
    for (size_t i = 0; i < score->count; ++i) {
        const struct specimen *specimen = &score->specimen[i];
        total.all += specimen->mutant;
        total.run += specimen->mutant && specimen->state != NOT_RUN;
        total.killed += specimen->mutant && specimen->state == KILLED;
    }
    return total;
}
