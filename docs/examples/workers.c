/* A pool of workers: jobs go in through one ring, results come back through another. When the work
 * is all handed out, the first ring is closed; each worker drains what is left of it and leaves.
 * More threads than cores do no harm: who finds nothing to do sleeps.
 */
#include <cordon/ring/mpmc.h>

#include <pthread.h>
#include <stdio.h>

enum { WORKERS = 8, JOBS = 20000 };

struct job {
    uint64_t number;
};

struct result {
    uint64_t number, square;
};

static struct cordon_mpmc jobs, results;

static void *work(void *argument)
{
    struct job job;
    while (cordon_mpmc_pop(&jobs, &job) == CORDON_OK) {
        struct result result;
        result.number = job.number;
        result.square = job.number * job.number;
        (void)cordon_mpmc_push(&results, &result);
    }
    return argument;
}

/* Its own thread, so that full results do not stop the jobs, nor full jobs the results. */
static void *hand_out(void *argument)
{
    struct job job;
    for (job.number = 0; job.number < JOBS; ++job.number) {
        (void)cordon_mpmc_push(&jobs, &job);
    }
    cordon_mpmc_close(&jobs);
    return argument;
}

int main(void)
{
    pthread_t worker[WORKERS], giver;
    uint64_t sum = 0, count;
    if (!cordon_mpmc_create(&jobs, 64, sizeof(struct job)) ||
        !cordon_mpmc_create(&results, 64, sizeof(struct result)) ||
        pthread_create(&giver, NULL, hand_out, NULL) != 0) {
        return 1;
    }
    for (int i = 0; i < WORKERS; ++i) {
        if (pthread_create(&worker[i], NULL, work, NULL) != 0) {
            return 1;
        }
    }
    for (count = 0; count < JOBS; ++count) {
        struct result result;
        if (cordon_mpmc_pop(&results, &result) != CORDON_OK ||
            result.square != result.number * result.number) {
            return 1;
        }
        sum += result.square;
    }
    pthread_join(giver, NULL);
    for (int i = 0; i < WORKERS; ++i) {
        pthread_join(worker[i], NULL);
    }
    cordon_mpmc_destroy(&jobs);
    cordon_mpmc_destroy(&results);
    printf("%llu results, sum of squares %llu\n", (unsigned long long)count,
           (unsigned long long)sum);
    return sum == (uint64_t)JOBS * (JOBS - 1) * (2 * JOBS - 1) / 6 ? 0 : 1;
}
