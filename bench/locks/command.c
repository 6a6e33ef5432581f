/* command.c - the command line of `cordon-bench locks`. */
#define _GNU_SOURCE
#include "locks.h"
#include "../bench.h"
#include "../options.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: cordon-bench locks [OPTION...]\n"
    "\n"
    "Which lock for my program? Measures Cordon's locks, glibc's and, where it is installed,\n"
    "Concurrency Kit's, block by block in turn: alone; handed over between two CPUs, beside one\n"
    "cache line; by more and more threads, up to four for each CPU, with how long each waits and "
    "how\n"
    "fairly they are served; and for many mixes of time held and time between. It ends with "
    "advice\n"
    "for your mix, in plain sentences.\n"
    "\n"
    "Your mix:\n"
    "      --hold TIME        how long a thread holds the lock: 0, 50ns ... 10ms (200ns)\n"
    "      --think TIME       how long it does other things in between, on average: likewise\n"
    "                         (1us)\n"
    "      --threads N[,...]  how many threads; the first is yours, the others are measured beside "
    "it\n"
    "                         (yours: one for each CPU; beside it 1, 2, 4 ... 4 for each CPU)\n"
    "\n"
    "Options:\n"
    "  -c, --cpus A[,B...]    the threads' CPUs, in this order (default: all that are allowed,\n"
    "                         neighbours beside each other, second hardware threads last)\n"
    "  -o, --only NAME[,...]  these locks alone, or all of a library or kind; see --list\n"
    "  -t, --time TIME        measure for about this long, e.g. 90, 2m (60)\n"
    "  -q, --quick            a short look: fewer mixes and numbers of threads, the same as --time "
    "12\n"
    "  -r, --repetitions N    blocks per lock and scenario at most, 5 to 10000 (100)\n" //
    BENCH_HELP_JSON "  -l, --list             list the locks, and measure nothing\n"    //
    BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench locks                               all of it, in about a minute\n"
    "  cordon-bench locks --hold 2us --think 10us --threads 16\n"
    "  cordon-bench locks --only mcs,ck_mcs,mutex --threads 2,8 --quick\n"
    "\n"
    "Exit status: 0 done; 1 a lock let two threads in at once; 2 the command line is wrong; 3 "
    "this\n"
    "environment does not permit it; 130, 143, 129, 131 interrupted by SIGINT, SIGTERM, SIGHUP,\n"
    "SIGQUIT (what was measured until then is printed).\n";

#define BRIEF UINT64_C(20000000000) /* ns: with less time than that, less is measured */

enum { WORD = 40 };

struct options {
    struct bench_options shared;
    const char *only, *threads;
    uint64_t hold, think;
    bool list;
};

#ifdef BENCH_HAVE_CK
#define CK_LOCKS locks_ck
static const char absent[] = "";
#else
static const struct lock_adapter *const no_locks[] = {NULL};
#define CK_LOCKS no_locks
static const char absent[] = "Concurrency Kit";
#endif

/* All that were built, by kind, ours first. */
static void gather(struct lock_run *run)
{
    const struct lock_adapter *const *const libraries[] = {locks_cordon, locks_glibc, CK_LOCKS};
    const unsigned count = sizeof libraries / sizeof *libraries;
    unsigned all = 0;
    for (unsigned l = 0; l < count; ++l) {
        for (const struct lock_adapter *const *lock = libraries[l]; *lock != NULL; ++lock) {
            ++all;
        }
    }
    run->lock = calloc(all, sizeof(const struct lock_adapter *));
    if (run->lock == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (int kind = 0; kind < LOCK_KINDS; ++kind) {
        for (unsigned l = 0; l < count; ++l) {
            for (const struct lock_adapter *const *lock = libraries[l]; *lock != NULL; ++lock) {
                if ((int)(*lock)->kind == kind) {
                    run->lock[run->lock_count++] = *lock;
                }
            }
        }
    }
}

static bool is_of(const struct lock_adapter *lock, const char *name)
{
    return strcmp(lock->library, name) == 0 || strcmp(locks_kind_text(lock->kind), name) == 0;
}

/* The next word of a list parted by commas, cut off where it is far too long; false after the last. */
static bool next_word(const char **list, char word[WORD])
{
    if (*list == NULL) {
        return false;
    }
    const size_t length = strcspn(*list, ",");
    snprintf(word, WORD, "%.*s", (int)length, *list);
    *list = (*list)[length] == ',' ? *list + length + 1 : NULL;
    return true;
}

static void select_only(struct lock_run *run, const char *text)
{
    char name[WORD];
    bool *selected = calloc(run->lock_count, sizeof *selected);
    const char **names = calloc(run->lock_count, sizeof *names);
    if (selected == NULL || names == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    while (next_word(&text, name)) {
        bool known = false;
        for (unsigned i = 0; i < run->lock_count; ++i) {
            names[i] = run->lock[i]->name;
            known |= strcmp(names[i], name) == 0;
            selected[i] |= strcmp(names[i], name) == 0;
        }
        for (unsigned i = 0, all = !known; all && i < run->lock_count; ++i) {
            known |= is_of(run->lock[i], name);
            selected[i] |= is_of(run->lock[i], name);
        }
        if (!known) {
            const char *nearest = cli_nearest(name, names, run->lock_count);
            free(names);
            free(selected);
            cli_die(CLI_USAGE,
                    nearest ? "--only: no lock '%s'; did you mean %s?"
                            : "--only: no lock '%s'; see --list%.0s",
                    name, nearest ? nearest : "");
        }
    }
    unsigned count = 0;
    for (unsigned i = 0; i < run->lock_count; ++i) {
        if (selected[i]) {
            run->lock[count++] = run->lock[i];
        }
    }
    run->lock_count = count;
    free(names);
    free(selected);
}

static void leave_out_variants(struct lock_run *run)
{
    unsigned count = 0;
    for (unsigned i = 0; i < run->lock_count; ++i) {
        if (!run->lock[i]->variant) {
            run->lock[count++] = run->lock[i];
        }
    }
    run->left_out = run->lock_count - count;
    run->lock_count = count;
}

/* As cli_duration, but nothing at all is a time, too; and a block has to have room for it, many times. */
static uint64_t short_time(const char *option, const char *text)
{
    if (strcmp(text, "0") == 0) {
        return 0;
    }
    const uint64_t ns = cli_duration(option, text);
    if (ns > UINT64_C(10000000)) {
        cli_die(CLI_USAGE, "%s: '%s' is more than 10 ms", option, text);
    }
    return ns;
}

static void read_options(struct options *options, int argc, char **argv)
{
    enum { HOLD = 1000, THINK, THREADS };
    static const struct option known[] = {
        {"only", required_argument, NULL, 'o'},    {"hold", required_argument, NULL, HOLD},
        {"think", required_argument, NULL, THINK}, {"threads", required_argument, NULL, THREADS},
        {"list", no_argument, NULL, 'l'},          BENCH_LONG,
    };
    for (int option; (option = cli_option(argc, argv, "+o:l" BENCH_SHORT, known)) != -1;) {
        switch (option) {
        case 'q':
            options->shared.time = UINT64_C(12000000000);
            break;
        case 'o':
            options->only = optarg;
            break;
        case HOLD:
            options->hold = short_time("--hold", optarg);
            break;
        case THINK:
            options->think = short_time("--think", optarg);
            break;
        case THREADS:
            options->threads = optarg;
            break;
        case 'l':
            options->list = true;
            break;
        default:
            (void)bench_option(&options->shared, option, argc, argv, help);
        }
    }
    bench_no_operands(argc, argv);
}

/* First one thread for each core, neighbours beside each other. */
static int core_first(const void *left, const void *right)
{
    const struct machine_cpu *a = *(const struct machine_cpu *const *)left;
    const struct machine_cpu *b = *(const struct machine_cpu *const *)right;
    const unsigned keys[][2] = {{a->thread, b->thread}, {a->package, b->package},
                                {a->numa, b->numa},     {a->cache, b->cache},
                                {a->core, b->core},     {a->os, b->os}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; ++i) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static void choose_cpus(struct lock_run *run, const struct cli_cpus *named)
{
    const struct machine *machine = &run->machine;
    run->cpu_count = named->count > 0 ? (unsigned)named->count : machine->cpu_count;
    run->cpu_count =
        run->cpu_count < LOCKS_MOST_THREADS ? run->cpu_count : (unsigned)LOCKS_MOST_THREADS;
    run->cpu = calloc(run->cpu_count, sizeof(const struct machine_cpu *));
    if (run->cpu == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < run->cpu_count; ++i) {
        run->cpu[i] = named->count > 0 ? bench_allowed(machine, named->cpu[i]) : &machine->cpu[i];
    }
    if (named->count == 0) {
        qsort(run->cpu, run->cpu_count, sizeof(const struct machine_cpu *), core_first);
    }
}

static void add_threads(struct lock_run *run, unsigned threads)
{
    unsigned at = 0;
    while (at < run->thread_count && run->threads[at] < threads) {
        ++at;
    }
    if (at < run->thread_count && run->threads[at] == threads) {
        return;
    }
    memmove(run->threads + at + 1, run->threads + at,
            (run->thread_count - at) * sizeof *run->threads);
    run->threads[at] = threads;
    ++run->thread_count;
}

enum { MOST_COUNTS = 12 };

static void choose_threads(struct lock_run *run, const char *text)
{
    const unsigned most =
        4 * run->cpu_count < LOCKS_MOST_THREADS ? 4 * run->cpu_count : LOCKS_MOST_THREADS;
    run->threads = calloc(MOST_COUNTS + 1, sizeof *run->threads);
    char word[WORD];
    if (run->threads == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    run->mix_threads = run->cpu_count;
    if (text == NULL) {
        /* 1, 2, 4 ...; of a large machine every second doubling; in a hurry what matters most. */
        const unsigned factor = run->cpu_count > 32 ? 4 : 2;
        add_threads(run, 1);
        add_threads(run, run->cpu_count);
        add_threads(run, most);
        for (unsigned n = factor; n < most && !run->brief; n *= factor) {
            add_threads(run, n);
        }
    }
    while (next_word(&text, word)) {
        const unsigned long threads = cli_count("--threads", word, 1, LOCKS_MOST_THREADS);
        if (run->thread_count == MOST_COUNTS) {
            cli_die(CLI_USAGE, "--threads: more than %d numbers", MOST_COUNTS);
        }
        run->mix_threads = run->thread_count == 0 ? (unsigned)threads : run->mix_threads;
        add_threads(run, (unsigned)threads);
    }
}

static void print(FILE *stream, const void *run)
{
    locks_print(stream, run);
}

static json_t *document(const void *run)
{
    return locks_document(run);
}

/* Something was learnt of some lock. */
static bool any_result(const struct lock_run *run)
{
    bool any = false;
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        for (unsigned i = 0; i < run->lock_count; ++i) {
            any |= contest_has(&run->scenario[s].contest, i);
        }
    }
    return any;
}

int bench_locks(int argc, char **argv)
{
    struct options options = {
        .shared = {.repetitions = 100, .time = UINT64_C(60000000000)},
        .hold = 200,
        .think = 1000,
    };
    static struct lock_run run;
    const struct bench_results results = {&run, print, document};
    read_options(&options, argc, argv);
    gather(&run);
    if (options.only != NULL) {
        select_only(&run, options.only);
    }
    if (options.only == NULL && !options.list && options.shared.time < BRIEF) {
        leave_out_variants(&run);
    }
    if (options.list) {
        locks_print_list(stdout, &run, absent);
        free(run.lock);
        free(options.shared.cpus.cpu);
        return CLI_OK;
    }
    bench_read_machine(&options.shared, &run.machine);
    run.repetitions = options.shared.repetitions;
    run.time = options.shared.time;
    run.brief = run.time < BRIEF;
    run.hold = options.hold;
    run.think = options.think;
    choose_cpus(&run, &options.shared.cpus);
    choose_threads(&run, options.threads);
    locks_plan(&run);
    bench_begin(&options.shared);
    bool measured = locks_measure(&run) == 0;
    if (measured && !any_result(&run)) {
        cli_error("nothing was measured%s", cli_interrupted ? "" : ": every block was disturbed");
        measured = false;
    }
    int status = bench_end(&options.shared, measured, &results);
    if (status == CLI_OK && locks_broken(&run)) {
        status = CLI_FAILED;
    }
    locks_free(&run);
    machine_free(&run.machine);
    return status;
}
