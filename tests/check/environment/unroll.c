/* expect: verified, 4 executions */
/* options: --unroll 1 */
/* A thread that --unroll cuts short holds a lock for ever: that is no deadlock, in whatever execution
 * the others go on.
 */
#include <pthread.h>
#include <stdatomic.h>

static atomic_int taken = 1, flag;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *lock(void *argument)
{
    atomic_load(&flag);
    pthread_mutex_lock(&mutex);
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void *set(void *argument)
{
    atomic_store(&flag, 1);
    atomic_store(&taken, 0);
    return argument;
}

int main(void)
{
    pthread_t one, other;
    pthread_mutex_lock(&mutex);
    pthread_create(&one, NULL, lock, NULL);
    pthread_create(&other, NULL, set, NULL);
    for (volatile int turns = 0; atomic_exchange(&taken, 1); ++turns) {
    }
    pthread_mutex_unlock(&mutex);
    return 0;
}
