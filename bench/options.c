/* options.c - reading what is asked, and delivering it. */
#define _GNU_SOURCE
#include "options.h"
#include "bench.h"
#include "gbench.h"
#include "report/report.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void bench_version(void)
{
    puts("cordon-bench " GBENCH_VERSION);
}

/* The file of an option that may have one. It may follow as a word of its own. */
static const char *read_file(const char *option, int argc, char **argv)
{
    const char *file = optarg;
    if (file == NULL && optind < argc && (argv[optind][0] != '-' || argv[optind][1] == '\0')) {
        file = argv[optind++];
    }
    if (file != NULL && file[0] == '\0') {
        cli_die(CLI_USAGE, "%s: the file's name is empty", option);
    }
    return file == NULL || strcmp(file, "-") == 0 ? NULL : file;
}

static void read_html(struct bench_options *options, int argc, char **argv)
{
    options->html = true;
    options->page = read_file("--html", argc, argv);
    /* `report --html old.json new.json` would otherwise destroy what somebody measured. */
    const size_t length = options->page != NULL ? strlen(options->page) : 0;
    if (length > 5 && strcmp(options->page + length - 5, ".json") == 0) {
        cli_die(CLI_USAGE, "--html: '%s' is the name of a JSON file, and would be overwritten",
                options->page);
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
        options->json = true;
        options->file = read_file("--json", argc, argv);
        return true;
    case BENCH_HTML:
        read_html(options, argc, argv);
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

void bench_choose(const char *option, const char *kind, const char *list, const char *const *words,
                  unsigned count, const char *listed, bool *chosen)
{
    char *copy = strdup(list);
    char *rest = copy;
    if (copy == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (char *word; (word = strsep(&rest, ",")) != NULL;) {
        unsigned i = 0;
        while (i < count && strcmp(words[i], word) != 0) {
            ++i;
        }
        if (i == count) {
            const char *nearest = cli_nearest(word, words, count);
            cli_die(CLI_USAGE,
                    nearest ? "%s: no %s '%s'; did you mean %s?" : "%s: no %s '%s'; see %s", option,
                    kind, word, nearest ? nearest : listed);
        }
        chosen[i] = true;
    }
    free(copy);
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

/* Find out before measuring, not after, whether a file can be written, and whether it is new. */
static void check_file(const struct bench_options *options, const char *option, const char *file,
                       bool *created)
{
    const bool is_new = access(file, F_OK) != 0;
    FILE *stream = fopen(file, "ae");
    if (stream == NULL) {
        const int error = errno;
        bench_unlink(options);
        cli_die(CLI_USAGE, "%s: cannot write '%s': %s", option, file, strerror(error));
    }
    fclose(stream);
    *created = is_new;
}

/* One file by two names, too: the second to be written would be all that is left. */
static bool is_same_file(const char *a, const char *b)
{
    struct stat one, other;
    return strcmp(a, b) == 0 ||
           (stat(a, &one) == 0 && stat(b, &other) == 0 && S_ISREG(one.st_mode) &&
            one.st_dev == other.st_dev && one.st_ino == other.st_ino);
}

void bench_check_files(struct bench_options *options)
{
    if (options->json && options->html && options->file == NULL && options->page == NULL) {
        cli_die(CLI_USAGE, "--json and --html: one of them needs a file");
    }
    if (options->file != NULL) {
        check_file(options, "--json", options->file, &options->created);
    }
    if (options->page != NULL) {
        check_file(options, "--html", options->page, &options->page_created);
    }
    if (options->file != NULL && options->page != NULL &&
        is_same_file(options->file, options->page)) {
        bench_unlink(options);
        cli_die(CLI_USAGE, "--json and --html: both to '%s'", options->file);
    }
}

void bench_begin(struct bench_options *options)
{
    cli_catch_interrupts();
    bench_check_files(options);
}

static int write_document(const char *file, json_t *document, int (*write)(FILE *, json_t *))
{
    FILE *stream = file != NULL ? fopen(file, "we") : stdout;
    int failed = stream == NULL || write(stream, document) != 0;
    if (stream != NULL && stream != stdout) {
        failed |= fclose(stream) != 0;
    }
    if (failed) {
        cli_error("cannot write %s: %s", file != NULL ? file : "the output", strerror(errno));
    }
    return failed ? CLI_UNFIT : CLI_OK;
}

int bench_write_json(const struct bench_options *options, json_t *document)
{
    return options->json ? write_document(options->file, document, gbench_write) : CLI_OK;
}

int bench_write_html(const struct bench_options *options, json_t *document)
{
    return options->html ? write_document(options->page, document, report_page) : CLI_OK;
}

void bench_unlink(const struct bench_options *options)
{
    if (options->created) {
        unlink(options->file);
    }
    if (options->page_created) {
        unlink(options->page);
    }
}

static FILE *collector;
static bool collector_text;

void bench_collect(FILE *stream, bool text)
{
    collector = stream;
    collector_text = text;
}

static int write_results(const struct bench_options *options, const struct bench_results *results)
{
    int status = CLI_OK;
    const bool text = collector != NULL ? collector_text
                                        : (!options->json || options->file != NULL) &&
                                              (!options->html || options->page != NULL);
    if (text) {
        results->print(stdout, results->run);
    }
    if (options->json || options->html || collector != NULL) {
        json_t *document = results->document(results->run);
        if (document == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        status = bench_write_json(options, document);
        status = status == CLI_OK ? bench_write_html(options, document) : status;
        if (collector != NULL && gbench_write(collector, document) != 0) {
            cli_error("cannot keep the results: %s", strerror(errno));
            status = CLI_UNFIT;
        }
        json_decref(document);
    }
    return status;
}

int bench_end(struct bench_options *options, bool measured, const struct bench_results *results)
{
    int status = CLI_UNFIT;
    if (measured) {
        status = write_results(options, results);
    } else {
        bench_unlink(options);
    }
    free(options->cpus.cpu);
    return status == CLI_OK && cli_interrupted ? 128 + (int)cli_interrupted : status;
}
