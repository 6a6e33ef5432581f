/* cxx.c - what C++ needs besides: new and delete, std::thread, std::condition_variable, call_once,
 * initialisation of static variables, and the parts of the containers that libstdc++ keeps to itself.
 *
 * The names are those of the Itanium ABI and of libstdc++. std::mutex, std::shared_mutex and
 * std::counting_semaphore are inline, and arrive as calls of the C library.
 */
#define _GNU_SOURCE
#include "cxx.h"

#include "locks.h"

#include <dlfcn.h>
#include <stdlib.h>

void *libstdcxx(const char *name)
{
    static void *library;
    if (library == NULL) {
        library = dlopen("libstdc++.so.6", RTLD_LAZY | RTLD_NOLOAD);
    }
    return library == NULL ? NULL : name == NULL ? library : dlsym(library, name);
}

/* new and delete */

#define NEW(name)                        \
    WRAP(void *, name, size_t size)      \
    {                                    \
        ENTER();                         \
        return allocate(size, 0, false); \
    }
#define NEW_NOTHROW(name)                                \
    WRAP(void *, name, size_t size, const void *nothrow) \
    {                                                    \
        ENTER();                                         \
        (void)nothrow;                                   \
        return allocate(size, 0, false);                 \
    }
#define NEW_ALIGNED(name)                             \
    WRAP(void *, name, size_t size, size_t alignment) \
    {                                                 \
        ENTER();                                      \
        return allocate(size, alignment, false);      \
    }
#define NEW_ALIGNED_NOTHROW(name)                                          \
    WRAP(void *, name, size_t size, size_t alignment, const void *nothrow) \
    {                                                                      \
        ENTER();                                                           \
        (void)nothrow;                                                     \
        return allocate(size, alignment, false);                           \
    }
/* Whatever else it is told, delete needs the block alone. */
#define DELETE(name)              \
    WRAP(void, name, void *block) \
    {                             \
        ENTER();                  \
        deallocate(block);        \
    }
NEW(_Znwm)
NEW(_Znam)
NEW_NOTHROW(_ZnwmRKSt9nothrow_t)
NEW_NOTHROW(_ZnamRKSt9nothrow_t)
NEW_ALIGNED(_ZnwmSt11align_val_t)
NEW_ALIGNED(_ZnamSt11align_val_t)
NEW_ALIGNED_NOTHROW(_ZnwmSt11align_val_tRKSt9nothrow_t)
NEW_ALIGNED_NOTHROW(_ZnamSt11align_val_tRKSt9nothrow_t)
DELETE(_ZdlPv)
DELETE(_ZdaPv)
DELETE(_ZdlPvm)
DELETE(_ZdaPvm)
DELETE(_ZdlPvRKSt9nothrow_t)
DELETE(_ZdaPvRKSt9nothrow_t)
DELETE(_ZdlPvSt11align_val_t)
DELETE(_ZdaPvSt11align_val_t)
DELETE(_ZdlPvmSt11align_val_t)
DELETE(_ZdaPvmSt11align_val_t)
DELETE(_ZdlPvSt11align_val_tRKSt9nothrow_t)
DELETE(_ZdaPvSt11align_val_tRKSt9nothrow_t)

/* std::thread: its object holds the handle, zero if there is no thread. What it runs has virtual
 * functions: two destructors, the second of which deletes it, and the one to run.
 */
struct thread_object {
    pthread_t handle;
};
typedef void method(void *object);

static void *run_state(void *state)
{
    (*(method ***)state)[2](state);
    (*(method ***)state)[1](state);
    return NULL;
}

WRAP(void, _ZNSt6thread15_M_start_threadESt10unique_ptrINS_6_StateESt14default_deleteIS1_EEPFvvE,
     struct thread_object *thread, void **state, void (*unused)(void))
{
    ENTER();
    (void)unused;
    void *owned = *state;
    fiber_write(state, sizeof *state);
    *state = NULL;
    const pthread_t handle = thread_start((uintptr_t)run_state, (uintptr_t)owned, pc);
    fiber_write(thread, sizeof *thread);
    thread->handle = handle;
}

static pthread_t take_handle(struct thread_object *thread, const char *what, uintptr_t pc)
{
    fiber_read(thread, sizeof *thread);
    const pthread_t handle = thread->handle;
    if (handle == 0) {
        fail(FOUND_MISUSE, pc, 0, "%s a std::thread that has no thread", what);
    }
    return handle;
}

WRAP(void, _ZNSt6thread4joinEv, struct thread_object *thread)
{
    ENTER();
    thread_join(take_handle(thread, "joins", pc), pc);
    fiber_write(thread, sizeof *thread);
    thread->handle = 0;
}

WRAP(void, _ZNSt6thread6detachEv, struct thread_object *thread)
{
    ENTER();
    thread_detach(take_handle(thread, "detaches", pc), pc);
    fiber_write(thread, sizeof *thread);
    thread->handle = 0;
}

WRAP(unsigned, _ZNSt6thread20hardware_concurrencyEv, void)
{
    return 2;
}

/* std::condition_variable, which is a pthread_cond_t. Waiting in it orders nothing but what the mutex
 * orders. Of a std::unique_lock the first word is the mutex.
 */
WRAP(void, _ZNSt18condition_variableC1Ev, void *condition)
{
    ENTER();
    condition_init(condition, CLOCK_REALTIME);
}

WRAP(void, _ZNSt18condition_variableD1Ev, void *condition)
{
    ENTER();
    condition_destroy(condition, pc);
}

WRAP(void, _ZNSt18condition_variable4waitERSt11unique_lockISt5mutexE, void *condition, void **lock)
{
    ENTER();
    fiber_read(lock, sizeof *lock);
    condition_wait(condition, *lock, NEVER, RELAXED, pc);
}

WRAP(void, _ZNSt18condition_variable10notify_oneEv, void *condition)
{
    ENTER();
    condition_wake(condition, 1, RELAXED, pc);
}

WRAP(void, _ZNSt18condition_variable10notify_allEv, void *condition)
{
    ENTER();
    condition_wake(condition, MAX_THREADS, RELAXED, pc);
}

void *thread_foreign_local(size_t offset)
{
    if (offset >= sizeof LOCALS(foreign)->foreign) {
        fail(FOUND_UNSUPPORTED, 0, 0, "thread-local variables of a library");
        offset = 0;
    }
    return LOCALS(foreign)->foreign + offset;
}

/* std::call_once leaves what is to be called in thread-local variables of libstdc++'s, of which each
 * fiber has its own; then it calls pthread_once with this function.
 */
WRAP(void, __once_proxy, void)
{
    static uintptr_t offset; /* of the variable in its module's block */
    if (offset == 0) {
        void *block = NULL;
        void *call = libstdcxx("_ZSt11__once_call");
        dlinfo(libstdcxx(NULL), RTLD_DI_TLS_DATA, &block);
        offset = (uintptr_t)call - (uintptr_t)block;
    }
    void (*call)(void) = *(void (**)(void))thread_foreign_local(offset);
    call();
}

/* std::shared_ptr counts without atomics while this is true. */
extern char __wrap___libc_single_threaded;
char __wrap___libc_single_threaded = 0;

/* A static variable's guard: its first byte says DONE to the compiler's own look at it; the second
 * word is a once.
 */
enum { GUARD_ONCE = 4 };

WRAP(int, __cxa_guard_acquire, char *guard)
{
    ENTER();
    return once_begin((uint32_t *)(void *)(guard + GUARD_ONCE), pc);
}

WRAP(void, __cxa_guard_release, char *guard)
{
    ENTER();
    put(guard, 1, 1, RELEASE, pc);
    once_end((uint32_t *)(void *)(guard + GUARD_ONCE), true, pc);
}

WRAP(void, __cxa_guard_abort, char *guard)
{
    ENTER();
    once_end((uint32_t *)(void *)(guard + GUARD_ONCE), false, pc);
}

/* Destructors of static objects would run after main, where there is nothing left to explore. */
WRAP(int, __cxa_atexit, void (*function)(void *), void *object, void *library)
{
    (void)function;
    (void)object;
    (void)library;
    return 0;
}

WRAP(int, __cxa_thread_atexit, void (*function)(void *), void *object, void *library)
{
    ENTER();
    (void)library;
    if (!thread_on_exit(function, object)) {
        fail(FOUND_BOUND, pc, 0, "a thread has more than %d thread_local objects with destructors",
             MOST_EXITS);
    }
    return 0;
}

/* The ends of a program */

WRAP(void, _ZSt9terminatev, void)
{
    ENTER();
    fail(FOUND_ABORT, pc, 0,
         "std::terminate(): an exception where none may leave, or a thread neither joined nor "
         "detached");
}

WRAP(void, __cxa_pure_virtual, void)
{
    ENTER();
    fail(FOUND_ABORT, pc, 0, "a pure virtual function is called");
}

WRAP(void, _ZSt21__glibcxx_assert_failPKciS0_S0_, const char *file, int line, const char *function,
     const char *condition)
{
    ENTER();
    fail(FOUND_ASSERTION, pc, 0, "%s:%d: %s: assertion '%s' failed", file, line, function,
         condition);
}

/* std::chrono */

WRAP(int64_t, _ZNSt6chrono3_V212steady_clock3nowEv, void)
{
    ENTER();
    return clock_now(CLOCK_MONOTONIC, pc);
}

WRAP(int64_t, _ZNSt6chrono3_V212system_clock3nowEv, void)
{
    ENTER();
    return clock_now(CLOCK_REALTIME, pc);
}

/* std::list */

struct list_node {
    struct list_node *next, *before;
};

static void tie(struct list_node *first, struct list_node *second)
{
    fiber_write(&first->next, sizeof first->next);
    first->next = second;
    fiber_write(&second->before, sizeof second->before);
    second->before = first;
}

WRAP(void, _ZNSt8__detail15_List_node_base7_M_hookEPS0_, struct list_node *node,
     struct list_node *position)
{
    ENTER();
    fiber_read(position, sizeof *position);
    struct list_node *before = position->before;
    tie(before, node);
    tie(node, position);
}

WRAP(void, _ZNSt8__detail15_List_node_base9_M_unhookEv, struct list_node *node)
{
    ENTER();
    fiber_read(node, sizeof *node);
    tie(node->before, node->next);
}

/* Moves [first, last) to before the position. */
WRAP(void, _ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_, struct list_node *position,
     struct list_node *first, struct list_node *last)
{
    ENTER();
    fiber_read(position, sizeof *position);
    fiber_read(first, sizeof *first);
    fiber_read(last, sizeof *last);
    if (position != last) {
        struct list_node *inner = last->before, *before = position->before;
        tie(first->before, last);
        tie(before, first);
        tie(inner, position);
    }
}

/* Two heads exchange their nodes. */
WRAP(void, _ZNSt8__detail15_List_node_base4swapERS0_S1_, struct list_node *a, struct list_node *b)
{
    ENTER();
    fiber_read(a, sizeof *a);
    fiber_read(b, sizeof *b);
    const struct list_node old_a = *a, old_b = *b;
    tie(a, old_b.next == b ? a : old_b.next);
    tie(old_b.before == b ? a : old_b.before, a);
    tie(b, old_a.next == a ? b : old_a.next);
    tie(old_a.before == a ? b : old_a.before, b);
}

WRAP(void, _ZNSt8__detail15_List_node_base10_M_reverseEv, struct list_node *head)
{
    ENTER();
    struct list_node *node = head;
    do {
        fiber_write(node, sizeof *node);
        struct list_node *next = node->next;
        node->next = node->before;
        node->before = next;
        node = next;
    } while (node != head);
}

/* std::map and std::set: libstdc++ balances the tree. It may write any node, so all are announced. */

struct tree_node {
    int colour;
    struct tree_node *parent, *left, *right;
};

static void announce(struct tree_node *node)
{
    if (node != NULL) {
        fiber_write(node, sizeof *node);
        announce(node->left);
        announce(node->right);
    }
}

static void announce_tree(struct tree_node *header)
{
    fiber_write(header, sizeof *header);
    announce(header->parent);
}

WRAP(void, _ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_, bool left,
     struct tree_node *node, struct tree_node *parent, struct tree_node *header)
{
    typedef void insert(bool, struct tree_node *, struct tree_node *, struct tree_node *);
    ENTER();
    insert *real = (insert *)(uintptr_t)libstdcxx(
        "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_");
    fiber_write(node, sizeof *node);
    announce_tree(header);
    real(left, node, parent, header);
}

WRAP(struct tree_node *, _ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_,
     struct tree_node *node, struct tree_node *header)
{
    typedef struct tree_node *erase(struct tree_node *, struct tree_node *);
    ENTER();
    erase *real = (erase *)(uintptr_t)libstdcxx(
        "_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_");
    announce_tree(header);
    return real(node, header);
}

/* std::unordered_map: the policy remembers when to grow next. */

struct rehash_policy {
    float most_load;
    size_t next_resize;
};
struct need_rehash {
    bool needed;
    size_t buckets;
};

WRAP(struct need_rehash, _ZNKSt8__detail20_Prime_rehash_policy14_M_need_rehashEmmm,
     struct rehash_policy *policy, size_t buckets, size_t elements, size_t more)
{
    typedef struct need_rehash need(struct rehash_policy *, size_t, size_t, size_t);
    ENTER();
    need *real =
        (need *)(uintptr_t)libstdcxx("_ZNKSt8__detail20_Prime_rehash_policy14_M_need_rehashEmmm");
    fiber_write(policy, sizeof *policy);
    return real(policy, buckets, elements, more);
}

WRAP(size_t, _ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm, struct rehash_policy *policy,
     size_t buckets)
{
    typedef size_t next(struct rehash_policy *, size_t);
    ENTER();
    next *real =
        (next *)(uintptr_t)libstdcxx("_ZNKSt8__detail20_Prime_rehash_policy11_M_next_bktEm");
    fiber_write(policy, sizeof *policy);
    return real(policy, buckets);
}
