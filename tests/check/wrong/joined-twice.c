/* cordon-check: misuse */
#include <pthread.h>
#include <stddef.h>

static void *thread(void *unused)
{
    return unused;
}

int main(void)
{
    pthread_t one;
    pthread_create(&one, NULL, thread, NULL);
    pthread_join(one, NULL);
    pthread_join(one, NULL); /* HERE */
    return 0;
}
