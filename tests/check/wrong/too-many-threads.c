/* cordon-check: bound */
#include <pthread.h>
#include <stddef.h>

static void *thread(void *unused)
{
    return unused;
}

int main(void)
{
    enum { MANY = 200 };
    pthread_t all[MANY];
    for (int i = 0; i < MANY; ++i) {
        pthread_create(&all[i], NULL, thread, NULL);
    }
    for (int i = 0; i < MANY; ++i) {
        pthread_join(all[i], NULL);
    }
    return 0;
}
