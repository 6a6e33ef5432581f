/* rows.c - an execution as numbered rows, one event each.
 *
 * Every thread has a column. As a row holds one event only, its text may run on over the columns to
 * its right, which are empty: so columns are narrow, and there is room for several.
 */
#define _GNU_SOURCE
#include "rows.h"

#include "label.h"
#include "names.h"
#include "order.h"
#include "stack.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 110, NARROWEST = 6, WIDEST = 34, MOST_PLACE = 24 };

int rows_number(const struct rows *rows, int32_t event)
{
    if (event < 0 || rows == NULL) {
        return 0;
    }
    const struct event *e = &events[event];
    if (label_is_hidden(e)) {
        event = graph->thread[e->thread].at[e->index - 1];
    }
    return rows->of_event[event];
}

/* Of what can be seen of this location so far, in rows or in hidden writes: the coherence-first write
 * that is later than `position`; or -1.
 */
static int32_t overwritten_by(const struct rows *rows, const struct place *place, int position)
{
    for (int i = position + 1; i < place->co.count; ++i) {
        if (rows_number(rows, place->co.at[i]) > 0) {
            return place->co.at[i];
        }
    }
    return INITIAL;
}

static void add_source(const struct rows *rows, const struct event *e, struct text *text)
{
    if (e->rf == INITIAL) {
        text_add(text, "  (initial");
    } else {
        text_add(text, "  (from %d", rows_number(rows, e->rf));
    }
}

static struct row *new_row(struct rows *rows, int thread)
{
    struct row *row = &rows->at[rows->count++];
    *row = (struct row){.thread = thread, .event = -1, .access = -1, .overwrite = -1};
    return row;
}

static void add_event_row(struct rows *rows, int32_t name, const struct side side[2])
{
    const struct event *e = &events[name];
    if (e->kind == START || label_is_hidden(e)) {
        return;
    }
    struct row *row = new_row(rows, e->thread);
    struct text text = TEXT(row->text), place = TEXT(row->place);
    row->event = name;
    label_event_place(e, &place);
    label_event(e, &text);
    const struct event *written = label_written(e);
    for (int i = 0; i < 2; ++i) {
        row->marked = row->marked || side[i].event == name ||
                      (side[i].event >= 0 && &events[side[i].event] == written);
    }
    if (e->kind == READ) {
        const struct place *of = place_of(e);
        if (label_waits(e)) {
            text_add(&text, ": waits");
        }
        add_source(rows, e, &text);
        if (!e->rmw) {
            row->overwrite = overwritten_by(rows, of, co_position(of, e->rf));
        }
        text_add(&text, row->overwrite >= 0 ? ", old)" : ")");
    }
    if (e->kind == WRITE || written != NULL) {
        const struct place *of = place_of(e);
        const int32_t write = e->kind == WRITE ? name : graph->thread[e->thread].at[e->index + 1];
        row->overwrite = overwritten_by(rows, of, co_position(of, write));
        if (row->overwrite >= 0) {
            text_add(&text, "  (overwritten by %d)", rows_number(rows, row->overwrite));
        }
    }
    rows->unordered = rows->unordered || row->overwrite >= 0;
    rows->of_event[name] = rows->count;
}

static void add_access_row(struct rows *rows, int i, const struct side side[2])
{
    char name[120];
    const struct access *access = &recorded[i];
    const char *called = access->pc != 0 ? names_called(access->pc) : NULL;
    if (rows->count > 0) {
        const struct row *before = &rows->at[rows->count - 1];
        if (before->access >= 0 && recorded[before->access].pc == access->pc &&
            recorded[before->access].thread == access->thread && i != side[0].access &&
            i != side[1].access) {
            return; /* a loop over the bytes */
        }
    }
    struct row *row = new_row(rows, access->thread);
    struct text text = TEXT(row->text), place = TEXT(row->place);
    row->access = i;
    row->marked = i == side[0].access || i == side[1].access;
    label_place(stack_place(stack_of_access(i), access->pc), &place);
    names_brief(access->address, (int)access->size, name, sizeof name);
    if (called == NULL || strncmp(called, "__tsan_", 7) == 0) {
        text_add(&text, "plain %s %s", access->write ? "write" : "read", name);
    } else if (access->write) {
        text_add(&text, "%s %s", called, name);
    } else {
        text_add(&text, "%s reads %s", called, name);
    }
}

/* Does a plain access concern the finding? */
static bool is_shown(int i, enum finding finding, const struct side side[2])
{
    const struct access *access = &recorded[i];
    const bool too_late = side[0].access >= 0 && i >= side[0].access &&
                          access->thread == side[0].thread && access->after == side[0].after;
    if (too_late) { /* the failing one, which comes last; and what a replay did after it */
        return false;
    }
    if (i == side[1].access) {
        return true;
    }
    return finding == FOUND_RACE && side[0].known &&
           access->address < side[0].address + side[0].size &&
           side[0].address < access->address + access->size;
}

static void add_end_row(struct rows *rows, enum finding finding, uintptr_t pc)
{
    const int thread = events[graph->trace.at[graph->trace.count - 1]].thread;
    struct row *row = new_row(rows, thread);
    struct text text = TEXT(row->text), place = TEXT(row->place);
    row->marked = true;
    label_place(pc, &place);
    text_add(&text, "%s",
             finding == FOUND_ASSERTION ? "the assertion fails" : finding_text(finding));
}

bool rows_make(struct rows *rows, enum finding finding, uintptr_t pc, const struct side side[2])
{
    const int32_t count = graph->trace.count;
    const bool ends = finding != FOUND_NOTHING && finding != FOUND_DEADLOCK &&
                      finding != FOUND_ENDLESS_WAIT && finding != FOUND_NO_EXECUTION &&
                      !side[0].known;
    const int failing = ends || side[0].known ? events[graph->trace.at[count - 1]].thread : -1;
    int32_t *order = malloc(((size_t)count + 1) * sizeof *order);
    memset(rows, 0, sizeof *rows);
    rows->of_event = calloc((size_t)event_count + 1, sizeof *rows->of_event);
    rows->at = malloc(((size_t)count + (size_t)recorded_count + 1) * sizeof *rows->at);
    if (order == NULL || rows->of_event == NULL || rows->at == NULL) {
        free(order);
        rows_free(rows);
        return false;
    }
    order_events(failing, order);
    for (int32_t k = 0; k < count; ++k) {
        const struct event *e = &events[order[k]];
        add_event_row(rows, order[k], side);
        for (int i = 0; i < recorded_count; ++i) {
            if (recorded[i].thread == e->thread && recorded[i].after == e->index + 1 &&
                is_shown(i, finding, side)) {
                add_access_row(rows, i, side);
            }
        }
    }
    if (side[0].access >= 0) { /* nothing was done after it */
        add_access_row(rows, side[0].access, side);
    }
    if (ends) {
        add_end_row(rows, finding, pc);
    }
    free(order);
    return true;
}

void rows_free(struct rows *rows)
{
    free(rows->at);
    free(rows->of_event);
    memset(rows, 0, sizeof *rows);
}

int rows_of_side(const struct rows *rows, const struct side *side)
{
    if (side->event >= 0) {
        return rows_number(rows, side->event);
    }
    for (int i = 0; i < rows->count; ++i) {
        if (side->access >= 0 && rows->at[i].access == side->access) {
            return i + 1;
        }
    }
    return 0;
}

/* How the columns lie. */
struct layout {
    int place, number, column; /* widths; column 0: too little room, all threads share one */
};

static struct layout lay_out(const struct rows *rows)
{
    struct layout layout = {.number = rows->count < 100 ? 2 : rows->count < 1000 ? 3 : 4};
    int longest = 0;
    for (int i = 0; i < rows->count; ++i) {
        const int place = (int)strlen(rows->at[i].place), text = (int)strlen(rows->at[i].text);
        layout.place = place > layout.place && place <= MOST_PLACE ? place : layout.place;
        longest = text > longest ? text : longest;
    }
    const int left = WIDTH - layout.number - layout.place - 5, others = graph->threads - 1;
    layout.column = longest + 2 < WIDEST ? longest + 2 : WIDEST;
    if (others * layout.column + NARROWEST > left) {
        layout.column = (left - NARROWEST) / others;
    }
    for (int i = 0; i < rows->count; ++i) {
        const int text = (int)strlen(rows->at[i].text), thread = rows->at[i].thread;
        while (thread > 0 && layout.column > 0 && thread * layout.column + text > left) {
            --layout.column;
        }
    }
    if (layout.column < NARROWEST) {
        layout.column = 0;
    }
    return layout;
}

static void print_head(const struct layout *layout, FILE *out)
{
    fprintf(out, "  %*s  %-*s", layout->number, "", layout->place, "");
    for (int t = 0; t < graph->threads; ++t) {
        char head[64];
        struct text text = TEXT(head);
        const char *function = label_thread(t);
        text_add(&text, "T%d", t);
        if (function != NULL && (int)strlen(function) + 4 < layout->column) {
            text_add(&text, " %s", function);
        }
        if (t + 1 < graph->threads) {
            fprintf(out, "  %-*s", layout->column - 2, head);
        } else {
            fprintf(out, "  %s\n", head);
        }
    }
}

/* Does this row repeat the one before it, as a loop does? */
static bool repeats(const struct rows *rows, int i)
{
    const struct row *row = &rows->at[i], *before = &rows->at[i - 1];
    return row->event >= 0 && before->event >= 0 && row->thread == before->thread && !row->marked &&
           row->overwrite < 0 && events[row->event].pc != 0 &&
           events[row->event].pc == events[before->event].pc;
}

/* So many rows from here on are not worth their lines. */
static int to_skip(const struct rows *rows, int i)
{
    enum { WORTH = 4 };
    int end = i;
    while (end < rows->count && end > 0 && repeats(rows, end)) {
        ++end;
    }
    return end - i > WORTH ? end - i - 1 : 0; /* the last one is shown */
}

void rows_print(const struct rows *rows, FILE *out)
{
    const struct layout layout = lay_out(rows);
    if (layout.column > 0) {
        print_head(&layout, out);
    }
    for (int i = 0; i < rows->count; ++i) {
        const struct row *row = &rows->at[i];
        const int skip = to_skip(rows, i);
        if (skip > 0) {
            fprintf(out, "  %*s  ... %d more\n", layout.number, "", skip);
            i += skip - 1;
            continue;
        }
        fprintf(out, "%s%*d  %-*s", row->marked ? "> " : "  ", layout.number, i + 1, layout.place,
                row->place);
        if (layout.column == 0) {
            fprintf(out, "  T%-3d", row->thread);
        }
        for (int t = 0; t < row->thread && layout.column > 0; ++t) {
            fprintf(out, "  %-*s", layout.column - 2, ".");
        }
        fprintf(out, "  %s\n", row->text);
    }
}
