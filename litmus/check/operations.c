/* operations.c - see operations.h */
#define _GNU_SOURCE
#include "operations.h"

#include "cli/cli.h"
#include "graph.h"
#include "label.h"
#include "names.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static void *grown(void *array, int count, size_t size)
{
    array = realloc(array, ((size_t)count + 1) * size);
    if (array == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    return array;
}

/* An access or fence that the program itself makes; the functions that the runtime stands in for, such
 * as pthread_mutex_lock, order what they have to.
 */
static bool is_of_program(const struct site *site)
{
    static const char prefix[] = "__tsan_atomic";
    const char *called = names_called(site->pc);
    return called == NULL || site->order == HEAVY ||
           strncmp(called, prefix, sizeof prefix - 1) == 0;
}

/* A signal fence is one of the program's operations if it can be the light side of something. */
static bool has_heavy_fence(const struct result *of)
{
    for (int i = 0; i < of->site_count; ++i) {
        if (of->site[i].order == HEAVY) {
            return true;
        }
    }
    return false;
}

static int compare_files(const char *a, const char *b)
{
    return a == NULL || b == NULL ? (a != NULL) - (b != NULL) : strcmp(a, b);
}

static int compare(const void *left, const void *right)
{
    const struct operation *a = left, *b = right;
    const int files = compare_files(a->file, b->file);
    if (files != 0) {
        return files;
    }
    if (a->line != b->line) {
        return a->line < b->line ? -1 : 1;
    }
    const int differences[] = {a->column - b->column, a->kind - b->kind, a->op - b->op,
                               a->written.order - b->written.order,
                               a->written.failure - b->written.failure};
    for (size_t i = 0; i < sizeof differences / sizeof *differences; ++i) {
        if (differences[i] != 0) {
            return differences[i];
        }
    }
    return 0;
}

static struct operation *find(struct operations *all, const struct operation *wanted)
{
    for (int i = 0; i < all->count; ++i) {
        if (compare(&all->at[i], wanted) == 0) {
            return &all->at[i];
        }
    }
    all->at = grown(all->at, all->count, sizeof *all->at);
    struct operation *new = &all->at[all->count++];
    *new = *wanted;
    if (wanted->file != NULL) {
        new->file = strdup(wanted->file);
        if (new->file == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
    }
    return new;
}

void operations_find(struct operations *all, const struct level *level, int number)
{
    const bool asymmetric = has_heavy_fence(level->result);
    names_open(level->program, 0);
    for (int i = 0; i < level->result->site_count; ++i) {
        const struct site *site = &level->result->site[i];
        const struct source_line line = names_line(site->pc);
        if (!is_of_program(site) || (site->order == LIGHT && !asymmetric)) {
            continue;
        }
        if (line.file != NULL && names_of_toolchain(line.file)) {
            ++all->unplaced;
            continue;
        }
        struct operation wanted = {.file = (char *)line.file, /* copied before it is kept */
                                   .line = line.file != NULL ? (uintptr_t)line.line : site->pc,
                                   .column = line.column,
                                   .kind = site->kind,
                                   .op = site->op,
                                   .written = {site->order, RELAXED}};
        if (site->op == OP_CAS) {
            wanted.written.failure = site->failure;
        }
        struct operation *operation = find(all, &wanted);
        uintptr_t **pcs = &operation->at[number].pc;
        *pcs = grown(*pcs, operation->at[number].count, sizeof **pcs);
        (*pcs)[operation->at[number].count++] = site->pc;
    }
    if (all->count > 0) {
        qsort(all->at, (size_t)all->count, sizeof *all->at, compare);
    }
    for (int i = 0; i < all->count; ++i) {
        for (int k = 0; k < i; ++k) {
            struct operation *a = &all->at[i], *b = &all->at[k];
            if (compare_files(a->file, b->file) == 0 && a->line == b->line && a->kind == b->kind &&
                a->op == b->op && a->column != b->column) {
                a->column_tells = b->column_tells = true;
            }
        }
    }
}

void operations_free(struct operations *all)
{
    for (int i = 0; i < all->count; ++i) {
        for (int level = 0; level < MOST_LEVELS; ++level) {
            free(all->at[i].at[level].pc);
        }
        free(all->at[i].file);
    }
    free(all->at);
    memset(all, 0, sizeof *all);
}

/* C11, 7.17.7.4: failure is no stronger than success, and no release. */
static uint8_t strongest_failure(uint8_t success)
{
    return success == SEQ_CST                         ? SEQ_CST
           : success == ACQ_REL || success == ACQUIRE ? ACQUIRE
           : success == CONSUME                       ? CONSUME
                                                      : RELAXED;
}

static bool failure_is_allowed(struct orders orders)
{
    const uint8_t strongest = strongest_failure(orders.order);
    return orders.failure == RELAXED || orders.failure == strongest || strongest == SEQ_CST ||
           (orders.failure == CONSUME && strongest == ACQUIRE);
}

struct orders operation_strongest(const struct operation *operation)
{
    const bool heavy = operation->written.order == HEAVY;
    return (struct orders){heavy ? HEAVY : SEQ_CST, operation->op == OP_CAS ? SEQ_CST : RELAXED};
}

static bool order_at_least(uint8_t a, uint8_t b)
{
    return a == b || a == HEAVY || (a == SEQ_CST && b != HEAVY) || b == RELAXED || b == NO_FENCE ||
           (a == ACQ_REL && (b == ACQUIRE || b == RELEASE || b == CONSUME)) ||
           (a == ACQUIRE && b == CONSUME);
}

bool orders_at_least(struct orders a, struct orders b)
{
    return order_at_least(a.order, b.order) && order_at_least(a.failure, b.failure);
}

/* One step down, each branch: acq_rel is weaker as an acquire, and as a release. */
static int weaker_orders(int kind, int op, uint8_t order, uint8_t into[2])
{
    const bool reads = kind == READ, writes = kind == WRITE || op != OP_NONE;
    switch (order) {
    case HEAVY:
        into[0] = SEQ_CST;
        return 1;
    case SEQ_CST:
        into[0] = kind == FENCE || (reads && writes) ? ACQ_REL : reads ? ACQUIRE : RELEASE;
        return 1;
    case ACQ_REL:
        into[0] = ACQUIRE;
        into[1] = RELEASE;
        return 2;
    case ACQUIRE:
    case CONSUME:
    case RELEASE:
    case LIGHT:
        into[0] = kind == FENCE ? NO_FENCE : RELAXED;
        return 1;
    default:
        return 0;
    }
}

int operation_weaker(const struct operation *operation, struct orders from,
                     struct orders into[MOST_STEPS])
{
    uint8_t orders[2];
    int count = weaker_orders(operation->kind, operation->op, from.order, orders);
    if (operation->written.order == LIGHT && from.order == SEQ_CST) {
        orders[0] = LIGHT; /* the only full fence that can become one */
    }
    for (int i = 0; i < count; ++i) {
        into[i] = (struct orders){orders[i], from.failure};
        /* C++17 and C23 do not forbid it: what does not heed the rule need not begin to. */
        if (failure_is_allowed(from) && !failure_is_allowed(into[i])) {
            into[i].failure = strongest_failure(orders[i]);
        }
    }
    if (operation->op == OP_CAS && weaker_orders(READ, OP_NONE, from.failure, orders) == 1) {
        into[count++] = (struct orders){from.order, orders[0]};
    }
    return count;
}

void operations_mutate(const struct operations *all, const struct orders *orders, int level,
                       struct mutation *into)
{
    into->count = 0;
    for (int i = 0; i < all->count; ++i) {
        const struct operation *operation = &all->at[i];
        for (int k = 0; k < operation->at[level].count; ++k) {
            if (!same_orders(orders[i], operation->written)) {
                into->at[into->count].pc = operation->at[level].pc[k];
                into->at[into->count].order = orders[i].order;
                into->at[into->count].failure = orders[i].failure;
                ++into->count; /* no more than there are sites */
            }
        }
    }
}

void operation_place(const struct operation *operation, struct text *text)
{
    if (operation->file == NULL) {
        text_add(text, "0x%" PRIxPTR, operation->line);
        return;
    }
    text_add(text, "%s:%" PRIuPTR, operation->file, operation->line);
    if (operation->column_tells) {
        text_add(text, ":%d", operation->column);
    }
}

void operation_change(const struct operation *operation, struct orders to, struct text *text)
{
    label_operation(operation->kind, operation->op, operation->written.order, text);
    if (operation->op == OP_CAS) {
        text_add(text, "/%s", label_order(operation->written.failure));
    }
    text_add(text, " -> %s", to.order == NO_FENCE ? "none" : label_order(to.order));
    if (operation->op == OP_CAS) {
        text_add(text, "/%s", label_order(to.failure));
    }
}
