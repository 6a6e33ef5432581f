/* cordon-check: assertion */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

/* Woken is not the same as ready: another one may have been faster. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int items;

static void *take(void *unused)
{
    pthread_mutex_lock(&lock);
    if (items == 0) {
        pthread_cond_wait(&changed, &lock);
    }
    assert(items > 0); /* HERE */
    --items;
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *give(void *unused)
{
    for (int i = 0; i < 2; ++i) {
        pthread_mutex_lock(&lock);
        ++items;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
        pthread_mutex_lock(&lock);
        if (items > 0) {
            --items; /* it changed its mind */
        }
        pthread_mutex_unlock(&lock);
    }
    pthread_mutex_lock(&lock);
    items = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, take, NULL);
    pthread_create(&other, NULL, give, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
