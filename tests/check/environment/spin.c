/* expect: verified, 6 executions */
#include <assert.h>
#include <errno.h>
#include <pthread.h>

static pthread_spinlock_t lock;
static int count;

static void *add(void *argument)
{
    pthread_spin_lock(&lock);
    ++count;
    pthread_spin_unlock(&lock);
    return argument;
}

int main(void)
{
    pthread_t one, other;
    pthread_spin_init(&lock, PTHREAD_PROCESS_PRIVATE);
    pthread_create(&one, NULL, add, NULL);
    pthread_create(&other, NULL, add, NULL);
    add(NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    assert(count == 3);
    assert(pthread_spin_trylock(&lock) == 0 && pthread_spin_trylock(&lock) == EBUSY);
    return 0;
}
