#include <cordon/spin/ticket.h>

#include "lock.h"

static struct cordon_ticket lock;

static void pass(int number)
{
    (void)number;
    cordon_ticket_lock(&lock);
    ++entered;
    cordon_ticket_unlock(&lock);
}
