/* seqlocks_urcu.c - one flavour of liburcu: the writer replaces the record, and frees the old one when no
 * reader can have it any more. Compiled once for each flavour, with SEQ_URCU_MEMB, _QSBR, _MB or _BP
 * defined, for they cannot be together in one file.
 *
 * A reader could read in place. Here it copies the record out as with all other designs, so that the work
 * is the same. The small inline functions of the library are used, as it invites all to do.
 */
#define _GNU_SOURCE
#define _LGPL_SOURCE
#define URCU_API_MAP
#include "seqlocks/designs.h"
#include "seqlocks/record.h"

#if defined(SEQ_URCU_MEMB)
#include <urcu/urcu-memb.h>
#define FLAVOUR memb
#define READERS "nobody"
#define HANDLER "if registered"
#elif defined(SEQ_URCU_QSBR)
#include <urcu/urcu-qsbr.h>
#define FLAVOUR qsbr
#define READERS "nobody; must report"
#define HANDLER "if online"
#elif defined(SEQ_URCU_MB)
#include <urcu/urcu-mb.h>
#define FLAVOUR mb
#define READERS "nobody"
#define HANDLER "if registered"
#else
#include <urcu/urcu-bp.h>
#define EACH    sizeof(struct urcu_bp_reader)
#define FLAVOUR bp
#define READERS "nobody"
#define HANDLER "yes"
#endif
#include <urcu/compiler.h>

/* What the library keeps of a reader. */
#ifndef EACH
#define EACH sizeof(rcu_reader)
#endif

#include <stdlib.h>
#include <string.h>

/* call_rcu knows no limit: after so many writes the writer waits until all were freed. */
#define MOST_PENDING 4096

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)

struct version {
    CORDON_ALIGNED(CORDON_LINE) uintptr_t data[SEQ_MOST_WORDS];
    void *memory;
    struct rcu_head head;
};

/* On a line of its own, as all data is; and no dearer than malloc. Only what the record needs of its room
 * is touched.
 */
SEQ_INLINE struct version *version_create(void)
{
    void *memory = malloc(sizeof(struct version) + CORDON_LINE - 16);
    if (memory == NULL) {
        abort();
    }
    const uintptr_t place = ((uintptr_t)memory + CORDON_LINE - 1) & ~(uintptr_t)(CORDON_LINE - 1);
    struct version *version = (struct version *)place;
    version->memory = memory;
    return version;
}

struct urcu {
    CORDON_ALIGNED(CORDON_LINE) struct version *version;
};

struct urcu_self {
    bool reader;
};

static void urcu_begin(struct urcu *state, const uintptr_t *record, unsigned size)
{
    state->version = version_create();
    memcpy(state->version->data, record, size);
}

static void urcu_end(struct urcu *state, uintptr_t *record, unsigned size)
{
    memcpy(record, state->version->data, size);
    free(state->version->memory);
}

SEQ_INLINE void urcu_enter(struct urcu *state, struct urcu_self *self, unsigned index, bool reader)
{
    (void)state, (void)index;
    self->reader = reader;
    if (reader) {
        rcu_register_thread();
    }
}

SEQ_INLINE void urcu_leave(struct urcu *state, struct urcu_self *self)
{
    (void)state;
    if (self->reader) {
        rcu_unregister_thread();
    }
}

SEQ_INLINE unsigned urcu_read(struct urcu *state, struct urcu_self *self, uintptr_t *to,
                              const unsigned size)
{
    (void)self;
    rcu_read_lock();
    memcpy(to, rcu_dereference(state->version)->data, size);
    rcu_read_unlock();
    rcu_quiescent_state(); /* nothing, but with qsbr */
    return 0;
}

SEQ_INLINE struct version *replace(struct urcu *state, const uintptr_t *from, const unsigned size)
{
    struct version *old = state->version;
    struct version *version = version_create();
    memcpy(version->data, from, size);
    rcu_assign_pointer(state->version, version);
    return old;
}

SEQ_INLINE void urcu_write(struct urcu *state, struct urcu_self *self, const uintptr_t *from,
                           const unsigned size)
{
    (void)self;
    struct version *old = replace(state, from, size);
    synchronize_rcu();
    free(old->memory);
}

#define SEQ_NAME urcu
#include "seqlocks/loops.h"

#if defined(SEQ_URCU_MEMB) || defined(SEQ_URCU_QSBR)
#define DEFERRED 1
/* The same, but that the old record is left to another thread. */
static void version_free(struct rcu_head *head)
{
    free(caa_container_of(head, struct version, head)->memory);
}

struct deferred {
    struct urcu urcu;
};

struct deferred_self {
    struct urcu_self urcu;
    unsigned pending;
};

static void deferred_begin(struct deferred *state, const uintptr_t *record, unsigned size)
{
    /* The thread that frees comes to be here, where threads are not bound to one CPU. */
    (void)get_default_call_rcu_data();
    urcu_begin(&state->urcu, record, size);
}

static void deferred_end(struct deferred *state, uintptr_t *record, unsigned size)
{
    rcu_barrier();
    urcu_end(&state->urcu, record, size);
}

/* Who calls call_rcu must be registered. */
SEQ_INLINE void deferred_enter(struct deferred *state, struct deferred_self *self, unsigned index,
                               bool reader)
{
    (void)state, (void)index, (void)reader;
    self->pending = 0;
    rcu_register_thread();
}

SEQ_INLINE void deferred_leave(struct deferred *state, struct deferred_self *self)
{
    (void)state, (void)self;
    rcu_unregister_thread();
}

SEQ_INLINE unsigned deferred_read(struct deferred *state, struct deferred_self *self, uintptr_t *to,
                                  const unsigned size)
{
    return urcu_read(&state->urcu, &self->urcu, to, size);
}

SEQ_INLINE void deferred_write(struct deferred *state, struct deferred_self *self,
                               const uintptr_t *from, const unsigned size)
{
    struct version *old = replace(&state->urcu, from, size);
    call_rcu(&old->head, version_free);
    if (++self->pending == MOST_PENDING) {
        rcu_barrier();
        self->pending = 0;
    }
    rcu_quiescent_state();
}

#define SEQ_NAME deferred
#include "seqlocks/loops.h"
#endif

#define RCU                                                                             \
    .library = "liburcu", .kind = SEQ_VERSIONS, .readers = READERS, .handler = HANDLER, \
    .each = EACH, .copies = 1

#define SEQ_URCU(what) SEQ_PASTE(SEQ_PASTE(seq_urcu, FLAVOUR), what)

const struct seq_design SEQ_PASTE(seq_urcu, FLAVOUR)[] = {
    {
        RCU,
        .name = "rcu-" TEXT(FLAVOUR),
        .writers = "each read under way",
        .bytes = sizeof(struct version *),
        .memory = "by the writer",
        SEQ_LOOPS(urcu),
    },
#if defined(DEFERRED)
    {
        RCU,
        .name = "rcu-" TEXT(FLAVOUR) "-call",
        .of_writers = true,
        .writers = "nobody; 4096 pending",
        .bytes = sizeof(struct version *) + sizeof(struct rcu_head),
        .memory = "by another thread",
        SEQ_LOOPS(deferred),
    },
#endif
};
const unsigned SEQ_URCU(count) = sizeof SEQ_PASTE(seq_urcu, FLAVOUR) / sizeof(struct seq_design);
