/* options.h - the options that subcommands share, and what is done with results at the end. */
#ifndef CORDON_BENCH_OPTIONS_H
#define CORDON_BENCH_OPTIONS_H

#include "cli/cli.h"
#include "machine/machine.h"

#include <jansson.h>

struct bench_options {
    struct cli_cpus cpus; /* count 0: none were named */
    uint64_t time;        /* ns */
    unsigned repetitions;
    bool json;
    const char *file; /* for JSON; NULL: standard output, in place of the text */
    bool created;     /* the file was not there before */
    bool html;
    const char *page; /* the file for HTML; NULL: standard output, in place of the text */
    bool page_created;
};

#define BENCH_MOST_REPETITIONS 10000

/* For getopt_long: BENCH_SHORT ends a subcommand's short options, BENCH_LONG its long ones. */
#define BENCH_SHORT "c:t:r:qj::hV"
#define BENCH_HTML  2000
/* clang-format off */
#define BENCH_LONG                                   \
    {"cpus", required_argument, NULL, 'c'},          \
    {"time", required_argument, NULL, 't'},          \
    {"repetitions", required_argument, NULL, 'r'},   \
    {"quick", no_argument, NULL, 'q'},               \
    {"json", optional_argument, NULL, 'j'},          \
    {"html", optional_argument, NULL, BENCH_HTML},   \
    {"help", no_argument, NULL, 'h'},                \
    {"version", no_argument, NULL, 'V'},             \
    {NULL, 0, NULL, 0}
/* clang-format on */

#define BENCH_HELP_TIME                                                                \
    "  -t, --time TIME        measure for this long at most, e.g. 5, 500ms, 1m (10)\n" \
    "  -q, --quick            a short look, with wider intervals: the same as --time 1\n"
#define BENCH_HELP_JSON                                                                         \
    "  -j, --json [FILE]      write JSON (Google Benchmark's form, with all samples) to FILE, " \
    "or\n"                                                                                      \
    "                         to standard output in place of the table\n"                       \
    "      --html [FILE]      likewise a page with plots (gnuplot's) and all tables\n"
#define BENCH_HELP_HELP                    \
    "  -h, --help             this text\n" \
    "  -V, --version          the version\n"
#define BENCH_HELP_EXIT                                                                          \
    "Exit status: 0 done; 2 the command line is wrong; 3 this environment does not permit it;\n" \
    "130, 143, 129, 131 interrupted by SIGINT, SIGTERM, SIGHUP, SIGQUIT (what was measured "     \
    "until\n"                                                                                    \
    "then is printed).\n"

/* bench_option - take what cli_option returned, if it is one of the shared options; else false.
 * --help prints the text given, and like --version ends the program; so does a wrong value.
 */
bool bench_option(struct bench_options *options, int option, int argc, char **argv,
                  const char *help);

/* bench_no_operands - after the last option: anything left ends the program with status 2. */
void bench_no_operands(int argc, char **argv);

/* bench_choose - set `chosen` of each of the `count` words that the list, parted by commas, names; one that
 * is none of them ends the program with status 2, and it says what they are (`kind`), and where they are listed.
 */
void bench_choose(const char *option, const char *kind, const char *list, const char *const *words,
                  unsigned count, const char *listed, bool *chosen);

/* bench_allowed - the CPU of that number, which --cpus named; one that this process may not use
 * ends the program with status 2.
 */
const struct machine_cpu *bench_allowed(const struct machine *machine, unsigned os);

/* bench_read_machine - and see that the CPUs named are allowed; else the program ends. */
void bench_read_machine(const struct bench_options *options, struct machine *machine);

/* bench_check_files - see that what the options name can be written; else the program ends. */
void bench_check_files(struct bench_options *options);

/* bench_begin - right before measuring: catch interrupts, and bench_check_files. */
void bench_begin(struct bench_options *options);

/* What a subcommand found, and its two ways of telling it; `document` is gbench_document's. */
struct bench_results {
    const void *run;
    void (*print)(FILE *stream, const void *run);
    json_t *(*document)(const void *run);
};

/* bench_end - after measuring: if it succeeded write the results as the options want them, else
 * leave no empty file behind. Frees what the options hold. Returns the exit status.
 */
int bench_end(struct bench_options *options, bool measured, const struct bench_results *results);

/* bench_write_json, _html - as bench_end does, where the options want it. Returns CLI_OK, or CLI_UNFIT after
 * saying why not.
 */
int bench_write_json(const struct bench_options *options, json_t *document);
int bench_write_html(const struct bench_options *options, json_t *document);

/* bench_unlink - remove the empty files that bench_check_files made. */
void bench_unlink(const struct bench_options *options);

/* bench_collect - from now on bench_end writes the JSON to this stream, too, and the text only if it is
 * wanted: for whoever runs several subcommands.
 */
void bench_collect(FILE *stream, bool text);

#endif
