/* supervise.h - explore in a process of its own, so that whatever happens to it can be told. */
#ifndef CORDON_CHECK_SUPERVISE_H
#define CORDON_CHECK_SUPERVISE_H

#include "check.h"

/* supervise - load the shared object in a child, explore it with these options, wait; `into` gets
 * the result, also when it was interrupted, ran out of time or died (then FOUND_UNSUPPORTED or
 * FOUND_BOUND say how, and `reported` is set). False: it could not even begin, and stderr has why.
 * On a terminal it shows how far it is, after `title`.
 */
bool supervise(const char *shared_object, const struct options *wanted, const char *title,
               struct result *into);

#endif
