/* Sequence locks and latches under writers that never rest: an object of each size whose bytes are
 * all alike must never be seen torn, nor go backwards. Each object also leads to plain data written
 * before it: ThreadSanitizer proves that a read which succeeded is ordered after the store it saw.
 * A latch is read from signal handlers too, on top of the writer, midway through a write.
 */
#define _GNU_SOURCE
#include "stress.h"

#include <cordon/seq/latch.h>
#include <cordon/seq/seqcount.h>
#include <cordon/seq/seqlock.h>

#include <pthread.h>
#include <signal.h>
#include <string.h>

enum { MOST_BYTES = 40, MOST_WORDS = MOST_BYTES / sizeof(uintptr_t) + 1 };

/* Versions: the object is five times its number, which is an index into plain data. */
struct version {
    uintptr_t number[5];
};
enum { MOST_VERSIONS = 200000 };
static unsigned long plain[MOST_VERSIONS + 1]; /* [n] = 3 * n, written before version n appears */

static struct version version(uintptr_t number)
{
    struct version v;
    for (size_t i = 0; i < 5; ++i) {
        v.number[i] = number;
    }
    plain[number] = 3 * number;
    return v;
}

/* Whole, not older than the last one seen, and its plain data in place. Returns its number. */
static uintptr_t plausible(const struct version *v, uintptr_t last)
{
    const uintptr_t number = v->number[0];
    for (size_t i = 1; i < 5; ++i) {
        CHECK(v->number[i] == number, "torn: %zu, %zu", (size_t)number, (size_t)v->number[i]);
    }
    CHECK(number >= last, "%zu after %zu", (size_t)number, (size_t)last);
    CHECK(plain[number] == 3 * number, "version %zu, data %lu", (size_t)number, plain[number]);
    return number;
}

static struct {
    unsigned writers;
    uintptr_t versions; /* to write, all writers together */
    uintptr_t written;  /* plain, guarded by the seqlock */
    struct cordon_seqcount count;
    struct cordon_seqlock lock;
    struct cordon_latch latch;
    cordon_word shared[2 * MOST_WORDS];
    CORDON_ATOMIC(unsigned) writing; /* writers not done */
    CORDON_ATOMIC(unsigned long) reads;
} all;

static bool writing(void)
{
    return atomic_load_explicit(&all.writing, memory_order_relaxed) != 0;
}

static void done_writing(void)
{
    atomic_fetch_sub_explicit(&all.writing, 1, memory_order_relaxed);
}

/* On few cores neither readers nor writers may have them all for a time slice. */
static void breathe(unsigned long times)
{
    if (times % 64 == 0) {
        cordon_wait_yield();
    }
}

static void start(unsigned writers, unsigned long versions)
{
    all.writers = writers;
    all.versions = stress_scale(versions);
    all.written = 0;
    CHECK(all.versions <= MOST_VERSIONS, "%zu versions", (size_t)all.versions);
    memset(plain, 0, sizeof plain);
    for (size_t i = 0; i < sizeof all.shared / sizeof all.shared[0]; ++i) {
        atomic_store_explicit(&all.shared[i], 0, memory_order_relaxed);
    }
    atomic_store_explicit(&all.writing, writers, memory_order_relaxed);
    atomic_store_explicit(&all.reads, 0, memory_order_relaxed);
}

static void seqcount(unsigned index, void *argument)
{
    unsigned long reads = 0;
    uintptr_t last = 0;
    struct version v;
    (void)argument;
    if (index == 0) {
        for (uintptr_t n = 1; n <= all.versions; ++n) {
            v = version(n);
            cordon_seqcount_store(&all.count, all.shared, &v, sizeof v);
            breathe(n);
        }
        done_writing();
        return;
    }
    while (writing()) {
        struct cordon_waiter waiter = CORDON_WAITER_INIT;
        if (index % 2 == 0) {
            cordon_seqcount_load(&all.count, &v, all.shared, sizeof v);
        } else {
            while (!cordon_seqcount_try_load(&all.count, &v, all.shared, sizeof v)) {
                cordon_wait_step(&waiter);
            }
        }
        last = plausible(&v, last);
        breathe(++reads);
    }
    cordon_seqcount_load(&all.count, &v, all.shared, sizeof v);
    CHECK(plausible(&v, last) == all.versions, "the last version is not seen");
    atomic_fetch_add_explicit(&all.reads, reads + 1, memory_order_relaxed);
}

static void seqlock(unsigned index, void *argument)
{
    unsigned long reads = 0;
    uintptr_t last = 0;
    struct version v;
    (void)argument;
    if (index < all.writers) {
        while (last < all.versions) {
            cordon_seqlock_write_lock(&all.lock);
            if (all.written < all.versions) {
                v = version(++all.written); /* each writer goes on from the one before */
                cordon_words_store(all.shared, &v, sizeof v);
            }
            last = all.written;
            cordon_seqlock_write_unlock(&all.lock);
            breathe(last);
        }
        done_writing();
        return;
    }
    while (writing()) {
        if (index % 2 == 0) {
            cordon_seqlock_load(&all.lock, &v, all.shared, sizeof v);
        } else { /* 0, 1 or 2 tries: the lock is needed often */
            struct cordon_seqlock_reader reader =
                CORDON_SEQLOCK_READER_INIT(&all.lock, (uint32_t)(reads % 3));
            do {
                cordon_seqlock_reader_begin(&reader);
                cordon_words_load(&v, all.shared, sizeof v);
            } while (cordon_seqlock_reader_retry(&reader));
        }
        last = plausible(&v, last);
        breathe(++reads);
    }
    atomic_fetch_add_explicit(&all.reads, reads, memory_order_relaxed);
}

static void latch(unsigned index, void *argument)
{
    unsigned long reads = 0;
    uintptr_t last = 0;
    struct version v;
    (void)argument;
    if (index == 0) {
        for (uintptr_t n = 1; n <= all.versions; ++n) {
            v = version(n);
            cordon_latch_store(&all.latch, all.shared, &v, sizeof v);
            breathe(n);
        }
        done_writing();
        return;
    }
    while (writing()) {
        cordon_latch_load(&all.latch, &v, all.shared, sizeof v);
        last = plausible(&v, last);
        breathe(++reads);
    }
    atomic_fetch_add_explicit(&all.reads, reads, memory_order_relaxed);
}

static void run(unsigned threads, void (*body)(unsigned, void *), unsigned writers,
                unsigned long versions, const char *name)
{
    start(writers, versions);
    stress_run(threads, body, NULL);
    printf("%-8s %2u threads, %u of them writers: %zu versions, %lu reads\n", name, threads,
           writers, (size_t)all.versions, atomic_load_explicit(&all.reads, memory_order_relaxed));
}

/* Every size from a byte to five words: the writer stores objects whose bytes are all alike. */
static struct {
    size_t size;
    struct cordon_seqcount count;
    struct cordon_latch latch;
    cordon_word single[MOST_WORDS], twofold[2 * MOST_WORDS];
} bytes;

static void whole(const unsigned char *object)
{
    for (size_t i = 1; i < bytes.size; ++i) {
        CHECK(object[i] == object[0], "torn: byte %zu of %zu is %d, the first %d", i, bytes.size,
              object[i], object[0]);
    }
}

static void sizes(unsigned index, void *argument)
{
    unsigned char object[MOST_BYTES];
    (void)argument;
    if (index == 0) {
        for (uintptr_t i = 1; i <= all.versions; ++i) {
            memset(object, (int)(i & 0xff), bytes.size);
            cordon_seqcount_store(&bytes.count, bytes.single, object, bytes.size);
            cordon_latch_store(&bytes.latch, bytes.twofold, object, bytes.size);
        }
        done_writing();
        return;
    }
    while (writing()) {
        cordon_seqcount_load(&bytes.count, object, bytes.single, bytes.size);
        whole(object);
        cordon_latch_load(&bytes.latch, object, bytes.twofold, bytes.size);
        whole(object);
    }
}

/* On top of the writer: the handler runs where the writer raises it, and wherever it is hit. */
static CORDON_ATOMIC(uintptr_t) handler_saw;
static CORDON_ATOMIC(uint32_t) handled;
static pthread_t writer;

static void on_signal(int number)
{
    struct version v;
    (void)number;
    const uintptr_t last = atomic_load_explicit(&handler_saw, memory_order_relaxed);
    cordon_latch_load(&all.latch, &v, all.shared, sizeof v);
    atomic_store_explicit(&handler_saw, plausible(&v, last), memory_order_relaxed);
    atomic_fetch_add_explicit(&handled, 1, memory_order_relaxed);
}

static void raise_and_expect(uintptr_t number)
{
    raise(SIGUSR1);
    const uintptr_t saw = atomic_load_explicit(&handler_saw, memory_order_relaxed);
    CHECK(saw == number, "the handler saw %zu instead of %zu", (size_t)saw, (size_t)number);
}

static void interrupted(unsigned index, void *argument)
{
    (void)argument;
    if (index == 0) {
        for (uintptr_t n = 1; n <= all.versions; ++n) {
            const struct version v = version(n);
            for (int turn = 0; turn < 2; ++turn) {
                cordon_word *copy = all.shared + cordon_latch_turn(&all.latch) * CORDON_WORDS(v);
                cordon_words_store(copy, &v, sizeof v / 2);
                if (n % 8 == 0) {
                    raise_and_expect(n - 1 + (uintptr_t)turn);
                }
                cordon_words_store(copy, &v, sizeof v);
            }
        }
        done_writing();
        return;
    }
    while (writing()) { /* one at a time: the writer must get on between them */
        const uint32_t before = atomic_load_explicit(&handled, memory_order_relaxed);
        struct cordon_waiter waiter = CORDON_WAITER_INIT;
        pthread_kill(writer, SIGUSR1);
        do {
            cordon_wait_step(&waiter);
        } while (writing() && atomic_load_explicit(&handled, memory_order_relaxed) == before);
    }
}

static void *interrupted_writer(void *opaque)
{
    interrupted(0, opaque);
    return NULL;
}

static void signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigaction(SIGUSR1, &action, NULL);
    atomic_store_explicit(&handler_saw, 0, memory_order_relaxed);
    start(1, 50000);
    CHECK(pthread_create(&writer, NULL, interrupted_writer, NULL) == 0, "thread");
    interrupted(1, NULL);
    pthread_join(writer, NULL);
}

int main(void)
{
    for (unsigned threads = 2; threads <= 32; threads *= 2) {
        run(threads, seqcount, 1, 200000, "seqcount");
        run(threads, seqlock, threads / 2, 60000, "seqlock");
        run(threads, latch, 1, 200000, "latch");
    }
    for (bytes.size = 1; bytes.size <= MOST_BYTES; ++bytes.size) {
        const unsigned char zero[MOST_BYTES] = {0};
        start(1, 10000);
        cordon_seqcount_store(&bytes.count, bytes.single, zero, sizeof zero);
        cordon_latch_store(&bytes.latch, bytes.twofold, zero, bytes.size);
        stress_run(3, sizes, NULL);
    }
    signals();
    return 0;
}
