/* expect: exit, "3" */
#include <pthread.h>
#include <stdlib.h>

static void *thread(void *argument)
{
    exit(3);
    return argument;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, thread, NULL);
    pthread_join(other, NULL);
    return 0;
}
