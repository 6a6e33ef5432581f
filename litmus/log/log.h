/* log.h - results of litmus tests that somebody has kept: what `cordon-litmus run --json` wrote, and the texts of
 * litmus7 and herd7.
 *
 * A machine's log says how often each state was seen; a model's, which states there can be.
 */
#ifndef CORDON_LITMUS_LOG_H
#define CORDON_LITMUS_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A final state, in one spelling for all sources: "0:r0=1; 1:r0=0; x=2;", sorted. */
struct log_state {
    char *text;
    uint64_t count; /* 0 in a model's log */
};

struct log_test {
    char *name;
    struct log_state *state; /* sorted by their texts */
    size_t count;
    uint64_t total; /* instances; 0 in a model's log */
};

struct log {
    const char *path;
    bool model;
    struct log_test *test; /* in the order of the file; tests that were not run are left out */
    size_t count;
};

/* log_read - from a file ("-" is standard input). Ends the program with one line that says where and what, if it
 * cannot be read or is no such log.
 */
void log_read(struct log *log, const char *path);
void log_free(struct log *log);

/* log_find - the test of that name, or NULL. */
const struct log_test *log_find(const struct log *log, const char *name);

/* log_state_of - the state of that text, or NULL. */
const struct log_state *log_state_of(const struct log_test *test, const char *text);

/* compare_command, merge_command - of the command line. */
int compare_command(int argc, char **argv);
int merge_command(int argc, char **argv);

#endif
