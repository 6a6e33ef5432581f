/* location.c - which object an atomic access is to: an address, a size, and a time.
 *
 * A piece of stack may be one object after another. Those at an address are numbered; how many of them
 * have ended is noted with the segments, and so goes back in time.
 */
#include "graph.h"

#include "check.h"

#include <stdlib.h>

enum { SIZES = 4, NONE = -1 };

struct address {
    uintptr_t address;
    uint32_t ended;
    uint32_t count;
    int widest;
    int32_t (
        *location)[SIZES]; /* by number, and by size: the next execution may put another there */
};

struct location *locations;
int32_t location_count;

static struct address **addresses; /* an open hash table; the records never move */
static size_t address_slots, address_count;
static struct owner {
    struct address *address;
    uint32_t number;
} * owners; /* by location */

/* Did any two objects at different addresses ever share bytes? Hardly ever. */
static bool any_overlap;

static struct address **address_slot(uintptr_t address)
{
    const uint64_t hash = (uint64_t)address * UINT64_C(0x9E3779B97F4A7C15);
    size_t i = (size_t)(hash >> 32) & (address_slots - 1);
    while (addresses[i] && addresses[i]->address != address) {
        i = (i + 1) & (address_slots - 1);
    }
    return &addresses[i];
}

static void grow_addresses(void)
{
    struct address **old = addresses;
    const size_t slots = address_slots;
    address_slots = slots ? 2 * slots : 256;
    addresses = calloc(address_slots, sizeof *addresses);
    for (size_t i = 0; i < slots; ++i) {
        if (old[i]) {
            *address_slot(old[i]->address) = old[i];
        }
    }
    free(old);
}

static int32_t new_location(struct address *record, uint32_t number, int size)
{
    if ((location_count & (location_count + 1)) == 0) { /* full at 2^n - 1: double */
        const size_t room = 2 * (size_t)location_count + 2;
        locations = realloc(locations, room * sizeof *locations);
        owners = realloc(owners, room * sizeof *owners);
    }
    locations[location_count] = (struct location){record->address, (uint8_t)size};
    owners[location_count] = (struct owner){record, number};
    return location_count++;
}

bool location_ended(int32_t location)
{
    return owners[location].address->ended != owners[location].number;
}

static bool has_events(int32_t location)
{
    return location < graph->places &&
           graph->place[location].co.count + graph->place[location].reads.count > 0;
}

/* The object at the record's address that lives now, or NONE. */
static int32_t alive_at(const struct address *record)
{
    for (int i = 0; record->ended < record->count && i < SIZES; ++i) {
        const int32_t location = record->location[record->ended][i];
        if (location != NONE && has_events(location)) {
            return location;
        }
    }
    return NONE;
}

int32_t graph_location_at(uintptr_t address)
{
    const struct address *record = address_slots ? *address_slot(address) : NULL;
    return record ? alive_at(record) : NONE;
}

static void find_overlap(uintptr_t address, int size)
{
    for (uintptr_t at = address - 7; at < address + (uintptr_t)size; ++at) {
        const struct address *record = *address_slot(at);
        if (at != address && record && at + (uintptr_t)record->widest > address) {
            any_overlap = true;
        }
    }
}

static void refuse_overlap(uintptr_t address, int size)
{
    for (uintptr_t at = address - 7; at < address + (uintptr_t)size; ++at) {
        const int32_t other = at == address ? NONE : graph_location_at(at);
        if (other != NONE && at + locations[other].size > address) {
            fail(FOUND_UNSUPPORTED, 0, 0,
                 "atomic accesses of %d and %d bytes overlap: C11 has no meaning for it",
                 locations[other].size, size);
        }
    }
}

static struct address *record_of(uintptr_t address, int size)
{
    if (2 * address_count >= address_slots) {
        grow_addresses();
    }
    struct address **slot = address_slot(address), *record = *slot;
    if (!record) {
        record = *slot = calloc(1, sizeof *record);
        record->address = address;
        ++address_count;
    }
    if (record->widest < size) {
        record->widest = size;
        native_locate(address, size);
        find_overlap(address, size);
    }
    if (record->ended == record->count) {
        record->location =
            realloc(record->location, (record->count + 1) * sizeof *record->location);
        for (int i = 0; i < SIZES; ++i) {
            record->location[record->count][i] = NONE;
        }
        ++record->count;
    }
    return record;
}

int32_t graph_location(uintptr_t address, int size)
{
    struct address *record = record_of(address, size);
    const int32_t alive = alive_at(record);
    if (alive != NONE) {
        if (locations[alive].size != size) {
            fail(FOUND_UNSUPPORTED, 0, 0,
                 "atomic accesses of %d and %d bytes to one address: C11 has no meaning for it",
                 locations[alive].size, size);
        }
        return alive;
    }
    int32_t *location = &record->location[record->ended][__builtin_ctz((unsigned)size)];
    if (*location == NONE) {
        *location = new_location(record, record->ended, size);
    }
    graph_know_place(*location);
    graph->place[*location].initial = native_read_location(address, size);
    if (any_overlap) {
        refuse_overlap(address, size);
    }
    return *location;
}

void graph_location_end(int32_t location)
{
    native_note(&owners[location].address->ended, owners[location].number + 1);
}
