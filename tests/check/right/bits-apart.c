/* cordon-check: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* A zero-width bit field between them makes them two locations. */
static struct {
    unsigned first : 4;
    unsigned : 0;
    unsigned second : 4;
} bits;

static void *first(void *unused)
{
    bits.first = 1;
    return unused;
}

static void *second(void *unused)
{
    bits.second = 1;
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    assert(bits.first == 1 && bits.second == 1);
    return 0;
}
