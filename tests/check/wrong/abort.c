/* cordon-check: abort */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static atomic_int x, y;

static void *first(void *unused)
{
    x = 1;
    y = 1;
    return unused;
}

static void *second(void *unused)
{
    if (y == 1 && x == 1) {
        abort(); /* HERE */
    }
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
