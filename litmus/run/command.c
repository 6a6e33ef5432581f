/* command.c - cordon-litmus run: options, tests one after the other, report, exit status. */
#define _GNU_SOURCE
#include "command.h"

#include "cli/cli.h"
#include "compile.h"
#include "export.h"
#include "machine/machine.h"
#include "perpetual.h"
#include "report.h"
#include "suite.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if defined(__x86_64__) || defined(__i386__)
#define ON_X86 true
#else
#define ON_X86 false
#endif

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

struct run_options {
    struct compiler compiler;
    struct knobs knobs;
    uint64_t nanoseconds;
    struct cli_cpus cpus;
    bool list, quiet;
    bool text;                /* is standard output for that? */
    const char *json, *junit; /* files, or NULL */
};

static const char *const engine_names[] = {"array", "perpetual", "perpetual-all", "threads"};
enum { ENGINES = sizeof engine_names / sizeof *engine_names };

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
    cli_die(CLI_USAGE,
            "--engine: no engine '%s'; there are: array, threads, perpetual, perpetual-all", name);
}

/* The engine's own but for the size, which may have been told before. */
static struct knobs knobs_of(enum litmus_mode engine, size_t size)
{
    struct knobs knobs = knobs_default(engine);
    knobs.size = size;
    return knobs;
}

static void read_options(int argc, char **argv, struct run_options *options)
{
    enum { CC = 256, CFLAGS, KEEP, JUNIT, KNOBS };
    static const struct option known[] = {{"time", required_argument, NULL, 't'},
                                          {"size", required_argument, NULL, 'n'},
                                          {"engine", required_argument, NULL, 'e'},
                                          {"cpus", required_argument, NULL, 'c'},
                                          {"cc", required_argument, NULL, CC},
                                          {"cflags", required_argument, NULL, CFLAGS},
                                          {"keep", required_argument, NULL, KEEP},
                                          {"json", required_argument, NULL, 'j'},
                                          {"junit", required_argument, NULL, JUNIT},
                                          {"list", no_argument, NULL, 'l'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {"summary", no_argument, NULL, 'q'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"knobs", required_argument, NULL, KNOBS},
                                          {NULL, 0, NULL, 0}};
    char problem[300];
    memset(options, 0, sizeof *options);
    options->nanoseconds = 1000000000;
    options->knobs = knobs_default(LITMUS_ARRAY);
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
            options->knobs = knobs_of(read_engine(optarg), options->knobs.size);
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
        case KNOBS:
            if (!knobs_read(optarg, &options->knobs, problem, sizeof problem)) {
                cli_die(CLI_USAGE, "--knobs: %s", problem);
            }
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
}

static void choose_compiler(struct run_options *options)
{
    const char *wanted = options->compiler.command;
    options->compiler.command = compiler_find(wanted);
    if (options->compiler.command == NULL && wanted != NULL) {
        cli_die(CLI_USAGE, "--cc: cannot find the compiler '%s'", wanted);
    }
    if (options->compiler.command == NULL) {
        cli_die(CLI_UNFIT, "no C compiler found ($CC, cc, gcc, clang): install one, or name it "
                           "with --cc");
    }
}

static void open_keep(const char *directory)
{
    struct stat facts;
    if ((mkdir(directory, 0777) != 0 && errno != EEXIST) || stat(directory, &facts) != 0 ||
        !S_ISDIR(facts.st_mode) || access(directory, W_OK | X_OK) != 0) {
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

static struct engine_options engine_options_of(const struct run_options *options)
{
    return (struct engine_options){.nanoseconds = options->nanoseconds,
                                   .knobs = options->knobs,
                                   .cpu = options->cpus.cpu,
                                   .cpu_count = options->cpus.count,
                                   .stop = &cli_interrupted};
}

/* Compile, run and judge one test. */
static void run_test(const struct run_options *options, struct report *report)
{
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
    if (litmus_counts_frames(options->knobs.engine) &&
        !litmus_perpetual(test, options->knobs.engine, problem, sizeof problem)) {
        report->state = UNFIT;
        if (!options->quiet) {
            printf("%s  skipped: not for the engine %s: %s\n\n", test->name,
                   engine_names[options->knobs.engine], problem);
        }
        return;
    }
    report->state = FAILED;
    if (!litmus_compile(&options->compiler, test, options->knobs.engine, &code, problem,
                        sizeof problem)) {
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

static int run_suite(const struct suite *suite, const struct run_options *options,
                     const struct machine *machine, const char *version)
{
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
                run_test(options, &reports[i]);
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
                                  .compiler_version = version,
                                  .engine = engine_names[options->knobs.engine],
                                  .cpu = options->cpus.cpu,
                                  .cpu_count = options->cpus.count,
                                  .size = engine_size(&engine.knobs),
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
                  engine_names[options->knobs.engine]);
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
    char version[200], problem[512];
    int status;
    int end = 1; /* of what is ours: what follows "--" is the compiler's, for clients */
    while (end < argc && strcmp(argv[end], "--") != 0) {
        ++end;
    }
    read_options(end, argv, &options);
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
        choose_cpus(&options, &machine);
        choose_compiler(&options);
        if (options.compiler.keep != NULL) {
            refuse_twins(&suite);
            open_keep(options.compiler.keep);
        }
        probe_file("--json", options.json);
        probe_file("--junit", options.junit);
        cli_catch_interrupts();
        if (!compiler_probe(&options.compiler, version, sizeof version, problem, sizeof problem)) {
            cli_die(CLI_UNFIT, "%s", problem);
        }
        if (!options.quiet) {
            machine_print(stdout, &machine);
            compiler_print(stdout, &options.compiler, version);
            putchar('\n');
            fflush(stdout);
        }
        status = run_suite(&suite, &options, &machine, version);
        machine_free(&machine);
    }
    suite_free(&suite);
    free(options.cpus.cpu);
    return cli_finish(status);
}
