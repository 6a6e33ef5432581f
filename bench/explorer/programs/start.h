/* start.h - what the programs share: threads that are started with their number and not waited for.
 *
 * As in the programs' usual form, main does not join them. The explorer runs them to their ends all
 * the same, so it makes no difference to the executions there are.
 */
#ifndef START_H
#define START_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define ACQUIRE memory_order_acquire
#define RELEASE memory_order_release
#define RELAXED memory_order_relaxed

static inline void start(void *(*body)(void *), int number)
{
    pthread_t thread;
    pthread_create(&thread, NULL, body, (void *)(intptr_t)number);
}

#endif
