/* expect: verified, 4 executions */
/* Destructors run at a thread's end, also by pthread_exit, again if they set a value, and not for NULL. */
#include <assert.h>
#include <pthread.h>
#include <stdlib.h>

static pthread_key_t key, other;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int destroyed, again;

static void destroy(void *value)
{
    pthread_mutex_lock(&mutex);
    ++destroyed;
    pthread_mutex_unlock(&mutex);
    free(value);
}

static void set_again(void *value)
{
    pthread_mutex_lock(&mutex);
    ++again;
    pthread_mutex_unlock(&mutex);
    if (value == &again) {
        pthread_setspecific(other, &mutex);
    }
}

static void leave(void)
{
    pthread_exit((void *)7);
}

static void *thread(void *argument)
{
    assert(pthread_getspecific(key) == NULL);
    pthread_setspecific(key, malloc(4));
    if (argument != NULL) {
        pthread_setspecific(other, &again);
        leave();
    }
    return (void *)7;
}

int main(void)
{
    pthread_t threads[2];
    void *result;
    pthread_key_create(&key, destroy);
    pthread_key_create(&other, set_again);
    pthread_setspecific(key, &result);
    pthread_create(&threads[0], NULL, thread, NULL);
    pthread_create(&threads[1], NULL, thread, &key);
    for (int i = 0; i < 2; ++i) {
        pthread_join(threads[i], &result);
        assert(result == (void *)7);
    }
    assert(destroyed == 2);
    assert(again == 2);
    assert(pthread_getspecific(key) == &result);
    pthread_key_delete(key);
    return 0;
}
