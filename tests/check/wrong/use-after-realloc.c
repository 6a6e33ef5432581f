/* cordon-check: use-after-free|data-race */
#include "../counts/count.h"
#include <stdlib.h>

/* The array grows and moves; somebody has the old address. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int *array;

static void *first(void *unused)
{
    pthread_mutex_lock(&mutex);
    array = realloc(array, 64 * sizeof *array); /* HERE */
    pthread_mutex_unlock(&mutex);
    return unused;
}

static void *second(void *unused)
{
    pthread_mutex_lock(&mutex);
    int *const old = array;
    pthread_mutex_unlock(&mutex);
    old[1] = 1; /* HERE */
    return unused;
}

int main(void)
{
    array = calloc(4, sizeof *array); /* HERE */
    run_two(first, second);
    free(array);
    return 0;
}
