/* cordon-check: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include <string.h>
static char buffer[64];

static void *first(void *unused)
{
    memset(buffer, 0, sizeof buffer); /* HERE */
    return unused;
}

static void *second(void *unused)
{
    buffer[63] = 1; /* HERE */
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
