/* attributes.c - of what POSIX can be told about threads and locks, little makes a difference here.
 * The library's own functions do it; that they write the object is announced.
 */
#define _GNU_SOURCE
#include "environment.h"

#include <pthread.h>

#define ATTRIBUTE_INIT(type)                         \
    WRAP(int, type##_init, type##_t *attributes)     \
    {                                                \
        ENTER();                                     \
        fiber_write(attributes, sizeof *attributes); \
        return type##_init(attributes);              \
    }                                                \
    WRAP(int, type##_destroy, type##_t *attributes)  \
    {                                                \
        ENTER();                                     \
        fiber_write(attributes, sizeof *attributes); \
        return type##_destroy(attributes);           \
    }
#define ATTRIBUTE_SET(type, name, value_type)                           \
    WRAP(int, type##_set##name, type##_t *attributes, value_type value) \
    {                                                                   \
        ENTER();                                                        \
        fiber_write(attributes, sizeof *attributes);                    \
        return type##_set##name(attributes, value);                     \
    }
#define ATTRIBUTE_GET(type, name, value_type)                                  \
    WRAP(int, type##_get##name, const type##_t *attributes, value_type *value) \
    {                                                                          \
        ENTER();                                                               \
        fiber_read(attributes, sizeof *attributes);                            \
        fiber_write(value, sizeof *value);                                     \
        return type##_get##name(attributes, value);                            \
    }

ATTRIBUTE_INIT(pthread_mutexattr)
ATTRIBUTE_SET(pthread_mutexattr, type, int)
ATTRIBUTE_GET(pthread_mutexattr, type, int)
ATTRIBUTE_SET(pthread_mutexattr, pshared, int)
ATTRIBUTE_SET(pthread_mutexattr, protocol, int)
ATTRIBUTE_SET(pthread_mutexattr, robust, int)
ATTRIBUTE_INIT(pthread_condattr)
ATTRIBUTE_SET(pthread_condattr, clock, clockid_t)
ATTRIBUTE_GET(pthread_condattr, clock, clockid_t)
ATTRIBUTE_SET(pthread_condattr, pshared, int)
ATTRIBUTE_INIT(pthread_rwlockattr)
ATTRIBUTE_SET(pthread_rwlockattr, kind_np, int)
ATTRIBUTE_SET(pthread_rwlockattr, pshared, int)
ATTRIBUTE_INIT(pthread_barrierattr)
ATTRIBUTE_SET(pthread_barrierattr, pshared, int)

/* Of a thread's attributes only this one is kept; the library's have memory of their own. */
struct attributes {
    int detach_state;
};

WRAP(int, pthread_attr_init, pthread_attr_t *object)
{
    ENTER();
    struct attributes *attributes = (struct attributes *)object;
    fiber_write(attributes, sizeof *attributes);
    attributes->detach_state = PTHREAD_CREATE_JOINABLE;
    return 0;
}

WRAP(int, pthread_attr_destroy, pthread_attr_t *object)
{
    (void)object;
    return 0;
}

WRAP(int, pthread_attr_setdetachstate, pthread_attr_t *object, int state)
{
    ENTER();
    struct attributes *attributes = (struct attributes *)object;
    fiber_write(attributes, sizeof *attributes);
    attributes->detach_state = state;
    return 0;
}

WRAP(int, pthread_attr_getdetachstate, const pthread_attr_t *object, int *state)
{
    ENTER();
    const struct attributes *attributes = (const struct attributes *)object;
    fiber_read(attributes, sizeof *attributes);
    fiber_write(state, sizeof *state);
    *state = attributes->detach_state;
    return 0;
}

WRAP(int, pthread_attr_setstacksize, pthread_attr_t *object, size_t size)
{
    (void)object;
    (void)size;
    return 0;
}

WRAP(int, pthread_attr_setguardsize, pthread_attr_t *object, size_t size)
{
    (void)object;
    (void)size;
    return 0;
}

WRAP(int, pthread_attr_setscope, pthread_attr_t *object, int scope)
{
    (void)object;
    (void)scope;
    return 0;
}

WRAP(int, pthread_attr_setinheritsched, pthread_attr_t *object, int inherit)
{
    (void)object;
    (void)inherit;
    return 0;
}

WRAP(int, pthread_attr_setaffinity_np, pthread_attr_t *object, size_t size, const cpu_set_t *set)
{
    (void)object;
    (void)size;
    (void)set;
    return 0;
}

bool attributes_detached(const pthread_attr_t *object)
{
    const struct attributes *attributes = (const struct attributes *)object;
    fiber_read(attributes, sizeof *attributes);
    return attributes->detach_state == PTHREAD_CREATE_DETACHED;
}
