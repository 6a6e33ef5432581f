/* toolchain.h - the compiler as a command: its words, its processes, its messages. */
#ifndef CORDON_LITMUS_TOOLCHAIN_H
#define CORDON_LITMUS_TOOLCHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A command line in the making. */
struct words {
    char **argument; /* `count`, and a NULL */
    size_t count, room;
    bool failed; /* no memory: nothing is to be run */
};

/* words_add - one word more. words_split - those of a text, cut at its blanks; NULL: none. */
void words_add(struct words *words, const char *word);
void words_split(struct words *words, const char *text);
void words_free(struct words *words);

/* toolchain_find - `wanted`, or, if that is NULL, $CC, cc, gcc, clang: the first that can be run. NULL: none. */
const char *toolchain_find(const char *wanted);

/* toolchain_start - run it; what it prints goes to the file `messages`. 0, and the process, or an error number. */
int toolchain_start(const struct words *words, const char *messages, pid_t *child);

/* toolchain_await - its end. The status is that of waitpid. */
void toolchain_await(pid_t child, int *status);

/* toolchain_explain - one line of why it failed: the first error among its messages, or how it ended. */
void toolchain_explain(const char *messages, const char *command, int status, char *problem,
                       size_t size);

/* toolchain_ask - the first line of what the command says with one more word (--version), without what a terminal
 * would obey; false, and empty, if it says nothing or fails. `messages` is for its use.
 */
bool toolchain_ask(const char *command, const char *word, const char *messages, char *answer,
                   size_t size);

#endif
