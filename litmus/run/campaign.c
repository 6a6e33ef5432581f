/* campaign.c - tests one after the other, report, exit status. */
#define _GNU_SOURCE
#include "campaign.h"

#include "asm/asm.h"
#include "export.h"
#include "machine/disturbance.h"
#include "perpetual.h"
#include "progress.h"
#include "report.h"
#include "reproduce.h"
#include "search.h"

#include <cordon/wait.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#define ON_X86 true
#else
#define ON_X86 false
#endif

/* One after the other; what is learnt of one test helps with the next. */
struct running {
    const struct campaign *campaign;
    struct report *report; /* of each test of the suite */
    struct trial *trial;   /* likewise */
    struct search *search;
    struct score *score;
    uint64_t nanoseconds; /* for one test, in one round */
    uint64_t seed;        /* of a soak's rounds */
};

bool campaign_compile(const struct campaign *campaign, const struct litmus_test *test,
                      enum litmus_mode mode, struct litmus_code *code, char *problem, size_t size)
{
    return litmus_compile(&campaign->options->compiler, test, mode, code, problem, size);
}

static bool interrupted(void)
{
    return cli_interrupted != 0 || trial_lost() != 0 ||
           ferror(stdout); /* nobody would read of the rest */
}

/* What the host has taken of the time of these CPUs until now, in ms. */
static double stolen(const struct run_options *options)
{
    struct machine_account account;
    const bool told = machine_account("", options->cpus.cpu, options->cpus.count, &account);
    return told ? machine_ticks_ms(account.stolen) : 0;
}

/* One round of one test: the search's share of the time, and the rest with what it found. */
static void run_round(struct running *r, size_t i, bool first)
{
    struct trial *trial = &r->trial[i];
    struct report *report = &r->report[i];
    struct litmus_error error;
    uint64_t spent = 0;
    const double before = stolen(r->campaign->options);
    if (first) {
        report->knobs = search_knobs(r->search, trial, r->campaign->suite->test[i], r->score,
                                     r->nanoseconds / 3);
        spent = (uint64_t)(trial->sum.seconds * 1e9);
    } else {
        report->knobs = search_again(r->search, trial, &r->seed);
    }
    if ((trial->sum.seconds > 0 && interrupted()) || spent >= r->nanoseconds ||
        trial_slice(trial, &report->knobs, r->nanoseconds - spent, NULL)) {
        report->state = DONE; /* with what slices were whole */
    } else if (trial_lost() != 0) {
        report->state = trial->sum.seconds > 0           ? DONE
                        : trial_lost() == (int)CLI_USAGE ? REFUSED
                                                         : FAILED;
    } else if (cli_interrupted != 0) {
        report->state = NOT_RUN; /* the interrupt took the compiler with it */
    } else if (asm_explain(report->test, trial->problem, &error)) {
        const char *from = r->campaign->suite->from[i];
        report->state = REFUSED;
        litmus_report(stderr, strcmp(from, "-") == 0 ? "standard input" : from, &error);
    } else {
        report->state = FAILED;
        cli_error("%s: %s", report->test->name, trial->problem);
    }
    trial->sum.disturbance.steal_ms += stolen(r->campaign->options) - before;
}

/* A mutant runs with the knobs of the test it is made from, until its outcome shows. */
struct mutating {
    const struct campaign *campaign;
    struct knobs knobs;
    uint64_t slice, until; /* ns for each; when there is no time for more */
};

static bool run_mutant(void *context, const struct litmus_test *mutant, bool *seen)
{
    struct mutating *m = context;
    struct trial trial;
    if (interrupted() || cordon_now() >= m->until) {
        return false;
    }
    if (!search_fits(mutant, m->knobs.engine)) {
        m->knobs.engine = LITMUS_ARRAY;
    }
    trial_begin(&trial, m->campaign, mutant);
    *seen = trial_until_seen(&trial, &m->knobs, m->slice) >= 0;
    const bool ran = trial_load(&trial, m->knobs.engine) && !interrupted();
    trial_end(&trial);
    return ran;
}

/* Mutants are compiled, which takes a while: where there is no time, those count that are tests of the run. */
#define LEAST_TIME 200000000u

static void run_mutants(struct running *r, size_t i, bool wanted)
{
    const struct run_options *options = r->campaign->options;
    struct mutating m = {.campaign = r->campaign,
                         .knobs = r->report[i].knobs,
                         .slice = r->nanoseconds / 20,
                         .until = cordon_now() + 2 * r->nanoseconds};
    const bool run = wanted && options->preset->mutants && r->nanoseconds >= LEAST_TIME;
    r->report[i].mutants =
        score_mutants(r->score, r->campaign->suite->test[i], run ? run_mutant : NULL, &m);
}

/* What all rounds of a test have shown. */
static void judge_test(struct running *r, size_t i)
{
    struct trial *trial = &r->trial[i];
    struct report *report = &r->report[i];
    report->mode = trial->mode;
    report->instances = trial->instances;
    report_take(report, &trial->sum, ON_X86);
    if (verdict_is_violation(report->verdict) && report->reproducer.command == NULL) {
        cli_progress("%s: looking for the least that shows it", report->test->name);
        reproduce(trial, r->campaign->suite->from[i], &report->reproducer);
    }
}

static void finish_test(struct running *r, size_t i)
{
    struct report *report = &r->report[i];
    if (report->state == DONE) {
        judge_test(r, i);
        score_note(r->score, report->test, report->tally.weak != 0);
        if (report->verdict == VERDICT_FORBIDDEN_NOT_SEEN) {
            run_mutants(r, i, !r->campaign->options->preset->soak);
        }
        cli_progress_clear();
        if (!r->campaign->options->quiet) {
            report_print_result(report);
        }
    } else {
        outcome_free(&r->trial[i].sum.outcomes);
    }
    trial_end(&r->trial[i]);
}

/* Can the test be run at all? If not, that is said. */
static bool begin_test(struct running *r, size_t i)
{
    const struct run_options *options = r->campaign->options;
    struct report *report = &r->report[i];
    const struct litmus_test *test = report->test;
    const enum litmus_mode engine = options->knobs.engine;
    char problem[512];
    if (!asm_runs_on(test, r->campaign->machine->architecture)) {
        report->state = ELSEWHERE;
        if (!options->quiet) {
            printf("%s  skipped: for %s (%s test), and this machine is %s; to run it there: "
                   "cordon-litmus build\n\n",
                   test->name, asm_machine(test->dialect), asm_dialect_name(test->dialect),
                   r->campaign->machine->architecture);
        }
        return false;
    }
    if (!engine_has_room(test->thread_count, options->cpus.count)) {
        report->state = SKIPPED;
        if (!options->quiet) {
            printf("%s  skipped: %u threads, %zu CPU%s allowed\n\n", test->name, test->thread_count,
                   options->cpus.count, options->cpus.count == 1 ? "" : "s");
        }
        return false;
    }
    if (litmus_counts_frames(engine) && !litmus_perpetual(test, engine, problem, sizeof problem)) {
        report->state = UNFIT;
        if (!options->quiet) {
            printf("%s  skipped: not for the engine %s: %s\n\n", test->name, options_engine(engine),
                   problem);
        }
        return false;
    }
    trial_begin(&r->trial[i], r->campaign, test);
    r->trial[i].allowed = report->by_log ? report->allowed : NULL;
    return true;
}

/* The same for a client, for which there is no search. */
static void run_client(const struct run_options *options, struct report *report,
                       uint64_t nanoseconds)
{
    const struct engine_options engine = trial_options(options, &options->knobs, nanoseconds);
    struct client *client = report->client;
    struct litmus_code code;
    struct client_result result;
    char problem[512];
    const enum code_status status =
        client_compile(&options->compiler, client, &code, problem, sizeof problem);
    if (status != CODE_LOADED) {
        report->state = cli_interrupted != 0 ? NOT_RUN : status == CODE_BROKEN ? REFUSED : FAILED;
        if (report->state != NOT_RUN) {
            cli_error("%s: %s", client->path, problem);
        }
        return;
    }
    const double before = stolen(options);
    if (client_run(client, &code, &engine, &result, problem, sizeof problem)) {
        result.engine.disturbance.steal_ms = stolen(options) - before;
        report->state = result.signal != 0 || result.left ? CRASHED
                        : result.interrupted              ? INTERRUPTED
                        : result.engine.stuck             ? STUCK
                                                          : DONE;
        report_take(report, &result.engine, ON_X86);
        report_complain(report, &result);
        cli_progress_clear();
        if (!options->quiet) {
            report_print_client(report, options->cpus.count);
        }
    } else {
        report->state = FAILED;
        cli_error("%s: %s", client->path, problem);
    }
    litmus_unload(&code);
}

static bool write_file(const char *path, const struct export *export,
                       bool (*write)(FILE *stream, const struct export *export))
{
    FILE *stream = path == NULL ? NULL : strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    if (path == NULL) {
        return true;
    }
    bool written = stream != NULL && write(stream, export);
    if (stream != NULL && stream != stdout) {
        written = fclose(stream) == 0 && written;
    }
    if (!written) {
        cli_error("cannot write %s: %s", path, strerror(errno));
    }
    return written;
}

/* How many of the tests from this one on will take any time. */
static size_t count_left(const struct running *r, size_t i)
{
    const struct campaign *campaign = r->campaign;
    size_t left = 0;
    for (; i < campaign->suite->count; ++i) {
        const struct litmus_test *test = campaign->suite->test[i];
        left += campaign->suite->client[i] != NULL ||
                (asm_runs_on(test, campaign->machine->architecture) &&
                 engine_has_room(test->thread_count, campaign->options->cpus.count));
    }
    return left;
}

/* Every test once, or again. */
static void run_all(struct running *r, uint64_t round, uint64_t until)
{
    const struct campaign *campaign = r->campaign;
    const struct suite *suite = campaign->suite;
    const bool soak = campaign->options->preset->soak;
    for (size_t i = 0; i < suite->count && !interrupted(); ++i) {
        struct report *report = &r->report[i];
        if (soak && (round != 0 || i != 0) && cordon_now() >= until) {
            return;
        }
        progress_test(i + 1, suite->test[i]->name, count_left(r, i),
                      report_count(r->report, i).violations);
        if (report->client != NULL) {
            if (round == 0) {
                run_client(campaign->options, report, r->nanoseconds);
            }
        } else if (round == 0 ? begin_test(r, i) : report->state == DONE) {
            run_round(r, i, round == 0);
            if (!soak) {
                finish_test(r, i);
            }
        }
    }
}

/* How far a soak is; and what was violated, as soon as it is known. */
static void tell_round(struct running *r, uint64_t round, uint64_t began)
{
    const struct run_options *options = r->campaign->options;
    char gone[32], whole[32];
    size_t violations = 0;
    for (size_t i = 0; i < r->campaign->suite->count; ++i) {
        struct report *report = &r->report[i];
        const bool judged = report->client == NULL && report->state == DONE;
        if (judged &&
            verdict_is_violation(report_judge(report, &r->trial[i].sum.outcomes, ON_X86))) {
            if (report->reproducer.command == NULL) {
                reproduce(&r->trial[i], r->campaign->suite->from[i], &report->reproducer);
                cli_progress_clear();
                if (options->text) {
                    printf("VIOLATION of %s\n", report->test->name);
                    report_print_reproducer(report);
                }
            }
            ++violations;
        }
        violations += report->client != NULL && report_is_violation(report);
    }
    cli_progress_clear();
    if (options->text) {
        printf("Soak: round %" PRIu64 ", %s of %s, %zu violation%s\n", round + 1,
               cli_time((double)(cordon_now() - began) / 1e9, gone, sizeof gone),
               cli_time((double)options->nanoseconds / 1e9, whole, sizeof whole), violations,
               violations == 1 ? "" : "s");
        fflush(stdout);
    }
}

/* Until the time is up, in rounds that are short, so that each test gets its share of whatever the machine does
 * meanwhile.
 */
#define SOAK_ROUNDS 4 /* at least, if the time is short */
#define SOAK_SLICE  500000000u
#define SOAK_LEAST  20000000u
#define SOAK_TELLS  60000000000u /* at most once in a minute, and of the first round */

/* Between the first round and the second: each test has a result, and at the end there is no time left. */
static void soak_mutants(struct running *r, uint64_t until)
{
    for (size_t i = 0; i < r->campaign->suite->count && !interrupted(); ++i) {
        const struct report *report = &r->report[i];
        if (report->client == NULL && report->state == DONE && cordon_now() < until &&
            report_judge(report, &r->trial[i].sum.outcomes, ON_X86) == VERDICT_FORBIDDEN_NOT_SEEN) {
            run_mutants(r, i, true);
        }
    }
}

static void soak(struct running *r)
{
    const struct suite *suite = r->campaign->suite;
    const uint64_t began = cordon_now(), all = r->campaign->options->nanoseconds;
    const uint64_t share = all / SOAK_ROUNDS / (suite->count != 0 ? suite->count : 1);
    uint64_t told = 0;
    r->nanoseconds = share > SOAK_SLICE ? SOAK_SLICE : share < SOAK_LEAST ? SOAK_LEAST : share;
    for (uint64_t round = 0; round == 0 || (cordon_now() - began < all && !interrupted());
         ++round) {
        run_all(r, round, began + all);
        if (round == 0) {
            soak_mutants(r, began + all);
        }
        if (round == 0 || cordon_now() - told >= SOAK_TELLS) {
            told = cordon_now();
            tell_round(r, round, began);
        }
    }
    for (size_t i = 0; i < suite->count; ++i) {
        if (suite->client[i] == NULL && r->trial[i].test != NULL) {
            finish_test(r, i);
        }
    }
}

/* At the end more is known than when the test was done: which tests of the run are its mutants. */
static struct score_count count_mutants(struct running *r)
{
    const struct suite *suite = r->campaign->suite;
    for (size_t i = 0; i < suite->count; ++i) {
        struct report *report = &r->report[i];
        if (report->state == DONE && report->verdict == VERDICT_FORBIDDEN_NOT_SEEN &&
            report->client == NULL) {
            report->mutants = score_mutants(r->score, suite->test[i], NULL, NULL);
        }
    }
    return score_total(r->score);
}

static bool begin(struct running *r, const struct campaign *campaign)
{
    const struct suite *suite = campaign->suite;
    *r = (struct running){.campaign = campaign,
                          .report = calloc(suite->count + 1, sizeof *r->report),
                          .trial = calloc(suite->count + 1, sizeof *r->trial),
                          .search = search_new(suite->count),
                          .score = score_new(ON_X86),
                          .nanoseconds = campaign->options->nanoseconds,
                          .seed = campaign->options->knobs.seed};
    for (size_t i = 0; r->report != NULL && i < suite->count; ++i) {
        r->report[i].test = suite->test[i];
        r->report[i].client = suite->client[i];
        r->report[i].by_log = campaign->expect != NULL && suite->client[i] == NULL;
        r->report[i].allowed = campaign->expect != NULL ? expect_of(campaign->expect, i) : NULL;
        r->report[i].mode =
            suite->client[i] != NULL ? LITMUS_ARRAY : campaign->options->knobs.engine;
    }
    return r->report != NULL && r->trial != NULL && r->search != NULL && r->score != NULL;
}

static void end(struct running *r)
{
    for (size_t i = 0; i < r->campaign->suite->count; ++i) {
        report_free(&r->report[i]);
    }
    free(r->report);
    free(r->trial);
    search_free(r->search);
    score_free(r->score);
}

/* Why mutants were not run, if their reader can do something about it. */
static const char *mutants_hint(const struct running *r)
{
    if (interrupted()) {
        return "";
    }
    if (compiler_replaced_by() != NULL) {
        return "; only those that were built into this file can be";
    }
    if (!r->campaign->options->preset->mutants) {
        return "; --preset default runs them";
    }
    return r->nanoseconds < LEAST_TIME ? "; --time 200ms or more runs them" : "";
}

/* Print and write down; false if a file could not be. */
static bool tell(const struct running *r, struct score_count mutants)
{
    const struct campaign *campaign = r->campaign;
    const struct run_options *options = campaign->options;
    const struct export export = {.report = r->report,
                                  .count = campaign->suite->count,
                                  .machine = campaign->machine,
                                  .compiler = &options->compiler,
                                  .compiler_version = campaign->version,
                                  .engine = options_engine(options->knobs.engine),
                                  .preset = options->preset->name,
                                  .seed = options->knobs.seed,
                                  .mutants = mutants,
                                  .cpu = options->cpus.cpu,
                                  .cpu_count = options->cpus.count,
                                  .size = engine_size(&options->knobs),
                                  .seconds = (double)options->nanoseconds / 1e9};
    if (options->text) {
        report_print_summary(r->report, campaign->suite->count, options->cpus.count, mutants,
                             mutants_hint(r));
    }
    const bool written = write_file(options->json, &export, export_json);
    const bool junit = write_file(options->junit, &export, export_junit);
    return write_file(options->html, &export, campaign->page) && junit && written;
}

int campaign_run(const struct campaign *campaign)
{
    const struct suite *suite = campaign->suite;
    const struct run_options *options = campaign->options;
    const struct machine *machine = campaign->machine;
    struct running running;
    if (!begin(&running, campaign)) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    progress_begin(suite->count, options->nanoseconds, options->preset->soak);
    if (options->preset->soak) {
        soak(&running);
    } else {
        run_all(&running, 0, 0);
    }
    cli_progress_clear();
    const bool written = tell(&running, count_mutants(&running));
    const struct report_totals totals = report_count(running.report, suite->count);
    end(&running);
    if (totals.violations != 0 && !machine->emulated) {
        return CLI_FAILED;
    }
    if (cli_interrupted != 0) {
        return 128 + (int)cli_interrupted;
    }
    if (!written) {
        return CLI_UNFIT;
    }
    if (trial_lost() != 0) {
        return trial_lost();
    }
    if (suite->refused + totals.refused != 0) {
        return CLI_USAGE;
    }
    if (totals.done + totals.failed + totals.not_run == 0 && totals.elsewhere != 0) {
        cli_error("no test could run: this machine is %s, and they are not for it",
                  machine->architecture);
        return CLI_UNFIT;
    }
    if (totals.done + totals.failed + totals.not_run == 0 && totals.unfit != 0) {
        cli_error("no test could run: none of them is for the engine %s",
                  options_engine(options->knobs.engine));
        return CLI_UNFIT;
    }
    if (totals.done + totals.failed + totals.not_run == 0) {
        cli_error("no test could run: each needs more CPUs than the %zu that this process may use",
                  options->cpus.count);
        return CLI_UNFIT;
    }
    if (machine->emulated) {
        cli_error("this processor is emulated: a check of the harness only, no answer%s",
                  totals.violations != 0 ? "; what it violates is the emulator's, if neither the "
                                           "compiler nor the file is at fault"
                                         : "");
        return CLI_UNFIT;
    }
    return totals.failed != 0 ? CLI_UNFIT : CLI_OK;
}
