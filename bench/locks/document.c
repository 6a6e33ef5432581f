/* document.c - what `cordon-bench locks` found, for programs. */
#define _GNU_SOURCE
#include "locks.h"
#include "../gbench.h"
#include "cli/cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static json_t *candidate(json_t *benchmark, const char *part, const char *name, const char *library,
                         const double *samples, unsigned count)
{
    json_object_update_new(benchmark, json_pack("{s:s, s:s, s:s, s:s, s:o}", "bench", "locks",
                                                "part", part, "candidate", name, "library", library,
                                                "samples", gbench_samples(samples, count)));
    return benchmark;
}

static void add_lock(json_t *benchmark, const struct lock_run *run, unsigned index)
{
    const struct lock_adapter *lock = run->lock[index];
    json_object_update_new(
        benchmark,
        json_pack("{s:s, s:s, s:i, s:i, s:b}", "kind", locks_kind_text(lock->kind), "order",
                  locks_order_text(lock->order), "bytes", (int)lock->bytes, "bytes_per_thread",
                  (int)lock->bytes_each, "broken", (int)run->broken[index]));
}

static json_t *alone_of(const struct lock_run *run, unsigned index, int family)
{
    const struct lock_scenario *scenario = &run->scenario[0];
    const struct contest_entry *entry = &scenario->contest.entry[index];
    const struct lock_adapter *lock = index < run->lock_count ? run->lock[index] : &lock_none;
    char name[128];
    snprintf(name, sizeof name, "locks/uncontended/%s", lock->name);
    json_t *benchmark = candidate(
        gbench_benchmark(name, family, 1, scenario->result[index].operations, entry->interval),
        "uncontended", lock->name, lock->library, entry->sample, scenario->contest.done);
    json_object_set_new(benchmark, "within_noise",
                        json_boolean(stats_is_noise(entry->interval, locks_resolution(run))));
    json_object_set_new(benchmark, "resolution", json_real(locks_resolution(run)));
    if (index < run->lock_count) {
        add_lock(benchmark, run, index);
    }
    return benchmark;
}

static json_t *floor_of(const struct lock_run *run, const struct lock_scenario *scenario,
                        unsigned index, int family)
{
    static const char *const names[] = {"switch", "ring"};
    const struct contest_entry *entry = &scenario->contest.entry[index];
    const char *which = names[index - run->lock_count];
    const unsigned threads = index == run->lock_count + LOCK_FLOOR_SWITCH ? 2 : scenario->threads;
    char name[128];
    snprintf(name, sizeof name, "locks/floor/threads:%u/%s", threads, which);
    return candidate(
        gbench_benchmark(name, family, threads,
                         (double)scenario->block * entry->good / entry->interval.middle,
                         entry->interval),
        "floor", which, "reference", entry->sample, scenario->contest.done);
}

/* Of its throughput with as many threads as CPUs (or nearly); negative if that was not measured. */
static double left_of(const struct lock_run *run, const struct lock_scenario *scenario,
                      unsigned index)
{
    const struct lock_scenario *fitting = NULL;
    for (unsigned i = 0; i < run->scenario_count; ++i) {
        const struct lock_scenario *each = &run->scenario[i];
        if (each->part == LOCK_THREADS && !each->crowded && each->hold == scenario->hold &&
            each->think == scenario->think && contest_has(&each->contest, index)) {
            fitting = each;
        }
    }
    return fitting == NULL ? -1
                           : fitting->contest.entry[index].interval.middle /
                                 scenario->contest.entry[index].interval.middle;
}

static bool shares_lead(const struct lock_run *run, const struct lock_scenario *scenario,
                        unsigned index, bool fair)
{
    const unsigned first = locks_fastest(scenario, run->broken, run->lock_count, fair);
    return first < run->lock_count && !run->broken[index] &&
           (!fair || scenario->result[index].fairness >= LOCK_FAIR) &&
           locks_near(scenario, index, first);
}

static json_t *threads_of(const struct lock_run *run, const struct lock_scenario *scenario,
                          unsigned index, int family)
{
    const struct contest_entry *entry = &scenario->contest.entry[index];
    const struct lock_result *result = &scenario->result[index];
    const struct lock_adapter *lock = run->lock[index];
    const bool map = scenario->part == LOCK_MAP;
    char name[160];
    snprintf(name, sizeof name, "locks/%sthreads:%u/hold:%llu/think:%llu/%s", map ? "map/" : "",
             scenario->threads, (unsigned long long)scenario->hold,
             (unsigned long long)scenario->think, lock->name);
    json_t *benchmark = candidate(
        gbench_benchmark(name, family, scenario->threads, result->operations, entry->interval),
        map ? "map" : "threads", lock->name, lock->library, entry->sample, scenario->contest.done);
    add_lock(benchmark, run, index);
    json_object_update_new(
        benchmark,
        json_pack("{s:I, s:I, s:i, s:o, s:o, s:b, s:b}", "hold", (json_int_t)scenario->hold,
                  "think", (json_int_t)scenario->think, "cpus", (int)run->cpu_count, "jain",
                  result->jains > 0 ? json_real(result->fairness) : json_null(), "jain_samples",
                  gbench_samples(result->jain, result->jains), "lead",
                  (int)shares_lead(run, scenario, index, false), "lead_fair",
                  (int)shares_lead(run, scenario, index, true)));
    if (!map) {
        const double left = left_of(run, scenario, index);
        json_object_set_new(benchmark, "latency",
                            gbench_latency(result->waits, 1 / run->clock.ticks_per_ns));
        json_object_set_new(benchmark, "longest_wait",
                            json_real((double)result->waits->most / run->clock.ticks_per_ns));
        json_object_set_new(benchmark, "longest_run",
                            json_integer((json_int_t)result->longest_run));
        if (left >= 0) {
            json_object_set_new(benchmark, "left", json_real(left));
        }
    }
    return benchmark;
}

static void append_scenario(json_t *benchmarks, const struct lock_run *run,
                            const struct lock_scenario *scenario, int family)
{
    for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
        if (contest_has(&scenario->contest, i)) {
            json_array_append_new(benchmarks,
                                  scenario->part == LOCK_UNCONTENDED ? alone_of(run, i, family)
                                  : i >= run->lock_count ? floor_of(run, scenario, i, family)
                                                         : threads_of(run, scenario, i, family));
        }
    }
}

static void append_pair(json_t *benchmarks, const struct lock_run *run,
                        const struct lock_pair *pair, int family)
{
    for (unsigned i = 0; i < pair->over.candidates; ++i) {
        const bool line = i == LOCK_OVER_LINE;
        const unsigned index = line ? 0 : run->handing[i - LOCK_OVER_LOCKS];
        const struct lock_adapter *lock = run->lock[index];
        const struct contest_entry *entry = &pair->over.entry[i];
        struct stats_interval ratio;
        char name[128];
        if (!contest_has(&pair->over, i)) {
            continue;
        }
        snprintf(name, sizeof name, "locks/handover/cpu:%u/partner:%u/%s", pair->a->os, pair->b->os,
                 line ? "line" : lock->name);
        json_t *benchmark = candidate(
            gbench_benchmark(
                name, family, 2,
                pair->operations[line ? LOCK_RAW_LINE : i - LOCK_OVER_LOCKS + LOCK_RAW_LOCKS],
                entry->interval),
            "handover", line ? "line" : lock->name, line ? "reference" : lock->library,
            entry->sample, pair->over.done);
        json_object_update_new(
            benchmark,
            json_pack("{s:i, s:i, s:s}", "cpu", (int)pair->a->os, "partner", (int)pair->b->os,
                      "distance", machine_distance_text(machine_distance(pair->a, pair->b))));
        if (!line) {
            add_lock(benchmark, run, index);
        }
        if (!line && contest_ratio(&pair->over, i, LOCK_OVER_LINE, &ratio)) {
            json_object_set_new(benchmark, "lines", json_real(ratio.middle));
            json_object_set_new(benchmark, "lines_interval_95",
                                json_pack("[f,f]", ratio.low, ratio.high));
        }
        json_array_append_new(benchmarks, benchmark);
    }
}

static json_t *ratios_of(const struct lock_run *run)
{
    static const char *const rivals[] = {"best", "best_fair", "namesake"};
    json_t *array = json_array();
    unsigned count;
    struct lock_ratio *ratios = locks_compare(run, &count);
    for (unsigned i = 0; i < count; ++i) {
        const struct lock_ratio *ratio = &ratios[i];
        json_t *each = gbench_ratio(ratio->what, run->lock[ratio->ours]->name,
                                    run->lock[ratio->peer]->name, ratio->ratio, ratio->differs);
        json_object_set_new(each, "ours_jain", json_real(ratio->ours_jain));
        json_object_set_new(each, "peer_jain", json_real(ratio->peer_jain));
        json_object_set_new(each, "rival", json_string(rivals[ratio->rival]));
        json_array_append_new(array, each);
    }
    free(ratios);
    return array;
}

static json_t *advice_of(const struct lock_run *run)
{
    json_t *array = json_array();
    char *sentence[LOCK_MOST_SENTENCES];
    const unsigned count = locks_advice(run, sentence, LOCK_MOST_SENTENCES);
    for (unsigned i = 0; i < count; ++i) {
        json_array_append_new(array, json_string(sentence[i]));
        free(sentence[i]);
    }
    return array;
}

json_t *locks_document(const struct lock_run *run)
{
    json_t *context = gbench_context(&run->machine, &run->clock, NULL);
    json_t *benchmarks = json_array();
    if (context == NULL || benchmarks == NULL) {
        return NULL;
    }
    json_object_set_new(context, "advice", advice_of(run));
    json_object_set_new(context, "ratios", ratios_of(run));
    json_object_set_new(context, "mix",
                        json_pack("{s:i, s:I, s:I}", "threads", (int)run->mix_threads, "hold",
                                  (json_int_t)run->hold, "think", (json_int_t)run->think));
    for (unsigned i = 0; i < run->scenario_count; ++i) {
        if (run->scenario[i].contest.entry != NULL) {
            append_scenario(benchmarks, run, &run->scenario[i], (int)i);
        }
    }
    for (unsigned i = 0; i < run->pair_count; ++i) {
        if (run->pair[i].over.entry != NULL) {
            append_pair(benchmarks, run, &run->pair[i], (int)(run->scenario_count + i));
        }
    }
    return gbench_document(context, benchmarks);
}
