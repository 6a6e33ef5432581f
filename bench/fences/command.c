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
    "Measure what each fence of cordon/fence.h costs on this machine, beside the instructions\n"
    "that could stand in its place. The cost is marginal: the same loop is timed with the fence\n"
    "and with a compiler barrier, block by block in turn, and the difference is reported, as a\n"
    "median with its 95 % interval. A difference that may be nothing is printed as ~0.\n"
    "\n"
    "A fence is not dear by itself: it waits for the stores before it. So each is measured\n"
    "  - with an empty store buffer,\n"
    "  - after stores to lines that this core owns,\n"
    "  - after stores to lines that another core has just written (with two or more CPUs).\n"
    "\n"
    "Options:\n"
    "  -c, --cpus A[,B...]    measure on CPU A; B and further ones own the lines, each in turn\n"
    "                         (default: the first allowed CPU, and for each distance there is,\n"
    "                         from the same core to another package, one more)\n"
    "  -o, --only NAME[,...]  these fences alone; see --list\n"
    "  -s, --stores N         how many lines are stored to before the fence, 1 to 128 "
    "(8)\n" BENCH_HELP_TIME
    "  -r, --repetitions N    samples per fence and context, 5 to 10000 (100)\n"
    "      --cycles           print core cycles instead of nanoseconds\n" BENCH_HELP_JSON
    "  -l, --list             list the fences and their instructions, and measure "
    "nothing\n" BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench fences                          all of it, in about ten seconds\n"
    "  cordon-bench fences --only full,mfence,heavy --time 2\n"
    "  cordon-bench fences --cpus 0,64 --stores 1   one line, between CPU 0 and CPU 64\n"
    "\n" BENCH_HELP_EXIT;

struct options {
    struct bench_options shared;
    bool *selected;
    unsigned stores;
    bool cycles, list;
};

static void select_only(bool *selected, const char *text)
{
    const char *names[64];
    char *copy = strdup(text);
    char *rest = copy;
    for (unsigned i = 0; i < fence_count; ++i) {
        names[i] = fences[i].name;
        /* Without it nothing tells how small a difference means something. */
        selected[i] = strcmp(fences[i].name, "compiler") == 0;
    }
    for (char *name; copy != NULL && (name = strsep(&rest, ",")) != NULL;) {
        unsigned i = 0;
        while (i < fence_count && strcmp(fences[i].name, name) != 0) {
            ++i;
        }
        if (i == fence_count) {
            const char *nearest = cli_nearest(name, names, fence_count);
            cli_die(CLI_USAGE,
                    nearest ? "--only: no fence '%s'; did you mean %s?"
                            : "--only: no fence '%s'; see --list%.0s",
                    name, nearest ? nearest : "");
        }
        selected[i] = true;
    }
    free(copy);
}

static void read_options(struct options *options, int argc, char **argv)
{
    enum { CYCLES = 1000 };
    static const struct option known[] = {
        {"only", required_argument, NULL, 'o'},
        {"stores", required_argument, NULL, 's'},
        {"cycles", no_argument, NULL, CYCLES},
        {"list", no_argument, NULL, 'l'},
        BENCH_LONG,
    };
    for (int option; (option = cli_option(argc, argv, "+o:s:l" BENCH_SHORT, known)) != -1;) {
        if (bench_option(&options->shared, option, argc, argv, help)) {
            continue;
        }
        switch (option) {
        case 'o':
            select_only(options->selected, optarg);
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
}

static struct fence_context *add_context(struct fence_run *run, enum fence_place place,
                                         const struct machine_cpu *cpu)
{
    struct fence_context *context = &run->context[run->context_count++];
    context->place = place;
    context->cpu = cpu->os;
    return context;
}

static void add_partner(struct fence_run *run, const struct machine_cpu *cpu,
                        const struct machine_cpu *partner)
{
    struct fence_context *context = add_context(run, FENCE_TAKEN, cpu);
    context->partner = partner->os;
    context->distance = machine_distance(cpu, partner);
}

static void choose_contexts(struct fence_run *run, const struct cli_cpus *cpus)
{
    const struct machine *machine = &run->machine;
    const struct machine_cpu *cpu =
        cpus->count > 0 ? bench_allowed(machine, cpus->cpu[0]) : &machine->cpu[0];
    add_context(run, FENCE_EMPTY, cpu);
    add_context(run, FENCE_OWN, cpu);
    for (size_t i = 1; i < cpus->count; ++i) {
        if (run->context_count == FENCE_MOST_CONTEXTS) {
            cli_die(CLI_USAGE, "--cpus: more than %d CPUs", FENCE_MOST_CONTEXTS - 1);
        }
        add_partner(run, cpu, bench_allowed(machine, cpus->cpu[i]));
    }
    for (unsigned i = 1; cpus->count == 0 && i < machine->cpu_count; ++i) {
        bool known = false;
        for (unsigned c = 2; c < run->context_count; ++c) {
            known |= run->context[c].distance == machine_distance(cpu, &machine->cpu[i]);
        }
        if (!known) {
            add_partner(run, cpu, &machine->cpu[i]);
        }
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
    struct options options = {.shared = {.repetitions = 100, .time = UINT64_C(10000000000)},
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
    run.stores = options.stores;
    run.cycles = options.cycles;
    run.repetitions = options.shared.repetitions;
    run.time = options.shared.time;
    choose_contexts(&run, &options.shared.cpus);
    bench_begin(&options.shared);
    cordon_fence_asymmetric_probe();
    const bool measured = fences_measure(&run) == 0;
    const int status = bench_end(&options.shared, measured, &results);
    fences_free(&run);
    machine_free(&run.machine);
    free(options.selected);
    return status;
}
