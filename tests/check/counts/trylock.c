/* executions: 4 4 4 4 */
#include "count.h"

/* Whoever is first succeeds; the other comes while the lock is held, or later. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *thread(void *unused)
{
    if (pthread_mutex_trylock(&lock) == 0) {
        ++counter;
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

int main(void)
{
    run(2, thread);
    assert(counter == 1 || counter == 2);
    return 0;
}
