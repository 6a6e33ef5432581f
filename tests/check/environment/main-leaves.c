/* expect: verified, 2 executions */
/* main ends by pthread_exit; the others go on. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *thread(void *argument)
{
    pthread_mutex_lock(&mutex);
    ++count;
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    pthread_attr_t attributes;
    pthread_t other;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    pthread_create(&other, &attributes, thread, NULL);
    pthread_create(&other, NULL, thread, NULL);
    pthread_detach(other);
    pthread_exit(NULL);
}
