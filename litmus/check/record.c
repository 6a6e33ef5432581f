/* record.c - an execution as text, from which --replay makes it again. */
#define _GNU_SOURCE
#include "record.h"

#include "graph.h"
#include "text.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { VERSION = 1, MOST_STEPS = 1 << 16 };

static const char *const model_words[] = {"rc11", "sc", "tso", "ra"};
static const char *const kind_words[] = {"read", "write",  "fence", "start",
                                         "end",  "create", "join",  "choice"};
enum {
    MODELS = sizeof model_words / sizeof *model_words,
    KINDS = sizeof kind_words / sizeof *kind_words
};

/* The index in the coherence order, when only the writes of the leading events were there. */
static int place_then(const int32_t *order, const struct event *w)
{
    const struct place *place = place_of(w);
    const int32_t name = graph->thread[w->thread].at[w->index];
    int index = 0;
    for (int i = 0; place->co.at[i] != name; ++i) {
        index += order[place->co.at[i]] < order[name];
    }
    return index;
}

static void write_step(FILE *out, const int32_t *order, const struct event *e)
{
    fprintf(out, "%d %d %s", e->thread, e->index, kind_words[e->kind]);
    switch (e->kind) {
    case READ:
        if (e->rf == INITIAL) {
            fputs(" initial", out);
        } else {
            fprintf(out, " %d %d", events[e->rf].thread, events[e->rf].index);
        }
        fputs(e->spurious ? " spurious" : "", out);
        break;
    case WRITE:
        fprintf(out, " %d", place_then(order, e));
        break;
    case CREATE:
    case JOIN:
        fprintf(out, " %d", e->other);
        break;
    case CHOICE:
        fprintf(out, " %" PRIu64, e->value);
        break;
    default:
        break;
    }
    fputc('\n', out);
}

void report_record(FILE *out)
{
    /* By event: where in the order of execution it comes. */
    int32_t *order = calloc((size_t)event_count + 1, sizeof *order);
    if (order == NULL) {
        return;
    }
    for (int32_t i = 0; i < graph->trace.count; ++i) {
        order[graph->trace.at[i]] = i;
    }
    fprintf(out, "cordon-check record %d\nmodel %s\nlevel %s\n", VERSION,
            model_words[options.model], options.level != NULL ? options.level : "-");
    for (int32_t i = 0; i < graph->trace.count; ++i) {
        write_step(out, order, &events[graph->trace.at[i]]);
    }
    fprintf(out, "end %d\n", graph->trace.count);
    free(order);
}

/* The line that is being read, and how far. */
struct reader {
    FILE *in;
    char line[256];
    int number;
    size_t at;
    struct text *wrong;
    bool good;
};

static bool complain(struct reader *reader, const char *what)
{
    if (reader->good) {
        text_add(reader->wrong, "%d:%zu: %s", reader->number, reader->at + 1, what);
        reader->good = false;
    }
    return false;
}

static bool next_line(struct reader *reader)
{
    ++reader->number;
    reader->at = 0;
    if (fgets(reader->line, sizeof reader->line, reader->in) == NULL) {
        *reader->line = '\0';
        return complain(reader, "the record ends too early");
    }
    const size_t length = strlen(reader->line);
    if (length == 0 || reader->line[length - 1] != '\n') {
        return complain(reader, "the line is too long, or not ended");
    }
    reader->line[length - 1] = '\0';
    return true;
}

static void skip_blanks(struct reader *reader)
{
    reader->at += strspn(reader->line + reader->at, " ");
}

/* The word there, if it is this one. */
static bool take_word(struct reader *reader, const char *word)
{
    const size_t length = strlen(word);
    skip_blanks(reader);
    const char *here = reader->line + reader->at;
    if (strncmp(here, word, length) != 0 || (here[length] != '\0' && here[length] != ' ')) {
        return false;
    }
    reader->at += length;
    return true;
}

static uint64_t take_number(struct reader *reader, uint64_t most)
{
    uint64_t number = 0;
    skip_blanks(reader);
    const size_t start = reader->at;
    while (isdigit((unsigned char)reader->line[reader->at]) && number <= most) {
        number = 10 * number + (uint64_t)(reader->line[reader->at++] - '0');
    }
    if (reader->at == start) {
        complain(reader, "a number is missing");
    } else if (number > most) {
        reader->at = start;
        complain(reader, "the number is too large");
    }
    return number;
}

static void take_end(struct reader *reader)
{
    skip_blanks(reader);
    if (reader->line[reader->at] != '\0') {
        complain(reader, "there is more than expected");
    }
}

static int take_any(struct reader *reader, const char *const *words, int count, const char *missing)
{
    for (int i = 0; i < count; ++i) {
        if (take_word(reader, words[i])) {
            return i;
        }
    }
    complain(reader, missing);
    return 0;
}

static void take_step(struct reader *reader, struct record_step *step)
{
    memset(step, 0, sizeof *step);
    step->thread = (uint8_t)take_number(reader, MAX_THREADS - 1);
    step->position = (int16_t)take_number(reader, INT16_MAX - 1);
    step->kind = (uint8_t)take_any(reader, kind_words, KINDS, "this is no kind of event");
    step->rf_thread = RECORD_INITIAL;
    if (step->kind == READ) {
        if (!take_word(reader, "initial")) {
            step->rf_thread = (int16_t)take_number(reader, MAX_THREADS - 1);
            step->rf_position = (int16_t)take_number(reader, INT16_MAX - 1);
        }
        step->spurious = take_word(reader, "spurious");
    } else if (step->kind == WRITE) {
        step->place = (int32_t)take_number(reader, MOST_STEPS);
    } else if (step->kind == CREATE || step->kind == JOIN) {
        step->value = take_number(reader, MAX_THREADS - 1);
    } else if (step->kind == CHOICE) {
        step->value = take_number(reader, INT32_MAX);
    }
    take_end(reader);
}

static bool add_step(struct reader *reader, struct record *into, int *room)
{
    if (into->count == *room) {
        struct record_step *more =
            into->count < MOST_STEPS ? realloc(into->step, (2 * (size_t)*room + 64) * sizeof *more)
                                     : NULL;
        if (more == NULL) {
            return complain(reader, "the record is too long");
        }
        into->step = more;
        *room = 2 * *room + 64;
    }
    struct record_step *step = &into->step[into->count];
    take_step(reader, step);
    /* A thread's events come one after another, and a read after what it reads. */
    int position = 0;
    bool source = step->kind != READ || step->rf_thread == RECORD_INITIAL;
    for (int i = 0; i < into->count; ++i) {
        const struct record_step *earlier = &into->step[i];
        position += earlier->thread == step->thread;
        source = source || (earlier->kind == WRITE && earlier->thread == step->rf_thread &&
                            earlier->position == step->rf_position);
    }
    ++into->count;
    if (reader->good && position != step->position) {
        return complain(reader, "the thread's events are not in order");
    }
    if (reader->good && !source) {
        return complain(reader, "it reads from what is no earlier write");
    }
    return reader->good;
}

static void take_head(struct reader *reader, struct record *into)
{
    if (!next_line(reader)) {
        return;
    }
    if (!take_word(reader, "cordon-check") || !take_word(reader, "record")) {
        complain(reader, "this is no record of cordon-check");
        return;
    }
    if (take_number(reader, INT32_MAX) != VERSION) {
        complain(reader, "the record is of another version");
    }
    take_end(reader);
    if (!next_line(reader)) {
        return;
    }
    if (!take_word(reader, "model")) {
        complain(reader, "\"model\" is missing");
    }
    into->model = (enum model)take_any(reader, model_words, MODELS, "this is no model");
    take_end(reader);
    if (!next_line(reader)) {
        return;
    }
    if (!take_word(reader, "level")) {
        complain(reader, "\"level\" is missing");
    }
    skip_blanks(reader);
    struct text level = TEXT(into->level);
    text_add(&level, "%s", reader->line + reader->at);
    if (level.used == 0 || level.used >= sizeof into->level) {
        complain(reader, "this is no optimisation level");
    }
}

bool report_read_record(FILE *in, struct record *into, char *wrong, size_t room)
{
    struct text text = {.at = wrong, .room = room};
    struct reader reader = {.in = in, .wrong = &text, .good = true};
    int steps = 0;
    bool ended = false;
    memset(into, 0, sizeof *into);
    take_head(&reader, into);
    while (reader.good && !ended && next_line(&reader)) {
        if (take_word(&reader, "end")) {
            if (take_number(&reader, MOST_STEPS) != (uint64_t)into->count) {
                complain(&reader, "the number of events is another");
            }
            take_end(&reader);
            ended = true;
        } else {
            add_step(&reader, into, &steps);
        }
    }
    if (!reader.good) {
        free(into->step);
        memset(into, 0, sizeof *into);
    }
    return reader.good;
}
