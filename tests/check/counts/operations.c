/* executions: 120 120 120 120 */
#include "count.h"

/* Every operation that C has on an atomic, once, by five threads: 5! */
static atomic_uint x = 1;
static atomic_int who;

static void *thread(void *mine)
{
    switch (*(int *)mine) {
    case 0:
        x += 2;
        break;
    case 1:
        x -= 1;
        break;
    case 2:
        x &= 7;
        break;
    case 3:
        x |= 8;
        break;
    default:
        x ^= 5;
        break;
    }
    return NULL;
}

int main(void)
{
    static int number[5] = {0, 1, 2, 3, 4};
    pthread_t threads[5];
    for (int i = 0; i < 5; ++i) {
        pthread_create(&threads[i], NULL, thread, &number[i]);
    }
    for (int i = 0; i < 5; ++i) {
        pthread_join(threads[i], NULL);
    }
    return who;
}
