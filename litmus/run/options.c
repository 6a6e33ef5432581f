/* options.c - the command line of cordon-litmus run. */
#define _GNU_SOURCE
#include "options.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SIZE 1000000ul

static const char help[] =
    "Usage: cordon-litmus run [OPTION]... [TEST]... [-- WORD...]\n"
    "\n"
    "Run litmus tests on this machine's cores, count what comes out, and judge it. A TEST is a\n"
    ".litmus file in herd's C dialect, a directory of them, the name of a test of the built-in\n"
    "catalogue (SB+rlx) or of a family of it (SB), or - for standard input; or a client, a file "
    "in\n"
    "C that says with <cordon/litmus.h> what threads do with a primitive, and what is expected.\n"
    "Without a TEST the whole catalogue runs. What follows -- is added when clients are compiled:\n"
    "flags, further sources, libraries.\n"
    "\n"
    "  -t, --time TIME    how long each test runs: 1 (seconds; the default), 0.2, 500ms, 2m\n"
    "  -n, --size N       instances in a batch, 1 to 1000000 (default 1024; a client's, at most);\n"
    "                     iterations in one of a perpetual engine (default 16384)\n"
    "  -e, --engine NAME  array (the default): hundreds of instances side by side in each batch;\n"
    "                     perpetual: the threads run on without waiting for each other, and frames "
    "are\n"
    "                     counted, one for each iteration of one thread; perpetual-all: of two "
    "threads\n"
    "                     all frames are counted. Tests that do not fit are skipped.\n"
    "  -c, --cpus LIST    use these CPUs, thread 0 on the first: 0,2-5 (default: all allowed)\n"
    "      --cc COMMAND   compiler of the tests (default: $CC, cc, gcc, clang: the first found)\n"
    "      --cflags WORDS more flags for it, after -std=c11 -O2\n"
    "      --keep DIR     leave the C source of each test, and each compiled client, in DIR\n"
    "  -j, --json FILE    write everything that was measured to FILE as JSON (- is standard "
    "output, "
    "in\n"
    "                     place of the text)\n"
    "      --junit FILE   write the verdicts to FILE as JUnit's XML\n"
    "  -l, --list         list the tests instead of running them\n"
    "  -q, --quiet, --summary\n"
    "                     print only the table at the end\n"
    "  -h, --help         print this\n"
    "\n"
    "Examples:\n"
    "  cordon-litmus run                          everything, a second each\n"
    "  cordon-litmus run SB+rlx                   see two stores overtaken by two loads\n"
    "  cordon-litmus run --summary -t 200ms SB    one family, briefly\n"
    "  cordon-litmus run -t 1m --cpus 0,4 mp.litmus\n"
    "  cordon-litmus run --cc clang --cflags -O3 suite/\n"
    "  cordon-litmus run my_lock_client.c -- -Iinclude src/my_lock.c\n"
    "\n"
    "For each test litmus7's text is printed (Test, Histogram, Witnesses, Observation, Time), "
    "then\n"
    "  Rate NAME 300000000 outcomes/s 60000000 weak/s\n"
    "  Verdict NAME allowed, seen\n"
    "Weak outcomes, marked *>, are those that the condition names (exists, ~exists), or that\n"
    "contradict it (forall). The file says whether they may occur, in lines before its {:\n"
    "C11=allowed|forbidden, TSO=allowed|forbidden (TSO counts on x86 only) and Why=one sentence.\n"
    "A test needs a CPU for each of its threads; with fewer it is skipped. A client's threads "
    "share\n"
    "them. Its weak outcomes are the rounds in which a CORDON_EXPECT failed, and are forbidden.\n"
    "\n"
    "Exit status: 0 nothing forbidden was seen; 1 a forbidden outcome was seen, or a client "
    "crashed\n"
    "or got stuck; 2 wrong usage or an input that is no test (the others run); 3 no answer: no\n"
    "compiler, too few CPUs for every test, an emulated processor. SIGINT, SIGTERM, SIGHUP and\n"
    "SIGQUIT end the present batch, print what was measured, and exit with 130, 143, 129 and "
    "131.\n";

static const char *const engine_names[] = {"array", "perpetual", "perpetual-all"};
enum { ENGINES = sizeof engine_names / sizeof *engine_names };

const char *options_engine(enum litmus_mode mode)
{
    return engine_names[mode];
}

static enum litmus_mode read_engine(const char *name)
{
    for (unsigned i = 0; i < ENGINES; ++i) {
        if (strcmp(name, engine_names[i]) == 0) {
            return (enum litmus_mode)i;
        }
    }
    const char *nearest = cli_nearest(name, engine_names, ENGINES);
    if (nearest != NULL) {
        cli_die(CLI_USAGE, "--engine: no engine '%s'; did you mean %s?", name, nearest);
    }
    cli_die(CLI_USAGE, "--engine: no engine '%s'; there are: array, perpetual, perpetual-all",
            name);
}

void options_read(int argc, char **argv, struct run_options *options)
{
    enum { CC = 256, CFLAGS, KEEP, JUNIT };
    static const struct option known[] = {
        {"time", required_argument, NULL, 't'},    {"size", required_argument, NULL, 'n'},
        {"engine", required_argument, NULL, 'e'},  {"cpus", required_argument, NULL, 'c'},
        {"cc", required_argument, NULL, CC},       {"cflags", required_argument, NULL, CFLAGS},
        {"keep", required_argument, NULL, KEEP},   {"json", required_argument, NULL, 'j'},
        {"junit", required_argument, NULL, JUNIT}, {"list", no_argument, NULL, 'l'},
        {"quiet", no_argument, NULL, 'q'},         {"summary", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};
    memset(options, 0, sizeof *options);
    options->knobs = knobs_default(LITMUS_ARRAY);
    options->nanoseconds = 1000000000;
    options->text = true;
    for (int found; (found = cli_option(argc, argv, "t:n:e:c:j:lqh", known)) != -1;) {
        switch (found) {
        case 't':
            options->nanoseconds = cli_duration("--time", optarg);
            break;
        case 'n':
            options->knobs.size = cli_count("--size", optarg, 1, MOST_SIZE);
            break;
        case 'e':
            options->knobs.engine = read_engine(optarg);
            break;
        case 'c': {
            free(options->cpus.cpu);
            const char *wrong = cli_read_cpus(optarg, &options->cpus);
            if (wrong != NULL) {
                cli_die(CLI_USAGE, "--cpus: '%s': %s", optarg, wrong);
            }
            break;
        }
        case CC:
            options->compiler.command = optarg;
            break;
        case CFLAGS:
            options->compiler.flags = optarg;
            break;
        case KEEP:
            options->compiler.keep = optarg;
            break;
        case 'j':
            options->json = optarg;
            options->text = strcmp(optarg, "-") != 0;
            options->quiet |= !options->text;
            break;
        case JUNIT:
            options->junit = optarg;
            if (strcmp(optarg, "-") == 0) {
                cli_die(CLI_USAGE, "--junit: name a file; standard output is for the text");
            }
            break;
        case 'l':
            options->list = true;
            break;
        case 'q':
            options->quiet = true;
            break;
        default: /* 'h' */
            fputs(help, stdout);
            exit(cli_finish(CLI_OK));
        }
    }
}
