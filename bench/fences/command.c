/* command.c - the command line of `cordon-bench fences`. */
#define _GNU_SOURCE
#include "fences.h"
#include "../bench.h"
#include "../options.h"

#include <cordon/fence.h>

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "Usage: cordon-bench fences [OPTION...]\n"
    "\n"
    "Measure what each fence of cordon/fence.h and each C11 access costs on this machine, beside "
    "the\n"
    "instructions that could stand in its place, and what it buys. The cost is marginal: the same\n"
    "loop is timed with the fence and with a compiler barrier, block by block in turn, and the\n"
    "difference is reported, as a median with its 95 % interval. A difference that may be nothing "
    "is\n"
    "printed as ~0. The parts of the report:\n"
    "\n"
    "  costs       of fences: with an empty store buffer, after stores to lines that this core "
    "owns,\n"
    "              to lines that another core has just written, after loads that miss, and with "
    "all\n"
    "              CPUs fencing at once\n"
    "  accesses    of loads, stores and read-modify-writes, in each order, beyond the relaxed one\n"
    "  ladder      of the full fence (or those of --only, four at most) against the number of "
    "stores:\n"
    "              how long one takes to drain, and how many fill the store buffer\n"
    "  membarrier  of a heavy fence: to its caller, and to a thread elsewhere that has no part in "
    "it\n"
    "  effect      what it buys: how often litmus tests end weakly with the fence, and without\n"
    "\n"
    "Options:\n"
    "  -c, --cpus A[,B...]    measure on CPU A, with B and further ones in turn as the other core\n"
    "                         (default: the first allowed CPU, and for each distance there is,\n"
    "                         from the same core to another package, one more)\n"
    "  -p, --parts LIST       these parts alone, of those above\n"
    "  -o, --only NAME[,...]  these fences and accesses alone; see --list\n"
    "  -s, --stores N         how many lines are stored to, or loaded from, before the fence, but\n"
    "                         for the ladder: 1 to 128 (8)\n"
    "  -t, --time TIME        measure for about this long, e.g. 5, 500ms, 1m (20)\n"
    "  -q, --quick            a short look, with wider intervals: the same as --time 1\n"
    "  -r, --repetitions N    samples per fence and context, 5 to 10000 (100)\n"
    "      --cycles           print core cycles instead of nanoseconds\n" BENCH_HELP_JSON
    "  -l, --list             list fences, accesses and their instructions, and measure "
    "nothing\n" BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench fences                          all of it, in about twenty seconds\n"
    "  cordon-bench fences --only full,mfence,heavy --parts costs --time 2\n"
    "  cordon-bench fences --parts ladder,effect --cpus 0,64   between CPU 0 and CPU 64\n"
    "\n"
    "Exit status: 0 done; 1 a litmus test ended in a way that the fence forbids; 2 the command "
    "line\n"
    "is wrong; 3 this environment does not permit it; 130, 143, 129, 131 interrupted by SIGINT,\n"
    "SIGTERM, SIGHUP, SIGQUIT (what was measured until then is printed).\n";

struct options {
    struct bench_options shared;
    bool *selected;
    bool part[FENCE_PARTS];
    unsigned stores;
    bool cycles, list, narrowed;
};

static void select_only(struct options *options, const char *text)
{
    const char *names[FENCE_MOST];
    for (unsigned i = 0; i < fence_count; ++i) {
        names[i] = fences[i].name;
        /* Without it nothing tells how small a difference means something. */
        options->selected[i] = strcmp(fences[i].name, "compiler") == 0;
    }
    options->narrowed = true;
    bench_choose("--only", "fence", text, names, fence_count, "--list", options->selected);
}

static void select_parts(struct options *options, const char *text)
{
    memset(options->part, 0, sizeof options->part);
    bench_choose("--parts", "part", text, fence_part_names, FENCE_PARTS, "--help", options->part);
}

/* Parts of which nothing is left by --only. */
static void drop_parts(struct options *options)
{
    bool fence = false, access = false;
    for (unsigned i = 0; i < fence_count; ++i) {
        access |= options->selected[i] && fences[i].kind == FENCE_ACCESS;
        fence |= options->selected[i] && fences[i].kind != FENCE_ACCESS &&
                 strcmp(fences[i].name, "compiler") != 0;
    }
    options->part[FENCE_COSTS] &= fence || !access;
    options->part[FENCE_ACCESSES] &= access;
    options->part[FENCE_MEMBARRIER] &= options->selected[fence_find("heavy")];
    options->part[FENCE_EFFECT] &= fence;
}

static void read_options(struct options *options, int argc, char **argv)
{
    enum { CYCLES = 1000 };
    static const struct option known[] = {
        {"parts", required_argument, NULL, 'p'},  {"only", required_argument, NULL, 'o'},
        {"stores", required_argument, NULL, 's'}, {"cycles", no_argument, NULL, CYCLES},
        {"list", no_argument, NULL, 'l'},         BENCH_LONG,
    };
    for (int option; (option = cli_option(argc, argv, "+p:o:s:l" BENCH_SHORT, known)) != -1;) {
        if (bench_option(&options->shared, option, argc, argv, help)) {
            continue;
        }
        switch (option) {
        case 'o':
            select_only(options, optarg);
            break;
        case 'p':
            select_parts(options, optarg);
            break;
        case 's':
            options->stores = (unsigned)cli_count("--stores", optarg, 1, FENCE_MOST_STORES);
            break;
        case CYCLES:
            options->cycles = true;
            break;
        case 'l':
            options->list = true;
            break;
        default:
            break;
        }
    }
    bench_no_operands(argc, argv);
    if (options->narrowed) {
        drop_parts(options);
    }
}

static void print(FILE *stream, const void *run)
{
    fences_print(stream, run);
}

static json_t *document(const void *run)
{
    return fences_document(run);
}

int bench_fences(int argc, char **argv)
{
    struct options options = {.shared = {.repetitions = 100, .time = UINT64_C(20000000000)},
                              .part = {true, true, true, true, true},
                              .stores = 8};
    static struct fence_run run;
    const struct bench_results results = {&run, print, document};
    options.selected = calloc(fence_count, sizeof *options.selected);
    if (options.selected == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < fence_count; ++i) {
        options.selected[i] = true;
    }
    read_options(&options, argc, argv);
    if (options.list) {
        fences_print_list(stdout);
        free(options.shared.cpus.cpu);
        free(options.selected);
        return CLI_OK;
    }
    bench_read_machine(&options.shared, &run.machine);
    run.selected = options.selected;
    run.narrowed = options.narrowed;
    memcpy(run.part, options.part, sizeof run.part);
    run.stores = options.stores;
    run.cycles = options.cycles;
    run.repetitions = options.shared.repetitions;
    run.time = options.shared.time;
    fences_plan(&run, &options.shared.cpus);
    bench_begin(&options.shared);
    cordon_fence_asymmetric_probe();
    const bool measured = fences_measure(&run) == 0;
    int status = bench_end(&options.shared, measured, &results);
    if (status == CLI_OK && fences_violation(&run)) {
        status = CLI_FAILED;
    }
    fences_free(&run);
    machine_free(&run.machine);
    free(options.selected);
    return status;
}
