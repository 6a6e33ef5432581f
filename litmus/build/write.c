/* write.c - the sources of a suite with its runner. */
#define _GNU_SOURCE
#include "build/build.h"
#include "build/built.h"

#include "cli/cli.h"
#include "run/perpetual.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* So many tests in one file: fewer, and the compiler reads its headers more often than code; more, and few
 * can be compiled at a time.
 */
enum { TESTS_IN_A_FILE = 24 };

static void add_source(struct build *build, const char *name)
{
    struct build_source *grown = realloc(build->source, (build->count + 1) * sizeof *grown);
    if (grown == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    build->source = grown;
    snprintf(grown[build->count++].name, sizeof grown->name, "%s", name);
}

/* A new file below the directory, with what is missing of the way there. */
static FILE *create(const struct build *build, const char *name)
{
    char path[PATH_MAX];
    const size_t start = strlen(build->directory);
    snprintf(path, sizeof path, "%s/%.200s", build->directory, name);
    for (char *slash = path + start; (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        mkdir(path, 0777);
        *slash = '/';
    }
    FILE *stream = fopen(path, "we");
    if (stream == NULL) {
        cli_error("cannot write %s: %s", path, strerror(errno));
    }
    return stream;
}

static bool finish(const struct build *build, const char *name, FILE *stream)
{
    const bool failed = ferror(stream) != 0;
    if (fclose(stream) != 0 || failed) {
        cli_error("cannot write %s/%s: %s", build->directory, name, strerror(errno));
        return false;
    }
    return true;
}

static bool write_runner(struct build *build)
{
    for (size_t i = 0; i < runner_sources_count; ++i) {
        const struct catalogue_entry *file = &runner_sources[i];
        FILE *stream = create(build, file->name);
        if (stream == NULL) {
            return false;
        }
        fwrite(file->text, 1, file->length, stream);
        if (!finish(build, file->name, stream)) {
            return false;
        }
        if (file->name[strlen(file->name) - 1] == 'c') {
            add_source(build, file->name);
        }
    }
    return true;
}

/* For the compiler's messages. */
static void put_line(FILE *stream, const char *name)
{
    fputs("\n#line 1 \"", stream);
    for (; *name != '\0'; ++name) {
        fprintf(stream, *name == '"' || *name == '\\' ? "\\%c" : "%c", *name);
    }
    fputs("\"\n", stream);
}

static bool has_code(const struct litmus_test *test, unsigned kind)
{
    char problem[512];
    return kind == LITMUS_ARRAY ||
           litmus_perpetual(test, (enum litmus_mode)kind, problem, sizeof problem);
}

/* The code of the tests, in several files. */
static bool write_tests(struct build *build)
{
    FILE *stream = NULL;
    char name[40] = "", prefix[40];
    unsigned files = 0, inside = 0;
    for (size_t i = 0; i < build->suite.count; ++i) {
        const struct litmus_test *test = build->suite.test[i];
        for (unsigned kind = 0; kind < BUILT_KINDS; ++kind) {
            if (!has_code(test, kind)) {
                continue;
            }
            if (stream == NULL) {
                snprintf(name, sizeof name, "tests%u.c", files++);
                stream = create(build, name);
                if (stream == NULL) {
                    return false;
                }
                add_source(build, name);
                fputs("#include <stddef.h>\n#include <stdint.h>\n" LITMUS_BATCH_TEXT ";\n", stream);
            }
            snprintf(prefix, sizeof prefix, "t%zu_%u", i, kind);
            put_line(stream, test->name);
            if (!litmus_emit_as(stream, test, (enum litmus_mode)kind, prefix)) {
                cli_die(CLI_UNFIT, "out of memory");
            }
            if (++inside == TESTS_IN_A_FILE) {
                inside = 0;
                if (!finish(build, name, stream)) {
                    return false;
                }
                stream = NULL;
            }
        }
    }
    return stream == NULL || finish(build, name, stream);
}

static void put_bytes(FILE *stream, const char *bytes, size_t length)
{
    fputs("{", stream);
    for (size_t i = 0; i < length; ++i) {
        fprintf(stream, "%d,%s", bytes[i], i % 30 == 29 ? "\n" : "");
    }
    fputs("0}", stream);
}

static void put_text(FILE *stream, const char *name, const char *text)
{
    fprintf(stream, "const char %s[] = ", name);
    put_bytes(stream, text, strlen(text));
    fputs(";\n", stream);
}

static void put_declarations(FILE *stream, const struct suite *suite)
{
    for (size_t i = 0; i < suite->count; ++i) {
        for (unsigned kind = 0; kind < BUILT_KINDS; ++kind) {
            if (has_code(suite->test[i], kind)) {
                fprintf(stream,
                        "extern litmus_thread_code *const t%zu_%u_litmus_threads[];\n"
                        "extern litmus_reset_code t%zu_%u_litmus_reset;\n"
                        "extern litmus_count_code t%zu_%u_litmus_count;\n",
                        i, kind, i, kind, i, kind);
            }
        }
        fprintf(stream, "static const signed char text%zu[] = ", i);
        put_bytes(stream, suite->test[i]->text, suite->test[i]->length);
        fputs(";\n", stream);
    }
}

static bool write_table(struct build *build)
{
    static const char name[] = "table.c";
    const struct suite *suite = &build->suite;
    FILE *stream = create(build, name);
    if (stream == NULL) {
        return false;
    }
    fputs("#include \"build/built.h\"\n#include \"catalogue.h\"\n\n", stream);
    put_text(stream, "built_command", build->command);
    put_text(stream, "built_flags", build->flags != NULL ? build->flags : "");
    put_text(stream, "built_version", build->version);
    put_declarations(stream, suite);
    fputs("\nconst struct catalogue_entry catalogue[] = {\n", stream);
    for (size_t i = 0; i < suite->count; ++i) {
        fputs("    {(const char[])", stream);
        put_bytes(stream, suite->test[i]->name, strlen(suite->test[i]->name));
        fprintf(stream, ", (const char *)text%zu, %zu},\n", i, suite->test[i]->length);
    }
    fprintf(stream, "    {0, 0, 0}};\nconst size_t catalogue_count = %zu;\n\n", suite->count);
    fputs("const struct built_test built_tests[] = {\n", stream);
    for (size_t i = 0; i < suite->count; ++i) {
        fputs("    {{", stream);
        for (unsigned kind = 0; kind < BUILT_KINDS; ++kind) {
            if (has_code(suite->test[i], kind)) {
                fprintf(stream, "{t%zu_%u_litmus_threads, ", i, kind);
                if (suite->test[i]->location_count != 0) {
                    fprintf(stream, "t%zu_%u_litmus_reset, ", i, kind);
                } else {
                    fputs("0, ", stream);
                }
                fprintf(stream, "t%zu_%u_litmus_count}, ", i, kind);
            } else {
                fputs("{0, 0, 0}, ", stream);
            }
        }
        fputs("}},\n", stream);
    }
    fputs("};\n", stream);
    add_source(build, name);
    return finish(build, name, stream);
}

bool build_write(struct build *build)
{
    return write_runner(build) && write_tests(build) && write_table(build);
}
