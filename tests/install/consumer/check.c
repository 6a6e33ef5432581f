/* A program for cordon-check: two threads count under a lock, or without one. */
#include <cordon/spin/ticket.h>

#include <assert.h>
#include <pthread.h>
#include <stddef.h>

static struct cordon_ticket lock = CORDON_TICKET_INIT;
static int count;

static void *add(void *unused)
{
#ifndef WITHOUT_LOCK
    cordon_ticket_lock(&lock);
#endif
    ++count;
#ifndef WITHOUT_LOCK
    cordon_ticket_unlock(&lock);
#endif
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, add, NULL);
    add(NULL);
    pthread_join(other, NULL);
    assert(count == 2);
    return 0;
}
