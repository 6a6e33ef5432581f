/* report.c - what `cordon-bench seqlocks` found, for people. */
#define _GNU_SOURCE
#include "seqlocks.h"
#include "../text.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

enum { CELL = BENCH_CELL };

const char *seq_kind_text(enum seq_kind kind)
{
    static const char *const texts[SEQ_KINDS] = {"no protection", "readers retry",
                                                 "readers never wait", "readers or a writer",
                                                 "one at a time"};
    return texts[kind];
}

const char *seq_rate_text(uint64_t writes, char text[64])
{
    if (writes == SEQ_MOST_WRITES) {
        snprintf(text, 64, "as fast as it can");
    } else if (writes == 1) {
        snprintf(text, 64, "once a second");
    } else {
        snprintf(text, 64, "%llu times a second", (unsigned long long)writes);
    }
    return text;
}

const char *seq_time_text(double ns, char text[64])
{
    char number[CELL];
    const char *unit = ns < 999.5 ? "ns" : ns < 999.5e3 ? "us" : ns < 999.5e6 ? "ms" : "s";
    const double scale = ns < 999.5 ? 1 : ns < 999.5e3 ? 1e3 : ns < 999.5e6 ? 1e6 : 1e9;
    bench_number(ns / scale, number);
    snprintf(text, 64, "%.20s %s", number, unit);
    return text;
}

static const char *name_of(const struct seq_design *design, char text[CELL])
{
    snprintf(text, CELL, "%s %-16s %-9s", seq_is_ours(design) ? "*" : " ", design->name,
             design->library);
    return text;
}

/* "3,100 of 100,000" would not fit: 4.2 million a second as "4.20M". */
static const char *rate_of(double rate, char text[CELL])
{
    char number[CELL];
    const double scale = rate < 999.5 ? 1 : rate < 999.5e3 ? 1e3 : 1e6;
    bench_number(rate / scale, number);
    snprintf(text, CELL, "%.20s%s", number, scale > 1e3 ? "M" : scale > 1 ? "k" : "");
    return text;
}

/* The figure of a design in a scenario, or why there is none. Returns the candidate, -1 without one. */
static int figure(const struct seq_run *run, const struct seq_scenario *scenario, unsigned design,
                  bool as_rate, char text[CELL])
{
    const int i = seq_find(scenario, design);
    if (i < 0) {
        snprintf(text, CELL, "-");
    } else if (seq_is_broken(&scenario->result[i]) && run->design[design]->kind != SEQ_NOTHING) {
        snprintf(text, CELL, "BROKEN");
        return -1;
    } else if (as_rate) {
        const struct stats_interval ns = scenario->contest.entry[i].interval;
        bench_interval((struct stats_interval){1e3 / ns.high, 1e3 / ns.middle, 1e3 / ns.low}, 1,
                       text);
    } else {
        bench_interval(scenario->contest.entry[i].interval, 1, text);
    }
    return i;
}

/* Designs of a kind stand together. */
static void part_kinds(FILE *stream, const struct seq_run *run, unsigned design)
{
    if (design > 0 && run->design[design]->kind != run->design[design - 1]->kind) {
        fputc('\n', stream);
    }
}

static bool was_begun(const struct seq_scenario *scenario)
{
    return scenario->contest.entry != NULL;
}

/* Nothing stands to the right of the one reader's column. */
static bool is_last_alone(const struct seq_run *run, unsigned scenario)
{
    const bool more = scenario + 1 < run->scenario_count &&
                      run->scenario[scenario + 1].part == SEQ_SCALING &&
                      was_begun(&run->scenario[scenario + 1]);
    return run->scenario[scenario].readers == 1 && !more;
}

static void print_scaling(FILE *stream, const struct seq_run *run)
{
    const struct cli_style style = cli_style(stream);
    char cell[CELL], number[CELL];
    if (!was_begun(&run->scenario[0])) {
        return;
    }
    fprintf(stream,
            "\n%sNobody writes: ns a read alone [95 %%], and million reads a second of all "
            "readers together%s\n\n",
            style.bold, style.reset);
    fprintf(stream, "%s%-28s", style.bold, "");
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct seq_scenario *scenario = &run->scenario[s];
        if (scenario->part == SEQ_SCALING && was_begun(scenario)) {
            snprintf(cell, CELL, scenario->readers == 1 ? "1 reader, ns" : "%u readers",
                     scenario->readers);
            fprintf(stream, scenario->readers == 1 ? "  %-*s" : "  %-*s  each  Jain",
                    is_last_alone(run, s) ? 0 : 20, cell);
        }
    }
    fprintf(stream, "%s\n", style.reset);
    for (unsigned i = 0; i < run->design_count; ++i) {
        if (run->design[i]->of_writers) {
            continue;
        }
        part_kinds(stream, run, i);
        fprintf(stream, "%s", name_of(run->design[i], cell));
        for (unsigned s = 0; s < run->scenario_count; ++s) {
            const struct seq_scenario *scenario = &run->scenario[s];
            if (scenario->part != SEQ_SCALING || !was_begun(scenario)) {
                continue;
            }
            const int k = figure(run, scenario, i, scenario->readers > 1, cell);
            fprintf(stream, "  %-*s", is_last_alone(run, s) ? 0 : 20, cell);
            if (scenario->readers > 1 && k >= 0) {
                const double ns = scenario->contest.entry[k].interval.middle;
                const struct seq_result *result = &scenario->result[k];
                fprintf(stream, "  %4s  %.2f", bench_number(1e3 / ns / scenario->readers, number),
                        result->jain / (result->blocks > 0 ? result->blocks : 1));
            } else if (scenario->readers > 1) {
                fprintf(stream, "  %4s  %4s", "-", "-");
            }
        }
        fputc('\n', stream);
    }
}

static void print_latency(FILE *stream, const struct histogram *histogram, double share,
                          double tick)
{
    char text[64];
    fprintf(stream, "  %8s",
            histogram->count > 0 ? seq_time_text(histogram_quantile(histogram, share) * tick, text)
                                 : "-");
}

static void print_writer(FILE *stream, const struct seq_run *run,
                         const struct seq_scenario *scenario)
{
    const struct cli_style style = cli_style(stream);
    const double tick = 1 / run->clock.ticks_per_ns;
    char cell[CELL], text[64];
    fprintf(stream, "\n%s%u reader%s%s, and a writer %s%s\n\n", style.bold, scenario->readers,
            scenario->readers > 1 ? "s" : "",
            scenario->readers + 1 > run->cpu_count ? " (more threads than CPUs)" : "",
            seq_rate_text(scenario->writes, text), style.reset);
    fprintf(stream, "%s%-28s  %-20s  %5s  %4s  %8s  %8s  %8s  %8s  %8s  %8s%s\n", style.bold, "",
            "million reads/s", "again", "Jain", "read p99", "longest", "writes/s", "p50", "p99",
            "longest", style.reset);
    for (unsigned i = 0; i < run->design_count; ++i) {
        part_kinds(stream, run, i);
        fprintf(stream, "%s", name_of(run->design[i], cell));
        const int k = figure(run, scenario, i, true, cell);
        if (k < 0) {
            fprintf(stream, "  %s\n", cell);
            continue;
        }
        const struct seq_result *result = &scenario->result[k];
        fprintf(stream, "  %-20s", cell);
        if (run->design[i]->kind == SEQ_NOTHING) {
            fprintf(stream, "  torn: %.2g of all\n",
                    (double)result->torn / ((double)result->checked + 1));
            continue;
        }
        if (run->design[i]->kind == SEQ_RETRY || run->design[i]->copies > 1) {
            snprintf(cell, CELL, "%.1f%%", 100 * result->retries / (result->reads + 1));
        } else {
            snprintf(cell, CELL, "-");
        }
        fprintf(stream, "  %5s  %.2f", cell, result->jain / result->blocks);
        print_latency(stream, &result->read, 0.99, tick);
        fprintf(stream, "  %8s", seq_time_text((double)result->longest_read * tick, text));
        fprintf(stream, "  %8s", rate_of(1e9 * result->writes / (result->write_ns + 1), cell));
        print_latency(stream, &result->write, 0.5, tick);
        print_latency(stream, &result->write, 0.99, tick);
        fprintf(stream, "  %8s\n",
                result->writes > 0 ? seq_time_text((double)result->longest_write * tick, text)
                                   : "-");
    }
}

/* The first scenario with a writer that was measured: its writes stand beside those without readers. */
static const struct seq_scenario *first_beside(const struct seq_run *run)
{
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        if (run->scenario[s].part == SEQ_WRITER && was_begun(&run->scenario[s])) {
            return &run->scenario[s];
        }
    }
    return NULL;
}

static void print_write(FILE *stream, const struct seq_run *run,
                        const struct seq_scenario *scenario)
{
    const struct cli_style style = cli_style(stream);
    const struct seq_scenario *beside = first_beside(run);
    const double tick = 1 / run->clock.ticks_per_ns;
    char cell[CELL], text[64];
    fprintf(stream, "\n%sWhat a write costs the writer, ns alone [95 %%]%s", style.bold,
            style.reset);
    if (beside != NULL) {
        fprintf(stream, "%s; and its median beside %u reader%s, %s%s", style.bold, beside->readers,
                beside->readers > 1 ? "s" : "", seq_rate_text(beside->writes, text), style.reset);
    }
    fputs("\n\n", stream);
    for (unsigned i = 0; i < run->design_count; ++i) {
        part_kinds(stream, run, i);
        fprintf(stream, "%s", name_of(run->design[i], cell));
        (void)figure(run, scenario, i, false, cell);
        const int k = beside != NULL ? seq_find(beside, i) : -1;
        fprintf(stream, "  %-*s", k >= 0 ? 22 : 0, cell);
        if (k >= 0) {
            print_latency(stream, &beside->result[k].write, 0.5, tick);
        }
        fputc('\n', stream);
    }
}

static const char *property(const struct seq_design *design, unsigned column, char text[CELL])
{
    switch (column) {
    case 0:
        return design->readers;
    case 1:
        return design->writers;
    case 2:
        return design->handler;
    case 3:
        return design->memory;
    default:
        snprintf(text, CELL, "%u", design->bytes);
        if (design->each > 0) {
            snprintf(text, CELL, "%u + %u a reader", design->bytes, design->each);
        } else if (design->copies > 1) {
            snprintf(text, CELL, "%u, %u copies", design->bytes, design->copies);
        }
        return text;
    }
}

static void print_properties(FILE *stream, const struct seq_run *run)
{
    enum { COLUMNS = 5 };
    static const char *const heads[COLUMNS] = {"readers wait for", "writers wait for",
                                               "in a handler", "who frees", "bytes"};
    const struct cli_style style = cli_style(stream);
    int width[COLUMNS] = {0};
    char cell[CELL];
    for (unsigned c = 0; c + 1 < COLUMNS; ++c) {
        width[c] = (int)strlen(heads[c]);
        for (unsigned i = 0; i < run->design_count; ++i) {
            const int length = (int)strlen(property(run->design[i], c, cell));
            width[c] = length > width[c] ? length : width[c];
        }
    }
    fprintf(stream, "%s%-28s", style.bold, "");
    for (unsigned c = 0; c < COLUMNS; ++c) {
        fprintf(stream, "  %-*s", c + 1 < COLUMNS ? width[c] : 0, heads[c]);
    }
    fprintf(stream, "%s\n", style.reset);
    for (unsigned i = 0; i < run->design_count; ++i) {
        const struct seq_design *design = run->design[i];
        if (i == 0 || design->kind != run->design[i - 1]->kind) {
            fprintf(stream, "%s%s\n", i > 0 ? "\n" : "", seq_kind_text(design->kind));
        }
        fprintf(stream, "%s", name_of(design, cell));
        for (unsigned c = 0; c < COLUMNS; ++c) {
            fprintf(stream, "  %-*s", c + 1 < COLUMNS ? width[c] : 0, property(design, c, cell));
        }
        fputc('\n', stream);
    }
    fputs("\n* ours.  in a handler: may a signal handler read, on top of a writer too?  who frees: "
          "old "
          "versions.\n  bytes: beside the data.\n",
          stream);
}

static void print_absent(FILE *stream)
{
    bool any = false;
    for (unsigned i = 0; i < seq_library_count; ++i) {
        if (seq_libraries[i].design == NULL) {
            fprintf(stream, any ? ", %s" : "\nnot here   %s", seq_libraries[i].name);
            any = true;
        }
    }
    if (any) {
        fputs(" (not found when the tool was built)\n", stream);
    }
}

void seq_print_list(FILE *stream, const struct seq_run *run)
{
    print_properties(stream, run);
    print_absent(stream);
}

/* Of a hundred columns, with the second line and all after it set in. */
static void print_wrapped(FILE *stream, const char *text)
{
    size_t column = 2;
    fputs("- ", stream);
    while (*text != '\0') {
        const size_t length = strcspn(text, " ");
        if (column > 2 && column + length > 98) {
            fputs("\n  ", stream);
            column = 2;
        }
        fprintf(stream, "%.*s", (int)length, text);
        column += length + 1;
        text += length;
        text += strspn(text, " ");
        if (*text != '\0' && column + strcspn(text, " ") <= 98) {
            fputc(' ', stream);
        }
    }
    fputc('\n', stream);
}

static void print_ratios(FILE *stream, const struct seq_run *run)
{
    const struct cli_style style = cli_style(stream);
    size_t i;
    json_t *each;
    char cell[CELL];
    if (json_array_size(run->ratios) == 0) {
        return;
    }
    fprintf(stream,
            "\n%sOurs against the best peer of the same kind: more than 1, ours is "
            "faster [95 %%]%s\n\n",
            style.bold, style.reset);
    json_array_foreach(run->ratios, i, each)
    {
        json_t *interval = json_object_get(each, "interval_95");
        const struct stats_interval ratio = {json_real_value(json_array_get(interval, 0)),
                                             json_real_value(json_object_get(each, "ratio")),
                                             json_real_value(json_array_get(interval, 1))};
        const bool differs = json_is_true(json_object_get(each, "differs"));
        fprintf(stream, "%-12s  %-14s  %-47s  %s\n",
                json_string_value(json_object_get(each, "ours")),
                json_string_value(json_object_get(each, "peer")),
                json_string_value(json_object_get(each, "what")),
                differs ? bench_interval(ratio, 1, cell) : "within noise");
    }
}

static void print_advice(FILE *stream, const struct seq_run *run)
{
    const struct cli_style style = cli_style(stream);
    size_t i;
    json_t *each;
    if (json_array_size(run->advice) > 0) {
        fprintf(stream, "\n%sWhat follows%s\n\n", style.bold, style.reset);
    }
    json_array_foreach(run->advice, i, each)
    {
        print_wrapped(stream, json_string_value(each));
    }
}

static void print_broken(FILE *stream, const struct seq_run *run)
{
    const struct cli_style style = cli_style(stream);
    char text[64];
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct seq_scenario *scenario = &run->scenario[s];
        for (unsigned k = 0; was_begun(scenario) && k < scenario->contest.candidates; ++k) {
            const struct seq_result *result = &scenario->result[k];
            const struct seq_design *design = run->design[scenario->design[k]];
            if (seq_is_broken(result) && design->kind != SEQ_NOTHING) {
                fprintf(stream,
                        "%sBROKEN%s     %s, readers: %u, writes %s: %llu reads torn, %llu older "
                        "than the one before; after %llu blocks the last record was not there\n",
                        style.red, style.reset, design->name, scenario->readers,
                        seq_rate_text(scenario->writes, text), (unsigned long long)result->torn,
                        (unsigned long long)result->backwards, (unsigned long long)result->lost);
            }
        }
    }
}

/* The check is worth as much as it catches where nothing protects the copy. */
static void print_control(FILE *stream, const struct seq_run *run)
{
    uint64_t torn = 0, checked = 0;
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct seq_scenario *scenario = &run->scenario[s];
        for (unsigned k = 0; was_begun(scenario) && k < scenario->contest.candidates; ++k) {
            if (scenario->part == SEQ_WRITER &&
                run->design[scenario->design[k]]->kind == SEQ_NOTHING) {
                torn += scenario->result[k].torn;
                checked += scenario->result[k].checked;
            }
        }
    }
    if (checked > 0) {
        fprintf(stream,
                "\nThe check: of %llu copies that nothing protected, beside a writer, %llu "
                "were torn%s.\n",
                (unsigned long long)checked, (unsigned long long)torn,
                torn > 0 ? " and seen to be" : "; so it has proved nothing about the others here");
    }
}

static void print_conditions(FILE *stream, const struct seq_run *run)
{
    bench_print_machine(stream, &run->machine, &run->clock);
    bench_print_membarrier(stream);
    fputs("measured   on CPU ", stream);
    for (unsigned i = 0; i < run->cpu_count; ++i) {
        fprintf(stream, i > 0 ? ", %u" : "%u", run->cpu[i]);
    }
    fprintf(stream, "; the record has %u bytes\n", seq_sizes[run->size_index]);
    fputs(
        "one read   copies the record out and checks it, where RCU could read in place, too; `none'"
        " is\n           the copy and the check alone\n",
        stream);
    bench_print_warnings(stream, &run->machine, NULL);
}

static void print_legend(FILE *stream, const struct seq_run *run)
{
    fprintf(
        stream,
        "\n* ours.  again: reads tried in vain, per read.  p99, p50: of single reads and writes, "
        "sampled, a\n  reading of the clock (%.0f ns) included.  longest: %d reads in a row; one "
        "write, or %d in a row where\n  it writes as fast as it can.  An RCU write: until the old "
        "record is freed; -call: it is freed later.\n",
        run->clock.read_ns, SEQ_READ_BATCH, SEQ_WRITE_BATCH);
}

void seq_print(FILE *stream, const struct seq_run *run)
{
    const struct cli_style style = cli_style(stream);
    unsigned fewest = run->repetitions;
    print_conditions(stream, run);
    print_absent(stream);
    print_scaling(stream, run);
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct seq_scenario *scenario = &run->scenario[s];
        if (scenario->part == SEQ_WRITER && was_begun(scenario)) {
            print_writer(stream, run, scenario);
        } else if (scenario->part == SEQ_WRITE && was_begun(scenario)) {
            print_write(stream, run, scenario);
        }
        fewest = was_begun(scenario) && scenario->contest.done < fewest ? scenario->contest.done
                                                                        : fewest;
    }
    print_legend(stream, run);
    fprintf(stream, "\n%sWhat they promise%s\n\n", style.bold, style.reset);
    print_properties(stream, run);
    print_ratios(stream, run);
    print_advice(stream, run);
    print_control(stream, run);
    print_broken(stream, run);
    bench_print_end(stream, fewest, run->repetitions, run->plan.blocks, run->plan.repeated,
                    "blocks");
}
