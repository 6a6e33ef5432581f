/* main.c - bench_litmus: what cordon-litmus's engines show in a second, beside the classic array method.
 *
 * The methods take turns on one machine in one run; the classic one first looks for the setting that is best for
 * it, of each test anew. That it sees what it must not see, or an engine does, ends the program with status 1.
 */
#include "contest.h"

#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: litmus_contest [OPTION]... CATALOGUE\n\n"
    "How many weak outcomes cordon-litmus's engines show in a second, beside a plain\n"
    "reimplementation of the classic array method. CATALOGUE is the directory of the tests.\n\n"
    "  -n, --repetitions N  turns of each method, 1 to 99 (default 9)\n"
    "  -t, --time TIME      how long a turn takes (default 100ms)\n"
    "      --test NAME      only this one: SB+rlx\n"
    "      --cc COMMAND     compiler of the tests (default: $CC, cc, gcc, clang)\n"
    "  -j, --json FILE      write everything as JSON (- is standard output, without the table)\n"
    "  -h, --help           print this\n\n"
    "Exit status: 0 done; 1 an outcome was seen that this machine must not show; 2 wrong\n"
    "usage; 3 no answer: no compiler, or one CPU only.\n";

struct choices {
    const char *json, *test;
};

static void read_options(int argc, char **argv, struct contest *contest, struct choices *choices)
{
    enum { CC = 256, TEST };
    static const struct option options[] = {{"repetitions", required_argument, NULL, 'n'},
                                            {"time", required_argument, NULL, 't'},
                                            {"json", required_argument, NULL, 'j'},
                                            {"cc", required_argument, NULL, CC},
                                            {"test", required_argument, NULL, TEST},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    for (int option; (option = cli_option(argc, argv, "n:t:j:h", options)) != -1;) {
        switch (option) {
        case 'n':
            contest->repetitions =
                (unsigned)cli_count("--repetitions", optarg, 1, MOST_REPETITIONS);
            break;
        case 't':
            contest->slice = cli_duration("--time", optarg);
            break;
        case 'j':
            choices->json = optarg;
            break;
        case CC:
            contest->compiler.command = optarg;
            break;
        case TEST:
            choices->test = optarg;
            break;
        default:
            fputs(help, stdout);
            exit(cli_finish(CLI_OK));
        }
    }
    if (argc - optind != 1) {
        cli_die(CLI_USAGE, "expected the catalogue's directory, and nothing else (see --help)");
    }
    contest->catalogue = argv[optind];
}

static void read_machine(struct contest *contest)
{
    if (machine_read(&contest->machine) != 0) {
        cli_die(CLI_UNFIT, "cannot read what machine this is");
    }
    if (contest->machine.cpu_count < 2) {
        cli_die(CLI_UNFIT, "one CPU only: nothing happens at the same time");
    }
    while (contest->cpus < contest->machine.cpu_count && contest->cpus < CLASSIC_MOST_THREADS) {
        contest->cpu[contest->cpus] = contest->machine.cpu[contest->cpus].os;
        ++contest->cpus;
    }
}

static int measure(struct contest *contest, const char *only)
{
    char problem[512];
    int status = CLI_OK;
    for (unsigned i = 0; i < CLASSIC_SHAPES && cli_interrupted == 0; ++i) {
        const struct classic_shape *shape = &classic_shape[i];
        if (only != NULL && strcmp(only, shape->name) != 0) {
            continue;
        }
        cli_progress("%s: %u of %u", shape->name, i + 1, (unsigned)CLASSIC_SHAPES);
        if (!contest_measure(contest, shape, problem, sizeof problem)) {
            cli_die(CLI_UNFIT, "%s", problem);
        }
        if (contest->row[contest->rows - 1].forbidden_seen) {
            status = CLI_FAILED;
        }
    }
    cli_progress_clear();
    if (contest->rows == 0 && cli_interrupted == 0) {
        cli_die(CLI_USAGE, "--test: '%s' is none of the tests here", only);
    }
    return status;
}

int main(int argc, char **argv)
{
    static struct contest contest = {.slice = 100000000, .repetitions = 9};
    struct choices choices = {NULL, NULL};
    char problem[512];
    cli_start("litmus_contest");
    read_options(argc, argv, &contest, &choices);
    read_machine(&contest);
    int status = compiler_choose(&contest.compiler, problem, sizeof problem);
    if (status != CLI_OK) {
        cli_die((enum cli_status)status, "%s", problem);
    }
    cli_catch_interrupts();
    status = measure(&contest, choices.test);
    if (choices.json == NULL || strcmp(choices.json, "-") != 0) {
        contest_print(stdout, &contest);
    }
    if (choices.json != NULL && !contest_write(choices.json, &contest)) {
        status = CLI_UNFIT;
    }
    machine_free(&contest.machine);
    return cli_finish(status);
}
