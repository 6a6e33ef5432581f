/* html.c - tables in a page. */
#define _GNU_SOURCE
#include "html.h"
#include "data.h"
#include "../text.h"
#include "page/page.h"

#include <stdbool.h>
#include <string.h>

static bool among(const char *const *words, const char *word)
{
    for (; *words != NULL; ++words) {
        if (strcmp(*words, word) == 0) {
            return true;
        }
    }
    return false;
}

/* What a table has no column for: it stands in others, or is of use to programs alone. */
static const char *const unshown[] = {"name",
                                      "run_name",
                                      "run_type",
                                      "family_index",
                                      "per_family_instance_index",
                                      "repetitions",
                                      "repetition_index",
                                      "iterations",
                                      "real_time",
                                      "cpu_time",
                                      "time_unit",
                                      "interval_95",
                                      "items_per_second",
                                      "jain_samples",
                                      "sample_lines",
                                      "sample_nodes",
                                      "bench",
                                      "part",
                                      "candidate",
                                      "fence",
                                      NULL};

/* Where a scenario is, as against what was found there. */
static const char *const coordinates[] = {
    "candidate", "library", "kind",      "order",     "context",   "against", "stores",
    "loads",     "threads", "hold",      "think",     "cpus",      "readers", "writers",
    "writes",    "size",    "producers", "consumers", "item_size", "batch",   "access",
    "cpu",       "partner", "distance",  NULL};

static void collect_keys(json_t *keys, json_t *object, const char *prefix, const char *only)
{
    const char *key;
    json_t *value;
    char path[DATA_TEXT], text[DATA_TEXT];
    json_object_foreach(object, key, value)
    {
        if (*prefix == '\0' && (among(unshown, key) || strncmp(key, "samples", 7) == 0 ||
                                (only != NULL && strcmp(only, key) != 0))) {
            continue;
        }
        snprintf(path, sizeof path, "%s%s%s", prefix, *prefix ? "." : "", key);
        if (json_is_object(value) && *prefix == '\0') {
            collect_keys(keys, value, path, NULL);
        } else if (*data_text(value, text) != '\0') {
            json_object_set_new(keys, path, json_true());
        }
    }
}

static bool any_has(json_t *benchmarks, const char *key)
{
    size_t i;
    json_t *benchmark;
    json_array_foreach(benchmarks, i, benchmark)
    {
        if (data_member(benchmark, key) != NULL) {
            return true;
        }
    }
    return false;
}

/* In all the same, and there is more than one? */
static bool is_constant(json_t *benchmarks, const char *key)
{
    size_t i;
    json_t *benchmark, *first = data_member(json_array_get(benchmarks, 0), key);
    json_array_foreach(benchmarks, i, benchmark)
    {
        json_t *value = data_member(benchmark, key);
        if (first == NULL || value == NULL || !json_equal(value, first)) {
            return false;
        }
    }
    return json_array_size(benchmarks) > 1;
}

json_t *html_columns(json_t *benchmarks, const char *only, json_t **same)
{
    size_t i;
    const char *key;
    json_t *benchmark, *value, *keys = json_object(), *columns = json_array();
    *same = json_object();
    json_object_set_new(keys, "candidate", json_true());
    for (const char *const *known = coordinates; *known != NULL; ++known) {
        if (any_has(benchmarks, *known)) {
            json_object_set_new(keys, *known, json_true());
        }
    }
    if ((only == NULL || strcmp(only, "real_time") == 0) && any_has(benchmarks, "real_time")) {
        json_object_set_new(keys, "real_time", json_true());
    }
    if ((only == NULL || strcmp(only, "rate") == 0) && any_has(benchmarks, "items_per_second")) {
        json_object_set_new(keys, "rate", json_true());
    }
    json_array_foreach(benchmarks, i, benchmark)
    {
        collect_keys(keys, benchmark, "", only);
    }
    json_object_foreach(keys, key, value)
    {
        if (strcmp(key, "candidate") != 0 && strcmp(key, "real_time") != 0 &&
            is_constant(benchmarks, key)) {
            json_object_set(*same, key, data_member(json_array_get(benchmarks, 0), key));
        } else {
            json_array_append_new(columns, json_string(key));
        }
    }
    json_decref(keys);
    return columns;
}

const char *html_head(const char *key)
{
    return strcmp(key, "candidate") == 0   ? "what"
           : strcmp(key, "real_time") == 0 ? "ns [95 %]"
           : strcmp(key, "rate") == 0      ? "M/s [95 %]"
                                           : data_label(key);
}

const char *html_cell(json_t *benchmark, const char *key, char text[HTML_CELL])
{
    char value[DATA_TEXT], number[BENCH_CELL];
    struct stats_interval interval;
    const bool time = strcmp(key, "real_time") == 0;
    if (strcmp(key, "candidate") == 0) {
        snprintf(text, HTML_CELL, "%s", data_candidate(benchmark));
    } else if (time || strcmp(key, "rate") == 0) {
        text[0] = '\0';
        if (time && json_is_true(json_object_get(benchmark, "within_noise"))) {
            const bool known = data_interval(benchmark, key, &interval) && interval.high > 1;
            snprintf(text, HTML_CELL, known ? "~0 (< %s)" : "~0",
                     known ? bench_number(interval.high, number) : "");
        } else if (data_interval(benchmark, key, &interval)) {
            snprintf(text, HTML_CELL, "%s",
                     interval.low < interval.high ? bench_interval(interval, 1, number)
                                                  : bench_number(interval.middle, number));
        }
    } else {
        snprintf(text, HTML_CELL, "%s", data_text(data_member(benchmark, key), value));
    }
    return text;
}

void html_table(FILE *stream, json_t *benchmarks, const char *only)
{
    char text[HTML_CELL];
    size_t i, k;
    const char *key;
    json_t *benchmark, *column, *value, *same, *columns = html_columns(benchmarks, only, &same);
    if (json_object_size(same) > 0) {
        const char *before = "<p class=\"same\">In all rows: ";
        json_object_foreach(same, key, value)
        {
            fputs(before, stream);
            page_text(stream, data_label(key));
            fputc(' ', stream);
            page_text(stream, data_text(value, text));
            before = "; ";
        }
        fputs(".</p>\n", stream);
    }
    fputs("<div class=\"wide\"><table>\n<thead><tr>", stream);
    json_array_foreach(columns, k, column)
    {
        fputs("<th scope=\"col\">", stream);
        page_text(stream, html_head(json_string_value(column)));
        fputs("</th>", stream);
    }
    fputs("</tr></thead>\n<tbody>\n", stream);
    json_array_foreach(benchmarks, i, benchmark)
    {
        fprintf(stream, "<tr%s>", data_is_ours(benchmark) ? " class=\"ours\"" : "");
        json_array_foreach(columns, k, column)
        {
            key = json_string_value(column);
            const bool is_text = k == 0 || json_is_string(data_member(benchmark, key));
            fputs(k == 0 ? "<th scope=\"row\">" : is_text ? "<td class=\"text\">" : "<td>", stream);
            page_text(stream, html_cell(benchmark, key, text));
            fputs(k == 0 ? "</th>" : "</td>", stream);
        }
        fputs("</tr>\n", stream);
    }
    fputs("</tbody></table></div>\n", stream);
    json_decref(columns);
    json_decref(same);
}
