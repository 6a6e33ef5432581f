/* main.c - cordon-litmus: which command. */
#define _GNU_SOURCE
#include "build/build.h"
#include "cli/cli.h"
#include "gen/command.h"
#include "log/log.h"
#include "report/report.h"
#include "run/command.h"
#include "suite.h"

#include <cordon/version.h>

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: cordon-litmus COMMAND [ARGUMENT]...\n"
    "\n"
    "Litmus tests: small multi-threaded programs that ask one question about memory order.\n"
    "\n"
    "  run [OPTION]... [TEST]...   run tests, or clients of a lock, on this machine's cores, and "
    "judge\n"
    "                              what is seen\n"
    "  build [OPTION]... [TEST]... make one file of tests and runner that needs nothing where it "
    "runs,\n"
    "                              for this machine or another\n"
    "  list [TEST]...              list tests, with what the memory models say of them\n"
    "  show NAME...                print tests of the built-in catalogue\n"
    "  gen [OPTION]... EDGE...     make tests from cycles of relaxations, and mutants of tests\n"
    "  compare A B                 what one log shows, or a model allows, and another does not\n"
    "  merge FILE...               add up the results of several runs, of one machine or of many\n"
    "  report FILE.json            make a page with plots of what run --json, or merge, wrote\n"
    "\n"
    "  -h, --help                  print this (run --help says more)\n"
    "  -V, --version               print the version\n"
    "\n"
    "Start with:\n"
    "  cordon-litmus run SB+rlx\n";

static int list_command(int argc, char **argv)
{
    static const struct option known[] = {{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    struct suite suite;
    while (cli_option(argc, argv, "h", known) != -1) {
        puts("Usage: cordon-litmus list [TEST]...\n\nList the tests that `cordon-litmus run` would "
             "run with the same arguments.");
        return cli_finish(CLI_OK);
    }
    suite_read(&suite, argv + optind, argc - optind);
    const int status = suite.refused != 0 ? CLI_USAGE : CLI_OK;
    suite_list(&suite);
    suite_free(&suite);
    return cli_finish(status);
}

static int show_command(int argc, char **argv)
{
    static const struct option known[] = {{"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    while (cli_option(argc, argv, "h", known) != -1) {
        puts("Usage: cordon-litmus show NAME...\n\nPrint tests of the built-in catalogue, or whole "
             "families of them, as litmus files.");
        return cli_finish(CLI_OK);
    }
    if (optind == argc) {
        cli_die(CLI_USAGE, "name a test of the catalogue (see: cordon-litmus list)");
    }
    for (int i = optind; i < argc; ++i) {
        const struct catalogue_entry *entry = suite_entry(argv[i], NULL);
        if (entry == NULL) {
            const char *nearest = suite_nearest(argv[i]);
            cli_die(CLI_USAGE, "no test of the catalogue is called '%s'%s%s%s", argv[i],
                    nearest != NULL ? "; did you mean " : " (see: cordon-litmus list)",
                    nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
        }
        for (; entry != NULL; entry = suite_entry(argv[i], entry)) {
            fwrite(entry->text, 1, entry->length, stdout);
        }
    }
    return cli_finish(CLI_OK);
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"help", no_argument, NULL, 'h'}, {"version", no_argument, NULL, 'V'}, {NULL, 0, NULL, 0}};
    static const struct {
        const char *name, *title;
        int (*run)(int, char **);
    } commands[] = {{"run", "cordon-litmus: run", run_command},
                    {"build", "cordon-litmus: build", build_command},
                    {"list", "cordon-litmus: list", list_command},
                    {"show", "cordon-litmus: show", show_command},
                    {"gen", "cordon-litmus: gen", gen_command},
                    {"compare", "cordon-litmus: compare", compare_command},
                    {"merge", "cordon-litmus: merge", merge_command},
                    {"report", "cordon-litmus: report", report_command}};
    static const char *const names[] = {"run", "build",   "list",  "show",
                                        "gen", "compare", "merge", "report"};
    cli_start("cordon-litmus");
    const int found = cli_option(argc, argv, "+hV", known);
    if (found == 'h') {
        fputs(help, stdout);
        return cli_finish(CLI_OK);
    }
    if (found == 'V') {
        printf("cordon-litmus %d.%d.%d\n", CORDON_VERSION_MAJOR, CORDON_VERSION_MINOR,
               CORDON_VERSION_PATCH);
        return cli_finish(CLI_OK);
    }
    if (optind == argc) {
        cli_die(
            CLI_USAGE,
            "which command? run, build, list, show, gen, compare, merge or report (try --help)");
    }
    for (size_t i = 0; i < sizeof commands / sizeof *commands; ++i) {
        if (strcmp(argv[optind], commands[i].name) == 0) {
            argc -= optind;
            argv += optind;
            optind = 0; /* glibc: begin anew */
            cli_start(commands[i].title);
            return commands[i].run(argc, argv);
        }
    }
    const char *nearest = cli_nearest(argv[optind], names, sizeof names / sizeof *names);
    cli_die(CLI_USAGE, "unknown command '%s'%s%s%s", argv[optind],
            nearest != NULL ? "; did you mean " : "; try --help", nearest != NULL ? nearest : "",
            nearest != NULL ? "?" : "");
}
