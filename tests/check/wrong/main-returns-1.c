/* cordon-check: exit */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int x;

static void *thread(void *unused)
{
    x = 1;
    return unused;
}

int main(void)
{
    pthread_t one;
    pthread_create(&one, NULL, thread, NULL);
    const int seen = x;
    pthread_join(one, NULL);
    return seen;
}
