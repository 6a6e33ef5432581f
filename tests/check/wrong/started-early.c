/* cordon-check: data-race */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

/* The thread is started before what it needs is there. */
static int parameter;

static void *thread(void *unused)
{
    assert(parameter == 42); /* HERE */
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, thread, NULL);
    parameter = 42; /* HERE */
    pthread_join(other, NULL);
    return 0;
}
