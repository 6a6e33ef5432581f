/* The MCS lock: first come, first served. Each call brings a node, where it waits and which it may
 * forget after the unlock; the stack is the usual place. The threads here are few, as they should
 * be for a lock that keeps the order of arrival: no more than there are cores.
 */
#include <cordon/spin/mcs.h>

#include <pthread.h>
#include <stdio.h>

enum { THREADS = 2, ROUNDS = 20000 };

static struct cordon_mcs lock = CORDON_MCS_INIT;
static unsigned long turns, changes; /* guarded by lock */
static unsigned long last_owner;

static void *take_turns(void *argument)
{
    const unsigned long me = *(unsigned long *)argument;
    for (int i = 0; i < ROUNDS; ++i) {
        struct cordon_mcs_node node;
        cordon_mcs_lock(&lock, &node);
        ++turns;
        changes += last_owner != me;
        last_owner = me;
        cordon_mcs_unlock(&lock, &node);
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[THREADS];
    unsigned long name[THREADS];
    for (int i = 0; i < THREADS; ++i) {
        name[i] = (unsigned long)i + 1;
        if (pthread_create(&thread[i], NULL, take_turns, &name[i]) != 0) {
            return 1;
        }
    }
    for (int i = 0; i < THREADS; ++i) {
        pthread_join(thread[i], NULL);
    }
    printf("%lu turns, the lock changed hands %lu times\n", turns, changes);
    return turns == (unsigned long)THREADS * ROUNDS ? 0 : 1;
}
