/* cordon-check: data-race */
#include <pthread.h>
#include <stddef.h>

/* Each thread is given the address of the loop's variable, which has moved on. */
static void *thread(void *argument)
{
    *(int *)argument += 1; /* HERE */
    return NULL;
}

int main(void)
{
    pthread_t threads[2];
    for (int i = 0; i < 2; ++i) { /* HERE */
        pthread_create(&threads[i], NULL, thread, &i);
    }
    for (int k = 0; k < 2; ++k) {
        pthread_join(threads[k], NULL);
    }
    return 0;
}
