/* my_lock.h - somebody's spinlock. Whoever changes 0 to 1 is inside. */
#ifndef MY_LOCK_H
#define MY_LOCK_H

#include <stdatomic.h>

struct my_lock {
    atomic_int held;
};

static inline void my_lock_lock(struct my_lock *lock)
{
    while (atomic_exchange_explicit(&lock->held, 1, memory_order_acquire) != 0) {
        while (atomic_load_explicit(&lock->held, memory_order_relaxed) != 0) {
        }
    }
}

static inline void my_lock_unlock(struct my_lock *lock)
{
    atomic_store_explicit(&lock->held, 0, memory_order_release);
}

#endif
