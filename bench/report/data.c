/* data.c - picking and grouping benchmarks. */
#define _GNU_SOURCE
#include "data.h"
#include "../text.h"
#include "page/page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *string(json_t *benchmark, const char *key)
{
    return json_string_value(json_object_get(benchmark, key));
}

const char *data_name(json_t *benchmark)
{
    const char *name = string(benchmark, "name");
    return name != NULL ? name : "?";
}

const char *data_bench(json_t *benchmark)
{
    const char *bench = string(benchmark, "bench");
    return bench != NULL                                      ? bench
           : strncmp(data_name(benchmark), "fences/", 7) == 0 ? "fences"
                                                              : "other";
}

const char *data_part(json_t *benchmark)
{
    /* Subcommands whose parts are their scenarios: pictures are across these. */
    static const struct {
        const char *begins, *part;
    } wholes[] = {{"rings/producers:", "throughput"}, {"rings/latency/", "latency"}};
    const char *part = string(benchmark, "part");
    for (size_t i = 0; part != NULL && i < sizeof wholes / sizeof *wholes; ++i) {
        if (strncmp(part, wholes[i].begins, strlen(wholes[i].begins)) == 0) {
            return wholes[i].part;
        }
    }
    return part != NULL ? part : "";
}

const char *data_candidate(json_t *benchmark)
{
    static const char *const keys[] = {"candidate", "fence", "name"};
    const char *candidate = NULL;
    for (size_t i = 0; candidate == NULL && i < sizeof keys / sizeof *keys; ++i) {
        candidate = string(benchmark, keys[i]);
    }
    return candidate != NULL ? candidate : "?";
}

bool data_is_ours(json_t *benchmark)
{
    const char *library = string(benchmark, "library");
    return library != NULL && strcmp(library, "cordon") == 0;
}

json_t *data_member(json_t *benchmark, const char *key)
{
    char first[64];
    const char *point = strchr(key, '.');
    if (point == NULL) {
        return json_object_get(benchmark, key);
    }
    snprintf(first, sizeof first, "%.*s", (int)(point - key), key);
    return json_object_get(json_object_get(benchmark, first), point + 1);
}

bool data_number(json_t *benchmark, const char *key, double *number)
{
    json_t *value = data_member(benchmark, key);
    *number = json_number_value(value);
    return json_is_number(value);
}

bool data_interval(json_t *benchmark, const char *key, struct stats_interval *interval)
{
    const bool rate = strcmp(key, "rate") == 0;
    json_t *bounds = json_object_get(benchmark, "interval_95");
    if (!data_number(benchmark, rate ? "real_time" : key, &interval->middle)) {
        return false;
    }
    interval->low = interval->high = interval->middle;
    if ((rate || strcmp(key, "real_time") == 0) && json_is_number(json_array_get(bounds, 0)) &&
        json_is_number(json_array_get(bounds, 1))) {
        interval->low = json_number_value(json_array_get(bounds, 0));
        interval->high = json_number_value(json_array_get(bounds, 1));
    }
    if (rate) {
        if (interval->low <= 0) {
            return false;
        }
        const double fastest = interval->low;
        interval->low = 1000 / interval->high;
        interval->middle = 1000 / interval->middle;
        interval->high = 1000 / fastest;
    }
    return true;
}

static void append_scalar(const json_t *value, char *text, size_t room)
{
    char number[BENCH_CELL];
    if (json_is_string(value)) {
        snprintf(text, room, "%s", json_string_value(value));
    } else if (json_is_integer(value)) {
        snprintf(text, room, "%lld", (long long)json_integer_value(value));
    } else if (json_is_real(value)) {
        const double real = json_real_value(value);
        snprintf(text, room, "%s",
                 fabs(real) < 0.0995 && real != 0
                     ? (snprintf(number, sizeof number, "%.2g", real), number)
                     : bench_number(real, number));
    } else if (json_is_boolean(value)) {
        snprintf(text, room, "%s", json_is_true(value) ? "yes" : "no");
    } else if (json_is_null(value)) {
        snprintf(text, room, "-");
    }
}

const char *data_text(const json_t *value, char text[DATA_TEXT])
{
    enum { FEW = 4 };
    text[0] = '\0';
    if (json_is_array(value) && json_array_size(value) <= FEW) {
        for (size_t i = 0; i < json_array_size(value); ++i) {
            const size_t used = strlen(text);
            snprintf(text + used, DATA_TEXT - used, "%s", i > 0 ? ", " : "");
            append_scalar(json_array_get(value, i), text + strlen(text), DATA_TEXT - strlen(text));
        }
    } else {
        append_scalar(value, text, DATA_TEXT);
    }
    return text;
}

const char *data_label(const char *key)
{
    static const struct {
        const char *key, *label;
    } labels[] = {
        {"hold", "hold, ns"},
        {"think", "think, ns"},
        {"size", "size, B"},
        {"jain", "Jain's index"},
        {"item_size", "item, B"},
        {"writes", "writes a second"},
        {"jain_producers", "Jain, producers"},
        {"longest_wait", "longest wait, ns"},
        {"longest_read", "longest read, ns"},
        {"longest_write", "longest write, ns"},
        {"bytes_per_thread", "bytes a thread"},
        {"latency.p50", "p50, ns"},
        {"latency.p90", "p90, ns"},
        {"latency.p99", "p99, ns"},
        {"latency.p99_9", "p99.9, ns"},
        {"latency.max", "longest, ns"},
        {"latency.count", "latencies"},
        {"read_latency.p50", "read p50, ns"},
        {"read_latency.p90", "read p90, ns"},
        {"read_latency.p99", "read p99, ns"},
        {"read_latency.p99_9", "read p99.9, ns"},
        {"read_latency.max", "longest read, ns"},
        {"read_latency.count", "reads timed"},
        {"write_latency.p50", "write p50, ns"},
        {"write_latency.p90", "write p90, ns"},
        {"write_latency.p99", "write p99, ns"},
        {"write_latency.p99_9", "write p99.9, ns"},
        {"write_latency.max", "longest write, ns"},
        {"write_latency.count", "writes timed"},
        {"cycles", "core cycles"},
        {"least", "least, ns"},
        {"most", "most, ns"},
        {"quartiles", "half are in, ns"},
        {"round_trip", "round trip, ns"},
        {"resolution", "resolution, ns"},
        {"within_noise", "within noise"},
    };
    for (size_t i = 0; i < sizeof labels / sizeof *labels; ++i) {
        if (strcmp(key, labels[i].key) == 0) {
            return labels[i].label;
        }
    }
    return key;
}

json_t *data_select(json_t *benchmarks, const char *bench, const char *part)
{
    size_t i;
    json_t *benchmark, *chosen = json_array();
    json_array_foreach(benchmarks, i, benchmark)
    {
        if (strcmp(data_bench(benchmark), bench) == 0 &&
            (part == NULL || strcmp(data_part(benchmark), part) == 0)) {
            json_array_append(chosen, benchmark);
        }
    }
    return chosen;
}

/* "hold 100 ns": the label with the unit where people expect it. */
static void append_coordinate(json_t *benchmark, const char *key, char text[DATA_TEXT])
{
    char value[DATA_TEXT];
    json_t *member = data_member(benchmark, key);
    const char *label = data_label(key), *unit = strstr(label, ", ");
    const size_t used = strlen(text);
    if (member == NULL && strcmp(key, "candidate") == 0) {
        snprintf(text + used, DATA_TEXT - used, "%s%s", used > 0 ? ", " : "",
                 data_candidate(benchmark));
    } else if (strcmp(key, "part") == 0) {
        snprintf(text + used, DATA_TEXT - used, "%s", data_part(benchmark));
    } else if (member != NULL && json_is_string(member)) {
        snprintf(text + used, DATA_TEXT - used, "%s%s", used > 0 ? ", " : "",
                 data_text(member, value));
    } else if (member != NULL) {
        snprintf(text + used, DATA_TEXT - used, "%s%.*s %s%s", used > 0 ? ", " : "",
                 unit ? (int)(unit - label) : (int)strlen(label), label, data_text(member, value),
                 unit ? unit + 1 : "");
    }
}

/* A text that was cut off within a character is none that JSON takes as a key. */
static void drop_half(char *text)
{
    size_t last = strlen(text);
    while (last > 0 && ((unsigned char)text[last - 1] & 0xc0) == 0x80) {
        --last;
    }
    if (last > 0 && (unsigned char)text[last - 1] >= 0xc0 && page_character(&text[last - 1]) == 0) {
        text[last - 1] = '\0';
    }
}

json_t *data_group(json_t *benchmarks, const char *const *keys)
{
    size_t i;
    json_t *benchmark, *groups = json_object();
    json_array_foreach(benchmarks, i, benchmark)
    {
        char text[DATA_TEXT] = "";
        for (const char *const *key = keys; *key != NULL; ++key) {
            append_coordinate(benchmark, *key, text);
        }
        drop_half(text);
        json_t *group = json_object_get(groups, text);
        if (group == NULL) {
            group = json_array();
            json_object_set_new(groups, text, group);
        }
        json_array_append(group, benchmark);
    }
    return groups;
}

json_t *data_names(json_t *benchmarks)
{
    static const char *const keys[] = {"candidate", NULL};
    return data_group(benchmarks, keys);
}
