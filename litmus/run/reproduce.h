/* reproduce.h - of a violation: the least that shows it again, as a command to paste. */
#ifndef CORDON_LITMUS_RUN_REPRODUCE_H
#define CORDON_LITMUS_RUN_REPRODUCE_H

#include "reproducer.h"
#include "trial.h"

/* reproduce - run the test with the knobs of trial->hit again, and turn back to its default whatever it shows
 * without. `from` is what the test was named on the command line. Takes a few seconds at most.
 */
void reproduce(struct trial *trial, const char *from, struct reproducer *reproducer);

#endif
