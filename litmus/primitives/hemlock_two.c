/* hemlock_two.c - Hemlock, where a thread holds two locks: one word of its own passes both on, to
 * threads that wait for the one or for the other. Its self is overwritten when it holds neither.
 *
 * with: src/wait.c
 * quick: -DPARTS=first_out,left,right                a thread has both, others wait for one each
 * quick: -DPARTS=last_out,left,right                 the same; it gives back the other one first
 * quick: -DPARTS=comes_again,left,right  it takes one of them again while it holds the other
 * quick: -DPARTS=first_out,last_out                  two threads want both
 * quick: -DPARTS=first_out,last_out,right --no-mutate  and a third wants one
 * quick: -DPARTS=last_out,left,right,right --no-mutate  two wait for the one, one for the other
 * quick: -DPARTS=comes_again,left,left,right --no-mutate  the same, and it takes that one again
 * quick: -DPARTS=first_out,last_out,left,right --no-mutate  two want both, two want one each
 */
#include <cordon/litmus.h>
#include <cordon/spin/hemlock.h>

#include <string.h>

/* What a thread does, step by step: L and R lock the left lock and the right, l and r unlock. */
enum part { first_out, last_out, comes_again, left, right };
static const char *const steps[] = {
    [first_out] = "LRlr", [last_out] = "LRrl", [comes_again] = "LRlLlr",
    [left] = "Ll",        [right] = "Rr",
};
static const enum part parts[] = {PARTS};

struct one {
    struct cordon_hemlock lock;
    volatile int inside; /* volatile: both writes are made, however short it is */
    int entered;         /* plain: a data race, if it is not ordered */
};

struct cordon_litmus_state {
    struct one left, right;
    struct cordon_hemlock_self selves[5];
    int entered_left, entered_right; /* what comes out */
};

static void step(struct one *one, bool locks, struct cordon_hemlock_self *self)
{
    if (locks) {
        cordon_hemlock_lock(&one->lock, self);
        CORDON_EXPECT(one->inside == 0);
        one->inside = 1;
        ++one->entered;
    } else {
        one->inside = 0;
        cordon_hemlock_unlock(&one->lock, self);
    }
}

static void run(struct cordon_litmus_state *s, int number, const char *steps_of_this)
{
    struct cordon_hemlock_self *const self = &s->selves[number];
    memset(self, 0, sizeof *self);
    for (const char *at = steps_of_this; *at != '\0'; ++at) {
        step(*at == 'L' || *at == 'l' ? &s->left : &s->right, *at == 'L' || *at == 'R', self);
    }
    memset(self, 0xff, sizeof *self);
}

#define IS_THERE(number) (number < sizeof parts / sizeof *parts)
#define THREAD(number)                                         \
    static void thread_##number(struct cordon_litmus_state *s) \
    {                                                          \
        if (IS_THERE(number)) {                                \
            run(s, number, steps[parts[number]]);              \
        }                                                      \
    }
THREAD(0)
THREAD(1)
THREAD(2)
THREAD(3)
#define PART(number) (IS_THERE(number) ? thread_##number : NULL)

static void check(struct cordon_litmus_state *s)
{
    run(s, 4, "LRlr"); /* both are free again */
    s->entered_left = s->left.entered;
    s->entered_right = s->right.entered;
}

CORDON_LITMUS(.threads = {PART(0), PART(1), PART(2), PART(3)}, .check = check,
              .outcomes = {CORDON_OUTCOME(entered_left), CORDON_OUTCOME(entered_right)})
