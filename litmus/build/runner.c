/* runner.c - the main program of an executable that `cordon-litmus build` made. */
#define _GNU_SOURCE
#include "catalogue.h"
#include "cli/cli.h"
#include "run/command.h"

#include <cordon/version.h>

#include <stdlib.h>
#include <string.h>

static void print_help(const char *name)
{
    printf(
        "Usage: %s [OPTION]... [TEST]...\n"
        "\n"
        "Run the litmus tests that this file holds (%zu) on this machine's cores, count what comes "
        "out,\n"
        "and judge it. It was made by `cordon-litmus build`, and needs nothing beside it. A TEST "
        "is "
        "the\n"
        "name of one (SB+rlx), or of a family (SB); without one all of them run.\n"
        "\n"
        "The options are those of `cordon-litmus run`, without those of its compiler:\n"
        "\n"
        "  -t, --time TIME    how long each test runs: 1 (seconds; the default), 0.2, 500ms, 2m\n"
        "  -n, --size N       instances in a batch\n"
        "  -e, --engine NAME  array (the default), perpetual, perpetual-all\n"
        "  -c, --cpus LIST    use these CPUs, thread 0 on the first: 0,2-5 (default: all allowed)\n"
        "  -j, --json FILE    write everything that was measured to FILE as JSON (- is standard "
        "output)\n"
        "      --junit FILE   write the verdicts to FILE as JUnit's XML\n"
        "  -l, --list         list the tests instead of running them\n"
        "  -q, --quiet, --summary\n"
        "                     print only the table at the end\n"
        "  -h, --help         print this\n"
        "  -V, --version      print the version\n"
        "\n"
        "Exit status: 0 nothing forbidden was seen; 1 a forbidden outcome was seen; 2 wrong usage; "
        "3 no\n"
        "answer: too few CPUs for every test, an emulated processor. SIGINT, SIGTERM, SIGHUP and "
        "SIGQUIT\n"
        "end the present batch, print what was measured, and exit with 130, 143, 129 and 131.\n",
        name, catalogue_count);
}

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/'), *name = slash != NULL ? slash + 1 : argv[0];
    cli_start(name);
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; ++i) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(name);
            return cli_finish(CLI_OK);
        }
        if (strcmp(argv[i], "--version") == 0 || strcmp(argv[i], "-V") == 0) {
            printf("%s, of cordon-litmus %d.%d.%d\n", name, CORDON_VERSION_MAJOR,
                   CORDON_VERSION_MINOR, CORDON_VERSION_PATCH);
            return cli_finish(CLI_OK);
        }
    }
    return run_command(argc, argv);
}
