/* executions: 24 24 24 24 */
#include "count.h"

enum { N = 4 };
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int counter;

static void *thread(void *unused)
{
    pthread_mutex_lock(&lock);
    ++counter;
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    run(N, thread);
    assert(counter == N);
    return 0;
}
