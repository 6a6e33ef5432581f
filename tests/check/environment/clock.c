/* expect: assertion */
/* Time passes between any two looks, or not. */
#include <assert.h>
#include <pthread.h>
#include <time.h>

static long look(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec;
}

int main(void)
{
    const long before = look(), after = look();
    assert(after >= before);
    const struct timespec nap = {2, 0};
    nanosleep(&nap, NULL);
    assert(look() >= after + 2);
    assert(after == before);
    return 0;
}
