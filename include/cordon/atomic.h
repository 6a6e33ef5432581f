/* cordon/atomic.h - one spelling of C11 atomics for C11 and for C++11 and later.
 *
 * Every Cordon header is written against <stdatomic.h>: atomic_load_explicit(&x,
 * memory_order_acquire), with the order in plain sight. C++ spells the same operations
 * std::atomic_load_explicit and finds them through its arguments; what it lacks before C++23 are
 * the unqualified names of the orders. This header supplies exactly what C++23's own <stdatomic.h>
 * would, and nothing else without a CORDON_ prefix.
 *
 * Layout: std::atomic<T> and _Atomic(T) agree for the lock-free integers and pointers used here,
 * with gcc and clang on every supported target, so a C translation unit and a C++ one may share an
 * object.
 */
#ifndef CORDON_ATOMIC_H
#define CORDON_ATOMIC_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus

#include <atomic>
using std::memory_order;
using std::memory_order_acq_rel;
using std::memory_order_acquire;
using std::memory_order_relaxed;
using std::memory_order_release;
using std::memory_order_seq_cst;

#define CORDON_ATOMIC(T)   std::atomic<T>
#define CORDON_BEGIN_DECLS extern "C" {
#define CORDON_END_DECLS   }
#define CORDON_ALIGNED(n)  alignas(n)
/* An aggregate, all of it zero. */
#define CORDON_ZERO \
    {               \
    }
/* The initialiser of an atomic member inside an aggregate. */
#define CORDON_ATOMIC_INIT(v) \
    {                         \
        v                     \
    }

#else

#include <stdatomic.h>
#include <stdbool.h>

#define CORDON_ATOMIC(T) _Atomic(T)
#define CORDON_BEGIN_DECLS
#define CORDON_END_DECLS
#define CORDON_ALIGNED(n) _Alignas(n)
/* clang 14 takes no 0 for an atomic pointer, but an empty initialiser (C23, and long an extension).
 */
#if defined(__clang__)
#define CORDON_ZERO                                                     \
    _Pragma("clang diagnostic push")                                    \
        _Pragma("clang diagnostic ignored \"-Wgnu-empty-initializer\"") \
    {                                                                   \
    }                                                                   \
    _Pragma("clang diagnostic pop")
#else
#define CORDON_ZERO \
    {               \
        0           \
    }
#endif
#define CORDON_ATOMIC_INIT(v) (v)

#endif

/* Functions that live in libcordon rather than in a header. */
#define CORDON_API __attribute__((visibility("default")))

/* A function of a header that is seldom called from a hot one. Kept out of line, it leaves the hot
 * one small enough to be compiled into its caller: a call costs three or four stores.
 */
#define CORDON_OUTLINE_ __attribute__((noinline, unused))

/* True in a build whose accesses are instrumented by -fsanitize=thread. */
#if defined(__SANITIZE_THREAD__)
#define CORDON_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CORDON_TSAN 1
#endif
#endif
#ifndef CORDON_TSAN
#define CORDON_TSAN 0
#endif

#endif
