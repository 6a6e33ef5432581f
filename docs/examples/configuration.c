/* A configuration that every thread reads and one seldom changes, behind a sequence lock. Readers
 * write nothing, so they do not disturb each other; what they read is always one whole version.
 */
#include <cordon/seq/seqlock.h>

#include <pthread.h>
#include <stdio.h>

enum { READERS = 3, VERSIONS = 2000 };

struct configuration {
    uint64_t version;
    double rate, limit; /* limit is always twice the rate */
};

static struct cordon_seqlock lock = CORDON_SEQLOCK_INIT;
static cordon_word shared[CORDON_WORDS(struct configuration)];

static struct configuration make(uint64_t version)
{
    struct configuration made;
    made.version = version;
    made.rate = (double)version;
    made.limit = 2 * made.rate;
    return made;
}

static void *read_all(void *argument)
{
    int *torn = (int *)argument;
    struct configuration seen;
    uint64_t last = 0;
    do {
        cordon_seqlock_load(&lock, &seen, shared, sizeof seen);
        *torn += seen.limit != 2 * seen.rate || seen.version < last;
        last = seen.version;
    } while (seen.version < VERSIONS);
    return NULL;
}

int main(void)
{
    pthread_t reader[READERS];
    int torn[READERS] = {0}, sum = 0;
    for (int i = 0; i < READERS; ++i) {
        if (pthread_create(&reader[i], NULL, read_all, &torn[i]) != 0) {
            return 1;
        }
    }
    for (uint64_t version = 1; version <= VERSIONS; ++version) {
        const struct configuration next = make(version);
        cordon_seqlock_store(&lock, shared, &next, sizeof next);
    }
    for (int i = 0; i < READERS; ++i) {
        pthread_join(reader[i], NULL);
        sum += torn[i];
    }
    printf("%d versions, %d torn or out of order\n", VERSIONS, sum);
    return sum == 0 ? 0 : 1;
}
