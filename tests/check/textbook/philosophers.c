/* cordon-check: deadlock */
/* cordon-check -DORDERED: verified */
#include <pthread.h>
#include <stddef.h>

/* Dijkstra's philosophers: each takes the fork at the left, then the one at the right. */
enum { SEATS = 3 };
static pthread_mutex_t fork_[SEATS];
static int meals[SEATS];

static void *philosopher(void *seat)
{
    const int me = *(int *)seat;
    int first = me, second = (me + 1) % SEATS;
#ifdef ORDERED
    if (first > second) {
        second = first;
        first = 0;
    }
#endif
    pthread_mutex_lock(&fork_[first]);  /* HERE */
    pthread_mutex_lock(&fork_[second]); /* HERE */
    ++meals[me];
    pthread_mutex_unlock(&fork_[second]);
    pthread_mutex_unlock(&fork_[first]);
    return NULL;
}

int main(void)
{
    static int seat[SEATS];
    pthread_t guest[SEATS];
    for (int i = 0; i < SEATS; ++i) {
        pthread_mutex_init(&fork_[i], NULL);
        seat[i] = i;
    }
    for (int i = 0; i < SEATS; ++i) {
        pthread_create(&guest[i], NULL, philosopher, &seat[i]);
    }
    for (int i = 0; i < SEATS; ++i) {
        pthread_join(guest[i], NULL); /* HERE */
    }
    return 0;
}
