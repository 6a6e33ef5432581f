/* The sequence counter beside Concurrency Kit's ck_sequence: one writer, readers that must see
 * whole objects only, and never an older one after a newer one. The same writes end in the same
 * object; alone, the same calls get the same answers.
 */
#include "../stress/stress.h"

#include <cordon/seq/seqcount.h>

#include <ck_sequence.h>

enum { WORDS = 5, READERS = 2 };

struct object {
    uintptr_t words[WORDS];
};

struct sequence {
    const char *name;
    void (*store)(const struct object *object);
    void (*load)(struct object *object);
};

static struct cordon_seqcount ours = CORDON_SEQCOUNT_INIT;
static cordon_word our_words[CORDON_WORDS(struct object)];

static void our_store(const struct object *object)
{
    cordon_seqcount_store(&ours, our_words, object, sizeof *object);
}

static void our_load(struct object *object)
{
    cordon_seqcount_load(&ours, object, our_words, sizeof *object);
}

static ck_sequence_t theirs = CK_SEQUENCE_INITIALIZER;
static CORDON_ATOMIC(uintptr_t) their_words[WORDS];

static void their_store(const struct object *object)
{
    ck_sequence_write_begin(&theirs);
    for (size_t i = 0; i < WORDS; ++i) {
        atomic_store_explicit(&their_words[i], object->words[i], memory_order_relaxed);
    }
    ck_sequence_write_end(&theirs);
}

static void their_load(struct object *object)
{
    unsigned version;
    do {
        version = ck_sequence_read_begin(&theirs);
        for (size_t i = 0; i < WORDS; ++i) {
            object->words[i] = atomic_load_explicit(&their_words[i], memory_order_relaxed);
        }
    } while (ck_sequence_read_retry(&theirs, version));
}

static const struct sequence sequences[] = {
    {"seqcount", our_store, our_load},
    {"ck sequence", their_store, their_load},
};

static struct {
    const struct sequence *sequence;
    uintptr_t rounds;
} work;

/* Word k of version n. */
static uintptr_t word(uintptr_t n, size_t k)
{
    return n * (2 * k + 1);
}

static void write_or_read(unsigned index, void *argument)
{
    (void)argument;
    struct object object;
    if (index == 0) {
        for (uintptr_t n = 1; n <= work.rounds; ++n) {
            for (size_t k = 0; k < WORDS; ++k) {
                object.words[k] = word(n, k);
            }
            work.sequence->store(&object);
        }
        return;
    }
    uintptr_t last = 0;
    while (last < work.rounds) {
        work.sequence->load(&object);
        const uintptr_t n = object.words[0];
        CHECK(n >= last, "%s went back from %lu to %lu", work.sequence->name, (unsigned long)last,
              (unsigned long)n);
        for (size_t k = 0; k < WORDS; ++k) {
            CHECK(object.words[k] == word(n, k), "%s: torn at version %lu", work.sequence->name,
                  (unsigned long)n);
        }
        last = n;
    }
}

/* What begin and retry answer without and with a write between them. */
static void same_answers(void)
{
    for (int write = 0; write < 2; ++write) {
        const uintptr_t a = cordon_seqcount_read_begin(&ours);
        const unsigned b = ck_sequence_read_begin(&theirs);
        if (write != 0) {
            const struct object object = {{0}};
            our_store(&object);
            their_store(&object);
        }
        CHECK(cordon_seqcount_read_retry(&ours, a) == ck_sequence_read_retry(&theirs, b) &&
                  cordon_seqcount_read_retry(&ours, a) == (write != 0),
              "they differ after %d writes", write);
    }
}

int main(void)
{
    struct object last[2];
    same_answers();
    for (size_t i = 0; i < 2; ++i) {
        work.sequence = &sequences[i];
        work.rounds = stress_scale(500000);
        stress_run(1 + READERS, write_or_read, NULL);
        sequences[i].load(&last[i]);
    }
    for (size_t k = 0; k < WORDS; ++k) {
        CHECK(last[0].words[k] == last[1].words[k], "the last objects differ in word %zu", k);
    }
    printf("seqcount, ck sequence: equal\n");
    return 0;
}
