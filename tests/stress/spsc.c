/* Pairs of threads, each with a ring of its own, up to many more threads than cores. Elements are
 * plain and span several words with a checksum, so that ThreadSanitizer sees a missing order and
 * the checksum a torn element. Each consumer sees exactly what its producer pushed, in order.
 */
#include "stress.h"

#include <cordon/ring/spsc.h>

struct item {
    uint64_t number, twisted, inverse;
};

enum mode { SINGLE, BATCH, IN_PLACE, BLOCKING, DEADLINE, MODES };

enum { MOST_BATCH = 5 };

struct pair {
    struct cordon_spsc ring;
    enum mode mode;
    uint64_t count; /* to push; the consumer closes after half of them if `early` */
    bool early;
    uint64_t pushed; /* plain: read after the threads have ended */
    uint64_t popped;
    CORDON_ATOMIC(uint32_t) stopped; /* the producer has pushed its last */
};

static struct pair pairs[STRESS_MOST_THREADS / 2];

static struct item make(uint64_t number)
{
    const struct item item = {number, number * UINT64_C(0x9E3779B97F4A7C15), ~number};
    return item;
}

static void expect(struct pair *pair, const struct item *item)
{
    const struct item wanted = make(pair->popped);
    CHECK(item->number == wanted.number && item->twisted == wanted.twisted &&
              item->inverse == wanted.inverse,
          "element %llu: %llu %llx %llx", (unsigned long long)pair->popped,
          (unsigned long long)item->number, (unsigned long long)item->twisted,
          (unsigned long long)item->inverse);
    ++pair->popped;
}

/* Push a few; says whether anything happened, or ends with *open false. */
static bool push_some(struct pair *pair, bool *open)
{
    struct cordon_spsc *ring = &pair->ring;
    struct item items[MOST_BATCH];
    const uint64_t left = pair->count - pair->pushed;
    size_t n = 1 + (size_t)(pair->pushed % MOST_BATCH);
    n = n < left ? n : (size_t)left;
    n = n < cordon_spsc_capacity(ring) ? n : cordon_spsc_capacity(ring);
    for (size_t i = 0; i < MOST_BATCH; ++i) {
        items[i] = make(pair->pushed + i);
    }
    enum cordon_result result = CORDON_FULL;
    switch (pair->mode) {
    case SINGLE:
        result = cordon_spsc_try_push(ring, items);
        n = 1;
        break;
    case BATCH:
        /* All or nothing, else some: two sides that both insist on all can wait for ever. */
        result = cordon_spsc_try_push_n(ring, items, n);
        if (result == CORDON_FULL) {
            n = cordon_spsc_try_push_some(ring, items, n);
            result = n > 0 ? CORDON_OK : CORDON_FULL;
        }
        break;
    case IN_PLACE: {
        struct item *slots = (struct item *)cordon_spsc_reserve(ring, &n);
        for (size_t i = 0; i < n; ++i) {
            slots[i] = items[i];
        }
        result = n > 0 ? CORDON_OK : cordon_spsc_is_closed(ring) ? CORDON_CLOSED : CORDON_FULL;
        if (n > 0) {
            cordon_spsc_commit(ring, n);
        }
        break;
    }
    case BLOCKING:
        result = cordon_spsc_push(ring, items);
        CHECK(result == CORDON_OK || result == CORDON_CLOSED, "%d", (int)result);
        n = 1;
        break;
    case DEADLINE:
    default:
        result = cordon_spsc_push_until(ring, items, cordon_deadline_after(30000));
        n = 1;
        break;
    }
    if (result == CORDON_OK) {
        pair->pushed += n;
    }
    *open = result != CORDON_CLOSED;
    return result == CORDON_OK;
}

static bool pop_some(struct pair *pair, bool *open)
{
    struct cordon_spsc *ring = &pair->ring;
    struct item items[MOST_BATCH];
    size_t n = 1 + (size_t)(pair->popped % MOST_BATCH);
    enum cordon_result result = CORDON_EMPTY;
    switch (pair->mode) {
    case SINGLE:
        result = cordon_spsc_try_pop(ring, items);
        n = 1;
        break;
    case BATCH:
        n = n < cordon_spsc_capacity(ring) ? n : cordon_spsc_capacity(ring);
        result = cordon_spsc_try_pop_n(ring, items, n);
        if (result != CORDON_OK) { /* fewer may be there, also after a close */
            n = cordon_spsc_try_pop_some(ring, items, n);
            result = n > 0 ? CORDON_OK : (n = 1, cordon_spsc_try_pop(ring, items));
        }
        break;
    case IN_PLACE: {
        const struct item *slots = (const struct item *)cordon_spsc_peek(ring, &n);
        if (n > 0) {
            for (size_t i = 0; i < n; ++i) {
                expect(pair, &slots[i]);
            }
            cordon_spsc_release(ring, n);
            return true;
        }
        n = 1;
        result = cordon_spsc_try_pop(ring, items);
        break;
    }
    case BLOCKING:
        result = cordon_spsc_pop(ring, items);
        CHECK(result == CORDON_OK || result == CORDON_CLOSED, "%d", (int)result);
        n = 1;
        break;
    case DEADLINE:
    default:
        result = cordon_spsc_pop_until(ring, items, cordon_deadline_after(30000));
        n = 1;
        break;
    }
    if (result == CORDON_OK) {
        for (size_t i = 0; i < n; ++i) {
            expect(pair, &items[i]);
        }
    }
    *open = result != CORDON_CLOSED;
    return result == CORDON_OK;
}

static void produce(struct pair *pair)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    bool open = true;
    while (open && pair->pushed < pair->count) {
        if (push_some(pair, &open)) {
            waiter.steps = 0;
        } else {
            cordon_wait_step(&waiter);
        }
    }
    CHECK(open || pair->early, "closed by nobody");
    if (!pair->early) {
        cordon_spsc_close(&pair->ring);
    }
    atomic_store_explicit(&pair->stopped, 1, memory_order_release);
}

static void consume(struct pair *pair)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    bool open = true;
    while (open) {
        if (pair->early && pair->popped >= pair->count / 2) {
            cordon_spsc_close(&pair->ring);
        }
        if (pop_some(pair, &open)) {
            waiter.steps = 0;
        } else {
            cordon_wait_step(&waiter);
        }
    }
    if (pair->early) { /* what was pushed while the request to stop was on its way */
        while (atomic_load_explicit(&pair->stopped, memory_order_acquire) == 0) {
            cordon_wait_step(&waiter);
        }
        while (pop_some(pair, &open)) {
        }
    }
}

static void either(unsigned index, void *argument)
{
    (void)argument;
    if (index % 2 == 0) {
        produce(&pairs[index / 2]);
    } else {
        consume(&pairs[index / 2]);
    }
}

static void run(unsigned threads, size_t capacity, enum mode mode, bool early)
{
    for (unsigned i = 0; i < threads / 2; ++i) {
        struct pair *pair = &pairs[i];
        CHECK(cordon_spsc_create(&pair->ring, capacity, sizeof(struct item)), "memory");
        /* The positions wrap on the way. */
        const size_t last_lap = (size_t)0 - pair->ring.lap;
        atomic_store_explicit(&pair->ring.head, last_lap, memory_order_relaxed);
        atomic_store_explicit(&pair->ring.tail, last_lap, memory_order_relaxed);
        pair->ring.push_stop = pair->ring.pop_stop = pair->ring.tail_seen = last_lap;
        pair->ring.limit = 0;
        pair->mode = mode;
        pair->early = early;
        pair->count = stress_scale(capacity < 3 ? 4000 : 40000) / threads + 10;
        pair->pushed = pair->popped = 0;
        atomic_store_explicit(&pair->stopped, 0, memory_order_relaxed);
    }
    stress_run(threads, either, NULL);
    for (unsigned i = 0; i < threads / 2; ++i) {
        struct pair *pair = &pairs[i];
        CHECK(pair->pushed == pair->popped && (early || pair->pushed == pair->count),
              "pushed %llu, popped %llu of %llu", (unsigned long long)pair->pushed,
              (unsigned long long)pair->popped, (unsigned long long)pair->count);
        cordon_spsc_destroy(&pair->ring);
    }
}

int main(void)
{
    static const size_t capacities[] = {1, 2, 7, 1000};
    for (unsigned threads = 2; threads <= 32; threads *= 4) {
        for (int mode = SINGLE; mode < MODES; ++mode) {
            for (size_t c = 0; c < sizeof capacities / sizeof *capacities; ++c) {
                run(threads, capacities[c], (enum mode)mode, false);
                run(threads, capacities[c], (enum mode)mode, true);
            }
        }
    }
    return 0;
}
