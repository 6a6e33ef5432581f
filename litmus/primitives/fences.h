/* fences.h - the client of fences: litmus tests, each thread of which has a fence between two accesses.
 *
 * The including file has defined SHAPE, as one of the names below, and the fence of each thread,
 * FENCE_0() to FENCE_3(), as far as the shape has them. STORE_0 and STORE_1 are the store before the
 * fence of thread 0 and 1, together with it; a store and then the fence unless the file has something
 * else. All accesses are relaxed: what order there is, is the fences'.
 *
 * The names are those of the literature (L. Maranget, S. Sarkar, P. Sewell, "A Tutorial Introduction to
 * the ARM and POWER Relaxed Memory Models", 2012); W22 is 2+2W.
 */
#include <cordon/fence.h>
#include <cordon/litmus.h>

/* A release before what is then stored, an acquire after what was loaded. */
#define MP    1 /* a message and its flag; here with two flags, for which one fence serves */
#define GIVES 2 /* what was read may be overwritten: load buffering, of plain data */
#define S     3 /* a store that follows a load overwrites what the flag came after */
#define LB    4 /* two threads that each load, and then store what the other loads */
#define WRC   5 /* who passes on what it has read, passes it on with all that it knows */
#define ISA2  6 /* a message by way of a third thread */
#define RS    7 /* by way of a third thread that only counts the flag up */
/* Nothing but a full fence on both sides does. */
#define SB 11 /* of two threads that store and then look, one sees the other's store */
#define R  12 /* of two stores to y the first is overwritten by whoever did not see x */
#define W22 \
    13 /* two threads store to two places crosswise: one of them is the last in one at least */
#define RWC  14 /* SB, the one store seen by a third thread */
#define WRWC 15 /* SB, one of the stores published to the thread that looks */
#define IRIW 16 /* two readers agree on which of two independent stores came first */

struct cordon_litmus_state {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(int) x;
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(int) y;
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(int) z;
    CORDON_ALIGNED(CORDON_LINE) int data; /* plain: what the fences do not order is a data race */
    CORDON_ALIGNED(CORDON_LINE) int a;    /* what the threads saw, and how the memory was left */
    CORDON_ALIGNED(CORDON_LINE) int b;
    CORDON_ALIGNED(CORDON_LINE) int c;
    CORDON_ALIGNED(CORDON_LINE) int d;
};

#define LOAD(object)         atomic_load_explicit((object), memory_order_relaxed)
#define STORE(object, value) atomic_store_explicit((object), (value), memory_order_relaxed)
#ifndef STORE_0
#define STORE_0(object, value)  \
    do {                        \
        STORE((object), value); \
        FENCE_0();              \
    } while (0)
#endif
#ifndef STORE_1
#define STORE_1(object, value)  \
    do {                        \
        STORE((object), value); \
        FENCE_1();              \
    } while (0)
#endif
#define THREAD(number) static void thread_##number(struct cordon_litmus_state *s)

#if SHAPE == MP
#define THREADS thread_0, thread_1
THREAD(0)
{
    s->data = 1;
    FENCE_0();
    STORE(&s->x, 1);
    STORE(&s->y, 1);
}

THREAD(1)
{
    s->a = LOAD(&s->y);
    s->b = LOAD(&s->x);
    FENCE_1();
    if (s->a || s->b) {
        CORDON_EXPECT(s->data == 1);
    }
}

#elif SHAPE == GIVES
#define THREADS thread_0, thread_1
THREAD(0)
{
    s->a = s->data;
    FENCE_0();
    STORE(&s->y, 1);
    CORDON_EXPECT(s->a == 0);
}

THREAD(1)
{
    s->b = LOAD(&s->y);
    if (s->b) {
        FENCE_1();
        s->data = 1;
    }
}

#elif SHAPE == S
#define THREADS thread_0, thread_1
#define CHECK()         \
    s->a = LOAD(&s->x); \
    CORDON_EXPECT(s->b == 0 || s->a == 1)
THREAD(0)
{
    STORE(&s->x, 2);
    FENCE_0();
    STORE(&s->y, 1);
}

THREAD(1)
{
    s->b = LOAD(&s->y);
    FENCE_1();
    STORE(&s->x, 1);
}

#elif SHAPE == LB
#define THREADS thread_0, thread_1
#define CHECK() CORDON_EXPECT(s->a == 0 || s->b == 0)
THREAD(0)
{
    s->a = LOAD(&s->x);
    FENCE_0();
    STORE(&s->y, 1);
}

THREAD(1)
{
    s->b = LOAD(&s->y);
    FENCE_1();
    STORE(&s->x, 1);
}

#elif SHAPE == WRC
#define THREADS thread_0, thread_1, thread_2
#define CHECK() CORDON_EXPECT(s->a == 0 || s->b == 0 || s->c == 1)
THREAD(0)
{
    STORE(&s->x, 1);
}

THREAD(1)
{
    s->a = LOAD(&s->x);
    FENCE_1();
    STORE(&s->y, 1);
}

THREAD(2)
{
    s->b = LOAD(&s->y);
    FENCE_2();
    s->c = LOAD(&s->x);
}

#elif SHAPE == ISA2
#define THREADS thread_0, thread_1, thread_2
THREAD(0)
{
    s->data = 1;
    FENCE_0();
    STORE(&s->x, 1);
}

THREAD(1)
{
    s->a = LOAD(&s->x);
    FENCE_1();
    if (s->a) {
        STORE(&s->y, 1);
    }
}

THREAD(2)
{
    s->b = LOAD(&s->y);
    FENCE_2();
    if (s->b) {
        CORDON_EXPECT(s->data == 1);
    }
}

#elif SHAPE == RS
#define THREADS thread_0, thread_1, thread_2
THREAD(0)
{
    s->data = 1;
    FENCE_0();
    STORE(&s->x, 1);
}

THREAD(1)
{
    s->a = atomic_fetch_add_explicit(&s->x, 1, memory_order_relaxed);
}

THREAD(2)
{
    s->b = LOAD(&s->x);
    FENCE_2();
    if (s->b == 2) {
        CORDON_EXPECT(s->data == 1);
    }
}

#elif SHAPE == SB
#define THREADS thread_0, thread_1
#define CHECK() CORDON_EXPECT(s->a == 1 || s->b == 1)
THREAD(0)
{
    STORE_0(&s->x, 1);
    s->a = LOAD(&s->y);
}

THREAD(1)
{
    STORE_1(&s->y, 1);
    s->b = LOAD(&s->x);
}

#elif SHAPE == R
#define THREADS thread_0, thread_1
#define CHECK()         \
    s->b = LOAD(&s->y); \
    CORDON_EXPECT(s->b == 1 || s->a == 1)
THREAD(0)
{
    STORE_0(&s->x, 1);
    STORE(&s->y, 1);
}

THREAD(1)
{
    STORE_1(&s->y, 2);
    s->a = LOAD(&s->x);
}

#elif SHAPE == W22
#define THREADS thread_0, thread_1
#define CHECK()         \
    s->a = LOAD(&s->x); \
    s->b = LOAD(&s->y); \
    CORDON_EXPECT(s->a == 2 || s->b == 2)
THREAD(0)
{
    STORE_0(&s->x, 1);
    STORE(&s->y, 2);
}

THREAD(1)
{
    STORE_1(&s->y, 1);
    STORE(&s->x, 2);
}

#elif SHAPE == RWC
#define THREADS thread_0, thread_1, thread_2
#define CHECK() CORDON_EXPECT(s->c == 0 || s->a == 1 || s->b == 1)
THREAD(0)
{
    STORE_0(&s->x, 1);
    s->a = LOAD(&s->y);
}

THREAD(1)
{
    s->c = LOAD(&s->y);
    FENCE_1();
    s->b = LOAD(&s->x);
}

THREAD(2)
{
    STORE(&s->y, 1);
}

#elif SHAPE == WRWC
#define THREADS thread_0, thread_1, thread_2
#define CHECK() CORDON_EXPECT(s->c == 0 || s->a == 1 || s->b == 1)
THREAD(0)
{
    STORE_0(&s->x, 1);
    s->a = LOAD(&s->y);
}

THREAD(1)
{
    s->c = LOAD(&s->z);
    FENCE_1();
    s->b = LOAD(&s->x);
}

THREAD(2)
{
    STORE(&s->y, 1);
    FENCE_2();
    STORE(&s->z, 1);
}

#elif SHAPE == IRIW
#define THREADS thread_0, thread_1, thread_2, thread_3
#define CHECK() CORDON_EXPECT(!(s->a == 1 && s->b == 0 && s->c == 1 && s->d == 0))
THREAD(0)
{
    s->a = LOAD(&s->x);
    FENCE_0();
    s->b = LOAD(&s->y);
}

THREAD(1)
{
    s->c = LOAD(&s->y);
    FENCE_1();
    s->d = LOAD(&s->x);
}

THREAD(2)
{
    STORE(&s->x, 1);
}

THREAD(3)
{
    STORE(&s->y, 1);
}
#endif

#ifndef INIT
#define INIT() (void)0
#endif
static void init(struct cordon_litmus_state *s)
{
    (void)s;
    INIT();
}

#ifndef CHECK
#define CHECK() (void)s
#endif
static void check(struct cordon_litmus_state *s)
{
    CHECK();
}

CORDON_LITMUS(.init = init, .threads = {THREADS}, .check = check,
              .outcomes = {CORDON_OUTCOME(a), CORDON_OUTCOME(b), CORDON_OUTCOME(c),
                           CORDON_OUTCOME(d)})
