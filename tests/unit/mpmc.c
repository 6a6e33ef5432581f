/* Units of ring/mpmc.h: what one thread can tell, with reserve and peek standing in for slow ones.
 */
#include <cordon/ring/mpmc.h>

#include <criterion/criterion.h>

#include <string.h>

static const size_t capacities[] = {1, 2, 3, 4, 7, 8, 1000};
static const size_t sizes[] = {1, 2, 3, 4, 5, 8, 12, 16, 24, 31, 32, 48, 63, 64, 100};
#define COUNT(array) (sizeof(array) / sizeof *(array))

static void make(unsigned char *item, size_t size, uint64_t number)
{
    for (size_t i = 0; i < size; ++i) {
        item[i] = (unsigned char)((number + i) * 131 >> (i % 3));
    }
}

static void expect(const unsigned char *item, size_t size, uint64_t number)
{
    unsigned char wanted[128];
    make(wanted, size, number);
    cr_assert_arr_eq(item, wanted, size, "element %llu of %zu bytes", (unsigned long long)number,
                     size);
}

static void fill_and_drain(struct cordon_mpmc *ring, size_t capacity, size_t size)
{
    unsigned char item[128];
    uint64_t pushed = 0, popped = 0;
    cr_assert_eq(cordon_mpmc_capacity(ring), capacity);
    for (size_t round = 0; round < 7; ++round) {
        while (pushed - popped < capacity) {
            cr_assert_eq(cordon_mpmc_size(ring), pushed - popped);
            make(item, size, pushed++);
            cr_assert_eq(cordon_mpmc_try_push(ring, item), CORDON_OK);
        }
        cr_assert_eq(cordon_mpmc_try_push(ring, item), CORDON_FULL);
        cr_assert_eq(cordon_mpmc_size(ring), capacity);
        while (pushed - popped > round % 2) {
            memset(item, 0xEE, sizeof item);
            cr_assert_eq(cordon_mpmc_try_pop(ring, item), CORDON_OK);
            expect(item, size, popped++);
            cr_assert_eq(item[size], 0xEE, "wrote past the element");
        }
    }
    while (pushed != popped) {
        cr_assert_eq(cordon_mpmc_try_pop(ring, item), CORDON_OK);
        expect(item, size, popped++);
    }
    cr_assert_eq(cordon_mpmc_try_pop(ring, item), CORDON_EMPTY);
    cr_assert_eq(cordon_mpmc_size(ring), 0);
}

Test(mpmc, every_capacity_and_size)
{
    for (size_t c = 0; c < COUNT(capacities); ++c) {
        for (size_t s = 0; s < COUNT(sizes); ++s) {
            struct cordon_mpmc ring;
            cr_assert(cordon_mpmc_create(&ring, capacities[c], sizes[s]));
            fill_and_drain(&ring, capacities[c], sizes[s]);
            cordon_mpmc_destroy(&ring);
            cordon_mpmc_destroy(&ring);
        }
    }
}

/* Many laps later: positions carry a lap far above the slot. */
Test(mpmc, laps)
{
    for (size_t c = 0; c < COUNT(capacities); ++c) {
        struct cordon_mpmc ring;
        cr_assert(cordon_mpmc_create(&ring, capacities[c], 3));
        const uint64_t far = (UINT64_C(1) << 62) - 3 * ring.lap;
        atomic_store_explicit(&ring.tail, far, memory_order_relaxed);
        atomic_store_explicit(&ring.head, far, memory_order_relaxed);
        for (size_t i = 0; i < capacities[c]; ++i) {
            const uint8_t before = cordon_mpmc_odd_(&ring, far - ring.lap);
            atomic_store_explicit(&ring.filled[i], before, memory_order_relaxed);
            atomic_store_explicit(&ring.freed[i], before, memory_order_relaxed);
        }
        fill_and_drain(&ring, capacities[c], 3);
        cordon_mpmc_destroy(&ring);
    }
}

Test(mpmc, elements_are_aligned)
{
    for (size_t s = 1; s <= 64; ++s) {
        struct cordon_mpmc ring;
        struct cordon_mpmc_ticket ticket;
        cr_assert(cordon_mpmc_create(&ring, 3, s));
        for (int i = 0; i < 3; ++i) {
            const uintptr_t slot = (uintptr_t)cordon_mpmc_reserve(&ring, &ticket);
            cr_assert_neq(slot, 0);
            cr_assert_eq(slot % (s & (~s + 1) & 15 ? s & (~s + 1) : 16), 0, "size %zu", s);
        }
        cordon_mpmc_destroy(&ring);
    }
}

Test(mpmc, batches_all_or_nothing_and_some)
{
    for (size_t c = 0; c < COUNT(capacities); ++c) {
        const size_t capacity = capacities[c];
        uint64_t in[1002], out[1002], pushed = 0, popped = 0;
        struct cordon_mpmc ring;
        cr_assert(cordon_mpmc_create(&ring, capacity, sizeof(uint64_t)));
        cr_assert_eq(cordon_mpmc_try_push_n(&ring, in, 0), CORDON_OK);
        cr_assert_eq(cordon_mpmc_try_pop_n(&ring, out, 0), CORDON_OK);
        cr_assert_eq(cordon_mpmc_try_push_n(&ring, in, capacity + 1), CORDON_FULL);
        cr_assert_eq(cordon_mpmc_try_push_n(&ring, in, SIZE_MAX), CORDON_FULL);
        cr_assert_eq(cordon_mpmc_try_pop_n(&ring, out, SIZE_MAX), CORDON_EMPTY);
        for (size_t round = 0; round < 300; ++round) {
            const size_t want = round % (capacity + 1);
            const size_t room = capacity - (size_t)(pushed - popped);
            for (size_t i = 0; i <= capacity; ++i) {
                in[i] = pushed + i;
            }
            const enum cordon_result push = cordon_mpmc_try_push_n(&ring, in, want);
            if (push == CORDON_OK) {
                cr_assert_leq(want, room);
                pushed += want;
            } else {
                cr_assert_eq(push, CORDON_FULL);
                cr_assert_gt(want, room);
                cr_assert_eq(cordon_mpmc_try_push_some(&ring, in, want), room);
                pushed += room;
            }
            const size_t there = (size_t)(pushed - popped), take = (round * 7 + 1) % (capacity + 2);
            const enum cordon_result pop = cordon_mpmc_try_pop_n(&ring, out, take);
            if (pop == CORDON_OK) {
                cr_assert_leq(take, there);
                for (size_t i = 0; i < take; ++i) {
                    cr_assert_eq(out[i], popped++);
                }
            } else {
                cr_assert_eq(pop, CORDON_EMPTY);
                cr_assert_gt(take, there);
                cr_assert_eq(cordon_mpmc_try_pop_some(&ring, out, take), there);
                for (size_t i = 0; i < there; ++i) {
                    cr_assert_eq(out[i], popped++);
                }
            }
        }
        cordon_mpmc_destroy(&ring);
    }
}

Test(mpmc, a_push_midway_makes_pops_busy)
{
    struct cordon_mpmc ring;
    struct cordon_mpmc_ticket first, none;
    uint32_t item = 2, items[3] = {0};
    cr_assert(cordon_mpmc_create(&ring, 3, sizeof item));
    uint32_t *slot = cordon_mpmc_reserve(&ring, &first);
    cr_assert_eq(first.result, CORDON_OK);
    cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_BUSY);
    cr_assert_eq(cordon_mpmc_try_push(&ring, &item), CORDON_OK, "others go on");
    cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_BUSY, "in order, or not at all");
    cr_assert_eq(cordon_mpmc_try_pop_n(&ring, items, 2), CORDON_BUSY);
    cr_assert_eq(cordon_mpmc_try_pop_n(&ring, items, 3), CORDON_EMPTY);
    cr_assert_eq(cordon_mpmc_try_pop_some(&ring, items, 3), 0);
    cr_assert_null(cordon_mpmc_peek(&ring, &none));
    cr_assert_eq(none.result, CORDON_BUSY);
    cr_assert_eq(cordon_mpmc_size(&ring), 2);
    cr_assert_eq(cordon_mpmc_pop_until(&ring, &item, 0), CORDON_TIMEDOUT);
    cordon_mpmc_close(&ring);
    cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_BUSY, "closed, but not drained");
    *slot = 1;
    cordon_mpmc_commit(&ring, &first);
    cr_assert_eq(cordon_mpmc_try_pop_n(&ring, items, 2), CORDON_OK);
    cr_assert_eq(items[0], 1);
    cr_assert_eq(items[1], 2);
    cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_CLOSED);
    cordon_mpmc_destroy(&ring);
}

Test(mpmc, a_pop_midway_makes_pushes_busy)
{
    struct cordon_mpmc ring;
    struct cordon_mpmc_ticket first, none;
    uint32_t item = 0, items[3] = {1, 2, 3};
    cr_assert(cordon_mpmc_create(&ring, 3, sizeof item));
    cr_assert_eq(cordon_mpmc_try_push_n(&ring, items, 3), CORDON_OK);
    cr_assert_eq(cordon_mpmc_try_push(&ring, &item), CORDON_FULL);
    uint32_t *slot = cordon_mpmc_peek(&ring, &first);
    cr_assert_eq(*slot, 1);
    cr_assert_eq(cordon_mpmc_size(&ring), 2);
    cr_assert_eq(cordon_mpmc_try_push(&ring, &item), CORDON_BUSY, "not full, yet no room");
    cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_OK, "others go on");
    cr_assert_eq(item, 2);
    cr_assert_eq(cordon_mpmc_try_push_n(&ring, items, 2), CORDON_BUSY);
    cr_assert_eq(cordon_mpmc_try_push_n(&ring, items, 3), CORDON_FULL);
    cr_assert_eq(cordon_mpmc_try_push_some(&ring, items, 3), 0);
    cr_assert_null(cordon_mpmc_reserve(&ring, &none));
    cr_assert_eq(none.result, CORDON_BUSY);
    cr_assert_eq(cordon_mpmc_push_until(&ring, &item, 0), CORDON_TIMEDOUT);
    cordon_mpmc_release(&ring, &first);
    cr_assert_eq(cordon_mpmc_try_push_some(&ring, items, 3), 2);
    cr_assert_eq(cordon_mpmc_try_push(&ring, &item), CORDON_FULL);
    cordon_mpmc_destroy(&ring);
}

/* One slot: its marks tell filled from free for the next lap. */
Test(mpmc, one_slot_midway)
{
    struct cordon_mpmc ring;
    struct cordon_mpmc_ticket ticket;
    uint8_t item = 9;
    cr_assert(cordon_mpmc_create(&ring, 1, 1));
    for (int lap = 0; lap < 3; ++lap) {
        cr_assert_eq(cordon_mpmc_try_push(&ring, &item), CORDON_OK);
        cr_assert_not_null(cordon_mpmc_peek(&ring, &ticket));
        cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_EMPTY);
        cr_assert_eq(cordon_mpmc_try_push(&ring, &item), CORDON_BUSY);
        cordon_mpmc_release(&ring, &ticket);
        cr_assert_not_null(cordon_mpmc_reserve(&ring, &ticket));
        cr_assert_eq(cordon_mpmc_try_push(&ring, &item), CORDON_FULL);
        cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_BUSY);
        cordon_mpmc_commit(&ring, &ticket);
        cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_OK);
    }
    cordon_mpmc_destroy(&ring);
}

Test(mpmc, close_drains_then_says_so)
{
    struct cordon_mpmc ring;
    struct cordon_mpmc_ticket ticket;
    uint32_t item = 1, items[2] = {0};
    cr_assert(cordon_mpmc_create(&ring, 3, sizeof item));
    cr_assert_eq(cordon_mpmc_try_push(&ring, &item), CORDON_OK);
    cr_assert(!cordon_mpmc_is_closed(&ring));
    cordon_mpmc_close(&ring);
    cordon_mpmc_close(&ring);
    cr_assert(cordon_mpmc_is_closed(&ring));
    cr_assert_eq(cordon_mpmc_size(&ring), 1);
    cr_assert_eq(cordon_mpmc_try_push(&ring, &item), CORDON_CLOSED);
    cr_assert_eq(cordon_mpmc_push(&ring, &item), CORDON_CLOSED);
    cr_assert_eq(cordon_mpmc_push_until(&ring, &item, CORDON_NEVER), CORDON_CLOSED);
    cr_assert_eq(cordon_mpmc_try_push_n(&ring, items, 2), CORDON_CLOSED);
    cr_assert_eq(cordon_mpmc_try_push_some(&ring, items, 2), 0);
    cr_assert_null(cordon_mpmc_reserve(&ring, &ticket));
    cr_assert_eq(ticket.result, CORDON_CLOSED);
    cr_assert_eq(cordon_mpmc_try_pop_n(&ring, items, 2), CORDON_CLOSED);
    cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_OK);
    cr_assert_eq(cordon_mpmc_try_pop(&ring, &item), CORDON_CLOSED);
    cr_assert_eq(cordon_mpmc_pop(&ring, &item), CORDON_CLOSED);
    cordon_mpmc_destroy(&ring);
}

Test(mpmc, deadlines)
{
    struct cordon_mpmc ring;
    uint32_t item = 1;
    cr_assert(cordon_mpmc_create(&ring, 1, sizeof item));
    cr_assert_eq(cordon_mpmc_pop_until(&ring, &item, 0), CORDON_TIMEDOUT);
    const uint64_t deadline = cordon_deadline_after(20000000);
    cr_assert_eq(cordon_mpmc_pop_until(&ring, &item, deadline), CORDON_TIMEDOUT);
    cr_assert_geq(cordon_now(), deadline);
    cr_assert_eq(cordon_mpmc_push_until(&ring, &item, 0), CORDON_OK, "a late try succeeds");
    cr_assert_eq(cordon_mpmc_push_until(&ring, &item, cordon_deadline_after(1000000)),
                 CORDON_TIMEDOUT);
    cr_assert_eq(atomic_load_explicit(&ring.not_full.word, memory_order_relaxed), 0);
    cr_assert_eq(atomic_load_explicit(&ring.not_empty.word, memory_order_relaxed), 0);
    cordon_mpmc_destroy(&ring);
}

Test(mpmc, refusals)
{
    static CORDON_ALIGNED(CORDON_LINE) unsigned char memory[16 * CORDON_LINE];
    static struct cordon_mpmc rings[2];
    cr_assert_eq(cordon_mpmc_bytes(0, 8), 0);
    cr_assert_eq(cordon_mpmc_bytes(8, 0), 0);
    cr_assert_eq(cordon_mpmc_bytes(SIZE_MAX / 16, 8), 0);
    cr_assert_eq(cordon_mpmc_bytes(SIZE_MAX / 4, 1), 0);
    cr_assert_eq(cordon_mpmc_bytes(SIZE_MAX, 1), 0);
    cr_assert_eq(cordon_mpmc_bytes(1, SIZE_MAX), 0);
    cr_assert_eq(cordon_mpmc_bytes(1, SIZE_MAX / 2), 0);
    cr_assert_eq(cordon_mpmc_bytes(CORDON_LINE / 8, 8), 3 * CORDON_LINE);
    cr_assert_eq(cordon_mpmc_bytes(CORDON_LINE / 8, 9), 4 * CORDON_LINE);
    cr_assert_eq(cordon_mpmc_bytes(CORDON_LINE + 1, 1), 6 * CORDON_LINE);
    cr_assert(!cordon_mpmc_create(&rings[0], SIZE_MAX / 2, 8));
    cr_assert(!cordon_mpmc_init(&rings[0], NULL, 1, 1));
    cr_assert(!cordon_mpmc_init(&rings[0], memory, 0, 1));
    cr_assert(!cordon_mpmc_init(&rings[0], memory + 8, 1, 8));
    cr_assert(!cordon_mpmc_init((struct cordon_mpmc *)(void *)((char *)rings + 64), memory, 1, 8));
    cr_assert(cordon_mpmc_init(&rings[0], memory, 100, 8));
    fill_and_drain(&rings[0], 100, 8);
    cordon_mpmc_destroy(&rings[0]);
}

Test(mpmc, layout)
{
    cr_assert_eq(offsetof(struct cordon_mpmc, tail), CORDON_LINE);
    cr_assert_eq(offsetof(struct cordon_mpmc, head), 2 * CORDON_LINE);
    cr_assert_eq(sizeof(struct cordon_mpmc), 3 * CORDON_LINE);
    cr_assert_leq(offsetof(struct cordon_mpmc, not_full) + sizeof(struct cordon_eventcount), 64,
                  "one line wherever a line is 64 bytes");
    cr_assert_eq(_Alignof(struct cordon_mpmc), CORDON_LINE);
}
