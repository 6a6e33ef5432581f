/* model.h - the axioms that tell which graphs a memory model allows.
 *
 * Coherence, atomicity of read-modify-writes and the absence of cycles in po u rf hold by
 * construction (explore.c); what is left is checked here.
 */
#ifndef CORDON_CHECK_MODEL_H
#define CORDON_CHECK_MODEL_H

#include <stdbool.h>

enum model { MODEL_RC11, MODEL_SC, MODEL_TSO, MODEL_RA };

/* model_allows - is the top graph consistent?
 *
 * RC11  as published (Lahav et al., PLDI 2017): acyclic psc. Unless `promise`... see model.c.
 * SC    acyclic (po u create/join u rf u co u fr).
 * TSO   acyclic (ppo u rfe u co u fr u create/join).
 * RA    nothing more.
 */
bool model_allows(enum model model);

#endif
