/* lock.h - N threads take one lock, once each; main waits for them. Two inside at once would be a data
 * race. The program that includes it has the lock, and says how the thread of a number goes through.
 */
#ifndef LOCK_H
#define LOCK_H

#include <assert.h>
#include <pthread.h>
#include <stddef.h>
#include <stdint.h>

static int entered;

static void pass(int number);

static void *thread(void *number)
{
    pass((int)(intptr_t)number);
    return NULL;
}

int main(void)
{
    pthread_t threads[N];
    for (int k = 0; k < N; ++k) {
        pthread_create(&threads[k], NULL, thread, (void *)(intptr_t)k);
    }
    for (int k = 0; k < N; ++k) {
        pthread_join(threads[k], NULL);
    }
    assert(entered == N);
    return 0;
}

#endif
