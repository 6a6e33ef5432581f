/* suite.c - a list of tests, and those of the catalogue by their names. */
#define _GNU_SOURCE
#include "suite.h"

#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

void suite_add(struct suite *suite, struct litmus_test *test, struct client *client,
               const char *from)
{
    if (suite->count == suite->room) {
        const size_t room = suite->room == 0 ? 64 : 2 * suite->room;
        struct litmus_test **tests = realloc(suite->test, room * sizeof(struct litmus_test *));
        struct client **clients = realloc(suite->client, room * sizeof(struct client *));
        char **froms = realloc(suite->from, room * sizeof(char *));
        if (tests == NULL || clients == NULL || froms == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        suite->test = tests;
        suite->client = clients;
        suite->from = froms;
        suite->room = room;
    }
    suite->from[suite->count] = strdup(from);
    if (suite->from[suite->count] == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    suite->test[suite->count] = test;
    suite->client[suite->count++] = client;
}

void suite_add_test(struct suite *suite, struct litmus_test *test, const char *from,
                    const struct litmus_error *error)
{
    if (test == NULL) {
        ++suite->refused;
        cli_progress_clear();
        fflush(stdout);
        litmus_report(stderr, strcmp(from, "-") == 0 ? "standard input" : from, error);
        return;
    }
    suite_add(suite, test, NULL, from);
}

static void add_entry(struct suite *suite, const struct catalogue_entry *entry)
{
    struct litmus_error error;
    struct litmus_test *test = litmus_parse(entry->text, entry->length, &error);
    suite_add_test(suite, test, entry->name, &error);
}

const struct catalogue_entry *suite_entry(const char *name, const struct catalogue_entry *after)
{
    const size_t length = strlen(name);
    for (size_t i = 0; i < catalogue_count; ++i) {
        if (strcmp(catalogue[i].name, name) == 0) {
            return after == NULL ? &catalogue[i] : NULL;
        }
    }
    for (size_t i = after == NULL ? 0 : (size_t)(after - catalogue) + 1; i < catalogue_count; ++i) {
        if (strncmp(catalogue[i].name, name, length) == 0 && catalogue[i].name[length] == '+') {
            return &catalogue[i];
        }
    }
    return NULL;
}

const char *suite_nearest(const char *name)
{
    const char **names = calloc(catalogue_count + 1, sizeof *names);
    const char *nearest = NULL;
    for (size_t i = 0; names != NULL && i < catalogue_count; ++i) {
        names[i] = catalogue[i].name;
    }
    if (names != NULL) {
        nearest = cli_nearest(name, names, catalogue_count);
    }
    free(names);
    return nearest;
}

bool suite_add_named(struct suite *suite, const char *name)
{
    const struct catalogue_entry *entry = suite_entry(name, NULL);
    const bool found = entry != NULL;
    for (; entry != NULL; entry = suite_entry(name, entry)) {
        add_entry(suite, entry);
    }
    return found;
}

void suite_add_all(struct suite *suite)
{
    for (size_t i = 0; i < catalogue_count; ++i) {
        add_entry(suite, &catalogue[i]);
    }
}

void suite_free(struct suite *suite)
{
    for (size_t i = 0; i < suite->count; ++i) {
        if (suite->client[i] != NULL) {
            free(suite->client[i]);
        } else {
            litmus_free(suite->test[i]);
        }
        free(suite->from[i]);
    }
    free(suite->from);
    free(suite->client);
    free(suite->test);
    memset(suite, 0, sizeof *suite);
}

void suite_list(const struct suite *suite)
{
    int width = 4;
    for (size_t i = 0; i < suite->count; ++i) {
        const int length = (int)strlen(suite->test[i]->name);
        width = length > width ? length : width;
    }
    printf("%-*s  Threads  %-9s  %-9s  About\n", width, "Name", "C11", "x86-TSO");
    for (size_t i = 0; i < suite->count; ++i) {
        const struct litmus_test *test = suite->test[i];
        const char *c11 = litmus_get(test, "C11"), *tso = litmus_get(test, "TSO");
        char threads[16] = "-";
        if (suite->client[i] == NULL) {
            snprintf(threads, sizeof threads, "%u", test->thread_count);
        }
        printf("%-*s  %7s  %-9s  %-9s  %s\n", width, test->name, threads, c11 != NULL ? c11 : "-",
               tso != NULL ? tso : "-", test->doc != NULL ? test->doc : "");
    }
}
