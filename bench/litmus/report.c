/* report.c - the table, and the same as JSON. */
#include "contest.h"

#include "cli/cli.h"
#include "page/json.h"

#include <errno.h>
#include <string.h>

static const char *const method_name[METHODS] = {
    [CLASSIC] = "classic",
    [ARRAY] = "array",
    [THREADS] = "threads",
    [PERPETUAL] = "perpetual, frames",
    [DISTINCT] = "perpetual, distinct",
};

static struct stats_interval interval(const double *samples, unsigned count)
{
    double scratch[MOST_REPETITIONS];
    return stats_bootstrap(samples, count, scratch);
}

/* Over the classic method; false: a ratio to nothing. */
static bool ratio(const struct contest *contest, const struct row *row, enum method method,
                  bool weak, struct stats_interval *to)
{
    const struct samples *ours = &row->of[method], *theirs = &row->of[CLASSIC];
    const double *a = weak ? ours->weak : ours->instances;
    const double *b = weak ? theirs->weak : theirs->instances;
    double scratch[MOST_REPETITIONS];
    for (unsigned i = 0; i < contest->repetitions; ++i) {
        if (!(b[i] > 0)) {
            return false;
        }
    }
    *to = stats_bootstrap_ratio(a, contest->repetitions, b, contest->repetitions, scratch);
    return true;
}

static void print_number(FILE *stream, double number, int width)
{
    char text[32];
    fprintf(stream, "%*s", width, cli_number(number, text, sizeof text));
}

static void print_interval(FILE *stream, const double *samples, unsigned count)
{
    const struct stats_interval found = interval(samples, count);
    print_number(stream, found.middle, 9);
    fputs(" [", stream);
    print_number(stream, found.low, 6);
    print_number(stream, found.high, 7);
    fputc(']', stream);
}

static void print_ratio(FILE *stream, const struct contest *contest, const struct row *row,
                        enum method method, bool weak)
{
    struct stats_interval found;
    if (method == CLASSIC || !ratio(contest, row, method, weak, &found)) {
        fprintf(stream, "%9s", "-");
    } else {
        fprintf(stream, "%9.*f", found.middle < 10 ? 2 : found.middle < 100 ? 1 : 0, found.middle);
    }
}

static void print_row(FILE *stream, const struct contest *contest, const struct row *row)
{
    const unsigned count = contest->repetitions;
    char setting[100];
    for (unsigned m = 0; m < METHODS; ++m) {
        if (!row->of[m].measured) {
            continue;
        }
        fprintf(stream, "%-9s %-20s", m == CLASSIC ? row->shape->name : "", method_name[m]);
        print_interval(stream, row->of[m].instances, count);
        print_ratio(stream, contest, row, (enum method)m, false);
        fputs("  ", stream);
        print_interval(stream, row->of[m].weak, count);
        print_ratio(stream, contest, row, (enum method)m, true);
        fprintf(stream, "%s%s\n", m == CLASSIC ? "   " : "",
                m == CLASSIC ? classic_text(&row->setting, setting, sizeof setting) : "");
    }
    if (row->forbidden_seen) {
        fprintf(stream, "%s: FORBIDDEN, and seen\n", row->shape->name);
    }
    if (row->workers < row->shape->threads) {
        fprintf(stream, "%-9s (%u threads on %u CPUs)\n", "", row->shape->threads, row->workers);
    }
}

void contest_print(FILE *stream, const struct contest *contest)
{
    machine_print(stream, &contest->machine);
    fprintf(
        stream,
        "\nMedian of %u turns of %.0f ms, and its 95 %% interval; all in a second. \"x\": how many "
        "times\nthat of the classic array method in the setting that is best for it here.\n\n",
        contest->repetitions, (double)contest->slice / 1e6);
    fprintf(stream, "%-9s %-20s%25s%9s  %25s%9s   %s\n", "test", "method", "instances/s", "x",
            "weak/s", "x", "setting");
    for (unsigned i = 0; i < contest->rows; ++i) {
        print_row(stream, contest, &contest->row[i]);
    }
}

static void write_interval(struct page_json *json, const char *key, struct stats_interval found)
{
    page_json_open(json, key, '{');
    page_json_real(json, "median", found.middle);
    page_json_real(json, "low", found.low);
    page_json_real(json, "high", found.high);
    page_json_close(json);
}

static void write_samples(struct page_json *json, const char *key, const double *samples,
                          unsigned count)
{
    page_json_open(json, key, '[');
    for (unsigned i = 0; i < count; ++i) {
        page_json_real(json, NULL, samples[i]);
    }
    page_json_close(json);
}

static void write_method(struct page_json *json, const struct contest *contest,
                         const struct row *row, enum method method)
{
    const struct samples *samples = &row->of[method];
    struct stats_interval found;
    char setting[100];
    page_json_open(json, NULL, '{');
    page_json_text(json, "test", row->shape->name);
    page_json_text(json, "method", method_name[method]);
    page_json_count(json, "threads", row->shape->threads);
    if (method == CLASSIC) {
        page_json_text(json, "setting", classic_text(&row->setting, setting, sizeof setting));
    }
    write_interval(json, "instances_per_second",
                   interval(samples->instances, contest->repetitions));
    write_interval(json, "weak_per_second", interval(samples->weak, contest->repetitions));
    if (method != CLASSIC && ratio(contest, row, method, false, &found)) {
        write_interval(json, "instances_ratio", found);
    }
    if (method != CLASSIC && ratio(contest, row, method, true, &found)) {
        write_interval(json, "weak_ratio", found);
    }
    write_samples(json, "instances_samples", samples->instances, contest->repetitions);
    write_samples(json, "weak_samples", samples->weak, contest->repetitions);
    page_json_close(json);
}

bool contest_write(const char *path, const struct contest *contest)
{
    FILE *stream = strcmp(path, "-") == 0 ? stdout : fopen(path, "w");
    if (stream == NULL) {
        cli_error("%s: %s", path, strerror(errno));
        return false;
    }
    struct page_json json = page_json(stream);
    page_json_open(&json, NULL, '{');
    page_json_text(&json, "schema", "bench-litmus/1");
    page_json_text(&json, "machine", contest->machine.model);
    page_json_count(&json, "cpus", contest->cpus);
    page_json_count(&json, "repetitions", contest->repetitions);
    page_json_real(&json, "slice_seconds", (double)contest->slice / 1e9);
    page_json_open(&json, "results", '[');
    for (unsigned i = 0; i < contest->rows; ++i) {
        for (unsigned m = 0; m < METHODS; ++m) {
            if (contest->row[i].of[m].measured) {
                write_method(&json, contest, &contest->row[i], (enum method)m);
            }
        }
    }
    page_json_close(&json);
    page_json_close(&json);
    const bool written = fflush(stream) == 0 && ferror(stream) == 0;
    if (!written) {
        cli_error("%s: %s", path, strerror(errno));
    }
    if (stream != stdout) {
        fclose(stream);
    }
    return written;
}
