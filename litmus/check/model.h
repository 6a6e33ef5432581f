/* model.h - the axioms that tell which graphs a memory model allows.
 *
 * Coherence, atomicity of read-modify-writes and the absence of cycles in po u rf hold by
 * construction (explore.c), and happens-before is in the events' clocks; what is left is checked
 * here.
 */
#ifndef CORDON_CHECK_MODEL_H
#define CORDON_CHECK_MODEL_H

#include <stdbool.h>
#include <stdint.h>

enum model { MODEL_RC11, MODEL_SC, MODEL_TSO, MODEL_RA };

/* model_allows - is the top graph consistent?
 *
 * RC11  as published (Lahav et al., PLDI 2017): psc is acyclic; see psc.c.
 * SC    po u create/join u rf u co u fr is acyclic.
 * TSO   ppo u create/join u rf between threads u co u fr is acyclic; ppo is po without the pairs of
 *       a store and a later load that no fence, read-modify-write or seq_cst store separates.
 * RA    nothing more.
 */
bool model_allows(enum model model);

/* model_allows_last - the same answer, sooner, when the graph without this event is known to be
 * consistent: a read or write, the last of its thread, or with the other half of its
 * read-modify-write the last two.
 */
bool model_allows_last(enum model model, int32_t event);

#endif
