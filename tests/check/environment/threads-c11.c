/* expect: verified */
#include <assert.h>
#include <stdlib.h>
#include <threads.h>
#include <time.h>

static mtx_t mutex;
static cnd_t changed;
static once_flag flag = ONCE_FLAG_INIT;
static tss_t key;
static int ready, destroyed, made;

static void make(void)
{
    mtx_init(&mutex, mtx_plain);
    cnd_init(&changed);
    ++made;
}

static void destroy(void *value)
{
    mtx_lock(&mutex);
    ++destroyed;
    mtx_unlock(&mutex);
    free(value);
}

static int thread(void *argument)
{
    call_once(&flag, make);
    tss_set(key, malloc(1));
    mtx_lock(&mutex);
    ready = 1;
    cnd_signal(&changed);
    mtx_unlock(&mutex);
    thrd_yield();
    if (argument != NULL) {
        thrd_exit(-3);
    }
    return 3;
}

int main(void)
{
    const struct timespec nap = {0, 1}, deadline = {2000000000, 0};
    thrd_t one;
    int result;
    assert(tss_create(&key, destroy) == thrd_success);
    assert(thrd_create(&one, thread, &key) == thrd_success);
    assert(!thrd_equal(one, thrd_current()));
    call_once(&flag, make);
    mtx_lock(&mutex);
    while (!ready) {
        cnd_wait(&changed, &mutex);
    }
    assert(mtx_trylock(&mutex) == thrd_busy);
    mtx_unlock(&mutex);
    thrd_sleep(&nap, NULL);
    if (mtx_timedlock(&mutex, &deadline) == thrd_success) {
        mtx_unlock(&mutex);
    }
    thrd_join(one, &result);
    assert(result == -3 && made == 1 && destroyed == 1);
    mtx_destroy(&mutex);
    cnd_destroy(&changed);
    return 0;
}
