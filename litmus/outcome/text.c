/* text.c - an outcome set in the words of litmus7, for people and for the scripts that read them. */
#include "outcome.h"

#include <inttypes.h>

void outcome_print_state(FILE *stream, const struct litmus_test *test, const int64_t *state)
{
    for (unsigned column = 0; column < test->observed_count; ++column) {
        char text[LITMUS_VALUE_ROOM];
        fprintf(stream, "%s%s=%s;", column == 0 ? "" : " ", test->observed[column].name,
                litmus_value_text(test, column, state[column], text, sizeof text));
    }
}

static void print_histogram(FILE *stream, const struct litmus_test *test,
                            const struct outcome_set *set)
{
    fprintf(stream, "Histogram (%zu states)\n", set->count);
    for (size_t i = 0; i < set->count; ++i) {
        const int64_t *state = set->values + i * set->columns;
        fprintf(stream, "%-6" PRIu64 "%c>", set->seen[i], outcome_is_weak(test, state) ? '*' : ':');
        outcome_print_state(stream, test, state);
        fputc('\n', stream);
    }
}

void outcome_print(FILE *stream, const struct litmus_test *test, const struct outcome_set *set,
                   double seconds)
{
    static const char *const kinds[] = {"Allowed", "Forbidden", "Required"};
    const struct outcome_tally tally = outcome_tally(test, set);
    const bool exists = test->quantifier == LITMUS_EXISTS;
    const bool valid = exists ? tally.weak != 0 : tally.weak == 0;
    /* Positive counts what agrees with the condition, Observation what satisfies its proposition:
     * the two differ for ~exists.
     */
    const uint64_t satisfying = test->quantifier == LITMUS_FORALL ? tally.other : tally.weak;
    const uint64_t contradicting = test->quantifier == LITMUS_FORALL ? tally.weak : tally.other;

    fprintf(stream, "Test %s %s\n", test->name, kinds[test->quantifier]);
    print_histogram(stream, test, set);
    fprintf(stream, "%s\n\nWitnesses\n", valid ? "Ok" : "No");
    fprintf(stream, "Positive: %" PRIu64 ", Negative: %" PRIu64 "\n",
            exists ? tally.weak : tally.other, exists ? tally.other : tally.weak);
    fputs("Condition ", stream);
    litmus_print_condition(stream, test);
    fprintf(stream, " is %svalidated\n", valid ? "" : "NOT ");
    for (unsigned i = 0; i < test->info_count; ++i) {
        fprintf(stream, "%s=%s\n", test->info[i].key, test->info[i].value);
    }
    fprintf(stream, "Observation %s %s %" PRIu64 " %" PRIu64 "\n", test->name,
            satisfying == 0      ? "Never"
            : contradicting == 0 ? "Always"
                                 : "Sometimes",
            satisfying, contradicting);
    fprintf(stream, "Time %s %.2f\n", test->name, seconds);
}
