/* mpmc.h - the client of cordon_mpmc: its calls answer what those of a plain queue would.
 *
 * Each thread makes the calls that the variant names, and notes the answers. In the end `check`
 * looks for an order of all of them in which a plain queue answers the same (mpmc_plain.h): then
 * nothing was lost, doubled or overtaken, and each FULL, EMPTY, BUSY and CLOSED was true at one
 * moment. Elements are plain: an element or a slot that is handed over without order is a data
 * race.
 *
 * A variant defines SLOTS, the capacity, and what the threads call: A, B, and perhaps C. Before
 * they start, so much was done:
 *     LAPS        one push and one pop, so often: the ring begins elsewhere in its array
 *     RESERVED=1  a slot was reserved, which C commits
 *     HELD        so many elements were then pushed
 *     PEEKED=1    the oldest of them was peeked at, which C releases
 *     TAKEN       so many were popped after it
 *     SHUT=1      it was closed
 *     ASLEEP=1    B went to sleep: until a slot is free if PEEKED, else for an element
 * MOST is what `size` may say at most, where it is less than SLOTS; CLOSERS how many threads close.
 */
#include <cordon/litmus.h>
#include <cordon/ring/mpmc.h>

#include "mpmc_plain.h"

#ifndef LAPS
#define LAPS 0
#endif
#ifndef RESERVED
#define RESERVED 0
#endif
#ifndef HELD
#define HELD 0
#endif
#ifndef PEEKED
#define PEEKED 0
#endif
#ifndef TAKEN
#define TAKEN 0
#endif
#ifndef SHUT
#define SHUT 0
#endif
#ifndef ASLEEP
#define ASLEEP 0
#endif
#ifndef MOST
#define MOST SLOTS
#endif
#ifndef CLOSERS
#define CLOSERS 1
#endif

enum { BATCH = 2 };

struct thread {
    _Alignas(CORDON_LINE) int pushed; /* elements that it has tried to push: all are different */
    bool knows;                       /* that the ring is closed: then a push says so, too */
    int late;                         /* deadlines that passed */
    struct cordon_mpmc_ticket ticket;
};

struct cordon_litmus_state {
    struct cordon_mpmc ring;
    _Alignas(CORDON_LINE) unsigned char memory[3 * CORDON_LINE];
    struct thread threads[THREADS];
    struct notes notes[THREADS];
    _Alignas(CORDON_LINE) CORDON_ATOMIC(int) told;
    uint32_t key;                        /* of one who sleeps already */
    int news;                            /* plain: for whoever is told CLOSED */
    int full, empty, busy, closed, late; /* how often that was the answer */
};

static inline void note(struct cordon_litmus_state *s, int me, enum what what,
                        enum cordon_result result, size_t n, unsigned values)
{
    s->notes[me].step[s->notes[me].count++] = NOTE(what, result, n, values);
}

/* Elements are 1 ... 3 if they are there before the threads, and then 4 of their own for each. */
static inline int next_item(struct cordon_litmus_state *s, int me)
{
    return 4 + 4 * me + s->threads[me].pushed++;
}

/* What a push answered; or, of a slot that is to be filled in place, RESERVE. */
static inline void pushed(struct cordon_litmus_state *s, int me, enum what what,
                          enum cordon_result result, size_t n, unsigned values)
{
    struct thread *thread = &s->threads[me];
    if (result == CORDON_TIMEDOUT) {
        ++thread->late;
        return;
    }
    CORDON_EXPECT(!thread->knows || result == CORDON_CLOSED);
    thread->knows = result == CORDON_CLOSED;
    note(s, me, what, result, n, values);
    for (size_t i = 0; i < n && what == PUSH && result == CORDON_OK; ++i) {
        note(s, me, FILL, CORDON_OK, 1, 0);
    }
}

/* The same of a pop, or PEEK. */
static inline void popped(struct cordon_litmus_state *s, int me, enum what what,
                          enum cordon_result result, size_t n, unsigned values)
{
    struct thread *thread = &s->threads[me];
    if (result == CORDON_TIMEDOUT) {
        ++thread->late;
        return;
    }
    if (result == CORDON_CLOSED) {
        CORDON_EXPECT(CLOSERS > 1 || SHUT || s->news == 1);
        thread->knows = true;
    }
    note(s, me, what, result, n, values);
    for (size_t i = 0; i < n && what == POP && result == CORDON_OK; ++i) {
        note(s, me, FREE, CORDON_OK, 1, 0);
    }
}

/* What the threads call: one at a time, */

static inline void push(struct cordon_litmus_state *s, int me)
{
    const int item = next_item(s, me);
    const enum cordon_result result = cordon_mpmc_try_push(&s->ring, &item);
    pushed(s, me, PUSH, result, 1, (unsigned)item);
}

static inline void pop(struct cordon_litmus_state *s, int me)
{
    int item = 0;
    const enum cordon_result result = cordon_mpmc_try_pop(&s->ring, &item);
    popped(s, me, POP, result, 1, (unsigned)item);
}

/* two of them, */

static inline void push_2(struct cordon_litmus_state *s, int me)
{
    const int items[BATCH] = {next_item(s, me), next_item(s, me)};
    const enum cordon_result result = cordon_mpmc_try_push_n(&s->ring, items, BATCH);
    pushed(s, me, PUSH, result, BATCH, (unsigned)items[0] | (unsigned)items[1] << 4);
}

static inline void pop_2(struct cordon_litmus_state *s, int me)
{
    int items[BATCH] = {0, 0};
    const enum cordon_result result = cordon_mpmc_try_pop_n(&s->ring, items, BATCH);
    popped(s, me, POP, result, BATCH, (unsigned)items[0] | (unsigned)items[1] << 4);
}

/* up to two of them: why there are none is not told, */

static inline void push_some(struct cordon_litmus_state *s, int me)
{
    const int items[BATCH] = {next_item(s, me), next_item(s, me)};
    const size_t n = cordon_mpmc_try_push_some(&s->ring, items, BATCH);
    if (n > 0) {
        pushed(s, me, PUSH, CORDON_OK, n, (unsigned)items[0] | (unsigned)items[1] << 4);
    }
}

static inline void pop_some(struct cordon_litmus_state *s, int me)
{
    int items[BATCH] = {0, 0};
    const size_t n = cordon_mpmc_try_pop_some(&s->ring, items, BATCH);
    if (n > 0) {
        popped(s, me, POP, CORDON_OK, n, (unsigned)items[0] | (unsigned)items[1] << 4);
    }
}

/* in place, */

static inline void reserve(struct cordon_litmus_state *s, int me)
{
    struct cordon_mpmc_ticket *ticket = &s->threads[me].ticket;
    const int item = next_item(s, me);
    int *slot = (int *)cordon_mpmc_reserve(&s->ring, ticket);
    pushed(s, me, RESERVE, ticket->result, 1, (unsigned)item);
    if (slot != NULL) {
        *slot = item;
    }
}

static inline void commit(struct cordon_litmus_state *s, int me)
{
    if (s->threads[me].ticket.result == CORDON_OK) {
        cordon_mpmc_commit(&s->ring, &s->threads[me].ticket);
        note(s, me, COMMIT, CORDON_OK, 1, 0);
    }
}

static inline void peek(struct cordon_litmus_state *s, int me)
{
    struct cordon_mpmc_ticket *ticket = &s->threads[me].ticket;
    const int *slot = (int *)cordon_mpmc_peek(&s->ring, ticket);
    popped(s, me, PEEK, ticket->result, 1, slot != NULL ? (unsigned)*slot : 0);
}

static inline void release(struct cordon_litmus_state *s, int me)
{
    if (s->threads[me].ticket.result == CORDON_OK) {
        cordon_mpmc_release(&s->ring, &s->threads[me].ticket);
        note(s, me, RELEASE, CORDON_OK, 1, 0);
    }
}

/* for as long as it takes, and until a deadline, */

static inline void push_wait(struct cordon_litmus_state *s, int me)
{
    const int item = next_item(s, me);
    const enum cordon_result result = cordon_mpmc_push(&s->ring, &item);
    pushed(s, me, PUSH, result, 1, (unsigned)item);
}

static inline void pop_wait(struct cordon_litmus_state *s, int me)
{
    int item = 0;
    const enum cordon_result result = cordon_mpmc_pop(&s->ring, &item);
    popped(s, me, POP, result, 1, (unsigned)item);
}

/* B's, who sleeps already: the end of the two above, from where they sleep. It wakes another when
 * it has got what it waited for, as they do.
 */
static inline void push_awoken(struct cordon_litmus_state *s, int me)
{
    (void)cordon_eventcount_wait(&s->ring.not_full, s->key, CORDON_NEVER);
    push_wait(s, me);
    cordon_eventcount_signal(&s->ring.not_full);
}

static inline void pop_awoken(struct cordon_litmus_state *s, int me)
{
    (void)cordon_eventcount_wait(&s->ring.not_empty, s->key, CORDON_NEVER);
    pop_wait(s, me);
    cordon_eventcount_signal(&s->ring.not_empty);
}

static inline void push_until(struct cordon_litmus_state *s, int me)
{
    const int item = next_item(s, me);
    const enum cordon_result result =
        cordon_mpmc_push_until(&s->ring, &item, cordon_deadline_after(1000));
    pushed(s, me, PUSH, result, 1, (unsigned)item);
}

static inline void pop_until(struct cordon_litmus_state *s, int me)
{
    int item = 0;
    const enum cordon_result result =
        cordon_mpmc_pop_until(&s->ring, &item, cordon_deadline_after(1000));
    popped(s, me, POP, result, 1, (unsigned)item);
}

/* and the rest. */

static inline void shut(struct cordon_litmus_state *s, int me)
{
    s->news += CLOSERS == 1;
    cordon_mpmc_close(&s->ring);
    s->threads[me].knows = true;
    note(s, me, CLOSE, CORDON_OK, 0, 0);
}

static inline void is_shut(struct cordon_litmus_state *s, int me)
{
    struct thread *thread = &s->threads[me];
    const bool closed = cordon_mpmc_is_closed(&s->ring);
    CORDON_EXPECT(!thread->knows || closed);
    if (closed) {
        CORDON_EXPECT(CLOSERS > 1 || s->news == 1);
        thread->knows = true;
        note(s, me, IS_CLOSED, CORDON_CLOSED, 0, 0);
    }
}

static inline void size(struct cordon_litmus_state *s, int me)
{
    (void)me;
    CORDON_EXPECT(cordon_mpmc_size(&s->ring) <= MOST);
}

/* tell ... hear: what one thread did before the other went on, known by something not of the ring.
 *
 */
static inline void tell(struct cordon_litmus_state *s, int me)
{
    note(s, me, TELL, CORDON_OK, 0, 0);
    atomic_store_explicit(&s->told, 1, memory_order_release);
}

static inline void hear(struct cordon_litmus_state *s, int me)
{
    if (atomic_load_explicit(&s->told, memory_order_acquire)) {
        note(s, me, HEAR, CORDON_OK, 0, 0);
    }
}

static void init(struct cordon_litmus_state *s)
{
    struct cordon_mpmc_ticket *of_c = &s->threads[2].ticket;
    int item = 0;
    bool ready = cordon_mpmc_bytes(SLOTS, sizeof item) <= sizeof s->memory &&
                 cordon_mpmc_init(&s->ring, s->memory, SLOTS, sizeof item);
    for (int i = 0; i < LAPS; ++i) {
        ready = ready && cordon_mpmc_try_push(&s->ring, &item) == CORDON_OK &&
                cordon_mpmc_try_pop(&s->ring, &item) == CORDON_OK;
    }
    if (RESERVED) {
        int *slot = (int *)cordon_mpmc_reserve(&s->ring, of_c);
        *slot = 1;
    }
    for (item = RESERVED + 1; item <= RESERVED + HELD; ++item) {
        ready = ready && cordon_mpmc_try_push(&s->ring, &item) == CORDON_OK;
    }
    if (PEEKED) {
        ready = ready && cordon_mpmc_peek(&s->ring, of_c) != NULL;
    }
    for (int i = 0; i < TAKEN; ++i) {
        ready = ready && cordon_mpmc_try_pop(&s->ring, &item) == CORDON_OK;
    }
    if (SHUT) {
        cordon_mpmc_close(&s->ring);
    }
    if (ASLEEP) {
        s->key = cordon_eventcount_prepare(PEEKED ? &s->ring.not_full : &s->ring.not_empty);
    }
    CORDON_EXPECT(ready);
}

static void check(struct cordon_litmus_state *s)
{
    struct queue q = {.head = PEEKED + TAKEN,
                      .tail = RESERVED + HELD,
                      .filled = BITS(RESERVED, HELD),
                      .freed = BITS(PEEKED, TAKEN),
                      .values = 0x321,
                      .closed = SHUT};
    q.values &= FIELD(q.tail);
    CORDON_EXPECT(explained(s->notes, q));
    /* Nobody is registered as a sleeper any more. */
    CORDON_EXPECT(atomic_load_explicit(&s->ring.not_empty.word, memory_order_relaxed) == 0);
    CORDON_EXPECT(atomic_load_explicit(&s->ring.not_full.word, memory_order_relaxed) == 0);
    for (int i = 0; i < THREADS; ++i) {
        s->late += s->threads[i].late;
        for (int k = 0; k < s->notes[i].count; ++k) {
            const unsigned result = RESULT(s->notes[i].step[k]);
            s->full += result == CORDON_FULL;
            s->empty += result == CORDON_EMPTY;
            s->busy += result == CORDON_BUSY;
            s->closed += result == CORDON_CLOSED;
        }
    }
}

#define THREAD(number, ...)                                                              \
    static void thread_##number(struct cordon_litmus_state *s)                           \
    {                                                                                    \
        static void (*const calls[])(struct cordon_litmus_state *, int) = {__VA_ARGS__}; \
        for (size_t i = 0; i < sizeof calls / sizeof *calls; ++i) {                      \
            calls[i](s, number);                                                         \
        }                                                                                \
    }
THREAD(0, A)
THREAD(1, B)
#ifdef C
THREAD(2, C)
#define THREAD_2 thread_2
#else
#define THREAD_2 NULL
#endif

CORDON_LITMUS(.init = init, .threads = {thread_0, thread_1, THREAD_2}, .check = check,
              .outcomes = {CORDON_OUTCOME(full), CORDON_OUTCOME(empty), CORDON_OUTCOME(busy),
                           CORDON_OUTCOME(closed), CORDON_OUTCOME(late)})
