/* missing.h - the synchronisation that is missing between two accesses. */
#ifndef CORDON_CHECK_MISSING_H
#define CORDON_CHECK_MISSING_H

#include "rows.h"

/* missing_explain - append why what the first thread did after `after` of its events does not happen
 * before the event `second`: a part of a sentence, which names rows by their numbers. Returns false
 * if nothing at all leads from the one to the other.
 */
bool missing_explain(const struct rows *rows, int thread, int after, int32_t second,
                     struct text *text);

#endif
