/* options.c - the command line of cordon-litmus run. */
#define _GNU_SOURCE
#include "options.h"

#include "catalogue.h"

#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SIZE 1000000ul

/* The help, in parts: of a runner that was built with its suite not all are true, and C's compilers need not take
 * longer strings.
 */
static const char help_tests[] =
    "Usage: cordon-litmus run [OPTION]... [TEST]... [-- WORD...]\n"
    "\n"
    "Run litmus tests on this machine's cores, count what comes out, and judge it. A TEST is a\n"
    ".litmus file in herd's C dialect or its assembly (X86_64, X86, AArch64, RISCV), a directory "
    "of\n"
    "them, the name of a test of the built-in catalogue (SB+rlx) or of a family of it (SB), or - "
    "for\n"
    "standard input; or a client, a file in C that says with <cordon/litmus.h> what threads do "
    "with a\n"
    "primitive, and what is expected. Without a TEST the whole catalogue runs. What follows -- is "
    "added\n"
    "when clients are compiled: flags, further sources, libraries.\n";
static const char help_options[] =
    "\n"
    "      --preset NAME  quick: 0.1 s for each test, with the knobs as they are; default: 1 s, of "
    "which\n"
    "                     a third goes into a search for knobs that show more; thorough: 5 s, a "
    "longer\n"
    "                     search, perpetual engine included; soak: all tests over and over, for an "
    "hour\n"
    "  -t, --time TIME    how long each test runs (of a soak: all of them): 1 (seconds), 0.2, "
    "500ms, 2m\n"
    "  -n, --size N       instances in a batch, 1 to 1000000 (default: array 1024, threads 64; of "
    "a\n"
    "                     client at most); iterations in one of perpetual (default 65536), -all "
    "(16384)\n"
    "  -e, --engine NAME  array (the default): hundreds of instances side by side in each batch;\n"
    "                     threads: short batches, nearly everything about each drawn by lot;\n"
    "                     perpetual: the threads run on without waiting for each other, and frames "
    "are\n"
    "                     counted, one for each iteration of one thread; perpetual-all: of two "
    "threads\n"
    "                     all frames are counted. Tests that do not fit are skipped.\n"
    "      --knobs TEXT   run with these, without a search: engine=array,size=256,sync=none; what "
    "is\n"
    "                     not named is as the engine has it; docs/litmus.md tells them all\n"
    "      --seed N       of all that is random (default 1): the same one, the same candidates\n"
    "  -c, --cpus LIST    use these CPUs, thread 0 on the first: 0,2-5 (default: all allowed)\n"
    "      --threads-per-core N\n"
    "                     of each core use at most N hardware threads (default: all)\n";
static const char help_compiler[] =
    "      --cc COMMAND   compiler of the tests (default: $CC, cc, gcc, clang: the first found)\n"
    "      --cflags WORDS more flags for it, after -std=c11 -O2\n"
    "      --expect FILE  judge by this log of herd7: states that it lists may be seen, others "
    "not\n"
    "      --keep DIR     leave the C source of each test, and each compiled client, in DIR\n";
static const char help_results[] =
    "  -j, --json FILE    write everything that was measured to FILE as JSON (- is standard "
    "output, "
    "in\n"
    "                     place of the text)\n"
    "      --junit FILE   write the verdicts to FILE as JUnit's XML\n";
static const char help_page[] =
    "      --html FILE    write one page of HTML, with plots, to FILE (- is standard output, in "
    "place of\n"
    "                     the text); it needs nothing beside it\n";
static const char help_rest[] = "  -l, --list         list the tests instead of running them\n"
                                "  -q, --quiet, --summary\n"
                                "                     print only the table at the end\n"
                                "  -h, --help         print this\n";
static const char help_examples[] =
    "\n"
    "Examples:\n"
    "  cordon-litmus run                          everything, a second each\n"
    "  cordon-litmus run --preset quick           everything, briefly\n"
    "  cordon-litmus run --preset soak -t 8h -q   everything, over night\n"
    "  cordon-litmus run SB+rlx                   see two stores overtaken by two loads\n"
    "  cordon-litmus run --summary -t 200ms SB    one family, briefly\n"
    "  cordon-litmus run -t 1m --cpus 0,4 mp.litmus\n"
    "  cordon-litmus run --cc clang --cflags -O3 suite/\n"
    "  cordon-litmus run my_lock_client.c -- -Iinclude src/my_lock.c\n";
static const char help_verdicts[] =
    "\n"
    "For each test litmus7's text is printed (Test, Histogram, Witnesses, Observation, Time), "
    "then\n"
    "  Rate NAME 300000000 outcomes/s 60000000 weak/s\n"
    "  Knobs NAME engine=array,...       what it was run with, where that is not the engine's "
    "own;\n"
    "                                    as --knobs takes it\n"
    "  Verdict NAME allowed, seen\n"
    "  Mutants NAME 5 of 6 killed        forbidden, not seen: of tests nearly the same, whose "
    "outcome\n"
    "                                    this machine allows, so many have shown it\n"
    "  Reproducer NAME cordon-litmus ... of a violation: with so few knobs it shows again\n"
    "Weak outcomes, marked *>, are those that the condition names (exists, ~exists), or that\n"
    "contradict it (forall). The file says whether they may occur, in lines before its {:\n"
    "C11=allowed|forbidden, TSO=allowed|forbidden (TSO counts on x86 only) and Why=one sentence.\n"
    "Where there are fewer CPUs than a test has threads, a CPU plays several of them; but on one "
    "CPU\n"
    "alone a test of several threads is skipped. A client's weak outcomes are the rounds in which "
    "a\n"
    "CORDON_EXPECT failed, and are forbidden.\n"
    "\n"
    "Exit status: 0 nothing forbidden was seen; 1 a forbidden outcome was seen, or a client "
    "crashed\n"
    "or got stuck; 2 wrong usage or an input that is no test (the others run); 3 no answer: no\n"
    "compiler, too few CPUs for every test, an emulated processor. SIGINT, SIGTERM, SIGHUP and\n"
    "SIGQUIT end the present batch, print what was measured, and exit with 130, 143, 129 and "
    "131,\n"
    "or 1 if a forbidden outcome was among it.\n";

static void print_help(void)
{
    const char *built = compiler_replaced_by();
    if (built != NULL) {
        printf(
            "Usage: %s [OPTION]... [TEST]...\n"
            "\n"
            "Run the litmus tests that this file holds (%zu) on this machine's cores, count what "
            "comes out,\n"
            "and judge it. `cordon-litmus build` made it; it needs nothing beside it. A TEST is "
            "the "
            "name of\n"
            "one (SB+rlx), or of a family (SB); without one all of them run.\n",
            built, catalogue_count);
    } else {
        fputs(help_tests, stdout);
    }
    fputs(help_options, stdout);
    fputs(built == NULL ? help_compiler : "", stdout);
    fputs(help_results, stdout);
    fputs(built == NULL ? help_page : "", stdout);
    fputs(help_rest, stdout);
    fputs(built == NULL ? help_examples : "", stdout);
    fputs(help_verdicts, stdout);
}

static const char *const engine_names[] = {"array", "perpetual", "perpetual-all", "threads"};
enum { ENGINES = sizeof engine_names / sizeof *engine_names };

const char *options_engine(enum litmus_mode mode)
{
    return engine_names[mode];
}

static const struct preset presets[] = {
    {"quick", 100000000, 0, false, false, false},
    {"default", 1000000000, 8, false, true, false},
    {"thorough", 5000000000, 32, true, true, false},
    {"soak", 3600000000000, 8, false, true, true},
};
static const char *const preset_names[] = {"quick", "default", "thorough", "soak"};
enum { PRESETS = sizeof presets / sizeof *presets };

/* Which of the names this is. */
static unsigned read_name(const char *option, const char *what, const char *name,
                          const char *const *names, unsigned count)
{
    char all[200] = "";
    for (unsigned i = 0; i < count; ++i) {
        if (strcmp(name, names[i]) == 0) {
            return i;
        }
        strcat(strcat(all, i == 0 ? "" : ", "), names[i]);
    }
    const char *nearest = cli_nearest(name, names, count);
    if (nearest != NULL) {
        cli_die(CLI_USAGE, "%s: no %s '%s'; did you mean %s?", option, what, name, nearest);
    }
    cli_die(CLI_USAGE, "%s: no %s '%.80s'; there are: %s", option, what, name, all);
}

/* Whatever stands in one --knobs. What several options say is put together before the engine's own knobs are known. */
static void check_knobs(const char *text)
{
    struct knobs scratch = knobs_default(LITMUS_ARRAY);
    char problem[400];
    if (!knobs_read(text, &scratch, problem, sizeof problem)) {
        cli_die(CLI_USAGE, "--knobs: %.300s", problem);
    }
}

/* ",size=64,engine=threads": of a knob that is told twice the last counts. */
struct told {
    char text[4096];
    size_t length;
};

__attribute__((format(printf, 2, 3))) static void tell(struct told *told, const char *format, ...)
{
    const size_t room = sizeof told->text - told->length;
    va_list values;
    va_start(values, format);
    const int added = vsnprintf(told->text + told->length, room, format, values);
    va_end(values);
    if (added < 0 || (size_t)added >= room) {
        cli_die(CLI_USAGE, "--knobs: more than %zu characters in all", sizeof told->text - 1);
    }
    told->length += (size_t)added;
}

static void take_knobs(struct run_options *options, const char *told)
{
    char problem[400];
    options->knobs = knobs_default(LITMUS_ARRAY);
    if (*told != '\0') {
        (void)knobs_read(told + 1, &options->knobs, problem, sizeof problem);
    }
}

void options_read(int argc, char **argv, struct run_options *options)
{
    enum { CC = 256, CFLAGS, EXPECT, KEEP, JUNIT, PRESET, KNOBS, SEED, PER_CORE, HTML };
    static const struct option known[] = {{"time", required_argument, NULL, 't'},
                                          {"size", required_argument, NULL, 'n'},
                                          {"engine", required_argument, NULL, 'e'},
                                          {"cpus", required_argument, NULL, 'c'},
                                          {"cc", required_argument, NULL, CC},
                                          {"cflags", required_argument, NULL, CFLAGS},
                                          {"expect", required_argument, NULL, EXPECT},
                                          {"keep", required_argument, NULL, KEEP},
                                          {"json", required_argument, NULL, 'j'},
                                          {"junit", required_argument, NULL, JUNIT},
                                          {"html", required_argument, NULL, HTML},
                                          {"list", no_argument, NULL, 'l'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {"summary", no_argument, NULL, 'q'},
                                          {"preset", required_argument, NULL, PRESET},
                                          {"knobs", required_argument, NULL, KNOBS},
                                          {"seed", required_argument, NULL, SEED},
                                          {"threads-per-core", required_argument, NULL, PER_CORE},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    struct told told = {"", 0};
    memset(options, 0, sizeof *options);
    options->preset = &presets[1];
    for (int found; (found = cli_option(argc, argv, "t:n:e:c:j:lqh", known)) != -1;) {
        switch (found) {
        case 't':
            options->nanoseconds = cli_duration("--time", optarg);
            break;
        case 'n':
            tell(&told, ",size=%lu", cli_count("--size", optarg, 1, MOST_SIZE));
            break;
        case 'e':
            tell(&told, ",engine=%s",
                 engine_names[read_name("--engine", "engine", optarg, engine_names, ENGINES)]);
            options->engine_given = true;
            break;
        case 'c': {
            free(options->cpus.cpu);
            const char *wrong = cli_read_cpus(optarg, &options->cpus);
            if (wrong != NULL) {
                cli_die(CLI_USAGE, "--cpus: '%s': %s", optarg, wrong);
            }
            break;
        }
        case PRESET:
            options->preset =
                &presets[read_name("--preset", "preset", optarg, preset_names, PRESETS)];
            break;
        case KNOBS:
            check_knobs(optarg);
            tell(&told, ",%s", optarg);
            options->knobs_given = true;
            break;
        case SEED:
            tell(&told, ",seed=%lu", cli_count("--seed", optarg, 0, LONG_MAX));
            break;
        case PER_CORE:
            options->threads_per_core = (unsigned)cli_count("--threads-per-core", optarg, 1, 1024);
            break;
        case CC:
            options->compiler.command = optarg;
            options->compiler_given = true;
            break;
        case CFLAGS:
            options->compiler.flags = optarg;
            break;
        case EXPECT:
            options->expect = optarg;
            break;
        case KEEP:
            options->compiler.keep = optarg;
            break;
        case 'j':
            options->json = optarg;
            break;
        case HTML:
            options->html = optarg;
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
            print_help();
            exit(cli_finish(CLI_OK));
        }
    }
    take_knobs(options, told.text);
    const bool json = options->json != NULL && strcmp(options->json, "-") == 0;
    const bool html = options->html != NULL && strcmp(options->html, "-") == 0;
    if (json && html) {
        cli_die(CLI_USAGE, "--json and --html: only one of them can have the standard output");
    }
    options->text = !json && !html;
    options->quiet |= !options->text;
    if (options->nanoseconds == 0) {
        options->nanoseconds = options->preset->nanoseconds;
    }
}
