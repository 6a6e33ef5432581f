/* locks_ck.c - Concurrency Kit's spinlocks for `cordon-bench locks`.
 *
 * Left out are its lock elision, which needs a build for transactional memory and measures the data's
 * conflicts rather than the lock, and its cohort locks, a way to combine two of these.
 */
#include <ck_spinlock.h>

#define LOCK_LIBRARY "ck"

#define LOCK_NAME               ck_fas
#define LOCK_KIND               LOCK_TAS
#define LOCK_ORDER              LOCK_ANY
#define LOCK_SHARED             ck_spinlock_fas_t
#define LOCK_ENTER(shared, own) ck_spinlock_fas_lock(shared)
#define LOCK_LEAVE(shared, own) ck_spinlock_fas_unlock(shared)
#include "../locks/loop.h"

#define LOCK_NAME               ck_fas_eb
#define LOCK_KIND               LOCK_TAS
#define LOCK_ORDER              LOCK_ANY
#define LOCK_SHARED             ck_spinlock_fas_t
#define LOCK_ENTER(shared, own) ck_spinlock_fas_lock_eb(shared)
#define LOCK_LEAVE(shared, own) ck_spinlock_fas_unlock(shared)
#include "../locks/loop.h"

#define LOCK_NAME               ck_cas
#define LOCK_VARIANT            true
#define LOCK_KIND               LOCK_TAS
#define LOCK_ORDER              LOCK_ANY
#define LOCK_SHARED             ck_spinlock_cas_t
#define LOCK_ENTER(shared, own) ck_spinlock_cas_lock(shared)
#define LOCK_LEAVE(shared, own) ck_spinlock_cas_unlock(shared)
#include "../locks/loop.h"

#define LOCK_NAME               ck_cas_eb
#define LOCK_VARIANT            true
#define LOCK_KIND               LOCK_TAS
#define LOCK_ORDER              LOCK_ANY
#define LOCK_SHARED             ck_spinlock_cas_t
#define LOCK_ENTER(shared, own) ck_spinlock_cas_lock_eb(shared)
#define LOCK_LEAVE(shared, own) ck_spinlock_cas_unlock(shared)
#include "../locks/loop.h"

#define LOCK_NAME                               ck_dec
#define LOCK_VARIANT                            true
#define LOCK_KIND                               LOCK_TAS
#define LOCK_ORDER                              LOCK_ANY
#define LOCK_SHARED                             ck_spinlock_dec_t
#define LOCK_START(shared, own, index, threads) index == 0 ? ck_spinlock_dec_init(shared) : (void)0
#define LOCK_ENTER(shared, own)                 ck_spinlock_dec_lock(shared)
#define LOCK_LEAVE(shared, own)                 ck_spinlock_dec_unlock(shared)
#include "../locks/loop.h"

#define LOCK_NAME                               ck_dec_eb
#define LOCK_VARIANT                            true
#define LOCK_KIND                               LOCK_TAS
#define LOCK_ORDER                              LOCK_ANY
#define LOCK_SHARED                             ck_spinlock_dec_t
#define LOCK_START(shared, own, index, threads) index == 0 ? ck_spinlock_dec_init(shared) : (void)0
#define LOCK_ENTER(shared, own)                 ck_spinlock_dec_lock_eb(shared)
#define LOCK_LEAVE(shared, own)                 ck_spinlock_dec_unlock(shared)
#include "../locks/loop.h"

#define LOCK_NAME               ck_ticket
#define LOCK_KIND               LOCK_TICKET
#define LOCK_ORDER              LOCK_FIFO
#define LOCK_SHARED             ck_spinlock_ticket_t
#define LOCK_ENTER(shared, own) ck_spinlock_ticket_lock(shared)
#define LOCK_LEAVE(shared, own) ck_spinlock_ticket_unlock(shared)
#include "../locks/loop.h"

#define LOCK_NAME               ck_ticket_pb
#define LOCK_VARIANT            true
#define LOCK_KIND               LOCK_TICKET
#define LOCK_ORDER              LOCK_FIFO
#define LOCK_SHARED             ck_spinlock_ticket_t
#define LOCK_ENTER(shared, own) ck_spinlock_ticket_lock_pb(shared, 5) /* as its own benchmark */
#define LOCK_LEAVE(shared, own) ck_spinlock_ticket_unlock(shared)
#include "../locks/loop.h"

/* The slots are an array, by its interface: they cannot be padded. */
struct anderson {
    ck_spinlock_anderson_t lock;
    CORDON_ALIGNED(CORDON_LINE) ck_spinlock_anderson_thread_t slot[LOCKS_MOST_THREADS];
};

/* With a power of two for the slots, its tickets are drawn by fetch-and-add. */
static void anderson_start(struct anderson *shared, unsigned threads)
{
    unsigned slots = 1;
    while (slots < threads) {
        slots *= 2;
    }
    ck_spinlock_anderson_init(&shared->lock, shared->slot, slots);
}
#define LOCK_NAME       ck_anderson
#define LOCK_KIND       LOCK_QUEUE
#define LOCK_ORDER      LOCK_FIFO
#define LOCK_SHARED     struct anderson
#define LOCK_OWN        ck_spinlock_anderson_thread_t *
#define LOCK_BYTES      sizeof(ck_spinlock_anderson_t)
#define LOCK_BYTES_EACH (sizeof(ck_spinlock_anderson_thread_t) + sizeof(void *))
#define LOCK_START(shared, own, index, threads) \
    index == 0 ? anderson_start(shared, threads) : (void)0
#define LOCK_ENTER(shared, own) ck_spinlock_anderson_lock(&(shared)->lock, own)
#define LOCK_LEAVE(shared, own) ck_spinlock_anderson_unlock(&(shared)->lock, *(own))
#include "../locks/loop.h"

#define LOCK_NAME               ck_mcs
#define LOCK_KIND               LOCK_QUEUE
#define LOCK_ORDER              LOCK_FIFO
#define LOCK_SHARED             ck_spinlock_mcs_t
#define LOCK_OWN                ck_spinlock_mcs_context_t
#define LOCK_ENTER(shared, own) ck_spinlock_mcs_lock(shared, own)
#define LOCK_LEAVE(shared, own) ck_spinlock_mcs_unlock(shared, own)
#include "../locks/loop.h"

/* The node that nobody owns at first lies on a line of its own, as those of the threads. */
struct clh {
    ck_spinlock_clh_t *tail;
    CORDON_ALIGNED(CORDON_LINE) ck_spinlock_clh_t unowned;
};
struct clh_part {
    ck_spinlock_clh_t *mine;
    ck_spinlock_clh_t node;
};
static void clh_start(struct clh *shared, struct clh_part *own, unsigned index)
{
    if (index == 0) {
        ck_spinlock_clh_init(&shared->tail, &shared->unowned);
    }
    own->mine = &own->node;
}
#define LOCK_NAME                               ck_clh
#define LOCK_KIND                               LOCK_QUEUE
#define LOCK_ORDER                              LOCK_FIFO
#define LOCK_SHARED                             struct clh
#define LOCK_OWN                                struct clh_part
#define LOCK_BYTES                              (sizeof(void *) + sizeof(ck_spinlock_clh_t))
#define LOCK_START(shared, own, index, threads) clh_start(shared, own, index)
#define LOCK_ENTER(shared, own)                 ck_spinlock_clh_lock(&(shared)->tail, (own)->mine)
#define LOCK_LEAVE(shared, own)                 ck_spinlock_clh_unlock(&(own)->mine)
#include "../locks/loop.h"

/* One cluster: the threads may be on any of the cores, as on most machines of one package. */
struct hclh {
    ck_spinlock_hclh_t *tail;
    CORDON_ALIGNED(CORDON_LINE) ck_spinlock_hclh_t *local;
    CORDON_ALIGNED(CORDON_LINE) ck_spinlock_hclh_t unowned;
    CORDON_ALIGNED(CORDON_LINE) ck_spinlock_hclh_t local_unowned;
};
struct hclh_part {
    ck_spinlock_hclh_t *mine;
    ck_spinlock_hclh_t node;
};
static void hclh_start(struct hclh *shared, struct hclh_part *own, unsigned index)
{
    if (index == 0) {
        ck_spinlock_hclh_init(&shared->tail, &shared->unowned, -1);
        ck_spinlock_hclh_init(&shared->local, &shared->local_unowned, 0);
    }
    own->mine = &own->node;
}
#define LOCK_NAME                               ck_hclh
#define LOCK_VARIANT                            true
#define LOCK_KIND                               LOCK_QUEUE
#define LOCK_ORDER                              LOCK_CLUSTERED
#define LOCK_SHARED                             struct hclh
#define LOCK_OWN                                struct hclh_part
#define LOCK_BYTES                              (2 * (sizeof(void *) + sizeof(ck_spinlock_hclh_t)))
#define LOCK_START(shared, own, index, threads) hclh_start(shared, own, index)
#define LOCK_ENTER(shared, own) \
    ck_spinlock_hclh_lock(&(shared)->tail, &(shared)->local, (own)->mine)
#define LOCK_LEAVE(shared, own) ck_spinlock_hclh_unlock(&(own)->mine)
#include "../locks/loop.h"

lock_library locks_ck = {
    &lock_ck_fas_adapter,
    &lock_ck_fas_eb_adapter,
    &lock_ck_cas_adapter,
    &lock_ck_cas_eb_adapter,
    &lock_ck_dec_adapter,
    &lock_ck_dec_eb_adapter,
    &lock_ck_ticket_adapter,
    &lock_ck_ticket_pb_adapter,
    &lock_ck_anderson_adapter,
    &lock_ck_mcs_adapter,
    &lock_ck_clh_adapter,
    &lock_ck_hclh_adapter,
    NULL,
};
