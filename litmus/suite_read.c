/* suite_read.c - arguments to tests: names, files, directories, clients. */
#define _GNU_SOURCE
#include "suite.h"

#include "cli/cli.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void add_client(struct suite *suite, const char *path)
{
    struct client *client = client_new(path);
    if (client == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    suite_add(suite, &client->test, client, path);
}

static void add_file(struct suite *suite, const char *path)
{
    struct litmus_error error;
    struct litmus_test *test = litmus_read(path, &error);
    suite_add_test(suite, test, path, &error);
}

static int is_litmus_file(const struct dirent *entry)
{
    const char *dot = strrchr(entry->d_name, '.');
    return entry->d_name[0] != '.' && dot != NULL && strcmp(dot, ".litmus") == 0;
}

static void add_directory(struct suite *suite, const char *path)
{
    struct dirent **entries;
    const int count = scandir(path, &entries, is_litmus_file, alphasort);
    if (count <= 0) {
        ++suite->refused;
        cli_error("%s: %s", path,
                  count < 0
                      ? strerror(errno)
                      : "no *.litmus file in this directory (those below it are not looked into)");
    }
    for (int i = 0; i < count; ++i) {
        char file[PATH_MAX];
        const size_t slash = strlen(path);
        if (snprintf(file, sizeof file, "%s%s%s", path, path[slash - 1] == '/' ? "" : "/",
                     entries[i]->d_name) < (int)sizeof file) {
            add_file(suite, file);
        } else {
            ++suite->refused;
            cli_error("%s: %s, in %s", entries[i]->d_name, strerror(ENAMETOOLONG), path);
        }
        free(entries[i]);
    }
    if (count >= 0) {
        free(entries);
    }
}

static void refuse_name(struct suite *suite, const char *name, int error)
{
    const char *nearest = strchr(name, '/') == NULL ? suite_nearest(name) : NULL;
    ++suite->refused;
    if (nearest != NULL) {
        cli_error("'%s' is neither a file nor a test of the catalogue; did you mean %s?", name,
                  nearest);
    } else if (strchr(name, '/') != NULL || error != ENOENT) {
        cli_error("%s: %s", name, strerror(error));
    } else {
        cli_error("'%s' is neither a file nor a test of the catalogue (see: cordon-litmus list)",
                  name);
    }
}

void suite_read(struct suite *suite, char *const *arguments, int count)
{
    memset(suite, 0, sizeof *suite);
    if (count == 0) {
        suite_add_all(suite);
    }
    for (int i = 0; i < count; ++i) {
        struct stat facts;
        if (strcmp(arguments[i], "-") == 0) {
            add_file(suite, "-");
        } else if (stat(arguments[i], &facts) == 0) {
            if (S_ISDIR(facts.st_mode)) {
                add_directory(suite, arguments[i]);
            } else if (client_is(arguments[i])) {
                add_client(suite, arguments[i]);
            } else {
                add_file(suite, arguments[i]);
            }
        } else if (!suite_add_named(suite, arguments[i])) {
            refuse_name(suite, arguments[i], errno);
        }
    }
}
