/* trial.c - see trial.h */
#define _GNU_SOURCE
#include "trial.h"

#include "cli/cli.h"
#include "supervise.h"

#include <stdlib.h>

static void add_verdict(const struct level *level, int number, const struct options *wanted,
                        struct outcome *outcome)
{
    outcome->verdict = level_verdict(level, wanted);
    outcome->finding = (enum finding)level->result->finding;
    outcome->level = number;
    outcome->executions = level->result->complete + level->result->blocked +
                          (outcome->verdict == VERDICT_RIGHT ? outcome->executions : 0);
    snprintf(outcome->words, sizeof outcome->words, "%s", level_words(level, wanted));
}

/* Explore one level with the mutation that the options hold. */
static void explore_level(const struct options *wanted, const struct level *levels, int number,
                          const char *title, struct result *into, struct outcome *outcome)
{
    struct level level = levels[number];
    level.result = into;
    level.ending = supervise(level.program, wanted, title, into);
    add_verdict(&level, number, wanted, outcome);
}

static struct outcome explore_levels(const struct command *command, const struct level *levels,
                                     const struct operations *all, const struct orders *orders,
                                     struct operations *found, const char *title)
{
    struct outcome outcome = {.verdict = VERDICT_RIGHT};
    struct options *wanted = malloc(sizeof *wanted);
    struct result *into = malloc(sizeof *into); /* large */
    if (wanted == NULL || into == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    *wanted = command->options;
    wanted->edges = wanted->executions = false;
    wanted->mutation.strongest = found != NULL;
    for (int i = 0; i < command->levels && outcome.verdict == VERDICT_RIGHT; ++i) {
        wanted->level = levels[i].name;
        if (found != NULL) {
            explore_level(wanted, levels, i, title, into, &outcome);
            struct level level = levels[i];
            level.result = into;
            operations_find(found, &level, i);
        } else {
            operations_mutate(all, orders, i, &wanted->mutation);
            if (wanted->mutation.count > 0) {
                explore_level(wanted, levels, i, title, into, &outcome);
            } else {
                add_verdict(&levels[i], i, wanted, &outcome); /* as it was */
            }
        }
    }
    free(into);
    free(wanted);
    return outcome;
}

struct outcome trial(const struct command *command, const struct level *levels,
                     const struct operations *all, const struct orders *orders, const char *title)
{
    return explore_levels(command, levels, all, orders, NULL, title);
}

struct outcome trial_strongest(const struct command *command, const struct level *levels,
                               struct operations *found, const char *title)
{
    return explore_levels(command, levels, NULL, NULL, found, title);
}

void changes_free(struct changes *changes)
{
    free(changes->at);
    operations_free(&changes->operations);
    *changes = (struct changes){.count = 0};
}
