/* cordon-check -DBROKEN: endless-wait at rc11 ra */
/* cordon-check: endless-wait at ra */
/* A mutex with a list of sleepers: unlock() opens the word and wakes somebody only if the list is
 * not empty.
 *
 * Where: oneTBB, src/tbb, notify_by_address() under d1::mutex::unlock(): #2136 (2026). Processes
 * on Graviton 3 hung after hours or days.
 *
 * What goes wrong: an exchange that opens the word is not a fence. The owner looks at the list
 * before its 0 is seen, and finds it empty; the waiter, in the list, looks once more before it
 * sleeps, and finds the 1. It sleeps on a mutex that is free.
 *
 * Why the fix is right: with a seq_cst fence on both sides between the own write and the look at
 * the other's, one of the two sees the other. (On x86 every exchange is such a fence: nothing goes
 * wrong there.)
 *
 * (The model `ra` leaves the order of seq_cst fences out, and with it the repair.)
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int taken = 1; /* main has it */
static atomic_int sleepers;
static atomic_int woken;

static void *wait_for_it(void *unused)
{
    atomic_store_explicit(&sleepers, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(&taken, memory_order_acquire)) {
        while (!atomic_load_explicit(&woken, memory_order_acquire)) { /* HERE: asleep */
        }
    }
    return unused;
}

static void unlock(void)
{
    atomic_exchange_explicit(&taken, 0, memory_order_acq_rel);
#if !BROKEN
    atomic_thread_fence(memory_order_seq_cst);
#endif
    if (atomic_load_explicit(&sleepers, memory_order_relaxed)) {
        atomic_store_explicit(&woken, 1, memory_order_release);
    }
}

int main(void)
{
    pthread_t waiter;
    pthread_create(&waiter, NULL, wait_for_it, NULL);
    unlock();
    pthread_join(waiter, NULL);
    return 0;
}
