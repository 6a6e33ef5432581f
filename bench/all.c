/* all.c - `cordon-bench all`: the measuring subcommands in turn, and one report of them. */
#define _GNU_SOURCE
#include "bench.h"
#include "gbench.h"
#include "options.h"
#include "report/report.h"
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
    "Usage: cordon-bench all [OPTION...]\n"
    "\n"
    "Run every measuring subcommand in turn, each for its share of the time, and put what they "
    "found\n"
    "into one report. One that cannot run here (c2c on one CPU) is named and skipped.\n"
    "\n"
    "Options:\n"
    "  -c, --cpus A,B[,...]   on these CPUs; see the subcommands' help\n"
    "  -t, --time TIME        measure for this long in all, e.g. 60, 5m (3m)\n"
    "  -q, --quick            a look in less than a minute, with wider intervals: each as its own\n"
    "                         --quick does\n"
    "  -o, --only NAME[,...]  these subcommands alone, e.g. locks,rings\n"
    "  -r, --repetitions N    samples of each, 5 to 10000 (as each subcommand likes it)\n" //
    BENCH_HELP_JSON BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench all --html report.html         what synchronisation costs here, to look at\n"
    "  cordon-bench all --quick --json here.json   for compare\n"
    "\n"
    "Exit status: 0 done; 1 something that was measured is broken; 2 the command line is wrong;\n"
    "3 nothing could be measured; 130, 143, 129, 131 interrupted by SIGINT, SIGTERM, SIGHUP, "
    "SIGQUIT\n"
    "(what was measured until then is printed and written).\n";

static const uint64_t second = UINT64_C(1000000000);

struct all {
    struct bench_options options;
    const char *cpus;        /* as they were given */
    const char *repetitions; /* likewise */
    const char *only;        /* likewise */
    bool quick;
    bool text; /* theirs is wanted */
    unsigned parts, part;
    pid_t parent;
    uint64_t ends; /* when the time is up, of CLOCK_MONOTONIC */
    json_t *document;
    bool failed;
};

static void read_options(struct all *all, int argc, char **argv)
{
    static const struct option known[] = {{"only", required_argument, NULL, 'o'}, BENCH_LONG};
    for (int option; (option = cli_option(argc, argv, "+o:" BENCH_SHORT, known)) != -1;) {
        (void)bench_option(&all->options, option, argc, argv, help);
        if (option == 'q') {
            all->options.time = 40 * second;
            all->quick = true;
        } else if (option == 't') {
            all->quick = false;
        } else if (option == 'o') {
            all->only = optarg;
        } else if (option == 'c') {
            all->cpus = optarg;
        } else if (option == 'r') {
            all->repetitions = optarg;
        }
    }
    bench_no_operands(argc, argv);
}

/* Is it one of those wanted? */
static bool is_wanted(const struct all *all, unsigned index)
{
    const char *name = bench_subcommands[index].name;
    if (bench_subcommands[index].share == 0 || all->only == NULL) {
        return bench_subcommands[index].share > 0;
    }
    for (const char *word = all->only; *word != '\0'; word += word[strcspn(word, ",")] == ',') {
        const size_t length = strcspn(word, ",");
        if (strlen(name) == length && strncmp(name, word, length) == 0) {
            return true;
        }
        word += length;
    }
    return false;
}

/* Every word of --only must be a subcommand that measures. */
static void check_only(const struct all *all)
{
    char *copy = strdup(all->only != NULL ? all->only : "info"), *rest = copy;
    for (char *word; copy != NULL && (word = strsep(&rest, ",")) != NULL;) {
        unsigned i = 0;
        while (i < bench_subcommand_count &&
               (bench_subcommands[i].share == 0 || strcmp(word, bench_subcommands[i].name) != 0)) {
            ++i;
        }
        if (i == bench_subcommand_count) {
            cli_die(CLI_USAGE, "--only: '%s' is no subcommand that measures; see --help", word);
        }
    }
    free(copy);
}

/* Its share of the time that is left: whoever took longer than planned takes it from all that follow. */
static uint64_t share_of(const struct all *all, unsigned index)
{
    const uint64_t now = cordon_now();
    uint64_t left = all->ends > now ? all->ends - now : 0, shares = 0;
    for (unsigned i = index; i < bench_subcommand_count; ++i) {
        shares += is_wanted(all, i) ? bench_subcommands[i].share : 0;
    }
    left = left * bench_subcommands[index].share / shares;
    return left > second / 10 ? left : second / 10;
}

/* In the child: measure, with a command line of its own; the JSON goes to the parent. */
static _Noreturn void measure(const struct all *all, unsigned index, FILE *results)
{
    const struct bench_subcommand *subcommand = &bench_subcommands[index];
    char name[32], limit[32], when[16], progress[64];
    char *words[8] = {name, limit};
    int count = 2;
    const bool shared =
        subcommand->run != bench_info; /* which measures no pairs, and needs little time */
    const uint64_t share = share_of(all, index);
    /* Whoever is told a second time to end ends at once, and must not leave this one behind. */
    if (prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 && getppid() != all->parent) {
        exit(CLI_UNFIT);
    }
    snprintf(name, sizeof name, "%s", subcommand->name);
    if (all->quick && shared) {
        snprintf(limit, sizeof limit, "--quick");
    } else {
        snprintf(limit, sizeof limit, "--time=%llums",
                 (unsigned long long)((shared || share < second ? share : second) / 1000000));
    }
    if (shared && all->cpus != NULL && asprintf(&words[count], "--cpus=%s", all->cpus) > 0) {
        ++count;
    }
    if (shared && all->repetitions != NULL &&
        asprintf(&words[count], "--repetitions=%s", all->repetitions) > 0) {
        ++count;
    }
    const uint64_t now = cordon_now();
    const time_t end = time(NULL) + (time_t)((all->ends > now ? all->ends - now : 0) / second);
    struct tm local;
    strftime(when, sizeof when, "%H:%M:%S", localtime_r(&end, &local));
    snprintf(progress, sizeof progress, "%u of %u, all done at about %s; %s: ", all->part,
             all->parts, when, subcommand->name);
    cli_progress_prefix(progress);
    if (!all->text) {
        const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
        dup2(nothing, STDOUT_FILENO);
    }
    bench_collect(results, all->text);
    optind = 0;
    exit(cli_finish(subcommand->run(count, words)));
}

/* The child's exit status, or 128 and the signal that ended it. What interrupts us is passed on. */
static int wait_for(pid_t child)
{
    int status;
    bool told = false;
    pid_t ended = 0;
    while (ended != child) {
        if (cli_interrupted && !told) {
            kill(child, (int)cli_interrupted);
            told = true;
        }
        ended = waitpid(child, &status, 0);
        if (ended < 0 && errno != EINTR) {
            return CLI_UNFIT;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static void collect(struct all *all, const char *name, FILE *results)
{
    json_error_t error;
    rewind(results);
    json_t *document = json_loadf(results, 0, &error);
    if (document == NULL) {
        if (!cli_interrupted) {
            cli_error("%s gave no results", name);
            all->failed = true;
        }
    } else if (all->document == NULL) {
        all->document = document;
    } else {
        report_merge(all->document, document);
        json_decref(document);
    }
}

static void run_one(struct all *all, unsigned index)
{
    const struct bench_subcommand *subcommand = &bench_subcommands[index];
    FILE *results = tmpfile();
    if (results == NULL) {
        cli_die(CLI_UNFIT, "cannot make a temporary file: %s", strerror(errno));
    }
    ++all->part;
    if (all->text) {
        const struct cli_style style = cli_style(stdout);
        printf("%s%s== %s: %s%s\n\n", all->part > 1 ? "\n" : "", style.bold, subcommand->name,
               subcommand->what, style.reset);
    }
    fflush(stdout);
    const pid_t child = fork();
    if (child == 0) {
        measure(all, index, results);
    }
    const int status = child > 0 ? wait_for(child) : CLI_UNFIT;
    if (status == CLI_USAGE || status == CLI_UNFIT) {
        if (!cli_interrupted) {
            cli_error("%s cannot run here and is skipped", subcommand->name);
        }
    } else {
        all->failed |= status == CLI_FAILED || (status > 128 && !cli_interrupted);
        collect(all, subcommand->name, results);
    }
    fclose(results);
}

static int finish(struct all *all)
{
    int status = CLI_UNFIT;
    if (all->document == NULL) {
        bench_unlink(&all->options);
    } else {
        status = bench_write_json(&all->options, all->document);
        status = status == CLI_OK ? bench_write_html(&all->options, all->document) : status;
        json_decref(all->document);
    }
    free(all->options.cpus.cpu);
    return all->failed                                ? CLI_FAILED
           : status == CLI_OK && cli_interrupted != 0 ? 128 + (int)cli_interrupted
                                                      : status;
}

int bench_all(int argc, char **argv)
{
    struct all all = {.options = {.time = 180 * second}, .parent = getpid()};
    struct machine machine;
    read_options(&all, argc, argv);
    check_only(&all);
    bench_read_machine(&all.options, &machine);
    machine_free(&machine);
    bench_begin(&all.options);
    all.text = (!all.options.json || all.options.file != NULL) &&
               (!all.options.html || all.options.page != NULL);
    all.ends = cordon_now() + all.options.time;
    for (unsigned i = 0; i < bench_subcommand_count; ++i) {
        all.parts += is_wanted(&all, i);
    }
    for (unsigned i = 0; i < bench_subcommand_count && !cli_interrupted; ++i) {
        if (is_wanted(&all, i)) {
            run_one(&all, i);
        }
    }
    if (cli_interrupted && all.part < all.parts) {
        cli_error("interrupted: %u of %u subcommands were not run", all.parts - all.part,
                  all.parts);
    }
    return finish(&all);
}
