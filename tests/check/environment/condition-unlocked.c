/* expect: misuse, "with a mutex it does not hold" */
#include <pthread.h>

int main(void)
{
    static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
    pthread_cond_wait(&changed, &mutex);
    return 0;
}
