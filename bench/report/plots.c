/* plots.c - the pictures of a page, each with its table. */
#define _GNU_SOURCE
#include "plots.h"
#include "catalogue.h"
#include "data.h"
#include "draw.h"
#include "grid.h"
#include "html.h"
#include "page/page.h"

#include <string.h>

/* A title of twice DATA_TEXT, if each character is written as an entity. */
#define SHOWN (DATA_TEXT * 2 * 6 + 1)

enum { MOST_PANELS = 6 }; /* pictures of one kind; the others are tables */

static void begin_figure(FILE *stream, struct report_state *state, const char *title,
                         const char *panel, const char *caption, char shown[SHOWN])
{
    char text[DATA_TEXT * 2];
    FILE *memory;
    snprintf(text, sizeof text, "%s%s%s", title, *panel ? ": " : "", panel);
    ++state->figures;
    shown[0] = '\0';
    memory = fmemopen(shown, SHOWN, "w");
    if (memory != NULL) {
        page_text(memory, text);
        fclose(memory);
    }
    fprintf(stream, "<figure id=\"figure%u\">\n<figcaption><strong>%s.</strong> ", state->figures,
            shown);
    page_text(stream, caption);
    fputs("</figcaption>\n", stream);
}

static void end_figure(FILE *stream, const struct report_state *state, json_t *benchmarks,
                       const char *only)
{
    fprintf(stream, "<details%s><summary>The figures as a table (%zu)</summary>\n",
            state->gnuplot ? "" : " open=\"open\"", json_array_size(benchmarks));
    html_table(stream, benchmarks, only);
    fputs("</details>\n</figure>\n", stream);
}

static void draw_panel(FILE *stream, struct report_state *state, const struct picture *picture,
                       const char *panel, json_t *benchmarks)
{
    char shown[SHOWN];
    /* The first picture of a part has everything in its table. */
    char only[64];
    const char *key = picture->kind == PICTURE_MAP ? "rate"
                      : picture->y != NULL         ? picture->y
                                                   : picture->x;
    snprintf(only, sizeof only, "%.*s", (int)strcspn(key, "."), key);
    const bool all = strcmp(only, "real_time") == 0 || picture->kind == PICTURE_MATRIX ||
                     (picture->kind == PICTURE_LINES && strcmp(only, "rate") == 0);
    begin_figure(stream, state, picture->title, panel, picture->caption, shown);
    switch (picture->kind) {
    case PICTURE_LINES:
        draw_lines(stream, state, picture, benchmarks, shown);
        break;
    case PICTURE_TAILS:
        draw_tails(stream, state, picture, benchmarks, shown);
        break;
    case PICTURE_DOTS:
        draw_dots(stream, state, picture, benchmarks, shown);
        break;
    case PICTURE_MATRIX:
        if (grid_is_one(benchmarks)) {
            draw_dots(stream, state, picture, benchmarks, shown);
        } else {
            grid_matrices(stream, benchmarks);
        }
        break;
    case PICTURE_MAP:
        grid_map(stream, benchmarks, picture->y, picture->x, state->colours);
        break;
    }
    end_figure(stream, state, benchmarks, all ? NULL : only);
}

static bool is_among(const char *words, const char *word)
{
    const size_t length = strlen(word);
    for (const char *at = words; (at = strstr(at, word)) != NULL; at += length) {
        if ((at == words || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

/* Those that belong into the picture, and have what it shows. */
static json_t *drawable(const struct picture *picture, json_t *benchmarks)
{
    char text[DATA_TEXT];
    const char *key = picture->kind == PICTURE_TAILS ? picture->x
                      : picture->kind == PICTURE_MAP || strcmp(picture->y, "rate") == 0
                          ? "real_time"
                          : picture->y;
    size_t i;
    json_t *benchmark, *chosen = json_array();
    json_array_foreach(benchmarks, i, benchmark)
    {
        const bool wanted =
            picture->where == NULL ||
            is_among(picture->is, data_text(json_object_get(benchmark, picture->where), text));
        if (wanted && data_member(benchmark, key) != NULL) {
            json_array_append(chosen, benchmark);
        }
    }
    return chosen;
}

/* Returns what is in it, or in the table beside it: a new array. */
static json_t *draw_picture(FILE *stream, struct report_state *state, const struct picture *picture,
                            json_t *benchmarks)
{
    const char *panel;
    json_t *chosen = drawable(picture, benchmarks), *group;
    json_t *groups = data_group(chosen, picture->panel);
    const size_t all = json_object_size(groups);
    unsigned drawn = 0;
    json_object_foreach(groups, panel, group)
    {
        if (drawn == MOST_PANELS) {
            fprintf(
                stream,
                "<p class=\"same\">Of %zu such pictures %d are drawn; this table has all of them."
                "</p>\n<details><summary>All of them as a table (%zu)</summary>\n",
                all, MOST_PANELS, json_array_size(chosen));
            html_table(stream, chosen, NULL);
            fputs("</details>\n", stream);
            break;
        }
        draw_panel(stream, state, picture, all > 1 ? panel : "", group);
        ++drawn;
    }
    json_decref(groups);
    return chosen;
}

/* What no picture shows: a table, or one for each context, since they have different columns. */
static void write_rest(FILE *stream, json_t *benchmarks)
{
    static const char *const by_context[] = {"context", NULL};
    const char *context;
    json_t *group, *groups = data_group(benchmarks, by_context);
    json_object_foreach(groups, context, group)
    {
        if (*context != '\0') {
            fputs("<h4>", stream);
            page_text(stream, context);
            fputs("</h4>\n", stream);
        }
        html_table(stream, group, NULL);
    }
    json_decref(groups);
}

void plots_of_part(FILE *stream, struct report_state *state, json_t *benchmarks, const char *bench,
                   const char *part)
{
    size_t i;
    json_t *benchmark, *shown = json_object(), *rest = json_array();
    for (unsigned k = 0; k < picture_count; ++k) {
        if (strcmp(pictures[k].bench, bench) == 0 && strcmp(pictures[k].part, part) == 0) {
            json_t *some = draw_picture(stream, state, &pictures[k], benchmarks);
            json_array_foreach(some, i, benchmark)
            {
                json_object_set_new(shown, data_name(benchmark), json_true());
            }
            json_decref(some);
        }
    }
    json_array_foreach(benchmarks, i, benchmark)
    {
        if (json_object_get(shown, data_name(benchmark)) == NULL) {
            json_array_append(rest, benchmark);
        }
    }
    write_rest(stream, rest);
    json_decref(rest);
    json_decref(shown);
}
