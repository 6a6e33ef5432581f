/* expect: verified, 1 executions */
#include <pthread.h>
#include <stdlib.h>

static void *thread(void *argument)
{
    return argument;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, thread, NULL);
    pthread_join(other, NULL);
    exit(0);
}
