/* report.c - telling what became of the tests of a run. */
#define _GNU_SOURCE
#include "report.h"

#include "asm/asm.h"

#include "cli/cli.h"
#include "outcome/relaxation.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

bool report_is_violation(const struct report *report)
{
    return report->state == CRASHED || report->state == STUCK ||
           (report->state == DONE && verdict_is_violation(report->verdict));
}

enum verdict report_judge(const struct report *report, const struct outcome_set *seen, bool on_x86)
{
    if (report->by_log) {
        return report->allowed != NULL ? outcome_verdict_by(report->test, seen, report->allowed)
                                       : VERDICT_NONE;
    }
    return outcome_verdict(report->test, outcome_tally(report->test, seen), on_x86);
}

uint64_t report_forbidden(const struct report *report)
{
    const struct outcome_set *seen = &report->outcomes;
    uint64_t count = 0;
    if (report->verdict != VERDICT_VIOLATION_LOG) {
        return report->tally.weak;
    }
    for (size_t i = 0; i < seen->count; ++i) {
        const bool listed = outcome_has(report->allowed, seen->values + i * seen->columns);
        count += listed ? 0 : seen->seen[i];
    }
    return count;
}

void report_take(struct report *report, const struct engine_result *result, bool on_x86)
{
    report->tally = outcome_tally(report->test, &result->outcomes);
    report->seconds = result->seconds;
    report->disturbance = result->disturbance;
    report->verdict = report_judge(report, &result->outcomes, on_x86);
    report->iterations = result->iterations;
    report->distinct = result->distinct;
    report->endless = result->endless;
    report->instances = !litmus_counts_frames(report->mode)
                            ? report->tally.weak + report->tally.other
                            : report->instances;
    report->outcomes = result->outcomes;
    report->workers = result->workers;
    memcpy(report->best, result->best, sizeof report->best);
}

void report_rates(const struct report *report, double *all, double *weak)
{
    const double total = (double)(report->tally.weak + report->tally.other);
    const struct undisturbed left = disturbance_without(&report->disturbance, report->seconds,
                                                        total, (double)report->tally.weak);
    *all = total * left.share / left.seconds;
    *weak = left.weak / left.seconds;
}

void report_free(struct report *report)
{
    outcome_free(&report->outcomes);
    free(report->wrong);
    free(report->reproducer.command);
}

bool report_has_certainty(const struct report *report)
{
    return !litmus_counts_frames(report->mode) ||
           (report->mode == LITMUS_PERPETUAL && (report->tally.weak != 0 || report->instances > 3));
}

double report_certainty(const struct report *report)
{
    const uint64_t total = report->instances;
    const uint64_t hits =
        litmus_counts_frames(report->mode) ? report->distinct : report->tally.weak;
    if (report->tally.weak == 0) {
        return total > 3 ? 3 / (double)total : 1;
    }
    return 1 - exp(-(double)(hits > 0 ? hits : 1));
}

/* The rule of three supposes that instances have nothing to do with each other. Frames of a perpetual test
 * have, and of them all nothing is said.
 */
static void print_certainty(const struct report *report)
{
    const uint64_t total = report->instances;
    const char *name = report->test->name;
    if (!report_has_certainty(report)) {
        return;
    }
    if (report->tally.weak != 0) {
        printf("Confidence %s %.3f that another such run sees it\n", name,
               report_certainty(report));
    } else if (total > 3) {
        printf("Bound %s %.2g of all instances at most are weak, at 95 %%\n", name,
               report_certainty(report));
    }
}

static void print_mutants(const struct report *report)
{
    const struct score_count *mutants = &report->mutants;
    if (mutants->run != 0) {
        printf("Mutants %s %zu of %zu killed", report->test->name, mutants->killed, mutants->run);
        if (mutants->all > mutants->run) {
            printf("; %zu not run", mutants->all - mutants->run);
        }
        putchar('\n');
    }
}

void report_print_reproducer(const struct report *report)
{
    const struct reproducer *found = &report->reproducer;
    if (found->command == NULL) {
        return;
    }
    printf("Reproducer %s %s\n", report->test->name, found->command);
    if (found->again != 0) {
        const bool brief = found->seconds < 0.1;
        printf("Replays %s %u of %u showed it, after %.2g %s (median)\n", report->test->name,
               found->again, found->tries, found->seconds * (brief ? 1000 : 1), brief ? "ms" : "s");
    } else if (found->tries != 0) {
        printf("Replays %s none of %u showed it: it is rare; run it for longer\n",
               report->test->name, found->tries);
    }
}

/* Only if there was any. */
static void print_disturbance(const struct report *report)
{
    const struct disturbance *found = &report->disturbance;
    if (found->disturbed != 0) {
        printf("Disturbed %s %" PRIu64 " of %" PRIu64 " blocks: %" PRIu64
               " preemptions, %.0f ms stolen by the host; the outcomes count, the time does not\n",
               report->test->name, found->disturbed, found->blocks, found->switches,
               found->steal_ms);
    }
}

void report_print_result(const struct report *report)
{
    const struct litmus_test *test = report->test;
    const double total = (double)(report->tally.weak + report->tally.other);
    outcome_print(stdout, test, &report->outcomes, report->seconds);
    double all, weak;
    report_rates(report, &all, &weak);
    printf("Rate %s %.0f outcomes/s %.0f weak/s\n", test->name, all, weak);
    print_disturbance(report);
    if (report->endless != 0) {
        printf("Endless %s %" PRIu64 " instances are not counted: a loop went round %u times\n",
               test->name, report->endless, LITMUS_MOST_ROUNDS);
    }
    if (report->iterations != 0) {
        printf("Frames %s %.0f counted, of %" PRIu64 " iterations of each thread", test->name,
               total - (double)report->instances, report->iterations);
        if (report->instances != 0) { /* candidates of several engines were tried */
            printf(", beside %" PRIu64 " instances", report->instances);
        }
        if (report->distinct != 0) {
            printf("; weak without a common iteration %" PRIu64 " (%.0f/s)", report->distinct,
                   (double)report->distinct / report->seconds);
        }
        putchar('\n');
    }
    print_certainty(report);
    if (report->client == NULL) {
        char knobs[400];
        printf("Knobs %s %s\n", test->name, knobs_write(&report->knobs, knobs, sizeof knobs));
    }
    if (report->workers != 0 && report->workers < test->thread_count) {
        printf("Threads %s %u on %u CPU%s\n", test->name, test->thread_count, report->workers,
               report->workers == 1 ? "" : "s");
    }
    if (report->best[0] != '\0') {
        printf("Best %s %s\n", test->name, report->best);
    }
    printf("Verdict %s %s\n", test->name, verdict_name(report->verdict));
    print_mutants(report);
    report_print_reproducer(report);
    putchar('\n');
    fflush(stdout);
}

/* What a client did wrong, in lines. Its texts come from its source: no terminal is to obey them. */
void report_complain(struct report *report, const struct client_result *result)
{
    const char *name = report->test->name;
    size_t size = 0;
    FILE *stream = open_memstream(&report->wrong, &size);
    if (stream == NULL) {
        return;
    }
    if (result->signal != 0) {
        fprintf(stream, "%s: crashed: %s (rounds begun: %" PRIu64 ")\n", name,
                strsignal(result->signal), result->rounds);
    } else if (result->left) {
        fprintf(stream, "%s: it ended the process (rounds begun: %" PRIu64 ")\n", name,
                result->rounds);
    } else if (result->interrupted) {
        fprintf(stream, "%s: interrupted: given up; not at its end is: %s\n", name, result->stuck);
    } else if (result->engine.stuck) {
        fprintf(stream, "%s: stuck: nothing moves any more, and not at its end is: %s\n", name,
                result->stuck);
    }
    for (unsigned i = 0; i < result->complaints; ++i) {
        const struct client_complaint *one = &result->complaint[i];
        fprintf(stream, "%s: %s:%d: CORDON_EXPECT(%s) failed %" PRIu64 " time%s\n", name, one->file,
                one->line, one->text, one->count, one->count == 1 ? "" : "s");
    }
    fclose(stream);
    for (char *c = report->wrong; c != NULL && *c != '\0'; ++c) {
        *c = ((unsigned char)*c < ' ' && *c != '\n') || *c == '\x7f' ? '?' : *c;
    }
}

void report_print_client(const struct report *report, size_t cpus)
{
    const char *name = report->test->name;
    const unsigned threads = report->test->thread_count;
    if (threads > cpus) {
        printf("%s: %u threads on %zu CPU%s\n", name, threads, cpus, cpus == 1 ? "" : "s");
    }
    if (report->wrong != NULL) {
        fputs(report->wrong, stdout);
    }
    if (report->outcomes.count != 0) {
        report_print_result(report);
    } else {
        putchar('\n');
        fflush(stdout);
    }
}

static const char *verdict_colour(const struct cli_style *style, enum verdict verdict)
{
    return verdict_is_violation(verdict)     ? style->red
           : verdict == VERDICT_ALLOWED_SEEN ? style->yellow
           : verdict == VERDICT_NONE         ? style->dim
                                             : style->green;
}

static void print_row(const struct report *report, int width, size_t cpus,
                      const struct cli_style *style)
{
    const struct litmus_test *test = report->test;
    const uint64_t total = report->tally.weak + report->tally.other;
    double all, weak;
    char rate[32], weak_rate[32];
    report_rates(report, &all, &weak);
    printf("%-*s  ", width, test->name);
    if (test->thread_count != 0) {
        printf("%7u  ", test->thread_count);
    } else { /* a client that was not loaded */
        printf("%7s  ", "-");
    }
    switch (report->state) {
    case SKIPPED:
        printf("%sskipped: %u threads, %zu CPU%s allowed%s\n", style->dim, test->thread_count, cpus,
               cpus == 1 ? "" : "s", style->reset);
        break;
    case UNFIT:
        printf("%sskipped: not for this engine%s\n", style->dim, style->reset);
        break;
    case ELSEWHERE:
        printf("%sskipped: for %s%s\n", style->dim, asm_machine(test->dialect), style->reset);
        break;
    case REFUSED:
    case FAILED:
        printf("%s%s%s\n", style->red, report->state == REFUSED ? "refused" : "failed",
               style->reset);
        break;
    case NOT_RUN:
        printf("%snot run%s\n", style->dim, style->reset);
        break;
    case DONE:
    case INTERRUPTED:
    case STUCK:
        printf("%12" PRIu64 "  %12" PRIu64 "  %7s  %7s  %s%s%s", report->tally.weak, total,
               cli_number(all, rate, sizeof rate), cli_number(weak, weak_rate, sizeof weak_rate),
               report_is_violation(report)    ? style->red
               : report->state == INTERRUPTED ? style->dim
                                              : verdict_colour(style, report->verdict),
               report->state == STUCK ? "VIOLATION (stuck)"
               : report->state == INTERRUPTED && !report_is_violation(report)
                   ? "interrupted"
                   : verdict_name(report->verdict),
               style->reset);
        if (test->thread_count > cpus) {
            printf(" %s(%u threads on %zu CPU%s)%s", style->dim, test->thread_count, cpus,
                   cpus == 1 ? "" : "s", style->reset);
        }
        if (report->mutants.run != 0) {
            printf(" %s(mutants: %zu of %zu killed)%s", style->dim, report->mutants.killed,
                   report->mutants.run, style->reset);
        }
        putchar('\n');
        break;
    case CRASHED:
        printf("%12s  %12s  %7s  %7s  %sVIOLATION (crashed)%s\n", "-", "-", "-", "-", style->red,
               style->reset);
        break;
    }
}

static void print_unlisted(const struct report *report, const struct cli_style *style)
{
    const struct outcome_set *seen = &report->outcomes;
    for (size_t i = 0; i < seen->count; ++i) {
        const int64_t *state = seen->values + i * seen->columns;
        if (!outcome_has(report->allowed, state)) {
            printf("%s%s: seen %" PRIu64 " times, and not in the reference log: ", style->red,
                   report->test->name, seen->seen[i]);
            outcome_print_state(stdout, report->test, state);
            printf("%s\n", style->reset);
        }
    }
}

/* x86-TSO binds machine code, and the compiler may make other code of the test than its text
 * suggests (a plain store of an exchange whose result nobody reads): then nobody is at fault.
 */
static void print_violation(const struct report *report, const struct cli_style *style)
{
    const struct litmus_test *test = report->test;
    const char *why = litmus_get(test, "Why");
    if (report->wrong != NULL) {
        printf("%s%s%s", style->red, report->wrong, style->reset);
        return;
    }
    if (report->verdict == VERDICT_VIOLATION_LOG) {
        print_unlisted(report, style);
        return;
    }
    printf("%s%s: forbidden by %s, and seen %" PRIu64 " times: ", style->red, test->name,
           test->dialect != LITMUS_C                  ? asm_model(test->dialect)
           : report->verdict == VERDICT_VIOLATION_TSO ? "x86-TSO"
                                                      : "C11",
           report->tally.weak);
    if (test->dialect != LITMUS_C) {
        fputs("the processor is at fault, or the file.", stdout);
    } else if (report->verdict == VERDICT_VIOLATION_TSO) {
        printf("C11 %s this, so the compiler may have done it (see --keep); if the machine code "
               "keeps the file's order, the processor did.",
               litmus_get(test, "C11") != NULL ? "allows" : "may allow");
    } else {
        fputs("the compiler or the processor is at fault, or the file.", stdout);
    }
    printf("%s%s%s\n", style->reset, why != NULL ? " " : "", why != NULL ? why : "");
}

struct report_totals report_count(const struct report *reports, size_t count)
{
    struct report_totals totals = {0};
    for (size_t i = 0; i < count; ++i) {
        totals.done += reports[i].state >= DONE;
        totals.violations += report_is_violation(&reports[i]);
        totals.skipped += reports[i].state == SKIPPED;
        totals.unfit += reports[i].state == UNFIT;
        totals.elsewhere += reports[i].state == ELSEWHERE;
        totals.refused += reports[i].state == REFUSED;
        totals.failed += reports[i].state == FAILED;
        totals.not_run += reports[i].state == NOT_RUN;
    }
    return totals;
}

static void print_relaxations(const struct report *reports, size_t count,
                              const struct cli_style *style)
{
    const struct report *seen[RELAXATIONS] = {NULL};
    unsigned run = 0;
    for (size_t i = 0; i < count; ++i) {
        for (unsigned k = 0; k < RELAXATIONS; ++k) {
            if (reports[i].state == DONE && reports[i].client == NULL &&
                strcmp(reports[i].test->name, relaxations[k].test) == 0) {
                run += seen[k] == NULL;
                seen[k] = &reports[i];
            }
        }
    }
    if (run < 2) {
        return;
    }
    printf("\n%sWhat this compiler and processor reordered%s\n", style->bold, style->reset);
    for (unsigned k = 0; k < RELAXATIONS; ++k) {
        double all, weak = 0;
        char rate[32];
        if (seen[k] != NULL) {
            report_rates(seen[k], &all, &weak);
        }
        printf("%-8s %-45s %-16s ", relaxations[k].name, relaxations[k].what, relaxations[k].test);
        if (seen[k] == NULL) {
            printf("%snot run%s\n", style->dim, style->reset);
        } else if (seen[k]->tally.weak == 0) {
            puts("not seen");
        } else {
            printf("%sseen%s, %s/s\n", style->yellow, style->reset,
                   cli_number(weak, rate, sizeof rate));
        }
    }
}

static void print_all_mutants(struct score_count mutants, const char *rest)
{
    if (mutants.all == 0) {
        return;
    }
    if (mutants.run == 0) {
        printf("Mutants: none of %zu was run%s\n", mutants.all, rest);
    } else if (mutants.all > mutants.run) {
        printf("Mutants: %zu of %zu killed, %zu not run%s\n", mutants.killed, mutants.run,
               mutants.all - mutants.run, rest);
    } else {
        printf("Mutants: %zu of %zu killed\n", mutants.killed, mutants.run);
    }
}

void report_print_summary(const struct report *reports, size_t count, size_t cpus,
                          struct score_count mutants, const char *rest)
{
    const struct cli_style style = cli_style(stdout);
    const struct report_totals totals = report_count(reports, count);
    int width = 4;
    for (size_t i = 0; i < count; ++i) {
        const int length = (int)strlen(reports[i].test->name);
        width = length > width ? length : width;
    }
    printf("%s%-*s  Threads  %12s  %12s  %7s  %7s  Verdict%s\n", style.bold, width, "Name", "Weak",
           "Total", "Rate/s", "Weak/s", style.reset);
    for (size_t i = 0; i < count; ++i) {
        print_row(&reports[i], width, cpus, &style);
    }
    print_relaxations(reports, count, &style);
    printf("\n%zu run, %zu violation%s", totals.done, totals.violations,
           totals.violations == 1 ? "" : "s");
    if (totals.skipped != 0) {
        printf(", %zu skipped for want of CPUs", totals.skipped);
    }
    if (totals.unfit != 0) {
        printf(", %zu not for this engine", totals.unfit);
    }
    if (totals.elsewhere != 0) {
        printf(", %zu not for this machine", totals.elsewhere);
    }
    if (totals.refused != 0) {
        printf(", %zu refused", totals.refused);
    }
    if (totals.failed != 0) {
        printf(", %zu failed", totals.failed);
    }
    if (totals.not_run != 0) {
        printf(", %zu not run", totals.not_run);
    }
    putchar('\n');
    print_all_mutants(mutants, rest);
    for (size_t i = 0; i < count; ++i) {
        if (report_is_violation(&reports[i])) {
            print_violation(&reports[i], &style);
            report_print_reproducer(&reports[i]);
        }
    }
}
