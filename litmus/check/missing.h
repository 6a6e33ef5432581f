/* missing.h - the synchronisation that is missing between two accesses. */
#ifndef CORDON_CHECK_MISSING_H
#define CORDON_CHECK_MISSING_H

#include "rows.h"

#include <stdio.h>

/* missing_explain - why what the first thread did after `after` of its events does not happen before
 * the event `second`, in sentences that end with a period; names rows by their numbers.
 */
void missing_explain(FILE *out, const struct rows *rows, int thread, int after, int32_t second);

#endif
