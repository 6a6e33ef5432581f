/* command.c - cordon-litmus run: what the options ask for is there, and the campaign. */
#define _GNU_SOURCE
#include "command.h"

#include "campaign.h"
#include "machine/spoilers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of each core the first so many hardware threads among these CPUs, in their order. */
static void thin_out(struct run_options *options, const struct machine *machine)
{
    size_t kept = 0;
    for (size_t i = 0; i < options->cpus.count; ++i) {
        const unsigned core = machine_find(machine, options->cpus.cpu[i])->core;
        unsigned before = 0;
        for (size_t k = 0; k < kept; ++k) {
            before += core != MACHINE_UNKNOWN &&
                      machine_find(machine, options->cpus.cpu[k])->core == core;
        }
        if (before < options->threads_per_core) {
            options->cpus.cpu[kept++] = options->cpus.cpu[i];
        }
    }
    options->cpus.count = kept;
}

/* The CPUs to use: those asked for, if they are allowed; else all that are. */
static void choose_cpus(struct run_options *options, const struct machine *machine)
{
    for (size_t i = 0; i < options->cpus.count; ++i) {
        if (machine_find(machine, options->cpus.cpu[i]) == NULL) {
            cli_die(CLI_USAGE, "--cpus: CPU %u does not exist, or is not allowed to this process",
                    options->cpus.cpu[i]);
        }
    }
    if (options->cpus.count == 0) {
        options->cpus.cpu = calloc(machine->cpu_count, sizeof *options->cpus.cpu);
        if (options->cpus.cpu == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        for (unsigned i = 0; i < machine->cpu_count; ++i) {
            options->cpus.cpu[options->cpus.count++] = machine->cpu[i].os;
        }
    }
    if (options->threads_per_core != 0) {
        thin_out(options, machine);
    }
}

static void warn_of_limits(const struct machine *machine)
{
    const struct cli_style style = cli_style(stdout);
    struct machine_spoiler limit[MACHINE_MOST_SPOILERS];
    const unsigned count = machine_limits(machine, limit);
    for (unsigned i = 0; i < count; ++i) {
        printf("%swarning%s    %s:\n           %s\n", style.yellow, style.reset, limit[i].what,
               limit[i].remedy);
    }
}

static void choose_compiler(struct run_options *options)
{
    char problem[512];
    const int status = compiler_choose(&options->compiler, problem, sizeof problem);
    if (status != CLI_OK) {
        cli_die((enum cli_status)status, "%s", problem);
    }
}

static void open_keep(const char *directory)
{
    if (!cli_make_directory(directory)) {
        cli_die(CLI_USAGE, "--keep: cannot write into '%s': %s", directory, strerror(errno));
    }
}

/* Each test's source goes into DIR/NAME.c, so two of one name would leave one. */
static void refuse_twins(const struct suite *suite)
{
    for (size_t i = 0; i < suite->count; ++i) {
        for (size_t k = 0; k < i; ++k) {
            if (strcmp(suite->test[i]->name, suite->test[k]->name) == 0) {
                cli_die(CLI_USAGE,
                        "--keep: two tests are called '%s', and one file cannot hold both",
                        suite->test[i]->name);
            }
        }
    }
}

/* Before anything is run: can the file be written? */
static void probe_file(const char *option, const char *path)
{
    if (path != NULL && strcmp(path, "-") != 0) {
        FILE *stream = fopen(path, "ae");
        if (stream == NULL) {
            cli_die(CLI_USAGE, "%s: cannot write '%s': %s", option, path, strerror(errno));
        }
        fclose(stream);
    }
}

/* One of the two would be lost; both are there, for they have been probed. */
static void refuse_one_file(const char *options, const char *a, const char *b)
{
    struct stat one, other;
    if (a != NULL && b != NULL && stat(a, &one) == 0 && stat(b, &other) == 0 &&
        S_ISREG(one.st_mode) && one.st_dev == other.st_dev && one.st_ino == other.st_ino) {
        cli_die(CLI_USAGE, "%s: both to '%s'", options, a);
    }
}

/* What follows -- and reaches nobody was meant for somebody. */
static void refuse_idle_words(const struct suite *suite, const struct run_options *options)
{
    bool any = options->compiler.more == NULL || suite->refused != 0;
    for (size_t i = 0; i < suite->count; ++i) {
        any = any || suite->client[i] != NULL;
    }
    if (!any) {
        cli_die(CLI_USAGE, "what follows -- is for clients (FILE.c), and there is none before it");
    }
}

int run_command(int argc, char **argv)
{
    struct run_options options;
    struct machine machine;
    struct suite suite;
    struct expect expect = {NULL, NULL, 0};
    char version[200], problem[512];
    int status;
    int end = 1; /* of what is ours: what follows "--" is the compiler's, for clients */
    while (end < argc && strcmp(argv[end], "--") != 0) {
        ++end;
    }
    options_read(end, argv, &options);
    if (end < argc) {
        options.compiler.more = argv + end + 1;
        options.compiler.more_count = (size_t)(argc - end - 1);
    }
    suite_read(&suite, argv + optind, end - optind);
    refuse_idle_words(&suite, &options);
    if (options.list) {
        suite_list(&suite);
        status = suite.refused != 0 ? CLI_USAGE : CLI_OK;
    } else if (suite.count == 0) {
        if (suite.refused == 0) {
            cli_error("this build has no catalogue: name a .litmus file");
        }
        status = CLI_USAGE;
    } else {
        if (machine_read(&machine) != 0) {
            cli_die(CLI_UNFIT, "cannot learn about this machine: %s", strerror(errno));
        }
        if (options.expect != NULL) {
            expect_read(&expect, options.expect, &suite);
        }
        if (options.html != NULL && command_page == NULL) {
            cli_die(CLI_USAGE, "--html: there are no pages here; write --json FILE, and elsewhere: "
                               "cordon-litmus report FILE --html PAGE");
        }
        choose_cpus(&options, &machine);
        choose_compiler(&options);
        if (options.compiler.keep != NULL) {
            refuse_twins(&suite);
            open_keep(options.compiler.keep);
        }
        probe_file("--json", options.json);
        probe_file("--junit", options.junit);
        probe_file("--html", options.html);
        refuse_one_file("--json and --html", options.json, options.html);
        refuse_one_file("--json and --junit", options.json, options.junit);
        refuse_one_file("--html and --junit", options.html, options.junit);
        cli_catch_interrupts();
        if (!compiler_probe(&options.compiler, version, sizeof version, problem, sizeof problem)) {
            cli_die(CLI_UNFIT, "%s", problem);
        }
        if (!options.quiet) {
            machine_print(stdout, &machine);
            warn_of_limits(&machine);
            compiler_print(stdout, &options.compiler, version);
            putchar('\n');
            fflush(stdout);
        }
        const struct campaign campaign = {.suite = &suite,
                                          .options = &options,
                                          .machine = &machine,
                                          .version = version,
                                          .expect = options.expect != NULL ? &expect : NULL,
                                          .load = campaign_compile,
                                          .page = command_page};
        status = campaign_run(&campaign);
        expect_free(&expect);
        machine_free(&machine);
    }
    suite_free(&suite);
    free(options.cpus.cpu);
    return cli_finish(status);
}
