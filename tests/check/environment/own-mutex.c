/* expect: verified */
/* cordon/sync/mutex.h, over the futexes of wait.c. */
/* sources: src/wait.c src/mutex.c */
/* flags: -DCORDON_WAIT_RELAXES=0 -DCORDON_WAIT_YIELDS=0 */
#include <assert.h>
#include <cordon/sync/mutex.h>
#include <pthread.h>

static struct cordon_mutex mutex = CORDON_MUTEX_INIT;
static int count;

static void *add(void *argument)
{
    cordon_mutex_lock(&mutex);
    ++count;
    cordon_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, add, NULL);
    add(NULL);
    pthread_join(thread, NULL);
    assert(count == 2);
    return 0;
}
