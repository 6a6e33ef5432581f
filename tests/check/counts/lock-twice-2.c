/* executions: 6 6 6 6 */
#include "count.h"

/* (2n)! / 2^n orders of the sections of n threads. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *thread(void *unused)
{
    for (int i = 0; i < 2; ++i) {
        pthread_mutex_lock(&lock);
        ++counter;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void)
{
    run(2, thread);
    assert(counter == 4);
    return 0;
}
