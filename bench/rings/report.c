/* report.c - what `cordon-bench rings` found, for people and for programs. */
#define _GNU_SOURCE
#include "rings.h"
#include "../gbench.h"
#include "../text.h"
#include "cli/cli.h"

#include <stdlib.h>

enum { NAME_WIDTH = 18 };

/* Fastest first; those without a figure last. */
static void ranked(const struct ring_part *part, unsigned *order)
{
    for (unsigned i = 0; i < part->count; ++i) {
        unsigned at = i;
        const bool has = contest_has(&part->contest, i);
        while (at > 0 && has &&
               (!contest_has(&part->contest, order[at - 1]) ||
                part->contest.entry[i].interval.middle <
                    part->contest.entry[order[at - 1]].interval.middle)) {
            order[at] = order[at - 1];
            --at;
        }
        order[at] = i;
    }
}

/* Against the best of the others: "1.92 [1.85, 1.99]". */
static void print_ratio(FILE *stream, const struct ring_part *part, unsigned index)
{
    char text[BENCH_CELL];
    struct stats_interval ratio;
    const int peer = ring_best(part, false);
    if (peer < 0) {
        return;
    }
    if ((unsigned)peer == index) {
        fputs("  the best of the others", stream);
    } else if (ring_ours(part->entry[index]) && ring_against(part, index, (unsigned)peer, &ratio)) {
        fprintf(stream, "  %s",
                contest_differ(ratio) ? bench_interval(ratio, 1, text) : "within noise");
    }
}

static void print_row(FILE *stream, const struct ring_run *run, const struct ring_part *part,
                      unsigned index)
{
    const struct cli_style style = cli_style(stream);
    const struct ring_candidate *candidate = part->entry[index];
    const struct ring_score *score = &part->score[index];
    const bool ours = ring_ours(candidate);
    char cell[5][BENCH_CELL];
    fprintf(stream, "%s%c %-*s", ours ? style.bold : "", ours ? '*' : ' ', NAME_WIDTH,
            candidate->name);
    if (score->broken[0] != '\0') {
        fprintf(stream, "%s %sBROKEN: %s%s\n", style.reset, style.red, score->broken, style.reset);
        return;
    }
    if (!contest_has(&part->contest, index)) {
        fprintf(stream, "%s %s\n", style.reset, "-");
        return;
    }
    const struct stats_interval ns = part->contest.entry[index].interval;
    if (part->latency) {
        const double scale = 0.5 / run->clock.ticks_per_ns; /* of a round trip */
        static const double share[] = {0.9, 0.99, 0.999};
        fprintf(stream, " %-20s%s", bench_interval(ns, 1, cell[0]), style.reset);
        for (unsigned i = 0; i < 3; ++i) {
            fprintf(stream, " %7s",
                    bench_number(histogram_quantile(score->latency, share[i]) * scale, cell[0]));
        }
        fprintf(stream, " %8s", bench_number((double)score->latency->most * scale, cell[0]));
    } else {
        fprintf(stream, " %-20s%s %8s", bench_interval(ring_million(ns), 1, cell[0]), style.reset,
                bench_number(ns.middle, cell[1]));
        if (part->consumers > 1) {
            fprintf(stream, "  %4.2f", ring_jain(part, index));
        }
        if (part->oversubscribed) {
            fprintf(stream, "  %8s", bench_number(1e3 / ring_slow(part, index), cell[2]));
        }
    }
    print_ratio(stream, part, index);
    if ((candidate->traits & RING_UNBOUNDED) != 0) {
        fputs("  (unbounded)", stream);
    }
    fputc('\n', stream);
}

static void print_part(FILE *stream, const struct ring_run *run, const struct ring_part *part)
{
    const struct cli_style style = cli_style(stream);
    unsigned order[RING_MOST_CANDIDATES];
    char title[RING_TITLE];
    const bool compared = ring_best(part, false) >= 0 && ring_best(part, true) >= 0;
    if (part->contest.done == 0) {
        return;
    }
    fprintf(stream, "\n%s%s%s", style.bold, ring_title(part, title), style.reset);
    if (part->oversubscribed) {
        fprintf(stream, "; %u threads share %u CPU%s", part->producers + part->consumers,
                run->cpu_count, run->cpu_count == 1 ? "" : "s");
    }
    fprintf(stream, "\n  %-*s ", NAME_WIDTH, "");
    if (part->latency) {
        fprintf(stream, "%-20s %7s %7s %7s %8s", "ns: p50 [95 %]", "p90", "p99", "p99.9", "max");
    } else {
        fprintf(stream, "%-20s %8s", "M items/s [95 %]", "ns/item");
        fputs(part->consumers > 1 ? "  Jain" : "", stream);
        fputs(part->oversubscribed ? "   slowest" : "", stream);
    }
    fprintf(stream, "%s\n", compared ? "  against the best of the others" : "");
    ranked(part, order);
    for (unsigned i = 0; i < part->count; ++i) {
        print_row(stream, run, part, order[i]);
    }
}

static void print_legend(FILE *stream, const struct ring_run *run)
{
    bool crowded = false, several = false, latency = false;
    for (unsigned i = 0; i < run->part_count; ++i) {
        const struct ring_part *part = &run->part[i];
        crowded |= part->contest.done > 0 && part->oversubscribed;
        several |= part->contest.done > 0 && part->consumers > 1;
        latency |= part->contest.done > 0 && part->latency;
    }
    fputs("\n*        ours; beside it the ratio to the best of the others, from the same "
          "repetitions:\n"
          "         above 1, ours is better\n",
          stream);
    if (several) {
        fputs("Jain     how evenly the consumers were served: 1 all alike, 1/n one got all\n",
              stream);
    }
    if (crowded) {
        fputs("slowest  M items/s: a quarter of the blocks were as slow, or slower\n", stream);
    }
    if (latency) {
        fputs("latency  half of a round trip through two queues, one item at a time, 1 us apart\n",
              stream);
    }
}

static void print_advice(FILE *stream, const struct ring_run *run)
{
    const struct cli_style style = cli_style(stream);
    size_t i;
    json_t *sentence;
    if (json_array_size(run->advice) > 0) {
        fprintf(stream, "\n%sIn short%s\n", style.bold, style.reset);
    }
    json_array_foreach(run->advice, i, sentence)
    {
        fprintf(stream, "- %s\n", json_string_value(sentence));
    }
}

void rings_print(FILE *stream, const struct ring_run *run)
{
    unsigned fewest = run->repetitions, most = 0;
    bench_print_machine(stream, &run->machine, &run->clock);
    fputs("threads    ", stream);
    if (run->cpu_count > 1) {
        fputs("each pinned to a CPU of its own, producers first: ", stream);
    }
    for (unsigned i = 0; i < run->cpu_count; ++i) {
        fprintf(stream, "%s%u", i ? ", " : run->cpu_count > 1 ? "" : "on CPU ", run->cpu[i]);
    }
    fputs("; more threads than that float over them\n", stream);
    fprintf(stream,
            "queues     of capacity %u; who finds one full or empty relaxes, looking again each "
            "time,\n           and from the %uth time on yields its core: the same for all that "
            "do not block\n",
            run->capacity, CORDON_WAIT_RELAXES);
    if (ring_absent()[0] != '\0') {
        fprintf(stream, "not here   %s: not found when this was built\n", ring_absent());
    }
    bench_print_warnings(stream, &run->machine, NULL);
    for (unsigned i = 0; i < run->part_count; ++i) {
        const struct ring_part *part = &run->part[i];
        print_part(stream, run, part);
        fewest = part->contest.done < fewest ? part->contest.done : fewest;
        most = part->contest.done > most ? part->contest.done : most;
    }
    print_legend(stream, run);
    print_advice(stream, run);
    bench_print_end(stream, fewest, run->repetitions, run->plan.blocks, run->plan.repeated,
                    "blocks");
    if (most > fewest) {
        fprintf(stream, "That is the least of all tables; the most is %u.\n", most);
    }
}

static const char *traits_of(const struct ring_candidate *candidate, char text[96])
{
    snprintf(text, 96, "%s%s%s%s", candidate->traits & RING_BLOCKS ? "; waits by itself" : "",
             candidate->traits & RING_UNBOUNDED ? "; unbounded" : "",
             candidate->traits & RING_ONE_LESS ? "; holds one less" : "",
             candidate->traits & RING_ABOUT ? "; holds about that many" : "");
    return text;
}

void rings_print_list(FILE *stream)
{
    const struct ring_candidate *candidate;
    char traits[96];
    for (unsigned i = 0; (candidate = ring_candidate_at(i)) != NULL; ++i) {
        fprintf(stream, "%-17s %-10s %-10s %-8s %s%s\n", candidate->name, candidate->library,
                candidate->traits & RING_PAIR ? "one pair" : "any number",
                (candidate->traits & RING_BATCHES) == 0  ? "single"
                : (candidate->traits & RING_SINGLE) == 0 ? "batches"
                                                         : "both",
                candidate->what, traits_of(candidate, traits));
    }
    if (ring_absent()[0] != '\0') {
        fprintf(stream, "Not found when this was built: %s\n", ring_absent());
    }
}

/* rings/producers:1/consumers:1/size:8/batch:1/spsc, rings/latency/size:8/spsc; without the candidate it is
 * the part. Queues for one pair and others are parts of their own.
 */
static void part_of(const struct ring_part *part, char text[RING_TITLE])
{
    if (part->latency) {
        snprintf(text, RING_TITLE, "rings/latency/size:%u", ring_size[part->size]);
    } else {
        snprintf(text, RING_TITLE, "rings/producers:%u/consumers:%u/size:%u/batch:%u",
                 part->producers, part->consumers, ring_size[part->size], part->batch);
    }
}

static json_t *benchmark_of(const struct ring_run *run, const struct ring_part *part,
                            unsigned index)
{
    const struct ring_candidate *candidate = part->entry[index];
    const struct ring_score *score = &part->score[index];
    const struct contest_entry *entry = &part->contest.entry[index];
    char of[RING_TITLE], name[2 * RING_TITLE];
    part_of(part, of);
    snprintf(name, sizeof name, "%s/%s", of, candidate->name);
    snprintf(of + strlen(of), sizeof of - strlen(of), "/%s", part->pair ? "pair" : "any");
    json_t *benchmark = gbench_benchmark(name, (int)index, part->producers + part->consumers,
                                         score->items, entry->interval);
    json_t *more = json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:i, s:i, s:i, s:i, s:i, s:b, s:b, s:f}", "bench", "rings",
        "part", of, "candidate", candidate->name, "library", candidate->library, "samples",
        gbench_samples(entry->sample, part->contest.done), "producers", (int)part->producers,
        "consumers", (int)part->consumers, "item_size", (int)ring_size[part->size], "batch",
        (int)part->batch, "capacity", (int)run->capacity, "bounded",
        (candidate->traits & RING_UNBOUNDED) == 0, "oversubscribed", part->oversubscribed, "cycles",
        entry->interval.middle / run->clock.cycle_ns);
    json_object_update(benchmark, more);
    json_decref(more);
    if (part->latency) {
        json_object_del(benchmark, "items_per_second"); /* one item at a time: no throughput */
        json_object_set_new(benchmark, "latency",
                            gbench_latency(score->latency, 0.5 / run->clock.ticks_per_ns));
    } else {
        json_object_set_new(benchmark, "slow_quarter", json_real(ring_slow(part, index)));
        json_object_set_new(benchmark, "jain", json_real(ring_jain(part, index)));
        json_object_set_new(benchmark, "jain_producers",
                            json_real(score->jain_producers / score->blocks));
    }
    return benchmark;
}

static json_t *broken_ones(const struct ring_run *run)
{
    json_t *array = json_array();
    char of[RING_TITLE];
    for (unsigned i = 0; i < run->part_count; ++i) {
        const struct ring_part *part = &run->part[i];
        for (unsigned k = 0; k < part->count; ++k) {
            if (part->score[k].broken[0] != '\0') {
                part_of(part, of);
                json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "part", of, "candidate",
                                                       part->entry[k]->name, "what",
                                                       part->score[k].broken));
            }
        }
    }
    return array;
}

/* The peers' names, each by itself, as the other subcommands have them. */
static json_t *absent_ones(void)
{
    json_t *array = json_array();
    for (const char *name = ring_absent(); *name != '\0';) {
        const size_t length = strcspn(name, ",");
        json_array_append_new(array, json_stringn(name, length));
        name += length + strspn(name + length, ", ");
    }
    return array;
}

json_t *rings_document(const struct ring_run *run)
{
    json_t *context = gbench_context(&run->machine, &run->clock, NULL);
    json_t *benchmarks = json_array();
    if (context == NULL || benchmarks == NULL) {
        return NULL;
    }
    json_object_set(context, "advice", run->advice);
    json_object_set(context, "ratios", run->ratios);
    json_object_set_new(context, "broken", broken_ones(run));
    json_object_set_new(context, "absent", absent_ones());
    for (unsigned i = 0; i < run->part_count; ++i) {
        const struct ring_part *part = &run->part[i];
        for (unsigned k = 0; k < part->count; ++k) {
            if (ring_has(part, k)) {
                json_array_append_new(benchmarks, benchmark_of(run, part, k));
            }
        }
    }
    return gbench_document(context, benchmarks);
}
