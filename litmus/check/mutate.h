/* mutate.h - is each memory order of the program needed? */
#ifndef CORDON_CHECK_MUTATE_H
#define CORDON_CHECK_MUTATE_H

#include "trial.h"

/* mutate - explore each mutant: the program, which must be right as it stands, with one operation one
 * step weaker. It is killed if something is found. As many at a time as --jobs says. Prints a table
 * unless `text` is false. Returns the exit status: CLI_OK if all were killed, CLI_FAILED if some
 * survived.
 */
int mutate(const struct command *command, const struct level *levels, bool text,
           struct changes *into);

#endif
