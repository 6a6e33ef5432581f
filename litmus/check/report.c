/* report.c - one execution, for people. */
#define _GNU_SOURCE
#include "report.h"

#include "graph.h"
#include "label.h"
#include "missing.h"
#include "names.h"
#include "rows.h"
#include "stack.h"

#include <stdlib.h>
#include <string.h>

enum { WIDTH = 100, NAME = 160, PARAGRAPH = 1600 };

static const struct {
    const char *text, *word;
} findings[] = {
    [FOUND_NOTHING] = {"nothing wrong", NULL},
    [FOUND_ASSERTION] = {"assertion failed", "assertion"},
    [FOUND_ABORT] = {"abort", "abort"},
    [FOUND_RACE] = {"data race", "data-race"},
    [FOUND_USE_AFTER_FREE] = {"use after free", "use-after-free"},
    [FOUND_DOUBLE_FREE] = {"double free", "double-free"},
    [FOUND_BAD_FREE] = {"bad free", "bad-free"},
    [FOUND_UNINITIALISED] = {"uninitialised memory", "uninitialised"},
    [FOUND_WILD_POINTER] = {"wild pointer", "wild-pointer"},
    [FOUND_OVERFLOW] = {"access outside of every block", "overflow"},
    [FOUND_DEADLOCK] = {"deadlock", "deadlock"},
    [FOUND_ENDLESS_WAIT] = {"endless wait", "endless-wait"},
    [FOUND_MISUSE] = {"misuse", "misuse"},
    [FOUND_NONDETERMINISM] = {"nondeterminism", "nondeterminism"},
    [FOUND_NO_EXECUTION] = {"no complete execution", "no-execution"},
    [FOUND_EXIT] = {"exit with an error", "exit"},
    [FOUND_UNSUPPORTED] = {"not supported", "unsupported"},
    [FOUND_BOUND] = {"bound reached", "bound"},
};

const char *finding_text(enum finding finding)
{
    return findings[finding].text;
}

const char *finding_word(enum finding finding)
{
    return findings[finding].word;
}

/* The line of the source, if the file can be read; with the place before it. */
static void print_line(FILE *out, const struct source_line *line)
{
    FILE *file = fopen(line->file, "re");
    char *text = NULL;
    size_t room = 0;
    ssize_t length = -1;
    for (int i = 0; file != NULL && i < line->line; ++i) {
        length = getline(&text, &room, file);
    }
    fprintf(out, "    %s:%d:", line->file, line->line);
    if (length > 0) {
        text[strcspn(text, "\r\n")] = '\0';
        fprintf(out, "  %s", text + strspn(text, " \t"));
    }
    fputc('\n', out);
    if (file != NULL) {
        fclose(file);
    }
    free(text);
}

/* The user's functions around a place, innermost first, inlined or called. */
static int find_calls(const struct stack *stack, uintptr_t pc, struct source_line *into, int most)
{
    enum { MOST_INLINED = 24 };
    struct source_line line[MOST_INLINED + 1];
    const int frames = stack != NULL ? stack->count : 1;
    int count = 0;
    for (int i = 0; i < frames; ++i) {
        const uintptr_t at = stack != NULL ? stack->pc[i] : pc;
        line[0] = names_line(at);
        const int links = 1 + names_callers(at, line + 1, MOST_INLINED);
        for (int k = 0; k < links && count < most; ++k) {
            if (line[k].file != NULL && !names_of_toolchain(line[k].file)) {
                into[count++] = line[k];
            }
        }
    }
    return count;
}

/* A place in the source, and how the thread came there. */
static void print_source(FILE *out, const struct stack *stack, uintptr_t pc)
{
    enum { MOST = 6 };
    struct source_line calls[MOST];
    if (stack != NULL && stack->pc[0] != pc) {
        stack = NULL; /* of something else */
    }
    const int count = pc != 0 ? find_calls(stack, pc, calls, MOST) : 0;
    if (count == 0) {
        return;
    }
    print_line(out, &calls[0]);
    if (count > 1 && calls[0].function != NULL) {
        fprintf(out, "        in %s", calls[0].function);
        for (int i = 1; i < count; ++i) {
            fprintf(out, ", called at %s:%d%s%s", calls[i].file, calls[i].line,
                    calls[i].function != NULL ? " in " : "",
                    calls[i].function != NULL ? calls[i].function : "");
        }
        fputc('\n', out);
    }
}

static const struct stack *stack_of(const struct side *side)
{
    if (side->access >= 0) {
        return stack_of_access(side->access);
    }
    return side->event >= 0 ? stack_of_event(side->thread, side->after) : NULL;
}

static const char *deed_of(const struct side *side)
{
    const char *called;
    if (side->event >= 0) {
        return label_deed(&events[side->event]);
    }
    called = side->pc != 0 ? names_called(side->pc) : NULL;
    if (called != NULL && strncmp(called, "__tsan_", 7) != 0) {
        return called;
    }
    return side->write ? "plain write" : "plain read";
}

/* "T1's plain read at mp.c:24" */
static void add_side(const struct side *side, struct text *text)
{
    text_add(text, "T%d's %s", side->thread, deed_of(side));
    if (side->pc != 0) {
        text_add(text, " at ");
        label_place(stack_place(stack_of(side), side->pc), text);
    }
}

/* What is found, in one line. */
static void print_headline(FILE *out, enum finding finding, const char *message,
                           const struct side side[2])
{
    char buffer[600] = "", name[NAME];
    struct text text = TEXT(buffer);
    if (finding == FOUND_RACE && side[0].known && side[1].known) {
        const struct side *narrow = side[0].size <= side[1].size ? &side[0] : &side[1];
        names_variable(narrow->address, (int)narrow->size, name, sizeof name);
        add_side(&side[0], &text);
        text_add(&text, " and ");
        add_side(&side[1], &text);
        fprintf(out, "data race on %s: nothing orders %s\n", name, buffer);
        return;
    }
    if (finding == FOUND_NOTHING) {
        return;
    }
    const char *kind = finding_text(finding);
    if (message != NULL && (strncmp(message, kind, strlen(kind)) == 0 ||
                            (finding == FOUND_ASSERTION && strstr(message, "assertion") != NULL))) {
        fprintf(out, "%s\n", message);
    } else {
        fprintf(out, "%s%s%s\n", kind, message != NULL && *message != '\0' ? ": " : "",
                message != NULL ? message : "");
    }
}

/* The stack at the first side; what is no access happened after the last event. */
static const struct stack *first_stack(const struct side side[2])
{
    if (side[0].known || graph->trace.count == 0) {
        return stack_of(&side[0]);
    }
    const struct event *last = &events[graph->trace.at[graph->trace.count - 1]];
    return stack_of_event(last->thread, graph->thread[last->thread].count);
}

void report_places(enum finding finding, uintptr_t pc, uintptr_t other, uintptr_t places[2])
{
    struct side side[2];
    find_sides(finding, pc, other, side);
    places[0] = pc != 0 ? stack_place(first_stack(side), pc) : 0;
    places[1] = other == 0                             ? 0
                : side[1].known && side[1].pc == other ? stack_place(stack_of(&side[1]), other)
                                                       : other;
}

/* Which places the lines of source belong to is told by the rows. */
static void print_sources(FILE *out, const struct side side[2], uintptr_t pc, uintptr_t other)
{
    const uintptr_t second = side[1].known ? side[1].pc : other;
    print_source(out, first_stack(side), pc);
    if (second != 0 && second != pc) {
        print_source(out, stack_of(&side[1]), second);
    }
    if (side[1].known && other != 0 && other != second) { /* where the block was allocated */
        print_source(out, NULL, other);
    }
}

static void learn_objects(void)
{
    names_forget_objects();
    for (int round = 0; round < 3; ++round) { /* a node leads to the next one */
        for (int i = 0; i < graph->trace.count; ++i) {
            const struct event *e = &events[graph->trace.at[i]];
            if (e->kind == READ || e->kind == WRITE) {
                names_learn(locations[e->location].address, locations[e->location].size, e->value);
            }
        }
    }
}

/* The latest values, as far as a thread has read them since it last did something else. */
static void add_spin(struct text *text, const struct rows *rows, int thread)
{
    enum { MOST = 8 };
    const struct names *names = &graph->thread[thread];
    int32_t seen[MOST];
    int count = 0;
    for (int i = names->count - 1; i >= 0 && count < MOST; --i) {
        const struct event *e = &events[names->at[i]];
        int k = 0;
        if (e->kind != READ && e->kind != FENCE && e->kind != CHOICE) {
            break;
        }
        while (k < count && seen[k] != e->location) {
            ++k;
        }
        if (e->kind == READ && k == count && e->rf == co_maximal(place_of(e))) {
            char value[64];
            const struct location *location = &locations[e->location];
            text_add(text, count > 0 ? ", and `" : " for another value: `");
            label_variable(e, text);
            text_add(text, "` stays %s",
                     names_value(location->address, location->size, e->value, value, sizeof value));
            if (e->rf >= 0) {
                text_add(text, " (from %d)", rows_number(rows, e->rf));
            }
            seen[count++] = e->location;
        }
    }
}

/* What a thread that waits in the runtime for a word to change has seen of it. */
static void add_word(struct text *text, const struct rows *rows, uintptr_t address, int size,
                     int32_t source)
{
    char name[NAME];
    if (!label_is_known(address)) {
        return; /* the call says it */
    }
    text_add(text, " for `%s`", names_brief(address, size, name, sizeof name));
    if (source >= 0) {
        const struct event *w = &events[source];
        text_add(text, ", last changed by T%d's %s", w->thread, label_deed(w));
        if (w->pc != 0) {
            text_add(text, " at ");
            label_event_place(w, text);
        }
        text_add(text, " (%d)", rows_number(rows, source));
    }
}

/* What each thread that has not ended waits for. */
static void print_waiting(FILE *out, const struct rows *rows)
{
    for (int t = 0; t < graph->threads; ++t) {
        const struct thread_state *state = &thread_states[t];
        const struct request *request = &state->request;
        const struct event *last = last_of(t);
        char buffer[PARAGRAPH] = "";
        struct text text = TEXT(buffer);
        if (state->status != THREAD_READY && state->status != THREAD_BLOCKED) {
            continue;
        }
        const bool reading = last != NULL && label_waits(last);
        const uintptr_t pc = reading || (request->pc == 0 && last != NULL) ? last->pc : request->pc;
        const char *called = pc != 0 ? names_called(pc) : NULL;
        text_add(&text, "T%d waits at ", t);
        label_place(
            stack_place(stack_of_event(t, reading ? last->index : graph->thread[t].count), pc),
            &text);
        if (called != NULL && strncmp(called, "__tsan_", 7) != 0) {
            text_add(&text, " in %s", called);
        }
        if (reading) {
            const struct location *location = &locations[last->location];
            add_word(&text, rows, location->address, location->size, last->rf);
        } else if (request->kind == JOIN) {
            text_add(&text, " for T%d to end", request->other);
        } else if (request->kind == READ && request->wait != WAIT_NOT) {
            const int32_t location = graph_location_at(request->address);
            add_word(&text, rows, request->address, request->size,
                     location >= 0 ? co_maximal(&graph->place[location]) : INITIAL);
        } else {
            add_spin(&text, rows, t);
        }
        text_add(&text, ".");
        text_print(out, buffer, WIDTH, 4);
    }
}

/* The coherence orders in which something was overwritten before it came. */
static void print_coherence(FILE *out, const struct rows *rows)
{
    for (int32_t l = 0; l < graph->places; ++l) {
        const struct place *place = &graph->place[l];
        bool matters = false;
        char name[NAME];
        for (int i = 0; i < rows->count; ++i) {
            matters = matters || (rows->at[i].event >= 0 && rows->at[i].overwrite >= 0 &&
                                  events[rows->at[i].event].location == l);
        }
        if (!matters) {
            continue;
        }
        const struct location *location = &locations[l];
        names_brief(location->address, location->size, name, sizeof name);
        fprintf(out, "  %s: ", name);
        names_value(location->address, location->size, place->initial, name, sizeof name);
        fprintf(out, "%s (initial)", name);
        for (int i = 0; i < place->co.count; ++i) {
            const struct event *w = &events[place->co.at[i]];
            names_value(location->address, location->size, w->value, name, sizeof name);
            fprintf(out, ", %s (%d)", name, rows_number(rows, place->co.at[i]));
        }
        fputc('\n', out);
    }
}

/* Why could reads look back? */
static void print_old_reads(FILE *out, const struct rows *rows)
{
    for (int i = 0; i < rows->count; ++i) {
        const struct row *row = &rows->at[i];
        if (row->event < 0 || row->overwrite < 0 || events[row->event].kind != READ ||
            events[row->event].rmw) {
            continue;
        }
        const struct event *w = &events[row->overwrite];
        char buffer[PARAGRAPH] = "";
        struct text text = TEXT(buffer);
        text_add(&text, "%d reads an old value, as %d does not happen before it: ", i + 1,
                 rows_number(rows, row->overwrite));
        const bool connected = missing_explain(rows, w->thread, w->index, row->event, &text);
        text_add(&text, connected ? "." : "; what could forbid that is seq_cst.");
        text_print(out, buffer, WIDTH, 0);
    }
}

static void print_missing(FILE *out, const struct rows *rows, const struct side side[2])
{
    const int last = side[0].event >= 0 ? side[0].after : side[0].after - 1;
    char buffer[PARAGRAPH] = "";
    struct text text = TEXT(buffer);
    if (last >= 0) {
        text_add(&text, "%d does not happen before %d: ", rows_of_side(rows, &side[1]),
                 rows_of_side(rows, &side[0]));
        missing_explain(rows, side[1].thread, side[1].after, graph->thread[side[0].thread].at[last],
                        &text);
        text_add(&text, ".");
        fputc('\n', out);
        text_print(out, buffer, WIDTH, 0);
    }
}

void report_missing_edge(FILE *out, uintptr_t address, int first_thread, int first_after,
                         int second_thread, int second_after)
{
    (void)address;
    if (second_after > 0 && second_after <= graph->thread[second_thread].count) {
        char buffer[PARAGRAPH] = "";
        struct text text = TEXT(buffer);
        missing_explain(NULL, first_thread, first_after,
                        graph->thread[second_thread].at[second_after - 1], &text);
        fprintf(out, "%s\n", buffer);
    }
}

void report_text(FILE *out, enum finding finding, const char *message, uintptr_t pc,
                 uintptr_t other)
{
    struct side side[2];
    struct rows rows;
    learn_objects();
    find_sides(finding, pc, other, side);
    print_headline(out, finding, message, side);
    print_sources(out, side, pc, other);
    if (graph->trace.count == 0 || !rows_make(&rows, finding, pc, side)) {
        return;
    }
    if (finding != FOUND_NOTHING) {
        fputc('\n', out);
    }
    rows_print(&rows, out);
    if (finding == FOUND_RACE && side[0].known && side[1].known) {
        print_missing(out, &rows, side);
    }
    if (finding == FOUND_DEADLOCK || finding == FOUND_ENDLESS_WAIT) {
        fputc('\n', out);
        print_waiting(out, &rows);
    }
    if (rows.unordered) {
        fputs("\nNo order of the threads' turns explains these values: it takes weak memory.\n",
              out);
        if (finding == FOUND_ASSERTION || finding == FOUND_ABORT || finding == FOUND_EXIT) {
            print_old_reads(out, &rows);
        }
        fputs("The order in which writes took effect:\n", out);
        print_coherence(out, &rows);
    }
    names_legend(out);
    rows_free(&rows);
}
