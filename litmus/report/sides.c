/* sides.c - of a shape with two threads: what must the one have, if the other has this? */
#define _GNU_SOURCE
#include "report/pieces.h"

#include "cli/cli.h"
#include "page/page.h"

#include <stdlib.h>
#include <string.h>

enum { SIDE = 64, LEAST = 3 /* words on a side, that there be something to see */ };

/* The words for one thread, from weak to strong; others follow in their alphabet. */
static const char *const known[] = {"rlx",       "ctrl",      "data",     "acq", "rel",     "ra",
                                    "fence-acq", "fence-rel", "fence-ar", "sc",  "fence-sc"};
enum { KNOWN = sizeof known / sizeof *known };

struct side {
    char word[SIDE];
};

struct pair {
    const struct results_test *test;
    bool both,
        alone; /* its form is told of both at once; and no other test has one thread like that */
    struct side side[2];
};

/* "rel+acq" is told of each thread, "fences-sc" and "acqs" of both. False: it is something else. */
static bool split(const struct results_test *test, struct pair *pair)
{
    const char *form = test->form, *plus = strchr(form, '+');
    pair->test = test;
    if (form == test->name || strlen(form) >= SIDE) {
        return false;
    }
    if (plus != NULL) {
        snprintf(pair->side[0].word, SIDE, "%.*s", (int)(plus - form), form);
        snprintf(pair->side[1].word, SIDE, "%s", plus + 1);
        return strchr(plus + 1, '+') == NULL;
    }
    pair->both = true;
    const size_t noun = strcspn(form, "-"); /* its plural: "fences", "acqs" */
    const bool plural = noun > 2 && form[noun - 1] == 's';
    snprintf(pair->side[0].word, SIDE, "%.*s%s", (int)(noun - plural), form, form + noun);
    pair->side[1] = pair->side[0];
    return true;
}

static unsigned strength(const char *word)
{
    unsigned i = 0;
    while (i < KNOWN && strcmp(word, known[i]) != 0) {
        ++i;
    }
    return i;
}

static int by_strength(const void *left, const void *right)
{
    const char *a = ((const struct side *)left)->word, *b = ((const struct side *)right)->word;
    const unsigned first = strength(a), second = strength(b);
    return first != second ? (first > second) - (first < second) : strcmp(a, b);
}

/* The different words of one thread, in their order. */
static size_t words_of(const struct pair *pair, size_t count, unsigned thread, struct side *side)
{
    size_t words = 0;
    for (size_t i = 0; i < count; ++i) {
        side[i] = pair[i].side[thread];
    }
    qsort(side, count, sizeof *side, by_strength);
    for (size_t i = 0; i < count; ++i) {
        if (i == 0 || strcmp(side[i].word, side[words - 1].word) != 0) {
            side[words++] = side[i];
        }
    }
    return words;
}

static const struct results_test *find(const struct pair *pair, size_t count, const char *row,
                                       const char *column)
{
    for (size_t i = 0; i < count; ++i) {
        if (strcmp(pair[i].side[0].word, row) == 0 && strcmp(pair[i].side[1].word, column) == 0) {
            return pair[i].test;
        }
    }
    return NULL;
}

/* A form of both threads belongs here only if others have one thread like that: else it is a row and a column for
 * one test. Returns how many are left.
 */
static size_t drop_lonely(struct pair *pair, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; ++i) {
        pair[i].alone = pair[i].both;
        for (size_t k = 0; k < count && pair[i].alone; ++k) {
            const char *word = pair[i].side[0].word;
            pair[i].alone = pair[k].both || (strcmp(pair[k].side[0].word, word) != 0 &&
                                             strcmp(pair[k].side[1].word, word) != 0);
        }
    }
    for (size_t i = 0; i < count; ++i) {
        if (!pair[i].alone) {
            pair[kept++] = pair[i];
        }
    }
    return kept;
}

static void write_map(struct pieces *page, const struct pair *pair, size_t count,
                      const struct side *row, size_t rows, const struct side *column,
                      size_t columns)
{
    FILE *stream = page->stream;
    fputs("<figure>\n<figcaption><strong>Thread 0 (rows) \xc3\x97 thread 1 (columns): weak "
          "outcomes in a second.</strong> What each has beyond relaxed accesses, weak to strong. "
          "Of a shape that is the same from both sides each pair is there once.</figcaption>\n"
          "<div class=\"wide\"><table class=\"map\">\n<thead><tr><td></td>",
          stream);
    for (size_t k = 0; k < columns; ++k) {
        fputs("<th scope=\"col\" class=\"up\"><span>", stream);
        page_text(stream, column[k].word);
        fputs("</span></th>", stream);
    }
    fputs("</tr></thead>\n<tbody>\n", stream);
    for (size_t i = 0; i < rows; ++i) {
        fputs("<tr><th scope=\"row\">", stream);
        page_text(stream, row[i].word);
        fputs("</th>", stream);
        for (size_t k = 0; k < columns; ++k) {
            pieces_cell(page, find(pair, count, row[i].word, column[k].word));
        }
        fputs("</tr>\n", stream);
    }
    fputs("</tbody></table></div>\n</figure>\n", stream);
}

void pieces_sides(struct pieces *page, const struct results_family *family)
{
    struct pair *pair = calloc(family->count + 1, sizeof *pair);
    struct side *row = calloc(family->count + 1, sizeof *row);
    struct side *column = calloc(family->count + 1, sizeof *column);
    size_t count = 0;
    if (pair == NULL || row == NULL || column == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (size_t i = 0; i < family->count; ++i) {
        const struct results_test *test = &family->test[i];
        count += test->threads == 2 && test->kind != RESULTS_NOT_RUN && split(test, &pair[count]);
    }
    count = drop_lonely(pair, count);
    const size_t rows = words_of(pair, count, 0, row), columns = words_of(pair, count, 1, column);
    if (rows >= LEAST && columns >= LEAST) {
        write_map(page, pair, count, row, rows, column, columns);
    }
    free(pair);
    free(row);
    free(column);
}
