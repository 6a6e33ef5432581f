/* expect: verified */
#include "drepper.h"

#include <assert.h>
#include <pthread.h>

static int count;

static void *add(void *argument)
{
    lock();
    ++count;
    unlock();
    return argument;
}

int main(void)
{
    pthread_t one;
    pthread_create(&one, NULL, add, NULL);
#ifdef THREE
    pthread_t other;
    pthread_create(&other, NULL, add, NULL);
    pthread_join(other, NULL);
#else
    add(NULL);
#endif
    pthread_join(one, NULL);
    assert(count == 2);
    return 0;
}
