/* seqlocks_glibc.c - the C library's locks around the record. */
#define _GNU_SOURCE
#include "seqlocks/designs.h"
#include "seqlocks/record.h"

#include <pthread.h>
#include <string.h>

static void rwlock_init(pthread_rwlock_t *lock, int kind)
{
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
#if defined(__GLIBC__)
    pthread_rwlockattr_setkind_np(&attributes, kind);
#else
    (void)kind;
#endif
    pthread_rwlock_init(lock, &attributes);
    pthread_rwlockattr_destroy(&attributes);
}

#if !defined(__GLIBC__)
#define PTHREAD_RWLOCK_PREFER_READER_NP 0
#endif

#define SEQ_NAME                  rwlock_readers
#define LOCK_TYPE                 pthread_rwlock_t
#define LOCK_INIT(lock)           rwlock_init(lock, PTHREAD_RWLOCK_PREFER_READER_NP)
#define LOCK_DESTROY(lock)        pthread_rwlock_destroy(lock)
#define LOCK_READ(lock, self)     pthread_rwlock_rdlock(lock)
#define LOCK_READ_END(lock, self) pthread_rwlock_unlock(lock)
#define LOCK_WRITE(lock)          pthread_rwlock_wrlock(lock)
#define LOCK_WRITE_END(lock)      pthread_rwlock_unlock(lock)
#include "seqlocks/locked.h"

#if defined(__GLIBC__)
#define SEQ_NAME                  rwlock_writers
#define LOCK_TYPE                 pthread_rwlock_t
#define LOCK_INIT(lock)           rwlock_init(lock, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP)
#define LOCK_DESTROY(lock)        pthread_rwlock_destroy(lock)
#define LOCK_READ(lock, self)     pthread_rwlock_rdlock(lock)
#define LOCK_READ_END(lock, self) pthread_rwlock_unlock(lock)
#define LOCK_WRITE(lock)          pthread_rwlock_wrlock(lock)
#define LOCK_WRITE_END(lock)      pthread_rwlock_unlock(lock)
#include "seqlocks/locked.h"
#endif

#define SEQ_NAME                  pthread_mutex
#define LOCK_TYPE                 pthread_mutex_t
#define LOCK_INIT(lock)           pthread_mutex_init(lock, NULL)
#define LOCK_DESTROY(lock)        pthread_mutex_destroy(lock)
#define LOCK_READ(lock, self)     pthread_mutex_lock(lock)
#define LOCK_READ_END(lock, self) pthread_mutex_unlock(lock)
#define LOCK_WRITE(lock)          pthread_mutex_lock(lock)
#define LOCK_WRITE_END(lock)      pthread_mutex_unlock(lock)
#include "seqlocks/locked.h"

const struct seq_design seq_glibc[] = {
    {
        .name = "rwlock-readers",
        .library = "glibc",
        .kind = SEQ_RWLOCK,
        .readers = "the writer",
        .writers = "all readers; may starve",
        .handler = "no",
        .memory = "-",
        .bytes = sizeof(pthread_rwlock_t),
        .copies = 1,
        SEQ_LOOPS(rwlock_readers),
    },
#if defined(__GLIBC__)
    {
        .name = "rwlock-writers",
        .library = "glibc",
        .kind = SEQ_RWLOCK,
        .readers = "all writers; may starve",
        .writers = "readers there",
        .handler = "no",
        .memory = "-",
        .bytes = sizeof(pthread_rwlock_t),
        .copies = 1,
        SEQ_LOOPS(rwlock_writers),
    },
#endif
    {
        .name = "pthread-mutex",
        .library = "glibc",
        .kind = SEQ_LOCK,
        .readers = "everybody; may starve",
        .writers = "everybody; may starve",
        .handler = "no",
        .memory = "-",
        .bytes = sizeof(pthread_mutex_t),
        .copies = 1,
        SEQ_LOOPS(pthread_mutex),
    },
};
const unsigned seq_glibc_count = sizeof seq_glibc / sizeof *seq_glibc;
