/* pair.h - for the client of a sequence lock: a reader gets a whole object, of no store older than one
 * it knows of, and with it whatever preceded that store.
 *
 * The including file defines SHARED (members of the state), and after that put, get and try_get. Then
 * it chooses among the threads below, and adds its own.
 */
#include <cordon/litmus.h>
#include <cordon/seq/words.h>
#include <cordon/wait.h>

/* A reader must see both words equal. */
struct pair {
    uintptr_t first, second;
};

struct cordon_litmus_state {
    SHARED
    int before[4]; /* plain, [i] written before store number i: who is not ordered races */
    int stored;    /* by the last writer */
    CORDON_ATOMIC(int) told;   /* the number of a store that is over, or was seen by a reader */
    CORDON_ATOMIC(int) met[4]; /* threads meet midway */
    int saw, saw_next, missed;
};

/* Write and read it; try_get is one attempt, that may fail. */
static inline void put(struct cordon_litmus_state *s, const struct pair *pair);
static inline void get(struct cordon_litmus_state *s, struct pair *pair);
static inline bool try_get(struct cordon_litmus_state *s, struct pair *pair);

static inline void stores(struct cordon_litmus_state *s, int number)
{
    const struct pair pair = {(uintptr_t)number, (uintptr_t)number};
    s->before[number] = number;
    put(s, &pair);
    s->stored = number;
}

/* What a reader has got that knew of store number `known`. Returns the number of the store it saw. */
static inline int judge(struct cordon_litmus_state *s, const struct pair *pair, int known)
{
    const int number = (int)pair->first;
    CORDON_EXPECT(pair->first == pair->second);
    CORDON_EXPECT(number >= known);
    for (int i = 1; i <= number && i < 4; ++i) {
        CORDON_EXPECT(s->before[i] == i);
    }
    return number;
}

static inline int loads(struct cordon_litmus_state *s, int known)
{
    struct pair pair;
    get(s, &pair);
    return judge(s, &pair, known);
}

static inline void tell(CORDON_ATOMIC(int) * whom, int number)
{
    atomic_store_explicit(whom, number, memory_order_release);
}

static inline int hear(const CORDON_ATOMIC(int) * whom)
{
    return atomic_load_explicit(whom, memory_order_acquire);
}

static inline void await(const CORDON_ATOMIC(int) * whom)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (hear(whom) == 0) {
        cordon_wait_step(&waiter);
    }
}

/* Writers. */

static inline void writes(struct cordon_litmus_state *s)
{
    stores(s, 1);
}

static inline void writes_and_tells(struct cordon_litmus_state *s)
{
    stores(s, 1);
    tell(&s->told, 1);
}

/* And reads its own object. */
static inline void writes_twice(struct cordon_litmus_state *s)
{
    stores(s, 1);
    CORDON_EXPECT(loads(s, 1) == 1);
    stores(s, 2);
}

static inline void writes_thrice(struct cordon_litmus_state *s)
{
    for (int i = 1; i <= 3; ++i) {
        stores(s, i);
    }
}

/* A second writer, kept apart: it writes if it knows that the first is done. */
static inline void writes_after(struct cordon_litmus_state *s)
{
    if (hear(&s->told) == 1) {
        stores(s, 2);
    }
}

/* Readers. */

static inline void reads(struct cordon_litmus_state *s)
{
    s->saw = loads(s, 0);
}

static inline void reads_twice(struct cordon_litmus_state *s)
{
    s->saw = loads(s, 0);
    s->saw_next = loads(s, s->saw);
}

static inline void reads_too(struct cordon_litmus_state *s)
{
    s->saw_next = loads(s, 0);
}

static inline void reads_twice_too(struct cordon_litmus_state *s)
{
    (void)loads(s, loads(s, 0));
}

/* Sees at least the store that the writer, or another reader, told it of. */
static inline void hears_and_reads(struct cordon_litmus_state *s)
{
    s->saw_next = loads(s, hear(&s->told));
}

static inline void reads_and_tells(struct cordon_litmus_state *s)
{
    s->saw = loads(s, 0);
    tell(&s->told, s->saw);
}

/* A writer that writes once is not in the way of a reader that knows that it has written. */
static inline void hears_and_tries(struct cordon_litmus_state *s)
{
    const int known = hear(&s->told);
    struct pair pair;
    if (try_get(s, &pair)) {
        s->saw = judge(s, &pair, known);
    } else {
        CORDON_EXPECT(known == 0);
        s->missed = 1;
    }
}
static inline void check(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(loads(s, 0) == s->stored);
}

#define OUTCOMES CORDON_OUTCOME(saw), CORDON_OUTCOME(saw_next), CORDON_OUTCOME(missed)
