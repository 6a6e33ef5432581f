/* why.h - the reason of a verdict, in a sentence or two. */
#ifndef CORDON_LITMUS_GEN_WHY_H
#define CORDON_LITMUS_GEN_WHY_H

#include "cycle.h"
#include "judge.h"

/* gen_why - of a cycle's outcome. Returns `to`. */
const char *gen_why(const struct gen_cycle *cycle, const struct judge_verdicts *verdicts, char *to,
                    size_t size);

#endif
