/* judge.h - what the memory models say of a small test, by its candidate executions.
 *
 * Of straight-line tests (loads, stores, read-modify-writes, fences, if and else, arithmetic) all
 * executions in which the condition's proposition holds are built: what each thread may do given what
 * its loads might see, who reads from whom, in which order the stores to a location come. A model
 * allows the outcome if it admits one of them.
 *
 *     C11    as C++20 words it
 *     RC11   O. Lahav, V. Vafeiadis, J. Kang, C.-K. Hur, D. Dreyer, "Repairing Sequential Consistency
 *            in C/C++11", PLDI 2017
 *     C17    7.17.3 of the standard: an order S of the seq_cst operations is searched for
 *     TSO    S. Owens, S. Sarkar, P. Sewell, "A Better x86 Memory Model: x86-TSO", TPHOLs 2009: seq_cst
 *            stores and read-modify-writes are locked, seq_cst fences full, all else plain moves
 *     SC     interleaving
 */
#ifndef CORDON_LITMUS_GEN_JUDGE_H
#define CORDON_LITMUS_GEN_JUDGE_H

#include "parse/test.h"

/* One synchronisation between threads: by a release in `from`, through a location, to an acquire. */
struct judge_link {
    unsigned from, to;
    const char *location; /* the test's */
};

#define JUDGE_MOST_LINKS 8u

struct judge_verdicts {
    bool c11, rc11, c17, tso, sc; /* allowed? */
    /* Of the last execution looked at, which in a test made from a cycle is the only one: */
    bool coherent, coherent17; /* happens-before and coherence alone would admit it */
    unsigned link_count, seq_cst_accesses, seq_cst_fences;
    struct judge_link link[JUDGE_MOST_LINKS];
};

/* judge - false if the test is too large, or has what is not judged here: plain accesses (a race has no
 * outcome), compare-exchange, and whatever litmus_feature names.
 */
bool judge(const struct litmus_test *test, struct judge_verdicts *verdicts);

/* judge_print - the lines C11=, RC11= and C17= where they differ, TSO=. */
void judge_print(FILE *stream, const struct judge_verdicts *verdicts);

#endif
