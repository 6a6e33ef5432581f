/* json.c - what `cordon-bench fences` found, for programs. */
#define _GNU_SOURCE
#include "fences.h"
#include "../gbench.h"
#include "cli/cli.h"

#include <cordon/fence.h>

#include <math.h>
#include <string.h>

enum { LEAST_SLICES = 5 };

/* What all benchmarks have. Takes the array of samples. */
static json_t *benchmark_new(const struct fence_run *run, const char *part, const char *name,
                             const char *fence, const char *context, int threads,
                             uint64_t iterations, struct stats_interval interval, json_t *samples)
{
    const enum fence_kind kind = fences[fence_find(fence)].kind;
    const bool ours = kind == FENCE_HELPER;
    return json_pack("{s:s, s:s, s:s, s:s, "
                     "s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:I, s:f, s:f, s:s, s:s, s:s, s:[f,f], "
                     "s:f, s:o}",
                     "bench", "fences", "part", part, "candidate", fence, "library",
                     ours ? "cordon" : "reference", "name", name, "run_name", name, "run_type",
                     "iteration", "family_index", (int)fence_find(fence), "repetitions", 1,
                     "repetition_index", 0, "threads", threads, "iterations",
                     (json_int_t)iterations, "real_time", interval.middle, "cpu_time",
                     interval.middle, "time_unit", "ns", "fence", fence, "context", context,
                     "interval_95", interval.low, interval.high, "cycles",
                     interval.middle / run->clock.cycle_ns, "samples", samples);
}

static void set_integer(json_t *benchmark, const char *key, uint64_t value)
{
    json_object_set_new(benchmark, key, json_integer((json_int_t)value));
}

/* fences/full/empty, fences/full/own:8, fences/full/taken:8/cpu:0/partner:1 */
static json_t *cost_of(const struct fence_run *run, const struct fence_context *context,
                       unsigned index)
{
    const struct fence *fence = &fences[index];
    const struct fence_result *result = &context->result[index];
    const bool loads = context->place == FENCE_LOADS;
    const unsigned threads = context->place == FENCE_ALL     ? run->machine.cpu_count
                             : context->place == FENCE_TAKEN ? 2
                                                             : 1;
    char name[128], bytes[256];
    int used =
        snprintf(name, sizeof name, "fences/%s/%s", fence->name, fence_place_names[context->place]);
    if (context->place != FENCE_EMPTY) {
        used += snprintf(name + used, sizeof name - (size_t)used, ":%u", context->count);
    }
    if (context->place == FENCE_TAKEN) {
        snprintf(name + used, sizeof name - (size_t)used, "/cpu:%u/partner:%u", context->cpu,
                 context->partner);
    }
    json_t *benchmark =
        benchmark_new(run, "costs", name, fence->name, fence_place_names[context->place],
                      (int)threads, result->rounds * result->count, result->interval,
                      gbench_samples(result->marginal, result->count));
    set_integer(benchmark, "stores", loads ? 0 : context->count);
    set_integer(benchmark, "loads", loads ? context->count : 0);
    set_integer(benchmark, "cpu", context->cpu);
    if (context->place == FENCE_TAKEN) {
        set_integer(benchmark, "partner", context->partner);
        json_object_set_new(benchmark, "distance",
                            json_string(machine_distance_text(context->distance)));
    }
    json_object_set_new(benchmark, "ladder", json_boolean(context->rung));
    json_object_set_new(benchmark, "within_noise", json_boolean(result->noise));
    json_object_set_new(benchmark, "resolution", json_real(context->resolution));
    json_object_set_new(benchmark, "against", json_string(fence->against));
    code_bytes(fence->code, bytes, sizeof bytes);
    json_object_set_new(benchmark, "bytes", json_string(bytes));
    code_bytes(fence->reference_code, bytes, sizeof bytes);
    json_object_set_new(benchmark, "bytes_without", json_string(bytes));
    json_object_set_new(benchmark, "time_with", json_real(result->median_with));
    json_object_set_new(benchmark, "time_without", json_real(result->median_without));
    json_object_set_new(benchmark, "samples_with", gbench_samples(result->with, result->count));
    json_object_set_new(benchmark, "samples_without",
                        gbench_samples(result->without, result->count));
    return benchmark;
}

static void add_membarrier(const struct fence_run *run, json_t *benchmarks)
{
    const struct fence_membarrier *found = &run->membarrier;
    char name[128];
    for (unsigned i = 0; i < found->callers; ++i) {
        const struct fence_caller *caller = &found->caller[i];
        if (caller->count > 0) {
            snprintf(name, sizeof name, "fences/heavy/caller:%u", caller->others);
            json_t *benchmark = benchmark_new(
                run, "membarrier", name, "heavy", "caller", (int)caller->others + 1, caller->count,
                caller->interval, gbench_samples(caller->sample, caller->count));
            set_integer(benchmark, "others", caller->others);
            json_array_append_new(benchmarks, benchmark);
        }
    }
    if (found->count > 0) {
        snprintf(name, sizeof name, "fences/heavy/victim/cpu:%u/partner:%u", run->cpu->os,
                 found->victim);
        json_t *benchmark =
            benchmark_new(run, "membarrier", name, "heavy", "victim", 2, found->count,
                          found->interval, gbench_samples(found->victim_samples, found->count));
        set_integer(benchmark, "cpu", run->cpu->os);
        set_integer(benchmark, "partner", found->victim);
        json_object_set_new(benchmark, "within_noise", json_boolean(found->noise));
        json_object_set_new(benchmark, "fences_per_second",
                            gbench_samples(found->rate, FENCE_PACES));
        json_object_set_new(benchmark, "time_lost", gbench_samples(found->lost, FENCE_PACES));
        json_array_append_new(benchmarks, benchmark);
    }
}

/* fences/full/effect:SB/cpu:0/partner:1; the time is that of a frame. */
static void add_effect(const struct fence_run *run, const struct fence_effect *effect,
                       json_t *benchmarks)
{
    char name[128];
    for (unsigned r = 0; r < FENCE_REMEDIES; ++r) {
        const struct fence_remedy *remedy = &fence_remedies[r];
        for (unsigned s = 0; s < FENCE_SHAPES; ++s) {
            const struct fence_tally *tally = &effect->tally[r][s];
            if (tally->slices < LEAST_SLICES) {
                continue; /* so few tell nothing of the time of a frame */
            }
            const double frames = (double)tally->frames;
            snprintf(name, sizeof name, "fences/%s%s%s/effect:%s/cpu:%u/partner:%u", remedy->fence,
                     remedy->partner != NULL ? "+" : "",
                     remedy->partner != NULL ? remedy->partner : "", fence_shape_names[s],
                     effect->cpu, effect->partner);
            json_t *benchmark =
                benchmark_new(run, "effect", name, remedy->fence, "effect", 2, tally->frames,
                              tally->interval, gbench_samples(tally->ns, tally->slices));
            json_object_set_new(benchmark, "shape", json_string(fence_shape_names[s]));
            json_object_set_new(benchmark, "remedy", json_string(remedy->name));
            set_integer(benchmark, "cpu", effect->cpu);
            set_integer(benchmark, "partner", effect->partner);
            set_integer(benchmark, "weak", tally->weak);
            set_integer(benchmark, "frames", tally->frames);
            json_object_set_new(benchmark, "weak_per_million",
                                json_real(1e6 * (double)tally->weak / frames));
            if (tally->weak == 0) {
                json_object_set_new(benchmark, "weak_per_million_below", json_real(3e6 / frames));
            }
            json_object_set_new(benchmark, "forbidden", json_boolean(fences_forbids(remedy, s)));
            json_array_append_new(benchmarks, benchmark);
        }
    }
}

static json_t *comparisons_of(const struct fence_run *run)
{
    json_t *array = json_array();
    for (unsigned c = 0; c < run->context_count; ++c) {
        const struct fence_context *context = &run->context[c];
        struct fence_comparison comparison;
        if (context->column && fences_compare(context, &comparison)) {
            json_array_append_new(array,
                                  json_pack("{s:s, s:s, s:f, s:[f,f], s:b}", "context",
                                            fence_place_names[context->place], "cheapest",
                                            comparison.cheapest->name, "difference",
                                            comparison.difference.middle, "interval_95",
                                            comparison.difference.low, comparison.difference.high,
                                            "full_is_dearer", comparison.dearer));
        }
    }
    return array;
}

static json_t *interval_of(struct stats_interval interval, bool is_there)
{
    return is_there ? json_pack("[f,f,f]", interval.low, interval.middle, interval.high)
                    : json_null();
}

/* One summary for each curve: lines through its points, which stand among the benchmarks. */
static json_t *ladder_of(const struct fence_run *run)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < run->curve_count; ++i) {
        const struct fence_curve *curve = &run->curve[i];
        const struct fence_context *last = &run->context[curve->rung[curve->rungs - 1]];
        const struct fit_ladder *fit = &curve->fit;
        if (last->place == FENCE_LOADS || !fit->fitted) {
            continue;
        }
        json_t *summary = json_pack(
            "{s:s, s:s, s:i, s:o, s:b, s:o, s:b, s:o}", "fence", fences[curve->fence].name,
            "context", fence_place_names[last->place], "cpu", (int)last->cpu, "cost_per_store",
            interval_of(fit->cost, true), "cost_within_noise", fit->cost_noise, "drain_per_store",
            interval_of(fit->drain, true), "drain_within_noise", fit->drain_noise, "full_after",
            interval_of(fit->full, fit->knee));
        if (last->place == FENCE_TAKEN) {
            set_integer(summary, "partner", last->partner);
        }
        json_array_append_new(array, summary);
    }
    return array;
}

json_t *fences_document(const struct fence_run *run)
{
    json_t *context = gbench_context(&run->machine, &run->clock, NULL);
    json_t *benchmarks = json_array();
    if (context == NULL || benchmarks == NULL) {
        return NULL;
    }
    json_object_set_new(context, "membarrier",
                        json_boolean(cordon_fence_asymmetric_probe() == CORDON_FENCE_MEMBARRIER));
    json_object_set_new(context, "full_fence", comparisons_of(run));
    json_object_set_new(context, "ladder", ladder_of(run));
    set_integer(context, "loads_miss_in_bytes", run->far_bytes);
    for (unsigned c = 0; c < run->context_count; ++c) {
        for (unsigned i = 0; i < fence_count; ++i) {
            if (run->context[c].result[i].count > 0) {
                json_array_append_new(benchmarks, cost_of(run, &run->context[c], i));
            }
        }
    }
    add_membarrier(run, benchmarks);
    for (unsigned e = 0; e < run->effect_count; ++e) {
        add_effect(run, &run->effect[e], benchmarks);
    }
    return gbench_document(context, benchmarks);
}
