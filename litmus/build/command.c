/* command.c - cordon-litmus build: a suite and its runner as one static executable, for this machine or another. */
#define _GNU_SOURCE
#include "build/build.h"

#include "asm/asm.h"
#include "cli/cli.h"
#include "run/toolchain.h"

#include <cordon/wait.h>

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Usage: cordon-litmus build [OPTION]... [TEST]...\n"
    "\n"
    "Make one executable that holds litmus tests and what runs them. It needs nothing where it "
    "runs: no\n"
    "compiler, no library, no file. Copy it there, and call it with the options of `cordon-litmus "
    "run`.\n"
    "A TEST is what `cordon-litmus run` takes, but for clients (FILE.c); without one the whole "
    "catalogue\n"
    "is built.\n"
    "\n"
    "  -o, --output FILE  the executable (default: suite)\n"
    "      --cc COMMAND   compiler, and so the machine that it is for: aarch64-linux-gnu-gcc, or\n"
    "                     'clang --target=...' (default: $CC, cc, gcc, clang: the first found)\n"
    "      --cflags WORDS more flags for it, after -std=c11 -O2; also when it links, with -static\n"
    "      --keep DIR     leave all that was compiled in DIR\n"
    "  -j, --jobs N       compile so many files at a time (default: one for each CPU)\n"
    "  -q, --quiet        do not say what was built\n"
    "  -h, --help         print this\n"
    "\n"
    "Examples:\n"
    "  cordon-litmus build -o suite                   the catalogue, for this kind of machine\n"
    "  cordon-litmus build -o suite-aarch64 --cc aarch64-linux-gnu-gcc\n"
    "  cordon-litmus build -o suite-riscv64 --cc riscv64-linux-gnu-gcc MP LB tests/\n"
    "  ./suite --time 200ms --json result.json\n"
    "\n"
    "Exit status: 0 it was built; 2 wrong usage, or an input that is no test, or one that is not "
    "for that\n"
    "machine; 3 it could not be compiled or linked.\n";

struct options {
    const char *keep;
    bool quiet;
};

static struct options read_options(int argc, char **argv, struct build *build)
{
    enum { CC = 256, CFLAGS, KEEP };
    static const struct option known[] = {{"output", required_argument, NULL, 'o'},
                                          {"cc", required_argument, NULL, CC},
                                          {"cflags", required_argument, NULL, CFLAGS},
                                          {"keep", required_argument, NULL, KEEP},
                                          {"jobs", required_argument, NULL, 'j'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    struct options options = {NULL, false};
    const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
    build->output = "suite";
    build->jobs = cpus > 0 ? (unsigned long)cpus : 1;
    for (int found; (found = cli_option(argc, argv, "o:j:qh", known)) != -1;) {
        switch (found) {
        case 'o':
            build->output = optarg;
            break;
        case CC:
            build->command = optarg;
            break;
        case CFLAGS:
            build->flags = optarg;
            break;
        case KEEP:
            options.keep = optarg;
            break;
        case 'j':
            build->jobs = cli_count("--jobs", optarg, 1, 1024);
            break;
        case 'q':
            options.quiet = true;
            break;
        default: /* 'h' */
            fputs(help, stdout);
            exit(cli_finish(CLI_OK));
        }
    }
    return options;
}

/* Tests are found by their names, and clients are not for suites. */
static bool fits(const struct suite *suite)
{
    bool fit = true;
    for (size_t i = 0; i < suite->count; ++i) {
        if (suite->client[i] != NULL) {
            cli_error("%s: a client cannot be built into a suite: give it to `cordon-litmus run`",
                      suite->client[i]->path);
            fit = false;
        }
        for (size_t k = 0; k < i && fit; ++k) {
            if (strcmp(suite->test[i]->name, suite->test[k]->name) == 0) {
                cli_error("two tests are called '%s', and are run by their names",
                          suite->test[i]->name);
                fit = false;
            }
        }
    }
    return fit;
}

/* Those in assembly are for one architecture: the first part of what the compiler says. */
static bool is_for(const struct suite *suite, const char *machine)
{
    char architecture[40];
    bool fit = true;
    snprintf(architecture, sizeof architecture, "%.*s", (int)strcspn(machine, "-"), machine);
    for (size_t i = 0; i < suite->count; ++i) {
        const struct litmus_test *test = suite->test[i];
        if (!asm_runs_on(test, architecture)) {
            cli_error("%s: '%s' is in assembly for %s, and the compiler makes code for %s",
                      suite->from[i], test->name, asm_machine(test->dialect), machine);
            fit = false;
        }
    }
    return fit;
}

static void choose_compiler(struct build *build)
{
    const char *wanted = build->command;
    build->command = toolchain_find(wanted);
    if (build->command == NULL && wanted != NULL) {
        cli_die(CLI_USAGE, "--cc: cannot find the compiler '%s'", wanted);
    }
    if (build->command == NULL) {
        cli_die(CLI_UNFIT,
                "no C compiler found ($CC, cc, gcc, clang): install one, or name it with --cc");
    }
}

/* What it makes code for: flags may tell it that (--target). */
static bool ask_compiler(struct build *build)
{
    char messages[PATH_MAX], command[2000];
    snprintf(messages, sizeof messages, "%s/messages", build->directory);
    toolchain_ask(build->command, "--version", messages, build->version, sizeof build->version);
    snprintf(command, sizeof command, "%s %s", build->command,
             build->flags != NULL ? build->flags : "");
    if (!toolchain_ask(command, "-dumpmachine", messages, build->machine, sizeof build->machine)) {
        cli_error("'%.200s -dumpmachine' does not say what it makes code for", build->command);
        return false;
    }
    if (strncmp(build->machine, "arm64", 5) == 0) { /* as some call it */
        char rest[sizeof build->machine];
        snprintf(rest, sizeof rest, "%s", build->machine + 5);
        snprintf(build->machine, sizeof build->machine, "aarch64%.80s", rest);
    }
    if (strstr(build->machine, "linux") == NULL) {
        cli_error("the compiler makes code for %s, and the runner needs Linux", build->machine);
        return false;
    }
    return true;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
    (void)facts, (void)kind, (void)where;
    return remove(path);
}

static void open_directory(struct build *build, const char *keep)
{
    const char *where = getenv("TMPDIR");
    const char *place = where == NULL || *where == '\0' ? "/tmp" : where;
    if (keep != NULL && !cli_make_directory(keep)) {
        cli_die(CLI_USAGE, "--keep: cannot write into '%s': %s", keep, strerror(errno));
    }
    const int length =
        keep != NULL
            ? snprintf(build->directory, sizeof build->directory, "%s", keep)
            : snprintf(build->directory, sizeof build->directory, "%s/cordon-litmus-XXXXXX", place);
    if (length >= (int)sizeof build->directory) {
        cli_die(CLI_USAGE, "%s: %s", keep != NULL ? keep : place, strerror(ENAMETOOLONG));
    }
    if (keep == NULL && mkdtemp(build->directory) == NULL) {
        cli_die(CLI_UNFIT, "cannot make a temporary directory in %.200s (see $TMPDIR): %s", place,
                strerror(errno));
    }
}

/* Before anything is compiled: can the executable be written? */
static void probe_output(const char *path)
{
    const bool there = access(path, F_OK) == 0;
    FILE *stream = fopen(path, "ae");
    if (stream == NULL) {
        cli_die(CLI_USAGE, "--output: cannot write '%s': %s", path, strerror(errno));
    }
    fclose(stream);
    if (!there) {
        unlink(path);
    }
}

static void tell(const struct build *build, uint64_t began)
{
    char time[32];
    struct stat facts;
    if (stat(build->output, &facts) == 0) {
        printf("%s: %zu test%s for %s, %.1f MiB, built in %s\n", build->output, build->suite.count,
               build->suite.count == 1 ? "" : "s", build->machine,
               (double)facts.st_size / (1 << 20),
               cli_time((double)(cordon_now() - began) / 1e9, time, sizeof time));
    }
}

static int make(struct build *build, const struct options *options)
{
    const uint64_t began = cordon_now();
    if (!ask_compiler(build)) {
        return CLI_UNFIT;
    }
    if (!is_for(&build->suite, build->machine)) {
        return CLI_USAGE;
    }
    if (!build_write(build)) {
        return CLI_UNFIT;
    }
    const int status = build_compile(build);
    cli_progress_clear();
    if (status == CLI_OK && !options->quiet) {
        tell(build, began);
    }
    return status;
}

int build_command(int argc, char **argv)
{
    struct build build;
    memset(&build, 0, sizeof build);
    const struct options options = read_options(argc, argv, &build);
    suite_read(&build.suite, argv + optind, argc - optind);
    int status = CLI_USAGE;
    if (build.suite.refused == 0 && build.suite.count == 0) {
        cli_error("this build has no catalogue: name a .litmus file");
    } else if (build.suite.refused == 0 && fits(&build.suite)) {
        choose_compiler(&build);
        probe_output(build.output);
        open_directory(&build, options.keep);
        cli_catch_interrupts();
        status = make(&build, &options);
        if (options.keep == NULL) {
            cli_hold_interrupts();
            nftw(build.directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
        }
    }
    free(build.source);
    suite_free(&build.suite);
    return cli_finish(status);
}
