/* count.h - what the programs of this directory share: n threads of one function, to their ends. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static inline void run(int count, void *(*function)(void *))
{
    pthread_t thread[8];
    for (int i = 0; i < count; ++i) {
        pthread_create(&thread[i], NULL, function, NULL);
    }
    for (int i = 0; i < count; ++i) {
        pthread_join(thread[i], NULL);
    }
}

static inline void run_two(void *(*first)(void *), void *(*second)(void *))
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
}
