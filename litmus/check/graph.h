/* graph.h - an execution graph: events, the locations they access, and who read from whom.
 *
 * Events live in one store and are named by their index in it, which is also their *stamp*: an
 * event added later has a greater one. A graph (struct frame) does not hold events, only their
 * names: per thread in program order, per location in coherence order. Exploration nests graphs:
 * one that a backward revisit creates shares the events it keeps with the one it came from, whose
 * frame stays below it on the stack until the new one is exhausted.
 *
 * Every event in the top frame has been executed; the native state (native.h) is always the one
 * that these events lead to.
 */
#ifndef CORDON_CHECK_GRAPH_H
#define CORDON_CHECK_GRAPH_H

#include "native.h"
#include "view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    INITIAL = -1, /* in the place of a write: the location's initial value */
    NOBODY = -2   /* the creator of a thread that does not exist */
};

/* As the compilers pass it to the __tsan_atomic functions; PLAIN is ours, and so are the two sides of
 * an asymmetric pair of fences (synchronise.h).
 */
enum order { RELAXED, CONSUME, ACQUIRE, RELEASE, ACQ_REL, SEQ_CST, PLAIN, LIGHT, HEAVY, HEAVY_END };

/* What a read-modify-write writes. */
enum rmw_op {
    OP_NONE, /* a load */
    OP_CAS,
    OP_EXCHANGE,
    OP_ADD,
    OP_SUB,
    OP_AND,
    OP_OR,
    OP_XOR,
    OP_NAND
};

/* When a read may not happen with a value: its thread waits for another one (lock, await). */
enum rmw_wait {
    WAIT_NOT,
    WAIT_EQUAL,     /* until value == expected */
    WAIT_UNEQUAL,   /* until value != expected */
    WAIT_MASK_ZERO, /* until (value & expected) == 0 */
    WAIT_OTHER,     /* until value != operand; of a CAS, which may then fail */
    WAIT_TRY = 0x80 /* or'ed: do not wait, but if one would have to, write nothing */
};

enum event_kind { READ, WRITE, FENCE, START, END, CREATE, JOIN, CHOICE };

struct event {
    uint8_t kind;
    uint8_t order;   /* the one in effect: a failed compare-exchange has its failure order */
    uint8_t success; /* of a compare-exchange */
    uint8_t failure;
    uint8_t op, wait, size;
    uint8_t thread;
    int16_t index;    /* its position in the thread */
    uint8_t other;    /* CREATE, JOIN: that thread */
    bool rmw;         /* the read or the write part of a read-modify-write that did write */
    bool maximal;     /* was added reading from, or placed as, the co-maximal write */
    bool weak;        /* compare_exchange_weak */
    bool spurious;    /* and it failed for no reason */
    bool ran;         /* its segment is known */
    bool undone;      /* and its effects are, at present, taken back */
    bool late;        /* a plain WRITE whose value is known when its segment ends */
    int32_t location; /* READ, WRITE: index of the location */
    int32_t rf;       /* READ: the write it reads, START: the CREATE, JOIN: the END; or INITIAL */
    uint64_t value;   /* READ: as read; WRITE: written; CHOICE: chosen */
    uint64_t operand, expected;
    uintptr_t pc; /* return address into the program */

    struct view porf; /* what po and rf lead here from, this event included */
    struct view hb;   /* what happens before, this event included */
    struct view msg;  /* WRITE: what a reader that acquires gets to know */
    struct view relf; /* hb at this thread's last release fence */
    struct view pend; /* what an acquire fence here would get to know */

    struct segment segment; /* what the program then did, up to its next event */
};

/* A location: an address with at least one atomic access. A reused piece of stack is a new one. */
struct location {
    uintptr_t address;
    uint8_t size;
};

/* A growing array of event names. */
struct names {
    int32_t *at;
    int32_t count, room;
};

/* What a graph knows of a location. */
struct place {
    uint64_t initial;   /* the memory's content before its first event here */
    struct names co;    /* the writes, in coherence order */
    struct names reads; /* the reads, by stamp */
};

enum item_kind { ITEM_RF, ITEM_CO, ITEM_BACK, ITEM_CHOICE };
struct item {
    uint8_t kind;
    bool spurious;
    bool sound;    /* the graph that it was left by is known to be consistent */
    int32_t event; /* RF, BACK: the read; CO: the write; CHOICE: the choice */
    int32_t other; /* RF, BACK: the write to read; CO: its new co-predecessor; CHOICE: the value */
    double mass;   /* the share of the tree that is thought to be under it */
    double parent_mass;
    uint64_t path; /* a name of the way here from the root */
};

struct frame {
    int threads; /* 1 + the highest slot in use */
    struct names thread[MAX_THREADS];
    int32_t creator[MAX_THREADS]; /* each thread's CREATE event; of main: INITIAL; or NOBODY */
    int32_t places, room;         /* locations known */
    struct place *place;          /* by location */
    struct names trace;           /* all events in the order of execution */
    struct item *items;
    int32_t item_count, item_room;
    struct view fixed;  /* events that no revisit may delete or change */
    int32_t store_base; /* events from here on belong to this frame */
    /* For the way back to the frame below. */
    struct event saved; /* the revisited read as it was there */
    int32_t revisited, revisitor;
    int32_t first_undone; /* where in the trace there */
    bool revisitor_ran;   /* before this frame was made */
    struct native_mark native;
};

extern struct event *events; /* the store */
extern int32_t event_count;
extern struct location *locations;
extern int32_t location_count;
extern struct frame *graph; /* the top one */

/* The event before it in its thread, or NULL. */
static inline struct event *po_previous(const struct event *e)
{
    return e->index > 0 ? &events[graph->thread[e->thread].at[e->index - 1]] : NULL;
}

static inline struct event *last_of(int thread)
{
    const struct names *names = &graph->thread[thread];
    return names->count > 0 ? &events[names->at[names->count - 1]] : NULL;
}

static inline struct place *place_of(const struct event *e)
{
    return &graph->place[e->location];
}

/* The position of a write in the coherence order; -1 for INITIAL. */
static inline int co_position(const struct place *place, int32_t write)
{
    int i = place->co.count - 1;
    while (i >= 0 && place->co.at[i] != write) {
        --i;
    }
    return i;
}

static inline int32_t co_maximal(const struct place *place)
{
    return place->co.count > 0 ? place->co.at[place->co.count - 1] : INITIAL;
}

/* The value a read gets from this write (or INITIAL) to the location. */
static inline uint64_t value_at(const struct place *place, int32_t write)
{
    return write == INITIAL ? place->initial : events[write].value;
}

static inline bool covers(const struct view *view, int32_t event)
{
    return view_covers(view, events[event].thread, events[event].index);
}

static inline bool is_seq_cst(int order)
{
    return order == SEQ_CST || order == HEAVY || order == HEAVY_END;
}

static inline bool is_acquire(int order)
{
    return order == ACQUIRE || order == CONSUME || order == ACQ_REL || is_seq_cst(order);
}

static inline bool is_release(int order)
{
    return order == RELEASE || order == ACQ_REL || is_seq_cst(order);
}

/* graph_start - an empty graph, whose only thread is about to start. */
void graph_start(void);

/* event_views - compute the views of an event from its predecessors; its rf must be set. */
void event_views(struct event *e);

/* event_next - the next event of the store, blank, to be filled in; event_append - add it as the last
 * event of its thread; computes no views; returns its name.
 */
struct event *event_next(void);
int32_t event_append(void);

/* graph_location - the location of an atomic access that happens now; may be a new one. */
int32_t graph_location(uintptr_t address, int size);

/* graph_location_at - the live location that starts at this address, or -1. */
int32_t graph_location_at(uintptr_t address);

/* graph_know_place - the top graph has a place for the location. */
void graph_know_place(int32_t location);

/* location_ended - does its memory serve something else by now? */
bool location_ended(int32_t location);

/* graph_location_end - its memory now serves something else (changes are noted in the segment). */
void graph_location_end(int32_t location);

void co_insert(struct place *place, int32_t write, int32_t after);
void co_remove(struct place *place, int32_t write);

/* graph_cut - undo and remove every event of this frame with a greater stamp than `last`. */
void graph_cut(int32_t last);

/* graph_move - put a write, the last event, right behind another one in coherence order. */
void graph_move(int32_t write, int32_t after);

/* graph_rerun - undo what its thread did after this event, its last; it will be run anew. */
void graph_rerun(int32_t event);

/* graph_branch - a new frame on top: the events with a stamp up to the read's, or that `write`, the
 * last event of the present one, depends on. The read has to be finished again.
 */
void graph_branch(int32_t read, int32_t write);

/* graph_drop_last - remove the last event of a thread, a read that has not run. */
void graph_drop_last(int thread);

/* graph_return - drop the top frame. Of the one below, what was undone for its sake is done again,
 * up to the stamp `last`, beyond which it is going to be cut.
 */
void graph_return(int32_t last);

/* graph_settle - make the threads those of the top graph, after cuts and branches. */
void graph_settle(void);

/* The stack of frames: 0 is the outermost, frame_depth() - 1 the top. */
int frame_depth(void);
struct frame *frame_at(int depth);

#endif
