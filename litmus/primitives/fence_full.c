/* fence_full.c - the full fence, by its three names: what needs one on both sides.
 *
 * quick: -DSHAPE=SB -DLEFT=full -DRIGHT=full              store buffering
 * quick: -DSHAPE=SB -DLEFT=store_load -DRIGHT=store_load  store buffering
 * quick: -DSHAPE=SB -DLEFT=full -DBY_STORE  store buffering, with the fence in the store
 * quick: -DSHAPE=R -DLEFT=store_load -DRIGHT=full         a store, or a look at one, is last
 * quick: -DSHAPE=R -DLEFT=full -DBY_STORE                 the same with the fence in the store
 * quick: -DSHAPE=W22 -DLEFT=full -DRIGHT=full             stores crosswise
 * quick: -DSHAPE=W22 -DLEFT=full -DBY_STORE               the same with the fence in the store
 * quick: -DSHAPE=RWC -DLEFT=full -DRIGHT=full             one of the stores is another thread's
 * quick: -DSHAPE=WRWC -DLEFT=full -DRIGHT=full -DPUBLISH=release  and is published
 * quick: -DSHAPE=IRIW -DLEFT=full -DRIGHT=full            both are: one order of all full fences
 *
 * exempt: fence.h cordon_store_full unexecuted: the exchange is what x86-64 makes of it in builds that
 *     are not instrumented; here it is what it stands for, a relaxed store and a full fence
 */
#define NAMED_(name) cordon_fence_##name()
#define NAMED(name)  NAMED_(name)
#define FENCE_0()    NAMED(LEFT)
#define FENCE_1()    NAMED(RIGHT)
#define FENCE_2()    NAMED(PUBLISH)
#ifdef BY_STORE
#define STORE_0(object, value) cordon_store_full((object), (value))
#define STORE_1(object, value) cordon_store_full((object), (value))
#endif
#include "fences.h"
