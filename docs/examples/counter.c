/* A counter behind the lock that most programs should use, and a lock attempt that gives up. */
#include <cordon/sync/mutex.h>

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 8, ROUNDS = 50000 };

static struct cordon_mutex mutex = CORDON_MUTEX_INIT;
static unsigned long counter; /* guarded by mutex */

static void *count(void *argument)
{
    for (int i = 0; i < ROUNDS; ++i) {
        cordon_mutex_lock(&mutex);
        ++counter;
        cordon_mutex_unlock(&mutex);
    }
    return argument;
}

static void *give_up(void *argument)
{
    bool *entered = (bool *)argument;
    *entered = cordon_mutex_lock_until(&mutex, cordon_deadline_after(1000000));
    return NULL;
}

int main(void)
{
    pthread_t thread[THREADS], patient;
    bool entered = true;
    for (int i = 0; i < THREADS; ++i) {
        if (pthread_create(&thread[i], NULL, count, NULL) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < THREADS; ++i) {
        pthread_join(thread[i], NULL);
    }
    cordon_mutex_lock(&mutex);
    if (pthread_create(&patient, NULL, give_up, &entered) != 0) {
        return 1;
    }
    pthread_join(patient, NULL); /* we hold the lock: after a millisecond it has given up */
    cordon_mutex_unlock(&mutex);
    printf("counter %lu, second attempt %s\n", counter, entered ? "entered" : "gave up");
    return counter == (unsigned long)THREADS * ROUNDS && !entered ? 0 : 1;
}
