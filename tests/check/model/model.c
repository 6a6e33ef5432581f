/* model.c - unit tests of which graphs the memory models allow: the classic ones, drawn by hand, and
 * random ones, for which the answer must be that of the definitions (relation.c).
 */
#include "model.h"

#include "draw.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const model_names[] = {"RC11", "SC", "TSO", "RA"};

/* Each graph, and which models allow it: "rst" of RC11, SC and TSO. */
static void expect(const char *text, const char *models)
{
    for (int model = MODEL_RC11; model <= MODEL_TSO; ++model) {
        const char letter = "rst"[model];
        bool wanted = false;
        for (const char *c = models; *c != '\0'; ++c) {
            wanted = wanted || *c == letter;
        }
        draw(text);
        cr_expect_eq(reference_allows((enum model)model), wanted, "%s by the book: %s",
                     model_names[model], text);
        cr_expect_eq(model_allows((enum model)model), wanted, "%s: %s", model_names[model], text);
    }
}

Test(model, store_buffering)
{
    expect("Wrlx x 1; Rrlx y 0 | Wrlx y 1; Rrlx x 0", "rt");
    expect("Wrel x 1; Racq y 0 | Wrel y 1; Racq x 0", "rt");
    expect("Wsc x 1; Rsc y 0 | Wsc y 1; Rsc x 0", "");
    expect("Wsc x 1; Rsc y 0 | Wsc y 1; Rsc x 1", "rst");
    expect("Wrlx x 1; Fsc; Rrlx y 0 | Wrlx y 1; Fsc; Rrlx x 0", "");
    expect("Wrlx x 1; Far; Rrlx y 0 | Wrlx y 1; Fsc; Rrlx x 0", "rt");
    expect("Wsc x 1; Rrlx y 0 | Wsc y 1; Rrlx x 0", "r"); /* its stores are exchanges under TSO */
    expect("Wsc x 1; Fsc; Rrlx y 0 | Wsc y 1; Rsc x 0", "");
    expect("Wrlx x 1; Usc z 0 1; Rrlx y 0 | Wrlx y 1; Fsc; Rrlx x 0", "r");
    expect("Wrlx x 1; Rrlx x 1; Rrlx y 0 | Wrlx y 1; Rrlx y 1; Rrlx x 0", "rt");
}

Test(model, independent_reads_of_independent_writes)
{
    expect("Wsc x 1 | Wsc y 1 | Rsc x 1; Rsc y 0 | Rsc y 1; Rsc x 0", "");
    expect("Wrlx x 1 | Wrlx y 1 | Racq x 1; Rrlx y 0 | Racq y 1; Rrlx x 0", "r");
    expect("Wrlx x 1 | Wrlx y 1 | Rrlx x 1; Fsc; Rrlx y 0 | Rrlx y 1; Fsc; Rrlx x 0", "");
    expect("Wrlx x 1 | Wrlx y 1 | Racq x 1; Rsc y 0 | Racq y 1; Rsc x 0", "r");
}

/* The examples of the paper, by their names there. */
Test(model, repairing_sequential_consistency)
{
    /* Z6.U: C11 as it was forbade it, and Power cannot afford to. */
    expect("Wsc x 1; Wrel y 1 | Usc y 1 2; Rrlx y 3 | Wsc y 3; Rsc x 0", "r");
    /* RWC with fences, and with one only; W+RWC. */
    expect("Wrlx x 1 | Rrlx x 1; Fsc; Rrlx y 0 | Wrlx y 1; Fsc; Rrlx x 0", "");
    expect("Wrlx x 1 | Rrlx x 1; Racq y 0 | Wrlx y 1; Fsc; Rrlx x 0", "r");
    expect("Wrlx x 1; Wrel z 1 | Racq z 1; Fsc; Rrlx y 0 | Wrlx y 1; Fsc; Rrlx x 0", "");
    expect("Wsc x 1; Wrel z 1 | Racq z 1; Rsc y 0 | Wsc y 1; Rsc x 0", "");
    expect("Wsc x 1; Wrel z 1 | Racq z 1; Rrlx y 0 | Wsc y 1; Rsc x 0", "r");
    /* 2+2W */
    expect("Wrlx x 2; Fsc; Wrlx y 1 | Wrlx y 2; Fsc; Wrlx x 1", "");
    expect("Wrel x 2; Wrel y 1 | Wrel y 2; Wrel x 1", "r");
    expect("Wsc x 2; Wsc y 1 | Wsc y 2; Wsc x 1", "");
    /* A seq_cst read may not be older than a seq_cst write that relaxed updates followed. */
    expect("Wsc x 1; Rsc y 0 | Wsc y 1; Rsc x 0 | Urlx x 1 2", "");
    expect("Wsc x 1 | Urlx x 1 2 | Rsc x 2; Rsc y 0 | Wsc y 1; Rsc x 0", "");
    expect("Wsc x 1 | Urlx x 1 2 | Urlx x 2 3 | Rsc x 3; Rsc y 0 | Wsc y 1; Rsc x 0", "");
    expect("Wsc x 1 | Wrlx x 2 | Rsc x 2; Rsc y 0 | Wsc y 1; Rsc x 0", "r");
    /* A fence between a write and a read of another one's location. */
    expect("Wsc x 1; Rsc y 0 | Wrlx y 1; Fsc; Rrlx x 0", "");
    expect("Wrlx x 1; Rsc y 0 | Wrlx y 1; Fsc; Rrlx x 0", "rt");
}

/* Each of the ways from one node to another, where no other way leads there. */
Test(model, single_edges_of_psc)
{
    /* From a write to a fence: the next event happens before the fence, but not before what precedes
     * it; an access of the location is in between; a later write is. */
    expect("Wsc x 1; Wrel z 1 | Rrlx z 1; Fsc; Rrlx y 0 | Wsc y 1; Rsc x 0", "");
    expect("Wsc x 1 | Racq x 1; Fsc; Rrlx y 0 | Wsc y 1; Rsc x 0", "");
    expect("Wsc x 1 | Wrlx x 2; Fsc; Rrlx y 0 | Wsc y 1; Rsc x 0", "");
    expect("Wsc x 1 | Rrlx x 1; Fsc; Rrlx y 0 | Wsc y 1; Rsc x 0", "");
    /* To a read: elsewhere is elsewhere. */
    expect("Wsc x 1; Wrel x 2 | Racq x 2; Rsc y 0 | Wsc y 1; Rsc x 0", "r");
    expect("Wsc x 1; Wrel y 1 | Racq y 1; Rsc y 1 | Wsc y 2; Rsc x 0", "r");
    /* From a fence to an access that comes after it. */
    expect("Wrlx x 1; Fsc; Wrel z 1 | Racq z 1; Rsc y 0 | Wsc y 1; Rsc x 0", "");
    expect("Wrlx x 1; Fsc; Wrel z 1 | Racq z 1; Rrlx y 0 | Wsc y 1; Rsc x 0", "");
}

Test(model, what_tso_keeps)
{
    expect("Wrlx x 1; Wrlx y 1 | Rrlx y 1; Rrlx x 0", "r");
    expect("Wrlx x 1; Wrlx z 1; Rrlx y 0 | Wrlx y 1; Frel; Rrlx x 0", "rt");
    expect("Wrlx x 1; Wsc z 1; Rrlx y 0 | Wrlx y 1; Frel; Wrlx w 1; Fsc; Rrlx x 0", "r");
}

static uint64_t seed;

static unsigned draw_number(unsigned below)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)((seed >> 33) % below);
}

struct shape {
    int threads, locations, events;
    unsigned sc;     /* of ten accesses, so many are seq_cst */
    unsigned fences; /* of ten events, so many are fences */
    unsigned weak;   /* of ten orders that are not seq_cst, so many are relaxed */
};

static uint8_t draw_order(const struct shape *shape, int kind)
{
    static const uint8_t of_load[] = {ACQUIRE, CONSUME}, of_store[] = {RELEASE, PLAIN};
    if (draw_number(10) < (kind == FENCE ? 7 : shape->sc)) {
        return SEQ_CST;
    }
    if (kind == FENCE) {
        return (uint8_t)(ACQUIRE + draw_number(3));
    }
    if (draw_number(10) < shape->weak) {
        return RELAXED;
    }
    return kind == READ ? of_load[draw_number(4) == 0] : of_store[draw_number(6) == 0];
}

/* Any write to the location, or INITIAL; the co-maximal a third of the time. */
static int32_t draw_write(int location)
{
    const struct names *co = &graph->place[location].co;
    const int32_t i = (int32_t)draw_number((unsigned)co->count + 1) - 1;
    return draw_number(3) == 0 ? co_maximal(&graph->place[location]) : i < 0 ? INITIAL : co->at[i];
}

/* Appends an event or two of one thread at random, or wherever `maximal` puts it. */
static void draw_random(const struct shape *shape, int thread, bool maximal)
{
    const int location = (int)draw_number((unsigned)shape->locations);
    struct event e = {.thread = (uint8_t)thread, .rf = INITIAL, .location = location};
    const unsigned kind = draw_number(10);
    if (kind < shape->fences) {
        e.kind = FENCE;
    } else if (kind == 9 && draw_number(3) == 0) {
        e.kind = draw_number(2) == 0 ? CREATE : CHOICE;
    } else {
        e.kind = draw_number(2) == 0 ? READ : WRITE;
    }
    e.order = draw_order(shape, e.kind);
    if (e.kind == READ) {
        e.rf = maximal ? co_maximal(&graph->place[location]) : draw_write(location);
        e.rmw = draw_number(3) == 0;
        if (e.rmw) {
            e.order = draw_number(10) < shape->sc ? SEQ_CST : (uint8_t)draw_number(ACQ_REL + 1);
        }
    }
    const int32_t name = draw_event(&e);
    if (e.kind == READ && e.rmw) {
        e.kind = WRITE;
        e.rf = INITIAL;
        draw_event(&e);
    } else if (e.kind == WRITE && !maximal) {
        draw_move(name, draw_write(location) == name ? INITIAL : draw_write(location));
    }
}

/* A thread that an earlier event of another one created, or one that joins a finished thread. */
static bool draw_start_or_join(int thread, bool *ended)
{
    struct event e = {.thread = (uint8_t)thread, .location = -1};
    const struct event *last = last_of(thread);
    if (last == NULL) {
        for (int32_t n = 0; n < event_count; ++n) {
            if (events[n].kind == CREATE && events[n].thread != thread && draw_number(2) == 0) {
                e.kind = START;
                e.rf = n;
                draw_event(&e);
                return true;
            }
        }
        return false;
    }
    if (draw_number(12) == 0) {
        e.kind = END;
        e.rf = INITIAL;
        ended[thread] = true;
        draw_event(&e);
        return true;
    }
    for (int t = 0; t < graph->threads; ++t) {
        if (t != thread && ended[t] && draw_number(4) == 0) {
            e.kind = JOIN;
            e.rf = graph->thread[t].at[graph->thread[t].count - 1];
            draw_event(&e);
            return true;
        }
    }
    return false;
}

static struct tally {
    int graphs, allowed[3], forbidden[3], last[3], last_forbidden[3];
} tally;

static void compare(uint64_t start, const struct shape *shape)
{
    for (int model = MODEL_RC11; model <= MODEL_TSO; ++model) {
        const bool wanted = reference_allows((enum model)model);
        cr_assert_eq(model_allows((enum model)model), wanted,
                     "%s, seed %llu: %d events, %d threads, by the book %s", model_names[model],
                     (unsigned long long)start, event_count, shape->threads,
                     wanted ? "allowed" : "forbidden");
        ++*(wanted ? &tally.allowed[model] : &tally.forbidden[model]);
    }
    ++tally.graphs;
}

static bool is_access(const struct event *e)
{
    return e->kind == READ || e->kind == WRITE;
}

/* Grows a graph that `grown` allows, event by event. */
static void grow(enum model grown, const struct shape *shape)
{
    const uint64_t start = seed;
    bool ended[MAX_THREADS] = {false};
    draw_clear();
    while (event_count < shape->events) {
        const int thread = (int)draw_number((unsigned)shape->threads);
        const int32_t first = event_count;
        if (ended[thread] || draw_start_or_join(thread, ended)) {
            if (draw_number(64) == 0) {
                break; /* all may have ended */
            }
            continue;
        }
        draw_random(shape, thread, false);
        if (!draw_finish()) {
            draw_erase(first);
            continue;
        }
        compare(start, shape);
        const bool consistent = reference_allows(grown);
        if (is_access(&events[first])) {
            cr_assert_eq(model_allows_last(grown, first), consistent,
                         "%s, the last, seed %llu: %d events", model_names[grown],
                         (unsigned long long)start, event_count);
            ++*(consistent ? &tally.last[grown] : &tally.last_forbidden[grown]);
        }
        if (!consistent) {
            draw_erase(first);
        }
    }
}

Test(model, random_graphs_by_the_book)
{
    static const struct shape shapes[] = {
        {2, 2, 12, 10, 0, 5}, {3, 2, 14, 7, 1, 5}, {4, 3, 22, 5, 2, 4}, {3, 2, 18, 3, 4, 3},
        {4, 2, 30, 0, 4, 10}, {5, 3, 40, 4, 2, 3}, {4, 2, 24, 9, 1, 9}, {3, 4, 28, 6, 3, 7},
        {6, 2, 36, 6, 2, 10}, {8, 3, 48, 6, 2, 10}};
    const char *rounds = getenv("CORDON_TEST_ROUNDS");
    const int count = rounds != NULL ? atoi(rounds) : 200;
    seed = rounds != NULL ? (uint64_t)count : 1;
    for (int round = 0; round < count; ++round) {
        for (size_t i = 0; i < sizeof shapes / sizeof *shapes; ++i) {
            for (int model = MODEL_RC11; model <= MODEL_TSO; ++model) {
                grow((enum model)model, &shapes[i]);
            }
        }
    }
    for (int model = MODEL_RC11; model <= MODEL_TSO; ++model) {
        cr_log_info("%s: of %d graphs %d forbidden; of %d last events %d", model_names[model],
                    tally.graphs, tally.forbidden[model],
                    tally.last[model] + tally.last_forbidden[model], tally.last_forbidden[model]);
        cr_expect_gt(tally.allowed[model], 1000);
        cr_expect_gt(tally.forbidden[model], 500);
        cr_expect_gt(tally.last_forbidden[model], 150);
    }
}
