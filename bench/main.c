/* main.c - cordon-bench: what synchronisation costs on this machine. */
#define _GNU_SOURCE
#include "bench.h"
#include "cli/cli.h"

#include <string.h>

const struct bench_subcommand bench_subcommands[] = {
    {"info", bench_info, 1, "this machine, its clocks, and what spoils a measurement on it"},
    {"c2c", bench_c2c, 5, "how long a cache line takes from one core to another, for each pair"},
    {"fences", bench_fences, 20, "the cost of every memory fence, beside its alternatives"},
    {"locks", bench_locks, 35,
     "which lock for your program, and what each does as threads grow many"},
    {"seqlocks", bench_seqlocks, 15,
     "data read often and changed seldom: seqlock, latch, rwlock or RCU"},
    {"rings", bench_rings, 25, "queues between threads, ours and others': throughput, latency"},
    {"all", bench_all, 0, "all of these in turn, for one report"},
    {"report", bench_report, 0, "a page with plots, or text, from JSON that was kept"},
    {"compare", bench_compare, 0, "what became faster and what slower between two files of JSON"},
};
enum { SUBCOMMANDS = sizeof bench_subcommands / sizeof *bench_subcommands };
const unsigned bench_subcommand_count = SUBCOMMANDS;

static void help(void)
{
    fputs("Usage: cordon-bench SUBCOMMAND [OPTION...]\n"
          "\n"
          "Measure what synchronisation costs on this machine, with intervals that say how far\n"
          "the figures can be trusted.\n"
          "\n"
          "Subcommands:\n",
          stdout);
    for (size_t i = 0; i < SUBCOMMANDS; ++i) {
        printf("  %-10s %s\n", bench_subcommands[i].name, bench_subcommands[i].what);
    }
    fputs("\n"
          "  -h, --help     this text; after a subcommand, that subcommand's\n"
          "  -V, --version  the version\n"
          "\n"
          "Start with:  cordon-bench info\n",
          stdout);
}

int main(int argc, char **argv)
{
    static const struct option known[] = {
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    const char *names[SUBCOMMANDS];
    char list[128] = "";
    for (size_t i = 0; i < SUBCOMMANDS; ++i) {
        names[i] = bench_subcommands[i].name;
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i ? ", " : "", names[i]);
    }
    cli_start("cordon-bench");
    for (int option; (option = cli_option(argc, argv, "+hV", known)) != -1;) {
        if (option == 'V') {
            bench_version();
        } else {
            help();
        }
        return cli_finish(CLI_OK);
    }
    if (optind >= argc) {
        cli_die(CLI_USAGE, "which subcommand? %s (try --help)", list);
    }
    const int first = optind;
    optind = 0; /* the subcommand reads its own words from the start */
    for (size_t i = 0; i < SUBCOMMANDS; ++i) {
        if (strcmp(argv[first], names[i]) == 0) {
            return cli_finish(bench_subcommands[i].run(argc - first, argv + first));
        }
    }
    const char *nearest = cli_nearest(argv[first], names, SUBCOMMANDS);
    if (nearest != NULL) {
        cli_die(CLI_USAGE, "no subcommand '%s'; did you mean %s?", argv[first], nearest);
    }
    cli_die(CLI_USAGE, "no subcommand '%s'; there are: %s", argv[first], list);
}
