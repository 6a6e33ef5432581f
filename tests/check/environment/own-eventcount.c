/* expect: verified */
/* cordon/sync/eventcount.h: one sleeper, one signal; no wake-up is lost. */
/* sources: src/wait.c src/fence.c src/eventcount.c */
/* flags: -DCORDON_WAIT_RELAXES=0 -DCORDON_WAIT_YIELDS=0 */
#include <assert.h>
#include <cordon/sync/eventcount.h>
#include <pthread.h>

static struct cordon_eventcount ec = CORDON_EVENTCOUNT_INIT;
static CORDON_ATOMIC(int) ready;
static int data;

static int is_ready(void)
{
    return atomic_load_explicit(&ready, memory_order_acquire);
}

static void *sleep_until_ready(void *argument)
{
    while (!is_ready()) {
        const uint32_t key = cordon_eventcount_prepare(&ec);
        if (is_ready()) {
            cordon_eventcount_cancel(&ec, key);
            break;
        }
        cordon_eventcount_wait(&ec, key, CORDON_NEVER);
    }
    assert(data == 1);
    return argument;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, sleep_until_ready, NULL);
    data = 1;
    atomic_store_explicit(&ready, 1, memory_order_release);
#ifdef EARLY
    if (atomic_load_explicit(&ec.word, memory_order_relaxed) >= CORDON_EVENTCOUNT_WAITING_) {
        cordon_eventcount_wake_(&ec, 1);
    }
#else
    cordon_eventcount_signal(&ec);
#endif
    pthread_join(thread, NULL);
    return 0;
}
