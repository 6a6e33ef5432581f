/* expect: verified */
/* cordon/wait.h: waiting for a value, of the two sizes that park in different ways. */
/* sources: src/wait.c */
/* flags: -DCORDON_WAIT_RELAXES=0 -DCORDON_WAIT_YIELDS=0 */
#include <assert.h>
#include <cordon/wait.h>
#include <pthread.h>

static CORDON_ATOMIC(uint32_t) word;
static CORDON_ATOMIC(uint8_t) byte;
static int data;

static void *set(void *argument)
{
    data = 1;
    atomic_store_explicit(&word, 1, memory_order_release);
    cordon_wake_all_u32(&word);
    data = 2;
    atomic_store_explicit(&byte, 1, memory_order_release);
    cordon_wake_one_u8(&byte);
    return argument;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, set, NULL);
    if (cordon_wait_u8(&byte, 0, cordon_deadline_after(1000)) == CORDON_OK) {
        assert(data == 2);
    }
    assert(cordon_wait_u32(&word, 0, CORDON_NEVER) == CORDON_OK);
    pthread_join(thread, NULL);
    assert(data == 2);
    return 0;
}
