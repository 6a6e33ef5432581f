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
};

static void survey_expression(struct survey *survey, const struct litmus_expression *e)
{
    const uint64_t mine = UINT64_C(1) << survey->thread;
    if (e == NULL) {
        return;
    }
    switch (e->kind) {
    case LITMUS_CONSTANT:
        survey->most = largest(survey->most, e->value);
        break;
    case LITMUS_REGISTER:
        break;
    case LITMUS_UNARY:
    case LITMUS_BINARY:
        survey->computes |= e->operator>= LITMUS_SHIFT_LEFT && e->operator!= LITMUS_NOT;
        break;
    case LITMUS_LOAD:
        survey->loads[e->location] |= mine;
        break;
    case LITMUS_RMW:
        survey->computes |= e->operator!= LITMUS_EXCHANGE;
        survey->stores[e->location] |= mine;
        break;
    case LITMUS_CAS:
        survey->stores[e->location] |= mine;
        break;
    }
    survey_expression(survey, e->left);
    survey_expression(survey, e->right);
}

static void survey_statements(struct survey *survey, const struct litmus_statement *s)
{
    for (; s != NULL; s = s->next) {
        if (s->kind == LITMUS_STORE) {
            survey->stores[s->location] |= UINT64_C(1) << survey->thread;
        }
        survey_expression(survey, s->expression);
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
}

unsigned litmus_bits(const struct litmus_test *test)
{
    uint64_t loads[LITMUS_MOST_LOCATIONS] = {0}, stores[LITMUS_MOST_LOCATIONS] = {0};
    struct survey survey = {1, false, loads, stores, 0};
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
    struct survey survey = {1, false, loads, stores, 0};
    survey_test(&survey, test);
}

unsigned litmus_loader(const struct litmus_test *test, unsigned location)
{
    uint64_t loads[LITMUS_MOST_LOCATIONS] = {0}, stores[LITMUS_MOST_LOCATIONS] = {0};
    struct survey survey = {1, false, loads, stores, 0};
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
