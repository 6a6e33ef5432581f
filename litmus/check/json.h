/* json.h - the results for programs; the schema is described in docs/check.md. */
#ifndef CORDON_CHECK_JSON_H
#define CORDON_CHECK_JSON_H

#include "options.h"
#include "trial.h"
#include "verdict.h"

#include <stdbool.h>
#include <stdio.h>

/* json_write - to this stream, which it closes; `changes` are those of --mutate or --suggest. False,
 * and one line on stderr, if it cannot be written. NULL: could not be opened, as errno says.
 */
bool json_write(const struct command *command, const struct level *levels,
                const struct changes *changes, int status, FILE *stream);

#endif
