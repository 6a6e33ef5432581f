/* options.c - reading what is asked, and delivering it. */
#define _GNU_SOURCE
#include "options.h"
#include "bench.h"
#include "gbench.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void bench_version(void)
{
    puts("cordon-bench " GBENCH_VERSION);
}

static void read_json(struct bench_options *options, int argc, char **argv)
{
    options->json = true;
    options->file = optarg;
    /* The file may follow as a word of its own, since there are no other operands. */
    if (optarg == NULL && optind < argc && (argv[optind][0] != '-' || argv[optind][1] == '\0')) {
        options->file = argv[optind++];
    }
    if (options->file != NULL && strcmp(options->file, "-") == 0) {
        options->file = NULL;
    } else if (options->file != NULL && options->file[0] == '\0') {
        cli_die(CLI_USAGE, "--json: the file's name is empty");
    }
}

bool bench_option(struct bench_options *options, int option, int argc, char **argv,
                  const char *help)
{
    const char *wrong;
    switch (option) {
    case 'c':
        free(options->cpus.cpu);
        wrong = cli_read_cpus(optarg, &options->cpus);
        if (wrong != NULL) {
            cli_die(CLI_USAGE, "--cpus: '%s': %s", optarg, wrong);
        }
        return true;
    case 't':
        options->time = cli_duration("--time", optarg);
        return true;
    case 'q':
        options->time = UINT64_C(1000000000);
        return true;
    case 'r':
        options->repetitions =
            (unsigned)cli_count("--repetitions", optarg, 5, BENCH_MOST_REPETITIONS);
        return true;
    case 'j':
        read_json(options, argc, argv);
        return true;
    case 'h':
        fputs(help, stdout);
        exit(cli_finish(CLI_OK));
    case 'V':
        bench_version();
        exit(cli_finish(CLI_OK));
    default:
        return false;
    }
}

void bench_no_operands(int argc, char **argv)
{
    if (optind < argc) {
        cli_die(CLI_USAGE, "unexpected argument '%s'; try --help", argv[optind]);
    }
}

const struct machine_cpu *bench_allowed(const struct machine *machine, unsigned os)
{
    const struct machine_cpu *cpu = machine_find(machine, os);
    if (cpu == NULL) {
        cli_die(CLI_USAGE,
                "--cpus: CPU %u is not among those this process may use (see taskset -p $$)", os);
    }
    return cpu;
}

void bench_read_machine(const struct bench_options *options, struct machine *machine)
{
    if (machine_read(machine) != 0) {
        cli_die(CLI_UNFIT, "cannot read this machine's topology: %s", strerror(errno));
    }
    for (size_t i = 0; i < options->cpus.count; ++i) {
        (void)bench_allowed(machine, options->cpus.cpu[i]);
    }
}

void bench_begin(struct bench_options *options)
{
    cli_catch_interrupts();
    /* Find out before measuring, not after, whether the file can be written. */
    if (options->file != NULL) {
        options->created = access(options->file, F_OK) != 0;
        FILE *stream = fopen(options->file, "ae");
        if (stream == NULL) {
            cli_die(CLI_USAGE, "--json: cannot write '%s': %s", options->file, strerror(errno));
        }
        fclose(stream);
    }
}

static int write_results(const struct bench_options *options, const struct bench_results *results)
{
    if (!options->json || options->file != NULL) {
        results->print(stdout, results->run);
    }
    if (options->json) {
        FILE *stream = options->file ? fopen(options->file, "we") : stdout;
        json_t *document = results->document(results->run);
        if (document == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        int failed = stream == NULL || gbench_write(stream, document) != 0;
        json_decref(document);
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

int bench_end(struct bench_options *options, bool measured, const struct bench_results *results)
{
    int status = CLI_UNFIT;
    if (measured) {
        status = write_results(options, results);
    } else if (options->created) {
        unlink(options->file);
    }
    free(options->cpus.cpu);
    return status == CLI_OK && cli_interrupted ? 128 + (int)cli_interrupted : status;
}
