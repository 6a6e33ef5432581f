/* c2c.h - the parts of `cordon-bench c2c`.
 *
 *     kernel.c    the line handed to and fro
 *     measure.c   every pair of CPUs in turn, and the samples
 *     report.c    the matrix, the JSON
 *     command.c   the command line
 */
#ifndef CORDON_BENCH_C2C_H
#define CORDON_BENCH_C2C_H

#include "../clock.h"
#include "../stats.h"
#include "machine/machine.h"

#include <jansson.h>

#include <cordon/atomic.h>
#include <cordon/cpu.h>

/* The line that is handed over. Its word counts the hand-overs: the asking side stores the odd
 * numbers, the answering side the even ones.
 */
struct c2c_line {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) word;
};

/* c2c_ask - `rounds` times: store the next number, and wait until it was answered. Returns the number
 * that is then in the line. From there a further call goes on; a new line begins with 0.
 */
uint32_t c2c_ask(struct c2c_line *line, uint32_t from, uint32_t rounds);

/* c2c_answer - the other side of it. */
uint32_t c2c_answer(struct c2c_line *line, uint32_t from, uint32_t rounds);

/* What one block gave. */
struct c2c_sample {
    double ns; /* half a round trip */
    uint32_t line;
    uint32_t home; /* index of the NUMA node on which the line lies */
};

struct c2c_pair {
    const struct machine_cpu *a, *b;
    enum machine_distance distance;
    uint32_t rounds; /* per block */
    unsigned count;  /* samples */
    struct c2c_sample *sample;
    struct stats_interval interval;              /* of the median; not filled in where count is 0 */
    double least, quarter, three_quarters, most; /* of the samples, in their order */
};

/* The lines live in one arena for each NUMA node, each on a page of its own. */
#define C2C_LINES      256
#define C2C_MOST_HOMES 64

struct c2c_run {
    struct machine machine;
    struct bench_clock clock;
    const struct machine_cpu **cpu; /* those that take part, as they are shown */
    unsigned cpu_count;
    unsigned repetitions;
    uint64_t time;         /* ns */
    struct c2c_pair *pair; /* of cpu[i] and cpu[k], k < i: at c2c_index(i, k) */
    unsigned pair_count;
    unsigned home[C2C_MOST_HOMES]; /* NUMA nodes, os numbers */
    unsigned home_count;
    unsigned done; /* repetitions, over all pairs */
    unsigned long blocks, repeated;
};

/* c2c_scattered - did something other than the pair decide over the figure? */
static inline bool c2c_scattered(const struct c2c_pair *pair)
{
    return pair->count > 0 && pair->three_quarters > 1.5 * pair->quarter;
}

static inline unsigned c2c_index(unsigned i, unsigned k)
{
    return i * (i - 1) / 2 + k;
}

/* c2c_measure - fill in every pair, or as many as there are samples of before an interrupt.
 * Returns 0, or -1 after saying what is wrong with the environment.
 */
int c2c_measure(struct c2c_run *run);

/* c2c_free - what c2c_measure allocated. */
void c2c_free(struct c2c_run *run);

void c2c_print(FILE *stream, const struct c2c_run *run);

/* c2c_document - gbench_document's; NULL if there is no memory. */
json_t *c2c_document(const struct c2c_run *run);

#endif
