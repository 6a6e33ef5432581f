/* cordon-check: endless-wait|deadlock */
#include "../counts/count.h"

/* One spins for a flag that the other would set after the lock that the first holds. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int flag;

static void *first(void *unused)
{
    pthread_mutex_lock(&mutex);
    while (!atomic_load(&flag)) { /* HERE */
    }
    pthread_mutex_unlock(&mutex);
    return unused;
}

static void *second(void *unused)
{
    pthread_mutex_lock(&mutex); /* HERE */
    atomic_store(&flag, 1);
    pthread_mutex_unlock(&mutex);
    return unused;
}

int main(void)
{
    run_two(first, second);
    return 0;
}
