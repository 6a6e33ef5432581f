/* plan.c - which tests the catalogue is made of. */
#define _GNU_SOURCE
#include "plan.h"

#include "cli/cli.h"
#include "shape.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reading {
    const char *path;
    unsigned line;
    int count, made;
    bool wrong;
    char **name; /* of all tests so far */
    void (*take)(void *, const struct gen_cycle *, const char *, const char *);
    void *context;
};

static void complain(struct reading *r, const char *name, const char *what)
{
    cli_error("%s:%u: '%.60s' %s", r->path, r->line, name, what);
    r->wrong = true;
}

/* False if there was one of that name. */
static bool note(struct reading *r, const char *name)
{
    for (int i = 0; i < r->count; ++i) {
        if (strcmp(r->name[i], name) == 0) {
            complain(r, name, "is there twice");
            return false;
        }
    }
    char **names = realloc(r->name, (size_t)(r->count + 1) * sizeof *names);
    char *copy = strdup(name);
    if (names == NULL || copy == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    r->name = names;
    r->name[r->count++] = copy;
    return true;
}

static void read_test(struct reading *r, const char *name, const char *why)
{
    struct gen_cycle cycle;
    char its[200];
    if (!gen_from_name(name, &cycle)) {
        complain(r, name, "is the name of no cycle");
    } else if (strcmp(gen_name(&cycle, its, sizeof its), name) != 0) {
        char what[260];
        snprintf(what, sizeof what, "is called %s", its);
        complain(r, name, what);
    } else if (note(r, name)) {
        ++r->made;
        r->take(r->context, &cycle, name, why);
    }
}

/* What has no name that leads back to it is given as its edges. */
static void read_cycle(struct reading *r, char *words, const char *why)
{
    struct gen_cycle cycle;
    struct gen_error error;
    char name[200];
    if (!gen_read(&words, 1, &cycle, &error)) {
        char what[300];
        snprintf(what, sizeof what, "is no cycle: %s", error.text);
        complain(r, words, what);
    } else if (note(r, gen_name(&cycle, name, sizeof name))) {
        ++r->made;
        r->take(r->context, &cycle, name, why);
    }
}

/* The next word, or NULL. */
static char *next_name(char **rest)
{
    char *name;
    while ((name = strsep(rest, " \t")) != NULL && *name == '\0') {
    }
    return name;
}

static void read_line(struct reading *r, char *line)
{
    char *end = line + strlen(line);
    while (end > line && strchr(" \t\r\n", end[-1]) != NULL) {
        *--end = '\0';
    }
    line += strspn(line, " \t");
    char *colon = strstr(line, ": ");
    if (*line == '#') {
        return;
    }
    if (strncmp(line, "hand ", 5) == 0) {
        char *rest = line + 5;
        for (char *name; (name = next_name(&rest)) != NULL;) {
            (void)note(r, name);
        }
    } else if (colon != NULL || strncmp(line, "cycle ", 6) == 0) {
        const char *why = NULL;
        if (colon != NULL) {
            *colon = '\0';
            why = colon + 2 + strspn(colon + 2, " \t");
        }
        if (strncmp(line, "cycle ", 6) == 0) {
            read_cycle(r, line + 6, why);
        } else {
            read_test(r, line, why);
        }
    } else {
        for (char *name; (name = next_name(&line)) != NULL;) {
            read_test(r, name, NULL);
        }
    }
}

int plan_each(const char *path,
              void (*take)(void *context, const struct gen_cycle *cycle, const char *name,
                           const char *why),
              void *context)
{
    struct reading r = {.path = path, .take = take, .context = context};
    char *line = NULL;
    size_t room = 0;
    FILE *f = fopen(path, "r");
    if (f == NULL) {
        cli_error("%s: %s", path, strerror(errno));
        return -1;
    }
    while (getline(&line, &room, f) != -1) {
        ++r.line;
        read_line(&r, line);
    }
    if (ferror(f)) {
        cli_error("%s: %s", path, strerror(errno));
        r.wrong = true;
    }
    fclose(f);
    free(line);
    for (int i = 0; i < r.count; ++i) {
        free(r.name[i]);
    }
    free(r.name);
    return r.wrong ? -1 : r.made;
}
