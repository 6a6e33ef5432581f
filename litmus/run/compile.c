/* compile.c - run the compiler and load what it made. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "compile.h"
#include "perpetual.h"

#include "cli/cli.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* -fwrapv: the arithmetic of a test is never undefined. */
#define FIXED_FLAGS "-std=c11 -O2 -fwrapv -shared -fPIC -w"

const char *compiler_find(const char *wanted)
{
    const char *const names[] = {getenv("CC"), "cc", "gcc", "clang"};
    if (wanted != NULL) {
        return cli_can_run(wanted) ? wanted : NULL;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        if (names[i] != NULL && cli_can_run(names[i])) {
            return names[i];
        }
    }
    return NULL;
}

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

static void close_workshop(const struct workshop *shop)
{
    unlink(shop->source);
    unlink(shop->library);
    unlink(shop->messages);
    rmdir(shop->directory);
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

/* A command line in the making: `most` arguments and a NULL. */
struct words {
    char **argument;
    size_t count, most;
};

/* Add the words of the text, which is cut at its blanks. */
static void split(struct words *words, char *text)
{
    char *rest = NULL;
    for (char *word = strtok_r(text, " \t", &rest); word != NULL && words->count < words->most;
         word = strtok_r(NULL, " \t", &rest)) {
        words->argument[words->count++] = word;
    }
}

/* The compiler's first message, or what else is known of its failure. Of the linker's it is the line
 * before the driver says that linking failed.
 */
static void explain(const struct workshop *shop, const char *command, int status, char *problem,
                    size_t size)
{
    char line[300] = "", before[300] = "";
    const char *hint = "";
    FILE *stream = fopen(shop->messages, "r");
    if (stream != NULL) {
        while (fgets(line, sizeof line, stream) != NULL && strstr(line, "rror") == NULL) {
            memcpy(before, line, sizeof before);
        }
        fclose(stream);
        if (before[0] != '\0' &&
            (strstr(line, "ld returned") != NULL || strstr(line, "linker command") != NULL)) {
            memcpy(line, before, sizeof line);
        }
        line[strcspn(line, "\n")] = '\0';
        if (strstr(line, ".h: No such file") != NULL || strstr(line, ".h' file not") != NULL) {
            hint = " (say where it is after --, as in: -- -Iinclude)";
        }
    }
    if (WIFSIGNALED(status)) {
        snprintf(problem, size, "the compiler '%.200s' was killed: %s", command,
                 strsignal(WTERMSIG(status)));
    } else {
        snprintf(problem, size, "the compiler '%.200s' failed%s%s%s", command,
                 line[0] == '\0' ? "" : ": ", line, hint);
    }
}

/* Run it to its end, its output in the messages. 0, with how it ended, or an error number. */
static int run_words(const struct words *words, const struct workshop *shop, int *status)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, shop->messages,
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int failed =
        posix_spawnp(&child, words->argument[0], &actions, NULL, words->argument, environ);
    posix_spawn_file_actions_destroy(&actions);
    while (failed == 0 && waitpid(child, status, 0) < 0 && errno == EINTR) {
    }
    return failed;
}

/* What the compiler is to do: make `library` of `source`, or, if that is NULL, say its version. */
struct job {
    const char *source, *library;
    char *const *more;
    size_t more_count;
};

/* As run_words. */
static int run_compiler(const struct compiler *compiler, const struct workshop *shop,
                        const struct job *job, int *status)
{
    char fixed[] = FIXED_FLAGS " -o", question[] = "--version";
    char *command = strdup(compiler->command);
    char *flags = strdup(compiler->flags != NULL ? compiler->flags : "");
    char *library = strdup(job->library != NULL ? job->library : "");
    char *source = strdup(job->source != NULL ? job->source : "");
    struct words words = {NULL, 0, 0};
    int failed = ENOMEM;
    if (command != NULL && flags != NULL && library != NULL && source != NULL) {
        /* Of n characters at most n/2 + 1 words can be made. */
        words.most =
            strlen(command) / 2 + strlen(flags) / 2 + sizeof fixed / 2 + 5 + job->more_count;
        words.argument = calloc(words.most + 1, sizeof *words.argument);
    }
    if (words.argument != NULL) {
        split(&words, command);
        split(&words, job->source == NULL ? question : fixed);
        if (job->source != NULL) {
            words.argument[words.count++] = library;
            words.argument[words.count++] = source;
            split(&words, flags);
            for (size_t i = 0; i < job->more_count; ++i) {
                words.argument[words.count++] = job->more[i];
            }
        }
        failed = run_words(&words, shop, status);
    }
    free(words.argument);
    free(source);
    free(library);
    free(flags);
    free(command);
    return failed;
}

static enum code_status compile(const struct compiler *compiler, const struct workshop *shop,
                                const struct job *job, char *problem, size_t size)
{
    int status = 0;
    const int failed = run_compiler(compiler, shop, job, &status);
    if (failed != 0) {
        snprintf(problem, size, "cannot run the compiler '%.200s': %s", compiler->command,
                 strerror(failed));
        return CODE_UNFIT;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        explain(shop, compiler->command, status, problem, size);
        return WIFEXITED(status) ? CODE_BROKEN : CODE_UNFIT;
    }
    return CODE_LOADED;
}

bool compiler_probe(const struct compiler *compiler, char *version, size_t version_size,
                    char *problem, size_t size)
{
    const struct job ask = {NULL, NULL, NULL, 0};
    struct workshop shop;
    int status = 0;
    version[0] = '\0';
    if (!open_workshop(&shop, problem, size)) {
        return false;
    }
    if (run_compiler(compiler, &shop, &ask, &status) == 0 && WIFEXITED(status) &&
        WEXITSTATUS(status) == 0) {
        FILE *stream = fopen(shop.messages, "re");
        if (stream != NULL && fgets(version, (int)version_size, stream) != NULL) {
            version[strcspn(version, "\n")] = '\0';
            for (char *c = version; *c != '\0'; ++c) {
                *c = *c >= ' ' && *c <= '~' ? *c : '?'; /* no terminal is to obey it */
            }
        }
        if (stream != NULL) {
            fclose(stream);
        }
    }
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
