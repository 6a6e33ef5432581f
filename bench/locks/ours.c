/* ours.c - Cordon's locks for `cordon-bench locks`; and no lock, which is what the loops cost alone. */
#include <cordon/spin/clh.h>
#include <cordon/spin/hemlock.h>
#include <cordon/spin/k42.h>
#include <cordon/spin/mcs.h>
#include <cordon/spin/ticket.h>
#include <cordon/spin/ttas.h>
#include <cordon/sync/fifo.h>
#include <cordon/sync/mutex.h>

#include "adapter.h"
#include "../clock.h"

#define LOCK_LIBRARY "cordon"

#define LOCK_NAME               ttas
#define LOCK_KIND               LOCK_TAS
#define LOCK_ORDER              LOCK_ANY
#define LOCK_SHARED             struct cordon_ttas
#define LOCK_ENTER(shared, own) cordon_ttas_lock(shared)
#define LOCK_LEAVE(shared, own) cordon_ttas_unlock(shared)
#include "loop.h"

#define LOCK_NAME               ticket
#define LOCK_KIND               LOCK_TICKET
#define LOCK_ORDER              LOCK_FIFO
#define LOCK_SHARED             struct cordon_ticket
#define LOCK_ENTER(shared, own) cordon_ticket_lock(shared)
#define LOCK_LEAVE(shared, own) cordon_ticket_unlock(shared)
#include "loop.h"

#define LOCK_NAME               mcs
#define LOCK_KIND               LOCK_QUEUE
#define LOCK_ORDER              LOCK_FIFO
#define LOCK_SHARED             struct cordon_mcs
#define LOCK_OWN                struct cordon_mcs_node
#define LOCK_ENTER(shared, own) cordon_mcs_lock(shared, own)
#define LOCK_LEAVE(shared, own) cordon_mcs_unlock(shared, own)
#include "loop.h"

struct clh_part {
    struct cordon_clh_handle handle;
    struct cordon_clh_node node;
};
#define LOCK_NAME                               clh
#define LOCK_KIND                               LOCK_QUEUE
#define LOCK_ORDER                              LOCK_FIFO
#define LOCK_SHARED                             struct cordon_clh
#define LOCK_OWN                                struct clh_part
#define LOCK_START(shared, own, index, threads) (own)->handle.mine = &(own)->node
#define LOCK_ENTER(shared, own)                 cordon_clh_lock(shared, &(own)->handle)
#define LOCK_LEAVE(shared, own)                 cordon_clh_unlock(shared, &(own)->handle)
#include "loop.h"

#define LOCK_NAME               k42
#define LOCK_KIND               LOCK_QUEUE
#define LOCK_ORDER              LOCK_FIFO
#define LOCK_SHARED             struct cordon_k42
#define LOCK_ENTER(shared, own) cordon_k42_lock(shared)
#define LOCK_LEAVE(shared, own) cordon_k42_unlock(shared)
#include "loop.h"

#define LOCK_NAME               hemlock
#define LOCK_KIND               LOCK_QUEUE
#define LOCK_ORDER              LOCK_FIFO
#define LOCK_SHARED             struct cordon_hemlock
#define LOCK_OWN                struct cordon_hemlock_self
#define LOCK_ENTER(shared, own) cordon_hemlock_lock(shared, own)
#define LOCK_LEAVE(shared, own) cordon_hemlock_unlock(shared, own)
#include "loop.h"

#define LOCK_NAME               fifo
#define LOCK_KIND               LOCK_TICKET
#define LOCK_ORDER              LOCK_FIFO
#define LOCK_SHARED             struct cordon_fifo
#define LOCK_ENTER(shared, own) cordon_fifo_lock(shared)
#define LOCK_LEAVE(shared, own) cordon_fifo_unlock(shared)
#include "loop.h"

#define LOCK_NAME               mutex
#define LOCK_KIND               LOCK_MUTEX
#define LOCK_ORDER              LOCK_BOUNDED
#define LOCK_SHARED             struct cordon_mutex
#define LOCK_ENTER(shared, own) cordon_mutex_lock(shared)
#define LOCK_LEAVE(shared, own) cordon_mutex_unlock(shared)
#include "loop.h"

lock_library locks_cordon = {
    &lock_ttas_adapter, &lock_ticket_adapter, &lock_mcs_adapter,
    &lock_clh_adapter,  &lock_k42_adapter,    &lock_hemlock_adapter,
    &lock_fifo_adapter, &lock_mutex_adapter,  NULL,
};

#undef LOCK_LIBRARY
#define LOCK_LIBRARY "reference"
#define LOCK_NAME    none
#define LOCK_KIND    LOCK_NONE
#define LOCK_ORDER   LOCK_ANY
#define LOCK_SHARED  char
#define LOCK_BYTES   0
#define LOCK_STORAGE
#define LOCK_ADAPTER            lock_none
#define LOCK_ENTER(shared, own) (void)0
#define LOCK_LEAVE(shared, own) __asm__ __volatile__("" ::: "memory")
#include "loop.h"

double lock_work_ns(void)
{
    enum { UNITS = 20000, TRIALS = 50 };
    double shortest = 1e9;
    for (int trial = 0; trial < TRIALS; ++trial) {
        const uint64_t started = cordon_now();
        lock_work(UNITS);
        const double each = (double)(cordon_now() - started) / UNITS;
        shortest = each < shortest ? each : shortest;
    }
    return shortest;
}
