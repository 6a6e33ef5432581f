/* cordon-check: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Neighbouring bit fields are one location. */
static struct {
    unsigned first : 4, second : 4;
} bits;

static void *first(void *unused)
{
    bits.first = 1; /* HERE */
    return unused;
}

static void *second(void *unused)
{
    bits.second = 1; /* HERE */
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
