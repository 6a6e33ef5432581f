/* Units of ring/spsc.h: what one thread can tell. */
#define _POSIX_C_SOURCE 200809L
#include <cordon/ring/spsc.h>

#include <criterion/criterion.h>

#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const size_t capacities[] = {1, 2, 3, 7, 8, 1000};
static const size_t sizes[] = {1, 2, 3, 4, 5, 8, 12, 16, 24, 31, 32, 48, 63, 64, 100};
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* An element that no other number makes, whatever its size. */
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

/* Positions as they stand in the last lap before size_t wraps. */
static void age(struct cordon_spsc *ring)
{
    const size_t position = (size_t)0 - ring->lap;
    atomic_store_explicit(&ring->tail, position, memory_order_relaxed);
    atomic_store_explicit(&ring->head, position, memory_order_relaxed);
    ring->pop_stop = ring->tail_seen = position;
    ring->push_stop = position;
    ring->limit = 0;
}

static void fill_and_drain(struct cordon_spsc *ring, size_t capacity, size_t size)
{
    unsigned char item[128];
    uint64_t pushed = 0, popped = 0;
    cr_assert_eq(cordon_spsc_capacity(ring), capacity);
    for (size_t round = 0; round < 7; ++round) {
        while (pushed - popped < capacity) {
            cr_assert_eq(cordon_spsc_size(ring), pushed - popped);
            make(item, size, pushed++);
            cr_assert_eq(cordon_spsc_try_push(ring, item), CORDON_OK);
        }
        cr_assert_eq(cordon_spsc_try_push(ring, item), CORDON_FULL);
        cr_assert_eq(cordon_spsc_size(ring), capacity);
        /* Leave one now and then, so that the rounds start at different slots. */
        while (pushed - popped > round % 2) {
            memset(item, 0xEE, sizeof item);
            cr_assert_eq(cordon_spsc_try_pop(ring, item), CORDON_OK);
            expect(item, size, popped++);
            cr_assert_eq(item[size], 0xEE, "wrote past the element");
        }
    }
    while (pushed != popped) {
        cr_assert_eq(cordon_spsc_try_pop(ring, item), CORDON_OK);
        expect(item, size, popped++);
    }
    cr_assert_eq(cordon_spsc_try_pop(ring, item), CORDON_EMPTY);
    cr_assert_eq(cordon_spsc_size(ring), 0);
}

Test(spsc, every_capacity_and_size)
{
    for (size_t c = 0; c < COUNT(capacities); ++c) {
        for (size_t s = 0; s < COUNT(sizes); ++s) {
            struct cordon_spsc ring;
            cr_assert(cordon_spsc_create(&ring, capacities[c], sizes[s]));
            fill_and_drain(&ring, capacities[c], sizes[s]);
            age(&ring);
            fill_and_drain(&ring, capacities[c], sizes[s]);
            cordon_spsc_destroy(&ring);
            cordon_spsc_destroy(&ring);
        }
    }
}

Test(spsc, batches_all_or_nothing_and_some)
{
    for (size_t c = 0; c < COUNT(capacities); ++c) {
        const size_t capacity = capacities[c];
        uint64_t in[1001], out[1001], pushed = 0, popped = 0;
        struct cordon_spsc ring;
        cr_assert(cordon_spsc_create(&ring, capacity, sizeof(uint64_t)));
        age(&ring);
        cr_assert_eq(cordon_spsc_try_push_n(&ring, in, 0), CORDON_OK);
        cr_assert_eq(cordon_spsc_try_pop_n(&ring, out, 0), CORDON_OK);
        cr_assert_eq(cordon_spsc_try_push_n(&ring, in, capacity + 1), CORDON_FULL);
        cr_assert_eq(cordon_spsc_try_push_n(&ring, in, SIZE_MAX), CORDON_FULL);
        cr_assert_eq(cordon_spsc_try_pop_n(&ring, out, SIZE_MAX), CORDON_EMPTY);
        for (size_t round = 0; round < 3 * capacity && round < 300; ++round) {
            const size_t want = round % (capacity + 1);
            const size_t room = capacity - (size_t)(pushed - popped);
            for (size_t i = 0; i <= capacity; ++i) {
                in[i] = pushed + i;
            }
            if (cordon_spsc_try_push_n(&ring, in, want) == CORDON_OK) {
                cr_assert_leq(want, room);
                pushed += want;
            } else {
                cr_assert_gt(want, room);
                cr_assert_eq(cordon_spsc_try_push_some(&ring, in, want), room);
                pushed += room;
            }
            const size_t there = (size_t)(pushed - popped), take = (round * 7 + 1) % (capacity + 2);
            if (cordon_spsc_try_pop_n(&ring, out, take) == CORDON_OK) {
                cr_assert_leq(take, there);
                for (size_t i = 0; i < take; ++i) {
                    cr_assert_eq(out[i], popped++);
                }
            } else {
                cr_assert_gt(take, there);
                cr_assert_eq(cordon_spsc_try_pop_some(&ring, out, take), there);
                for (size_t i = 0; i < there; ++i) {
                    cr_assert_eq(out[i], popped++);
                }
            }
        }
        cordon_spsc_destroy(&ring);
    }
}

Test(spsc, reserve_and_peek_give_runs)
{
    struct cordon_spsc ring;
    size_t n = 4;
    cr_assert(cordon_spsc_create(&ring, 5, sizeof(uint64_t)));
    cr_assert_null(cordon_spsc_peek(&ring, &n));
    cr_assert_eq(n, 0);
    n = 0;
    cr_assert_null(cordon_spsc_reserve(&ring, &n));
    n = 4;
    uint64_t *slot = cordon_spsc_reserve(&ring, &n);
    cr_assert_eq(n, 4);
    for (uint64_t i = 0; i < 4; ++i) {
        slot[i] = i;
    }
    n = 4;
    cr_assert_eq(cordon_spsc_reserve(&ring, &n), slot, "without a commit nothing happened");
    cordon_spsc_commit(&ring, 3);
    n = SIZE_MAX;
    uint64_t *seen = cordon_spsc_peek(&ring, &n);
    cr_assert_eq(n, 3);
    cr_assert_eq(seen[2], 2);
    cordon_spsc_release(&ring, 2);
    n = SIZE_MAX; /* used: slot 2; free: 3 4 | 0 1 */
    slot = cordon_spsc_reserve(&ring, &n);
    cr_assert_eq(n, 2, "a run ends at the end of the memory");
    slot[0] = 3;
    slot[1] = 4;
    cordon_spsc_commit(&ring, 2);
    n = SIZE_MAX;
    slot = cordon_spsc_reserve(&ring, &n);
    cr_assert_eq(n, 2);
    slot[0] = 5;
    slot[1] = 6;
    cordon_spsc_commit(&ring, 2);
    n = 1;
    cr_assert_null(cordon_spsc_reserve(&ring, &n));
    for (uint64_t i = 2; i < 7;) {
        n = SIZE_MAX;
        seen = cordon_spsc_peek(&ring, &n);
        cr_assert_eq(n, i == 2 ? 3 : 2);
        for (size_t k = 0; k < n; ++k) {
            cr_assert_eq(seen[k], i++);
        }
        cordon_spsc_release(&ring, n);
    }
    cordon_spsc_destroy(&ring);
}

Test(spsc, close_drains_then_says_so)
{
    struct cordon_spsc ring;
    uint32_t item = 1, items[2];
    size_t n = 1;
    cr_assert(cordon_spsc_create(&ring, 3, sizeof item));
    cr_assert_eq(cordon_spsc_try_push(&ring, &item), CORDON_OK);
    cr_assert(!cordon_spsc_is_closed(&ring));
    cordon_spsc_close(&ring);
    cordon_spsc_close(&ring);
    cr_assert(cordon_spsc_is_closed(&ring));
    cr_assert_eq(cordon_spsc_try_push(&ring, &item), CORDON_CLOSED);
    cr_assert_eq(cordon_spsc_push(&ring, &item), CORDON_CLOSED);
    cr_assert_eq(cordon_spsc_push_until(&ring, &item, CORDON_NEVER), CORDON_CLOSED);
    cr_assert_eq(cordon_spsc_try_push_n(&ring, items, 2), CORDON_CLOSED);
    cr_assert_eq(cordon_spsc_try_push_some(&ring, items, 2), 0);
    cr_assert_null(cordon_spsc_reserve(&ring, &n));
    cr_assert_eq(cordon_spsc_try_pop_n(&ring, items, 2), CORDON_CLOSED);
    cr_assert_eq(cordon_spsc_try_pop(&ring, &item), CORDON_OK);
    cr_assert_eq(cordon_spsc_try_pop(&ring, &item), CORDON_CLOSED);
    cr_assert_eq(cordon_spsc_pop(&ring, &item), CORDON_CLOSED);
    cr_assert_eq(cordon_spsc_capacity(&ring), 3);
    cordon_spsc_destroy(&ring);
}

/* A batch takes a side past the end of the window in which it pushed or popped one at a time. */
Test(spsc, single_ones_among_batches)
{
    for (size_t c = 0; c < COUNT(capacities); ++c) {
        const size_t capacity = capacities[c];
        uint64_t in[1000], out[1000], pushed = 0, popped = 0;
        struct cordon_spsc ring;
        cr_assert(cordon_spsc_create(&ring, capacity, sizeof(uint64_t)));
        for (size_t round = 0; round < 2000; ++round) {
            const size_t room = capacity - (size_t)(pushed - popped), there = capacity - room;
            const size_t want = round * 7 % (capacity + 1);
            switch (round * 5 / 3 % 4) {
            case 0:
                in[0] = pushed;
                cr_assert_eq(cordon_spsc_try_push(&ring, in), room > 0 ? CORDON_OK : CORDON_FULL);
                pushed += room > 0;
                break;
            case 1:
                for (size_t i = 0; i < want; ++i) {
                    in[i] = pushed + i;
                }
                cr_assert_eq(cordon_spsc_try_push_some(&ring, in, want), want < room ? want : room);
                pushed += want < room ? want : room;
                break;
            case 2:
                cr_assert_eq(cordon_spsc_try_pop(&ring, out), there > 0 ? CORDON_OK : CORDON_EMPTY);
                if (there > 0) {
                    cr_assert_eq(out[0], popped++);
                }
                break;
            default:
                cr_assert_eq(cordon_spsc_try_pop_some(&ring, out, want),
                             want < there ? want : there);
                for (size_t i = 0; i < want && i < there; ++i) {
                    cr_assert_eq(out[i], popped++);
                }
                break;
            }
        }
        cordon_spsc_destroy(&ring);
    }
}

/* Where the compiler sees the object, and it is a word, elements are copied without a call. */
Test(spsc, elements_in_a_word)
{
    for (size_t size = 1; size <= 8; ++size) {
        const uint64_t in = UINT64_C(0x9E3779B97F4A7C15);
        uint64_t out = ~in, wanted = ~in;
        memcpy(&wanted, &in, size);
        cordon_item_copy_(&out, &in, size, &out);
        cr_assert_eq(out, wanted, "%zu bytes", size);
    }
}

/* Where it does not, the program is stopped: half an element is worse. */
Test(spsc, an_element_larger_than_its_object_is_not_cut)
{
    const pid_t child = fork();
    cr_assert_neq(child, -1);
    if (child == 0) {
        uint64_t in[2] = {1, 2}, out[2] = {3, 4};
        cordon_item_copy_small_(out, in, sizeof in);
        _exit(0);
    }
    int status = 0;
    cr_assert_eq(waitpid(child, &status, 0), child);
    cr_assert(WIFSIGNALED(status));
}

/* Between a pop's look at tail and its look at the close, a push and the close: a race too narrow to
 * be met by chance, so its second half is called by itself.
 */
Test(spsc, a_close_does_not_overtake_the_last_push)
{
    struct cordon_spsc ring;
    uint32_t item = 1;
    cr_assert(cordon_spsc_create(&ring, 3, sizeof item));
    cr_assert_eq(cordon_spsc_filled_(&ring, 0, 1), 0);
    cr_assert_eq(cordon_spsc_try_push(&ring, &item), CORDON_OK);
    cordon_spsc_close(&ring);
    cr_assert_eq(cordon_spsc_why_empty_(&ring, 0, 2), CORDON_CLOSED);
    ring.tail_seen = 0;
    cr_assert_eq(cordon_spsc_why_empty_(&ring, 0, 1), CORDON_OK);
    cordon_spsc_destroy(&ring);
}

Test(spsc, deadlines)
{
    struct cordon_spsc ring;
    uint32_t item = 1;
    cr_assert(cordon_spsc_create(&ring, 1, sizeof item));
    cr_assert_eq(cordon_spsc_pop_until(&ring, &item, 0), CORDON_TIMEDOUT);
    const uint64_t deadline = cordon_deadline_after(20000000);
    cr_assert_eq(cordon_spsc_pop_until(&ring, &item, deadline), CORDON_TIMEDOUT);
    cr_assert_geq(cordon_now(), deadline);
    cr_assert_eq(cordon_spsc_push_until(&ring, &item, 0), CORDON_OK, "a late try succeeds");
    cr_assert_eq(cordon_spsc_push_until(&ring, &item, cordon_deadline_after(1000000)),
                 CORDON_TIMEDOUT);
    cr_assert_eq(atomic_load_explicit(&ring.not_full.word, memory_order_relaxed), 0);
    cr_assert_eq(atomic_load_explicit(&ring.not_empty.word, memory_order_relaxed), 0);
    cordon_spsc_destroy(&ring);
}

Test(spsc, refusals)
{
    static CORDON_ALIGNED(CORDON_LINE) unsigned char memory[8 * CORDON_LINE];
    static struct cordon_spsc rings[2];
    cr_assert_eq(cordon_spsc_bytes(0, 8), 0);
    cr_assert_eq(cordon_spsc_bytes(8, 0), 0);
    cr_assert_eq(cordon_spsc_bytes(SIZE_MAX / 8, 16), 0);
    cr_assert_eq(cordon_spsc_bytes(SIZE_MAX, 1), 0);
    cr_assert_eq(cordon_spsc_bytes(1, SIZE_MAX), 0);
    cr_assert_eq(cordon_spsc_bytes(3, 5), CORDON_LINE);
    cr_assert_eq(cordon_spsc_bytes(CORDON_LINE + 1, 1), 2 * CORDON_LINE);
    cr_assert(!cordon_spsc_create(&rings[0], SIZE_MAX / 2, 8));
    cr_assert(!cordon_spsc_init(&rings[0], NULL, 1, 1));
    cr_assert(!cordon_spsc_init(&rings[0], memory, 0, 1));
    cr_assert(!cordon_spsc_init(&rings[0], memory + 8, 1, 8));
    cr_assert(!cordon_spsc_init((struct cordon_spsc *)(void *)((char *)rings + 64), memory, 1, 8));
    cr_assert(cordon_spsc_init(&rings[0], memory, 100, 8));
    fill_and_drain(&rings[0], 100, 8);
    cordon_spsc_destroy(&rings[0]);
}

/* What each side publishes, what it keeps to itself, and the shared part lie a line apart, and nothing
 * else shares the ends.
 */
Test(spsc, layout)
{
    cr_assert_eq(offsetof(struct cordon_spsc, tail), CORDON_LINE);
    cr_assert_eq(offsetof(struct cordon_spsc, push_stop), 2 * CORDON_LINE);
    cr_assert_eq(offsetof(struct cordon_spsc, head), 3 * CORDON_LINE);
    cr_assert_eq(offsetof(struct cordon_spsc, pop_stop), 4 * CORDON_LINE);
    cr_assert_eq(sizeof(struct cordon_spsc), 5 * CORDON_LINE);
    cr_assert_eq(_Alignof(struct cordon_spsc), CORDON_LINE);
}
