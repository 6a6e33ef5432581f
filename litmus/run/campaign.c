/* campaign.c - tests one after the other, report, exit status. */
#define _GNU_SOURCE
#include "campaign.h"

#include "export.h"
#include "perpetual.h"
#include "report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#define ON_X86 true
#else
#define ON_X86 false
#endif

#define DEFAULT_SIZE 1024ul
#define DEFAULT_LONG 16384ul /* of perpetual tests */

static struct engine_options engine_options_of(const struct run_options *options)
{
    const size_t size = options->knobs.engine == LITMUS_ARRAY ? DEFAULT_SIZE : DEFAULT_LONG;
    return (struct engine_options){.nanoseconds = options->nanoseconds,
                                   .size = options->knobs.size != 0 ? options->knobs.size : size,
                                   .cpu = options->cpus.cpu,
                                   .cpu_count = options->cpus.count,
                                   .stop = &cli_interrupted};
}

bool campaign_compile(const struct campaign *campaign, const struct litmus_test *test,
                      enum litmus_mode mode, struct litmus_code *code, char *problem, size_t size)
{
    return litmus_compile(&campaign->options->compiler, test, mode, code, problem, size);
}

/* Load, run and judge one test. */
static void run_test(const struct campaign *campaign, struct report *report)
{
    const struct run_options *options = campaign->options;
    const struct litmus_test *test = report->test;
    const struct engine_options engine = engine_options_of(options);
    struct litmus_code code;
    struct engine_result result;
    char problem[512];
    if (test->thread_count > options->cpus.count) {
        report->state = SKIPPED;
        if (!options->quiet) {
            printf("%s  skipped: %u threads, %zu CPU%s allowed\n\n", test->name, test->thread_count,
                   options->cpus.count, options->cpus.count == 1 ? "" : "s");
        }
        return;
    }
    if (options->knobs.engine != LITMUS_ARRAY &&
        !litmus_perpetual(test, options->knobs.engine, problem, sizeof problem)) {
        report->state = UNFIT;
        if (!options->quiet) {
            printf("%s  skipped: not for the engine %s: %s\n\n", test->name,
                   options_engine(options->knobs.engine), problem);
        }
        return;
    }
    report->state = FAILED;
    if (!campaign->load(campaign, test, options->knobs.engine, &code, problem, sizeof problem)) {
        if (cli_interrupted == 0) {
            cli_error("%s: %s", test->name, problem);
        } else {
            report->state = NOT_RUN; /* the interrupt took the compiler with it */
        }
        return;
    }
    if (engine_run(test, &code, &engine, &result, problem, sizeof problem)) {
        report->state = DONE;
        report_take(report, &result, ON_X86);
        cli_progress_clear();
        if (!options->quiet) {
            report_print_result(report);
        }
    } else {
        cli_error("%s: %s", test->name, problem);
    }
    litmus_unload(&code);
}

/* The same for a client. */
static void run_client(const struct run_options *options, struct report *report)
{
    const struct engine_options engine = engine_options_of(options);
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
    if (client_run(client, &code, &engine, &result, problem, sizeof problem)) {
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

int campaign_run(const struct campaign *campaign)
{
    const struct suite *suite = campaign->suite;
    const struct run_options *options = campaign->options;
    const struct machine *machine = campaign->machine;
    struct report *reports = calloc(suite->count, sizeof *reports);
    if (reports == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (size_t i = 0; i < suite->count; ++i) {
        reports[i].test = suite->test[i];
        reports[i].client = suite->client[i];
        reports[i].mode = suite->client[i] != NULL ? LITMUS_ARRAY : options->knobs.engine;
        if (cli_interrupted == 0 && !ferror(stdout)) { /* nobody would read of the rest */
            cli_progress("%zu of %zu: %s", i + 1, suite->count, suite->test[i]->name);
            if (reports[i].client != NULL) {
                run_client(options, &reports[i]);
            } else {
                run_test(campaign, &reports[i]);
            }
        }
    }
    cli_progress_clear();
    const struct report_totals totals = report_count(reports, suite->count);
    if (options->text) {
        report_print_summary(reports, suite->count, options->cpus.count);
    }
    const struct engine_options engine = engine_options_of(options);
    const struct export export = {.report = reports,
                                  .count = suite->count,
                                  .machine = machine,
                                  .compiler = &options->compiler,
                                  .compiler_version = campaign->version,
                                  .engine = options_engine(options->knobs.engine),
                                  .cpu = options->cpus.cpu,
                                  .cpu_count = options->cpus.count,
                                  .size = engine.size,
                                  .seconds = (double)options->nanoseconds / 1e9};
    bool written = write_file(options->json, &export, export_json);
    written = write_file(options->junit, &export, export_junit) && written;
    for (size_t i = 0; i < suite->count; ++i) {
        report_free(&reports[i]);
    }
    free(reports);
    if (totals.violations != 0) {
        return CLI_FAILED;
    }
    if (cli_interrupted != 0) {
        return 128 + (int)cli_interrupted;
    }
    if (!written) {
        return CLI_UNFIT;
    }
    if (suite->refused + totals.refused != 0) {
        return CLI_USAGE;
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
        cli_error("this processor is emulated: a check of the harness only, no answer");
        return CLI_UNFIT;
    }
    return totals.failed != 0 ? CLI_UNFIT : CLI_OK;
}
