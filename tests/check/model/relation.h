/* relation.h - relations over the events of the graph, as the papers define them. */
#ifndef RELATION_H
#define RELATION_H

#include "draw.h"

static inline bool related(const struct relation *r, int32_t a, int32_t b)
{
    return (r->row[a] >> b & 1) != 0;
}

static inline void relate(struct relation *r, int32_t a, int32_t b)
{
    r->row[a] |= UINT64_C(1) << b;
}

void relation_unite(struct relation *into, const struct relation *from);
void relation_compose(struct relation *into, const struct relation *first,
                      const struct relation *second);
void relation_close(struct relation *r); /* under transitivity */
bool relation_irreflexive(const struct relation *r);

void relation_program_order(struct relation *r);
void relation_reads_from(struct relation *r); /* also START and JOIN from what they follow */
void relation_coherence(struct relation *r);
void relation_from_read(struct relation *r);
void relation_eco(struct relation *r);
void relation_happens_before(struct relation *r);

#endif
