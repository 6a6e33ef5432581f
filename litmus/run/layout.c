/* layout.c - where the instances of a test lie in memory.
 *
 * Several instances share a cache line, because a line that arrives for one brings the others' locations along.
 * No one layout is best for every test and machine, so batches take turns in the spacing of the instances, and now
 * and then in who resets. Measured with other layouts: see engine.c.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "parts.h"

#include <stdlib.h>
#include <string.h>

/* How batches take turns. Most weak outcomes come from the narrow ones in blocks; what the others are for is what
 * these do not show.
 */
static const struct turn {
    unsigned char stride; /* in units of a location's size */
    bool by_loader;       /* who resets: the location's loader, or each its own slice */
    unsigned char block; /* instances that begin together by the clock (pace.c); 0: a batch's all */
    signed char lag; /* a thread begins so many eighths of the pace later than the one before it */
} turns[] = {{1, true, 32, 0}, {1, true, 64, 0}, {1, true, 32, -1}, {2, true, 32, 0},
             {1, true, 64, 0}, {1, true, 32, 0}, {1, true, 64, -1}, {2, false, 0, 0},
             {1, true, 64, 0}, {1, true, 32, 1}, {1, true, 64, 0},  {4, true, 16, 0},
             {1, true, 32, 0}, {1, true, 64, 1}, {1, true, 64, 0},  {16, true, 0, 0}};
enum { TURNS = sizeof turns / sizeof *turns };
_Static_assert((int)TURNS <= (int)PACES, "each turn has a pace of its own");

/* Where the locations of a perpetual test lie: lines or pages apart. */
static const size_t apart[] = {2 * CORDON_LINE, 4096 + CORDON_LINE, CORDON_LINE, 16384};

/* A wide spacing is left out where a plane would outgrow the caches by far, unless it is asked for; of a client's
 * instances there are then fewer.
 */
#define MOST_PLANE ((size_t)1 << 20)
#define MOST_BYTES ((size_t)1 << 30)

enum { PAGE = 4096, UNITS_IN_LINE = 16 };

static size_t round_up(size_t size, size_t to)
{
    return (size + to - 1) / to * to;
}

static bool is_client(const struct shared *shared)
{
    return shared->code->unit != 0;
}

static struct layout rows(const struct shared *shared, size_t stride)
{
    /* The line more keeps neighbours apart, and equal instances off one cache set. */
    return (struct layout){0, round_up(shared->most * stride, CORDON_LINE) + CORDON_LINE, stride};
}

struct layout layout_turn(const struct shared *shared, uint64_t turn, struct plan *plan)
{
    const struct turn *at = &turns[turn % TURNS];
    const size_t unit = shared->unit;
    const size_t locations = shared->test->location_count;
    plan->by_loader =
        at->by_loader && !is_client(shared) && !litmus_counts_frames(shared->code->mode);
    if (litmus_counts_frames(shared->code->mode)) {
        const size_t plane = apart[turn % (sizeof apart / sizeof *apart)];
        return (struct layout){0, shared->knobs->padded ? plane : unit, unit};
    }
    size_t wanted = shared->knobs->stride != 0 ? shared->knobs->stride * unit : at->stride * unit;
    if (shared->paced) {
        plan->block = at->block;
        plan->lag = at->lag;
        plan->kind = (unsigned)(turn % TURNS);
    }
    if (!is_client(shared) && shared->knobs->stride == 0 && !shared->knobs->shuffle) {
        /* As many lines as in the narrow ones, so that none takes far longer than the others. */
        plan->batch.count = (shared->count + at->stride - 1) / at->stride;
    }
    if (!shared->knobs->padded && !is_client(shared)) {
        return (struct layout){0, unit, locations * wanted};
    }
    if (shared->knobs->stride == 0 && shared->most * wanted > MOST_PLANE) {
        wanted = unit;
    }
    return rows(shared, wanted);
}

struct layout layout_draw(const struct shared *shared, enum lines lines, struct chance *chance)
{
    const size_t unit = shared->unit;
    const size_t together = unit * (shared->test->location_count + !shared->test->location_count);
    const size_t times =
        shared->knobs->stride != 0 ? shared->knobs->stride : (size_t)1 << chance_below(chance, 3);
    const size_t more = chance_below(chance, 4), shift = chance_below(chance, UNITS_IN_LINE);
    struct layout layout = rows(shared, times * unit);
    switch (lines) {
    case LINES_APART:
        layout = rows(shared, round_up(times * unit, CORDON_LINE));
        layout.plane += more * CORDON_LINE;
        break;
    case LINES_PAGES:
        layout.plane = round_up(layout.plane, PAGE);
        break;
    case LINES_TOGETHER:
        layout = (struct layout){0, unit, round_up(together, CORDON_LINE)};
        break;
    case LINES_PACKED:
        layout = (struct layout){0, unit, together * times};
        break;
    case LINES_ROWS:
    default:
        layout.plane += more * CORDON_LINE;
        break;
    }
    layout.offset = shift * unit;
    return layout;
}

/* The bytes from the memory's beginning to its end, with so many instances. */
static size_t extent(const struct shared *shared, struct layout layout, size_t count)
{
    return layout.offset + shared->test->location_count * layout.plane + count * layout.stride +
           CORDON_LINE;
}

/* All layouts are of one of these sizes, or smaller. */
static size_t widest(const struct shared *shared)
{
    size_t most = 0;
    struct plan plan;
    for (uint64_t turn = 0; turn < TURNS; ++turn) {
        plan.batch.count = shared->most; /* but that wide turns have fewer */
        const struct layout layout = layout_turn(shared, turn, &plan);
        const size_t size = extent(shared, layout, plan.batch.count);
        most = size > most ? size : most;
    }
    if (shared->code->mode == LITMUS_THREADS) {
        const size_t times = shared->knobs->stride > 4 ? shared->knobs->stride : 4;
        const size_t line = round_up(times * shared->unit, CORDON_LINE);
        const size_t together = shared->unit * shared->test->location_count;
        struct layout layout = rows(shared, line > together * times ? line : together * times);
        layout.plane = round_up(layout.plane, PAGE) + 4 * CORDON_LINE;
        layout.offset = UNITS_IN_LINE * shared->unit;
        const size_t size = extent(shared, layout, shared->most);
        most = size > most ? size : most;
    }
    return round_up(most, PAGE);
}

/* Every order of the instances is as likely as any other (Fisher and Yates). */
static void shuffle(uint32_t *order, size_t count, struct chance *chance)
{
    for (size_t i = 0; i < count; ++i) {
        const uint32_t k = chance_below(chance, (uint32_t)i + 1);
        order[i] = order[k];
        order[k] = (uint32_t)i;
    }
}

const char *layout_take(struct shared *shared)
{
    const struct litmus_test *test = shared->test;
    const size_t sets = shared->knobs->sync == SYNC_NONE && !is_client(shared) ? SETS : 1;
    size_t size = engine_size(shared->knobs);
    shared->unit = is_client(shared) ? shared->code->unit : litmus_unit(test);
    if (is_client(shared)) {
        size = size * shared->unit > MOST_PLANE ? (MOST_PLANE + shared->unit - 1) / shared->unit
                                                : size;
    }
    shared->most = size;
    shared->count = is_client(shared) ? 1 : size;
    shared->memory_size = widest(shared);
    /* Each observed register has a row of results; of a client, each thread. */
    const size_t words = is_client(shared) ? test->thread_count : litmus_result_words(test);
    shared->results = round_up(size * words, PAGE);
    if (sets * ((uint64_t)shared->memory_size + shared->results * sizeof(int32_t)) > MOST_BYTES) {
        return "size and stride together ask for more than 1 GiB of memory";
    }
    shared->memory = cordon_aligned_alloc(PAGE, sets * shared->memory_size);
    shared->result = cordon_aligned_alloc(PAGE, sets * shared->results * sizeof(int32_t));
    if (shared->memory == NULL || shared->result == NULL) {
        return "out of memory";
    }
    memset(shared->memory, 0, sets * shared->memory_size);
    memset(shared->result, 0, sets * shared->results * sizeof(int32_t));
    if (shared->knobs->shuffle && !litmus_counts_frames(shared->code->mode) && !is_client(shared)) {
        shared->order = malloc(ORDERS * size * sizeof *shared->order);
        if (shared->order == NULL) {
            return "out of memory";
        }
        for (size_t i = 0; i < ORDERS; ++i) {
            struct chance chance = chance_of(shared->knobs->seed, CHANCE_ORDER, i);
            shuffle(shared->order + i * size, size, &chance);
        }
    }
    return NULL;
}

void layout_free(struct shared *shared)
{
    free(shared->memory);
    free(shared->result);
    free(shared->order);
}
