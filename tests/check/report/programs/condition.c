// A waiter that nobody wakes. Told must be:
//: deadlock: T[12] waits, and no thread can go on
//: T[12] waits at condition\.c:[0-9]+ in pthread_cond_wait\.
//: condition\.c:[0-9]+ \. +(\. +)?pthread_cond_wait: waits
//: condition\.c:[0-9]+ pthread_cond_signal: choice 0
#include <assert.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
static pthread_mutex_t guard = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER;
static bool full;
static void *wait_for_it(void *unused)
{
    pthread_mutex_lock(&guard);
    if (!full) {
        pthread_cond_wait(&filled, &guard);
    }
    pthread_mutex_unlock(&guard);
    return unused;
}
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, wait_for_it, NULL);
    pthread_create(&b, NULL, wait_for_it, NULL);
    pthread_mutex_lock(&guard);
    full = true;
    pthread_cond_signal(&filled);
    pthread_mutex_unlock(&guard);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
}
