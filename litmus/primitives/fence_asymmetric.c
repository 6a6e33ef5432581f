/* fence_asymmetric.c - the light and the heavy fence.
 *
 * with: src/fence.c
 * quick: -DSHAPE=SB -DLEFT=light -DRIGHT=heavy -DPROBED   store buffering
 * quick: -DSHAPE=R -DLEFT=light -DRIGHT=heavy -DPROBED    a store, or a look at one, is last
 * quick: -DSHAPE=R -DLEFT=heavy -DRIGHT=light -DPROBED    the same with sides exchanged
 * quick: -DSHAPE=W22 -DLEFT=light -DRIGHT=heavy -DPROBED  stores crosswise
 * quick: -DSHAPE=RWC -DLEFT=light -DRIGHT=heavy -DPROBED  one of the stores is another thread's
 * quick: -DSHAPE=RWC -DLEFT=heavy -DRIGHT=light -DPROBED  the same with sides exchanged
 * quick: -DSHAPE=WRWC -DLEFT=heavy -DRIGHT=light -DPROBED  and is published
 * quick: -DSHAPE=IRIW -DLEFT=light -DRIGHT=heavy -DPROBED  both are
 * quick: -DSHAPE=SB -DLEFT=full -DRIGHT=heavy -DPROBED      a heavy fence is a full one
 * quick: -DSHAPE=MP -DLEFT=light -DRIGHT=heavy -DPROBED   a message from the light side
 * quick: -DSHAPE=MP -DLEFT=heavy -DRIGHT=light -DPROBED   a message to the light side
 * quick: -DSHAPE=GIVES -DLEFT=light -DRIGHT=heavy -DPROBED  what the light side has read is given away
 * quick: -DSHAPE=GIVES -DLEFT=heavy -DRIGHT=light -DPROBED  what the heavy side has read is given away
 * quick: -DSHAPE=SB -DLEFT=light -DRIGHT=heavy            the heavy side is just finding out
 * quick: -DSHAPE=MP -DLEFT=light -DRIGHT=heavy            the same, a message
 * quick: -DSHAPE=SB -DLEFT=light -DRIGHT=heavy -DPROBED --no-membarrier  membarrier is refused
 * quick: -DSHAPE=SB -DLEFT=light -DRIGHT=heavy --no-membarrier  the heavy side is just finding that out
 * quick: -DSHAPE=IRIW -DLEFT=light -DRIGHT=heavy -DPROBED --no-membarrier  refused, and independent
 * quick: -DSHAPE=MP -DLEFT=light -DRIGHT=heavy -DPROBED --no-membarrier  refused, a message
 *
 * That two light fences order nothing, and a light fence and a full one nothing either, is no promise,
 * and so not tested here; that cordon-check sees it so is in tests/check/asymmetric.txt.
 *
 * exempt: fence.c cordon_fence_asymmetric_probe fence heavy -> seq_cst: tries whether it is granted; nobody
 *     relies on what this one orders
 */
static inline void light(void);
static inline void heavy(void);
static inline void full(void);
#define FENCE_0() LEFT()
#define FENCE_1() RIGHT()
#define FENCE_2() cordon_fence_release()
#ifdef PROBED
#define INIT() (void)cordon_fence_asymmetric_probe()
#endif
#include "fences.h"

static inline void full(void)
{
    cordon_fence_full();
}

static inline void light(void)
{
    cordon_fence_light();
}

static inline void heavy(void)
{
    const bool done = cordon_fence_heavy();
    CORDON_EXPECT(done);
    (void)done;
}
