/* main.c - cordon-check: explore every execution of a small multi-threaded program. */
#define _GNU_SOURCE
#include "build.h"
#include "cli/cli.h"
#include "json.h"
#include "mutate.h"
#include "names.h"
#include "options.h"
#include "record.h"
#include "report.h"
#include "suggest.h"
#include "supervise.h"
#include "symbols.h"
#include "verdict.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The private directory for what the compilers make; gone on every way out. */
static char workshop[PATH_MAX - 64];
static pid_t owner;

static void close_workshop(void)
{
    char path[PATH_MAX];
    DIR *directory = getpid() == owner ? opendir(workshop) : NULL;
    if (directory == NULL) {
        return;
    }
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (entry->d_name[0] != '.' &&
            snprintf(path, sizeof path, "%s/%s", workshop, entry->d_name) < (int)sizeof path) {
            unlink(path);
        }
    }
    closedir(directory);
    rmdir(workshop);
}

static void open_workshop(void)
{
    const char *where = getenv("TMPDIR");
    if (where == NULL || *where == '\0') {
        where = "/tmp";
    }
    if (snprintf(workshop, sizeof workshop, "%s/cordon-check-XXXXXX", where) >=
        (int)sizeof workshop) {
        cli_die(CLI_UNFIT, "the name of the temporary directory is too long (see $TMPDIR)");
    }
    if (mkdtemp(workshop) == NULL) {
        cli_die(CLI_UNFIT, "cannot make a temporary directory in %s (see $TMPDIR): %s", where,
                strerror(errno));
    }
    owner = getpid();
    atexit(close_workshop);
}

/* Rather now than after an hour. */
static void check_writable(const char *option, const char *path)
{
    char directory[PATH_MAX];
    if (path == NULL || strcmp(path, "-") == 0) {
        return;
    }
    const char *slash = strrchr(path, '/');
    const int length = slash == NULL ? 0 : slash == path ? 1 : (int)(slash - path);
    snprintf(directory, sizeof directory, "%.*s", length != 0 ? length : 1,
             length != 0 ? path : ".");
    if (access(path, W_OK) != 0 &&
        (errno != ENOENT || *path == '\0' || access(directory, W_OK | X_OK) != 0)) {
        cli_die(CLI_USAGE, "%s: cannot write '%s': %s", option, path, strerror(errno));
    }
}

static bool write_text(const char *path, const char *text)
{
    const bool to_stdout = strcmp(path, "-") == 0;
    FILE *stream = to_stdout ? stdout : fopen(path, "we");
    const bool written = stream != NULL && fputs(text, stream) >= 0;
    if ((stream != NULL && !to_stdout && fclose(stream) != 0) || !written) {
        cli_error("cannot write '%s': %s", path, strerror(errno));
        return false;
    }
    return true;
}

/* A word as a shell takes it. */
static void print_word(const char *word)
{
    static const char harmless[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                   "_-+=./,:@%";
    if (*word != '\0' && word[strspn(word, harmless)] == '\0') {
        printf(" %s", word);
        return;
    }
    fputs(" '", stdout);
    for (; *word != '\0'; ++word) {
        if (*word == '\'') {
            fputs("'\\''", stdout);
        } else {
            putchar(*word);
        }
    }
    putchar('\'');
}

/* The record itself says the model and the optimisation level. */
static void print_replay(const struct command *command)
{
    const struct options *wanted = &command->options;
    fputs("To repeat it: cordon-check --replay", stdout);
    print_word(command->record);
    printf("%s%s%s%s", wanted->cxx20 ? " --cxx20" : "", wanted->spurious ? " --spurious" : "",
           wanted->ignore_races ? " --no-races" : "",
           wanted->no_membarrier ? " --no-membarrier" : "");
    for (int i = 0; i < command->source_count; ++i) {
        print_word(command->sources[i]);
    }
    if (command->flag_count != 0) {
        fputs(" --", stdout);
    }
    for (int i = 0; i < command->flag_count; ++i) {
        print_word(command->flags[i]);
    }
    putchar('\n');
}

/* A long execution (a loop that never ended) is told by its beginning and its end. */
static void print_report(const char *text, bool whole)
{
    enum { FIRST = 60, LAST = 60 };
    int lines = 0, line = 0;
    for (const char *c = text; *c != '\0'; ++c) {
        lines += *c == '\n';
    }
    for (const char *c = text; *c != '\0'; ++line) {
        const size_t length = strcspn(c, "\n") + 1;
        const bool last = c[length - 1] == '\0';
        if (whole || line < FIRST || line >= lines - LAST) {
            fwrite(c, 1, length - last, stdout);
        } else if (line == FIRST) {
            printf("  ... %d lines more (--verbose shows them)\n", lines - LAST - FIRST);
        }
        c += length - last;
    }
}

/* The first finding, and where else it went. */
static void tell_finding(const struct command *command, const struct level *level)
{
    const struct result *of = level->result;
    const struct cli_style style = cli_style(stdout);
    const char *text = of->report[0] != '\0' ? of->report : of->message;
    const size_t length = strlen(text);
    printf("%s%s %s, under %s:%s\n", style.bold, level->name[0] == '-' ? "At" : "Of the",
           level->name, model_name(command->options.model), style.reset);
    print_report(text, command->verbose);
    if (length < 2 || strcmp(text + length - 2, "\n\n") != 0) {
        fputs(length != 0 && text[length - 1] == '\n' ? "\n" : "\n\n", stdout);
    }
    if (command->record != NULL && of->replay[0] != '\0') {
        print_replay(command);
    }
    if (command->dot != NULL && strcmp(command->dot, "-") != 0 && of->dot[0] != '\0') {
        printf("Drawn in %s (dot -Tsvg shows it).\n", command->dot);
    }
    if (command->record != NULL || command->dot != NULL) {
        putchar('\n');
    }
}

static bool write_finding(const struct command *command, const struct level *level)
{
    const struct result *of = level->result;
    bool written = true;
    if (command->record != NULL && of->replay[0] != '\0') {
        written = write_text(command->record, of->replay);
    }
    if (command->dot != NULL && of->dot[0] != '\0') {
        written = write_text(command->dot, of->dot) && written;
    }
    return written;
}

static double seconds_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Compile and explore; false if the other levels need not be tried. */
static bool run_level(const struct command *command, const struct build *build, struct level *level)
{
    char title[200];
    level->program = build_program(build, workshop);
    if (level->program == NULL && cli_interrupted != 0) {
        return false;
    }
    level->result = calloc(1, sizeof *level->result);
    if (level->result == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    level->ending = ENDED_UNLOADED;
    if (level->program == NULL || !symbols_usable(level->program)) {
        return false;
    }
    snprintf(title, sizeof title, "%.120s, %s, %s", command->sources[0],
             model_name(command->options.model), level->name);
    const double started = seconds_now();
    struct options wanted = command->options;
    wanted.level = level->name;
    level->ending = supervise(level->program, &wanted, title, level->result);
    level->seconds = seconds_now() - started;
    return level->ending != ENDED_UNLOADED && cli_interrupted == 0;
}

static int status_of(const struct command *command, const struct level *levels)
{
    bool seen[VERDICT_NOT_RUN + 1] = {false};
    for (int i = 0; i < command->levels; ++i) {
        seen[level_verdict(&levels[i], &command->options)] = true;
    }
    return seen[VERDICT_WRONG]                           ? CLI_FAILED
           : seen[VERDICT_NO_INPUT]                      ? CLI_USAGE
           : seen[VERDICT_NONE] || seen[VERDICT_NOT_RUN] ? CLI_UNFIT
                                                         : CLI_OK;
}

/* With --expect: was this found at every level? */
static int expected_status(const struct command *command, const struct level *levels, int status)
{
    for (int i = 0; i < command->levels; ++i) {
        if (levels[i].result != NULL && levels[i].result->finding == (int)command->expected) {
            continue;
        }
        if (status > CLI_FAILED) {
            return status; /* something came in between */
        }
        cli_error("expected at %s: %s; it is: %s", levels[i].name, finding_text(command->expected),
                  level_words(&levels[i], &command->options));
        return CLI_FAILED;
    }
    return CLI_OK;
}

/* --mutate and --suggest; returns the status, which what they say may change. */
static int try_other_orders(const struct command *command, const struct level *levels, int status,
                            bool text, struct changes *into)
{
    if (status == CLI_FAILED && command->mutate && text) {
        puts("Not mutated: the program is wrong as it is.");
    }
    if (status == CLI_OK && command->mutate) {
        return mutate(command, levels, text, into);
    }
    if ((status == CLI_OK || status == CLI_FAILED) && command->suggest) {
        const int answer = suggest(command, levels, status == CLI_OK, text, into);
        return status == CLI_OK ? answer : status;
    }
    return status;
}

/* Where JSON goes. If that is the standard output, it is for nothing else: what the program prints,
 * or --executions, goes to stderr.
 */
static FILE *json_stream(const struct command *command)
{
    if (strcmp(command->json, "-") != 0) {
        return fopen(command->json, "we");
    }
    const int file = dup(STDOUT_FILENO);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    return file >= 0 ? fdopen(file, "w") : NULL;
}

static int run(const struct command *command)
{
    struct level levels[MOST_LEVELS];
    const struct level *told = NULL;
    const bool text = command->json == NULL || strcmp(command->json, "-") != 0;
    bool written = true, explored = false, more = true;
    struct changes changes = {.count = 0};
    FILE *json = !text ? json_stream(command) : NULL;
    memset(levels, 0, sizeof levels);
    for (int i = 0; i < command->levels; ++i) {
        levels[i].name = command->level[i];
    }
    for (int i = 0; more && i < command->levels; ++i) {
        const struct build build = {.sources = command->sources,
                                    .source_count = command->source_count,
                                    .flags = command->flags,
                                    .flag_count = command->flag_count,
                                    .c = command->cc,
                                    .cxx = command->cxx,
                                    .optimise = levels[i].name,
                                    .verbose = command->verbose};
        more = run_level(command, &build, &levels[i]);
        explored = explored || (levels[i].result != NULL && levels[i].ending != ENDED_UNLOADED);
        if (told == NULL && levels[i].result != NULL &&
            levels[i].result->finding != FOUND_NOTHING) {
            told = &levels[i];
            written = write_finding(command, told);
            if (text) {
                tell_finding(command, told);
            }
        }
    }
    int status = status_of(command, levels);
    if (text && explored && !command->quiet) {
        verdict_table(levels, command);
    }
    for (int i = 0; text && command->options.edges && i < command->levels; ++i) {
        verdict_edges(&levels[i]);
    }
    status = try_other_orders(command, levels, status, text, &changes);
    if (command->expected != FOUND_NOTHING) {
        status = expected_status(command, levels, status);
    }
    if (command->json != NULL) {
        json = text ? json_stream(command) : json;
        written = json_write(command, levels, &changes, status, json) && written;
    }
    changes_free(&changes);
    for (int i = 0; i < command->levels; ++i) {
        free(levels[i].program);
        free(levels[i].result);
    }
    return status == CLI_OK && !written ? CLI_UNFIT : status;
}

/* The record says which model it is of, and how the program was compiled. */
static void read_replay(struct command *command)
{
    const char *path = command->options.replay;
    struct record record;
    char wrong[200];
    FILE *stream = path != NULL ? fopen(path, "re") : NULL;
    if (path == NULL) {
        return;
    }
    if (stream == NULL) {
        cli_die(CLI_USAGE, "--replay: cannot read '%s': %s", path, strerror(errno));
    }
    if (!report_read_record(stream, &record, wrong, sizeof wrong)) {
        cli_die(CLI_USAGE, "--replay: %s:%s", path, wrong);
    }
    fclose(stream);
    free(record.step);
    command->options.model = record.model;
    if (strcmp(record.level, "object") != 0 &&
        (strncmp(record.level, "-O", 2) != 0 || !read_levels(record.level + 2, command))) {
        cli_die(CLI_USAGE, "--replay: %s:3:7: this is no optimisation level", path);
    }
}

int main(int argc, char **argv)
{
    struct command command;
    cli_start("cordon-check");
    read_command(argc, argv, &command);
    const struct build build = {.sources = command.sources, .source_count = command.source_count};
    build_refuse(&build);
    if (!build_compiles(&build)) {
        command.levels = 1;
        strcpy(command.level[0], "object");
    }
    check_writable("--json", command.json);
    check_writable("--dot", command.dot);
    check_writable("--record", command.record);
    read_replay(&command);
    signal(SIGPIPE, SIG_IGN); /* or nobody would tidy up */
    cli_catch_interrupts();
    open_workshop();
    return cli_finish(run(&command));
}
