/* graphs.c - unit tests of what is said about an execution, over graphs that no exploration made. */
#define _GNU_SOURCE
#include "draw.h"
#include "relation.h"

#include "check.h"
#include "edges.h"
#include "memory.h"
#include "order.h"
#include "record.h"
#include "report.h"
#include "rows.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What the engine would have. */
struct options options;
struct access *recorded;
int recorded_count;
struct other_access memory_race = {.thread = -1};
struct thread_state thread_states[MAX_THREADS];
int running = -1;
struct location *locations;
int32_t location_count = MOST_LOCATIONS;
static struct location four_locations[MOST_LOCATIONS];
static struct result shared_result;
struct result *result = &shared_result;

uintptr_t native_base(void)
{
    return 0;
}

bool native_stack_of(uintptr_t address, int *thread, size_t *from_top)
{
    (void)address, (void)thread, (void)from_top;
    return false;
}

bool native_block_of(uintptr_t address, uintptr_t *base, size_t *size, uintptr_t *pc)
{
    (void)address, (void)base, (void)size, (void)pc;
    return false;
}

int32_t graph_location_at(uintptr_t address)
{
    (void)address;
    return -1;
}

/* What draw.c leaves out: events come in an order in which each one's sources are before it, and each
 * has a place of its own in the program.
 */
static void complete(void)
{
    static int32_t trace[MOST_EVENTS];
    locations = four_locations;
    for (int i = 0; i < MOST_LOCATIONS; ++i) {
        four_locations[i] = (struct location){.address = 0x1000 + 16 * (uintptr_t)i, .size = 4};
    }
    for (int32_t n = 0; n < event_count; ++n) {
        trace[n] = n;
        events[n].size = 4;
        events[n].op = events[n].kind == READ && events[n].rmw ? OP_EXCHANGE : OP_NONE;
        events[n].pc = 0x100 * (1 + (uintptr_t)events[n].thread) + (uintptr_t)events[n].index;
    }
    graph->trace = (struct names){trace, event_count, MOST_EVENTS};
    for (int t = 0; t < graph->threads; ++t) {
        graph->creator[t] = t == 0 ? INITIAL : NOBODY;
    }
}

static uint64_t seed = 1;

static unsigned draw_number(unsigned below)
{
    seed += UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 */
    uint64_t z = seed;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (unsigned)((z ^ (z >> 31)) % below);
}

static int32_t some_write(int location)
{
    const struct names *co = &graph->place[location].co;
    const unsigned chosen = draw_number((unsigned)co->count + 1);
    return chosen == 0 ? INITIAL : co->at[chosen - 1];
}

/* A graph that draw_finish allows, of at most so many events. */
static void draw_some(unsigned threads, int locations_used, int most)
{
    static const uint8_t reads[] = {RELAXED, RELAXED, ACQUIRE, SEQ_CST};
    static const uint8_t writes[] = {RELAXED, RELAXED, RELEASE, SEQ_CST, PLAIN};
    static const uint8_t fences[] = {ACQUIRE, RELEASE, ACQ_REL, SEQ_CST};
    draw_clear();
    for (int tries = 0; tries < 3 * most && event_count + 2 <= most; ++tries) {
        const int32_t first = event_count;
        struct event e = {.thread = (uint8_t)draw_number(threads),
                          .rf = INITIAL,
                          .location = (int)draw_number((unsigned)locations_used),
                          .value = (uint64_t)event_count + 1};
        const unsigned kind = draw_number(10);
        e.kind = kind < 2 ? FENCE : kind < 6 ? READ : WRITE;
        e.order = e.kind == FENCE  ? fences[draw_number(4)]
                  : e.kind == READ ? reads[draw_number(4)]
                                   : writes[draw_number(5)];
        if (e.kind == READ) {
            e.rf = some_write(e.location);
            e.rmw = draw_number(4) == 0;
            e.order = e.rmw ? (uint8_t)draw_number(SEQ_CST + 1) : e.order;
        }
        const int32_t name = draw_event(&e);
        if (e.kind == READ && e.rmw) {
            e.kind = WRITE;
            e.rf = INITIAL;
            ++e.value;
            draw_event(&e);
        } else if (e.kind == WRITE) {
            const int32_t after = some_write(e.location);
            draw_move(name, after == name ? INITIAL : after);
        }
        if (!draw_finish()) {
            draw_erase(first);
        }
    }
    draw_finish();
    complete();
}

/* Missing edges. */

static const char *missing(int first, int first_after, int second, int second_after)
{
    static char text[4096];
    FILE *out = fmemopen(text, sizeof text, "w");
    report_missing_edge(out, 0x1000, first, first_after, second, second_after);
    fclose(out);
    return text;
}

static void expect_missing(const char *graph_text, int after, const char *wanted)
{
    draw(graph_text);
    complete();
    const char *text =
        missing(0, after, graph->threads - 1, graph->thread[graph->threads - 1].count);
    cr_expect(strstr(text, wanted) != NULL, "%s\nsays: %s\nnot: %s", graph_text, text, wanted);
}

Test(missing, sides)
{
    expect_missing("Wrlx y 1 | Racq y 1", 0,
                   "the store at +0x100 is relaxed: it must be release\n");
    expect_missing("Wrel y 1 | Rrlx y 1", 0, "the load at +0x200 is relaxed: it must be acquire\n");
    expect_missing("Wrlx y 1 | Rrlx y 1", 0,
                   "release, and the load at +0x200 is relaxed: it must be acquire\n");
    expect_missing("Wna y 1 | Racq y 1", 0, "the plain write at +0x100 is not atomic\n");
    expect_missing("Wrel y 1 | Rrlx y 1; Wrel z 1 | Racq z 1", 0,
                   "T1's load at +0x200 reads `0x1020` from T0's store at +0x100; T2's load at "
                   "+0x300 reads `0x1030` from T1's store at +0x201, but the load at +0x200 is "
                   "relaxed: it must be acquire\n");
    expect_missing("Wrlx x 1 | Rrlx y 0", 0, "T1 has read nothing so far");
    expect_missing("Wrel x 1 | Rrlx x 0", 0, "T1 has read nothing so far");
    /* The access is behind the release. */
    expect_missing("Wrel y 1; Wrlx z 1 | Racq y 1", 1, "T1 has read nothing so far");
    /* Fences on either side. */
    expect_missing("Frel; Wrlx y 1 | Racq y 1", 1, "the store at +0x101 is relaxed");
    expect_missing("Facq; Wrlx y 1 | Racq y 1", 0, "it must be release");
    expect_missing("Wrel y 1 | Rrlx y 1; Frel", 0, "it must be acquire");
    /* A relaxed exchange continues a release sequence, and is no acquire. */
    expect_missing("Wrel y 1 | Urlx y 1 2; Rna x 0", 0,
                   "the exchange at +0x200 is relaxed: it must be acquire\n");
    expect_missing("Wrlx y 1 | Urel y 1 2 | Racq y 2", 0,
                   "the store at +0x100 is relaxed: it must be release\n");
    expect_missing("Wrel y 1 | Urel y 1 2", 0, "is release: it must be acquire as well\n");
}

Test(missing, nothing_is_missing)
{
    draw("Wrel y 1 | Urlx y 1 2 | Racq y 2");
    complete();
    cr_expect_str_eq(missing(0, 0, 2, 1), "\n");
    draw("Frel; Wrlx y 1 | Rrlx y 1; Facq");
    complete();
    cr_expect_str_eq(missing(0, 0, 1, 2), "\n");
}

/* Does the second event come after the first by the definition of happens-before? */
static bool ordered(int32_t first, int32_t second)
{
    struct relation hb;
    relation_happens_before(&hb);
    return related(&hb, first, second);
}

/* The least number of accesses and fences that, made stronger, order the two: by trying all. */
static int fewest(int32_t first, int32_t second)
{
    struct event *side[16];
    uint8_t before[16];
    int count = 0, best = 99;
    for (int32_t n = 0; n < event_count; ++n) {
        struct event *e = &events[n];
        if (e->kind <= FENCE && e->order != PLAIN && count < 16) {
            before[count] = e->order;
            side[count++] = e;
        }
    }
    for (unsigned chosen = 0; chosen < 1U << count; ++chosen) {
        const int size = __builtin_popcount(chosen);
        for (int i = 0; i < count; ++i) {
            const bool stronger = (chosen >> i & 1) != 0;
            side[i]->order = !stronger                ? before[i]
                             : side[i]->kind == READ  ? is_release(before[i]) ? ACQ_REL : ACQUIRE
                             : side[i]->kind == WRITE ? is_acquire(before[i]) ? ACQ_REL : RELEASE
                                                      : ACQ_REL;
        }
        best = size < best && ordered(first, second) ? size : best;
    }
    for (int i = 0; i < count; ++i) {
        side[i]->order = before[i];
    }
    return best;
}

static int occurrences(const char *text, const char *of)
{
    int count = 0;
    while ((text = strstr(text, of)) != NULL) {
        ++count;
        text += strlen(of);
    }
    return count;
}

/* No write of the cheapest way may be plain: the brute force does not make it atomic. */
Test(missing, fewest_sides_of_random_graphs)
{
    int several = 0, connected = 0, nothing = 0;
    for (int round = 0; round < 400; ++round) {
        draw_some(3, 2, 9);
        for (int32_t a = 0; a < event_count; ++a) {
            for (int32_t b = 0; b < event_count; ++b) {
                const struct event *first = &events[a], *second = &events[b];
                if (first->thread == second->thread || ordered(a, b) ||
                    !(first->kind == WRITE || first->kind == READ)) {
                    continue;
                }
                const char *text =
                    missing(first->thread, first->index, second->thread, second->index + 1);
                if (strstr(text, "is not atomic") != NULL) {
                    continue;
                }
                const int told = occurrences(text, "it must be"), least = fewest(a, b);
                nothing += least == 99;
                connected += told > 0;
                several += told > 1;
                cr_assert_eq(least == 99 ? 0 : least, told, "round %d: T%d.%d, T%d.%d: %d, not %s",
                             round, first->thread, first->index, second->thread, second->index,
                             least, text);
            }
        }
    }
    cr_expect_gt(nothing, 1000);
    cr_expect_gt(connected, 200, "%d", connected);
    cr_expect_gt(several, 50, "%d", several);
}

/* The order of the rows. */

Test(order, memory_can_be_followed_if_it_can)
{
    static const struct side none[2] = {{.event = -1, .access = -1}, {.event = -1, .access = -1}};
    int weak = 0, strong = 0;
    for (int round = 0; round < 3000; ++round) {
        struct rows rows;
        draw_some(2 + draw_number(3), 1 + (int)draw_number(3), 6 + (int)draw_number(20));
        cr_assert(rows_make(&rows, FOUND_NOTHING, 0, none));
        cr_assert_eq(rows.unordered, !reference_allows(MODEL_SC), "round %d", round);
        *(rows.unordered ? &weak : &strong) += 1;
        rows_free(&rows);
    }
    cr_expect_gt(weak, 300);
    cr_expect_gt(strong, 300);
}

Test(order, sources_come_first)
{
    for (int round = 0; round < 500; ++round) {
        int32_t order[MOST_EVENTS], position[MOST_EVENTS];
        draw_some(4, 2, 30);
        order_events((int)draw_number(5) - 1, order);
        memset(position, -1, sizeof position);
        for (int32_t i = 0; i < event_count; ++i) {
            cr_assert_eq(position[order[i]], -1);
            position[order[i]] = i;
        }
        for (int32_t n = 0; n < event_count; ++n) {
            const struct event *e = &events[n], *previous = po_previous(e);
            if (previous != NULL) {
                const int32_t before = graph->thread[e->thread].at[e->index - 1];
                cr_assert_lt(position[before], position[n]);
                cr_assert(!(e->kind == WRITE && e->rmw) || position[before] == position[n] - 1);
            }
            cr_assert(e->kind != READ || e->rf == INITIAL || position[e->rf] < position[n]);
        }
    }
}

/* The record. */

static bool read_back(const char *text, struct record *record, char *wrong, size_t room)
{
    FILE *in = fmemopen((void *)(uintptr_t)text, strlen(text), "r");
    *wrong = '\0';
    const bool good = report_read_record(in, record, wrong, room);
    fclose(in);
    return good;
}

Test(record, comes_back)
{
    for (int round = 0; round < 200; ++round) {
        static char text[8192];
        char wrong[200];
        struct record record;
        int32_t co[MOST_LOCATIONS][MOST_EVENTS], counts[MOST_LOCATIONS] = {0};
        draw_some(3, 3, 30);
        options.model = (enum model)draw_number(4);
        options.level = "-O2";
        FILE *out = fmemopen(text, sizeof text, "w");
        report_record(out);
        fclose(out);
        cr_assert(read_back(text, &record, wrong, sizeof wrong), "%s\n%s", wrong, text);
        cr_assert_eq(record.model, options.model);
        cr_assert_str_eq(record.level, "-O2");
        cr_assert_eq(record.count, event_count);
        for (int i = 0; i < record.count; ++i) {
            const struct record_step *step = &record.step[i];
            const struct event *e = &events[i];
            cr_assert(step->thread == e->thread && step->position == e->index &&
                      step->kind == e->kind);
            if (e->kind == READ) {
                cr_assert_eq(step->rf_thread,
                             e->rf == INITIAL ? RECORD_INITIAL : events[e->rf].thread);
                cr_assert(e->rf == INITIAL || step->rf_position == events[e->rf].index);
            } else if (e->kind == WRITE) {
                /* Build the coherence order from what was recorded. */
                int32_t *order = co[e->location];
                memmove(&order[step->place + 1], &order[step->place],
                        (size_t)(counts[e->location]++ - step->place) * sizeof *order);
                order[step->place] = i;
            }
        }
        for (int l = 0; l < MOST_LOCATIONS; ++l) {
            cr_assert_eq(counts[l], graph->place[l].co.count);
            cr_assert_arr_eq(co[l], graph->place[l].co.at, (size_t)counts[l] * sizeof(int32_t));
        }
        free(record.step);
    }
    options.model = MODEL_RC11;
}

Test(record, is_refused_with_its_place)
{
    static const struct {
        const char *text, *wrong;
    } cases[] = {
        {"", "1:1: the record ends too early"},
        {"hello\n", "1:1: this is no record of cordon-check"},
        {"cordon-check record 7\n", "1:22: the record is of another version"},
        {"cordon-check record 1\nmodel x86\n", "2:7: this is no model"},
        {"cordon-check record 1\nmodel sc\nlevel\n", "3:6: this is no optimisation level"},
        {"cordon-check record 1\nmodel sc\nlevel -O2\n0 0 begin\n",
         "4:5: this is no kind of event"},
        {"cordon-check record 1\nmodel sc\nlevel -O2\n0 1 start\n",
         "4:10: the thread's events are not in order"},
        {"cordon-check record 1\nmodel sc\nlevel -O2\n99 0 start\n",
         "4:1: the number is too large"},
        {"cordon-check record 1\nmodel sc\nlevel -O2\n0 0 start now\n",
         "4:11: there is more than expected"},
        {"cordon-check record 1\nmodel sc\nlevel -O2\n0 0 read 1 0\n",
         "4:13: it reads from what is no earlier write"},
        {"cordon-check record 1\nmodel sc\nlevel -O2\n0 0 write\n", "4:10: a number is missing"},
        {"cordon-check record 1\nmodel sc\nlevel -O2\n0 0 start\nend 2\n",
         "5:6: the number of events is another"},
        {"cordon-check record 1\nmodel sc\nlevel -O2\n0 0 start\n",
         "5:1: the record ends too early"},
        {"cordon-check record 1\nmodel sc\nlevel -O2\n0 0 sta",
         "4:1: the line is too long, or not ended"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; ++i) {
        struct record record;
        char wrong[200];
        cr_expect_not(read_back(cases[i].text, &record, wrong, sizeof wrong), "%s", cases[i].text);
        cr_expect_str_eq(wrong, cases[i].wrong, "%s, not %s", wrong, cases[i].wrong);
    }
}

/* Edges. */

static uint64_t edge_count(uintptr_t release, uintptr_t acquire, bool fences)
{
    for (int i = 0; i < result->edge_count; ++i) {
        const struct edge *edge = &result->edge[i];
        if (edge->release == release && edge->acquire == acquire && edge->fences == fences) {
            return edge->count;
        }
    }
    return 0;
}

static void collect(const char *text)
{
    result->edge_count = 0;
    draw(text);
    complete();
    edges_collect();
    edges_collect();
    edges_flush();
}

Test(edges, between_accesses_and_fences)
{
    collect("Wrel y 1 | Racq y 1");
    cr_expect_eq(result->edge_count, 1);
    cr_expect_eq(edge_count(0x100, 0x200, false), 2);
    edges_flush();
    cr_expect_eq(edge_count(0x100, 0x200, false), 2, "a second flush adds nothing");
    collect("Wrlx y 1 | Racq y 1");
    cr_expect_eq(result->edge_count, 0);
    collect("Frel; Wrlx y 1 | Rrlx y 1; Facq");
    cr_expect_eq(result->edge_count, 1);
    cr_expect_eq(edge_count(0x100, 0x201, false), 2);
    collect("Wrel y 1 | Urlx y 1 2 | Racq y 2");
    cr_expect_eq(result->edge_count, 1);
    cr_expect_eq(edge_count(0x100, 0x300, false), 2);
    /* A release needs nobody before it. */
    collect("Wrel y 1; Wrel y 2 | Racq y 2");
    cr_expect_eq(result->edge_count, 1);
    cr_expect_eq(edge_count(0x101, 0x200, false), 2);
    /* A later relaxed store of the same thread continues the sequence, until C++20. */
    collect("Wrel y 1; Wrlx y 2 | Racq y 2");
    cr_expect_eq(edge_count(0x100, 0x200, false), 2);
    options.cxx20 = true;
    collect("Wrel y 1; Wrlx y 2 | Racq y 2");
    cr_expect_eq(result->edge_count, 0);
    options.cxx20 = false;
}

Test(edges, pairs_of_fences)
{
    collect("Wrlx x 1; Fsc; Rrlx y 0 | Wrlx y 1; Fsc; Rrlx x 1");
    cr_expect_eq(edge_count(0x101, 0x201, true), 2);
    cr_expect_eq(edge_count(0x201, 0x101, true), 0);
    cr_expect_eq(edge_count(0x101, 0x201, false), 0);
}
