/* suggest.h - which memory orders would do? */
#ifndef CORDON_CHECK_SUGGEST_H
#define CORDON_CHECK_SUGGEST_H

#include "trial.h"

/* suggest - for a program that is right, weaker orders with which it still is; for one that is wrong,
 * stronger ones that cure it. The outcome of each is that of all of them together. Prints them unless
 * `text` is false. Returns CLI_OK, or CLI_UNFIT if not all was tried.
 */
int suggest(const struct command *command, const struct level *levels, bool right, bool text,
            struct changes *into);

#endif
