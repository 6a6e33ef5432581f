/* draw.c - execution graphs for tests. The explorer keeps happens-before in clocks that it computes
 * event by event; here it comes from its definition, so that the one does not vouch for the other.
 */
#include "draw.h"

#include "relation.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct event *events;
int32_t event_count;
struct frame *graph;

static struct frame frame;
static struct event store[MOST_EVENTS];
static struct place places[MOST_LOCATIONS];
static int32_t thread_names[MAX_THREADS][MOST_EVENTS];
static int32_t co_names[MOST_LOCATIONS][MOST_EVENTS], read_names[MOST_LOCATIONS][MOST_EVENTS];

void draw_clear(void)
{
    events = store;
    event_count = 0;
    memset(&frame, 0, sizeof frame);
    memset(places, 0, sizeof places);
    graph = &frame;
    graph->place = places;
    graph->places = MOST_LOCATIONS;
    for (int t = 0; t < MAX_THREADS; ++t) {
        graph->thread[t] = (struct names){thread_names[t], 0, MOST_EVENTS};
    }
    for (int p = 0; p < MOST_LOCATIONS; ++p) {
        places[p].co = (struct names){co_names[p], 0, MOST_EVENTS};
        places[p].reads = (struct names){read_names[p], 0, MOST_EVENTS};
    }
}

static void insert(struct names *names, int32_t position, int32_t name)
{
    memmove(&names->at[position + 1], &names->at[position],
            (size_t)(names->count - position) * sizeof *names->at);
    names->at[position] = name;
    ++names->count;
}

static void erase(struct names *names, int32_t name)
{
    for (int32_t i = 0; i < names->count; ++i) {
        if (names->at[i] == name) {
            memmove(&names->at[i], &names->at[i + 1],
                    (size_t)(names->count - i - 1) * sizeof *names->at);
            --names->count;
            return;
        }
    }
}

int32_t draw_event(const struct event *event)
{
    struct names *thread = &graph->thread[event->thread];
    const int32_t name = event_count++;
    if (name >= MOST_EVENTS) {
        abort();
    }
    store[name] = *event;
    store[name].index = (int16_t)thread->count;
    thread->at[thread->count++] = name;
    if (event->thread >= graph->threads) {
        graph->threads = event->thread + 1;
    }
    if (event->kind == READ) {
        struct names *reads = &places[event->location].reads;
        reads->at[reads->count++] = name;
    } else if (event->kind == WRITE) {
        struct place *place = &places[event->location];
        const int32_t after = event->rmw ? po_previous(&store[name])->rf : co_maximal(place);
        insert(&place->co, co_position(place, after) + 1, name);
    }
    return name;
}

void draw_move(int32_t write, int32_t after)
{
    struct place *place = &places[store[write].location];
    erase(&place->co, write);
    insert(&place->co, co_position(place, after) + 1, write);
}

void draw_erase(int32_t first)
{
    while (event_count > first) {
        const int32_t name = --event_count;
        const struct event *e = &store[name];
        --graph->thread[e->thread].count;
        if (e->kind == READ) {
            erase(&places[e->location].reads, name);
        } else if (e->kind == WRITE) {
            erase(&places[e->location].co, name);
        }
    }
}

static bool is_atomic(void)
{
    for (int32_t n = 0; n < event_count; ++n) {
        const struct event *e = &store[n];
        if (e->kind == WRITE && e->rmw &&
            co_position(place_of(e), n) != co_position(place_of(e), po_previous(e)->rf) + 1) {
            return false;
        }
    }
    return true;
}

/* As a clock: what is related to this event, which is downward closed in each thread. */
static struct view clock_of(const struct relation *before, int32_t name)
{
    struct view clock = {{0}};
    for (int32_t n = 0; n < event_count; ++n) {
        const struct event *e = &store[n];
        if ((n == name || related(before, n, name)) && clock.at[e->thread] <= e->index) {
            clock.at[e->thread] = (int16_t)(e->index + 1);
        }
    }
    return clock;
}

bool draw_finish(void)
{
    struct relation porf, hb, incoherent;
    relation_program_order(&porf);
    relation_reads_from(&hb);
    relation_unite(&porf, &hb);
    relation_close(&porf);
    relation_happens_before(&hb);
    relation_eco(&incoherent);
    relation_compose(&incoherent, &hb, &incoherent);
    if (!relation_irreflexive(&porf) || !relation_irreflexive(&hb) ||
        !relation_irreflexive(&incoherent) || !is_atomic()) {
        return false;
    }
    for (int32_t n = 0; n < event_count; ++n) {
        store[n].hb = clock_of(&hb, n);
        store[n].porf = clock_of(&porf, n);
    }
    return true;
}

static int32_t find_write(int32_t location, uint64_t value)
{
    for (int32_t n = 0; n < event_count; ++n) {
        if (store[n].kind == WRITE && store[n].location == location && store[n].value == value) {
            return n;
        }
    }
    return INITIAL;
}

static int read_order(const char *word)
{
    static const char *const words[] = {"rlx", "?", "acq", "rel", "ar", "sc", "na"};
    for (int i = 0; i < 7; ++i) {
        if (strcmp(word, words[i]) == 0) {
            return i;
        }
    }
    fprintf(stderr, "no order: %s\n", word);
    abort();
}

/* Draws one event of the text, or returns false: the write that it reads is not there yet. */
static bool draw_word(const char *text, int thread)
{
    char word[8] = "", variable = 0;
    unsigned first = 0, second = 0;
    struct event event = {.thread = (uint8_t)thread, .rf = INITIAL, .location = 0};
    const int items = sscanf(text, " %7[A-Za-z] %c %u %u", word, &variable, &first, &second);
    event.order = (uint8_t)read_order(word + 1);
    event.kind = word[0] == 'F' ? FENCE : word[0] == 'W' ? WRITE : READ;
    if (event.kind != FENCE) {
        if (items < (word[0] == 'U' ? 4 : 3) || variable < 'w' || variable > 'z') {
            fprintf(stderr, "no event: %s\n", text);
            abort();
        }
        event.location = variable - 'w';
    }
    event.value = first;
    if (event.kind == READ) {
        event.rf = find_write(event.location, first);
        if (first != 0 && event.rf == INITIAL) {
            return false;
        }
        event.rmw = word[0] == 'U';
    }
    draw_event(&event);
    if (event.rmw) {
        event.kind = WRITE;
        event.value = second;
        event.rf = INITIAL;
        draw_event(&event);
    }
    return true;
}

static void order_by_value(struct names *co)
{
    for (int32_t i = 1; i < co->count; ++i) {
        for (int32_t k = i; k > 0 && store[co->at[k - 1]].value > store[co->at[k]].value; --k) {
            const int32_t name = co->at[k];
            co->at[k] = co->at[k - 1];
            co->at[k - 1] = name;
        }
    }
}

void draw(const char *text)
{
    const char *rest[MAX_THREADS] = {text};
    int threads = 1;
    for (const char *bar = text; (bar = strchr(bar, '|')) != NULL;) {
        rest[threads++] = ++bar;
    }
    draw_clear();
    for (bool progress = true; progress;) {
        progress = false;
        for (int t = 0; t < threads; ++t) {
            while (rest[t] != NULL && draw_word(rest[t], t)) {
                rest[t] += strcspn(rest[t], ";|");
                rest[t] = *rest[t] == ';' ? rest[t] + 1 : NULL;
                progress = true;
            }
        }
    }
    for (int t = 0; t < threads; ++t) {
        if (rest[t] != NULL) {
            fprintf(stderr, "what is read in '%s' is never written\n", rest[t]);
            abort();
        }
    }
    for (int p = 0; p < MOST_LOCATIONS; ++p) {
        order_by_value(&places[p].co);
    }
    if (!draw_finish()) {
        fprintf(stderr, "not coherent: %s\n", text);
        abort();
    }
}
