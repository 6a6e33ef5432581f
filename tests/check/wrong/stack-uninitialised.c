/* cordon-check: uninitialised|nondeterminism|assertion */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* A local variable that one path leaves alone: whatever is on the stack is used. */
static atomic_int x;

static void *thread(void *unused)
{
    volatile int array[8];
    if (atomic_load(&x)) {
        array[3] = 1;
    }
    assert(array[3] == 1);
    return unused;
}

int main(void)
{
    pthread_t one;
    pthread_create(&one, NULL, thread, NULL);
    atomic_store(&x, 1);
    pthread_join(one, NULL);
    return 0;
}
