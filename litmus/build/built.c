/* built.c - in an executable that `cordon-litmus build` made: tests by their names, and code from its table. */
#define _GNU_SOURCE
#include "build/built.h"

#include "catalogue.h"
#include "cli/cli.h"
#include "log/expect.h"
#include "run/client.h"
#include "run/command.h"
#include "run/compile.h"
#include "suite.h"

#include <errno.h>
#include <string.h>

const char *compiler_replaced_by(void)
{
    return program_invocation_name;
}

void suite_read(struct suite *suite, char *const *arguments, int count)
{
    memset(suite, 0, sizeof *suite);
    if (count == 0) {
        suite_add_all(suite);
    }
    for (int i = 0; i < count; ++i) {
        if (!suite_add_named(suite, arguments[i])) {
            const char *nearest = suite_nearest(arguments[i]);
            ++suite->refused;
            cli_error("no test of this suite is called '%s'%s%s%s", arguments[i],
                      nearest != NULL ? "; did you mean " : " (see: --list)",
                      nearest != NULL ? nearest : "", nearest != NULL ? "?" : "");
        }
    }
}

int compiler_choose(struct compiler *compiler, char *problem, size_t size)
{
    if (compiler->command != NULL || compiler->flags != NULL || compiler->keep != NULL) {
        snprintf(problem, size,
                 "this suite is compiled: --cc, --cflags and --keep are options of "
                 "cordon-litmus build");
        return CLI_USAGE;
    }
    compiler->command = built_command;
    compiler->flags = built_flags[0] != '\0' ? built_flags : NULL;
    return CLI_OK;
}

bool compiler_probe(const struct compiler *compiler, char *version, size_t version_size,
                    char *problem, size_t size)
{
    (void)compiler, (void)problem, (void)size;
    snprintf(version, version_size, "%s", built_version);
    return true;
}

void compiler_print(FILE *stream, const struct compiler *compiler, const char *version)
{
    fprintf(stream, "built with %s %s%s%s%s%s\n", compiler->command, BUILT_FLAGS,
            compiler->flags != NULL ? " " : "", compiler->flags != NULL ? compiler->flags : "",
            *version != '\0' ? ", " : "", version);
}

bool litmus_compile(const struct compiler *compiler, const struct litmus_test *test,
                    enum litmus_mode mode, struct litmus_code *code, char *problem, size_t size)
{
    const unsigned kind = mode < BUILT_KINDS ? mode : LITMUS_ARRAY;
    (void)compiler;
    memset(code, 0, sizeof *code);
    code->mode = mode;
    code->bits = litmus_bits(test);
    for (size_t i = 0; i < catalogue_count; ++i) {
        if (strcmp(catalogue[i].name, test->name) == 0) {
            code->threads = built_tests[i].code[kind].threads;
            code->reset = built_tests[i].code[kind].reset;
            code->count = built_tests[i].code[kind].count;
        }
    }
    if (code->threads == NULL) {
        snprintf(problem, size, "this suite has no code of it for this engine");
    }
    return code->threads != NULL;
}

void litmus_unload(struct litmus_code *code)
{
    (void)code;
}

/* `cordon-litmus build` takes no clients, so none is ever asked for. */
static const char no_clients[] = "a built suite holds no clients";

enum code_status client_compile(const struct compiler *compiler, struct client *client,
                                struct litmus_code *code, char *problem, size_t size)
{
    (void)compiler, (void)client, (void)code;
    snprintf(problem, size, "%s", no_clients);
    return CODE_UNFIT;
}

bool client_run(struct client *client, const struct litmus_code *code,
                const struct engine_options *options, struct client_result *result, char *problem,
                size_t size)
{
    (void)client, (void)code, (void)options, (void)result;
    snprintf(problem, size, "%s", no_clients);
    return false;
}

bool (*const command_page)(FILE *stream, const struct export *export) = NULL;

void expect_read(struct expect *expect, const char *path, const struct suite *suite)
{
    (void)expect, (void)suite;
    cli_die(
        CLI_USAGE,
        "--expect: no log is read here; write --json FILE, and elsewhere: cordon-litmus compare "
        "FILE %s",
        path);
}

void expect_free(struct expect *expect)
{
    (void)expect;
}

const struct outcome_set *expect_of(const struct expect *expect, size_t i)
{
    (void)expect, (void)i;
    return NULL;
}
