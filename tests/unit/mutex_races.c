/* The races of sync/mutex.h that hardly ever happen, made to happen: src/mutex.c is compiled here
 * with a cordon_park_u32 that runs the test's next step where the kernel would let others run.
 * Everybody is the same thread; that is all right, as a mutex does not know its owner.
 */
#include <cordon/wait.h>

static enum cordon_result park_step(const CORDON_ATOMIC(uint32_t) * address, uint32_t old,
                                    uint64_t deadline);
#define cordon_park_u32 park_step
#include "../../src/mutex.c"

#include <criterion/criterion.h>

static struct cordon_mutex mutex;
static enum cordon_result (*steps[4])(void); /* one for each sleep */
static unsigned slept;
static bool second;

static enum cordon_result park_step(const CORDON_ATOMIC(uint32_t) * address, uint32_t old,
                                    uint64_t deadline)
{
    (void)old;
    cr_assert(slept < 4 && steps[slept] != NULL, "sleep %u was not expected", slept);
    const enum cordon_result result = steps[slept++]();
    if (deadline != CORDON_NEVER) {
        while (cordon_now() < deadline) {
            cordon_cpu_relax();
        }
    }
    (void)address;
    return result;
}

static uint32_t word_now(void)
{
    return atomic_load_explicit(&mutex.word, memory_order_relaxed);
}

static enum cordon_result unlocked(void)
{
    cordon_mutex_unlock(&mutex);
    cr_assert_eq(word_now(), CALLED);
    return CORDON_TIMEDOUT;
}

Test(mutex_races, called_as_time_runs_out_it_takes_a_free_lock)
{
    steps[0] = unlocked;
    cordon_mutex_lock(&mutex);
    cr_assert(cordon_mutex_lock_until(&mutex, cordon_deadline_after(1000000)));
    cr_assert_eq(word_now(), LOCKED);
    cr_assert_null(mutex.queue);
}

static enum cordon_result unlocked_and_taken(void)
{
    cordon_mutex_unlock(&mutex);
    cr_assert(cordon_mutex_try_lock(&mutex));
    cr_assert_eq(word_now(), LOCKED | CALLED | OVERTAKEN);
    return CORDON_TIMEDOUT;
}

Test(mutex_races, called_as_time_runs_out_it_gives_up_a_held_lock)
{
    steps[0] = unlocked_and_taken;
    cordon_mutex_lock(&mutex);
    cr_assert_not(cordon_mutex_lock_until(&mutex, cordon_deadline_after(1000000)));
    cr_assert_eq(word_now() & ~OVERTAKES_, LOCKED);
    cordon_mutex_unlock(&mutex);
    cr_assert_eq(word_now(), 0);
}

/* The first is called and gives up: the call passes on to the second. */
static enum cordon_result second_comes(void)
{
    second = cordon_mutex_lock_until(&mutex, CORDON_NEVER);
    return CORDON_OK;
}

static enum cordon_result first_gives_up(void)
{
    struct cordon_mutex_waiter *first = mutex.queue;
    cr_assert_neq(first->after, first);
    cordon_mutex_unlock(&mutex);
    cr_assert_eq(atomic_load_explicit(&first->called, memory_order_relaxed), 1);
    cr_assert(cordon_mutex_try_lock(&mutex));
    /* What the first does when it finds the lock held and its time over. */
    atomic_fetch_and_explicit(&mutex.word, ~CALLED, memory_order_relaxed);
    cordon_mutex_unlock(&mutex);
    cr_assert_eq(word_now() & ~OVERTAKES_, CALLED, "nobody was called");
    return CORDON_OK;
}

Test(mutex_races, a_call_passes_on)
{
    steps[0] = second_comes;
    steps[1] = first_gives_up;
    cordon_mutex_lock(&mutex);
    uint32_t word = word_now();
    cr_assert(edit(&mutex, &word, word | QUEUED | EDITING));
    cr_assert(sleep_until_called(&mutex, false, CORDON_NEVER));
    cr_assert(second);
    cr_assert_eq(word_now(), LOCKED);
}

/* An unlock that meets an editor leaves it to the editor to call. */
static enum cordon_result unlocked_under_an_editor(void)
{
    uint32_t word = word_now();
    cr_assert(edit(&mutex, &word, word | EDITING));
    cordon_mutex_unlock(&mutex);
    cr_assert_eq(word_now(), QUEUED | EDITING);
    leave(&mutex, 0, NULL);
    cr_assert_eq(word_now(), CALLED);
    return CORDON_OK;
}

Test(mutex_races, an_editor_calls_for_an_unlock_it_has_met)
{
    steps[0] = unlocked_under_an_editor;
    cordon_mutex_lock(&mutex);
    cordon_mutex_lock(&mutex);
    cr_assert_eq(word_now(), LOCKED);
}

/* A front that finds the lock held again goes back to the head, past one that came meanwhile. */
static enum cordon_result taken_and_another_waits(void)
{
    cordon_mutex_unlock(&mutex);
    cr_assert(cordon_mutex_try_lock(&mutex));
    second = cordon_mutex_lock_until(&mutex, cordon_deadline_after(1000000));
    return CORDON_OK;
}

static enum cordon_result first_returns(void)
{
    static struct cordon_mutex_waiter front;
    struct cordon_mutex_waiter *other = mutex.queue;
    uint32_t word = word_now();
    cr_assert_eq(word & ~OVERTAKES_, LOCKED | QUEUED | CALLED);
    cr_assert(edit(&mutex, &word, (word & ~CALLED) | EDITING | QUEUED));
    link_waiter(&mutex, &front, true);
    leave(&mutex, 0, NULL);
    cr_assert_eq(mutex.queue, &front);
    cr_assert_eq(front.after, other);
    cordon_mutex_unlock(&mutex);
    cr_assert_eq(atomic_load_explicit(&front.called, memory_order_relaxed), 1);
    cr_assert_eq(mutex.queue, other);
    return CORDON_TIMEDOUT;
}

Test(mutex_races, a_front_returns_to_the_head)
{
    steps[0] = taken_and_another_waits;
    steps[1] = first_returns;
    cordon_mutex_lock(&mutex);
    cordon_mutex_lock(&mutex);
    cr_assert_not(second);
    cr_assert_eq(word_now(), LOCKED);
    cr_assert_null(mutex.queue);
}
