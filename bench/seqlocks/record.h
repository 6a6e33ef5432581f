/* record.h - what the templates of the loops share: the record and its check, names, waiting. */
#ifndef CORDON_BENCH_SEQLOCKS_RECORD_H
#define CORDON_BENCH_SEQLOCKS_RECORD_H

#include "seqlocks.h"

#include <string.h>
#include <time.h>

#define SEQ_INLINE         static inline __attribute__((always_inline))
#define SEQ_PASTE_(a, b)   a##_##b
#define SEQ_PASTE(a, b)    SEQ_PASTE_(a, b)
#define SEQ_CALL(what)     SEQ_PASTE(SEQ_NAME, what)
#define SEQ_FUNCTION(what) SEQ_PASTE(SEQ_CALL(what), SEQ_SIZE)
#define SEQ_MOST_WORDS     (256 / sizeof(uintptr_t))

/* clang-format off */
#define SEQ_LOOPS(name)                                            \
    .begin = name##_begin_any, .end = name##_end_any,              \
    .read = {name##_reads_16, name##_reads_64, name##_reads_256},  \
    .write = {name##_writes_16, name##_writes_64, name##_writes_256}
/* clang-format on */

/* The record: every word follows from the version, and from where it stands. */
#define SEQ_SALT (UINTPTR_MAX / 61)

SEQ_INLINE void seq_fill(uintptr_t *record, unsigned size, uintptr_t version)
{
    for (uintptr_t i = 0; i < size / sizeof *record; ++i) {
        record[i] = version ^ i * SEQ_SALT;
    }
}

SEQ_INLINE bool seq_is_torn(const uintptr_t *record, unsigned size)
{
    uintptr_t wrong = 0;
#pragma GCC unroll 32
    for (uintptr_t i = 1; i < size / sizeof *record; ++i) {
        wrong |= record[i] ^ record[0] ^ i * SEQ_SALT;
    }
    return wrong != 0;
}

struct seq_nobody {
    char nothing;
};

struct seq_tally {
    uint64_t retries, torn, backwards;
    uintptr_t last;
};

SEQ_INLINE bool seq_stopped(const struct team_member *member)
{
    return atomic_load_explicit(member->stop, memory_order_relaxed) != 0;
}

/* Wait until the clock shows `due`. Most of a long wait is slept away: where threads outnumber CPUs a
 * writer that spins between its writes would measure itself.
 */
static inline void seq_await(const struct team_member *member, const struct seq_work *work,
                             uint64_t due)
{
    for (uint64_t now; !seq_stopped(member) && (now = bench_ticks_start()) < due;) {
        if (due - now > work->nap) {
            const double left = (double)(due - now - work->wake) * work->tick;
            const struct timespec nap = {0, left < 50e6 ? (long)left : 50000000};
            nanosleep(&nap, NULL);
        } else {
            cordon_cpu_relax();
        }
    }
}

#endif
