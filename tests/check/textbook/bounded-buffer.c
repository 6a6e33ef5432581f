/* cordon-check: verified */
/* cordon-check -DONE_CONDITION: deadlock */
/* cordon-check -DONE_CONDITION -DALL: verified */
/* cordon-check -DIF: assertion */
#include <assert.h>
#include <pthread.h>
#include <stddef.h>

/* A buffer with room for one item, a producer and two consumers. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER, not_empty = PTHREAD_COND_INITIALIZER;
static int items;

#ifdef ONE_CONDITION
#define not_empty not_full
#endif
#ifdef ALL
#define WAKE pthread_cond_broadcast
#else
#define WAKE pthread_cond_signal
#endif
#ifdef IF
#define WAIT_WHILE if
#else
#define WAIT_WHILE while
#endif

static void *produce(void *unused)
{
    for (int i = 0; i < 2; ++i) {
        pthread_mutex_lock(&lock);
        WAIT_WHILE(items == 1)
        {
            pthread_cond_wait(&not_full, &lock); /* HERE(deadlock) */
        }
        ++items;
        WAKE(&not_empty);
        pthread_mutex_unlock(&lock);
    }
    return unused;
}

static void *consume(void *unused)
{
    pthread_mutex_lock(&lock); /* HERE(deadlock) */
    WAIT_WHILE(items == 0)
    {
        pthread_cond_wait(&not_empty, &lock); /* HERE(deadlock) */
    }
    assert(items == 1); /* HERE(assertion) */
    --items;
    WAKE(&not_full);
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t thread[3];
    (void)not_empty;
    pthread_create(&thread[0], NULL, produce, NULL);
    pthread_create(&thread[1], NULL, consume, NULL);
    pthread_create(&thread[2], NULL, consume, NULL);
    for (int i = 0; i < 3; ++i) {
        pthread_join(thread[i], NULL); /* HERE(deadlock) */
    }
    return 0;
}
