/* executions: 6 6 6 6 */
#include "count.h"

/* The order in which the outer lock is taken is that of the inner one. */
static pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER, inner = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *thread(void *unused)
{
    pthread_mutex_lock(&outer);
    pthread_mutex_lock(&inner);
    ++counter;
    pthread_mutex_unlock(&inner);
    pthread_mutex_unlock(&outer);
    return unused;
}

int main(void)
{
    run(3, thread);
    assert(counter == 3);
    return 0;
}
