/* What a user of libcordon might write; compiled as C11, C17, C++11 and C++20. Two threads hand a
 * token to and fro; each step uses an inline half and an out-of-line half of the library.
 */
#include <cordon/fence.h>
#include <cordon/version.h>
#include <cordon/wait.h>

#include <pthread.h>
#include <stdio.h>

enum { ROUNDS = 1000 };

static CORDON_ATOMIC(uint32_t) turn = CORDON_ATOMIC_INIT(0);
static unsigned long total; /* plain: the turn orders it */

static void rounds(uint32_t mine)
{
    for (int i = 0; i < ROUNDS; ++i) {
        while (atomic_load_explicit(&turn, memory_order_acquire) != mine) {
            (void)cordon_wait_u32(&turn, 1 - mine, CORDON_NEVER);
        }
        ++total;
        cordon_store_full(&turn, 1 - mine);
        cordon_wake_all_u32(&turn);
    }
}

static void *other(void *argument)
{
    (void)argument;
    rounds(1);
    return NULL;
}

int main(void)
{
    pthread_t thread;
    if (!cordon_fence_heavy() || pthread_create(&thread, NULL, other, NULL) != 0) {
        return 1;
    }
    cordon_fence_light();
    rounds(0);
    pthread_join(thread, NULL);
    printf("cordon %d.%d: %lu\n", CORDON_VERSION_MAJOR, CORDON_VERSION_MINOR, total);
    return total == 2 * ROUNDS ? 0 : 1;
}
