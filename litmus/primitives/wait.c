/* wait.c - cordon_wait_uN and its wakes: who waits for another value gets it, and sees what came
 * before it; no wake-up is lost, whatever the size of the word and whoever else sleeps; a deadline
 * ends a wait in vain, and nothing else does. A word of 32 bits is slept on itself, one of another
 * size on an epoch, which others may share; -DCORDON_FUTEX=0 is for where there is no futex(2).
 *
 * with: src/wait.c
 * quick: -DBITS=8 -DPARTS=tells,frees          a wake does not touch the word: it may be freed
 * quick: -DBITS=16 -DPARTS=tells,frees         the same
 * quick: -DBITS=32 -DPARTS=tells,frees         the same
 * quick: -DBITS=64 -DPARTS=tells,frees         the same
 * quick: -DBITS=8 -DPARTS=asks,answers         there and back
 * quick: -DBITS=64 -DPARTS=asks,answers        there and back
 * quick: -DBITS=8 -DPARTS=tells,gives_up       a deadline
 * quick: -DBITS=32 -DPARTS=tells,gives_up      a deadline
 * quick: -DBITS=16 -DPARTS=looks               what is there, or never comes, at a deadline
 * quick: -DBITS=32 -DPARTS=looks               the same
 * quick: -DBITS=8 -DPARTS=tells_all,waits,gives_up     two sleep, one until a deadline
 * quick: -DBITS=32 -DPARTS=tells_all,waits,gives_up    the same
 * quick: -DBITS=8 -DPARTS=tells_each,waits,waits       two sleep, and are woken one by one
 * quick: -DBITS=32 -DPARTS=tells_each,waits,waits      the same
 * quick: -DBITS=32 -DPARTS=tells_n,waits,waits         the same, by one call
 * quick: -DBITS=8 -DPARTS=counts,waits,waits_on --no-mutate   two who wait for different values
 * quick: -DBITS=32 -DPARTS=counts,waits,waits_on       the same
 * quick: -DBITS=16 -DPARTS=adds_1,adds_2,waits_for_3   two who wake
 * quick: -DBITS=8 -DPARTS=asks,answers --spurious --no-mutate    sleepers rise for no reason
 * quick: -DBITS=32 -DPARTS=tells,waits --spurious --no-mutate    sleepers rise for no reason
 * quick: -DBITS=8 -DCORDON_FUTEX=0 -DPARTS=tells,frees           without a futex
 * quick: -DBITS=32 -DCORDON_FUTEX=0 -DPARTS=tells,frees          without a futex
 * quick: -DBITS=32 -DCORDON_FUTEX=0 -DPARTS=asks,answers         without a futex: there and back
 * quick: -DBITS=32 -DCORDON_FUTEX=0 -DPARTS=tells,gives_up       without a futex: a deadline
 * quick: -DBITS=32 -DCORDON_FUTEX=0 -DPARTS=tells_n,waits,waits --no-mutate   without a futex: two
 * quick: -DBITS=32 -DCORDON_FUTEX=0 -DPARTS=counts,waits_on --spurious --no-mutate
 *     without a futex, and sleepers rise for no reason
 * full: -DBITS=8 -DCORDON_FUTEX=0 -DPARTS=tells_all,waits,gives_up --no-mutate   without a futex
 * full: -DBITS=32 -DPARTS=tells_all,waits,waits,gives_up --no-mutate   three sleep
 * full: -DBITS=8 -DPARTS=adds_1,adds_2,waits_for_3,rises --no-mutate   two wake, two sleep
 * quick: -DBITS=32 -DPARTS=tells_marked,bears_2,bears_3   two sleep under marks, each is woken by its own
 * quick: -DBITS=32 -DPARTS=tells_marked,bears_2,bears_late   the same, one until a deadline
 * quick: -DBITS=32 -DCORDON_FUTEX=0 -DPARTS=tells_marked,bears_2,bears_3 --no-mutate   without a futex: all are
 *
 * exempt: wait.c os_park -> wait.c os_wake: by a pthread_mutex_t; its order is that of POSIX, as a
 *     futex's is the kernel's
 * exempt: wait.c os_wake -> wait.c os_park: the same
 * exempt: wait.c os_park -> wait.c os_park: the same
 * exempt: wait.c os_wake -> wait.c os_wake: the same
 */
#include <cordon/litmus.h>
#include <cordon/wait.h>

#include <string.h>

#define JOIN_(a, b) a##b
#define JOIN(a, b)  JOIN_(a, b)
#define WORD        JOIN(JOIN(uint, BITS), _t)
#define WAIT        JOIN(cordon_wait_u, BITS)
#define WAKE_ONE    JOIN(cordon_wake_one_u, BITS)
#define WAKE_ALL    JOIN(cordon_wake_all_u, BITS)

struct cordon_litmus_state {
    CORDON_ATOMIC(WORD) word;
    CORDON_ATOMIC(WORD) back;
    int data;       /* plain: what was stored before the word must be ordered by it */
    int told, late; /* how the wait with a deadline ended */
};

static inline void put(CORDON_ATOMIC(WORD) * word, WORD value)
{
    atomic_store_explicit(word, value, memory_order_release);
}

/* Who changes the word. */

static inline void tells(struct cordon_litmus_state *s)
{
    s->data = 1;
    put(&s->word, 1);
    WAKE_ONE(&s->word);
}

static inline void tells_all(struct cordon_litmus_state *s)
{
    s->data = 1;
    put(&s->word, 1);
    WAKE_ALL(&s->word);
}

static inline void tells_each(struct cordon_litmus_state *s)
{
    tells(s);
    WAKE_ONE(&s->word);
}

#if BITS == 32
static inline void tells_n(struct cordon_litmus_state *s)
{
    s->data = 1;
    put(&s->word, 1);
    cordon_wake_n_u32(&s->word, 2);
}

/* By what they have in common with a call: 2 by the first, 3 by either. */
static inline void tells_marked(struct cordon_litmus_state *s)
{
    s->data = 1;
    put(&s->word, 1);
    cordon_wake_marked_u32(&s->word, 2);
    cordon_wake_marked_u32(&s->word, 1);
}

static inline enum cordon_result bears(struct cordon_litmus_state *s, uint32_t marks,
                                       uint64_t deadline)
{
    while (atomic_load_explicit(&s->word, memory_order_acquire) == 0) {
        if (cordon_park_marked_u32(&s->word, 0, marks, deadline) == CORDON_TIMEDOUT) {
            return CORDON_TIMEDOUT;
        }
    }
    CORDON_EXPECT(s->data == 1);
    return CORDON_OK;
}

static inline void bears_2(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(bears(s, 2, CORDON_NEVER) == CORDON_OK);
}

static inline void bears_3(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(bears(s, 3, CORDON_NEVER) == CORDON_OK);
}

/* Nobody calls it by its mark. */
static inline void bears_late(struct cordon_litmus_state *s)
{
    if (bears(s, 4, cordon_deadline_after(1000)) == CORDON_OK) {
        s->told = 1;
    } else {
        s->late = 1;
    }
}
#endif

static inline void counts(struct cordon_litmus_state *s)
{
    tells_all(s);
    put(&s->word, 2);
    WAKE_ALL(&s->word);
}

static inline void adds(struct cordon_litmus_state *s, WORD what)
{
    (void)atomic_fetch_or_explicit(&s->word, what, memory_order_release);
    WAKE_ONE(&s->word);
}

static inline void adds_1(struct cordon_litmus_state *s)
{
    s->data = 1;
    adds(s, 1);
}

static inline void adds_2(struct cordon_litmus_state *s)
{
    adds(s, 2);
}

/* Who waits for that. */

static inline void waits(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(WAIT(&s->word, 0, CORDON_NEVER) == CORDON_OK);
    CORDON_EXPECT(s->data == 1);
}

/* Whoever stored. */
static inline void rises(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(WAIT(&s->word, 0, CORDON_NEVER) == CORDON_OK);
}

static inline void waits_on(struct cordon_litmus_state *s)
{
    waits(s);
    CORDON_EXPECT(WAIT(&s->word, 1, CORDON_NEVER) == CORDON_OK);
    CORDON_EXPECT(atomic_load_explicit(&s->word, memory_order_relaxed) == 2);
}

static inline void waits_for_3(struct cordon_litmus_state *s)
{
    WORD word;
    while ((word = atomic_load_explicit(&s->word, memory_order_acquire)) != 3) {
        CORDON_EXPECT(WAIT(&s->word, word, CORDON_NEVER) == CORDON_OK);
    }
    CORDON_EXPECT(s->data == 1);
}

static inline void frees(struct cordon_litmus_state *s)
{
    waits(s);
    memset((void *)&s->word, 0xff, sizeof s->word);
}

static inline void gives_up(struct cordon_litmus_state *s)
{
    if (WAIT(&s->word, 0, cordon_deadline_after(1000)) == CORDON_OK) {
        CORDON_EXPECT(s->data == 1);
        s->told = 1;
    } else {
        s->late = 1;
    }
}

/* Alone. A deadline decides only if the value does not. */
static inline void looks(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(WAIT(&s->word, 0, 0) == CORDON_TIMEDOUT);
    CORDON_EXPECT(WAIT(&s->word, 0, cordon_deadline_after(1000)) == CORDON_TIMEDOUT);
    put(&s->word, 1);
    CORDON_EXPECT(WAIT(&s->word, 0, 0) == CORDON_OK);
}

/* Two who tell each other. */

static inline void asks(struct cordon_litmus_state *s)
{
    tells(s);
    CORDON_EXPECT(WAIT(&s->back, 0, CORDON_NEVER) == CORDON_OK);
    CORDON_EXPECT(s->data == 2);
}

static inline void answers(struct cordon_litmus_state *s)
{
    waits(s);
    s->data = 2;
    put(&s->back, 1);
    WAKE_ALL(&s->back);
}

CORDON_LITMUS(.threads = {PARTS}, .outcomes = {CORDON_OUTCOME(told), CORDON_OUTCOME(late)})
