/* psc.h - RC11's axiom about seq_cst accesses and fences. */
#ifndef CORDON_CHECK_PSC_H
#define CORDON_CHECK_PSC_H

#include <stdbool.h>
#include <stdint.h>

/* psc_acyclic - is there no cycle in psc that these events take part in? None given: no cycle at all. */
bool psc_acyclic(const int32_t *suspects, int count);

#endif
