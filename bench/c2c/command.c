/* command.c - the command line of `cordon-bench c2c`. */
#define _GNU_SOURCE
#include "c2c.h"
#include "../bench.h"
#include "../options.h"

#include <stdlib.h>

static const char help[] =
    "Usage: cordon-bench c2c [OPTION...]\n"
    "\n"
    "Measure how long a cache line takes from one core to another, for each pair of CPUs. Two\n"
    "threads hand one line to and fro: A stores to it, B, which has been reading it over and "
    "over,\n"
    "sees the new value and stores its answer to the same line, and so on. One figure is half of "
    "a\n"
    "round trip: from a store on one CPU to the store on the other that answers it. It is the "
    "floor\n"
    "under every lock that changes hands and every queue between two threads.\n"
    "\n"
    "Each block takes another line, drawn at random, on each NUMA node in turn: where a line lies\n"
    "is part of what it costs, so it is part of the spread and not of the figure. The pairs are\n"
    "measured block by block in turn.\n"
    "\n"
    "Options:\n"
    "  -c, --cpus A,B[,...]   the pairs of these CPUs, shown in this order, e.g. 0,2-5\n"
    "                         (default: all allowed CPUs, neighbours beside each other)\n" //
    BENCH_HELP_TIME "  -r, --repetitions N    samples per pair, 5 to 10000 (100)\n"        //
    BENCH_HELP_JSON BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench c2c                 the matrix of this machine\n"
    "  cordon-bench c2c --cpus 0,1,64   three CPUs, and for each pair the interval and the range\n"
    "  cordon-bench c2c --quick --json here.json\n"
    "\n"
    "How to read it: figures that fall into groups show the machine: hardware threads of one "
    "core,\n"
    "cores that share a cache, cores that do not, packages. Place threads that talk to each other\n"
    "within one group (taskset, numactl). A pair's least and most tell how much the line's "
    "address\n"
    "and the moment matter.\n"
    "\n" BENCH_HELP_EXIT;

static void read_options(struct bench_options *options, int argc, char **argv)
{
    static const struct option known[] = {BENCH_LONG};
    for (int option; (option = cli_option(argc, argv, "+" BENCH_SHORT, known)) != -1;) {
        (void)bench_option(options, option, argc, argv, help);
    }
    bench_no_operands(argc, argv);
}

static int nearest_first(const void *left, const void *right)
{
    const struct machine_cpu *a = *(const struct machine_cpu *const *)left;
    const struct machine_cpu *b = *(const struct machine_cpu *const *)right;
    const unsigned keys[][2] = {{a->package, b->package},
                                {a->numa, b->numa},
                                {a->cache, b->cache},
                                {a->core, b->core},
                                {a->os, b->os}};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; ++i) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static void choose_cpus(struct c2c_run *run, const struct cli_cpus *named)
{
    const struct machine *machine = &run->machine;
    if (named->count == 1) {
        cli_die(CLI_USAGE, "--cpus: a pair needs two CPUs");
    }
    if (named->count == 0 && machine->cpu_count < 2) {
        cli_die(CLI_UNFIT,
                "a pair needs two CPUs, and this process may use CPU %u alone (see taskset -p $$)",
                machine->cpu[0].os);
    }
    run->cpu_count = named->count > 0 ? (unsigned)named->count : machine->cpu_count;
    run->cpu = calloc(run->cpu_count, sizeof(const struct machine_cpu *));
    if (run->cpu == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < run->cpu_count; ++i) {
        run->cpu[i] = named->count > 0 ? bench_allowed(machine, named->cpu[i]) : &machine->cpu[i];
    }
    if (named->count == 0) {
        qsort(run->cpu, run->cpu_count, sizeof(const struct machine_cpu *), nearest_first);
    }
}

static void print(FILE *stream, const void *run)
{
    c2c_print(stream, run);
}

static json_t *document(const void *run)
{
    return c2c_document(run);
}

int bench_c2c(int argc, char **argv)
{
    struct bench_options options = {.repetitions = 100, .time = UINT64_C(10000000000)};
    static struct c2c_run run;
    const struct bench_results results = {&run, print, document};
    read_options(&options, argc, argv);
    bench_read_machine(&options, &run.machine);
    run.repetitions = options.repetitions;
    run.time = options.time;
    choose_cpus(&run, &options.cpus);
    bench_begin(&options);
    const bool measured = c2c_measure(&run) == 0;
    const int status = bench_end(&options, measured, &results);
    c2c_free(&run);
    machine_free(&run.machine);
    return status;
}
