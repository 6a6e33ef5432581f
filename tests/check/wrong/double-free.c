/* cordon-check: double-free|data-race|use-after-free */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

/* Who takes the pointer frees it; both may have taken it. */
static int *_Atomic block;

static void *thread(void *unused)
{
    int *mine = atomic_load(&block);
    if (mine) {
        atomic_store(&block, NULL);
        free(mine); /* HERE */
    }
    return unused;
}

int main(void)
{
    pthread_t one, other;
    atomic_store(&block, malloc(sizeof(int)));
    pthread_create(&one, NULL, thread, NULL);
    pthread_create(&other, NULL, thread, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
