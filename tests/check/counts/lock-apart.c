/* executions: 1 1 1 1 */
#include "count.h"

/* A lock for each thread: there is nothing to order. */
static pthread_mutex_t lock[3] = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER,
                                  PTHREAD_MUTEX_INITIALIZER};
static int counter[3];

static void *thread(void *mine)
{
    const ptrdiff_t i = (int *)mine - counter;
    pthread_mutex_lock(&lock[i]);
    ++*(int *)mine;
    pthread_mutex_unlock(&lock[i]);
    return mine;
}

int main(void)
{
    pthread_t threads[3];
    for (int i = 0; i < 3; ++i) {
        pthread_create(&threads[i], NULL, thread, &counter[i]);
    }
    for (int i = 0; i < 3; ++i) {
        pthread_join(threads[i], NULL);
    }
    assert(counter[0] + counter[1] + counter[2] == 3);
    return 0;
}
