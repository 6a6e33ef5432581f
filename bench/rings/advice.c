/* advice.c - what follows from the contests: ours against the best of the others, and which to avoid. */
#define _GNU_SOURCE
#include "rings.h"
#include "../gbench.h"
#include "../text.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Of what one pair reaches, or of the best: less is worth a warning. */
#define FALLEN 0.25
#define FAR    0.1
/* Less even than that is worth a word. */
#define EVEN 0.8

int ring_best(const struct ring_part *part, bool ours)
{
    int best = -1;
    for (unsigned i = 0; i < part->count; ++i) {
        if (ring_ours(part->entry[i]) == ours && ring_has(part, i) &&
            (best < 0 ||
             part->contest.entry[i].interval.middle < part->contest.entry[best].interval.middle)) {
            best = (int)i;
        }
    }
    return best;
}

double ring_slow(const struct ring_part *part, unsigned index)
{
    const struct contest_entry *entry = &part->contest.entry[index];
    double *sorted = calloc(part->contest.done, sizeof *sorted);
    double slow = entry->interval.middle;
    unsigned count = 0;
    for (unsigned i = 0; sorted != NULL && i < part->contest.done; ++i) {
        if (!isnan(entry->sample[i])) {
            sorted[count++] = entry->sample[i];
        }
    }
    if (count > 0) {
        qsort(sorted, count, sizeof *sorted, stats_ascending);
        slow = sorted[count - 1 - count / 4];
    }
    free(sorted);
    return slow;
}

const char *ring_title(const struct ring_part *part, char text[RING_TITLE])
{
    char many[32] = "one at a time";
    if (part->batch > 1) {
        snprintf(many, sizeof many, "%u at a time", part->batch);
    }
    if (part->latency) {
        snprintf(text, RING_TITLE, "latency one way (queues for %s), %u-byte items",
                 part->pair ? "one pair" : "any number", ring_size[part->size]);
    } else {
        const char *queues = part->producers + part->consumers > 2 ? ""
                             : part->pair                          ? " (queues for one pair)"
                                                                   : " (queues for any number)";
        snprintf(text, RING_TITLE, "%u producer%s, %u consumer%s%s, %u-byte items, %s",
                 part->producers, part->producers == 1 ? "" : "s", part->consumers,
                 part->consumers == 1 ? "" : "s", queues, ring_size[part->size], many);
    }
    return text;
}

__attribute__((format(printf, 2, 3))) static void say(struct ring_run *run, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    json_array_append_new(run->advice, json_string(text));
}

/* "180 M items/s", or "85.0 ns". */
static const char *figure_of(const struct ring_part *part, int index, char text[BENCH_CELL])
{
    char number[BENCH_CELL];
    const double ns = part->contest.entry[index].interval.middle;
    snprintf(text, BENCH_CELL, part->latency ? "%.20s ns" : "%.20s M items/s",
             bench_number(part->latency ? ns : 1e3 / ns, number));
    return text;
}

static void say_best(struct ring_run *run, const struct ring_part *part)
{
    char title[RING_TITLE], text[2][BENCH_CELL], number[BENCH_CELL], uneven[64] = "";
    const int ours = ring_best(part, true), peer = ring_best(part, false);
    const struct contest_entry *entry = part->contest.entry;
    struct stats_interval ratio;
    (void)ring_title(part, title);
    if (ours < 0 && peer < 0) {
        return;
    }
    const bool both =
        ours >= 0 && peer >= 0 && ring_against(part, (unsigned)ours, (unsigned)peer, &ratio);
    /* With both there, the one with the better median comes first, whether they differ or not. */
    const int best = ours < 0                                                    ? peer
                     : peer < 0                                                  ? ours
                     : entry[ours].interval.middle < entry[peer].interval.middle ? ours
                                                                                 : peer;
    const int other = best == ours ? peer : ours;
    const bool differ = both && contest_differ(ratio) && (best == ours) == (ratio.middle > 1);
    if (!part->latency && ring_jain(part, (unsigned)best) < EVEN) {
        snprintf(uneven, sizeof uneven, ", though its consumers are served unevenly (Jain %.2f)",
                 ring_jain(part, (unsigned)best));
    }
    const char *name = part->entry[best]->name;
    if (!both) {
        say(run, "%s: %s, %s%s.", title, name, figure_of(part, best, text[0]), uneven);
    } else if (!differ) {
        say(run, "%s: %s, %s%s; %s is within noise of it.", title, name,
            figure_of(part, best, text[0]), uneven, part->entry[other]->name);
    } else if (best == ours) {
        say(run, "%s: %s, %s%s; %sx %s.", title, name, figure_of(part, best, text[0]), uneven,
            bench_number(ratio.middle, number), part->entry[peer]->name);
    } else {
        say(run, "%s: %s, %s%s; of ours %s comes next, %s, %s of that.", title, name,
            figure_of(part, best, text[0]), uneven, part->entry[ours]->name,
            figure_of(part, ours, text[1]), bench_number(ratio.middle, number));
    }
}

/* The same candidate in the contest of one pair with as large items and batches; 0: not measured. */
static double pair_ns(const struct ring_run *run, const struct ring_part *like,
                      const struct ring_candidate *candidate)
{
    for (unsigned i = 0; i < run->part_count; ++i) {
        const struct ring_part *part = &run->part[i];
        if (part->latency || part->oversubscribed || part->producers + part->consumers > 2 ||
            part->size != like->size || part->batch != like->batch) {
            continue;
        }
        for (unsigned k = 0; k < part->count; ++k) {
            if (part->entry[k] == candidate && ring_has(part, k)) {
                return part->contest.entry[k].interval.middle;
            }
        }
    }
    return 0;
}

/* Which to avoid where threads outnumber CPUs, or are just far behind. */
static void say_worst(struct ring_run *run, const struct ring_part *part)
{
    char title[RING_TITLE], list[320] = "";
    const int ours = ring_best(part, true), peer = ring_best(part, false);
    double best = 0;
    if (part->latency || part->producers + part->consumers == 2) {
        return;
    }
    for (int i = 0; i < 2; ++i) {
        const int index = i ? ours : peer;
        const double rate = index < 0 ? 0 : 1 / part->contest.entry[index].interval.middle;
        best = rate > best ? rate : best;
    }
    for (unsigned i = 0; i < part->count; ++i) {
        if (!ring_has(part, i)) {
            continue;
        }
        const size_t used = strlen(list);
        const double rate = 1 / part->contest.entry[i].interval.middle;
        const double fallen = pair_ns(run, part, part->entry[i]) / ring_slow(part, i);
        if (part->oversubscribed && fallen > 0 && fallen < FALLEN) {
            snprintf(list + used, sizeof list - used, "%s%s (%.*f %%)", used ? ", " : "",
                     part->entry[i]->name, fallen < 0.01, fallen * 100);
        } else if (!part->oversubscribed && rate < FAR * best) {
            snprintf(list + used, sizeof list - used, "%s%s (%.*f %%)", used ? ", " : "",
                     part->entry[i]->name, rate < best / 100, rate / best * 100);
        }
    }
    if (list[0] != '\0') {
        say(run, "%s: avoid %s %s.", ring_title(part, title),
            part->oversubscribed
                ? "those that fell, in a quarter of the blocks or more, to so much "
                  "of what they do for one pair:"
                : "those that reach so much of the best:",
            list);
    }
}

static void keep_ratios(struct ring_run *run, const struct ring_part *part)
{
    char title[RING_TITLE];
    struct stats_interval ratio;
    const int peer = ring_best(part, false);
    for (unsigned i = 0; peer >= 0 && i < part->count; ++i) {
        if (!ring_ours(part->entry[i]) || !ring_has(part, i) ||
            !ring_against(part, i, (unsigned)peer, &ratio)) {
            continue;
        }
        json_array_append_new(run->ratios,
                              gbench_ratio(ring_title(part, title), part->entry[i]->name,
                                           part->entry[peer]->name, ratio, contest_differ(ratio)));
    }
}

void rings_advise(struct ring_run *run)
{
    run->advice = json_array();
    run->ratios = json_array();
    for (unsigned i = 0; i < run->part_count; ++i) {
        say_best(run, &run->part[i]);
        say_worst(run, &run->part[i]);
        keep_ratios(run, &run->part[i]);
    }
}
