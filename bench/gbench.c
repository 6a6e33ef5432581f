/* gbench.c - the frame of Google Benchmark's JSON. */
#define _GNU_SOURCE
#include "gbench.h"
#include "cli/cli.h"
#include "machine/frequency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static json_t *caches_of(const struct machine *machine)
{
    json_t *caches = json_array();
    for (unsigned i = 0; i < machine->cache_count; ++i) {
        const struct machine_cache *cache = &machine->cache[i];
        json_array_append_new(caches, json_pack("{s:s, s:i, s:I, s:i}", "type",
                                                cache->kind == 'd'   ? "Data"
                                                : cache->kind == 'i' ? "Instruction"
                                                                     : "Unified",
                                                "level", (int)cache->level, "size",
                                                (json_int_t)cache->bytes, "num_sharing",
                                                (int)(machine->pus / cache->count)));
    }
    return caches;
}

static json_t *warnings_of(const struct machine *machine, const struct machine_watch *watch)
{
    struct machine_spoiler spoilers[MACHINE_MOST_SPOILERS];
    const unsigned count = machine_spoilers(machine, watch, spoilers);
    json_t *warnings = json_array();
    for (unsigned i = 0; i < count; ++i) {
        json_array_append_new(
            warnings, json_pack("{s:s, s:s}", "what", spoilers[i].what, "do", spoilers[i].remedy));
    }
    return warnings;
}

json_t *gbench_context(const struct machine *machine, const struct bench_clock *clock,
                       const struct machine_watch *watch)
{
    char date[40] = "", host[256] = "";
    struct machine_frequency frequency;
    const time_t now = time(NULL);
    struct tm local;
    if (localtime_r(&now, &local) != NULL) {
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S%z", &local);
    }
    if (gethostname(host, sizeof host - 1) != 0) {
        host[0] = '\0';
    }
    double loads[3];
    const int load_count = getloadavg(loads, 3);
    json_t *load = json_array();
    for (int i = 0; i < load_count; ++i) {
        json_array_append_new(load, json_real(loads[i]));
    }
    const bool scaling = machine->cpu_count > 0 &&
                         machine_frequency(machine->cpu[0].os, &frequency) &&
                         strcmp(frequency.governor, "performance") != 0;
    json_t *allowed = json_array();
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        json_array_append_new(allowed, json_integer(machine->cpu[i].os));
    }
    /* Whatever comes from the system may not be UTF-8; jansson would refuse the whole object. */
    json_t *host_text = json_string(host);
    return json_pack(
        "{s:s, s:o, s:s, s:i, s:b, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, "
        "s:b, s:b, s:s, s:o, s:o, s:s, s:f, s:f, s:f, s:b}",
        "date", date, "host_name", host_text ? host_text : json_string("?"), "executable",
        "cordon-bench", "num_cpus", (int)machine->pus, "cpu_scaling_enabled", scaling, "caches",
        caches_of(machine), "load_avg", load, "library_build_type", "release", "cordon_version",
        GBENCH_VERSION, "cpu", machine->model, "architecture", machine->architecture, "kernel",
        machine->kernel, "compiler", machine->compiler, "packages", (int)machine->packages, "cores",
        (int)machine->cores, "cpus", (int)machine->pus, "numa_nodes", (int)machine->numa_nodes,
        "virtual_machine", machine->virtual_machine, "emulated", machine->emulated, "hypervisor",
        machine->hypervisor, "allowed_cpus", allowed, "warnings", warnings_of(machine, watch),
        "clock", BENCH_CLOCK_NAME, "clock_mhz", clock->ticks_per_ns * 1000, "clock_read_ns",
        clock->read_ns, "core_cycle_ns", clock->cycle_ns, "interrupted", cli_interrupted != 0);
}

json_t *gbench_samples(const double *samples, unsigned count)
{
    json_t *array = json_array();
    for (unsigned i = 0; i < count; ++i) {
        json_array_append_new(array, isnan(samples[i]) ? json_null() : json_real(samples[i]));
    }
    return array;
}

json_t *gbench_document(json_t *context, json_t *benchmarks)
{
    return json_pack("{s:o, s:o}", "context", context, "benchmarks", benchmarks);
}

json_t *gbench_ratio(const char *what, const char *ours, const char *peer,
                     struct stats_interval ratio, bool differs)
{
    return json_pack("{s:s, s:s, s:s, s:f, s:[f,f], s:b}", "what", what, "ours", ours, "peer", peer,
                     "ratio", ratio.middle, "interval_95", ratio.low, ratio.high, "differs",
                     (int)differs);
}

int gbench_write(FILE *stream, json_t *document)
{
    int result = 0;
    size_t i;
    json_t *benchmark;
    fputs("{\n\"context\": ", stream);
    result |= json_dumpf(json_object_get(document, "context"), stream,
                         JSON_INDENT(2) | JSON_REAL_PRECISION(6));
    fputs(",\n\"benchmarks\": [", stream);
    json_array_foreach(json_object_get(document, "benchmarks"), i, benchmark)
    {
        fputs(i ? ",\n" : "\n", stream);
        result |= json_dumpf(benchmark, stream, JSON_REAL_PRECISION(6));
    }
    fputs("\n]\n}\n", stream);
    return result != 0 || fflush(stream) != 0 || ferror(stream) ? -1 : 0;
}

json_t *gbench_benchmark(const char *name, int family, unsigned threads, double operations,
                         struct stats_interval time)
{
    return json_pack("{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:I, s:f, s:f, s:s, s:[f,f], s:f}",
                     "name", name, "run_name", name, "run_type", "iteration", "family_index",
                     family, "repetitions", 1, "repetition_index", 0, "threads", (int)threads,
                     "iterations", (json_int_t)operations, "real_time", time.middle, "cpu_time",
                     time.middle, "time_unit", "ns", "interval_95", time.low, time.high,
                     "items_per_second", time.middle > 0 ? 1e9 / time.middle : 0);
}

json_t *gbench_latency(const struct histogram *histogram, double ns)
{
    json_t *cdf = json_array();
    uint64_t before = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; ++i) {
        if (histogram->bucket[i] > 0) {
            before += histogram->bucket[i];
            const uint64_t most =
                histogram_greatest(i) < histogram->most ? histogram_greatest(i) : histogram->most;
            json_array_append_new(cdf, json_pack("[f,f]", (double)most * ns,
                                                 (double)before / (double)histogram->count));
        }
    }
    return json_pack(
        "{s:I, s:f, s:f, s:f, s:f, s:f, s:o}", "count", (json_int_t)histogram->count, "p50",
        histogram_quantile(histogram, 0.5) * ns, "p90", histogram_quantile(histogram, 0.9) * ns,
        "p99", histogram_quantile(histogram, 0.99) * ns, "p99_9",
        histogram_quantile(histogram, 0.999) * ns, "max", (double)histogram->most * ns, "cdf", cdf);
}
