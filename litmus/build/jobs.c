/* jobs.c - the compiler on many files, some at a time. */
#define _GNU_SOURCE
#include "build/build.h"

#include "asm/asm.h"
#include "build/built.h"

#include "cli/cli.h"
#include "run/toolchain.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* DIRECTORY/NUMBER.END: the object and the messages of a source have its number. */
static const char *path_of(const struct build *build, size_t number, const char *end,
                           char path[PATH_MAX])
{
    snprintf(path, PATH_MAX, "%s/%zu.%s", build->directory, number, end);
    return path;
}

static int start(const struct build *build, size_t number, pid_t *child)
{
    static const char *const places[] = {"include", "src", "litmus"};
    struct words words = {0};
    char path[PATH_MAX], option[PATH_MAX + 3];
    words_split(&words, build->command);
    words_split(&words, BUILT_FLAGS);
    for (size_t i = 0; i < sizeof places / sizeof *places; ++i) {
        snprintf(option, sizeof option, "-I%s/%s", build->directory, places[i]);
        words_add(&words, option);
    }
    words_split(&words, build->flags);
    words_add(&words, "-c");
    snprintf(path, sizeof path, "%s/%s", build->directory, build->source[number].name);
    words_add(&words, path);
    words_add(&words, "-o");
    words_add(&words, path_of(build, number, "o", path));
    const int failed = toolchain_start(&words, path_of(build, number, "messages", path), child);
    words_free(&words);
    return failed;
}

static int start_link(const struct build *build, pid_t *child)
{
    struct words words = {0};
    char path[PATH_MAX];
    words_split(&words, build->command);
    words_split(&words, build->flags);
    words_split(&words, "-static -pthread -s -o");
    words_add(&words, build->output);
    for (size_t i = 0; i < build->count; ++i) {
        words_add(&words, path_of(build, i, "o", path));
    }
    words_add(&words, "-lm");
    const int failed =
        toolchain_start(&words, path_of(build, build->count, "messages", path), child);
    words_free(&words);
    return failed;
}

/* Is it an instruction of a test that was refused? Then where the test has it. */
static bool explain(const struct suite *suite, const char *problem)
{
    struct litmus_error error;
    for (size_t i = 0; i < suite->count; ++i) {
        if (asm_explain(suite->test[i], problem, &error)) {
            litmus_report(stderr, suite->from[i], &error);
            return true;
        }
    }
    return false;
}

/* Of compiling that source, or, with the number after the last, of linking. Returns the exit status. */
static int complain(const struct build *build, size_t number, int status)
{
    char path[PATH_MAX], problem[600];
    toolchain_explain(path_of(build, number, "messages", path), build->command, status, problem,
                      sizeof problem);
    if (explain(&build->suite, problem)) {
        return CLI_USAGE;
    }
    const bool library = strstr(problem, "cannot find -l") != NULL ||
                         strstr(problem, "unable to find library -l") != NULL;
    cli_error("%s%s", problem,
              library ? " (the static C library of that machine: libc6-dev or libc6-dev-ARCH-cross "
                        "on Debian, glibc-static on Fedora)"
                      : "");
    return CLI_UNFIT;
}

static bool succeeded(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static int interrupted(void)
{
    return 128 + (int)cli_interrupted;
}

/* Which source is that process compiling? */
static size_t find(const pid_t *children, size_t count, pid_t child)
{
    size_t i = 0;
    while (i < count && children[i] != child) {
        ++i;
    }
    return i;
}

/* After the first failure no more are started; those that run come to their end. */
static int compile_all(const struct build *build, pid_t *children)
{
    size_t started = 0, running = 0, done = 0;
    int result = CLI_OK;
    while (running != 0 || (started < build->count && result == CLI_OK)) {
        if (cli_interrupted != 0 && result == CLI_OK) {
            result = interrupted();
            for (size_t i = 0; i < started; ++i) {
                if (children[i] != 0) {
                    kill(children[i], SIGTERM);
                }
            }
        }
        if (started < build->count && running < build->jobs && result == CLI_OK) {
            const int failed = start(build, started, &children[started]);
            if (failed != 0) {
                cli_error("cannot run the compiler '%.200s': %s", build->command, strerror(failed));
                result = CLI_UNFIT;
            } else {
                ++started;
                ++running;
            }
            continue;
        }
        int status;
        const pid_t child = running != 0 ? waitpid(-1, &status, 0) : -1;
        const size_t number = child > 0 ? find(children, started, child) : started;
        if (number < started) {
            children[number] = 0;
            --running;
            ++done;
            cli_progress("compiling: %zu of %zu", done, build->count);
            if (!succeeded(status) && result == CLI_OK && cli_interrupted == 0) {
                result = complain(build, number, status);
            }
        }
    }
    return result;
}

static int link_all(const struct build *build)
{
    pid_t child;
    int status = 0;
    cli_progress("linking");
    const int failed = start_link(build, &child);
    if (failed != 0) {
        cli_error("cannot run the compiler '%.200s': %s", build->command, strerror(failed));
        return CLI_UNFIT;
    }
    toolchain_await(child, &status);
    if (cli_interrupted != 0) {
        unlink(build->output);
        return interrupted();
    }
    if (!succeeded(status)) {
        return complain(build, build->count, status);
    }
    return CLI_OK;
}

int build_compile(const struct build *build)
{
    pid_t *children = calloc(build->count, sizeof *children);
    if (children == NULL) {
        cli_error("out of memory");
        return CLI_UNFIT;
    }
    int result = compile_all(build, children);
    free(children);
    if (result == CLI_OK) {
        result = link_all(build);
    }
    return result;
}
