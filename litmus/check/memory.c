/* memory.c - what the program does to memory without asking: who touched which bytes, when.
 *
 * Bytes that were touched have cells. A cell knows its last write and last reads as epochs: a thread
 * and the number of the segment of that thread, counted from 1. An access races with an earlier one
 * of another thread when the event after that segment does not happen before it. As in FastTrack, one
 * epoch stands for all reads while they are ordered (Flanagan and Freund, PLDI 2009). Epochs are
 * changed through notes, and so go back in time with the segments.
 */
#define _GNU_SOURCE
#include "memory.h"

#include "check.h"
#include "graph.h"
#include "native.h"
#include "replay.h"

#include <stdlib.h>
#include <string.h>

struct cell {
    uint32_t write, read; /* epochs; 0: never */
    uint32_t *reads;      /* by thread, once two threads have read with no order between them */
};

/* Eight aligned bytes. They have cells of 8, 4, 2 and 1 bytes at once, in a tree: an access updates
 * the cells of its own size, and is compared with every cell that overlaps it.
 */
struct granule {
    uintptr_t number;      /* address / 8 */
    uint64_t before;       /* its content when the present segment first wrote it */
    uint32_t logged;       /* that segment */
    uint8_t sizes;         /* of the cells that have been used, as bits 8, 4, 2, 1 */
    uint8_t located;       /* bytes that belong, or belonged, to atomic locations */
    struct cell cells[15]; /* the one of 8 bytes, the two of 4, ... */
};

struct other_access memory_race;

static struct granule **granules; /* an open hash table; granules never move */
static size_t granule_slots, granule_count;
static uint32_t segment_number;
static struct granule **written; /* by this segment */
static int written_count, written_room;

/* The heap: each thread's allocations follow one another in a range of its own, with a gap between.
 * `start` leads from each grain to the one where its block starts.
 */
enum { HEAP_BYTES = 1 << 26, GRAIN = 16, GRAINS = HEAP_BYTES / GRAIN };
struct block {
    uint64_t size;
    uint64_t pc;    /* of the allocation */
    uint32_t freed; /* epoch; 0: not */
    uint32_t zeroed;
};
static char *heaps;
static uint32_t *start;      /* by grain: 1 + the grain where its block starts, or 0 */
static struct block *blocks; /* by the grain where they start */

void memory_start(void)
{
    heaps = native_reserve((size_t)MAX_THREADS * HEAP_BYTES);
    start = native_reserve((size_t)MAX_THREADS * GRAINS * sizeof *start);
    blocks = native_reserve((size_t)MAX_THREADS * GRAINS * sizeof *blocks);
}

uintptr_t memory_heap(int thread)
{
    return (uintptr_t)heaps + (size_t)thread * HEAP_BYTES + GRAIN;
}

static struct granule **granule_slot(uintptr_t number)
{
    size_t i =
        (size_t)((uint64_t)number * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (granule_slots - 1);
    while (granules[i] && granules[i]->number != number) {
        i = (i + 1) & (granule_slots - 1);
    }
    return &granules[i];
}

static void grow_granules(void)
{
    struct granule **old = granules;
    const size_t slots = granule_slots;
    granule_slots = slots ? 2 * slots : 1024;
    granules = calloc(granule_slots, sizeof(struct granule *));
    for (size_t i = 0; i < slots; ++i) {
        if (old[i]) {
            *granule_slot(old[i]->number) = old[i];
        }
    }
    free(old);
}

static struct granule *granule_find(uintptr_t address)
{
    return granule_slots ? *granule_slot(address / 8) : NULL;
}

static struct granule *granule_at(uintptr_t address)
{
    if (2 * granule_count >= granule_slots) {
        grow_granules();
    }
    struct granule **slot = granule_slot(address / 8);
    if (!*slot) {
        *slot = calloc(1, sizeof **slot);
        (*slot)->number = address / 8;
        ++granule_count;
    }
    return *slot;
}

/* Epochs. */

static uint32_t epoch_now(int thread)
{
    return (uint32_t)thread << 16 | (uint32_t)(graph->thread[thread].count + 1);
}

static int epoch_thread(uint32_t epoch)
{
    return (int)(epoch >> 16);
}

static bool happened(uint32_t epoch, const struct view *hb)
{
    return hb->at[epoch >> 16] >= (int)(epoch & 0xffff);
}

static bool conflicts(uint32_t epoch, int thread, const struct view *hb)
{
    return epoch && epoch_thread(epoch) != thread && !happened(epoch, hb);
}

/* The epoch in the cell that races with this access, or 0. */
static uint32_t cell_race(const struct cell *cell, int thread, const struct view *hb, bool write,
                          bool *other_writes)
{
    *other_writes = true;
    if (conflicts(cell->write, thread, hb)) {
        return cell->write;
    }
    if (write) {
        *other_writes = false;
        if (conflicts(cell->read, thread, hb)) {
            return cell->read;
        }
        for (int t = 0; cell->reads && t < MAX_THREADS; ++t) {
            if (conflicts(cell->reads[t], thread, hb)) {
                return cell->reads[t];
            }
        }
    }
    return 0;
}

/* The racing epoch of any cell that overlaps bytes [at, at + size) of the granule, or 0. */
static uint32_t granule_race(const struct granule *granule, unsigned at, unsigned size, int thread,
                             const struct view *hb, bool write)
{
    for (unsigned bytes = 8; bytes > 0; bytes /= 2) {
        if (!(granule->sizes & bytes)) {
            continue;
        }
        const struct cell *level = &granule->cells[8 / bytes - 1];
        for (unsigned i = at / bytes; i * bytes < at + size; ++i) {
            bool other_writes;
            const uint32_t epoch = cell_race(&level[i], thread, hb, write, &other_writes);
            if (epoch) {
                memory_race =
                    (struct other_access){epoch_thread(epoch), (int)(epoch & 0xffff) - 1,
                                          granule->number * 8 + i * bytes, bytes, other_writes};
                return epoch;
            }
        }
    }
    return 0;
}

static void cell_update(struct cell *cell, int thread, const struct view *hb, bool write)
{
    const uint32_t now = epoch_now(thread);
    if (write) {
        native_note(&cell->write, now);
    } else if (cell->read == 0 || epoch_thread(cell->read) == thread || happened(cell->read, hb)) {
        native_note(&cell->read, now);
    } else {
        if (!cell->reads) {
            cell->reads = calloc(MAX_THREADS, sizeof *cell->reads);
        }
        native_note(&cell->reads[thread], now);
    }
}

static bool ever_written(const struct granule *granule, unsigned at, unsigned size)
{
    for (unsigned bytes = 8; bytes > 0; bytes /= 2) {
        for (unsigned i = at / bytes; (granule->sizes & bytes) && i * bytes < at + size; ++i) {
            if (granule->cells[8 / bytes - 1 + i].write) {
                return true;
            }
        }
    }
    return false;
}

/* The heap. */

static bool in_heap(uintptr_t address)
{
    return address - (uintptr_t)heaps < (uintptr_t)MAX_THREADS * HEAP_BYTES;
}

/* The block that holds the address, or NULL. */
static struct block *block_of(uintptr_t address, uintptr_t *base)
{
    const size_t grain = (address - (uintptr_t)heaps) / GRAIN;
    if (!start[grain] || address >= thread_states[grain / GRAINS].heap) {
        return NULL;
    }
    *base = (uintptr_t)heaps + (size_t)(start[grain] - 1) * GRAIN;
    return &blocks[start[grain] - 1];
}

bool native_block_of(uintptr_t address, uintptr_t *base, size_t *size, uintptr_t *pc)
{
    const struct block *block = in_heap(address) ? block_of(address, base) : NULL;
    if (!block) {
        return false;
    }
    *size = block->size;
    *pc = block->pc;
    return true;
}

/* Returns false after reporting that these bytes are not the program's to access. */
static bool check_heap(uintptr_t address, size_t size, uintptr_t pc)
{
    uintptr_t base;
    const struct block *block = block_of(address, &base);
    if (!block || address + size > base + block->size) {
        fail(FOUND_OVERFLOW, pc, block ? block->pc : 0,
             "access to %zu bytes of the heap that belong to no block", size);
        return false;
    }
    if (block->freed) {
        fail(FOUND_USE_AFTER_FREE, pc, block->pc,
             "access to a block of %zu bytes after it was freed", block->size);
        return false;
    }
    return true;
}

/* What an event that is undone allocated is there again when it is done again, though another segment
 * may have used its place since.
 */
static void set_in_heap(uint32_t *where, uint32_t value)
{
    if (replaying) {
        *where = value;
    } else if (*where != value) {
        native_note(where, value);
    }
}

void *fiber_allocate(size_t size, size_t alignment, bool zeroed)
{
    struct thread_state *state = &thread_states[running];
    const size_t align = alignment > GRAIN ? alignment : GRAIN;
    const uintptr_t base = (state->heap + align - 1) & ~(uintptr_t)(align - 1);
    const uintptr_t limit = (uintptr_t)heaps + (size_t)(running + 1) * HEAP_BYTES;
    if (size > HEAP_BYTES || base + size + 2 * GRAIN > limit) {
        fail(FOUND_BOUND, (uintptr_t)__builtin_return_address(0), 0,
             "a thread allocated more than %d MiB in one execution", HEAP_BYTES >> 20);
    }
    const size_t first = (base - (uintptr_t)heaps) / GRAIN;
    for (size_t i = (state->heap - (uintptr_t)heaps) / GRAIN; i < first; ++i) {
        set_in_heap(&start[i], 0); /* the gap before an aligned block */
    }
    const size_t grains = (size + (size == 0) + GRAIN - 1) / GRAIN;
    for (size_t i = 0; i < grains; ++i) {
        set_in_heap(&start[first + i], (uint32_t)first + 1);
    }
    set_in_heap(&start[first + grains], 0);
    set_in_heap(&blocks[first].zeroed, zeroed);
    fiber_set(&blocks[first].size, size);
    fiber_set(&blocks[first].pc, program_entry);
    state->heap = base + (grains + 1) * GRAIN;
    return (void *)base;
}

void fiber_free(void *pointer)
{
    uintptr_t base = 0;
    struct block *block = in_heap((uintptr_t)pointer) ? block_of((uintptr_t)pointer, &base) : NULL;
    if (!pointer) {
        return;
    }
    if (replaying) {
        if (block) {
            replay_access(base, block->size, true, program_entry);
        }
        return;
    }
    if (!block || base != (uintptr_t)pointer) {
        fail(FOUND_BAD_FREE, program_entry, block ? block->pc : 0,
             "free of a pointer that no allocation returned");
    }
    if (block->freed) {
        fail(FOUND_DOUBLE_FREE, program_entry, block->pc, "a block of %zu bytes is freed twice",
             block->size);
    }
    memory_access(base, block->size, ACCESS_FREE, program_entry);
    native_note(&block->freed, epoch_now(running));
}

size_t fiber_block_size(const void *pointer)
{
    uintptr_t base;
    const struct block *block =
        in_heap((uintptr_t)pointer) ? block_of((uintptr_t)pointer, &base) : NULL;
    return block && base == (uintptr_t)pointer ? block->size : 0;
}

/* Plain accesses. */

void native_locate(uintptr_t address, int size)
{
    for (int i = 0; i < size; ++i) {
        granule_at(address + (uintptr_t)i)->located |=
            (uint8_t)(1U << ((address + (uintptr_t)i) & 7));
    }
}

static void report_race(uintptr_t pc, bool write, bool freeing)
{
    fail(FOUND_RACE, pc, 0, "%s and %s by another thread, and nothing orders them",
         freeing ? "free"
         : write ? "a plain write"
                 : "a plain read",
         memory_race.write ? "a write" : "a read");
}

/* Make a plain write to an atomic location an event. Its value is known when it has been made. */
static void ask_late_write(int32_t location, uintptr_t pc)
{
    if (!native_on_fiber()) {
        fail(FOUND_UNSUPPORTED, pc, 0, "a compare-exchange whose expected value is atomic itself");
        return;
    }
    fiber_ask((struct request){.kind = WRITE,
                               .order = PLAIN,
                               .pc = pc,
                               .address = locations[location].address,
                               .size = locations[location].size});
}

/* A plain access to bytes of a live atomic location: compare it with the atomic accesses; a write
 * becomes an event.
 */
static void access_location(int32_t location, enum access_kind kind, uintptr_t address, size_t size,
                            uintptr_t pc)
{
    const struct view *hb = &last_of(running)->hb;
    const struct place *place = &graph->place[location];
    for (int writes = 1; writes >= 0; --writes) {
        const struct names *names = writes ? &place->co : &place->reads;
        for (int32_t i = 0; i < names->count && (writes || kind != ACCESS_READ); ++i) {
            const struct event *e = &events[names->at[i]];
            if (e->thread != running && !covers(hb, names->at[i])) {
                memory_race =
                    (struct other_access){e->thread, e->index, locations[location].address,
                                          locations[location].size, writes};
                fail(FOUND_RACE, pc, e->pc,
                     "%s and an atomic %s by another thread, and nothing "
                     "orders them",
                     kind == ACCESS_READ   ? "a plain read"
                     : kind == ACCESS_FREE ? "free"
                                           : "a plain write",
                     writes ? "write" : "read");
            }
        }
    }
    if (kind == ACCESS_WRITE) {
        if (address > locations[location].address ||
            address + size < locations[location].address + locations[location].size) {
            fail(FOUND_UNSUPPORTED, pc, 0, "a plain write to a part of an atomic object");
        }
        ask_late_write(location, pc);
    }
}

static void access_locations(enum access_kind kind, uintptr_t address, size_t size, uintptr_t pc)
{
    for (uintptr_t at = address - 7; at < address + size; ++at) {
        const int32_t location = graph_location_at(at);
        if (location >= 0 && at + locations[location].size > address) {
            access_location(location, kind, address, size, pc);
        }
    }
}

static void access_piece(uintptr_t address, unsigned size, enum access_kind kind, uintptr_t pc)
{
    struct granule *granule = granule_at(address);
    const unsigned at = address & 7;
    const bool write = kind != ACCESS_READ;
    struct cell *cell = &granule->cells[8 / size - 1 + at / size];
    const uint32_t now = epoch_now(running);
    if (write && granule->logged != segment_number && !native_on_stack_of(running, address)) {
        granule->logged = segment_number;
        memcpy(&granule->before, (void *)(granule->number * 8), sizeof granule->before);
        atomic_signal_fence(memory_order_seq_cst); /* which may be a fault: then it is not listed */
        if (written_count == written_room) {
            written_room = written_room ? 2 * written_room : 64;
            written = realloc(written, (size_t)written_room * sizeof(struct granule *));
        }
        written[written_count++] = granule;
    }
    if (cell->write == now || (!write && cell->read == now)) {
        return; /* this segment has been here */
    }
    const struct view *hb = &last_of(running)->hb;
    if (!options.ignore_races && granule_race(granule, at, size, running, hb, write)) {
        report_race(pc, write, kind == ACCESS_FREE);
    }
    granule->sizes |= (uint8_t)size;
    cell_update(cell, running, hb, write);
}

void memory_access(uintptr_t address, size_t size, enum access_kind kind, uintptr_t pc)
{
    if (running < 0 || size == 0) {
        return;
    }
    if (replaying) {
        replay_access(address, size, kind != ACCESS_READ, pc);
        /* From address to address: the next access may write to the same places at once. */
        const uintptr_t end = address + size;
        for (const struct event *e;
             kind == ACCESS_WRITE && (e = replay_late(address, end - address)) != NULL;) {
            address = locations[e->location].address + locations[e->location].size;
            ask_late_write(e->location, pc);
        }
        return;
    }
    if (in_heap(address)) {
        if (!check_heap(address, size, pc)) {
            return;
        }
        uintptr_t base;
        if (kind == ACCESS_READ && size <= 8 && !block_of(address, &base)->zeroed &&
            graph_location_at(address) < 0 &&
            !ever_written(granule_at(address), address & 7, (unsigned)size)) {
            fail(FOUND_UNINITIALISED, pc, block_of(address, &base)->pc,
                 "a read of %zu bytes that nobody has written since they were allocated", size);
        }
    }
    for (uintptr_t at = address; at < address + size;) {
        uintptr_t next = (at | 7) + 1;
        next = next < address + size ? next : address + size;
        const struct granule *granule = granule_find(at);
        if (granule && granule->located) {
            access_locations(kind, at, next - at, pc);
        }
        at = next;
    }
    for (uintptr_t at = address; at < address + size;) {
        unsigned piece = 8;
        while ((at & (piece - 1)) || at + piece > address + size) {
            piece /= 2;
        }
        access_piece(at, piece, kind, pc);
        at += piece;
    }
}

void memory_check_atomic(const struct event *e)
{
    const struct location *location = &locations[e->location];
    if (in_heap(location->address) && !check_heap(location->address, location->size, e->pc)) {
        return;
    }
    const struct granule *granule = granule_find(location->address);
    if (options.ignore_races || !granule || !granule->sizes) {
        return;
    }
    if (granule_race(granule, location->address & 7, location->size, e->thread, &e->hb,
                     e->kind == WRITE)) {
        fail(FOUND_RACE, e->pc, 0,
             "an atomic %s and a plain %s by another thread, and nothing "
             "orders them",
             e->kind == WRITE ? "write" : "read", memory_race.write ? "write" : "read");
    }
}

/* Segments. */

void memory_segment_start(void)
{
    ++segment_number;
    written_count = 0;
}

uint32_t memory_segments(void)
{
    return segment_number;
}

static uint64_t live_bytes(const struct granule *granule)
{
    uint64_t mask = 0;
    for (unsigned i = 0; i < 8; ++i) {
        for (unsigned back = 0; (granule->located >> i & 1) && back < 8; ++back) {
            const int32_t location = graph_location_at(granule->number * 8 + i - back);
            if (location >= 0 && locations[location].size > back) {
                mask |= UINT64_C(0xff) << (8 * i);
            }
        }
    }
    return mask;
}

void memory_segment_end(void (*changed)(uintptr_t word, uint64_t bits))
{
    for (int i = 0; i < written_count; ++i) {
        const struct granule *granule = written[i];
        const uintptr_t word = granule->number * 8;
        uint64_t now;
        memcpy(&now, (void *)word, sizeof now);
        uint64_t bits = granule->before ^ now;
        if (bits && granule->located) {
            bits &= ~live_bytes(granule);
        }
        if (bits) {
            changed(word, bits);
            native_mirror(word, bits);
        }
    }
    written_count = 0;
}

void memory_reused(uintptr_t word, uint64_t bits)
{
    const struct granule *granule = granule_find(word);
    for (unsigned i = 0; granule && granule->located && i < 8; ++i) {
        const int32_t location = graph_location_at(word + i);
        if (location >= 0 && bits >> (8 * i) << (64 - 8 * locations[location].size)) {
            graph_location_end(location);
        }
    }
}
