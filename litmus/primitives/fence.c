/* fence.c - the fences of fence.h that publish and learn.
 *
 * quick: -DSHAPE=MP -DLEFT=release -DRIGHT=acquire        a message
 * quick: -DSHAPE=MP -DLEFT=store_store -DRIGHT=load_load  a message, by the narrow fences
 * quick: -DSHAPE=MP -DLEFT=acq_rel -DRIGHT=acq_rel        a message, by the wide ones
 * quick: -DSHAPE=MP -DLEFT=full -DRIGHT=full              a full fence is both, too
 * quick: -DSHAPE=MP -DLEFT=nt_store -DRIGHT=acquire       a message: it contains a release
 * quick: -DSHAPE=GIVES -DLEFT=release -DRIGHT=acquire     what was read is given away
 * quick: -DSHAPE=GIVES -DLEFT=release -DRIGHT=load_store  what was read is given away
 * quick: -DSHAPE=S -DLEFT=store_store -DRIGHT=load_store  a store after a load
 * quick: -DSHAPE=WRC -DMIDDLE=release -DRIGHT=load_load   what a thread has read, it publishes
 * quick: -DSHAPE=WRC -DMIDDLE=acq_rel -DRIGHT=acquire     what a thread has read, it publishes
 * quick: -DSHAPE=ISA2 -DLEFT=release -DMIDDLE=acq_rel -DRIGHT=acquire  a message passed on: acq_rel is both
 * quick: -DSHAPE=ISA2 -DLEFT=store_store -DMIDDLE=full -DRIGHT=load_load  and so is full
 * quick: -DSHAPE=RS -DLEFT=release -DRIGHT=acquire  a message by a flag that somebody counts up
 * quick: -DSHAPE=LB -DLEFT=load_store -DRIGHT=load_store  load buffering (under RC11 nobody has it)
 *
 * Load buffering needs no fence under RC11, which forbids it of relaxed accesses; C11 does not, nor do
 * ARM and POWER. So its variant weakens nothing here, and tells something on silicon alone. GIVES is the
 * same shape with a plain access, and there the fences are needed.
 *
 * Of the fences that are not here, cordon_fence_compiler orders nothing between threads, and what it
 * orders within one, signal handlers, is not modelled. cordon_fence_nt_store is here as the release that
 * it contains; that it waits for non-temporal stores is beyond any model of C11.
 *
 * exempt: fence.h cordon_fence_locked_ unexecuted: what x86-64 makes of a seq_cst fence, in builds that are
 *     not instrumented; here the fence itself is explored
 */
#define NAMED_(name) cordon_fence_##name()
#define NAMED(name)  NAMED_(name)
#define FENCE_0()    NAMED(LEFT)
#if defined(MIDDLE)
#define FENCE_1() NAMED(MIDDLE)
#define FENCE_2() NAMED(RIGHT)
#else
#define FENCE_1() NAMED(RIGHT)
#define FENCE_2() NAMED(RIGHT)
#endif
#include "fences.h"
