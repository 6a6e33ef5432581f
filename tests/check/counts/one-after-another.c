/* executions: 1 1 1 1 */
#include "count.h"

static int plain;
static atomic_int x;

static void *thread(void *unused)
{
    ++plain;
    assert(atomic_fetch_add_explicit(&x, 1, memory_order_relaxed) + 1 == plain);
    return unused;
}

int main(void)
{
    for (int i = 0; i < 4; ++i) {
        pthread_t one;
        pthread_create(&one, NULL, thread, NULL);
        pthread_join(one, NULL);
    }
    assert(plain == 4);
    return 0;
}
