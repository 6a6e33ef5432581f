/* command.c - the command line of `cordon-bench seqlocks`. */
#define _GNU_SOURCE
#include "seqlocks.h"
#include "../bench.h"
#include "../options.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: cordon-bench seqlocks [OPTION...]\n"
    "\n"
    "Data that is read often and changed seldom: sequence lock, latch, lock for readers and\n"
    "writers, or RCU? Measure what a read costs with each, how that scales with readers, what a\n"
    "writer does to them, how long the writer waits, and whether either starves. Our designs\n"
    "stand beside those of glibc, Concurrency Kit and liburcu, as far as these are installed.\n"
    "\n"
    "Each reader copies a record out again and again, and checks every copy: its words must be\n"
    "of one write, and never of an older one than those before. A design that fails a check is\n"
    "called broken. The loops are the same for all, with the primitive inlined, and the designs\n"
    "are measured block by block in turn.\n"
    "\n"
    "Options:\n"
    "  -o, --only NAME[,...]  these designs alone; see --list\n"
    "  -n, --readers N        so many readers, 1 to 1024 (default: 1, 2, 4 ... all CPUs, and\n"
    "                         twice the CPUs; beside a writer all CPUs but one, and twice the\n"
    "                         CPUs)\n"
    "  -w, --writes RATE      writes a second beside the readers, e.g. none, 1000, 100k, max\n"
    "                         (default: 1k, 100k and max)\n"
    "  -s, --size BYTES       of the record: 16, 64 or 256 (64)\n"
    "  -c, --cpus A[,B...]    run on these CPUs (default: all allowed ones); where threads are\n"
    "                         no more than CPUs, one on each\n"
    "  -t, --time TIME        measure for about this long, e.g. 5, 500ms, 1m (30)\n"
    "  -q, --quick            a short look, with wider intervals: the same as --time 5\n"
    "  -r, --repetitions N    samples per design and scenario, at most, 5 to 10000 (100)\n" //
    BENCH_HELP_JSON "  -l, --list             list the designs and what they promise, and measure "
    "nothing\n" BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench seqlocks                            all of it, in about half a minute\n"
    "  cordon-bench seqlocks --readers 2 --writes 5000  your mix\n"
    "  cordon-bench seqlocks --only seqlock,rcu-memb --size 256\n"
    "\n"
    "Exit status: 0 done; 1 a design is broken; 2 the command line is wrong; 3 this environment\n"
    "does not permit it; 130, 143, 129, 131 interrupted by SIGINT, SIGTERM, SIGHUP, SIGQUIT\n"
    "(what was measured until then is printed).\n";

#define MOST_READERS 1024
#define QUICK        UINT64_C(5000000000)

struct options {
    struct bench_options shared;
    const char *only;
    unsigned readers; /* 0: as the machine suggests */
    uint64_t writes;
    bool rate_given, list;
    unsigned size_index;
};

static unsigned count_designs(void)
{
    unsigned count = 0;
    for (unsigned i = 0; i < seq_library_count; ++i) {
        count += seq_libraries[i].design != NULL ? *seq_libraries[i].count : 0;
    }
    return count;
}

/* All of them, in the order of the libraries. */
static const struct seq_design **all_designs(unsigned *count)
{
    const struct seq_design **all = calloc(count_designs(), sizeof *all);
    if (all == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    *count = 0;
    for (unsigned i = 0; i < seq_library_count; ++i) {
        const struct seq_library *library = &seq_libraries[i];
        for (unsigned k = 0; library->design != NULL && k < *library->count; ++k) {
            all[(*count)++] = &library->design[k];
        }
    }
    return all;
}

/* What keeps a copy whole in the same way stands together. */
static void by_kind(const struct seq_design **design, unsigned count)
{
    for (unsigned i = 1; i < count; ++i) {
        const struct seq_design *moved = design[i];
        unsigned k = i;
        for (; k > 0 && design[k - 1]->kind > moved->kind; --k) {
            design[k] = design[k - 1];
        }
        design[k] = moved;
    }
}

/* Keep those that are named, in their order; each once. */
static unsigned keep_only(const struct seq_design **all, unsigned count, const char *text)
{
    bool *chosen = calloc(count, sizeof *chosen);
    const char **names = calloc(count, sizeof *names);
    if (chosen == NULL || names == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < count; ++i) {
        names[i] = all[i]->name;
    }
    bench_choose("--only", "design", text, names, count, "--list", chosen);
    unsigned kept = 0;
    for (unsigned i = 0; i < count; ++i) {
        if (chosen[i]) {
            all[kept++] = all[i];
        }
    }
    free(chosen);
    free(names);
    return kept;
}

/* "none", "max", "500", "100k", "2M" */
static uint64_t read_rate(const char *text)
{
    char digits[24];
    unsigned long rate;
    const size_t length = strlen(text);
    const char unit = length > 0 ? text[length - 1] : '\0';
    const bool scaled = unit == 'k' || unit == 'M';
    const unsigned long scale = unit == 'k' ? 1000 : unit == 'M' ? 1000000 : 1;
    if (strcmp(text, "none") == 0) {
        return SEQ_NO_WRITES;
    }
    if (strcmp(text, "max") == 0) {
        return SEQ_MOST_WRITES;
    }
    if (length < sizeof digits) {
        snprintf(digits, sizeof digits, "%.*s", (int)(length - scaled), text);
        if (cli_read_count(digits, 1, 10000000 / scale, &rate)) {
            return rate * scale;
        }
    }
    cli_die(CLI_USAGE,
            "--writes: '%s' is not a rate: none, max, or 1 to 10000000 writes a second, such as "
            "500 or 100k",
            text);
}

static unsigned read_size(const char *text)
{
    unsigned long size;
    for (unsigned i = 0; cli_read_count(text, 1, 100000, &size) && i < SEQ_SIZES; ++i) {
        if (seq_sizes[i] == size) {
            return i;
        }
    }
    cli_die(CLI_USAGE, "--size: '%s' is not 16, 64 or 256", text);
}

static void read_options(struct options *options, int argc, char **argv)
{
    static const struct option known[] = {
        {"only", required_argument, NULL, 'o'},    //
        {"readers", required_argument, NULL, 'n'}, //
        {"writes", required_argument, NULL, 'w'},  //
        {"size", required_argument, NULL, 's'},    //
        {"list", no_argument, NULL, 'l'},          //
        BENCH_LONG,
    };
    for (int option; (option = cli_option(argc, argv, "+o:n:w:s:l" BENCH_SHORT, known)) != -1;) {
        if (bench_option(&options->shared, option, argc, argv, help)) {
            /* There is more to do than elsewhere. */
            options->shared.time = option == 'q' ? QUICK : options->shared.time;
            continue;
        }
        switch (option) {
        case 'o':
            options->only = optarg;
            break;
        case 'n':
            options->readers = (unsigned)cli_count("--readers", optarg, 1, MOST_READERS);
            break;
        case 'w':
            options->writes = read_rate(optarg);
            options->rate_given = true;
            break;
        case 's':
            options->size_index = read_size(optarg);
            break;
        case 'l':
            options->list = true;
            break;
        default:
            break;
        }
    }
    bench_no_operands(argc, argv);
}

static void choose_cpus(struct seq_run *run, const struct cli_cpus *named)
{
    run->cpu_count = named->count > 0 ? (unsigned)named->count : run->machine.cpu_count;
    run->cpu = calloc(run->cpu_count, sizeof *run->cpu);
    if (run->cpu == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < run->cpu_count; ++i) {
        run->cpu[i] = named->count > 0 ? named->cpu[i] : run->machine.cpu[i].os;
    }
}

static void add(struct seq_run *run, enum seq_part part, unsigned readers, uint64_t writes)
{
    if (run->scenario_count < SEQ_MOST_SCENARIOS &&
        seq_scenario(run, part, readers, writes) == NULL) {
        struct seq_scenario *scenario = &run->scenario[run->scenario_count++];
        scenario->part = part;
        scenario->readers = readers;
        scenario->writes = writes;
    }
}

static void choose_scenarios(struct seq_run *run, const struct options *options)
{
    static const uint64_t rates[] = {1000, 100000, SEQ_MOST_WRITES};
    const unsigned cpus = run->cpu_count, crowd = 2 * cpus;
    const unsigned few = options->readers > 0 ? options->readers : cpus > 1 ? cpus - 1 : 1;
    const unsigned many = options->readers > 0 ? options->readers : crowd;
    add(run, SEQ_SCALING, 1, SEQ_NO_WRITES);
    for (unsigned n = 2; options->readers == 0 && n < cpus; n *= 2) {
        add(run, SEQ_SCALING, n, SEQ_NO_WRITES);
    }
    add(run, SEQ_SCALING, options->readers > 0 ? options->readers : cpus, SEQ_NO_WRITES);
    add(run, SEQ_SCALING, many, SEQ_NO_WRITES);
    if (options->rate_given && options->writes == SEQ_NO_WRITES) {
        return;
    }
    for (unsigned i = 0; i < (options->rate_given ? 1 : sizeof rates / sizeof *rates); ++i) {
        add(run, SEQ_WRITER, few, options->rate_given ? options->writes : rates[i]);
    }
    for (unsigned i = 0; i < (options->rate_given ? 1 : sizeof rates / sizeof *rates); ++i) {
        add(run, SEQ_WRITER, many, options->rate_given ? options->writes : rates[i]);
    }
    add(run, SEQ_WRITE, 0, SEQ_MOST_WRITES);
}

static void print(FILE *stream, const void *run)
{
    seq_print(stream, run);
}

static json_t *document(const void *run)
{
    return seq_document(run);
}

int bench_seqlocks(int argc, char **argv)
{
    struct options options = {.shared = {.repetitions = 100, .time = UINT64_C(30000000000)},
                              .size_index = 1};
    static struct seq_run run;
    const struct bench_results results = {&run, print, document};
    read_options(&options, argc, argv);
    run.design = all_designs(&run.design_count);
    by_kind(run.design, run.design_count);
    if (options.only != NULL) {
        run.design_count = keep_only(run.design, run.design_count, options.only);
    }
    if (options.list) {
        seq_print_list(stdout, &run);
        free(run.design);
        return CLI_OK;
    }
    bench_read_machine(&options.shared, &run.machine);
    run.repetitions = options.shared.repetitions;
    run.plan.time = options.shared.time;
    run.size_index = options.size_index;
    choose_cpus(&run, &options.shared.cpus);
    choose_scenarios(&run, &options);
    bench_begin(&options.shared);
    const bool measured = seq_measure(&run) == 0;
    if (measured) {
        seq_advise(&run);
    }
    int status = bench_end(&options.shared, measured, &results);
    if (status == CLI_OK && run.broken) {
        status = CLI_FAILED;
    }
    seq_free(&run);
    free(run.cpu);
    free(run.design);
    machine_free(&run.machine);
    return status;
}
