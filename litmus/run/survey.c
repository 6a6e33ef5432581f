/* survey.c - what the runner wants to know of a test before it emits code: which values to expect,
 * and who loads and stores what.
 */
#include "batch.h"

#include "asm/asm.h"

/* The largest value a test names; negative ones count as too large for any table. */
static uint32_t largest(uint32_t a, int64_t b)
{
    if (LITMUS_IS_ADDRESS(b)) {
        return a; /* what goes to no table anyhow */
    }
    return b < 0 || b > UINT32_MAX ? UINT32_MAX : (uint32_t)b > a ? (uint32_t)b : a;
}

struct survey {
    uint32_t most;   /* the largest constant */
    bool computes;   /* arithmetic may yield larger ones */
    uint64_t *loads; /* per location, a bit for each thread */
    uint64_t *stores;
    unsigned thread;
    const struct litmus_test *test;
};

/* An access whose address is computed may go to any element of the arrays that are named in it. */
static void note_access(const struct survey *survey, uint64_t *accesses, unsigned location,
                        const struct litmus_expression *address)
{
    if (address == NULL) {
        if (location != LITMUS_NOWHERE) {
            accesses[location] |= UINT64_C(1) << survey->thread;
        }
        return;
    }
    if (address->kind == LITMUS_POINTER) {
        const struct litmus_location *l = &survey->test->location[address->location];
        for (unsigned i = 0; i < l->length; ++i) {
            accesses[address->location - l->index + i] |= UINT64_C(1) << survey->thread;
        }
    }
    const struct litmus_expression *part[] = {address->left, address->right};
    for (size_t i = 0; i < sizeof part / sizeof *part; ++i) {
        if (part[i] != NULL) {
            note_access(survey, accesses, LITMUS_NOWHERE, part[i]);
        }
    }
}

static void survey_expression(struct survey *survey, const struct litmus_expression *e)
{
    if (e == NULL) {
        return;
    }
    switch (e->kind) {
    case LITMUS_CONSTANT:
        survey->most = largest(survey->most, e->value);
        break;
    case LITMUS_REGISTER:
    case LITMUS_POINTER:
    case LITMUS_CHOICE:
        break;
    case LITMUS_CAST:
        survey->computes = true;
        break;
    case LITMUS_UNARY:
    case LITMUS_BINARY:
        survey->computes |= e->operator>= LITMUS_SHIFT_LEFT && e->operator!= LITMUS_NOT;
        break;
    case LITMUS_LOAD:
        note_access(survey, survey->loads, e->location, e->address);
        break;
    case LITMUS_RMW:
        survey->computes |= e->operator!= LITMUS_EXCHANGE;
        note_access(survey, survey->stores, e->location, e->address);
        break;
    case LITMUS_CAS:
        note_access(survey, survey->stores, e->location, e->address);
        break;
    }
    survey_expression(survey, e->left);
    survey_expression(survey, e->right);
    survey_expression(survey, e->condition);
    survey_expression(survey, e->address);
}

static void survey_statements(struct survey *survey, const struct litmus_statement *s)
{
    for (; s != NULL; s = s->next) {
        if (s->kind == LITMUS_STORE) {
            note_access(survey, survey->stores, s->location, s->address);
        }
        survey_expression(survey, s->expression);
        survey_expression(survey, s->address);
        survey_statements(survey, s->body);
        survey_statements(survey, s->otherwise);
    }
}

static void survey_condition(struct survey *survey, const struct litmus_proposition *p)
{
    if (p != NULL) {
        survey->most = p->kind == LITMUS_IS ? largest(survey->most, p->value) : survey->most;
        survey_condition(survey, p->left);
        survey_condition(survey, p->right);
    }
}

static bool is_address(const struct litmus_test *test, unsigned column)
{
    const struct litmus_type *type = test->observed[column].type;
    return test->dialect == LITMUS_C && type != NULL && type->target != NULL;
}

static void survey_test(struct survey *survey, const struct litmus_test *test)
{
    for (survey->thread = 0; survey->thread < test->thread_count; ++survey->thread) {
        const struct litmus_thread *thread = &test->thread[survey->thread];
        for (unsigned i = 0; i < thread->register_count; ++i) {
            survey->most = largest(survey->most, thread->reg[i].initial);
        }
        survey_statements(survey, thread->body);
        if (test->dialect != LITMUS_C) {
            asm_survey(test, survey->thread, survey->loads, survey->stores, &survey->most);
        }
    }
    for (unsigned i = 0; i < test->location_count; ++i) {
        survey->most = largest(survey->most, test->location[i].initial);
    }
    survey_condition(survey, test->condition);
    for (unsigned i = 0; i < test->observed_count; ++i) {
        if (is_address(test, i)) {
            survey->most = largest(survey->most, test->location_count);
        }
    }
}

int64_t litmus_key_value(const struct litmus_test *test, unsigned column, uint64_t key)
{
    return key != 0 && is_address(test, column) ? LITMUS_ADDRESS(key - 1) : (int64_t)key;
}

unsigned litmus_bits(const struct litmus_test *test)
{
    uint64_t loads[LITMUS_MOST_LOCATIONS] = {0}, stores[LITMUS_MOST_LOCATIONS] = {0};
    struct survey survey = {1, false, loads, stores, 0, test};
    unsigned bits = 1;
    survey_test(&survey, test);
    while (bits < 32 && survey.most >> bits != 0) {
        ++bits;
    }
    bits += survey.computes;
    /* What instructions compute is not known. What does not fit the table is counted without it. */
    if (test->dialect != LITMUS_C && test->observed_count != 0) {
        const unsigned fair = LITMUS_MOST_KEY_BITS / test->observed_count;
        bits = bits + 1 < fair ? bits + 1 : fair;
    }
    /* Where nothing is observed, there is one state, and no width of it. */
    return test->observed_count != 0 && bits * test->observed_count <= LITMUS_MOST_KEY_BITS ? bits
                                                                                            : 0;
}

void litmus_uses(const struct litmus_test *test, uint64_t *loads, uint64_t *stores)
{
    struct survey survey = {1, false, loads, stores, 0, test};
    survey_test(&survey, test);
}

unsigned litmus_loader(const struct litmus_test *test, unsigned location)
{
    uint64_t loads[LITMUS_MOST_LOCATIONS] = {0}, stores[LITMUS_MOST_LOCATIONS] = {0};
    struct survey survey = {1, false, loads, stores, 0, test};
    survey_test(&survey, test);
    const uint64_t only_loads = loads[location] & ~stores[location];
    const uint64_t among = only_loads != 0 ? only_loads : loads[location] | stores[location];
    for (unsigned thread = 0; thread < test->thread_count; ++thread) {
        if (among >> thread & 1) {
            return thread;
        }
    }
    return 0;
}

static unsigned size_of(const struct litmus_location *location)
{
    return location->type != NULL ? location->type->size : (unsigned)sizeof(int);
}

size_t litmus_unit(const struct litmus_test *test)
{
    size_t unit = sizeof(int);
    for (unsigned i = 0; i < test->location_count; ++i) {
        const struct litmus_location *location = &test->location[i];
        const size_t length = location->array != NULL ? location->length : 1;
        const size_t size = size_of(location) * length;
        while (unit < size) {
            unit *= 2;
        }
    }
    return unit;
}

static bool has_loop(const struct litmus_statement *s)
{
    for (; s != NULL; s = s->next) {
        if (s->kind == LITMUS_WHILE || s->kind == LITMUS_DO || has_loop(s->body) ||
            has_loop(s->otherwise)) {
            return true;
        }
    }
    return false;
}

bool litmus_loops(const struct litmus_thread *thread)
{
    return has_loop(thread->body);
}

size_t litmus_result_words(const struct litmus_test *test)
{
    size_t results = test->observed_count + (size_t)1; /* one to spare where nothing is observed */
    if (litmus_feature(test) == NULL) {
        return results;
    }
    for (unsigned i = 0; i < test->thread_count; ++i) {
        results += litmus_loops(&test->thread[i]);
    }
    return 2 * results;
}
