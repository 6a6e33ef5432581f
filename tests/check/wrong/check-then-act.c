/* cordon-check: assertion */
#include "../counts/count.h"

/* Both look under the lock and act under the lock, but let go in between. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int balance = 10;

static int enough(void)
{
    pthread_mutex_lock(&mutex);
    const int result = balance >= 10;
    pthread_mutex_unlock(&mutex);
    return result;
}

static void withdraw(void)
{
    if (enough()) {
        pthread_mutex_lock(&mutex);
        balance -= 10;
        pthread_mutex_unlock(&mutex);
    }
}

static void *first(void *unused)
{
    withdraw();
    return unused;
}

static void *second(void *unused)
{
    withdraw();
    return unused;
}

int main(void)
{
    run_two(first, second);
    assert(balance >= 0); /* HERE */
    return 0;
}
