/* supervise.h - explore in a process of its own, so that whatever happens to it can be told. */
#ifndef CORDON_CHECK_SUPERVISE_H
#define CORDON_CHECK_SUPERVISE_H

#include "check.h"

#include <stdbool.h>

/* How it ended; the result holds what was found until then. */
enum ending {
    ENDED_UNLOADED, /* it could not even begin, and stderr has why */
    ENDED_DEAD,     /* the process died of itself: result->message says how */
    ENDED_INTERRUPTED,
    ENDED_TIMEOUT,
    ENDED_FINISHED /* everything was explored, or something was found */
};

/* supervise - explore the shared object with these options in a child, and wait for it; `into` gets
 * the result. On a terminal it shows how far it is, after `title`, unless that is NULL. May be called
 * again and again.
 */
enum ending supervise(const char *shared_object, const struct options *wanted, const char *title,
                      struct result *into);

#endif
