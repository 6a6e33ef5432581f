/* verdict.c - what became of each optimisation level, as text. */
#define _GNU_SOURCE
#include "verdict.h"

#include "cli/cli.h"
#include "edges.h"
#include "names.h"
#include "report.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum verdict level_verdict(const struct level *level, const struct options *wanted)
{
    const struct result *of = level->result;
    if (of == NULL) {
        return VERDICT_NOT_RUN;
    }
    if (of->finding != FOUND_NOTHING) {
        return of->finding == FOUND_UNSUPPORTED ? VERDICT_NO_INPUT
               : of->finding == FOUND_BOUND     ? VERDICT_NONE
                                                : VERDICT_WRONG;
    }
    if (level->ending == ENDED_UNLOADED) {
        return VERDICT_NO_INPUT;
    }
    if (level->ending != ENDED_FINISHED) {
        return VERDICT_NONE;
    }
    return of->complete == 0 && of->bounded != 0 && wanted->shards <= 1 ? VERDICT_NONE
                                                                        : VERDICT_RIGHT;
}

const char *level_words(const struct level *level, const struct options *wanted)
{
    const struct result *of = level->result;
    switch (level_verdict(level, wanted)) {
    case VERDICT_NOT_RUN:
        return "not run";
    case VERDICT_NO_INPUT:
    case VERDICT_WRONG:
        return of->finding != FOUND_NOTHING ? finding_text((enum finding)of->finding) : "refused";
    case VERDICT_NONE:
        return of->finding != FOUND_NOTHING         ? finding_text((enum finding)of->finding)
               : level->ending == ENDED_INTERRUPTED ? "interrupted"
               : level->ending == ENDED_TIMEOUT     ? "timeout"
               : level->ending == ENDED_DEAD        ? "died"
                                                    : "all cut by --unroll";
    default:
        return wanted->replay != NULL ? "replayed, nothing wrong"
               : wanted->random != 0  ? "nothing found"
               : of->complete == 0    ? "nothing in this part"
                                      : "verified";
    }
}

const char *level_bounds(const struct level *level, const struct options *wanted, char *text,
                         size_t size)
{
    size_t used = 0;
    text[0] = '\0';
    if (wanted->random != 0) {
        used += (size_t)snprintf(text, size, "random walks");
    }
    if (wanted->shards > 1) {
        used += (size_t)snprintf(text, size, "part %u/%u", wanted->shard + 1, wanted->shards);
    }
    if (wanted->unroll != 0 && used < size) {
        used += (size_t)snprintf(text + used, size - used, "%sunroll %u", used == 0 ? "" : ", ",
                                 wanted->unroll);
        if (level->result != NULL && level->result->bounded == 0 && used < size) {
            snprintf(text + used, size - used, " (not reached)");
        }
    }
    return text[0] != '\0' ? text : strcpy(text, "none");
}

static const char *verdict_colour(const struct cli_style *style, enum verdict verdict)
{
    return verdict == VERDICT_RIGHT     ? style->green
           : verdict == VERDICT_NOT_RUN ? style->dim
           : verdict == VERDICT_WRONG   ? style->red
                                        : style->yellow;
}

static void print_row(const struct level *level, const struct options *wanted,
                      const struct cli_style *style)
{
    char time[32] = "", rate[32] = "", bounds[80], complete[32] = "", blocked[32] = "";
    const struct result *of = level->result;
    if (of != NULL) {
        snprintf(complete, sizeof complete, "%" PRIu64, of->complete);
        snprintf(blocked, sizeof blocked, "%" PRIu64, of->blocked);
        cli_time(level->seconds, time, sizeof time);
        const double executions = (double)of->complete + (double)of->blocked;
        if (level->seconds > 0) {
            cli_number(executions / level->seconds, rate, sizeof rate);
        }
    }
    printf("%-6s %-5s %14s %14s %9s %7s  %-22s %s%s%s\n", level->name, model_name(wanted->model),
           complete, blocked, time, rate, level_bounds(level, wanted, bounds, sizeof bounds),
           verdict_colour(style, level_verdict(level, wanted)), level_words(level, wanted),
           style->reset);
}

/* What a reader of the row might take wrongly. */
static void print_note(const struct level *level, const struct options *wanted)
{
    const struct result *of = level->result;
    const enum verdict verdict = level_verdict(level, wanted);
    if (of == NULL) {
        return;
    }
    if (of->finding == FOUND_NOTHING && level->ending == ENDED_DEAD) {
        printf("%s: %s\n", level->name, of->message);
    } else if (of->finding == FOUND_NOTHING && level->ending == ENDED_INTERRUPTED) {
        printf("%s: interrupted after %" PRIu64 " executions; the others were not seen.\n",
               level->name, of->complete + of->blocked);
    } else if (of->finding == FOUND_NOTHING && level->ending == ENDED_TIMEOUT) {
        printf("%s: out of time after %" PRIu64 " executions; the others were not seen.\n",
               level->name, of->complete + of->blocked);
    } else if (verdict == VERDICT_NONE && of->complete == 0 && of->bounded != 0) {
        printf("%s: every execution was cut by --unroll %u, so nothing was checked.\n", level->name,
               wanted->unroll);
    } else if (verdict == VERDICT_RIGHT && of->bounded != 0) {
        printf("%s: %" PRIu64 " executions more were cut where a loop went round more than %u "
               "times.\n",
               level->name, of->bounded, wanted->unroll);
    }
}

static void print_counts(const struct level *level)
{
    const struct result *of = level->result;
    if (of != NULL) {
        printf("%s: %" PRIu64 " events explored; besides, %" PRIu64 " executions that the model "
               "forbids, %" PRIu64 " that are found elsewhere.\n",
               level->name, of->events, of->inconsistent, of->dropped);
    }
}

void verdict_table(const struct level *levels, const struct command *command)
{
    const struct options *wanted = &command->options;
    const struct cli_style style = cli_style(stdout);
    bool right = true;
    printf("%sLevel  Model       Complete        Blocked      Time  Rate/s  Bounds                 "
           "Verdict%s\n",
           style.bold, style.reset);
    for (int i = 0; i < command->levels; ++i) {
        print_row(&levels[i], wanted, &style);
        right = right && level_verdict(&levels[i], wanted) == VERDICT_RIGHT;
    }
    for (int i = 0; i < command->levels; ++i) {
        print_note(&levels[i], wanted);
    }
    for (int i = 0; command->verbose && i < command->levels; ++i) {
        print_counts(&levels[i]);
    }
    if (right && wanted->random != 0) {
        puts("Random walks prove nothing: what they did not come by may be wrong.");
    }
    if (right && wanted->shards > 1) {
        printf("One part of %u: the program is right if all of them say so and one has a complete "
               "execution.\n",
               wanted->shards);
    }
}

void verdict_edges(const struct level *level)
{
    if (level->result != NULL && level->program != NULL) {
        names_open(level->program, 0);
        printf("\nAt %s, ", level->name);
        edges_print(stdout, level->result);
    }
}
