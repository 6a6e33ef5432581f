/* document.c - what `cordon-bench seqlocks` found, for programs. */
#define _GNU_SOURCE
#include "seqlocks.h"
#include "../gbench.h"

/* seqlocks/scaling/readers:2/size:64/NAME, seqlocks/writer/readers:1/writes:1000/size:64/NAME,
 * seqlocks/write/size:64/NAME
 */
static void name_of(const struct seq_run *run, const struct seq_scenario *scenario,
                    const struct seq_design *design, char name[128])
{
    char writes[24] = "max";
    const unsigned size = seq_sizes[run->size_index];
    if (scenario->writes != SEQ_MOST_WRITES) {
        snprintf(writes, sizeof writes, "%llu", (unsigned long long)scenario->writes);
    }
    if (scenario->part == SEQ_SCALING) {
        snprintf(name, 128, "seqlocks/scaling/readers:%u/size:%u/%s", scenario->readers, size,
                 design->name);
    } else if (scenario->part == SEQ_WRITER) {
        snprintf(name, 128, "seqlocks/writer/readers:%u/writes:%s/size:%u/%s", scenario->readers,
                 writes, size, design->name);
    } else {
        snprintf(name, 128, "seqlocks/write/size:%u/%s", size, design->name);
    }
}

static void add_latencies(json_t *benchmark, const struct seq_run *run,
                          const struct seq_result *result)
{
    const double tick = 1 / run->clock.ticks_per_ns;
    json_object_set_new(benchmark, "writes_per_second",
                        json_real(1e9 * result->writes / (result->write_ns + 1)));
    json_object_set_new(benchmark, "longest_read", json_real((double)result->longest_read * tick));
    json_object_set_new(benchmark, "longest_write",
                        json_real((double)result->longest_write * tick));
    json_object_set_new(benchmark, "read_latency", gbench_latency(&result->read, tick));
    json_object_set_new(benchmark, "write_latency", gbench_latency(&result->write, tick));
}

static json_t *benchmark_of(const struct seq_run *run, const struct seq_scenario *scenario,
                            unsigned candidate)
{
    static const char *const parts[] = {"scaling", "writer", "write"};
    const unsigned index = scenario->design[candidate];
    const struct seq_design *design = run->design[index];
    const struct seq_result *result = &scenario->result[candidate];
    const struct contest_entry *entry = &scenario->contest.entry[candidate];
    const unsigned threads = scenario->readers + (scenario->part == SEQ_SCALING ? 0 : 1);
    /* As fast as it can: no rate is given. */
    const json_int_t writes =
        scenario->writes == SEQ_MOST_WRITES ? -1 : (json_int_t)scenario->writes;
    char name[128];
    name_of(run, scenario, design, name);
    json_t *benchmark =
        gbench_benchmark(name, (int)index, threads,
                         scenario->readers > 0 ? result->reads : result->writes, entry->interval);
    if (benchmark == NULL) {
        return NULL;
    }
    json_object_update_new(
        benchmark,
        json_pack(
            "{s:s, s:s, s:s, s:s, s:s, s:i, s:I, s:i, s:f, s:f, s:f, s:b, s:I, s:I, s:I, s:I, "
            "s:o}",
            "bench", "seqlocks", "part", parts[scenario->part], "candidate", design->name,
            "library", design->library, "kind", seq_kind_text(design->kind), "readers",
            (int)scenario->readers, "writes", writes, "size", (int)seq_sizes[run->size_index],
            "cycles", entry->interval.middle / run->clock.cycle_ns, "jain",
            result->blocks > 0 ? result->jain / result->blocks : 1, "retries_per_read",
            result->retries / (result->reads + 1), "broken",
            seq_is_broken(result) && design->kind != SEQ_NOTHING, "checked",
            (json_int_t)result->checked, "torn", (json_int_t)result->torn, "backwards",
            (json_int_t)result->backwards, "lost", (json_int_t)result->lost, "samples",
            gbench_samples(entry->sample, scenario->contest.done)));
    if (scenario->part == SEQ_WRITER) {
        add_latencies(benchmark, run, result);
    }
    return benchmark;
}

static json_t *designs_of(const struct seq_run *run)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < run->design_count; ++i) {
        const struct seq_design *design = run->design[i];
        json_array_append_new(
            array,
            json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i}", "candidate",
                      design->name, "library", design->library, "kind", seq_kind_text(design->kind),
                      "readers_wait_for", design->readers, "writers_wait_for", design->writers,
                      "in_signal_handler", design->handler, "old_versions_freed", design->memory,
                      "bytes", (int)design->bytes, "bytes_per_reader", (int)design->each, "copies",
                      (int)design->copies));
    }
    return array;
}

json_t *seq_document(const struct seq_run *run)
{
    json_t *context = gbench_context(&run->machine, &run->clock, NULL);
    json_t *benchmarks = json_array();
    json_t *absent = json_array();
    if (context == NULL || benchmarks == NULL) {
        return NULL;
    }
    for (unsigned i = 0; i < seq_library_count; ++i) {
        if (seq_libraries[i].design == NULL) {
            json_array_append_new(absent, json_string(seq_libraries[i].name));
        }
    }
    json_object_set(context, "advice", run->advice);
    json_object_set(context, "ratios", run->ratios);
    json_object_set_new(context, "designs", designs_of(run));
    json_object_set_new(context, "absent", absent);
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct seq_scenario *scenario = &run->scenario[s];
        for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
            if (contest_has(&scenario->contest, i)) {
                json_array_append_new(benchmarks, benchmark_of(run, scenario, i));
            }
        }
    }
    return gbench_document(context, benchmarks);
}
