/* compile.h - where the code of a test comes from: compile.c sends it through the system's compiler into this process;
 * in a runner that was built with its suite (cordon-litmus build) build/built.c has it already.
 */
#ifndef CORDON_LITMUS_COMPILE_H
#define CORDON_LITMUS_COMPILE_H

#include "batch.h"

struct compiler {
    const char *command; /* perhaps with words of its own: "ccache gcc", however many */
    const char *flags;   /* added at the end; may be NULL */
    const char *keep;    /* a directory that gets a copy of each source, or NULL */
    char *const *more;   /* what else a client's compilation gets: flags, sources, libraries */
    size_t more_count;
};

/* compiler_replaced_by - in a runner that was built with its suite, how it was called; else NULL. */
const char *compiler_replaced_by(void);

/* compiler_choose - fill in what the command line left open: without a command it is $CC, cc, gcc, clang, whichever
 * is there first. CLI_OK; or another status, and one line in `problem`, if there is none.
 */
int compiler_choose(struct compiler *compiler, char *problem, size_t size);

/* compiler_probe - once before any test: can something be compiled at all? False, and one line in
 * `problem`, if there is no place for it. `version` gets the first line of what the compiler says of
 * itself, and is empty if it does not.
 */
bool compiler_probe(const struct compiler *compiler, char *version, size_t version_size,
                    char *problem, size_t size);

/* compiler_print - a line like those of machine_print: the command, all its flags, its version. */
void compiler_print(FILE *stream, const struct compiler *compiler, const char *version);

/* litmus_compile - emit, compile and load. What goes on disk lives in a private directory that is
 * gone on return. False, and one line in `problem`, if it fails. In a mode
 * that counts frames only if litmus_perpetual holds.
 */
bool litmus_compile(const struct compiler *compiler, const struct litmus_test *test,
                    enum litmus_mode mode, struct litmus_code *code, char *problem, size_t size);

enum code_status { CODE_LOADED, CODE_BROKEN, CODE_UNFIT };

/* litmus_compile_source - compile a source that is there, with `more`, and load it; *code gets the
 * library only. CODE_BROKEN: the compiler refuses it, or something is not defined; CODE_UNFIT: the
 * environment is to blame. Both leave one line in `problem`. If anything is kept, it is the shared
 * object, as NAME.so.
 */
enum code_status litmus_compile_source(const struct compiler *compiler, const char *source,
                                       const char *name, struct litmus_code *code, char *problem,
                                       size_t size);

/* litmus_unload - after the last use of the code. */
void litmus_unload(struct litmus_code *code);

#endif
