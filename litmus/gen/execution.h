/* execution.h - one candidate execution, and what each model says of it. */
#ifndef CORDON_LITMUS_GEN_EXECUTION_H
#define CORDON_LITMUS_GEN_EXECUTION_H

#include "judge.h"

#define EXECUTION_MOST 32u /* events: a relation is a row of bits for each */

struct execution_event {
    int thread; /* -1: an initial value */
    bool reads, writes;
    bool fence;
    enum litmus_order order;
    unsigned location;
    int64_t read, written;
};

struct execution {
    unsigned count;
    struct execution_event event[EXECUTION_MOST];
    /* rows: bit b of row a says that a comes before b */
    uint32_t sb[EXECUTION_MOST], rf[EXECUTION_MOST], co[EXECUTION_MOST];
    /* what follows from these */
    uint32_t fr[EXECUTION_MOST], eco[EXECUTION_MOST];
    uint32_t sw[EXECUTION_MOST], hb[EXECUTION_MOST];     /* of C++20 */
    uint32_t sw17[EXECUTION_MOST], hb17[EXECUTION_MOST]; /* of C17 and RC11 */
    bool coherent, coherent17; /* happens-before, coherence and atomicity admit it */
    bool possible; /* each location by itself behaves, and read-modify-writes are atomic */
};

/* execution_derive - the second half, from sb, rf and co. */
void execution_derive(struct execution *x);

bool execution_c11(const struct execution *x); /* as C++20 words it */
bool execution_rc11(const struct execution *x);
bool execution_c17(const struct execution *x);
bool execution_tso(const struct execution *x);
bool execution_sc(const struct execution *x);

#endif
