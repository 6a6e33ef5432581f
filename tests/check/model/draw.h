/* draw.h - execution graphs for tests, and the relations of the papers over them, as matrices. */
#ifndef DRAW_H
#define DRAW_H

#include "graph.h"
#include "model.h"

enum { MOST_EVENTS = 64, MOST_LOCATIONS = 4 };

/* Bit b of row a: a is related to b. */
struct relation {
    uint64_t row[MOST_EVENTS];
};

/* draw_clear - an empty top graph. */
void draw_clear(void);

/* draw_event - append the event to its thread; returns its name. A write of a read-modify-write comes
 * right after its read in coherence order, any other write last, until draw_move.
 */
int32_t draw_event(const struct event *event);

/* draw_move - the write directly after another one, or INITIAL, in coherence order. */
void draw_move(int32_t write, int32_t after);

/* draw_erase - the events from this name on. */
void draw_erase(int32_t first);

/* draw_finish - fill in the clocks, from the definition of happens-before. False: the graph is not
 * coherent, a read-modify-write is not atomic, or po u rf has a cycle.
 */
bool draw_finish(void);

/* draw - a graph from its threads: "Wsc x 1; Rrlx y 0 | Frel; Ux 0 1". A letter for the kind (W, R, F;
 * U is a read-modify-write, with the values read and written) and the order (na, rlx, acq, rel, ar,
 * sc). A value names the write; writes are in coherence order by value; 0 is the initial value. Ends
 * the test when the graph is none that draw_finish allows.
 */
void draw(const char *text);

/* reference_allows - is the graph consistent, by the book? After draw_finish. */
bool reference_allows(enum model model);

#endif
