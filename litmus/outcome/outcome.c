/* outcome.c - outcome sets: sorted arrays, since tests have few outcomes. */
#include "outcome.h"

#include "asm/asm.h"

#include <stdlib.h>
#include <string.h>

void outcome_init(struct outcome_set *set, unsigned columns)
{
    memset(set, 0, sizeof *set);
    set->columns = columns;
}

void outcome_free(struct outcome_set *set)
{
    free(set->values);
    free(set->seen);
    outcome_init(set, set->columns);
}

/* The last column weighs most: litmus7's order. */
static int compare(const int64_t *a, const int64_t *b, unsigned columns)
{
    for (unsigned i = columns; i-- > 0;) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return 0;
}

static bool grow(struct outcome_set *set)
{
    const size_t room = set->room == 0 ? 16 : 2 * set->room;
    uint64_t *seen = realloc(set->seen, room * sizeof *seen);
    if (seen == NULL) {
        return false;
    }
    set->seen = seen;
    /* One int for a state of no columns, so that the size is never 0. */
    int64_t *values = realloc(set->values, room * (set->columns + 1) * sizeof *values);
    if (values == NULL) {
        return false;
    }
    set->values = values;
    set->room = room;
    return true;
}

/* Where the state is; false: where it would have to be. */
static bool find(const struct outcome_set *set, const int64_t *state, size_t *at)
{
    size_t low = 0, high = set->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = compare(state, set->values + middle * set->columns, set->columns);
        if (order == 0) {
            *at = middle;
            return true;
        }
        if (order < 0) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    *at = low;
    return false;
}

bool outcome_has(const struct outcome_set *set, const int64_t *state)
{
    size_t at;
    return find(set, state, &at);
}

bool outcome_add(struct outcome_set *set, const int64_t *state, uint64_t seen)
{
    const size_t width = set->columns;
    size_t low;
    if (find(set, state, &low)) {
        set->seen[low] += seen;
        return true;
    }
    if (set->count == set->room && !grow(set)) {
        return false;
    }
    const size_t later = set->count - low;
    memmove(set->values + (low + 1) * width, set->values + low * width,
            later * width * sizeof *set->values);
    memmove(set->seen + low + 1, set->seen + low, later * sizeof *set->seen);
    memcpy(set->values + low * width, state, width * sizeof *state);
    set->seen[low] = seen;
    ++set->count;
    return true;
}

bool outcome_merge(struct outcome_set *set, const struct outcome_set *from)
{
    for (size_t i = 0; i < from->count; ++i) {
        if (!outcome_add(set, from->values + i * from->columns, from->seen[i])) {
            return false;
        }
    }
    return true;
}

static bool holds(const struct litmus_proposition *p, const int64_t *state)
{
    switch (p->kind) {
    case LITMUS_TRUE:
        return true;
    case LITMUS_FALSE:
        return false;
    case LITMUS_IS:
        return state[p->column] == p->value;
    case LITMUS_NEITHER:
        return !holds(p->left, state);
    case LITMUS_BOTH:
        return holds(p->left, state) && holds(p->right, state);
    case LITMUS_EITHER:
        return holds(p->left, state) || holds(p->right, state);
    }
    return false;
}

bool outcome_is_weak(const struct litmus_test *test, const int64_t *state)
{
    return holds(test->condition, state) == (test->quantifier != LITMUS_FORALL);
}

struct outcome_tally outcome_tally(const struct litmus_test *test, const struct outcome_set *set)
{
    struct outcome_tally tally = {0, 0};
    for (size_t i = 0; i < set->count; ++i) {
        if (outcome_is_weak(test, set->values + i * set->columns)) {
            tally.weak += set->seen[i];
        } else {
            tally.other += set->seen[i];
        }
    }
    return tally;
}

enum verdict outcome_verdict(const struct litmus_test *test, struct outcome_tally tally,
                             bool on_x86)
{
    const char *c11 =
        litmus_get(test, test->dialect == LITMUS_C ? "C11" : asm_model(test->dialect));
    const char *tso = on_x86 && test->dialect == LITMUS_C ? litmus_get(test, "TSO") : NULL;
    if (tally.weak != 0 && c11 != NULL && strcmp(c11, "forbidden") == 0) {
        return VERDICT_VIOLATION;
    }
    if (tally.weak != 0 && tso != NULL && strcmp(tso, "forbidden") == 0) {
        return VERDICT_VIOLATION_TSO;
    }
    const char *judge = c11 != NULL ? c11 : tso;
    if (judge == NULL) {
        return VERDICT_NONE;
    }
    if (strcmp(judge, "forbidden") == 0) {
        return VERDICT_FORBIDDEN_NOT_SEEN;
    }
    return tally.weak != 0 ? VERDICT_ALLOWED_SEEN : VERDICT_ALLOWED_NOT_SEEN;
}

enum verdict outcome_verdict_by(const struct litmus_test *test, const struct outcome_set *seen,
                                const struct outcome_set *allowed)
{
    for (size_t i = 0; i < seen->count; ++i) {
        if (!outcome_has(allowed, seen->values + i * seen->columns)) {
            return VERDICT_VIOLATION_LOG;
        }
    }
    if (outcome_tally(test, allowed).weak == 0) {
        return VERDICT_FORBIDDEN_NOT_SEEN;
    }
    return outcome_tally(test, seen).weak != 0 ? VERDICT_ALLOWED_SEEN : VERDICT_ALLOWED_NOT_SEEN;
}

const char *verdict_name(enum verdict verdict)
{
    static const char *const names[] = {
        "no verdict", "allowed, seen",       "allowed, not seen",        "forbidden, not seen",
        "VIOLATION",  "VIOLATION (x86-TSO)", "VIOLATION (reference log)"};
    return names[verdict];
}

bool verdict_is_violation(enum verdict verdict)
{
    return verdict == VERDICT_VIOLATION || verdict == VERDICT_VIOLATION_TSO ||
           verdict == VERDICT_VIOLATION_LOG;
}
