/* compare.c - `cordon-bench compare`: what became faster and what slower. */
#define _GNU_SOURCE
#include "bench.h"
#include "options.h"
#include "report/report.h"
#include "stats.h"
#include "text.h"
#include "cli/cli.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: cordon-bench compare OLD.json NEW.json [OPTION...]\n"
    "\n"
    "Match the benchmarks of two files by their names, and say which became faster and which "
    "slower.\n"
    "A change is the ratio of the medians, new to old, with its 95 % bootstrap interval from the "
    "raw\n"
    "samples of both. It counts if the interval does not hold 1 and it is larger than the "
    "threshold.\n"
    "Files of Google Benchmark are read, too, if they have repetitions.\n"
    "\n"
    "Options:\n"
    "      --threshold PERCENT  a smaller change counts as none, 0 to 1000 (3)\n"
    "  -j, --json [FILE]      write JSON to FILE, or to standard output in place of the table\n" //
    BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench locks --json before.json    ... and after a change:\n"
    "  cordon-bench locks --json after.json\n"
    "  cordon-bench compare before.json after.json\n"
    "\n"
    "Exit status: 0 nothing is slower; 1 something is; 2 the command line, or a file, is wrong; 3 "
    "the\n"
    "files have nothing in common that could be compared.\n";

enum { LEAST_SAMPLES = 3 };

enum verdict { SAME, FASTER, SLOWER, UNKNOWN, VERDICTS };
static const char *const verdicts[] = {"same", "faster", "slower", "too few samples"};

/* One benchmark's times. */
struct side {
    double *samples;
    size_t count;
    struct stats_interval interval;
    bool noise; /* a difference that may be nothing, or even less */
    double resolution;
};

struct comparison {
    const char *name;
    struct stats_interval old, new, ratio;
    bool old_noise, new_noise, has_ratio;
    enum verdict verdict;
};

struct comparisons {
    const char *files[2];
    double threshold;
    const char *differs; /* between the machines; NULL */
    struct comparison *each;
    size_t count, only_old, only_new, of[VERDICTS];
};

static struct side side_of(json_t *benchmark)
{
    json_t *samples = json_object_get(benchmark, "samples"), *sample;
    struct side side = {.samples = calloc(2 * json_array_size(samples) + 1, sizeof(double))};
    size_t i;
    if (side.samples == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    json_array_foreach(samples, i, sample)
    {
        side.samples[side.count] = json_number_value(sample);
        side.count += json_is_number(sample);
    }
    if (side.count >= LEAST_SAMPLES) {
        side.interval = stats_bootstrap(side.samples, side.count, side.samples + side.count);
    }
    side.resolution = json_number_value(json_object_get(benchmark, "resolution"));
    side.noise = json_is_true(json_object_get(benchmark, "within_noise")) || side.interval.low <= 0;
    return side;
}

/* Where one of them is next to nothing, a ratio says nothing: the difference decides. */
static enum verdict judge_difference(const struct side *old, const struct side *new)
{
    const double resolution = fmax(old->resolution, new->resolution);
    if ((old->noise && new->noise) ||
        fabs(new->interval.middle - old->interval.middle) <= resolution) {
        return SAME;
    }
    return new->interval.low > old->interval.high   ? SLOWER
           : new->interval.high < old->interval.low ? FASTER
                                                    : SAME;
}

static struct comparison compare(const char *name, json_t *before, json_t *after, double threshold)
{
    struct comparison comparison = {.name = name, .verdict = UNKNOWN};
    struct side old = side_of(before), new = side_of(after);
    if (old.count >= LEAST_SAMPLES && new.count >= LEAST_SAMPLES) {
        comparison.old = old.interval;
        comparison.new = new.interval;
        comparison.old_noise = old.noise;
        comparison.new_noise = new.noise;
        if (old.noise || new.noise) {
            comparison.verdict = judge_difference(&old, &new);
        } else {
            double *scratch =
                old.count > new.count ? old.samples + old.count : new.samples + new.count;
            comparison.ratio =
                stats_bootstrap_ratio(new.samples, new.count, old.samples, old.count, scratch);
            comparison.has_ratio = true;
            const double change = comparison.ratio.middle - 1;
            comparison.verdict = fabs(change) * 100 < threshold ? SAME
                                 : comparison.ratio.low > 1     ? SLOWER
                                 : comparison.ratio.high < 1    ? FASTER
                                                                : SAME;
        }
    }
    free(old.samples);
    free(new.samples);
    return comparison;
}

static json_t *by_name(json_t *document)
{
    size_t i;
    json_t *benchmark, *names = json_object();
    json_array_foreach(json_object_get(document, "benchmarks"), i, benchmark)
    {
        json_object_set(names, json_string_value(json_object_get(benchmark, "name")), benchmark);
    }
    return names;
}

static void compare_all(struct comparisons *all, json_t *old, json_t *new)
{
    const char *name;
    json_t *before, *after, *olds = by_name(old), *news = by_name(new);
    all->each = calloc(json_object_size(news) + 1, sizeof *all->each);
    if (all->each == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    json_object_foreach(news, name, after)
    {
        before = json_object_get(olds, name);
        if (before == NULL) {
            ++all->only_new;
            continue;
        }
        all->each[all->count] = compare(json_string_value(json_object_get(after, "name")), before,
                                        after, all->threshold);
        ++all->of[all->each[all->count++].verdict];
    }
    all->only_old = json_object_size(olds) - all->count;
    json_decref(olds);
    json_decref(news);
}

/* What may be nothing is no number. */
static const char *median(struct stats_interval interval, bool noise, bool known,
                          char text[BENCH_CELL])
{
    return !known ? "-" : noise ? "~0" : bench_number(interval.middle, text);
}

static void print(FILE *stream, const struct comparisons *all)
{
    const struct cli_style style = cli_style(stream);
    char old[BENCH_CELL], new[BENCH_CELL], ratio[BENCH_CELL];
    int width = 9;
    for (size_t i = 0; i < all->count; ++i) {
        const int length = (int)strlen(all->each[i].name);
        width = length > width && length <= 72 ? length : width;
    }
    if (all->count > 0) {
        fprintf(stream, "%s%-*s  %10s  %10s  %-20s  verdict%s\n", style.bold, width, "benchmark",
                "old, ns", "new, ns", "new / old [95 %]", style.reset);
    }
    for (size_t i = 0; i < all->count; ++i) {
        const struct comparison *each = &all->each[i];
        const bool known = each->verdict != UNKNOWN;
        const bool changed = each->verdict == FASTER || each->verdict == SLOWER;
        const char *colour = each->verdict == SLOWER   ? style.red
                             : each->verdict == FASTER ? style.green
                                                       : style.dim;
        bench_put(stream, each->name);
        const int blanks = width - (int)strlen(each->name);
        fprintf(stream, "%*s  %10s  %10s  %-20s  %s%s%s\n", blanks > 0 ? blanks : 0, "",
                median(each->old, each->old_noise, known, old),
                median(each->new, each->new_noise, known, new),
                !changed          ? "~"
                : each->has_ratio ? bench_interval(each->ratio, 1, ratio)
                                  : "from or to ~0",
                colour, verdicts[each->verdict], style.reset);
    }
    fprintf(
        stream,
        "%s%zu compared: %s%zu slower%s, %s%zu faster%s, %zu the same (within %g %%, or the noise)",
        all->count > 0 ? "\n" : "", all->count, all->of[SLOWER] ? style.red : "", all->of[SLOWER],
        all->of[SLOWER] ? style.reset : "", all->of[FASTER] ? style.green : "", all->of[FASTER],
        all->of[FASTER] ? style.reset : "", all->of[SAME], all->threshold);
    if (all->of[UNKNOWN] > 0) {
        fprintf(stream, ", %zu with less than %d samples", all->of[UNKNOWN], LEAST_SAMPLES);
    }
    fputs(".\n", stream);
    if (all->only_old + all->only_new > 0) {
        fprintf(stream, "%zu only in %s, %zu only in %s.\n", all->only_old, all->files[0],
                all->only_new, all->files[1]);
    }
}

static int write_json(FILE *stream, const struct comparisons *all)
{
    json_t *array = json_array();
    for (size_t i = 0; i < all->count; ++i) {
        const struct comparison *each = &all->each[i];
        const bool known = each->verdict != UNKNOWN;
        json_array_append_new(
            array,
            json_pack("{s:s, s:o, s:o, s:o, s:o, s:s}", "name", each->name, "old",
                      known ? json_real(each->old.middle) : json_null(), "new",
                      known ? json_real(each->new.middle) : json_null(), "ratio",
                      each->has_ratio ? json_real(each->ratio.middle) : json_null(), "interval_95",
                      each->has_ratio ? json_pack("[f,f]", each->ratio.low, each->ratio.high)
                                      : json_null(),
                      "verdict", verdicts[each->verdict]));
    }
    json_t *document =
        json_pack("{s:{s:s, s:s, s:f, s:s?, s:I, s:I}, s:o}", "context", "old", all->files[0],
                  "new", all->files[1], "threshold_percent", all->threshold, "machines_differ_in",
                  all->differs, "only_in_old", (json_int_t)all->only_old, "only_in_new",
                  (json_int_t)all->only_new, "comparisons", array);
    const int failed = document == NULL ||
                       json_dumpf(document, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(6)) != 0;
    fputc('\n', stream);
    json_decref(document);
    return failed || fflush(stream) != 0 || ferror(stream) ? -1 : 0;
}

static int deliver(const struct bench_options *options, const struct comparisons *all)
{
    int failed = 0;
    if (!options->json || options->file != NULL) {
        print(stdout, all);
    }
    if (options->json) {
        FILE *stream = options->file != NULL ? fopen(options->file, "we") : stdout;
        failed = stream == NULL || write_json(stream, all) != 0;
        if (stream != NULL && stream != stdout) {
            failed |= fclose(stream) != 0;
        }
        if (failed) {
            cli_error("cannot write %s: %s", options->file ? options->file : "the output",
                      strerror(errno));
        }
    }
    return failed                           ? CLI_UNFIT
           : all->of[SLOWER] > 0            ? CLI_FAILED
           : all->count == all->of[UNKNOWN] ? CLI_UNFIT
                                            : CLI_OK;
}

static double read_threshold(const char *text)
{
    char *end;
    errno = 0;
    const double percent = strtod(text, &end);
    if (end == text || *end != '\0' || errno != 0 || strspn(text, "0123456789.") != strlen(text) ||
        !(percent >= 0 && percent <= 1000)) {
        cli_die(CLI_USAGE, "--threshold: '%s' is not a percentage from 0 to 1000", text);
    }
    return percent;
}

int bench_compare(int argc, char **argv)
{
    enum { THRESHOLD = 1000 };
    static const struct option known[] = {
        {"threshold", required_argument, NULL, THRESHOLD},
        {"json", optional_argument, NULL, 'j'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    struct bench_options options = {.json = false};
    struct comparisons all = {.threshold = 3};
    for (int option; (option = cli_option(argc, argv, "j::hV", known)) != -1;) {
        if (option == THRESHOLD) {
            all.threshold = read_threshold(optarg);
        }
        (void)bench_option(&options, option, argc, argv, help);
    }
    if (argc - optind != 2) {
        cli_die(CLI_USAGE, "compare what? two files are needed, OLD.json and NEW.json; here %s",
                argc - optind < 2 ? "are fewer" : "are more");
    }
    all.files[0] = argv[optind];
    all.files[1] = argv[optind + 1];
    json_t *old = report_read(all.files[0]), *new = report_read(all.files[1]);
    all.differs =
        report_other_machine(json_object_get(old, "context"), json_object_get(new, "context"));
    if (all.differs != NULL) {
        const struct cli_style style = cli_style(stderr);
        fprintf(stderr, "%s", style.yellow);
        cli_error(
            "WARNING: the two files differ in \"%s\": what changed may be the machine or the build",
            all.differs);
        fprintf(stderr, "%s", style.reset);
    }
    bench_check_files(&options);
    compare_all(&all, old, new);
    const int status = deliver(&options, &all);
    free(all.each);
    json_decref(old);
    json_decref(new);
    return status;
}
