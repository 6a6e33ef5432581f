/* shapes.c - the threads of the tests, each as a loop over a run's instances. All accesses are relaxed. */
#include "classic.h"

#include "run/meet.h"

struct cells {
    atomic_int *x, *y;
};

typedef void code(struct cells at, int *const *out, size_t i);

#define ALWAYS static inline __attribute__((always_inline))

ALWAYS void put(atomic_int *at, int value)
{
    atomic_store_explicit(at, value, memory_order_relaxed);
}

ALWAYS int get(atomic_int *at)
{
    return atomic_load_explicit(at, memory_order_relaxed);
}

ALWAYS void wait_for_time(uint64_t time)
{
    while (clock_read() < time) {
    }
}

ALWAYS void synchronise(const struct classic_run *run, enum classic_sync sync, unsigned id,
                        size_t i)
{
    _Atomic uint64_t *flag = &run->flag[i];
    uint64_t time = 1;
    if (sync == CLASSIC_NONE) {
        return;
    }
    if (i % run->threads == id) {
        time = sync == CLASSIC_TIMEBASE ? clock_read() + run->setting.ahead : 1;
        atomic_store_explicit(flag, time, memory_order_release); /* R0 -> A0 */
    } else {
        do {
            time = atomic_load_explicit(flag, memory_order_acquire); /* A0 <- R0 */
        } while (time == 0);
    }
    if (sync == CLASSIC_TIMEBASE) {
        wait_for_time(time);
    }
}

/* All but `run` are constants, and the body is inlined: each combination becomes a loop of its own. */
ALWAYS void loop(const struct classic_run *run, enum classic_sync sync, bool indirect, unsigned id,
                 code *body)
{
    const size_t size = run->setting.size, stride = run->setting.stride;
    for (size_t i = 0; i < size; ++i) {
        struct cells at;
        if (indirect) {
            at = (struct cells){run->pointer[0][i], run->pointer[1][i]};
        } else {
            at = (struct cells){run->memory[0] + i * stride, run->memory[1] + i * stride};
        }
        synchronise(run, sync, id, i);
        atomic_signal_fence(memory_order_seq_cst); /* instances do not mix in the compiler */
        body(at, run->out, i);
        atomic_signal_fence(memory_order_seq_cst);
    }
}

ALWAYS void run_thread(const struct classic_run *run, unsigned id, code *body)
{
    const bool indirect = run->setting.indirect;
    switch (run->setting.sync) {
    case CLASSIC_NONE:
        indirect ? loop(run, CLASSIC_NONE, true, id, body)
                 : loop(run, CLASSIC_NONE, false, id, body);
        break;
    case CLASSIC_USER:
        indirect ? loop(run, CLASSIC_USER, true, id, body)
                 : loop(run, CLASSIC_USER, false, id, body);
        break;
    case CLASSIC_TIMEBASE:
        indirect ? loop(run, CLASSIC_TIMEBASE, true, id, body)
                 : loop(run, CLASSIC_TIMEBASE, false, id, body);
        break;
    }
}

#define THREAD(name, id, ...)                                                  \
    ALWAYS void name##_##id##_body(struct cells at, int *const *out, size_t i) \
    {                                                                          \
        (void)out, (void)i;                                                    \
        __VA_ARGS__                                                            \
    }                                                                          \
    static void name##_##id(const struct classic_run *run)                     \
    {                                                                          \
        run_thread(run, id, name##_##id##_body);                               \
    }

THREAD(sb, 0, put(at.x, 1); out[0][i] = get(at.y);)
THREAD(sb, 1, put(at.y, 1); out[1][i] = get(at.x);)
THREAD(mp, 0, put(at.x, 1); put(at.y, 1);)
THREAD(mp, 1, out[0][i] = get(at.y); out[1][i] = get(at.x);)
THREAD(lb, 0, int r = get(at.x); put(at.y, 1); out[0][i] = r;)
THREAD(lb, 1, int r = get(at.y); put(at.x, 1); out[1][i] = r;)
THREAD(s, 0, put(at.x, 2); put(at.y, 1);)
THREAD(s, 1, int r = get(at.y); put(at.x, 1); out[0][i] = r;)
THREAD(r, 0, put(at.x, 1); put(at.y, 1);)
THREAD(r, 1, put(at.y, 2); out[0][i] = get(at.x);)
THREAD(ww, 0, put(at.x, 2); put(at.y, 1);)
THREAD(ww, 1, put(at.y, 2); put(at.x, 1);)
THREAD(wrc, 0, put(at.x, 1);)
THREAD(wrc, 1, int r = get(at.x); put(at.y, 1); out[0][i] = r;)
THREAD(wrc, 2, int r = get(at.y); int s = get(at.x); out[1][i] = r; out[2][i] = s;)
THREAD(iriw, 0, put(at.x, 1);)
THREAD(iriw, 1, int r = get(at.x); int s = get(at.y); out[0][i] = r; out[1][i] = s;)
THREAD(iriw, 2, put(at.y, 1);)
THREAD(iriw, 3, int r = get(at.y); int s = get(at.x); out[2][i] = r; out[3][i] = s;)

#define REGISTER(i, weak) \
    {                     \
        false, i, weak    \
    }
#define X(weak)       \
    {                 \
        true, 0, weak \
    }
#define Y(weak)       \
    {                 \
        true, 1, weak \
    }

const struct classic_shape classic_shape[CLASSIC_SHAPES] = {
    {"SB+rlx", 2, {sb_0, sb_1}, 2, {REGISTER(0, 0), REGISTER(1, 0)}},
    {"R+rlx", 2, {r_0, r_1}, 2, {Y(2), REGISTER(0, 0)}},
    {"MP+rlx", 2, {mp_0, mp_1}, 2, {REGISTER(0, 1), REGISTER(1, 0)}},
    {"LB+rlx", 2, {lb_0, lb_1}, 2, {REGISTER(0, 1), REGISTER(1, 1)}},
    {"S+rlx", 2, {s_0, s_1}, 2, {X(2), REGISTER(0, 1)}},
    {"2+2W+rlx", 2, {ww_0, ww_1}, 2, {X(2), Y(2)}},
    {"WRC+rlx", 3, {wrc_0, wrc_1, wrc_2}, 3, {REGISTER(0, 1), REGISTER(1, 1), REGISTER(2, 0)}},
    {"IRIW+rlx",
     4,
     {iriw_0, iriw_1, iriw_2, iriw_3},
     4,
     {REGISTER(0, 1), REGISTER(1, 0), REGISTER(2, 1), REGISTER(3, 0)}},
};
