/* shape.h - what the field calls a cycle. */
#ifndef CORDON_LITMUS_GEN_SHAPE_H
#define CORDON_LITMUS_GEN_SHAPE_H

#include "cycle.h"

/* A cycle known by a name of its own: all relaxed, save of the few that are known with their orders.
 */
struct gen_shape {
    const char *name, *cycle, *question;
};

#define GEN_MOST_SHAPES 64u
extern const struct gen_shape gen_shapes[];
extern const unsigned gen_shape_count;

/* gen_known - the shape that this cycle is, in every detail; NULL if it has no name of its own. */
const struct gen_shape *gen_known(const struct gen_cycle *cycle);

/* gen_base - the same cycle without orders, fences and dependencies. */
struct gen_cycle gen_base(const struct gen_cycle *cycle);

/* gen_name - family and variant of a normalised cycle: MP+rel+acq. Returns `to`. */
const char *gen_name(const struct gen_cycle *cycle, char *to, size_t size);

/* gen_question - the sentence under the name. Returns `to`. */
const char *gen_question(const struct gen_cycle *cycle, char *to, size_t size);

/* gen_from_name - the cycle that is called so. False if none is. */
bool gen_from_name(const char *name, struct gen_cycle *cycle);

#endif
