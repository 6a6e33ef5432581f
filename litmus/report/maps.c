/* maps.c - heat maps: tables whose cells are coloured by powers of ten. */
#define _GNU_SOURCE
#include "report/pieces.h"

#include "cli/cli.h"
#include "page/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Forms of a whole test, from weak to strong; what is told thread by thread is in no column. */
static const char *const forms[] = {
    "rlx",        "ctrls",     "datas",    "acqs",      "rels", "ra",       "fences-acq",
    "fences-rel", "fences-ar", "loads-sc", "stores-sc", "sc",   "fences-sc"};
enum { FORMS = sizeof forms / sizeof *forms, SHADES = 9 };

const char *pieces_rate(const struct results_test *test, char text[32])
{
    switch (test->kind) {
    case RESULTS_NOT_SEEN:
        return strcpy(text, "\xe2\x80\x93"); /* a dash */
    case RESULTS_FORBIDDEN:
        return strcpy(text, "\xe2\x9c\x93"); /* a check mark */
    case RESULTS_NOT_RUN:
        return strcpy(text, "\xc2\xb7");
    default:
        return test->weak > 0 ? cli_number(test->rate, text, 32) : strcpy(text, "\xe2\x80\x93");
    }
}

/* Powers of ten that `value` is above `least`, as far as there are shades. */
static unsigned shade_of(double value, double least)
{
    const double powers = value > 0 ? floor(log10(value / least) + 1e-9) : 0;
    return powers < 0 ? 0 : powers > SHADES - 1 ? SHADES - 1 : (unsigned)powers;
}

/* The class of a cell: v violation, n not seen, f forbidden and not seen, x not run, k0 to k8. */
static void begin_cell(FILE *stream, const struct results_test *test, unsigned shade)
{
    static const char *const classes[RESULTS_KINDS] = {"v", NULL, "n", "f", NULL, "x"};
    if (classes[test->kind] != NULL) {
        fprintf(stream, "<td class=\"%s\"", classes[test->kind]);
    } else if (test->weak > 0) {
        fprintf(stream, "<td class=\"k%u\"", shade);
    } else {
        fputs("<td class=\"n\"", stream);
    }
}

static void put_title(struct pieces *page, const struct results_test *test)
{
    char line[RESULTS_LINE];
    fputs(" title=\"", page->stream);
    if (test->kind == RESULTS_NOT_RUN) {
        page_text(page->stream, test->name);
        fputs(": ", page->stream);
        page_text(page->stream, results_why_not(page->results, test, line));
    } else {
        page_text(page->stream, results_tell(test, line));
    }
    fputs("\">", page->stream);
}

static const struct results_test *with_form(const struct results_family *family, const char *form)
{
    for (size_t i = 0; i < family->count; ++i) {
        if (strcmp(family->test[i].form, form) == 0) {
            return &family->test[i];
        }
    }
    return NULL;
}

static bool is_form(const char *form)
{
    for (unsigned i = 0; i < FORMS; ++i) {
        if (strcmp(form, forms[i]) == 0) {
            return true;
        }
    }
    return false;
}

void pieces_cell(struct pieces *page, const struct results_test *test)
{
    char text[32];
    if (test == NULL) {
        fputs("<td></td>", page->stream);
        return;
    }
    begin_cell(page->stream, test, shade_of(test->rate, 1));
    put_title(page, test);
    fprintf(page->stream, "%s%s</td>", test->kind == RESULTS_VIOLATION ? "\xe2\x9c\x97 " : "",
            pieces_rate(test, text));
}

/* All that have no column: how many showed what they ask for, and the highest rate. */
static void rest_cell(struct pieces *page, const struct results_family *family)
{
    const struct results_test *most = NULL;
    size_t count = 0, run = 0, seen = 0;
    char text[32];
    for (size_t i = 0; i < family->count; ++i) {
        const struct results_test *test = &family->test[i];
        if (is_form(test->form)) {
            continue;
        }
        ++count;
        run += test->kind != RESULTS_NOT_RUN;
        seen += test->weak > 0;
        if (most == NULL || test->kind < most->kind ||
            (test->kind == most->kind && test->rate > most->rate)) {
            most = test;
        }
    }
    if (most == NULL) {
        fputs("<td></td>", page->stream);
        return;
    }
    begin_cell(page->stream, most, shade_of(most->rate, 1));
    fputs(" title=\"the highest: ", page->stream);
    char line[RESULTS_LINE];
    page_text(page->stream, results_tell(most, line));
    fputs("\">", page->stream);
    if (run == 0) {
        fprintf(page->stream, "%zu not run", count);
    } else if (seen == 0) {
        fprintf(page->stream, "0 of %zu", run);
    } else {
        fprintf(page->stream, "%s%zu of %zu, up to %s",
                most->kind == RESULTS_VIOLATION ? "\xe2\x9c\x97 " : "", seen, run,
                pieces_rate(most, text));
    }
    fputs("</td>", page->stream);
}

static void write_legend(FILE *stream, const char *what, bool shares)
{
    static const char *const rates[SHADES] = {"1",     "10",  "100",  "1 k",  "10 k",
                                              "100 k", "1 M", "10 M", "100 M"};
    static const char *const parts[SHADES] = {"&lt; 10<sup>\xe2\x88\x92"
                                              "7</sup>",
                                              "10<sup>\xe2\x88\x92"
                                              "7</sup>",
                                              "10<sup>\xe2\x88\x92"
                                              "6</sup>",
                                              "10<sup>\xe2\x88\x92"
                                              "5</sup>",
                                              "10<sup>\xe2\x88\x92"
                                              "4</sup>",
                                              "0.1 %",
                                              "1 %",
                                              "10 %",
                                              "all"};
    fprintf(stream, "<p class=\"legend\">%s, at least: ", what);
    for (unsigned i = 0; i < SHADES; ++i) {
        fprintf(stream, "<span class=\"k%u\">%s</span> ", i, shares ? parts[i] : rates[i]);
    }
    fputs("<br/><i><span class=\"v\">\xe2\x9c\x97</span> forbidden, seen: violation</i> "
          "<i><span class=\"n\">\xe2\x80\x93</span> allowed, not seen</i> "
          "<i><span class=\"f\">\xe2\x9c\x93</span> forbidden, not seen</i> "
          "<i><span class=\"x\">\xc2\xb7</span> not run</i></p>\n",
          stream);
}

void pieces_matrix(struct pieces *page)
{
    FILE *stream = page->stream;
    const struct results *results = page->results;
    bool used[FORMS] = {false}, rest = false;
    for (size_t i = 0; i < results->count; ++i) {
        rest = rest || !is_form(results->test[i].form);
        for (unsigned k = 0; k < FORMS; ++k) {
            used[k] = used[k] || strcmp(results->test[i].form, forms[k]) == 0;
        }
    }
    fputs("<figure id=\"matrix\">\n<figcaption><strong>Shapes \xc3\x97 forms: weak outcomes in a "
          "second.</strong> A row for each shape, a column for each form that a whole test can "
          "have, weak to strong. Point at a cell for its counts; a shape's name leads to all its "
          "tests.</figcaption>\n",
          stream);
    write_legend(stream, "Weak outcomes in a second", false);
    fputs("<div class=\"wide\"><table class=\"map\">\n<thead><tr><th scope=\"col\">shape</th>"
          "<th scope=\"col\">threads</th>",
          stream);
    for (unsigned k = 0; k < FORMS; ++k) {
        if (used[k]) {
            fprintf(stream, "<th scope=\"col\" class=\"up\"><span>%s</span></th>", forms[k]);
        }
    }
    fprintf(stream, "%s</tr></thead>\n<tbody>\n", rest ? "<th scope=\"col\">others seen</th>" : "");
    for (size_t i = 0; i < results->family_count; ++i) {
        const struct results_family *family = &results->family[i];
        fprintf(stream, "<tr><th scope=\"row\"><a href=\"#f%zu\">", i);
        page_text(stream, family->name);
        fprintf(stream, "</a></th><td>%u</td>", family->test[0].threads);
        for (unsigned k = 0; k < FORMS; ++k) {
            if (used[k]) {
                pieces_cell(page, with_form(family, forms[k]));
            }
        }
        if (rest) {
            rest_cell(page, family);
        }
        fputs("</tr>\n", stream);
    }
    fputs("</tbody></table></div>\n</figure>\n", stream);
}

/* Tests × outcomes. */

enum { MOST_COLUMNS = 24 };

/* Final states of tests that look at the same things. */
struct outcomes {
    json_t *names;  /* of what is looked at: {"0:r0": true, ...} in the order of the first test */
    json_t *states; /* {"0 1": highest share}: the values, in the order of the names */
};

/* The values as "0 1"; NULL where the state tells not all of these, or more. */
static char *spell(json_t *names, json_t *state)
{
    char *text = NULL;
    size_t size = 0;
    const char *name;
    json_t *unused;
    FILE *stream =
        json_object_size(state) == json_object_size(names) ? open_memstream(&text, &size) : NULL;
    if (stream == NULL) {
        return NULL;
    }
    bool whole = true;
    json_object_foreach(names, name, unused)
    {
        json_t *value = json_object_get(state, name);
        whole = whole && (json_is_integer(value) || json_is_string(value));
        if (json_is_integer(value)) {
            fprintf(stream, "%s%" JSON_INTEGER_FORMAT, ftell(stream) > 0 ? " " : "",
                    json_integer_value(value));
        } else if (json_is_string(value)) { /* an address: a location's name */
            fprintf(stream, "%s%s", ftell(stream) > 0 ? " " : "", json_string_value(value));
        }
    }
    fclose(stream);
    if (!whole) {
        free(text);
        text = NULL;
    }
    return text;
}

/* The one state that a condition such as "exists (0:r0=0 /\ 1:r0=0)" singles out, spelt; else NULL. */
static char *asked(json_t *names, const struct results_test *test)
{
    const char *at = strchr(results_text(test->json, "condition"), '(');
    json_t *state = json_object();
    while (at != NULL) {
        const char *equals = strchr(++at, '='), *end = strpbrk(at, " )");
        char name[80], *after;
        if (equals == NULL || end == NULL || equals > end ||
            equals - at >= (ptrdiff_t)sizeof name) {
            break;
        }
        snprintf(name, sizeof name, "%.*s", (int)(equals - at), at);
        const long long value = strtoll(equals + 1, &after, 10);
        if (after != end) {
            break;
        }
        json_object_set_new(state, name, json_integer(value));
        at = strncmp(end, " /\\ ", 4) == 0 ? end + 3 : NULL;
        if (at == NULL && strcmp(end, ")") == 0) {
            char *text = spell(names, state);
            json_decref(state);
            return text;
        }
    }
    json_decref(state);
    return NULL;
}

static bool is_weak_column(json_t *names, const struct results_test *test, const char *spelt)
{
    char *text = asked(names, test);
    const bool is = text != NULL && strcmp(text, spelt) == 0;
    free(text);
    return is;
}

static void note(json_t *states, const char *spelt, double share)
{
    json_t *before = json_object_get(states, spelt);
    if (before == NULL || json_number_value(before) < share) {
        json_object_set_new(states, spelt, json_real(share));
    }
}

/* What it looks at: the names in the first state of its histogram. */
static json_t *names_of(const struct results_test *test)
{
    json_t *row = json_array_get(json_object_get(test->json, "histogram"), 0), *unused;
    json_t *names = json_object();
    const char *name;
    json_object_foreach(json_object_get(row, "state"), name, unused)
    {
        json_object_set_new(names, name, json_true());
    }
    return names;
}

static double share_of(const struct results_test *test, json_t *row)
{
    return test->total > 0 ? json_number_value(json_object_get(row, "count")) / test->total : 0;
}

static void collect(struct outcomes *outcomes, const struct results_test *test)
{
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(test->json, "histogram"), i, row)
    {
        char *spelt = spell(outcomes->names, json_object_get(row, "state"));
        if (spelt != NULL) {
            note(outcomes->states, spelt, share_of(test, row));
        }
        free(spelt);
    }
    char *weak = asked(outcomes->names, test);
    if (weak != NULL) {
        note(outcomes->states, weak, 2); /* it gets a column in any case */
    }
    free(weak);
}

struct column {
    const char *spelt;
    double share;
};

static int by_share(const void *left, const void *right)
{
    const double a = ((const struct column *)left)->share,
                 b = ((const struct column *)right)->share;
    return a > b ? -1 : a < b;
}

static int by_values(const void *left, const void *right)
{
    return strverscmp(((const struct column *)left)->spelt, ((const struct column *)right)->spelt);
}

static void put_share(FILE *stream, double share)
{
    if (share >= 0.0095) {
        fprintf(stream, "%.0f\xe2\x80\x89%%", share * 100);
    } else {
        const int power = (int)floor(log10(share));
        const double digit = round(share / pow(10, power));
        fprintf(stream, "%.0fe%d", digit < 9.5 ? digit : 1, digit < 9.5 ? power : power + 1);
    }
}

static void outcome_cell(struct pieces *page, json_t *names, const struct results_test *test,
                         const char *spelt)
{
    FILE *stream = page->stream;
    size_t i;
    char text[32];
    json_t *row;
    json_array_foreach(json_object_get(test->json, "histogram"), i, row)
    {
        char *this = spell(names, json_object_get(row, "state"));
        const bool same = this != NULL && strcmp(this, spelt) == 0;
        free(this);
        if (same) {
            const bool weak = json_is_true(json_object_get(row, "weak"));
            const double share = share_of(test, row);
            const bool wrong = weak && test->kind == RESULTS_VIOLATION;
            if (wrong) {
                fputs("<td class=\"v w\"", stream);
            } else {
                fprintf(stream, "<td class=\"k%u%s\"", shade_of(share, 1e-8), weak ? " w" : "");
            }
            fprintf(stream, " title=\"%.0f of %.0f\">%s",
                    json_number_value(json_object_get(row, "count")), test->total,
                    wrong  ? "\xe2\x9c\x97"
                    : weak ? "*"
                           : "");
            put_share(stream, share);
            fputs("</td>", stream);
            return;
        }
    }
    if (is_weak_column(names, test, spelt)) {
        begin_cell(stream, test, 0);
        put_title(page, test);
        fprintf(stream, "%s</td>", pieces_rate(test, text));
    } else {
        fputs("<td></td>", stream);
    }
}

static void outcome_head(FILE *stream, json_t *names, const struct column *column, size_t count)
{
    const char *name;
    json_t *unused;
    unsigned place = 0;
    json_object_foreach(names, name, unused)
    {
        fputs("<tr><th scope=\"row\">", stream);
        page_text(stream, name);
        fputs("</th>", stream);
        for (size_t i = 0; i < count; ++i) {
            const char *value = column[i].spelt;
            for (unsigned skip = 0; skip < place; ++skip) {
                value += strcspn(value, " ");
                value += *value == ' ';
            }
            char text[64];
            snprintf(text, sizeof text, "%.*s", (int)strcspn(value, " "), value);
            fputs("<th scope=\"col\">", stream);
            page_text(stream, text);
            fputs("</th>", stream);
        }
        fputs("</tr>\n", stream);
        ++place;
    }
}

static void write_outcomes(struct pieces *page, const struct results_family *family,
                           const struct outcomes *outcomes)
{
    FILE *stream = page->stream;
    size_t count = 0;
    const char *spelt;
    json_t *share;
    const size_t all = json_object_size(outcomes->states);
    struct column *column = calloc(all + 1, sizeof *column);
    if (column == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    json_object_foreach(outcomes->states, spelt, share)
    {
        column[count++] = (struct column){spelt, json_number_value(share)};
    }
    qsort(column, count, sizeof *column, by_share);
    count = count > MOST_COLUMNS ? MOST_COLUMNS : count;
    qsort(column, count, sizeof *column, by_values);
    fputs("<div class=\"wide\"><table class=\"map\">\n<thead>\n", stream);
    outcome_head(stream, outcomes->names, column, count);
    fputs("</thead>\n<tbody>\n", stream);
    for (size_t i = 0; i < family->count; ++i) {
        const struct results_test *test = &family->test[i];
        json_t *names = names_of(test);
        if (json_object_size(names) > 0 && json_equal(names, outcomes->names)) {
            fputs("<tr><th scope=\"row\">", stream);
            page_text(stream, test->form);
            fputs("</th>", stream);
            for (size_t k = 0; k < count; ++k) {
                outcome_cell(page, outcomes->names, test, column[k].spelt);
            }
            fputs("</tr>\n", stream);
        }
        json_decref(names);
    }
    fputs("</tbody></table></div>\n", stream);
    if (all > count) {
        fprintf(stream, "<p class=\"same\">The %zu states with the greatest shares, of %zu.</p>\n",
                count, all);
    }
    free(column);
}

void pieces_outcomes(struct pieces *page, const struct results_family *family)
{
    json_t *done = json_array();
    size_t known;
    json_t *before;
    if (family->kinds[RESULTS_NOT_RUN] == family->count) {
        json_decref(done);
        return;
    }
    fputs("<figure>\n<figcaption><strong>Tests \xc3\x97 final states.</strong> The share of all "
          "instances that ended so; * is the weak state. A column's head is the values "
          "of what is named at its left.</figcaption>\n",
          page->stream);
    for (size_t i = 0; i < family->count; ++i) {
        struct outcomes outcomes = {names_of(&family->test[i]), json_object()};
        bool drawn = json_object_size(outcomes.names) == 0;
        json_array_foreach(done, known, before)
        {
            drawn = drawn || json_equal(before, outcomes.names);
        }
        for (size_t k = i; k < family->count && !drawn; ++k) {
            json_t *names = names_of(&family->test[k]);
            if (json_equal(names, outcomes.names)) {
                collect(&outcomes, &family->test[k]);
            }
            json_decref(names);
        }
        if (!drawn) {
            write_outcomes(page, family, &outcomes);
            json_array_append(done, outcomes.names);
        }
        json_decref(outcomes.names);
        json_decref(outcomes.states);
    }
    json_decref(done);
    write_legend(page->stream, "Share", true);
    fputs("</figure>\n", page->stream);
}
