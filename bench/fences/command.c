/* command.c - the command line of `cordon-bench fences`. */
#define _GNU_SOURCE
#include "fences.h"
#include "../bench.h"
#include "cli/cli.h"

#include <cordon/fence.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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
    "                         (default: the first allowed CPU, and the nearest other one of each\n"
    "                         distance: same core, same package, another package)\n"
    "  -o, --only NAME[,...]  these fences alone; see --list\n"
    "  -s, --stores N         how many lines are stored to before the fence, 1 to 128 (8)\n"
    "  -t, --time TIME        measure for this long at most, e.g. 5, 500ms, 1m (10)\n"
    "  -r, --repetitions N    samples per fence and context, 5 to 1000 (100)\n"
    "      --cycles           print core cycles instead of nanoseconds\n"
    "  -j, --json [FILE]      write JSON (Google Benchmark's form, with all samples) to FILE, or\n"
    "                         to standard output in place of the table\n"
    "  -l, --list             list the fences and their instructions, and measure nothing\n"
    "  -h, --help             this text\n"
    "  -V, --version          the version\n"
    "\n"
    "Examples:\n"
    "  cordon-bench fences                          all of it, in about ten seconds\n"
    "  cordon-bench fences --only full,mfence,heavy --time 2\n"
    "  cordon-bench fences --cpus 0,64 --stores 1   one line, between CPU 0 and CPU 64\n"
    "\n"
    "Exit status: 0 done; 2 the command line is wrong; 3 this environment does not permit it;\n"
    "130, 143, 129, 131 interrupted by SIGINT, SIGTERM, SIGHUP, SIGQUIT (what was measured until\n"
    "then is printed).\n";

struct options {
    struct cli_cpus cpus;
    bool *selected;
    unsigned stores, repetitions;
    uint64_t time;
    bool cycles, list, json;
    const char *file; /* NULL: standard output */
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
        {"cpus", required_argument, NULL, 'c'},
        {"only", required_argument, NULL, 'o'},
        {"stores", required_argument, NULL, 's'},
        {"time", required_argument, NULL, 't'},
        {"repetitions", required_argument, NULL, 'r'},
        {"cycles", no_argument, NULL, CYCLES},
        {"json", optional_argument, NULL, 'j'},
        {"list", no_argument, NULL, 'l'},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    const char *wrong;
    for (int option; (option = cli_option(argc, argv, "+c:o:s:t:r:j::lhV", known)) != -1;) {
        switch (option) {
        case 'c':
            free(options->cpus.cpu);
            wrong = cli_read_cpus(optarg, &options->cpus);
            if (wrong != NULL) {
                cli_die(CLI_USAGE, "--cpus: '%s': %s", optarg, wrong);
            }
            break;
        case 'o':
            select_only(options->selected, optarg);
            break;
        case 's':
            options->stores = (unsigned)cli_count("--stores", optarg, 1, FENCE_MOST_STORES);
            break;
        case 't':
            options->time = cli_duration("--time", optarg);
            break;
        case 'r':
            options->repetitions = (unsigned)cli_count("--repetitions", optarg, 5, 1000);
            break;
        case CYCLES:
            options->cycles = true;
            break;
        case 'j':
            options->json = true;
            options->file = optarg;
            /* The file may follow as a word of its own, since there are no other operands. */
            if (optarg == NULL && optind < argc &&
                (argv[optind][0] != '-' || argv[optind][1] == '\0')) {
                options->file = argv[optind++];
            }
            if (options->file != NULL && strcmp(options->file, "-") == 0) {
                options->file = NULL;
            } else if (options->file != NULL && options->file[0] == '\0') {
                cli_die(CLI_USAGE, "--json: the file's name is empty");
            }
            break;
        case 'l':
            options->list = true;
            break;
        case 'h':
            fputs(help, stdout);
            exit(cli_finish(CLI_OK));
        case 'V':
            bench_version();
            exit(cli_finish(CLI_OK));
        default:
            break;
        }
    }
    if (optind < argc) {
        cli_die(CLI_USAGE, "unexpected argument '%s'; try --help", argv[optind]);
    }
}

static const char *distance(const struct machine_cpu *a, const struct machine_cpu *b)
{
    if (a->package != b->package) {
        return "another package";
    }
    if (a->numa != b->numa) {
        return "another NUMA node";
    }
    return a->core == b->core && a->core != MACHINE_UNKNOWN ? "same core" : "another core";
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
    context->distance = distance(cpu, partner);
}

static const struct machine_cpu *allowed(const struct machine *machine, unsigned os)
{
    const struct machine_cpu *cpu = machine_find(machine, os);
    if (cpu == NULL) {
        cli_die(CLI_USAGE,
                "--cpus: CPU %u is not among those this process may use (see taskset -p $$)", os);
    }
    return cpu;
}

static void choose_contexts(struct fence_run *run, const struct cli_cpus *cpus)
{
    const struct machine *machine = &run->machine;
    const struct machine_cpu *cpu =
        cpus->count > 0 ? allowed(machine, cpus->cpu[0]) : &machine->cpu[0];
    add_context(run, FENCE_EMPTY, cpu);
    add_context(run, FENCE_OWN, cpu);
    for (size_t i = 1; i < cpus->count; ++i) {
        if (run->context_count == FENCE_MOST_CONTEXTS) {
            cli_die(CLI_USAGE, "--cpus: more than %d CPUs", FENCE_MOST_CONTEXTS - 1);
        }
        add_partner(run, cpu, allowed(machine, cpus->cpu[i]));
    }
    for (unsigned i = 1; cpus->count == 0 && i < machine->cpu_count; ++i) {
        bool known = false;
        for (unsigned c = 2; c < run->context_count; ++c) {
            known |= strcmp(run->context[c].distance, distance(cpu, &machine->cpu[i])) == 0;
        }
        if (!known) {
            add_partner(run, cpu, &machine->cpu[i]);
        }
    }
}

/* Find out before measuring, not after, whether the file can be written. */
static bool try_file(const char *file)
{
    const bool existed = access(file, F_OK) == 0;
    FILE *stream = fopen(file, "ae");
    if (stream == NULL) {
        cli_die(CLI_USAGE, "--json: cannot write '%s': %s", file, strerror(errno));
    }
    fclose(stream);
    return !existed;
}

static int write_results(const struct fence_run *run, const struct options *options)
{
    if (!options->json || options->file != NULL) {
        fences_print(stdout, run, options->cycles);
    }
    if (options->json) {
        FILE *stream = options->file ? fopen(options->file, "we") : stdout;
        int failed = stream == NULL || fences_write_json(stream, run) != 0;
        if (stream != NULL && stream != stdout) {
            failed |= fclose(stream) != 0;
        }
        if (failed) {
            cli_error("cannot write %s: %s", options->file ? options->file : "the output",
                      strerror(errno));
            return CLI_UNFIT;
        }
    }
    return CLI_OK;
}

int bench_fences(int argc, char **argv)
{
    struct options options = {.stores = 8, .repetitions = 100, .time = UINT64_C(10000000000)};
    static struct fence_run run;
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
        free(options.cpus.cpu);
        free(options.selected);
        return CLI_OK;
    }
    if (machine_read(&run.machine) != 0) {
        cli_die(CLI_UNFIT, "cannot read this machine's topology: %s", strerror(errno));
    }
    run.selected = options.selected;
    run.stores = options.stores;
    run.repetitions = options.repetitions;
    run.time = options.time;
    choose_contexts(&run, &options.cpus);
    cli_catch_interrupts();
    const bool created = options.file != NULL && try_file(options.file);
    cordon_fence_asymmetric_probe();
    int status = CLI_UNFIT;
    if (fences_measure(&run) == 0) {
        status = write_results(&run, &options);
    } else if (created) {
        unlink(options.file);
    }
    fences_free(&run);
    machine_free(&run.machine);
    free(options.cpus.cpu);
    free(options.selected);
    return status == CLI_OK && cli_interrupted ? 128 + (int)cli_interrupted : status;
}
