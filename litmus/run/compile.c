/* compile.c - run the compiler and load what it made. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "compile.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { MOST_ARGUMENTS = 64 };

static bool is_program(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) && access(path, X_OK) == 0;
}

/* Is the first word of the command a program, by itself or along $PATH? */
static bool can_run(const char *command)
{
    const size_t blank = strspn(command, " ");
    const char *word = command + blank;
    const int length = (int)strcspn(word, " ");
    const char *path = getenv("PATH");
    char file[PATH_MAX];
    if (length == 0 || length >= PATH_MAX) {
        return false;
    }
    if (memchr(word, '/', (size_t)length) != NULL) {
        snprintf(file, sizeof file, "%.*s", length, word);
        return is_program(file);
    }
    for (path = path != NULL ? path : "/bin:/usr/bin"; *path != '\0';) {
        const size_t part = strcspn(path, ":");
        const int wanted = snprintf(file, sizeof file, "%.*s/%.*s", (int)part, path, length, word);
        if (wanted < (int)sizeof file && part != 0 && is_program(file)) {
            return true;
        }
        path += part + (path[part] == ':');
    }
    return false;
}

const char *compiler_find(const char *wanted)
{
    const char *const names[] = {getenv("CC"), "cc", "gcc", "clang"};
    if (wanted != NULL) {
        return can_run(wanted) ? wanted : NULL;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        if (names[i] != NULL && can_run(names[i])) {
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

static bool open_workshop(struct workshop *shop)
{
    const char *where = getenv("TMPDIR");
    if (where == NULL || *where == '\0') {
        where = "/tmp";
    }
    if (snprintf(shop->directory, sizeof shop->directory, "%s/cordon-litmus-XXXXXX", where) >=
        (int)sizeof shop->directory) {
        errno = ENAMETOOLONG;
        return false;
    }
    if (mkdtemp(shop->directory) == NULL) {
        return false;
    }
    snprintf(shop->source, sizeof shop->source, "%s/test.c", shop->directory);
    snprintf(shop->library, sizeof shop->library, "%s/test.so", shop->directory);
    snprintf(shop->messages, sizeof shop->messages, "%s/messages", shop->directory);
    return true;
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

/* Cut `words` at its blanks into argument[count...]; returns the new count. */
static unsigned split(char *words, char **argument, unsigned count)
{
    char *rest = NULL;
    for (char *word = strtok_r(words, " \t", &rest); word != NULL && count < MOST_ARGUMENTS - 1;
         word = strtok_r(NULL, " \t", &rest)) {
        argument[count++] = word;
    }
    argument[count] = NULL;
    return count;
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
        snprintf(problem, size, "the compiler '%s' was killed: %s", command,
                 strsignal(WTERMSIG(status)));
    } else {
        snprintf(problem, size, "the compiler '%s' failed%s%s", command,
                 line[0] == '\0' ? "" : ": ", line);
    }
}

static bool run_compiler(const struct compiler *compiler, const struct workshop *shop,
                         char *problem, size_t size)
{
    static char fixed[] = "-std=c11 -O2 -fwrapv -shared -fPIC -w -o";
    char command[1024], options[sizeof fixed], flags[1024];
    char *argument[MOST_ARGUMENTS];
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = 0;
    snprintf(command, sizeof command, "%s", compiler->command);
    snprintf(flags, sizeof flags, "%s", compiler->flags != NULL ? compiler->flags : "");
    memcpy(options, fixed, sizeof fixed);
    unsigned count = split(options, argument, split(command, argument, 0));
    if (count + 2 < MOST_ARGUMENTS) {
        argument[count++] = (char *)(uintptr_t)shop->library;
        argument[count++] = (char *)(uintptr_t)shop->source;
    }
    split(flags, argument, count);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, shop->messages,
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int failed = posix_spawnp(&child, argument[0], &actions, NULL, argument, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        snprintf(problem, size, "cannot run the compiler '%s': %s", argument[0], strerror(failed));
        return false;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        explain(shop, compiler->command, status, problem, size);
        return false;
    }
    return true;
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
        snprintf(problem, size, "cannot load what the compiler made: %s", dlerror());
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
    if (!open_workshop(&shop)) {
        snprintf(problem, size, "cannot make a temporary directory: %s", strerror(errno));
        return false;
    }
    if (!write_source(shop.source, test)) {
        snprintf(problem, size, "cannot write %s: %s", shop.source, strerror(errno));
    } else {
        done =
            run_compiler(compiler, &shop, problem, size) && load(&shop, test, code, problem, size);
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
