/* expect: misuse, "joined before" */
#include <pthread.h>

static void *thread(void *argument)
{
    return argument;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, thread, NULL);
    pthread_join(other, NULL);
    pthread_join(other, NULL);
    return 0;
}
