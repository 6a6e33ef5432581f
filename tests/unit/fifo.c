/* Units of sync/fifo.h. */
#include <cordon/sync/fifo.h>

#include <criterion/criterion.h>

#include <pthread.h>

static struct cordon_fifo lock;
static unsigned entered[70], count; /* guarded */

static uint32_t next_of(void)
{
    return atomic_load_explicit(&lock.next, memory_order_relaxed);
}

static uint32_t serving_of(void)
{
    return atomic_load_explicit(&lock.serving, memory_order_relaxed);
}

static void *enters(void *name)
{
    cordon_fifo_lock(&lock);
    entered[count++] = *(unsigned *)name;
    cordon_fifo_unlock(&lock);
    return NULL;
}

static void await_next(uint32_t next)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (next_of() != next) {
        cordon_wait_step(&waiter);
    }
}

static void await_sleeper(void)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while ((serving_of() & CORDON_FIFO_ASLEEP_) == 0) {
        cordon_wait_step(&waiter);
    }
}

Test(fifo, is_two_words_and_valid_as_zero)
{
    struct cordon_fifo fifo = CORDON_FIFO_INIT;
    cr_assert_eq(sizeof fifo, 8);
    for (int round = 0; round < 2; ++round) {
        cordon_fifo_lock(&fifo);
        cr_assert_not(cordon_fifo_try_lock(&fifo));
        cordon_fifo_unlock(&fifo);
        cr_assert(cordon_fifo_try_lock(&fifo));
        cr_assert_not(cordon_fifo_try_lock(&fifo));
        cordon_fifo_unlock(&fifo);
    }
    cr_assert_eq(atomic_load_explicit(&fifo.serving, memory_order_relaxed), 4 * CORDON_FIFO_ONE_);
}

Test(fifo, wraps_around)
{
    struct cordon_fifo fifo = {CORDON_ATOMIC_INIT(UINT32_MAX - 1),
                               CORDON_ATOMIC_INIT(UINT32_MAX - 1)};
    cordon_fifo_lock(&fifo);
    cr_assert_not(cordon_fifo_try_lock(&fifo));
    cordon_fifo_unlock(&fifo);
    cr_assert(cordon_fifo_try_lock(&fifo));
    cordon_fifo_unlock(&fifo);
    cr_assert_eq(atomic_load_explicit(&fifo.serving, memory_order_relaxed), CORDON_FIFO_ONE_);
}

Test(fifo, unlock_wakes_a_sleeper_and_the_last_leaves_no_trace)
{
    pthread_t thread;
    unsigned name = 7;
    cordon_fifo_lock(&lock);
    cr_assert_eq(pthread_create(&thread, NULL, enters, &name), 0);
    await_sleeper();
    cr_assert_not(cordon_fifo_try_lock(&lock));
    cordon_fifo_unlock(&lock);
    pthread_join(thread, NULL);
    cr_assert_eq(entered[0], 7);
    cr_assert_eq(serving_of(), next_of(), "nobody sleeps any more");
    cr_assert(cordon_fifo_try_lock(&lock));
}

/* More than there are marks, so that some sleepers are woken for others, and sleep again. */
Test(fifo, sleepers_enter_as_they_came)
{
    enum { MANY = 70 };
    pthread_t threads[MANY];
    unsigned names[MANY];
    cordon_fifo_lock(&lock);
    for (unsigned i = 0; i < MANY; ++i) {
        const uint32_t before = next_of();
        names[i] = i;
        cr_assert_eq(pthread_create(&threads[i], NULL, enters, &names[i]), 0);
        await_next(before + CORDON_FIFO_ONE_);
    }
    await_sleeper();
    cordon_fifo_unlock(&lock);
    for (unsigned i = 0; i < MANY; ++i) {
        pthread_join(threads[i], NULL);
    }
    for (unsigned i = 0; i < MANY; ++i) {
        cr_assert_eq(entered[i], i, "%u entered as number %u", entered[i], i);
    }
    cr_assert_eq(serving_of(), next_of());
}

/* Who finds ASLEEP set sleeps without touching the word: the bit must stay while somebody waits. */
Test(fifo, asleep_stays_while_somebody_waits)
{
    pthread_t threads[2];
    unsigned names[2] = {0, 1};
    cordon_fifo_lock(&lock);
    cr_assert_eq(pthread_create(&threads[0], NULL, enters, &names[0]), 0);
    await_sleeper();
    cr_assert_eq(pthread_create(&threads[1], NULL, enters, &names[1]), 0);
    await_next(3 * CORDON_FIFO_ONE_);
    cordon_fifo_unlock(&lock);
    for (unsigned i = 0; i < 2; ++i) {
        pthread_join(threads[i], NULL);
        cr_assert_eq(entered[i], i);
    }
    cr_assert_eq(serving_of(), 3 * CORDON_FIFO_ONE_);
}
