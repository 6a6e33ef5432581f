/* One thread hands numbers to one other, through a ring. */
#include <cordon/ring/spsc.h>

#include <pthread.h>
#include <stdio.h>

static struct cordon_spsc ring;

static void *produce(void *unused)
{
    for (uint64_t i = 1; i <= 1000000; ++i) {
        (void)cordon_spsc_push(&ring, &i); /* waits while the ring is full */
    }
    cordon_spsc_close(&ring);
    return unused;
}

int main(void)
{
    pthread_t producer;
    uint64_t item, sum = 0;
    if (!cordon_spsc_create(&ring, 1024, sizeof item) ||
        pthread_create(&producer, NULL, produce, NULL) != 0) {
        return 1;
    }
    while (cordon_spsc_pop(&ring, &item) == CORDON_OK) { /* waits while it is empty */
        sum += item;
    }
    pthread_join(producer, NULL);
    cordon_spsc_destroy(&ring);
    printf("sum %llu\n", (unsigned long long)sum);
    return sum == 500000500000 ? 0 : 1;
}
