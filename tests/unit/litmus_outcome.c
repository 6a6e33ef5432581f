/* Units of litmus/outcome: sets, conditions, verdicts, and the text that litmus7's readers expect. */
#include "outcome/outcome.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

#define SB                                                             \
    "{}\nP0 (atomic_int* x, atomic_int* y) { *x = 1; int r0 = *y; }\n" \
    "P1 (atomic_int* x, atomic_int* y) { *y = 1; int r0 = *x; }\n"

static struct litmus_test *parse(const char *text)
{
    struct litmus_error error;
    struct litmus_test *test = litmus_parse(text, strlen(text), &error);
    cr_assert_not_null(test, "%u:%u: %s", error.place.line, error.place.column, error.text);
    return test;
}

/* Does "SB with this condition" single out (0:r0, 1:r0)? */
static bool weak(const char *condition, int64_t r0, int64_t r1)
{
    char text[512];
    const int64_t state[] = {r0, r1};
    snprintf(text, sizeof text, "C SB\n" SB "locations [0:r0; 1:r0;]\n%s\n", condition);
    struct litmus_test *test = parse(text);
    const bool answer = outcome_is_weak(test, state);
    litmus_free(test);
    return answer;
}

Test(litmus_outcome, conditions)
{
    cr_assert(weak("exists (0:r0=0 /\\ 1:r0=0)", 0, 0));
    cr_assert_not(weak("exists (0:r0=0 /\\ 1:r0=0)", 0, 1));
    cr_assert(weak("exists (1:r0=1 \\/ 0:r0=1)", 1, 0));
    cr_assert(weak("exists 0:r0=0", 0, 7));
    cr_assert(weak("~exists (0:r0=-3)", -3, 0));
    cr_assert_not(weak("~exists (0:r0=3)", 0, 0));
    cr_assert(weak("forall (0:r0=1 \\/ 1:r0=1)", 0, 0)); /* a contradiction is what is weak */
    cr_assert_not(weak("forall (0:r0=1 \\/ 1:r0=1)", 0, 1));
    cr_assert(weak("exists (~(0:r0=1) /\\ not 1:r0=1)", 0, 0));
    cr_assert_not(weak("exists (~(0:r0=1) /\\ not 1:r0=1)", 0, 1));
    cr_assert(weak("exists (true)", 1, 1));
    cr_assert_not(weak("exists (false)", 1, 1));
    /* /\ binds tighter than \/. */
    cr_assert(weak("exists (0:r0=5 \\/ 0:r0=1 /\\ 1:r0=2)", 5, 0));
    cr_assert_not(weak("exists ((0:r0=5 \\/ 0:r0=1) /\\ 1:r0=2)", 5, 0));
}

Test(litmus_outcome, sets_add_up)
{
    struct outcome_set a, b;
    outcome_init(&a, 2);
    outcome_init(&b, 2);
    for (int64_t i = 99; i >= 0; --i) {
        const int64_t state[] = {i % 10, i / 10 % 5};
        cr_assert(outcome_add(i % 2 == 0 ? &a : &b, state, (uint64_t)i));
    }
    cr_assert(outcome_merge(&a, &b));
    cr_assert_eq(a.count, 50);
    uint64_t sum = 0;
    for (size_t i = 0; i < a.count; ++i) {
        cr_assert_eq(a.values[2 * i + 1] * 10 + a.values[2 * i], (int64_t)i); /* sorted */
        cr_assert_eq(a.seen[i], 2 * i + 50);                                  /* i and i + 50 */
        sum += a.seen[i];
    }
    cr_assert_eq(sum, 99 * 100 / 2);
    outcome_free(&a);
    outcome_free(&b);
}

/* Two weak outcomes and five others, as text. */
static char *print(const char *text)
{
    static const int64_t states[][2] = {{0, 0}, {1, 0}, {1, 1}};
    struct litmus_test *test = parse(text);
    struct outcome_set set;
    char *printed = NULL;
    size_t length;
    outcome_init(&set, 2);
    cr_assert_eq(test->observed_count, 2);
    cr_assert(outcome_add(&set, states[2], 1234567));
    cr_assert(outcome_add(&set, states[0], 2));
    cr_assert(outcome_add(&set, states[1], 5));
    FILE *stream = open_memstream(&printed, &length);
    outcome_print(stream, test, &set, 0.125);
    fclose(stream);
    outcome_free(&set);
    litmus_free(test);
    return printed;
}

static void expect(const char *text, const char *wanted)
{
    char *printed = print(text);
    cr_assert_str_eq(printed, wanted);
    free(printed);
}

Test(litmus_outcome, text_of_exists)
{
    expect("C SB\nC11=allowed\n" SB "exists (0:r0=0 /\\ 1:r0=0)\n",
           "Test SB Allowed\n"
           "Histogram (3 states)\n"
           "2     *>0:r0=0; 1:r0=0;\n"
           "5     :>0:r0=1; 1:r0=0;\n"
           "1234567:>0:r0=1; 1:r0=1;\n"
           "Ok\n"
           "\n"
           "Witnesses\n"
           "Positive: 2, Negative: 1234572\n"
           "Condition exists (0:r0=0 /\\ 1:r0=0) is validated\n"
           "C11=allowed\n"
           "Observation SB Sometimes 2 1234572\n"
           "Time SB 0.12\n");
}

Test(litmus_outcome, text_of_not_exists)
{
    expect("C SB\n" SB "~exists (0:r0=0 /\\ 1:r0=0)\n",
           "Test SB Forbidden\n"
           "Histogram (3 states)\n"
           "2     *>0:r0=0; 1:r0=0;\n"
           "5     :>0:r0=1; 1:r0=0;\n"
           "1234567:>0:r0=1; 1:r0=1;\n"
           "No\n"
           "\n"
           "Witnesses\n"
           "Positive: 1234572, Negative: 2\n"
           "Condition ~exists (0:r0=0 /\\ 1:r0=0) is NOT validated\n"
           "Observation SB Sometimes 2 1234572\n"
           "Time SB 0.12\n");
}

Test(litmus_outcome, text_of_forall_and_of_memory)
{
    expect("C SB\n" SB "locations [x;]\nforall (0:r0=1 \\/ 0:r0=0)\n",
           "Test SB Required\n"
           "Histogram (3 states)\n"
           "2     :>0:r0=0; [x]=0;\n"
           "5     :>0:r0=1; [x]=0;\n"
           "1234567:>0:r0=1; [x]=1;\n"
           "Ok\n"
           "\n"
           "Witnesses\n"
           "Positive: 1234574, Negative: 0\n"
           "Condition forall (0:r0=1 \\/ 0:r0=0) is validated\n"
           "Observation SB Always 1234574 0\n"
           "Time SB 0.12\n");
}

Test(litmus_outcome, nothing_observed_nothing_seen)
{
    struct litmus_test *test = parse("C SB\n" SB "exists (true)\n");
    struct outcome_set set;
    const int64_t none = 0;
    outcome_init(&set, test->observed_count);
    cr_assert(outcome_add(&set, &none, 3));
    cr_assert(outcome_add(&set, &none, 4));
    cr_assert_eq(set.count, 1);
    cr_assert_eq(outcome_tally(test, &set).weak, 7);
    outcome_free(&set);
    litmus_free(test);
}

static enum verdict judge(const char *info, uint64_t seen, bool on_x86)
{
    char text[512];
    snprintf(text, sizeof text, "C SB\n%s" SB "exists (0:r0=0)\n", info);
    struct litmus_test *test = parse(text);
    const enum verdict verdict = outcome_verdict(test, (struct outcome_tally){seen, 100}, on_x86);
    litmus_free(test);
    return verdict;
}

Test(litmus_outcome, verdicts)
{
    cr_assert_eq(judge("", 1, true), VERDICT_NONE);
    cr_assert_eq(judge("C11=allowed\n", 1, true), VERDICT_ALLOWED_SEEN);
    cr_assert_eq(judge("C11=allowed\n", 0, true), VERDICT_ALLOWED_NOT_SEEN);
    cr_assert_eq(judge("C11=forbidden\n", 0, true), VERDICT_FORBIDDEN_NOT_SEEN);
    cr_assert_eq(judge("C11=forbidden\nTSO=allowed\n", 1, false), VERDICT_VIOLATION);
    cr_assert_eq(judge("C11=allowed\nTSO=forbidden\n", 1, true), VERDICT_VIOLATION_TSO);
    cr_assert_eq(judge("C11=allowed\nTSO=forbidden\n", 1, false), VERDICT_ALLOWED_SEEN);
    cr_assert_eq(judge("C11=allowed\nTSO=forbidden\n", 0, true), VERDICT_ALLOWED_NOT_SEEN);
    cr_assert_eq(judge("C11=forbidden\nTSO=forbidden\n", 1, true), VERDICT_VIOLATION);
    cr_assert_eq(judge("TSO=forbidden\n", 0, true), VERDICT_FORBIDDEN_NOT_SEEN);
    cr_assert_eq(judge("TSO=forbidden\n", 1, false), VERDICT_NONE);
    cr_assert(verdict_is_violation(VERDICT_VIOLATION_TSO));
    cr_assert_not(verdict_is_violation(VERDICT_ALLOWED_SEEN));
    cr_assert_str_eq(verdict_name(VERDICT_FORBIDDEN_NOT_SEEN), "forbidden, not seen");
}
