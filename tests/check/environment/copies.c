/* expect: data-race */
/* A copy by memcpy is as much of a write as any. */
#include <pthread.h>
#include <string.h>

static struct {
    long a, b, c;
} shared;

static void *thread(void *argument)
{
    memcpy(&shared, argument, sizeof shared);
    return NULL;
}

int main(void)
{
    long values[3] = {1, 2, 3};
    pthread_t other;
    pthread_create(&other, NULL, thread, values);
    memset(&shared, 0, sizeof shared);
    pthread_join(other, NULL);
    return 0;
}
