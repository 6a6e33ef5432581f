/* cycle.h - a cycle of relaxations, from which a test is made.
 *
 * A cycle is a ring of edges between accesses: program order inside a thread, communication (reads
 * from, from-reads, coherence) from one thread to the next. Its outcome is the one in which every
 * edge is there, which no interleaving of the threads can show. The words are those of herdtools'
 * diy7 (J. Alglave, L. Maranget, S. Sarkar, P. Sewell, "Fences in Weak Memory Models", CAV 2010):
 *
 *     PodWR Fre PodWR Fre                      SB, all accesses relaxed
 *     PodWW Rel Rfe Acq PodRR Fre              MP, the flag released and acquired
 *     FenceScdWR Fre FenceScdWR Fre            SB, a seq_cst fence in each thread
 *
 * docs/litmus.md has the table.
 */
#ifndef CORDON_LITMUS_GEN_CYCLE_H
#define CORDON_LITMUS_GEN_CYCLE_H

#include "parse/test.h"

#define GEN_MOST_EDGES   16u
#define GEN_MOST_THREADS 8u

/* In this order they stand where a rotation has to be chosen: what is more than program order first.
 */
enum gen_kind {
    GEN_FENCE,
    GEN_DATA,
    GEN_CTRL,
    GEN_EXCHANGE, /* from the load to the store of one read-modify-write */
    GEN_ADD,
    GEN_PO,
    GEN_RF,
    GEN_FR,
    GEN_CO,
};

struct gen_edge {
    enum gen_kind kind;
    bool external;  /* a communication from one thread to another */
    bool elsewhere; /* to another location (the d in PodWR); else to the same (s) */
    char from, to;  /* 'R' or 'W' */
    enum litmus_order fence;
};

/* The access an edge starts from. */
struct gen_access {
    enum litmus_order order;
    bool exchange; /* a store that is made by an exchange whose result nobody asks for */
};

struct gen_cycle {
    unsigned count;
    struct gen_edge edge[GEN_MOST_EDGES];
    struct gen_access access[GEN_MOST_EDGES];
};

/* What an access comes to in the test: access i is the source of edge i. */
struct gen_event {
    unsigned thread, location, reg; /* reg: of what it reads, if it does */
    int value;                      /* read or stored, where the cycle is */
};

struct gen_layout {
    unsigned threads, locations;
    unsigned first[GEN_MOST_THREADS + 1]; /* of a thread's accesses; the last: how many there are */
    unsigned stores[GEN_MOST_EDGES];      /* to each location */
    struct gen_event event[GEN_MOST_EDGES];
};

/* What is wrong with a cycle: at which word, from 1; 0 if no single one is to blame. */
struct gen_error {
    unsigned word;
    char text[240];
};

/* gen_read - a cycle from words; a word may hold several, parted by blanks. Any rotation will do: it
 * comes back as gen_normalise leaves it, which gen_lay_out cannot refuse. False, and *error.
 */
bool gen_read(char *const *words, int count, struct gen_cycle *cycle, struct gen_error *error);

/* gen_word_count - how many words these are, and gen_word - the n-th of them, from 1; a copy in `to`.
 */
const char *gen_word(char *const *words, int count, unsigned number, char *to, size_t size);

/* gen_normalise - the rotation in which the cycle is always written: threads that begin with stores
 * first. It begins with the first access of a thread.
 */
void gen_normalise(struct gen_cycle *cycle);

/* gen_lay_out - threads, locations, values and registers of a normalised cycle. NULL, or why this is
 * no test.
 */
const char *gen_lay_out(const struct gen_cycle *cycle, struct gen_layout *layout);

/* gen_print_cycle - as words that gen_read reads. */
void gen_print_cycle(FILE *stream, const struct gen_cycle *cycle);

/* gen_is_rmw - does the edge join the two halves of a read-modify-write? */
bool gen_is_rmw(const struct gen_edge *edge);

/* gen_is_communication - rf, fr or co. */
bool gen_is_communication(const struct gen_edge *edge);

/* gen_same - are two normalised cycles the same? */
bool gen_same(const struct gen_cycle *a, const struct gen_cycle *b);

/* gen_location_name - x, y, z, a, b, ... */
const char *gen_location_name(unsigned location);

/* gen_single_location - does it never leave its location? */
bool gen_single_location(const struct gen_cycle *cycle);

#endif
