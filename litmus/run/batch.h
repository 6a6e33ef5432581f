/* batch.h - what the engine and the generated code of a test say to each other.
 *
 * A test runs in batches: many instances of it in one block of memory, so that the price of
 * meeting at a barrier is shared by all, and the threads overlap. Each location has a plane, an
 * array of its instances; each observed register has a plane of results.
 */
#ifndef CORDON_LITMUS_BATCH_H
#define CORDON_LITMUS_BATCH_H

#include "parse/test.h"

/* The one declaration of the structure, here and in the generated code, which includes nothing of
 * ours: LITMUS_BATCH_TEXT is its text.
 */
#define LITMUS_BATCH                                                                    \
    struct litmus_batch {                                                               \
        unsigned char *memory; /* location l of instance i is at l*plane + i*stride */  \
        size_t plane, stride, count;                                                    \
        int32_t *result;       /* observed register c of instance i is [c*count + i] */ \
        size_t from, to;       /* the part of the count that a thread is to run now */  \
        const uint32_t *order; /* the k-th to run is order[k]; NULL: k itself */        \
    }
#define LITMUS_QUOTE_(...) #__VA_ARGS__
#define LITMUS_QUOTE(...)  LITMUS_QUOTE_(__VA_ARGS__)
#define LITMUS_BATCH_TEXT  LITMUS_QUOTE(LITMUS_BATCH)

LITMUS_BATCH;

/* The entry points of the generated code.
 *
 * litmus_threads: for each thread, run its part of the instances [from, to) of the order.
 * litmus_reset(batch, l, from, to): give location l its initial value in instances [from, to).
 * litmus_count(batch, from, to, table, other, context): tally these instances. A state all of whose
 * values fit LITMUS_BITS bits is counted in table[key], where the value of column c stands at bit
 * c * LITMUS_BITS of the key; any other is handed to other(context, state). Instances that were given up because
 * of a loop are not tallied; how many is added to the counter behind the table.
 */
typedef void litmus_thread_code(const struct litmus_batch *batch);
typedef void litmus_reset_code(const struct litmus_batch *batch, unsigned location, size_t from,
                               size_t to);
typedef void litmus_other_code(void *context, const int64_t *state);
typedef void litmus_count_code(const struct litmus_batch *batch, size_t from, size_t to,
                               uint64_t *table, litmus_other_code *other, void *context);

/* The widest key: 2^14 counters of 8 bytes stay within a core's second-level cache. */
#define LITMUS_MOST_KEY_BITS 14u

/* How a test is run: see engine.c, plan.c and perpetual.c. */
enum litmus_mode { LITMUS_ARRAY, LITMUS_PERPETUAL, LITMUS_PERPETUAL_ALL, LITMUS_THREADS };

/* litmus_counts_frames - is the test's code that of perpetual.c? The other engines share that of emit.c. */
static inline bool litmus_counts_frames(enum litmus_mode mode)
{
    return mode == LITMUS_PERPETUAL || mode == LITMUS_PERPETUAL_ALL;
}

struct litmus_code {
    void *library; /* of dlopen */
    enum litmus_mode mode;
    litmus_thread_code *const *threads;
    litmus_reset_code *reset;
    litmus_count_code *count;
    unsigned bits; /* 0: there is no table, every state goes to other() */
    /* If this is a client: what each of its threads calls first, and the size of its state, which is
     * its one location. Otherwise NULL and 0.
     */
    void (*enter)(unsigned thread);
    size_t unit;
};

/* litmus_bits - how many bits per value the table's key should have for this test; 0 if too many
 * would be needed.
 */
unsigned litmus_bits(const struct litmus_test *test);

/* litmus_unit - how many bytes apart neighbouring instances of a location are at least: the size of the largest
 * location or array, and a multiple of the alignment of all. An array has the plane of its first
 * element.
 */
size_t litmus_unit(const struct litmus_test *test);

/* litmus_result_words - how many 32-bit words of results an instance has. Of a test that has more than ints at known
 * places a result is of two, and each thread with loops has one more, which is not 0 if it was given up.
 */
size_t litmus_result_words(const struct litmus_test *test);

/* litmus_loops - does the thread loop? */
bool litmus_loops(const struct litmus_thread *thread);

/* litmus_key_value - the value that a column of the table's key stands for: itself, or of an address the number of
 * its location, from 1.
 */
int64_t litmus_key_value(const struct litmus_test *test, unsigned column, uint64_t key);

/* litmus_emit - write the test as one C file that needs nothing but standard headers. */
void litmus_emit(FILE *stream, const struct litmus_test *test);

/* litmus_emit_as - the same in any mode that fits the test, for a file that holds many: what is defined is called
 * PREFIX_litmus_threads and so on, and the batch is declared already (LITMUS_BATCH_TEXT). False: no memory.
 */
bool litmus_emit_as(FILE *stream, const struct litmus_test *test, enum litmus_mode mode,
                    const char *prefix);

/* litmus_emit_head, _tail - what such a file begins and ends with; between them stand run_P0, run_P1 ...,
 * litmus_reset and litmus_count.
 */
void litmus_emit_head(FILE *stream, const struct litmus_test *test);
void litmus_emit_tail(FILE *stream, const struct litmus_test *test);

/* litmus_emit_parts, _sum - most instances end alike, and an increment waits for the last one of the same counter:
 * longer than an instance takes. So if the table is small, four tables part[0..3] are declared, to be used by
 * turns, and in the end added to the table. False: it is not small.
 */
bool litmus_emit_parts(FILE *stream, const struct litmus_test *test);
void litmus_emit_sum(FILE *stream, const struct litmus_test *test);

/* litmus_uses - who loads each location, and who stores to it: a bit for each thread. Both arrays are of
 * LITMUS_MOST_LOCATIONS, and zero.
 */
void litmus_uses(const struct litmus_test *test, uint64_t *loads, uint64_t *stores);

/* litmus_loader - the thread that gains most from finding a location in its cache: it loads it and
 * does not store to it. Without such a one, some thread that uses it; thread 0 if none does.
 */
unsigned litmus_loader(const struct litmus_test *test, unsigned location);

#endif
