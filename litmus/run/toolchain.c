/* toolchain.c - the compiler as a command. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "toolchain.h"

#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

void words_add(struct words *words, const char *word)
{
    if (words->count + 1 >= words->room) {
        const size_t room = words->room == 0 ? 16 : 2 * words->room;
        char **grown = realloc(words->argument, room * sizeof *grown);
        if (grown == NULL) {
            words->failed = true;
            return;
        }
        words->argument = grown;
        words->room = room;
    }
    words->argument[words->count] = strdup(word);
    words->failed |= words->argument[words->count] == NULL;
    words->argument[++words->count] = NULL;
}

void words_split(struct words *words, const char *text)
{
    char *copy = strdup(text != NULL ? text : ""), *rest = NULL;
    words->failed |= copy == NULL;
    for (char *word = copy != NULL ? strtok_r(copy, " \t", &rest) : NULL; word != NULL;
         word = strtok_r(NULL, " \t", &rest)) {
        words_add(words, word);
    }
    free(copy);
}

void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; ++i) {
        free(words->argument[i]);
    }
    free(words->argument);
    memset(words, 0, sizeof *words);
}

const char *toolchain_find(const char *wanted)
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

/* Ours, but that temporary files go where the messages do: what a compiler that is interrupted leaves behind
 * goes with that directory. The first string is the caller's to free, and the array. NULL: no memory.
 */
static char **environment(const char *messages)
{
    const char *slash = strrchr(messages, '/');
    size_t count = 0, kept = 1;
    while (environ[count] != NULL) {
        ++count;
    }
    char **all = calloc(count + 2, sizeof *all);
    if (all == NULL || asprintf(&all[0], "TMPDIR=%.*s", slash != NULL ? (int)(slash - messages) : 1,
                                slash != NULL ? messages : ".") < 0) {
        free(all);
        return NULL;
    }
    for (size_t i = 0; i < count; ++i) {
        if (strncmp(environ[i], "TMPDIR=", strlen("TMPDIR=")) != 0) {
            all[kept++] = environ[i];
        }
    }
    return all;
}

int toolchain_start(const struct words *words, const char *messages, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    char **variables = environment(messages);
    if (words->failed || words->count == 0 || variables == NULL) {
        if (variables != NULL) {
            free(variables[0]);
        }
        free(variables);
        return ENOMEM;
    }
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, messages,
                                     O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    const int failed =
        posix_spawnp(child, words->argument[0], &actions, NULL, words->argument, variables);
    posix_spawn_file_actions_destroy(&actions);
    free(variables[0]);
    free(variables);
    return failed;
}

void toolchain_await(pid_t child, int *status)
{
    while (waitpid(child, status, 0) < 0 && errno == EINTR) {
    }
}

/* Of the linker's messages it is the line before the driver says that linking failed. */
void toolchain_explain(const char *messages, const char *command, int status, char *problem,
                       size_t size)
{
    char line[300] = "", before[300] = "";
    FILE *stream = fopen(messages, "re");
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
    }
    if (WIFSIGNALED(status)) {
        snprintf(problem, size, "the compiler '%.200s' was killed: %s", command,
                 strsignal(WTERMSIG(status)));
    } else {
        snprintf(problem, size, "the compiler '%.200s' failed%s%s", command,
                 line[0] == '\0' ? "" : ": ", line);
    }
}

bool toolchain_ask(const char *command, const char *word, const char *messages, char *answer,
                   size_t size)
{
    struct words words = {0};
    pid_t child;
    int status = 0;
    answer[0] = '\0';
    words_split(&words, command);
    words_add(&words, word);
    const bool started = toolchain_start(&words, messages, &child) == 0;
    if (started) {
        toolchain_await(child, &status);
    }
    words_free(&words);
    FILE *stream =
        started && WIFEXITED(status) && WEXITSTATUS(status) == 0 ? fopen(messages, "re") : NULL;
    if (stream != NULL) {
        if (fgets(answer, (int)size, stream) == NULL) {
            answer[0] = '\0';
        }
        fclose(stream);
    }
    answer[strcspn(answer, "\n")] = '\0';
    for (char *c = answer; *c != '\0'; ++c) {
        *c = *c >= ' ' && *c <= '~' ? *c : '?';
    }
    return answer[0] != '\0';
}
