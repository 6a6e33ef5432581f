/* command.c - the command line of `cordon-bench rings`, and which contests it asks for. */
#define _GNU_SOURCE
#include "rings.h"
#include "../bench.h"
#include "../options.h"

#include <stdlib.h>

static const char help[] =
    "Usage: cordon-bench rings [OPTION...]\n"
    "\n"
    "Measure queues between threads: ours, and those of other libraries that were installed when\n"
    "this was built. Producers push numbered items as fast as they can, consumers pop them, and\n"
    "every item is checked: nothing lost, nothing doubled, nothing damaged, each producer's in\n"
    "order. All candidates run in the same loops, wait the same way, and are measured block by\n"
    "block in turn.\n"
    "\n"
    "By default: one producer and one consumer, with the queues made for that; then 1, 2 and 4 of\n"
    "each with the queues for any number; one item at a time, and in batches; and the latency of\n"
    "one item through a nearly empty queue (half of a round trip through two of them).\n"
    "\n"
    "Options:\n"
    "  -p, --producers N      the mix of your own program, in place of these: so many threads\n"
    "      --consumers N      that push, and so many that pop, 1 to 128 each (1)\n"
    "  -s, --size BYTES[,...] items of these sizes: 8, 16, 64, 256 (8)\n"
    "  -b, --batch N          items in a batch, 2 to 256 (32)\n"
    "      --capacity N       items that fit, a power of two from 16 to 32768 (1024)\n"
    "  -o, --only NAME[,...]  these candidates alone; see --list\n"
    "  -c, --cpus A[,B...]    the CPUs the threads run on, each on one of its own while there are\n"
    "                         enough; else all over all of them (default: those allowed, the\n"
    "                         first hardware thread of each core before the others)\n"
    "  -t, --time TIME        measure for about this long, e.g. 10, 500ms, 1m (40)\n"
    "  -q, --quick            a short look, with wider intervals: --time 4, and no 2 of each\n"
    "  -r, --repetitions N    samples per candidate and table, 5 to 10000 (100)\n"        //
    BENCH_HELP_JSON "  -l, --list             list the candidates, and measure nothing\n" //
    BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench rings                               all of it, in less than a minute\n"
    "  cordon-bench rings --producers 3 --size 8,64     three producers, one consumer\n"
    "  cordon-bench rings --only spsc,boost-spsc --producers 1\n"
    "\n"
    "Exit status: 0 done; 1 a candidate lost, doubled or damaged items; 2 the command line is\n"
    "wrong; 3 this environment does not permit it; 130, 143, 129, 131 interrupted by SIGINT,\n"
    "SIGTERM, SIGHUP, SIGQUIT (what was measured until then is printed).\n";

enum {
    MOST_THREADS = 128,
    LEAST_CAPACITY = 16,
    MOST_CAPACITY = 32768, /* boost::lockfree::queue takes less than 65535 */
};

struct options {
    struct bench_options shared;
    bool selected[RING_MOST_CANDIDATES];
    bool size[RING_SIZES];
    unsigned producers, consumers; /* 0: not given */
    unsigned batch, capacity;      /* batch 0: not given */
    bool list, quick;
};

static void select_only(bool *selected, const char *text)
{
    const char *names[RING_MOST_CANDIDATES];
    unsigned count = 0;
    for (; ring_candidate_at(count) != NULL; ++count) {
        names[count] = ring_candidate_at(count)->name;
        selected[count] = false;
    }
    bench_choose("--only", "candidate", text, names, count, "--list", selected);
}

static void select_sizes(bool *selected, const char *text)
{
    char *copy = strdup(text);
    char *rest = copy;
    memset(selected, 0, RING_SIZES * sizeof *selected);
    for (char *word; copy != NULL && (word = strsep(&rest, ",")) != NULL;) {
        unsigned long bytes = 0;
        unsigned i = 0;
        (void)cli_read_count(word, 1, 256, &bytes);
        while (i < RING_SIZES && ring_size[i] != bytes) {
            ++i;
        }
        if (i == RING_SIZES) {
            cli_die(CLI_USAGE, "--size: '%s' is none of 8, 16, 64, 256", word);
        }
        selected[i] = true;
    }
    free(copy);
}

static void read_options(struct options *options, int argc, char **argv)
{
    enum { CONSUMERS = 1000, CAPACITY };
    static const struct option known[] = {
        {"producers", required_argument, NULL, 'p'},
        {"consumers", required_argument, NULL, CONSUMERS},
        {"size", required_argument, NULL, 's'},
        {"batch", required_argument, NULL, 'b'},
        {"capacity", required_argument, NULL, CAPACITY},
        {"only", required_argument, NULL, 'o'},
        {"list", no_argument, NULL, 'l'},
        BENCH_LONG,
    };
    for (int option; (option = cli_option(argc, argv, "+p:s:b:o:l" BENCH_SHORT, known)) != -1;) {
        if (bench_option(&options->shared, option, argc, argv, help)) {
            options->quick |= option == 'q';
            options->shared.time = option == 'q' ? UINT64_C(4000000000) : options->shared.time;
            continue;
        }
        switch (option) {
        case 'p':
            options->producers = (unsigned)cli_count("--producers", optarg, 1, MOST_THREADS);
            break;
        case CONSUMERS:
            options->consumers = (unsigned)cli_count("--consumers", optarg, 1, MOST_THREADS);
            break;
        case 's':
            select_sizes(options->size, optarg);
            break;
        case 'b':
            options->batch = (unsigned)cli_count("--batch", optarg, 2, RING_MOST_BATCH);
            break;
        case CAPACITY:
            options->capacity =
                (unsigned)cli_count("--capacity", optarg, LEAST_CAPACITY, MOST_CAPACITY);
            if ((options->capacity & (options->capacity - 1)) != 0) {
                cli_die(CLI_USAGE, "--capacity: %u is not a power of two, as some candidates need",
                        options->capacity);
            }
            break;
        case 'o':
            select_only(options->selected, optarg);
            break;
        case 'l':
            options->list = true;
            break;
        default:
            break;
        }
    }
    bench_no_operands(argc, argv);
    /* Two sides that insist on n and m can wait for each other if n + m is more than the ring holds. */
    if (options->batch > options->capacity / 2) {
        cli_die(CLI_USAGE, "--batch: %u is more than half of the capacity, %u", options->batch,
                options->capacity);
    }
    if (options->batch == 0) {
        options->batch = options->capacity / 2 < 32 ? options->capacity / 2 : 32;
    }
}

/* A contest of those that are selected and can do it; none if there are none. */
static void add_part(struct ring_run *run, const struct options *options,
                     const struct ring_part *like)
{
    const unsigned doing = like->batch > 1 ? RING_BATCHES : RING_SINGLE;
    struct ring_part *part = &run->part[run->part_count];
    *part = *like;
    for (unsigned i = 0; ring_candidate_at(i) != NULL; ++i) {
        const struct ring_candidate *candidate = ring_candidate_at(i);
        if (options->selected[i] && (candidate->traits & doing) != 0 &&
            ((candidate->traits & RING_PAIR) != 0) == like->pair &&
            (!like->latency || candidate->calls[like->size].ping != NULL)) {
            part->entry[part->count++] = candidate;
        }
    }
    run->part_count += part->count > 0;
}

static void add_mix(struct ring_run *run, const struct options *options, unsigned size, bool pair,
                    unsigned producers, unsigned consumers)
{
    struct ring_part part = {
        .pair = pair, .producers = producers, .consumers = consumers, .size = size, .batch = 1};
    add_part(run, options, &part);
    part.batch = options->batch;
    add_part(run, options, &part);
    if (producers + consumers == 2) {
        part.batch = 1;
        part.latency = true;
        add_part(run, options, &part);
    }
}

static void choose_parts(struct ring_run *run, const struct options *options)
{
    const bool own = options->producers > 0 || options->consumers > 0;
    const unsigned producers = options->producers > 0 ? options->producers : 1;
    const unsigned consumers = options->consumers > 0 ? options->consumers : 1;
    for (unsigned size = 0; size < RING_SIZES; ++size) {
        if (!options->size[size]) {
            continue;
        }
        if (!own || producers + consumers == 2) {
            add_mix(run, options, size, true, 1, 1);
        }
        if (own) {
            add_mix(run, options, size, false, producers, consumers);
        }
        for (unsigned each = 1; !own && each <= 4; each *= options->quick ? 4 : 2) {
            add_mix(run, options, size, false, each, each);
        }
    }
    if (run->part_count == 0) {
        cli_die(CLI_USAGE, "--only: none of these can have %u producer%s and %u consumer%s",
                producers, producers == 1 ? "" : "s", consumers, consumers == 1 ? "" : "s");
    }
}

static void choose_cpus(struct ring_run *run, const struct cli_cpus *named)
{
    const struct machine *machine = &run->machine;
    unsigned most = 0;
    run->cpu_count = named->count > 0 ? (unsigned)named->count : machine->cpu_count;
    run->cpu = calloc(run->cpu_count, sizeof *run->cpu);
    if (run->cpu == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < named->count; ++i) {
        run->cpu[i] = named->cpu[i];
    }
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        most = machine->cpu[i].thread > most ? machine->cpu[i].thread : most;
    }
    for (unsigned thread = 0, count = 0; named->count == 0 && thread <= most; ++thread) {
        for (unsigned i = 0; i < machine->cpu_count; ++i) {
            if (machine->cpu[i].thread == thread) {
                run->cpu[count++] = machine->cpu[i].os;
            }
        }
    }
}

static void print(FILE *stream, const void *run)
{
    rings_print(stream, run);
}

static json_t *document(const void *run)
{
    return rings_document(run);
}

int bench_rings(int argc, char **argv)
{
    struct options options = {
        .shared = {.repetitions = 100, .time = UINT64_C(40000000000)},
        .size = {true},
        .capacity = 1024,
    };
    static struct ring_run run;
    const struct bench_results results = {&run, print, document};
    for (unsigned i = 0; i < RING_MOST_CANDIDATES; ++i) {
        options.selected[i] = true;
    }
    read_options(&options, argc, argv);
    if (options.list) {
        rings_print_list(stdout);
        free(options.shared.cpus.cpu);
        return CLI_OK;
    }
    bench_read_machine(&options.shared, &run.machine);
    run.capacity = options.capacity;
    run.repetitions = options.shared.repetitions;
    run.time = options.shared.time;
    choose_cpus(&run, &options.shared.cpus);
    choose_parts(&run, &options);
    bench_begin(&options.shared);
    const bool measured = rings_measure(&run) == 0;
    if (measured) {
        rings_advise(&run);
    }
    const int status = bench_end(&options.shared, measured, &results);
    const bool broken = run.broken > 0;
    rings_free(&run);
    machine_free(&run.machine);
    return status == CLI_OK && broken ? CLI_FAILED : status;
}
