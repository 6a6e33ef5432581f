/* plan.h - which tests the catalogue is made of. */
#ifndef CORDON_LITMUS_GEN_PLAN_H
#define CORDON_LITMUS_GEN_PLAN_H

#include "cycle.h"

/* plan_each - read the file: the cycle of each test that is to be made, and the reason that takes the
 * place of the generated one, or NULL. What is wrong is reported in lines "FILE:LINE: ...". How many
 * were made; -1 if something was wrong.
 *
 *     # a comment
 *     SB+rlx SB+sc                         tests, by name
 *     MP+rel+acq: Only the flag ...        a test and its reason
 *     cycle Rfi PodRR Fre ...              a test that has no name to be found by
 *     hand CoWR+rlx                        in the catalogue, but not made from a cycle
 */
int plan_each(const char *path,
              void (*take)(void *context, const struct gen_cycle *cycle, const char *name,
                           const char *why),
              void *context);

#endif
