/* Units of seq/words.h, seq/seqcount.h, seq/seqlock.h and seq/latch.h. */
#include <cordon/seq/latch.h>
#include <cordon/seq/seqcount.h>
#include <cordon/seq/seqlock.h>
#include <cordon/seq/words.h>

#include <criterion/criterion.h>

#include <string.h>

struct point {
    double x, y, z;
};

struct odd {
    char text[13];
};

Test(words, are_as_many_as_it_takes)
{
    cr_assert_eq(CORDON_WORDS(char), 1);
    cr_assert_eq(CORDON_WORDS(uintptr_t), 1);
    cr_assert_eq(CORDON_WORDS(char[sizeof(uintptr_t) + 1]), 2);
    cr_assert_eq(CORDON_WORDS(struct point) * sizeof(uintptr_t), sizeof(struct point));
    cr_assert_eq(CORDON_LATCH_WORDS(struct odd), 2 * CORDON_WORDS(struct odd));
}

/* Every size, with guards on both sides of what may be touched. */
Test(words, any_size_comes_back_and_nothing_else_is_touched)
{
    enum { MOST = 40, WORDS = MOST / sizeof(uintptr_t) + 2 };
    for (size_t size = 1; size <= MOST; ++size) {
        unsigned char in[MOST], out[MOST + 2];
        cordon_word shared[WORDS];
        const size_t used = (size + sizeof(uintptr_t) - 1) / sizeof(uintptr_t);
        for (size_t i = 0; i < WORDS; ++i) {
            atomic_init(&shared[i], UINTPTR_MAX);
        }
        for (size_t i = 0; i < size; ++i) {
            in[i] = (unsigned char)(size + i + 1);
        }
        memset(out, 0xee, sizeof out);
        cordon_words_store(shared + 1, in, size);
        cordon_words_load(out + 1, shared + 1, size);
        cr_assert_arr_eq(in, out + 1, size);
        cr_assert_eq(out[0], 0xee);
        cr_assert_eq(out[size + 1], 0xee);
        cr_assert_eq(atomic_load_explicit(&shared[0], memory_order_relaxed), UINTPTR_MAX);
        if (used + 1 < WORDS) {
            cr_assert_eq(atomic_load_explicit(&shared[used + 1], memory_order_relaxed),
                         UINTPTR_MAX);
        }
    }
}

/* The whole of an object in exactly sized memory: AddressSanitizer sees a read past its end. */
Test(words, a_tail_is_not_read_past_the_end)
{
    for (size_t size = 1; size <= 40; ++size) {
        unsigned char *object = (unsigned char *)malloc(size);
        cordon_word shared[5];
        memset(object, 7, size);
        cordon_words_store(shared, object, size);
        memset(object, 0, size);
        cordon_words_load(object, shared, size);
        cr_assert_eq(object[size - 1], 7);
        free(object);
    }
}

Test(seqcount, says_when_a_writer_is_at_it)
{
    struct cordon_seqcount count = CORDON_SEQCOUNT_INIT;
    uintptr_t start;
    cr_assert(cordon_seqcount_try_read_begin(&count, &start));
    cr_assert_not(cordon_seqcount_read_retry(&count, start));
    cordon_seqcount_write_begin(&count);
    uintptr_t other;
    cr_assert_not(cordon_seqcount_try_read_begin(&count, &other));
    cr_assert(cordon_seqcount_read_retry(&count, start));
    cordon_seqcount_write_end(&count);
    cr_assert(cordon_seqcount_read_retry(&count, start));
    start = cordon_seqcount_read_begin(&count);
    cr_assert_not(cordon_seqcount_read_retry(&count, start));
}

Test(seqcount, whole_objects)
{
    struct cordon_seqcount count = CORDON_SEQCOUNT_INIT;
    cordon_word shared[CORDON_WORDS(struct point)];
    const struct point in = {1, 2, 3};
    struct point out = {0, 0, 0};
    cordon_seqcount_store(&count, shared, &in, sizeof in);
    cordon_seqcount_load(&count, &out, shared, sizeof out);
    cr_assert_eq(out.x + 10 * out.y + 100 * out.z, 321);
    cordon_seqcount_write_begin(&count);
    cr_assert_not(cordon_seqcount_try_load(&count, &out, shared, sizeof out));
    cordon_seqcount_write_end(&count);
    cr_assert(cordon_seqcount_try_load(&count, &out, shared, sizeof out));
}

Test(seqlock, writers_exclude_each_other)
{
    struct cordon_seqlock lock = CORDON_SEQLOCK_INIT;
    cordon_seqlock_write_lock(&lock);
    cr_assert_not(cordon_seqlock_write_try_lock(&lock));
    cr_assert_not(cordon_seqlock_write_lock_until(&lock, cordon_deadline_after(1000000)));
    cordon_seqlock_write_unlock(&lock);
    const uintptr_t start = cordon_seqlock_read_begin(&lock);
    cr_assert_not(cordon_seqlock_read_retry(&lock, start));
    cr_assert(cordon_seqlock_write_try_lock(&lock));
    cordon_seqlock_write_unlock(&lock);
    cr_assert(cordon_seqlock_read_retry(&lock, start));
    cr_assert(cordon_seqlock_write_lock_until(&lock, 0));
    cordon_seqlock_write_unlock(&lock);
}

Test(seqlock, a_reader_falls_back_to_the_lock_and_releases_it)
{
    struct cordon_seqlock lock = CORDON_SEQLOCK_INIT;
    for (uint32_t tries = 0; tries < 4; ++tries) {
        struct cordon_seqlock_reader reader = CORDON_SEQLOCK_READER_INIT(&lock, tries);
        uint32_t rounds = 0;
        do {
            cordon_seqlock_reader_begin(&reader);
            if (cordon_seqlock_write_try_lock(&lock)) { /* a writer comes in between */
                cordon_seqlock_write_unlock(&lock);
                ++rounds;
            }
        } while (cordon_seqlock_reader_retry(&reader));
        cr_assert_eq(rounds, tries);
        cr_assert(cordon_seqlock_write_try_lock(&lock));
        cordon_seqlock_write_unlock(&lock);
    }
}

Test(seqlock, a_reader_that_meets_no_writer_takes_no_lock)
{
    struct cordon_seqlock lock = CORDON_SEQLOCK_INIT;
    cordon_word shared[CORDON_WORDS(struct odd)] = CORDON_ZERO;
    struct odd object = {"twelve chars"};
    cordon_seqlock_store(&lock, shared, &object, sizeof object);
    cordon_mutex_lock(&lock.mutex);
    memset(&object, 0, sizeof object);
    cordon_seqlock_load(&lock, &object, shared, sizeof object);
    cordon_mutex_unlock(&lock.mutex);
    cr_assert_str_eq(object.text, "twelve chars");
}

/* Its first attempt stands apart from the others, which must come to the lock. */
Test(seqlock, a_load_that_a_writer_keeps_waiting_takes_the_lock)
{
    struct cordon_seqlock lock = CORDON_SEQLOCK_INIT;
    cordon_word shared[CORDON_WORDS(struct odd)] = CORDON_ZERO;
    struct odd object = {"twelve chars"};
    cordon_seqlock_store(&lock, shared, &object, sizeof object);
    cordon_seqcount_write_begin(&lock.count); /* and it never ends */
    memset(&object, 0, sizeof object);
    cordon_seqlock_load(&lock, &object, shared, sizeof object);
    cr_assert_str_eq(object.text, "twelve chars");
    cr_assert(cordon_mutex_try_lock(&lock.mutex));
    cordon_mutex_unlock(&lock.mutex);
}

/* A store reads the counter once and counts on from there. */
Test(seqcount, stores_count)
{
    struct cordon_seqlock lock = CORDON_SEQLOCK_INIT;
    struct cordon_latch latch = CORDON_LATCH_INIT;
    cordon_word shared[CORDON_LATCH_WORDS(struct odd)] = CORDON_ZERO;
    const struct odd object = {"twelve chars"};
    for (uintptr_t stores = 1; stores < 4; ++stores) {
        cordon_seqlock_store(&lock, shared, &object, sizeof object);
        cordon_latch_store(&latch, shared, &object, sizeof object);
        cr_assert_eq(atomic_load_explicit(&lock.count.sequence, memory_order_relaxed), 2 * stores);
        cr_assert_eq(atomic_load_explicit(&latch.sequence, memory_order_relaxed), 2 * stores);
    }
}

Test(latch, readers_find_a_whole_copy_at_every_moment_of_a_write)
{
    struct cordon_latch latch = CORDON_LATCH_INIT;
    cordon_word shared[CORDON_LATCH_WORDS(struct point)];
    const struct point before = {1, 1, 1}, after = {2, 2, 2}, torn = {1, 2, 9};
    struct point seen;
    cordon_latch_store(&latch, shared, &before, sizeof before);

    cr_assert_eq(cordon_latch_turn(&latch), 0);
    cordon_words_store(shared, &torn, sizeof torn);
    cordon_latch_load(&latch, &seen, shared, sizeof seen);
    cr_assert(seen.x == 1 && seen.y == 1 && seen.z == 1);

    cordon_words_store(shared, &after, sizeof after);
    cr_assert_eq(cordon_latch_turn(&latch), 1);
    cordon_words_store(shared + CORDON_WORDS(struct point), &torn, sizeof torn);
    cordon_latch_load(&latch, &seen, shared, sizeof seen);
    cr_assert(seen.x == 2 && seen.y == 2 && seen.z == 2);
}

Test(latch, a_turn_voids_a_read)
{
    struct cordon_latch latch = CORDON_LATCH_INIT;
    const uintptr_t start = cordon_latch_read_begin(&latch);
    cr_assert_not(cordon_latch_read_retry(&latch, start));
    (void)cordon_latch_turn(&latch);
    cr_assert(cordon_latch_read_retry(&latch, start));
}
