/* compile.c - run the compiler and load what it made. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "compile.h"
#include "perpetual.h"
#include "toolchain.h"

#include "cli/cli.h"

#include <dlfcn.h>
#include <errno.h>
#include <ftw.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

/* -fwrapv: the arithmetic of a test is never undefined. */
#define FIXED_FLAGS "-std=c11 -O2 -fwrapv -shared -fPIC -w"

/* The private directory, and the three files it may hold. */
struct workshop {
    char directory[PATH_MAX - 16];
    char source[PATH_MAX], library[PATH_MAX], messages[PATH_MAX];
};

static bool open_workshop(struct workshop *shop, char *problem, size_t size)
{
    const char *where = getenv("TMPDIR");
    if (where == NULL || *where == '\0') {
        where = "/tmp";
    }
    if (snprintf(shop->directory, sizeof shop->directory, "%s/cordon-litmus-XXXXXX", where) >=
        (int)sizeof shop->directory) {
        errno = ENAMETOOLONG;
    } else if (mkdtemp(shop->directory) != NULL) {
        snprintf(shop->source, sizeof shop->source, "%s/test.c", shop->directory);
        snprintf(shop->library, sizeof shop->library, "%s/test.so", shop->directory);
        snprintf(shop->messages, sizeof shop->messages, "%s/messages", shop->directory);
        return true;
    }
    snprintf(problem, size, "cannot make a temporary directory in %.200s (see $TMPDIR): %s", where,
             strerror(errno));
    return false;
}

static int remove_one(const char *path, const struct stat *facts, int kind, struct FTW *where)
{
    (void)facts, (void)kind, (void)where;
    return remove(path);
}

/* With what the compiler may have left there. */
static void close_workshop(const struct workshop *shop)
{
    nftw(shop->directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static bool write_source(const char *path, const struct litmus_test *test, enum litmus_mode mode)
{
    FILE *stream = fopen(path, "w");
    if (stream == NULL) {
        return false;
    }
    if (!litmus_counts_frames(mode)) {
        litmus_emit(stream, test);
    } else {
        litmus_emit_perpetual(stream, test, mode);
    }
    const bool written = !ferror(stream);
    return fclose(stream) == 0 && written;
}

const char *compiler_replaced_by(void)
{
    return NULL;
}

int compiler_choose(struct compiler *compiler, char *problem, size_t size)
{
    const char *wanted = compiler->command;
    compiler->command = toolchain_find(wanted);
    if (compiler->command != NULL) {
        return CLI_OK;
    }
    if (wanted != NULL) {
        snprintf(problem, size, "--cc: cannot find the compiler '%s'", wanted);
        return CLI_USAGE;
    }
    snprintf(problem, size,
             "no C compiler found ($CC, cc, gcc, clang): install one, or name it with --cc");
    return CLI_UNFIT;
}

/* What the compiler is to do: make `library` of `source`. */
struct job {
    const char *source, *library;
    char *const *more;
    size_t more_count;
};

static enum code_status compile(const struct compiler *compiler, const struct workshop *shop,
                                const struct job *job, char *problem, size_t size)
{
    struct words words = {0};
    pid_t child;
    int status = 0;
    words_split(&words, compiler->command);
    words_split(&words, FIXED_FLAGS " -o");
    words_add(&words, job->library);
    words_add(&words, job->source);
    words_split(&words, compiler->flags);
    for (size_t i = 0; i < job->more_count; ++i) {
        words_add(&words, job->more[i]);
    }
    const int failed = toolchain_start(&words, shop->messages, &child);
    words_free(&words);
    if (failed != 0) {
        snprintf(problem, size, "cannot run the compiler '%.200s': %s", compiler->command,
                 strerror(failed));
        return CODE_UNFIT;
    }
    toolchain_await(child, &status);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0) {
        return CODE_LOADED;
    }
    toolchain_explain(shop->messages, compiler->command, status, problem, size);
    if (strstr(problem, ".h: No such file") != NULL || strstr(problem, ".h' file not") != NULL) {
        const size_t length = strlen(problem);
        snprintf(problem + length, size - length,
                 " (say where it is after --, as in: -- -Iinclude)");
    }
    return WIFEXITED(status) ? CODE_BROKEN : CODE_UNFIT;
}

bool compiler_probe(const struct compiler *compiler, char *version, size_t version_size,
                    char *problem, size_t size)
{
    struct workshop shop;
    version[0] = '\0';
    if (!open_workshop(&shop, problem, size)) {
        return false;
    }
    toolchain_ask(compiler->command, "--version", shop.messages, version, version_size);
    close_workshop(&shop);
    return true;
}

void compiler_print(FILE *stream, const struct compiler *compiler, const char *version)
{
    fprintf(stream, "compiler   %s %s%s%s%s%s\n", compiler->command, FIXED_FLAGS,
            compiler->flags != NULL ? " " : "", compiler->flags != NULL ? compiler->flags : "",
            *version != '\0' ? ", " : "", version);
}

/* dlsym gives a data pointer; POSIX says it may be kept as one to a function. */
static bool find_symbol(void *library, const char *name, void *pointer)
{
    void *found = dlsym(library, name);
    memcpy(pointer, &found, sizeof found);
    return found != NULL;
}

static enum code_status open_library(const struct workshop *shop, const char *path,
                                     struct litmus_code *code, char *problem, size_t size)
{
    code->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (code->library != NULL) {
        return CODE_LOADED;
    }
    const char *why = dlerror(), *name = strstr(why, "undefined symbol: ");
    if (name != NULL) {
        name += strlen("undefined symbol: ");
        snprintf(
            problem, size,
            "'%.*s' is defined nowhere: give the source or library that has it after --, as in: "
            "-- src/wait.c, or -- -lcordon",
            (int)strcspn(name, " ,(\t\n"), name);
        return CODE_BROKEN;
    }
    struct statvfs facts;
    const bool noexec = statvfs(shop->directory, &facts) == 0 && (facts.f_flag & ST_NOEXEC) != 0;
    snprintf(problem, size, "cannot load what the compiler made%s: %s",
             noexec ? " (its directory is mounted noexec: set TMPDIR to another)" : "", why);
    return CODE_UNFIT;
}

static bool load(const struct workshop *shop, const struct litmus_test *test,
                 struct litmus_code *code, char *problem, size_t size)
{
    code->reset = NULL;
    code->bits = litmus_bits(test);
    if (open_library(shop, shop->library, code, problem, size) != CODE_LOADED) {
        return false;
    }
    if (!find_symbol(code->library, "litmus_threads", (void *)&code->threads) ||
        !find_symbol(code->library, "litmus_reset", (void *)&code->reset) ||
        !find_symbol(code->library, "litmus_count", (void *)&code->count)) {
        snprintf(problem, size, "what the compiler made lacks an entry point: %s", dlerror());
        litmus_unload(code);
        return false;
    }
    return true;
}

static bool keep_source(const struct compiler *compiler, const struct litmus_test *test,
                        enum litmus_mode mode, char *problem, size_t size)
{
    char path[PATH_MAX];
    if (compiler->keep == NULL) {
        return true;
    }
    if (snprintf(path, sizeof path, "%s/%s.c", compiler->keep, test->name) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
    } else if (write_source(path, test, mode)) {
        return true;
    }
    snprintf(problem, size, "cannot write %s: %s", path, strerror(errno));
    return false;
}

bool litmus_compile(const struct compiler *compiler, const struct litmus_test *test,
                    enum litmus_mode mode, struct litmus_code *code, char *problem, size_t size)
{
    struct workshop shop;
    bool done = false;
    memset(code, 0, sizeof *code);
    code->mode = mode;
    if (!keep_source(compiler, test, mode, problem, size)) {
        return false;
    }
    if (!open_workshop(&shop, problem, size)) {
        return false;
    }
    if (!write_source(shop.source, test, mode)) {
        snprintf(problem, size, "cannot write %s: %s", shop.source, strerror(errno));
    } else {
        const struct job job = {shop.source, shop.library, NULL, 0};
        done = compile(compiler, &shop, &job, problem, size) == CODE_LOADED &&
               load(&shop, test, code, problem, size);
    }
    close_workshop(&shop); /* the loaded library outlives its file */
    return done;
}

enum code_status litmus_compile_source(const struct compiler *compiler, const char *source,
                                       const char *name, struct litmus_code *code, char *problem,
                                       size_t size)
{
    struct workshop shop;
    char kept[PATH_MAX];
    memset(code, 0, sizeof *code);
    if (compiler->keep != NULL &&
        snprintf(kept, sizeof kept, "%s/%s.so", compiler->keep, name) >= (int)sizeof kept) {
        snprintf(problem, size, "cannot write %.200s/%s.so: %s", compiler->keep, name,
                 strerror(ENAMETOOLONG));
        return CODE_UNFIT;
    }
    if (!open_workshop(&shop, problem, size)) {
        return CODE_UNFIT;
    }
    const struct job job = {source, compiler->keep != NULL ? kept : shop.library, compiler->more,
                            compiler->more_count};
    enum code_status status = compile(compiler, &shop, &job, problem, size);
    if (status == CODE_LOADED) {
        status = open_library(&shop, job.library, code, problem, size);
    }
    close_workshop(&shop);
    return status;
}

void litmus_unload(struct litmus_code *code)
{
    if (code->library != NULL) {
        dlclose(code->library);
        code->library = NULL;
    }
}
