/* mpmc_plain.h - a plain queue: would it have answered what the threads of a client noted?
 *
 * It has as many slots as the ring, and one owner. A call that moves elements has several steps, as
 * the ring's header says: it claims, at once, and it is then done with one slot after the other,
 * until which others may be told BUSY. The steps of each thread stay in their order; those of
 * different threads may lie in any order, and one in which every answer is right is looked for.
 */
enum { THREADS = 3, NOTES = 10 };

enum what { PUSH, POP, FILL, FREE, RESERVE, PEEK, COMMIT, RELEASE, CLOSE, IS_CLOSED, TELL, HEAR };

/* A step: what, its answer, how many elements, and which (4 bits each). */
#define NOTE(what, result, n, values) \
    ((unsigned)(what) | (unsigned)(result) << 4 | (unsigned)(n) << 8 | (unsigned)(values) << 12)
#define WHAT(note)   ((note)&15)
#define RESULT(note) ((note) >> 4 & 15)
#define COUNT(note)  ((note) >> 8 & 15)
#define VALUES(note) ((note) >> 12)

/* What one thread noted. */
struct notes {
    int count;
    unsigned step[NOTES];
};

/* Positions count from 0, and are not used again as slots are. */
struct queue {
    unsigned head, tail;         /* what was claimed */
    unsigned filled, freed;      /* bits: what was done */
    uint64_t values;             /* 4 bits each */
    unsigned char next[THREADS]; /* how many of its notes are accounted for */
    unsigned char at[THREADS];   /* the position with which the thread will be done next, */
    unsigned char held[THREADS]; /* and that which its ticket is for */
    bool closed, told;
};

#define BITS(first, n) (((1U << (n)) - 1) << (first))
#define FIELD(n)       ((UINT64_C(1) << 4 * (n)) - 1)
#define IS_EMPTY(q, n) ((q)->tail - (q)->head < (n))
#define IS_FULL(q, n)  ((q)->tail - (q)->head + (n) > SLOTS)

/* Some slot that it needs is still being read (its pop has claimed it, and is not done), or
 * written.
 */
static inline bool being_read(const struct queue *q, unsigned n)
{
    return (BITS(q->tail, n) >> SLOTS & BITS(0, q->head) & ~q->freed) != 0;
}

static inline bool being_written(const struct queue *q, unsigned n)
{
    return (BITS(q->head, n) & BITS(0, q->tail) & ~q->filled) != 0;
}

/* Is this what it answers? BUSY is true of the slot alone; FULL and BUSY may precede the news of a
 * close that comes during the call.
 */
static inline bool would_push(const struct queue *q, enum cordon_result result, unsigned n)
{
    const bool busy = being_read(q, n);
    return result == CORDON_BUSY     ? busy
           : result == CORDON_CLOSED ? q->closed
           : result == CORDON_FULL   ? IS_FULL(q, n)
                                     : !q->closed && !IS_FULL(q, n) && !busy;
}

static inline bool would_pop(const struct queue *q, enum cordon_result result, unsigned n,
                             unsigned values)
{
    const bool busy = being_written(q, n);
    return result == CORDON_BUSY     ? busy
           : result == CORDON_CLOSED ? q->closed && IS_EMPTY(q, n)
           : result == CORDON_EMPTY
               ? !q->closed && IS_EMPTY(q, n)
               : !IS_EMPTY(q, n) && !busy && ((q->values >> 4 * q->head ^ values) & FIELD(n)) == 0;
}

/* Can this be what happened next, and what is then? */
static inline bool follow(struct queue *q, int me, unsigned step)
{
    const enum cordon_result result = (enum cordon_result)RESULT(step);
    const unsigned n = COUNT(step);
    switch (WHAT(step)) {
    case PUSH:
    case RESERVE:
        if (!would_push(q, result, n)) {
            return false;
        }
        if (result == CORDON_OK) {
            q->values |= (VALUES(step) & FIELD(n)) << 4 * q->tail;
            *(WHAT(step) == PUSH ? &q->at[me] : &q->held[me]) = (unsigned char)q->tail;
            q->tail += n;
        }
        break;
    case POP:
    case PEEK:
        if (!would_pop(q, result, n, VALUES(step))) {
            return false;
        }
        if (result == CORDON_OK) {
            *(WHAT(step) == POP ? &q->at[me] : &q->held[me]) = (unsigned char)q->head;
            q->head += n;
        }
        break;
    case FILL:
        q->filled |= 1U << q->at[me]++;
        break;
    case FREE:
        q->freed |= 1U << q->at[me]++;
        break;
    case COMMIT:
        q->filled |= 1U << q->held[me];
        break;
    case RELEASE:
        q->freed |= 1U << q->held[me];
        break;
    case CLOSE:
        q->closed = true;
        break;
    case IS_CLOSED:
        return q->closed;
    case TELL:
        q->told = true;
        break;
    default:
        return q->told;
    }
    return true;
}

/* Is there an order of what is not accounted for yet? */
static bool explained(const struct notes *notes, struct queue q)
{
    bool all = true;
    for (int i = 0; i < THREADS; ++i) {
        if (q.next[i] < notes[i].count) {
            struct queue after = q;
            all = false;
            if (follow(&after, i, notes[i].step[after.next[i]++]) && explained(notes, after)) {
                return true;
            }
        }
    }
    return all;
}
