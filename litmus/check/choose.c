/* choose.c - see choose.h */
#include "choose.h"

#include "check.h"

bool choosing;

static const struct record *record; /* or NULL: dice */
static int next;                    /* its step */
static uint64_t dice;

static uint64_t roll(uint64_t sides)
{
    dice += UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 */
    uint64_t z = dice;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % sides;
}

void choose_by_dice(uint64_t seed)
{
    choosing = true;
    dice = seed;
}

void choose_recorded(const struct record *to_follow)
{
    choosing = true;
    record = to_follow;
    next = 0;
}

/* Steps are taken as their events are added; the write part of a read-modify-write comes by itself. */
static const struct record_step *present_step(void)
{
    while (next < record->count) {
        const struct record_step *step = &record->step[next];
        if (graph->thread[step->thread].count <= step->position) {
            return step;
        }
        ++next;
    }
    return NULL;
}

/* The step that choose_thread has chosen, or NULL beyond the record's end. */
static const struct record_step *this_step(void)
{
    return next < record->count ? &record->step[next] : NULL;
}

static int differs(uintptr_t pc)
{
    fail(FOUND_UNSUPPORTED, pc, 0,
         "the program does not do what line %d of the record says: it is of "
         "another program, or was compiled in another way",
         next + 4);
    return 0;
}

int choose_thread(uint32_t ready, uint32_t waiting, bool *insist)
{
    *insist = false;
    if (!record && !ready) {
        return -1;
    }
    if (!record) {
        int left = (int)roll((uint64_t)__builtin_popcount(ready));
        while (left-- > 0) {
            ready &= ready - 1;
        }
        return __builtin_ctz(ready);
    }
    const struct record_step *step = present_step();
    if (!step) {
        return -1;
    }
    if (!((ready | waiting) >> step->thread & 1)) {
        differs(0);
        return -1;
    }
    *insist = true;
    return step->thread;
}

int choose_one(const struct event *e, const int32_t *candidates, int count)
{
    if (!record) {
        return (int)roll((uint64_t)count);
    }
    const struct record_step *step = this_step();
    int32_t wanted = NOBODY;
    if (!step) {
        return count - 1;
    }
    if (step->kind == e->kind && e->kind == READ) {
        wanted = step->rf_thread == RECORD_INITIAL
                     ? INITIAL
                     : graph->thread[step->rf_thread].at[step->rf_position];
    } else if (step->kind == e->kind && e->kind == WRITE) {
        const struct names *co = &graph->place[e->location].co;
        wanted = step->place == 0           ? INITIAL
                 : step->place <= co->count ? co->at[step->place - 1]
                                            : NOBODY;
    }
    for (int i = 0; i < count; ++i) {
        if (candidates[i] == wanted) {
            return i;
        }
    }
    return differs(e->pc);
}

uint64_t choose_value(uint64_t count)
{
    if (!record) {
        return roll(count);
    }
    const struct record_step *step = this_step();
    return step && step->kind == CHOICE && step->value < count ? step->value : 0;
}

bool choose_spurious(void)
{
    if (!record) {
        return roll(8) == 0;
    }
    const struct record_step *step = this_step();
    return step && step->kind == READ && step->spurious;
}
