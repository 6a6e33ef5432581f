/* sections.c - what page and text say alike. */
#define _GNU_SOURCE
#include "sections.h"
#include "data.h"
#include "../text.h"

#include <string.h>

static const char *string(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static int whole(json_t *object, const char *key)
{
    return (int)json_integer_value(json_object_get(object, key));
}

static const char *tell_cpu(json_t *context, char text[REPORT_LINE])
{
    snprintf(text, REPORT_LINE, "%s%s%s%s", string(context, "cpu"),
             *string(context, "architecture") ? " (" : "", string(context, "architecture"),
             *string(context, "architecture") ? ")" : "");
    return text;
}

static const char *tell_topology(json_t *context, char text[REPORT_LINE])
{
    text[0] = '\0';
    if (json_is_integer(json_object_get(context, "cores"))) {
        snprintf(text, REPORT_LINE, "%d package%s, %d core%s, %d CPU%s, %d NUMA node%s",
                 whole(context, "packages"), whole(context, "packages") == 1 ? "" : "s",
                 whole(context, "cores"), whole(context, "cores") == 1 ? "" : "s",
                 whole(context, "cpus"), whole(context, "cpus") == 1 ? "" : "s",
                 whole(context, "numa_nodes"), whole(context, "numa_nodes") == 1 ? "" : "s");
    } else if (json_is_integer(json_object_get(context, "num_cpus"))) {
        snprintf(text, REPORT_LINE, "%d CPUs", whole(context, "num_cpus"));
    }
    return text;
}

static const char *tell_place(json_t *context, char text[REPORT_LINE])
{
    text[0] = '\0';
    if (json_is_true(json_object_get(context, "virtual_machine"))) {
        snprintf(text, REPORT_LINE, "a virtual machine (%s)", string(context, "hypervisor"));
    } else if (json_is_false(json_object_get(context, "virtual_machine"))) {
        snprintf(text, REPORT_LINE, "bare metal, as far as can be seen");
    }
    return text;
}

static const char *tell_software(json_t *context, char text[REPORT_LINE])
{
    snprintf(text, REPORT_LINE, "%s%s%s", string(context, "kernel"),
             *string(context, "compiler") ? "; built with " : "", string(context, "compiler"));
    return text;
}

static const char *tell_clock(json_t *context, char text[REPORT_LINE])
{
    double mhz, read, cycle;
    text[0] = '\0';
    if (data_number(context, "clock_mhz", &mhz) && data_number(context, "clock_read_ns", &read) &&
        data_number(context, "core_cycle_ns", &cycle) && cycle > 0) {
        snprintf(text, REPORT_LINE,
                 "%s, %.0f MHz, a read takes %.1f ns; a core cycle %.3f ns (%.2f GHz)",
                 string(context, "clock"), mhz, read, cycle, 1 / cycle);
    }
    return text;
}

static const char *tell_peers(json_t *context, char text[REPORT_LINE])
{
    size_t i;
    json_t *peer;
    text[0] = '\0';
    json_array_foreach(json_object_get(context, "peers"), i, peer)
    {
        const size_t used = strlen(text);
        snprintf(text + used, REPORT_LINE - used, "%s%s", i > 0 ? ", " : "",
                 json_is_string(peer) ? json_string_value(peer) : "?");
    }
    return text;
}

static const char *tell_host(json_t *context, char text[REPORT_LINE])
{
    snprintf(text, REPORT_LINE, "%s", string(context, "host_name"));
    return text;
}

const struct report_fact report_facts[] = {
    {"CPU", tell_cpu},     {"topology", tell_topology}, {"runs on", tell_place},
    {"host", tell_host},   {"software", tell_software}, {"clock", tell_clock},
    {"peers", tell_peers},
};
const unsigned report_fact_count = sizeof report_facts / sizeof *report_facts;

const char *report_machine(json_t *context, char text[REPORT_LINE])
{
    const char *name =
        *string(context, "cpu") ? string(context, "cpu") : string(context, "host_name");
    snprintf(text, REPORT_LINE, "%s", *name ? name : "an unnamed machine");
    return text;
}

static const struct {
    const char *bench, *title;
} sections[] = {
    {"c2c", "c2c: a cache line from core to core"},
    {"fences", "fences: what a memory fence costs"},
    {"locks", "locks: ours and theirs"},
    {"seqlocks", "seqlocks: data that is mostly read"},
    {"rings", "rings: queues between threads"},
    {"other", "Other benchmarks"},
};
enum { SECTIONS = sizeof sections / sizeof *sections };

json_t *report_benches(json_t *benchmarks)
{
    json_t *benches = json_object(), *benchmark;
    size_t k;
    for (unsigned i = 0; i < SECTIONS; ++i) {
        json_t *some = data_select(benchmarks, sections[i].bench, NULL);
        if (json_array_size(some) > 0) {
            json_object_set_new(benches, sections[i].bench, json_true());
        }
        json_decref(some);
    }
    json_array_foreach(benchmarks, k, benchmark)
    {
        json_object_set_new(benches, data_bench(benchmark), json_true());
    }
    return benches;
}

const char *report_title(const char *bench)
{
    for (unsigned i = 0; i < SECTIONS; ++i) {
        if (strcmp(sections[i].bench, bench) == 0) {
            return sections[i].title;
        }
    }
    return bench;
}

const char *const report_verdicts[] = {"ours is better", "the peer is better", "within the noise"};

enum report_verdict report_ratio(json_t *ratio, char text[REPORT_LINE])
{
    char cell[BENCH_CELL];
    json_t *bounds = json_object_get(ratio, "interval_95");
    const struct stats_interval interval = {
        json_number_value(json_array_get(bounds, 0)),
        json_number_value(json_object_get(ratio, "ratio")),
        json_number_value(json_array_get(bounds, 1)),
    };
    if (!json_is_true(json_object_get(ratio, "differs"))) {
        snprintf(text, REPORT_LINE, "~");
        return REPORT_NOISE;
    }
    snprintf(text, REPORT_LINE, "%s", bench_interval(interval, 1, cell));
    return interval.middle > 1 ? REPORT_BETTER : REPORT_WORSE;
}
