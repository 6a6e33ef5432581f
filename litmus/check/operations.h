/* operations.h - the program's atomic operations, as its source has them, and weaker orders for them.
 *
 * The explorer knows return addresses. One line of the source may have many: the line was inlined at
 * several places, is in a header, or was compiled at several levels. It is one operation.
 */
#ifndef CORDON_CHECK_OPERATIONS_H
#define CORDON_CHECK_OPERATIONS_H

#include "check.h"
#include "options.h"
#include "text.h"
#include "verdict.h"

#include <stdbool.h>
#include <stdint.h>

/* What orders an operation: an enum order, or NO_FENCE for a fence that is not there. Of a
 * compare-exchange also the order of its failure; otherwise that is RELAXED.
 */
struct orders {
    uint8_t order, failure;
};

struct operation {
    char *file; /* NULL: unknown; then `line` is an address */
    uintptr_t line;
    int column;
    bool column_tells; /* the line has another operation that looks the same */
    uint8_t kind, op;
    struct orders written;
    struct {
        uintptr_t *pc;
        int count;
    } at[MOST_LEVELS];
};

struct operations {
    struct operation *at;
    int count;
    int unplaced; /* sites in functions of the C++ library, which serve many lines */
};

/* operations_find - add those that executions of the level came by; sorted by place. */
void operations_find(struct operations *all, const struct level *level, int number);
void operations_free(struct operations *all);

static inline bool same_orders(struct orders a, struct orders b)
{
    return a.order == b.order && a.failure == b.failure;
}

/* operation_strongest - what seq_cst is for it. orders_at_least - are these as strong as others? */
struct orders operation_strongest(const struct operation *operation);
bool orders_at_least(struct orders a, struct orders b);

/* operation_weaker - the orders that are one step weaker than these and that C11 allows; returns how
 * many. Weakening a compare-exchange may weaken its failure, too, which must not be stronger.
 */
enum { MOST_STEPS = 3 };
int operation_weaker(const struct operation *operation, struct orders from,
                     struct orders into[MOST_STEPS]);

/* operations_mutate - the mutation that gives the operations these orders at a level. */
void operations_mutate(const struct operations *all, const struct orders *orders, int level,
                       struct mutation *into);

/* "queue.h:120" and "store release -> relaxed", which has two orders if it is a
 * compare-exchange: "cas acq_rel/acquire -> acquire/acquire".
 */
void operation_place(const struct operation *operation, struct text *text);
void operation_change(const struct operation *operation, struct orders to, struct text *text);

#endif
