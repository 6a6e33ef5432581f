/* report.c - what `cordon-bench locks` found, for people. */
#define _GNU_SOURCE
#include "report.h"
#include "cli/cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

void lock_print_name(FILE *stream, const struct lock_run *run, unsigned lock)
{
    const struct cli_style style = cli_style(stream);
    const bool ours = locks_is_ours(run->lock[lock]);
    fprintf(stream, "%s%c %-*s%s", ours ? style.bold : "", ours ? '*' : ' ', NAME - 2,
            run->lock[lock]->name, style.reset);
}

void lock_part_kinds(FILE *stream, const struct lock_run *run, unsigned lock, int *kind)
{
    if (*kind >= 0 && *kind != (int)run->lock[lock]->kind) {
        fputc('\n', stream);
    }
    *kind = (int)run->lock[lock]->kind;
}

void lock_head(FILE *stream, const char *text)
{
    const struct cli_style style = cli_style(stream);
    fprintf(stream, "\n%s%s%s\n\n", style.bold, text, style.reset);
}

const char *lock_duration(double ns, char text[CELL])
{
    char number[CELL];
    if (ns == 0) {
        snprintf(text, CELL, "0");
        return text;
    }
    snprintf(text, CELL, "%.20s %s",
             bench_number(ns < 999.5    ? ns
                          : ns < 999500 ? ns / 1e3
                                        : ns / 1e6,
                          number),
             ns < 999.5    ? "ns"
             : ns < 999500 ? "us"
                           : "ms");
    return text;
}

static void describe(const struct lock_scenario *scenario, char text[CELL])
{
    char hold[CELL], think[CELL];
    if (scenario->hold == 0 && scenario->think == 0) {
        snprintf(text, CELL, "no hold, no pause");
    } else {
        snprintf(text, CELL, "hold %.16s, pause %.16s", lock_duration((double)scenario->hold, hold),
                 lock_duration((double)scenario->think, think));
    }
}

/* ---- ours against peers ---- */

static const struct lock_ratio *ratio_in(const struct lock_ratio *ratios, unsigned count,
                                         unsigned ours, unsigned column, enum lock_rival rival)
{
    for (unsigned i = 0; i < count; ++i) {
        if (ratios[i].ours == ours && ratios[i].column == column && ratios[i].rival == rival) {
            return &ratios[i];
        }
    }
    return NULL;
}

static void ratio_cell(const struct lock_run *run, const struct lock_ratio *ratio, char text[CELL])
{
    char number[CELL];
    if (ratio == NULL) {
        snprintf(text, CELL, "-");
        return;
    }
    snprintf(text, CELL, "%.12s %.24s%s",
             ratio->differs ? bench_number(ratio->ratio.middle, number) : "~",
             run->lock[ratio->peer]->name, ratio->peer_jain < LOCK_FAIR ? "!" : "");
}

void lock_print_ratios(FILE *stream, const struct lock_run *run, const struct lock_columns *columns)
{
    enum { WIDTH = 19 };
    const struct cli_style style = cli_style(stream);
    unsigned count;
    struct lock_ratio *ratios = locks_compare(run, &count);
    bool any = false, unfair = false;
    char text[CELL];
    for (unsigned i = 0; i < count; ++i) {
        for (unsigned c = 0; c < columns->count; ++c) {
            any |= ratios[i].column == columns->column[c];
        }
    }
    if (any) {
        fprintf(stream, "\n%s%-*s", style.bold, NAME, "ours / best peer");
        for (unsigned c = 0; c < columns->count; ++c) {
            fprintf(stream, "  %-*s", c + 1 < columns->count ? WIDTH : 0, columns->title[c]);
        }
        fprintf(stream, "%s\n", style.reset);
    }
    for (unsigned i = 0; any && i < run->lock_count; ++i) {
        for (unsigned k = 0; k < LOCK_RIVALS && locks_is_ours(run->lock[i]); ++k) {
            bool shown = false;
            for (unsigned c = 0; c < columns->count; ++c) {
                shown |= ratio_in(ratios, count, i, columns->column[c], (enum lock_rival)k) != NULL;
            }
            if (!shown) {
                continue;
            }
            if (k == 0) {
                lock_print_name(stream, run, i);
            } else {
                fprintf(stream, "  %-*s", NAME - 2,
                        k == LOCK_NAMESAKE ? "  same design" : "  fair peers");
            }
            for (unsigned c = 0; c < columns->count; ++c) {
                const struct lock_ratio *ratio =
                    ratio_in(ratios, count, i, columns->column[c], (enum lock_rival)k);
                unfair |= ratio != NULL && ratio->peer_jain < LOCK_FAIR;
                ratio_cell(run, ratio, text);
                fprintf(stream, "  %-*s", c + 1 < columns->count ? WIDTH : 0, text);
            }
            fputc('\n', stream);
        }
    }
    if (any) {
        fprintf(stream, "above 1 ours is better; ~ within the noise%s\n",
                unfair ? "; ! the peer is unfair (Jain below 0.9)" : "");
    }
    free(ratios);
}

/* ---- alone ---- */

static void alone_cell(const struct lock_run *run, unsigned candidate, char text[CELL])
{
    const struct contest *contest = &run->scenario[0].contest;
    if (!contest_has(contest, candidate)) {
        snprintf(text, CELL, "-");
    } else if (stats_is_noise(contest->entry[candidate].interval, locks_resolution(run))) {
        snprintf(text, CELL, "~0");
    } else {
        bench_interval(contest->entry[candidate].interval, 1, text);
    }
}

static void print_locks(FILE *stream, const struct lock_run *run)
{
    const struct cli_style style = cli_style(stream);
    char text[CELL];
    int kind = -1;
    lock_head(stream,
              "The locks: bytes of a lock and of each thread, and what lock and unlock cost alone");
    fprintf(stream, "%s%-*s  %-8s  %-12s  %-10s  %5s  %5s  ns alone [95 %%]%s\n", style.bold, NAME,
            "lock", "library", "kind", "order", "lock", "each", style.reset);
    for (unsigned i = 0; i < run->lock_count; ++i) {
        const struct lock_adapter *lock = run->lock[i];
        lock_part_kinds(stream, run, i, &kind);
        lock_print_name(stream, run, i);
        alone_cell(run, i, text);
        fprintf(stream, "  %-8s  %-12s  %-10s  %5u  %5u  %s%s\n", lock->library,
                locks_kind_text(lock->kind), locks_order_text(lock->order), lock->bytes,
                lock->bytes_each, text, run->broken[i] ? "  BROKEN: it does not exclude" : "");
    }
    alone_cell(run, run->lock_count, text);
    fprintf(stream, "\nno lock at all reads %s; below %.2f ns nothing is told apart\n", text,
            locks_resolution(run));
    const struct lock_columns columns = {1, {0}, {"alone"}};
    lock_print_ratios(stream, run, &columns);
}

/* ---- more and more threads ---- */

static const char *threads_text(const struct lock_scenario *scenario, char text[CELL])
{
    snprintf(text, CELL, "%u thread%s", scenario->threads, scenario->threads == 1 ? "" : "s");
    return text;
}

/* "20.4 M +-2%  0.98": acquisitions a second, the interval, Jain. */
static void rate_cell(const struct lock_run *run, const struct lock_scenario *scenario,
                      unsigned lock, char text[CELL])
{
    char number[CELL], spread[16] = "wide", fairness[16] = "-";
    if (run->broken[lock]) {
        snprintf(text, CELL, "BROKEN");
        return;
    }
    if (!contest_has(&scenario->contest, lock)) {
        snprintf(text, CELL, "-");
        return;
    }
    const struct stats_interval ns = scenario->contest.entry[lock].interval;
    const double off = fmax(ns.high / ns.middle, ns.middle / ns.low) - 1;
    cli_number(1e9 / ns.middle, number, sizeof number);
    if (scenario->result[lock].jains > 0) {
        snprintf(fairness, sizeof fairness, "%.2f", scenario->result[lock].fairness);
    }
    if (off < 0.995) {
        snprintf(spread, sizeof spread, "+-%.0f%%", 100 * off);
    }
    snprintf(text, CELL, "%6.10s %5s  %s", number, spread, fairness);
}

static double left_of(const struct lock_scenario *fitting, const struct lock_scenario *most,
                      unsigned lock)
{
    if (fitting == NULL || fitting == most || !contest_has(&fitting->contest, lock) ||
        !contest_has(&most->contest, lock)) {
        return NAN;
    }
    return fitting->contest.entry[lock].interval.middle / most->contest.entry[lock].interval.middle;
}

static void print_threads(FILE *stream, const struct lock_run *run, uint64_t hold, uint64_t think)
{
    enum { WIDTH = 19 };
    const struct cli_style style = cli_style(stream);
    const struct lock_scenario *column[MOST_COLUMNS], *fitting = NULL;
    struct lock_columns columns = {0};
    char text[CELL], title[2 * CELL];
    int kind = -1;
    for (unsigned i = 0; i < run->thread_count && columns.count < MOST_COLUMNS; ++i) {
        const struct lock_scenario *scenario =
            locks_find(run, LOCK_THREADS, run->threads[i], hold, think);
        if (scenario != NULL && scenario->contest.done > 0) {
            fitting = scenario->crowded ? fitting : scenario;
            columns.column[columns.count] = (unsigned)(scenario - run->scenario);
            threads_text(scenario, columns.title[columns.count]);
            column[columns.count++] = scenario;
        }
    }
    if (columns.count == 0) {
        return;
    }
    describe(column[0], text);
    snprintf(title, sizeof title, "Threads on %u CPU%s, %s: acquisitions a second, Jain",
             run->cpu_count, run->cpu_count == 1 ? "" : "s", text);
    lock_head(stream, title);
    const struct lock_scenario *most = column[columns.count - 1];
    const bool collapse = fitting != NULL && most->crowded;
    fprintf(stream, "%s%-*s", style.bold, NAME, "lock");
    for (unsigned c = 0; c < columns.count; ++c) {
        const bool last = c + 1 == columns.count && !collapse;
        fprintf(stream, "  %-*s", last ? 0 : WIDTH, columns.title[c]);
    }
    fprintf(stream, "%s%s\n", collapse ? "  left" : "", style.reset);
    for (unsigned i = 0; i < run->lock_count; ++i) {
        lock_part_kinds(stream, run, i, &kind);
        const double left = run->broken[i] ? NAN : left_of(fitting, most, i);
        lock_print_name(stream, run, i);
        for (unsigned c = 0; c < columns.count; ++c) {
            const bool last = c + 1 == columns.count && (!collapse || isnan(left));
            rate_cell(run, column[c], i, text);
            fprintf(stream, "  %-*s", last ? 0 : WIDTH, text);
        }
        if (collapse && !isnan(left)) {
            if (left < 0.01) {
                fprintf(stream, "  1/%s", cli_number(1 / left, text, sizeof text));
            } else {
                fprintf(stream, "  %.2f", left);
            }
        }
        fputc('\n', stream);
    }
    if (collapse) {
        fprintf(stream, "\nleft: of its throughput with %u, with %u\n", fitting->threads,
                most->threads);
    }
    lock_print_ratios(stream, run, &columns);
}

static void print_waits(FILE *stream, const struct lock_run *run,
                        const struct lock_scenario *scenario)
{
    static const double shares[] = {0.5, 0.9, 0.99, 0.999};
    const struct cli_style style = cli_style(stream);
    const double tick = 1 / run->clock.ticks_per_ns;
    char mix[CELL], title[2 * CELL], text[CELL];
    int kind = -1;
    if (scenario == NULL || scenario->contest.done == 0 || scenario->threads == 1) {
        return;
    }
    describe(scenario, mix);
    snprintf(title, sizeof title, "How long each waits: %u threads on %u CPU%s, %s",
             scenario->threads, run->cpu_count, run->cpu_count == 1 ? "" : "s", mix);
    lock_head(stream, title);
    fprintf(stream, "%s%-*s  %9s  %9s  %9s  %9s  %9s  %10s%s\n", style.bold, NAME, "lock", "p50",
            "p90", "p99", "p99.9", "longest", "in a row", style.reset);
    for (unsigned i = 0; i < run->lock_count; ++i) {
        const struct lock_result *result = &scenario->result[i];
        if (result->waits->count == 0 || run->broken[i]) {
            continue;
        }
        lock_part_kinds(stream, run, i, &kind);
        lock_print_name(stream, run, i);
        for (unsigned k = 0; k < sizeof shares / sizeof *shares; ++k) {
            fprintf(stream, "  %9s",
                    lock_duration(histogram_quantile(result->waits, shares[k]) * tick, text));
        }
        fprintf(stream, "  %9s  %10llu\n", lock_duration((double)result->waits->most * tick, text),
                (unsigned long long)result->longest_run);
    }
}

/* ---- the floor ---- */

static void print_floor(FILE *stream, const struct lock_run *run)
{
    const struct lock_scenario *scenario = NULL;
    char text[CELL], title[2 * CELL];
    struct stats_interval ratio;
    for (unsigned i = 0; i < run->scenario_count; ++i) {
        scenario = run->scenario[i].floor ? &run->scenario[i] : scenario;
    }
    if (scenario == NULL || !contest_has(&scenario->contest, run->lock_count)) {
        return;
    }
    const struct contest *contest = &scenario->contest;
    const unsigned floor = run->lock_count + LOCK_FLOOR_SWITCH;
    const unsigned ring = run->lock_count + LOCK_FLOOR_RING;
    snprintf(title, sizeof title,
             "First come, first served, %u threads on %u CPU%s: beside one context switch each",
             scenario->threads, run->cpu_count, run->cpu_count == 1 ? "" : "s");
    lock_head(stream, title);
    fprintf(stream, "two threads on one CPU that wake each other   %s ns: the floor\n",
            bench_interval(contest->entry[floor].interval, 1, text));
    if (contest_has(contest, ring)) {
        fprintf(stream, "%2u threads that wake each other in a ring     %s ns\n\n",
                scenario->threads, bench_interval(contest->entry[ring].interval, 1, text));
    }
    for (unsigned i = 0; i < run->lock_count; ++i) {
        if (run->lock[i]->order != LOCK_FIFO || !contest_has(contest, i) || run->broken[i]) {
            continue;
        }
        lock_print_name(stream, run, i);
        const bool known = contest_ratio(contest, i, floor, &ratio);
        fprintf(stream, "  %-*s", known ? 28 : 0,
                bench_interval(contest->entry[i].interval, 1, text));
        if (known) {
            fprintf(stream, "  %s times the floor", bench_interval(ratio, 1, text));
        }
        fputc('\n', stream);
    }
}

static void print_advice(FILE *stream, const struct lock_run *run)
{
    char *sentence[LOCK_MOST_SENTENCES];
    const unsigned count = locks_advice(run, sentence, LOCK_MOST_SENTENCES);
    if (count > 0) {
        lock_head(stream, "Advice");
    }
    for (unsigned i = 0; i < count; ++i) {
        fprintf(stream, "%s\n", sentence[i]);
        free(sentence[i]);
    }
}

static void print_conditions(FILE *stream, const struct lock_run *run)
{
    const char *sep = "";
    bench_print_machine(stream, &run->machine, &run->clock);
    fputs("threads    on CPU", stream);
    for (unsigned i = 0; i < run->cpu_count && i < 16; ++i) {
        fprintf(stream, "%s %u", sep, run->cpu[i]->os);
        sep = ",";
    }
    fprintf(stream, "%s; more threads than CPUs float over these\n",
            run->cpu_count > 16 ? ", ..." : "");
    if (run->left_out > 0) {
        fprintf(stream, "left out   %u variants of these locks, for want of time (see --list)\n",
                run->left_out);
    }
    bench_print_warnings(stream, &run->machine, NULL);
}

void locks_print(FILE *stream, const struct lock_run *run)
{
    unsigned fewest = run->repetitions;
    print_conditions(stream, run);
    print_locks(stream, run);
    lock_print_handover(stream, run);
    print_threads(stream, run, 0, 0);
    print_floor(stream, run);
    if (run->hold != 0 || run->think != 0) {
        print_threads(stream, run, run->hold, run->think);
    }
    print_waits(stream, run,
                locks_find(run, LOCK_THREADS, run->mix_threads, run->hold, run->think));
    if (run->mix_threads != run->threads[run->thread_count - 1]) {
        print_waits(stream, run,
                    locks_find(run, LOCK_THREADS, run->threads[run->thread_count - 1], run->hold,
                               run->think));
    }
    const unsigned fitting = run->mix_threads < run->cpu_count ? run->mix_threads : run->cpu_count;
    lock_print_map(stream, run, fitting);
    if (run->mix_threads != fitting) {
        lock_print_map(stream, run, run->mix_threads);
    }
    print_advice(stream, run);
    for (unsigned i = 0; i < run->lock_count; ++i) {
        if (run->broken[i]) {
            fprintf(stream, "\nBROKEN: %s let two threads in at once: increments were lost.\n",
                    run->lock[i]->name);
        }
    }
    for (unsigned i = 0; i < run->scenario_count; ++i) {
        const unsigned done = run->scenario[i].contest.done;
        fewest = done > 0 && done < fewest ? done : fewest;
    }
    bench_print_end(stream, fewest, run->repetitions, run->plan.blocks, run->plan.repeated,
                    "blocks");
}

void locks_print_list(FILE *stream, const struct lock_run *run, const char *absent)
{
    fprintf(stream, "%-*s  %-8s  %-12s  %-10s  %5s  %5s\n", NAME, "lock", "library", "kind",
            "order", "bytes", "each");
    for (unsigned i = 0; i < run->lock_count; ++i) {
        const struct lock_adapter *lock = run->lock[i];
        fprintf(stream, "%-*s  %-8s  %-12s  %-10s  %5u  %5u\n", NAME, lock->name, lock->library,
                locks_kind_text(lock->kind), locks_order_text(lock->order), lock->bytes,
                lock->bytes_each);
    }
    if (*absent != '\0') {
        fprintf(stream, "\nnot found when this was built: %s\n", absent);
    }
}
