/* results.c - from the JSON of a run to what a page tells of each test. */
#define _GNU_SOURCE
#include "report/results.h"

#include "cli/cli.h"
#include "gen/shape.h"
#include "outcome/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const results_kinds[RESULTS_KINDS] = {"VIOLATION",         "allowed, seen",
                                                  "allowed, not seen", "forbidden, not seen",
                                                  "no verdict",        "not run"};

static const char others[] = "other tests";

const char *results_text(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

const char *results_info(const struct results_test *test, const char *key)
{
    return results_text(json_object_get(test->json, "info"), key);
}

static double number(json_t *object, const char *key)
{
    const double value = json_number_value(json_object_get(object, key));
    return value > 0 ? value : 0;
}

static enum results_kind kind_of(const struct results_test *test)
{
    static const struct {
        enum verdict verdict;
        enum results_kind kind;
    } kinds[] = {{VERDICT_VIOLATION, RESULTS_VIOLATION},
                 {VERDICT_VIOLATION_TSO, RESULTS_VIOLATION},
                 {VERDICT_ALLOWED_SEEN, RESULTS_SEEN},
                 {VERDICT_ALLOWED_NOT_SEEN, RESULTS_NOT_SEEN},
                 {VERDICT_FORBIDDEN_NOT_SEEN, RESULTS_FORBIDDEN}};
    if (json_is_true(json_object_get(test->json, "violation")) ||
        strcmp(test->result, "crashed") == 0 || strcmp(test->result, "stuck") == 0) {
        return RESULTS_VIOLATION;
    }
    if (test->total == 0) {
        return RESULTS_NOT_RUN;
    }
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; ++i) {
        if (strcmp(test->verdict, verdict_name(kinds[i].verdict)) == 0) {
            return kinds[i].kind;
        }
    }
    return RESULTS_NO_VERDICT;
}

/* The longest shape that the name begins with and goes on after, or is; else what stands before its first "+".
 * Returns its place among the shapes; what has no family comes last.
 */
static unsigned family_of(const char *name, size_t *length)
{
    unsigned found = gen_shape_count;
    *length = 0;
    for (unsigned i = 0; i < gen_shape_count; ++i) {
        const size_t wide = strlen(gen_shapes[i].name);
        if (wide > *length && strncmp(name, gen_shapes[i].name, wide) == 0 && name[wide] == '+') {
            *length = wide;
            found = i;
        }
    }
    for (unsigned i = 0; i < gen_shape_count && *length == 0; ++i) {
        if (strcmp(name, gen_shapes[i].name) == 0) {
            *length = strlen(name);
            found = i;
        }
    }
    if (*length == 0 && strchr(name, '+') != NULL) {
        *length = strcspn(name, "+");
    }
    return *length > 0 ? found : gen_shape_count + 1;
}

static void read_test(struct results_test *test, json_t *json, json_t *cpus)
{
    size_t length;
    test->json = json;
    test->name = results_text(json, "name");
    test->name = *test->name != '\0' ? test->name : "?";
    test->result = results_text(json, "result");
    test->verdict = results_text(json, "verdict");
    test->threads = number(json, "threads") < 1000 ? (unsigned)number(json, "threads") : 0;
    test->cpus = test->threads > json_array_size(cpus) ? (unsigned)json_array_size(cpus) : 0;
    test->total = number(json, "total");
    test->weak = number(json, "weak");
    test->seconds = number(json, "seconds");
    test->kind = kind_of(test);
    if (test->seconds > 0) {
        /* Per second that nobody disturbed; sums of runs do not have that. */
        const json_t *weak = json_object_get(json, "weak_rate"),
                     *all = json_object_get(json, "rate");
        test->rate = json_is_number(weak) ? json_number_value(weak) : test->weak / test->seconds;
        test->all_rate = json_is_number(all) ? json_number_value(all) : test->total / test->seconds;
        test->limit = number(json, "bound_95") * test->total / test->seconds;
    }
    (void)family_of(test->name, &length);
    test->form = length > 0 && test->name[length] == '+' ? test->name + length + 1 : test->name;
}

static int by_family(const void *left, const void *right)
{
    const struct results_test *a = left, *b = right;
    size_t wide_a, wide_b;
    const unsigned place_a = family_of(a->name, &wide_a), place_b = family_of(b->name, &wide_b);
    const size_t wide = wide_a < wide_b ? wide_a : wide_b;
    int order = place_a < place_b ? -1 : place_a > place_b;
    order = order != 0 ? order : strncmp(a->name, b->name, wide);
    order = order != 0 ? order : (wide_a > wide_b) - (wide_a < wide_b);
    /* Inside a family what is to be seen first comes first. */
    order = order != 0 ? order : (a->kind > b->kind) - (a->kind < b->kind);
    order = order != 0 ? order : (a->rate < b->rate) - (a->rate > b->rate);
    return order != 0 ? order : strcmp(a->form, b->form);
}

static void group(struct results *results)
{
    for (size_t i = 0; i < results->count; ++i) {
        const struct results_test *test = &results->test[i];
        size_t length;
        (void)family_of(test->name, &length);
        const char *name = length > 0 ? test->name : others;
        length = length > 0 ? length : strlen(others);
        struct results_family *family =
            results->family_count > 0 ? &results->family[results->family_count - 1] : NULL;
        if (family == NULL || strlen(family->name) != length ||
            strncmp(family->name, name, length) != 0) {
            family = &results->family[results->family_count++];
            family->name = strndup(name, length);
            family->test = test;
            if (family->name == NULL) {
                cli_die(CLI_UNFIT, "out of memory");
            }
        }
        ++family->count;
        ++family->kinds[test->kind];
        ++results->kinds[test->kind];
    }
}

void results_read(struct results *results, json_t *document)
{
    json_t *tests = json_object_get(document, "tests");
    json_t *cpus = json_object_get(json_object_get(document, "machine"), "used_cpus");
    memset(results, 0, sizeof *results);
    results->document = document;
    results->count = json_array_size(tests);
    results->test = calloc(results->count + 1, sizeof *results->test);
    results->family = calloc(results->count + 1, sizeof *results->family);
    if (results->test == NULL || results->family == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (size_t i = 0; i < results->count; ++i) {
        read_test(&results->test[i], json_array_get(tests, i), cpus);
    }
    qsort(results->test, results->count, sizeof *results->test, by_family);
    group(results);
}

void results_free(struct results *results)
{
    for (size_t i = 0; i < results->family_count; ++i) {
        free(results->family[i].name);
    }
    free(results->family);
    free(results->test);
}

const char *results_tell(const struct results_test *test, char text[RESULTS_LINE])
{
    char number_text[32];
    if (test->total == 0) {
        snprintf(text, RESULTS_LINE, "%.200s: %s", test->name,
                 *test->result != '\0' ? test->result : results_kinds[RESULTS_NOT_RUN]);
        return text;
    }
    int used = snprintf(text, RESULTS_LINE, "%.200s: %.40s; %.0f of %.0f", test->name,
                        test->verdict, test->weak, test->total);
    if (test->weak > 0) {
        snprintf(text + used, RESULTS_LINE - (size_t)used, ", %s/s",
                 cli_number(test->rate, number_text, sizeof number_text));
    } else if (test->limit > 0) {
        snprintf(text + used, RESULTS_LINE - (size_t)used, ", at 95 %% fewer than %s/s",
                 cli_number(test->limit, number_text, sizeof number_text));
    }
    used = (int)strlen(text);
    if (test->cpus != 0) {
        snprintf(text + used, RESULTS_LINE - (size_t)used, "; %u threads on %u CPU%s",
                 test->threads, test->cpus, test->cpus == 1 ? "" : "s");
    }
    return text;
}

const char *results_why_not(const struct results *results, const struct results_test *test,
                            char text[RESULTS_LINE])
{
    json_t *cpus = json_object_get(json_object_get(results->document, "machine"), "used_cpus");
    if (strcmp(test->result, "skipped") != 0) {
        snprintf(text, RESULTS_LINE, "%s",
                 *test->result != '\0' ? test->result : results_kinds[RESULTS_NOT_RUN]);
    } else if (json_is_array(cpus) && test->threads > json_array_size(cpus)) {
        snprintf(text, RESULTS_LINE, "skipped: %u threads, %zu CPU%s", test->threads,
                 json_array_size(cpus), json_array_size(cpus) == 1 ? "" : "s");
    } else {
        snprintf(text, RESULTS_LINE, "skipped: not for this machine, or not for this engine");
    }
    return text;
}
