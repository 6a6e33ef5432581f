/* suggest.c - which memory orders would do?
 *
 * A walk downwards. It starts from orders with which the program verifies: those it was written with,
 * or, if it is wrong, seq_cst for everything. One operation after the other, the most expensive first,
 * gets the weakest order with which the program as a whole still verifies; if it was wrong, none
 * weaker than was written. What fails is found sooner than what verifies is explored, so the weakest
 * orders are tried first.
 *
 * Weaker orders allow more executions, so an order that was too weak stays so while others become
 * weaker. That is not relied upon: at the end every operation is tried one step weaker once more,
 * unless nothing has changed since. Where all of these fail, the orders are a local minimum.
 */
#define _GNU_SOURCE
#include "suggest.h"

#include "cli/cli.h"
#include "graph.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More than there are pairs of orders for a compare-exchange. */
enum { MOST_PAIRS = 32 };

struct walk {
    const struct command *command;
    const struct level *levels;
    const struct operations *all;
    struct orders *now; /* by operation */
    int *tried;         /* by operation: how many changes there were when a step weaker failed */
    int changes, explored;
    bool stronger;  /* than written, or at least as strong */
    bool undecided; /* a trial had no answer */
};

/* What a step costs a processor: the operations that come first are the dearest. */
static int rank(const struct walk *walk, const struct operation *operation)
{
    const int order = walk->stronger ? SEQ_CST : operation->written.order;
    const int strength = is_seq_cst(order) ? 0 : order == ACQ_REL ? 3 : 6;
    return strength + (operation->kind == FENCE                               ? 0
                       : operation->kind == WRITE || operation->op != OP_NONE ? 1
                                                                              : 2);
}

static struct outcome try_orders(struct walk *walk, int operation, struct orders orders)
{
    char place[400], change[100], title[560];
    struct text texts[2] = {TEXT(place), TEXT(change)};
    const struct orders before = walk->now[operation];
    operation_place(&walk->all->at[operation], &texts[0]);
    operation_change(&walk->all->at[operation], orders, &texts[1]);
    snprintf(title, sizeof title, "trial %d, %s %s", ++walk->explored, place, change);
    cli_progress("%s", title);
    walk->now[operation] = orders;
    const struct outcome outcome = trial(walk->command, walk->levels, walk->all, walk->now, title);
    if (outcome.verdict != VERDICT_RIGHT) {
        walk->now[operation] = before;
        walk->undecided = walk->undecided || outcome.verdict != VERDICT_WRONG;
    } else if (!same_orders(before, orders)) {
        ++walk->changes;
    }
    return outcome;
}

static bool is_wanted(const struct walk *walk, int operation, struct orders orders)
{
    return !walk->stronger || orders_at_least(orders, walk->all->at[operation].written);
}

static int strength(struct orders orders)
{
    static const int of[] = {[RELAXED] = 0, [CONSUME] = 1, [ACQUIRE] = 2, [RELEASE] = 2,
                             [ACQ_REL] = 3, [SEQ_CST] = 4, [LIGHT] = 1,   [HEAVY] = 5};
    return (orders.order == NO_FENCE ? 0 : of[orders.order]) + of[orders.failure];
}

/* All that the operation could have that is weaker than now, weakest first. */
static int weaker_orders(const struct walk *walk, int operation, struct orders into[MOST_PAIRS])
{
    int count = 0;
    struct orders steps[MOST_STEPS], from = walk->now[operation];
    for (int next = -1; next < count; ++next) {
        if (next >= 0) {
            from = into[next];
        }
        const int step_count = operation_weaker(&walk->all->at[operation], from, steps);
        for (int k = 0; k < step_count; ++k) {
            int i = 0;
            while (i < count && !same_orders(into[i], steps[k])) {
                ++i;
            }
            if (i == count && count < MOST_PAIRS && is_wanted(walk, operation, steps[k])) {
                into[count++] = steps[k];
            }
        }
    }
    for (int i = 1; i < count; ++i) {
        for (int k = i; k > 0 && strength(into[k - 1]) > strength(into[k]); --k) {
            const struct orders swapped = into[k];
            into[k] = into[k - 1];
            into[k - 1] = swapped;
        }
    }
    return count;
}

static void weaken(struct walk *walk, int operation)
{
    struct orders pairs[MOST_PAIRS];
    const int count = weaker_orders(walk, operation, pairs);
    for (int i = 0; i < count && cli_interrupted == 0; ++i) {
        if (try_orders(walk, operation, pairs[i]).verdict == VERDICT_RIGHT) {
            break; /* all that is weaker has been tried */
        }
    }
    walk->tried[operation] = walk->changes;
}

/* Try each operation a step weaker, unless that was done since the last change. True: all failed. */
static bool is_minimal(struct walk *walk)
{
    for (int i = 0; i < walk->all->count; ++i) {
        struct orders steps[MOST_STEPS];
        const int count = operation_weaker(&walk->all->at[i], walk->now[i], steps);
        for (int k = 0; k < count && walk->tried[i] != walk->changes; ++k) {
            if (cli_interrupted != 0) {
                return false;
            }
            if (is_wanted(walk, i, steps[k]) &&
                try_orders(walk, i, steps[k]).verdict == VERDICT_RIGHT) {
                return false;
            }
        }
        walk->tried[i] = walk->changes;
    }
    return true;
}

static void go_down(struct walk *walk, struct changes *into)
{
    for (int wanted = 0; wanted <= 8; ++wanted) {
        for (int i = 0; i < walk->all->count; ++i) {
            if (rank(walk, &walk->all->at[i]) == wanted) {
                weaken(walk, i);
            }
        }
    }
    while (!is_minimal(walk) && cli_interrupted == 0) {
    }
    into->minimal = !walk->undecided && cli_interrupted == 0;
}

static void keep_changes(const struct walk *walk, struct outcome outcome, struct changes *into)
{
    into->at = calloc((size_t)walk->all->count + 1, sizeof *into->at);
    if (into->at == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (int i = 0; i < walk->all->count; ++i) {
        if (!same_orders(walk->now[i], walk->all->at[i].written)) {
            into->at[into->count++] = (struct change){&walk->all->at[i], walk->now[i], outcome};
        }
    }
}

static void print_changes(const struct changes *changes)
{
    char place[400], change[100];
    int width = 0;
    for (int pass = 0; pass < 2; ++pass) {
        for (int i = 0; i < changes->count; ++i) {
            struct text texts[2] = {TEXT(place), TEXT(change)};
            operation_place(changes->at[i].operation, &texts[0]);
            operation_change(changes->at[i].operation, changes->at[i].to, &texts[1]);
            width = width < (int)texts[0].used ? (int)texts[0].used : width;
            if (pass == 1) {
                printf("    %-*s  %s\n", width, place, change);
            }
        }
    }
}

static void print_scope(const struct walk *walk)
{
    const struct options *wanted = &walk->command->options;
    printf("; for this program, under %s", model_name(wanted->model));
    if (wanted->unroll != 0) {
        printf(" and --unroll %u", wanted->unroll);
    }
    printf(" (%d trial%s).\n", walk->explored, walk->explored == 1 ? "" : "s");
}

static bool any_step_left(const struct walk *walk)
{
    for (int i = 0; i < walk->all->count; ++i) {
        struct orders steps[MOST_STEPS];
        const int count = operation_weaker(&walk->all->at[i], walk->now[i], steps);
        for (int k = 0; k < count; ++k) {
            if (is_wanted(walk, i, steps[k])) {
                return true;
            }
        }
    }
    return false;
}

static void print_suggestion(const struct walk *walk, const struct changes *changes)
{
    const char *plural = walk->all->count == 1 ? "" : "s";
    if (walk->all->count == 0) {
        puts("\nNo atomic operation was executed.");
        return;
    }
    if (changes->count == 0) {
        puts("\nNo operation can have a weaker order:");
    } else {
        printf(changes->stronger ? "\nWith a stronger order for %d of %d operation%s it verifies:\n"
                                 : "\n%d of %d operation%s can have a weaker order:\n",
               changes->count, walk->all->count, plural);
        print_changes(changes);
    }
    if (!changes->minimal) {
        printf("There may be weaker ones: %s",
               cli_interrupted != 0 ? "this was interrupted" : "some trials had no answer");
    } else if (any_step_left(walk)) {
        printf("Each step %s fails", changes->count == 0 ? "down" : "further");
    } else {
        printf("There is none weaker");
    }
    print_scope(walk);
}

int suggest(const struct command *command, const struct level *levels, bool right, bool text,
            struct changes *into)
{
    struct operations *all = &into->operations;
    struct outcome start = {.verdict = VERDICT_RIGHT};
    bool curable = true;
    memset(into, 0, sizeof *into);
    into->stronger = !right;
    if (right) {
        for (int i = 0; i < command->levels; ++i) {
            operations_find(all, &levels[i], i);
        }
    } else {
        start = trial_strongest(command, levels, all, "with seq_cst everywhere");
        curable = start.verdict == VERDICT_RIGHT;
    }
    struct walk walk = {.command = command, .levels = levels, .all = all, .stronger = !right};
    walk.now = calloc((size_t)all->count + 1, sizeof *walk.now);
    walk.tried = calloc((size_t)all->count + 1, sizeof *walk.tried);
    if (walk.now == NULL || walk.tried == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (int i = 0; i < all->count; ++i) {
        walk.now[i] = right ? all->at[i].written : operation_strongest(&all->at[i]);
        walk.tried[i] = -1;
    }
    if (!right && curable) {
        start = trial(command, levels, all, walk.now, "with seq_cst everywhere");
    }
    into->found = start.verdict == VERDICT_RIGHT;
    if (into->found) {
        go_down(&walk, into);
        keep_changes(&walk, start, into);
    }
    cli_progress_clear();
    if (text && into->found) {
        print_suggestion(&walk, into);
    } else if (text && curable) {
        printf(
            "\nseq_cst everywhere cures it, but at %s it cannot be told which operations need it: "
            "those inside\nfunctions of the C++ library were not inlined.\n",
            levels[start.level].name);
    } else if (text && start.verdict == VERDICT_WRONG) {
        printf("\nNo memory order cures it: with seq_cst everywhere, too: %s.\n", start.words);
    } else if (text) {
        printf("\nNo suggestion: with seq_cst everywhere there is no answer (%s).\n", start.words);
    }
    free(walk.now);
    free(walk.tried);
    return cli_interrupted != 0 || (into->found && !into->minimal) ? CLI_UNFIT : CLI_OK;
}
