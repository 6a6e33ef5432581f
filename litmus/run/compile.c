/* compile.c - run the compiler and load what it made. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "compile.h"

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

static bool write_source(const char *path, const struct litmus_test *test)
{
    FILE *stream = fopen(path, "w");
    if (stream == NULL) {
        return false;
    }
    litmus_emit(stream, test);
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

/* The compiler's first message, or what else is known of its failure. */
static void explain(const struct workshop *shop, const char *command, int status, char *problem,
                    size_t size)
{
    char line[200] = "";
    FILE *stream = fopen(shop->messages, "r");
    if (stream != NULL) {
        while (fgets(line, sizeof line, stream) != NULL && strstr(line, "rror") == NULL) {
        }
        fclose(stream);
        line[strcspn(line, "\n")] = '\0';
    }
    if (WIFSIGNALED(status)) {
        snprintf(problem, size, "the compiler '%.200s' was killed: %s", command,
                 strsignal(WTERMSIG(status)));
    } else {
        snprintf(problem, size, "the compiler '%.200s' failed%s%s", command,
                 line[0] == '\0' ? "" : ": ", line);
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

/* The compiler upon the test's source, or only asked for its version. As run_words. */
static int run_compiler(const struct compiler *compiler, struct workshop *shop, bool version,
                        int *status)
{
    char fixed[] = FIXED_FLAGS " -o", question[] = "--version";
    char *command = strdup(compiler->command);
    char *flags = strdup(compiler->flags != NULL ? compiler->flags : "");
    struct words words = {NULL, 0, 0};
    int failed = ENOMEM;
    if (command != NULL && flags != NULL) {
        /* Of n characters at most n/2 + 1 words can be made. */
        words.most = strlen(command) / 2 + strlen(flags) / 2 + sizeof fixed / 2 + 5;
        words.argument = calloc(words.most + 1, sizeof *words.argument);
    }
    if (words.argument != NULL) {
        split(&words, command);
        split(&words, version ? question : fixed);
        if (!version) {
            words.argument[words.count++] = shop->library;
            words.argument[words.count++] = shop->source;
            split(&words, flags);
        }
        failed = run_words(&words, shop, status);
    }
    free(words.argument);
    free(flags);
    free(command);
    return failed;
}

static bool compile(const struct compiler *compiler, struct workshop *shop, char *problem,
                    size_t size)
{
    int status = 0;
    const int failed = run_compiler(compiler, shop, false, &status);
    if (failed != 0) {
        snprintf(problem, size, "cannot run the compiler '%.200s': %s", compiler->command,
                 strerror(failed));
        return false;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        explain(shop, compiler->command, status, problem, size);
        return false;
    }
    return true;
}

bool compiler_probe(const struct compiler *compiler, char *version, size_t version_size,
                    char *problem, size_t size)
{
    struct workshop shop;
    int status = 0;
    version[0] = '\0';
    if (!open_workshop(&shop, problem, size)) {
        return false;
    }
    if (run_compiler(compiler, &shop, true, &status) == 0 && WIFEXITED(status) &&
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

static bool load(const struct workshop *shop, const struct litmus_test *test,
                 struct litmus_code *code, char *problem, size_t size)
{
    code->reset = NULL;
    code->bits = litmus_bits(test);
    code->library = dlopen(shop->library, RTLD_NOW | RTLD_LOCAL);
    if (code->library == NULL) {
        struct statvfs facts;
        const bool noexec =
            statvfs(shop->directory, &facts) == 0 && (facts.f_flag & ST_NOEXEC) != 0;
        snprintf(problem, size, "cannot load what the compiler made%s: %s",
                 noexec ? " (its directory is mounted noexec: set TMPDIR to another)" : "",
                 dlerror());
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
                        char *problem, size_t size)
{
    char path[PATH_MAX];
    if (compiler->keep == NULL) {
        return true;
    }
    if (snprintf(path, sizeof path, "%s/%s.c", compiler->keep, test->name) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
    } else if (write_source(path, test)) {
        return true;
    }
    snprintf(problem, size, "cannot write %s: %s", path, strerror(errno));
    return false;
}

bool litmus_compile(const struct compiler *compiler, const struct litmus_test *test,
                    struct litmus_code *code, char *problem, size_t size)
{
    struct workshop shop;
    bool done = false;
    memset(code, 0, sizeof *code);
    if (!keep_source(compiler, test, problem, size)) {
        return false;
    }
    if (!open_workshop(&shop, problem, size)) {
        return false;
    }
    if (!write_source(shop.source, test)) {
        snprintf(problem, size, "cannot write %s: %s", shop.source, strerror(errno));
    } else {
        done = compile(compiler, &shop, problem, size) && load(&shop, test, code, problem, size);
    }
    close_workshop(&shop); /* the loaded library outlives its file */
    return done;
}

void litmus_unload(struct litmus_code *code)
{
    if (code->library != NULL) {
        dlclose(code->library);
        code->library = NULL;
    }
}
