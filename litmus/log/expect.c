/* expect.c - states of a log, as those of the tests that are run. */
#include "expect.h"
#include "log.h"

#include "asm/asm.h"
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* "0:X1" of the log and of the test are one if they mean the same register: W1 is X1, a0 is x10. */
static bool same_register(const struct litmus_test *test, const char *name, size_t length,
                          const char *observed)
{
    struct asm_register a, b;
    const char *colon = memchr(name, ':', length), *other = strchr(observed, ':');
    if (colon == NULL || other == NULL || colon - name != other - observed ||
        memcmp(name, observed, (size_t)(colon - name)) != 0) {
        return false;
    }
    const char *end = name + length;
    return asm_register(test->dialect, colon + 1, (size_t)(end - colon - 1), &a) !=
               ASM_NO_REGISTER &&
           asm_register(test->dialect, other + 1, strlen(other + 1), &b) != ASM_NO_REGISTER &&
           a.number == b.number;
}

static bool is_column(const struct litmus_test *test, unsigned column, const char *name,
                      size_t length)
{
    const struct litmus_observed *observed = &test->observed[column];
    if (observed->thread == LITMUS_NOWHERE && *observed->name == '[') { /* "[x]"; else "a[1]" */
        return strlen(observed->name) == length + 2 &&
               memcmp(observed->name + 1, name, length) == 0;
    }
    return (strlen(observed->name) == length && memcmp(observed->name, name, length) == 0) ||
           (observed->thread != LITMUS_NOWHERE &&
            same_register(test, name, length, observed->name));
}

/* A number, or the address of a location. */
static bool read_value(const struct litmus_test *test, const char *text, size_t length,
                       int64_t *value)
{
    char digits[32], *end;
    for (unsigned i = 0; i < test->location_count; ++i) {
        if (strlen(test->location[i].name) == length &&
            memcmp(test->location[i].name, text, length) == 0) {
            *value = LITMUS_ADDRESS(i);
            return true;
        }
    }
    if (length == 0 || length >= sizeof digits) {
        return false;
    }
    memcpy(digits, text, length);
    digits[length] = '\0';
    errno = 0;
    *value = *digits == '-' ? strtoll(digits, &end, 0) : (int64_t)strtoull(digits, &end, 0);
    return *end == '\0' && errno == 0;
}

/* "0:X1=1; x=2;": what the test observes has to be there, and may be among more. */
static void read_state(const char *path, const struct litmus_test *test, const char *text,
                       struct outcome_set *allowed)
{
    int64_t state[LITMUS_MOST_OBSERVED + 1];
    for (unsigned column = 0; column < test->observed_count; ++column) {
        bool found = false;
        for (const char *c = text; *c != '\0' && !found;) {
            const size_t length = strcspn(c, ";"), name = strcspn(c, "=");
            if (name < length && is_column(test, column, c, name)) {
                found = true;
                if (!read_value(test, c + name + 1, length - name - 1, &state[column])) {
                    cli_die(CLI_USAGE,
                            "--expect: %s: %s: expected a number or a location after '=' in %s",
                            path, test->name, text);
                }
            }
            c += length;
            c += strspn(c, "; ");
        }
        if (!found) {
            cli_die(CLI_USAGE,
                    "--expect: %s: %s: its states do not tell %s, which the test observes (%s)",
                    path, test->name, test->observed[column].name, text);
        }
    }
    if (!outcome_add(allowed, state, 1)) {
        cli_die(CLI_UNFIT, "out of memory");
    }
}

void expect_read(struct expect *expect, const char *path, const struct suite *suite)
{
    struct log log;
    log_read(&log, path);
    if (!log.model) {
        cli_die(CLI_USAGE,
                "--expect: %s: expected a model's log (herd7's: States 3 ...), and this is of "
                "a run on a machine",
                path);
    }
    expect->count = suite->count;
    expect->allowed = calloc(suite->count + 1, sizeof *expect->allowed);
    expect->known = calloc(suite->count + 1, sizeof *expect->known);
    if (expect->allowed == NULL || expect->known == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (size_t i = 0; i < suite->count; ++i) {
        const struct litmus_test *test = suite->test[i];
        const struct log_test *logged =
            suite->client[i] == NULL ? log_find(&log, test->name) : NULL;
        outcome_init(&expect->allowed[i], test->observed_count);
        expect->known[i] = logged != NULL;
        for (size_t k = 0; logged != NULL && k < logged->count; ++k) {
            read_state(path, test, logged->state[k].text, &expect->allowed[i]);
        }
    }
    log_free(&log);
}

void expect_free(struct expect *expect)
{
    for (size_t i = 0; i < expect->count; ++i) {
        outcome_free(&expect->allowed[i]);
    }
    free(expect->allowed);
    free(expect->known);
}

const struct outcome_set *expect_of(const struct expect *expect, size_t i)
{
    return expect->known[i] ? &expect->allowed[i] : NULL;
}
