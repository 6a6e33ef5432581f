/* Units of sync/mutex.h. */
#include <cordon/sync/mutex.h>

#include <criterion/criterion.h>

#include <pthread.h>

static uint32_t word_of(struct cordon_mutex *mutex)
{
    return atomic_load_explicit(&mutex->word, memory_order_relaxed);
}

/* Waits until somebody sleeps in the queue. */
static void await_sleeper(struct cordon_mutex *mutex)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while ((word_of(mutex) & (CORDON_MUTEX_QUEUED_ | CORDON_MUTEX_EDITING_)) !=
           CORDON_MUTEX_QUEUED_) {
        cordon_wait_step(&waiter);
    }
}

static void *lock_and_unlock(void *argument)
{
    struct cordon_mutex *mutex = (struct cordon_mutex *)argument;
    cordon_mutex_lock(mutex);
    cordon_mutex_unlock(mutex);
    return NULL;
}

static void *try_until_soon(void *argument)
{
    const bool taken =
        cordon_mutex_lock_until((struct cordon_mutex *)argument, cordon_deadline_after(5000000));
    return taken ? argument : NULL;
}

Test(mutex, is_two_words_and_valid_as_zero)
{
    struct cordon_mutex mutex = CORDON_MUTEX_INIT;
    cr_assert_leq(sizeof mutex, 2 * sizeof(void *));
    cordon_mutex_lock(&mutex);
    cr_assert_not(cordon_mutex_try_lock(&mutex));
    cordon_mutex_unlock(&mutex);
    cr_assert(cordon_mutex_try_lock(&mutex));
    cordon_mutex_unlock(&mutex);
    cr_assert_eq(word_of(&mutex), 0);
}

Test(mutex, a_passed_deadline_still_takes_a_free_lock)
{
    struct cordon_mutex mutex = CORDON_MUTEX_INIT;
    cr_assert(cordon_mutex_lock_until(&mutex, 0));
    cr_assert_not(cordon_mutex_lock_until(&mutex, 0));
    cordon_mutex_unlock(&mutex);
}

Test(mutex, unlock_wakes_a_sleeper)
{
    struct cordon_mutex mutex = CORDON_MUTEX_INIT;
    pthread_t thread;
    cordon_mutex_lock(&mutex);
    cr_assert_eq(pthread_create(&thread, NULL, lock_and_unlock, &mutex), 0);
    await_sleeper(&mutex);
    cordon_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    cr_assert_eq(word_of(&mutex), 0);
    cr_assert_null(mutex.queue);
}

Test(mutex, who_gives_up_leaves_no_trace)
{
    struct cordon_mutex mutex = CORDON_MUTEX_INIT;
    pthread_t threads[3];
    void *taken;
    cordon_mutex_lock(&mutex);
    for (int i = 0; i < 3; ++i) {
        cr_assert_eq(pthread_create(&threads[i], NULL, try_until_soon, &mutex), 0);
    }
    for (int i = 0; i < 3; ++i) {
        pthread_join(threads[i], &taken);
        cr_assert_null(taken);
    }
    cr_assert_eq(word_of(&mutex), CORDON_MUTEX_LOCKED_);
    cr_assert_null(mutex.queue);
    cordon_mutex_unlock(&mutex);
}

Test(mutex, one_gives_up_and_the_others_are_still_woken)
{
    struct cordon_mutex mutex = CORDON_MUTEX_INIT;
    pthread_t first, patient, last;
    void *taken;
    cordon_mutex_lock(&mutex);
    pthread_create(&first, NULL, try_until_soon, &mutex);
    pthread_create(&patient, NULL, lock_and_unlock, &mutex);
    pthread_create(&last, NULL, try_until_soon, &mutex);
    pthread_join(first, &taken);
    cr_assert_null(taken);
    pthread_join(last, &taken);
    cr_assert_null(taken);
    await_sleeper(&mutex);
    cordon_mutex_unlock(&mutex);
    pthread_join(patient, NULL);
    cr_assert_eq(word_of(&mutex), 0);
}

/* As if a waiter had been called and were on its way. */
Test(mutex, overtakes_are_counted_and_then_refused)
{
    struct cordon_mutex mutex = CORDON_MUTEX_INIT;
    atomic_store_explicit(&mutex.word, CORDON_MUTEX_CALLED_, memory_order_relaxed);
    for (uint32_t i = 1; i <= CORDON_MUTEX_OVERTAKES; ++i) {
        cr_assert(i % 2 ? cordon_mutex_try_lock(&mutex) : cordon_mutex_lock_until(&mutex, 0));
        cordon_mutex_unlock(&mutex);
        cr_assert_eq(word_of(&mutex), CORDON_MUTEX_CALLED_ | i * CORDON_MUTEX_OVERTAKEN_);
    }
    cr_assert_not(cordon_mutex_try_lock(&mutex));
    cr_assert_not(cordon_mutex_lock_until(&mutex, 0));
    cr_assert_not(cordon_mutex_lock_until(&mutex, cordon_deadline_after(1000000)));
    cr_assert_null(mutex.queue);
}

/* With one overtake left, a sleeper gets the lock however busily we barge. */
Test(mutex, a_reserved_lock_goes_to_the_waiter)
{
    struct cordon_mutex mutex = CORDON_MUTEX_INIT;
    pthread_t thread;
    cordon_mutex_lock(&mutex);
    pthread_create(&thread, NULL, lock_and_unlock, &mutex);
    await_sleeper(&mutex);
    atomic_fetch_add_explicit(&mutex.word, (CORDON_MUTEX_OVERTAKES - 1) * CORDON_MUTEX_OVERTAKEN_,
                              memory_order_relaxed);
    cordon_mutex_unlock(&mutex);
    int barged = 0;
    while (word_of(&mutex) != 0) {
        if (cordon_mutex_try_lock(&mutex)) {
            barged += word_of(&mutex) != CORDON_MUTEX_LOCKED_; /* the waiter is still to come */
            cordon_mutex_unlock(&mutex);
        }
    }
    pthread_join(thread, NULL);
    cr_assert_leq(barged, 1);
}
