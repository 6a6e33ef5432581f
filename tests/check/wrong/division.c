/* cordon-check: abort */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* A signal that no address is to blame for. */
static atomic_int x;

static void *thread(void *unused)
{
    x = 12 / x; /* HERE */
    return unused;
}

int main(void)
{
    pthread_t one;
    pthread_create(&one, NULL, thread, NULL);
    x = 3;
    pthread_join(one, NULL);
    return 0;
}
