/* cordon-check: data-race */
#include <pthread.h>
#include <stddef.h>

/* main uses the result of a thread that it did not wait for. */
static int result;

static void *thread(void *unused)
{
    result = 1; /* HERE */
    return unused;
}

int main(void)
{
    pthread_t one;
    pthread_create(&one, NULL, thread, NULL);
    pthread_detach(one);
    return result == 2; /* HERE */
}
