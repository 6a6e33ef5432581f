/* advice.c - ours beside the best peer of the same kind; and sentences for whoever has to choose. */
#define _GNU_SOURCE
#include "seqlocks.h"
#include "../gbench.h"
#include "../text.h"
#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum {
    LINE = 1024,
    TOLD = 6,          /* names in one list */
    SLOW = 5,          /* times slower than the fastest: to be avoided */
    HELD_UP = 1000000, /* ns: a read or write that takes so long is to be told, */
    APART = 4,         /* if others' longest are so many times shorter */
    FEWEST_DUE = 20,   /* writes: of fewer, half may be missing by chance */
};

static double ns_of(const struct seq_scenario *scenario, int candidate)
{
    return scenario->contest.entry[candidate].interval.middle;
}

static bool is_control(const struct seq_design *design)
{
    return design->kind == SEQ_NOTHING;
}

static bool any_design(const struct seq_design *design)
{
    return !is_control(design);
}

static bool with_lock(const struct seq_design *design)
{
    return design->kind == SEQ_RWLOCK || design->kind == SEQ_LOCK;
}

/* The fastest of some designs in a scenario: a candidate, -1 if there is none. */
static int fastest(const struct seq_run *run, const struct seq_scenario *scenario,
                   bool (*among)(const struct seq_design *))
{
    int best = -1;
    for (unsigned i = 0; scenario->design != NULL && i < scenario->contest.candidates; ++i) {
        const struct seq_design *design = run->design[scenario->design[i]];
        if (contest_has(&scenario->contest, i) && !is_control(design) && among(design) &&
            !seq_is_broken(&scenario->result[i]) &&
            (best < 0 || ns_of(scenario, (int)i) < ns_of(scenario, best))) {
            best = (int)i;
        }
    }
    return best;
}

static const char *name_at(const struct seq_run *run, const struct seq_scenario *scenario,
                           int candidate)
{
    return run->design[scenario->design[candidate]]->name;
}

__attribute__((format(printf, 2, 3))) static void append(char line[LINE], const char *format, ...)
{
    va_list arguments;
    const size_t used = strlen(line);
    va_start(arguments, format);
    vsnprintf(line + used, LINE - used, format, arguments);
    va_end(arguments);
}

/* "2 readers, a writer 1000 times a second" */
static void scene(const struct seq_scenario *scenario, char text[128])
{
    char rate[64];
    if (scenario->part == SEQ_WRITE) {
        snprintf(text, 128, "a write alone");
    } else if (scenario->part == SEQ_SCALING) {
        snprintf(text, 128, "%u reader%s, no writer", scenario->readers,
                 scenario->readers > 1 ? "s" : "");
    } else {
        snprintf(text, 128, "%u reader%s and a writer %s", scenario->readers,
                 scenario->readers > 1 ? "s" : "", seq_rate_text(scenario->writes, rate));
    }
}

/* Of one of ours to the best peer of its kind, if there is one. */
static void compare(struct seq_run *run, const struct seq_scenario *scenario, unsigned ours)
{
    const struct seq_design *design = run->design[scenario->design[ours]];
    struct stats_interval ratio;
    char what[128];
    int best = -1;
    for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
        const struct seq_design *peer = run->design[scenario->design[i]];
        if (peer->kind == design->kind && !seq_is_ours(peer) &&
            contest_has(&scenario->contest, i) && !seq_is_broken(&scenario->result[i]) &&
            (best < 0 || ns_of(scenario, (int)i) < ns_of(scenario, best))) {
            best = (int)i;
        }
    }
    if (best >= 0 && contest_ratio(&scenario->contest, (unsigned)best, ours, &ratio)) {
        scene(scenario, what);
        json_array_append_new(run->ratios,
                              gbench_ratio(what, design->name, name_at(run, scenario, best), ratio,
                                           contest_differ(ratio)));
    }
}

/* Names with what is said of each, the worst first; a sentence takes a few of them. */
struct list {
    struct {
        char text[128];
        double weight;
    } entry[64];
    unsigned count;
};

__attribute__((format(printf, 3, 4))) static void list_add(struct list *list, double weight,
                                                           const char *format, ...)
{
    enum { MOST = sizeof list->entry / sizeof *list->entry };
    va_list arguments;
    unsigned i = list->count < MOST ? list->count++ : MOST - 1;
    for (; i > 0 && list->entry[i - 1].weight < weight; --i) {
        list->entry[i] = list->entry[i - 1];
    }
    list->entry[i].weight = weight;
    va_start(arguments, format);
    vsnprintf(list->entry[i].text, sizeof list->entry[i].text, format, arguments);
    va_end(arguments);
}

static void append_list(char line[LINE], const struct list *list)
{
    const unsigned shown = list->count > TOLD + 1 ? TOLD : list->count;
    for (unsigned i = 0; i < shown; ++i) {
        append(line, "%s%s", i > 0 ? ", " : "", list->entry[i].text);
    }
    if (shown < list->count) {
        append(line, " and %u more", list->count - shown);
    }
}

static void say(struct seq_run *run, const char *line)
{
    json_array_append_new(run->advice, json_string(line));
}

/* What a read costs: its reader's time, or, where readers share CPUs, what all read together. */
static void append_cost(const struct seq_run *run, const struct seq_scenario *scenario,
                        int candidate, char line[LINE])
{
    const double ns = ns_of(scenario, candidate);
    char text[64];
    if (scenario->readers + (scenario->part == SEQ_WRITER) > run->cpu_count) {
        append(line, "%s million a second", bench_number(1e3 / ns, text));
    } else {
        append(line, "%s each", seq_time_text(ns * scenario->readers, text));
    }
}

/* "seqlock, 1.52 ns each" and what is not told from it in this run. */
static void append_fastest(const struct seq_run *run, const struct seq_scenario *scenario, int best,
                           char line[LINE])
{
    struct list equal = {.count = 0};
    append(line, "%s, ", name_at(run, scenario, best));
    append_cost(run, scenario, best, line);
    for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
        struct stats_interval ratio;
        const struct seq_design *design = run->design[scenario->design[i]];
        if ((int)i != best && contest_has(&scenario->contest, i) && !is_control(design) &&
            !seq_is_broken(&scenario->result[i]) &&
            contest_ratio(&scenario->contest, i, (unsigned)best, &ratio) &&
            (!contest_differ(ratio) || ratio.middle < 1.03)) {
            list_add(&equal, -ratio.middle, "%s", design->name);
        }
    }
    if (equal.count > 0) {
        append(line, " (the same, within noise or 3 %%: ");
        append_list(line, &equal);
        append(line, ")");
    }
}

/* Reads alone: what the fastest with and without a lock cost. */
static void advise_alone(struct seq_run *run)
{
    const struct seq_scenario *scenario = seq_scenario(run, SEQ_SCALING, 1, SEQ_NO_WRITES);
    const int best = scenario != NULL ? fastest(run, scenario, any_design) : -1;
    char line[LINE] = "", time[64];
    if (best < 0) {
        return;
    }
    append(line, "A read alone is cheapest with ");
    append_fastest(run, scenario, best, line);
    for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
        if (is_control(run->design[scenario->design[i]]) && contest_has(&scenario->contest, i)) {
            append(line, "; a copy by words and its check take %s without any protection",
                   seq_time_text(ns_of(scenario, (int)i), time));
        }
    }
    const int lock = fastest(run, scenario, with_lock);
    if (lock >= 0 && lock != best) {
        append(line, "; the cheapest lock, %s, takes %s", name_at(run, scenario, lock),
               seq_time_text(ns_of(scenario, lock), time));
    }
    append(line, ".");
    say(run, line);
}

/* Designs with which readers together read no faster than one alone, on CPUs of their own. */
static void advise_scaling(struct seq_run *run)
{
    const struct seq_scenario *one = seq_scenario(run, SEQ_SCALING, 1, SEQ_NO_WRITES), *all = NULL;
    struct list bad = {.count = 0};
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct seq_scenario *each = &run->scenario[s];
        if (each->part == SEQ_SCALING && each->readers > 1 && each->readers <= run->cpu_count &&
            (all == NULL || each->readers > all->readers)) {
            all = each;
        }
    }
    for (unsigned i = 0; one != NULL && all != NULL && i < run->design_count; ++i) {
        const int a = seq_find(one, i), b = seq_find(all, i);
        if (a >= 0 && b >= 0 && any_design(run->design[i]) &&
            all->contest.entry[b].interval.low > one->contest.entry[a].interval.high) {
            const double ratio = ns_of(one, a) / ns_of(all, b);
            list_add(&bad, 1 / ratio, "%s (%.2f times the rate of one)", run->design[i]->name,
                     ratio);
        }
    }
    if (bad.count > 0) {
        char line[LINE] = "";
        append(line,
               "Avoid with more than one reader, even if nobody writes: %u readers together read "
               "slower than one alone with ",
               all->readers);
        append_list(line, &bad);
        append(line, ".");
        say(run, line);
    }
}

static void append_choice(const struct seq_run *run, const struct seq_scenario *scenario,
                          int candidate, char line[LINE])
{
    const struct seq_result *result = &scenario->result[candidate];
    char time[64];
    if (result->write.count > 0) {
        append(
            line, ", and the writer pays %s",
            seq_time_text(histogram_quantile(&result->write, 0.5) / run->clock.ticks_per_ns, time));
    }
}

/* One mix: the fastest, the fastest without memory to free, and what to stay away from. */
static void advise_mix(struct seq_run *run, const struct seq_scenario *scenario)
{
    char line[LINE] = "", text[128];
    struct list bad = {.count = 0};
    const int best = fastest(run, scenario, any_design);
    if (best < 0) {
        return;
    }
    scene(scenario, text);
    append(line, "With %s, reads are cheapest with ", text);
    append_fastest(run, scenario, best, line);
    append_choice(run, scenario, best, line);
    const int ours = fastest(run, scenario, seq_is_ours);
    if (ours >= 0 && ours != best) {
        append(line, "; with %s, of ours, ", name_at(run, scenario, ours));
        append_cost(run, scenario, ours, line);
        append_choice(run, scenario, ours, line);
    }
    for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
        const struct seq_design *design = run->design[scenario->design[i]];
        struct stats_interval ratio;
        if (any_design(design) && contest_has(&scenario->contest, i) &&
            contest_ratio(&scenario->contest, i, (unsigned)best, &ratio) && ratio.low > SLOW) {
            list_add(&bad, ratio.middle, "%s (%.0f times slower)", design->name, ratio.middle);
        }
    }
    if (bad.count > 0) {
        append(line, ". Avoid ");
        append_list(line, &bad);
    }
    append(line, ".");
    say(run, line);
}

/* The shortest of what was the longest with each. */
static uint64_t least_longest(const struct seq_run *run, const struct seq_scenario *scenario,
                              bool writes)
{
    uint64_t least = UINT64_MAX;
    for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
        const struct seq_result *result = &scenario->result[i];
        const uint64_t longest = writes ? result->longest_write : result->longest_read;
        if (contest_has(&scenario->contest, i) && longest > 0 && longest < least &&
            any_design(run->design[scenario->design[i]])) {
            least = longest;
        }
    }
    return least;
}

/* The share of the rate that was asked for; 1 where none was, or too few were due to tell. */
static double share_written(const struct seq_scenario *scenario, const struct seq_result *result)
{
    const double due = (double)scenario->writes * result->write_ns / 1e9;
    return scenario->writes == SEQ_MOST_WRITES || due < FEWEST_DUE ? 1 : result->writes / due;
}

/* Whom a design lets wait in a mix: readers, or the writer. */
static void advise_waits(struct seq_run *run, const struct seq_scenario *scenario, bool writes)
{
    const uint64_t least = least_longest(run, scenario, writes);
    const double tick = 1 / run->clock.ticks_per_ns;
    char line[LINE] = "", text[128], time[64];
    struct list list = {.count = 0};
    double most_written = 0;
    for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
        const double share = share_written(scenario, &scenario->result[i]);
        most_written = share > most_written ? share : most_written;
    }
    for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
        const struct seq_design *design = run->design[scenario->design[i]];
        const struct seq_result *result = &scenario->result[i];
        const uint64_t longest = writes ? result->longest_write : result->longest_read;
        const double share = share_written(scenario, result);
        if (!contest_has(&scenario->contest, i) || !any_design(design)) {
            continue;
        }
        const bool starved = writes && share < most_written / 2;
        const bool held_up = (double)longest * tick > HELD_UP && longest / APART > least;
        if (starved) {
            list_add(&list, 1e12 + (double)longest,
                     "%s (%.2g of the writes asked for, one took %s)", design->name, share,
                     seq_time_text((double)longest * tick, time));
        } else if (held_up) {
            list_add(&list, (double)longest, "%s (%s)", design->name,
                     seq_time_text((double)longest * tick, time));
        }
    }
    if (list.count > 0) {
        scene(scenario, text);
        append(line, "With %s, %s waited long with ", text, writes ? "the writer" : "a reader");
        append_list(line, &list);
        append(line, ".");
        say(run, line);
    }
}

void seq_advise(struct seq_run *run)
{
    run->advice = json_array();
    run->ratios = json_array();
    if (run->advice == NULL || run->ratios == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct seq_scenario *scenario = &run->scenario[s];
        for (unsigned i = 0; scenario->design != NULL && i < scenario->contest.candidates; ++i) {
            if (seq_is_ours(run->design[scenario->design[i]]) &&
                contest_has(&scenario->contest, i) && !seq_is_broken(&scenario->result[i])) {
                compare(run, scenario, i);
            }
        }
    }
    advise_alone(run);
    advise_scaling(run);
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        if (run->scenario[s].part == SEQ_WRITER && run->scenario[s].design != NULL) {
            advise_mix(run, &run->scenario[s]);
            advise_waits(run, &run->scenario[s], false);
            advise_waits(run, &run->scenario[s], true);
        }
    }
}
