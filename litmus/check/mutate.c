/* mutate.c - is each memory order of the program needed?
 *
 * A mutant is the program with one operation's order a step weaker. If it still verifies, either the
 * order is stronger than it has to be, or the program does not test what it is for. The mutants do not
 * depend on each other: each is explored by a process of its own, by one worker there.
 */
#define _GNU_SOURCE
#include "mutate.h"

#include "cli/cli.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void find_mutants(struct changes *mutants)
{
    const struct operations *all = &mutants->operations;
    mutants->at = calloc((size_t)all->count * MOST_STEPS + 1, sizeof *mutants->at);
    if (mutants->at == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (int i = 0; i < all->count; ++i) {
        struct orders steps[MOST_STEPS];
        const int count = operation_weaker(&all->at[i], all->at[i].written, steps);
        for (int k = 0; k < count; ++k) {
            mutants->at[mutants->count++] =
                (struct change){.operation = &all->at[i], .to = steps[k]};
        }
    }
}

_Noreturn static void explore_mutant(const struct command *command, const struct level *levels,
                                     const struct changes *mutants, int number,
                                     struct outcome *into, pid_t parent)
{
    const struct operations *all = &mutants->operations;
    const struct change *mutant = &mutants->at[number];
    struct orders *orders = malloc((size_t)all->count * sizeof *orders);
    struct command *one = malloc(sizeof *one);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (orders != NULL && one != NULL && getppid() == parent) {
        *one = *command;
        one->options.jobs = 1;
        for (int i = 0; i < all->count; ++i) {
            orders[i] = mutant->operation == &all->at[i] ? mutant->to : all->at[i].written;
        }
        *into = trial(one, levels, all, orders, NULL);
    }
    _exit(0);
}

struct worker {
    pid_t process;
    int mutant;
};

static int count_of(const struct changes *mutants, enum verdict verdict)
{
    int count = 0;
    for (int i = 0; i < mutants->count; ++i) {
        count += mutants->at[i].outcome.verdict == verdict;
    }
    return count;
}

/* Explore all of them; `outcomes` is shared with the workers. */
static void run_workers(const struct command *command, const struct level *levels,
                        struct changes *mutants, struct outcome *outcomes)
{
    const struct timespec pause = {0, 2000000};
    const int jobs = (int)command->options.jobs;
    struct worker *workers = calloc((size_t)jobs, sizeof *workers);
    const pid_t parent = getpid();
    int next = 0, done = 0, told = 0;
    if (workers == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (int busy = 0; busy > 0 || (next < mutants->count && told == 0);) {
        for (int i = 0; i < jobs; ++i) {
            struct worker *worker = &workers[i];
            if (worker->process == 0 && next < mutants->count && told == 0) {
                fflush(stdout);
                fflush(stderr);
                worker->mutant = next;
                worker->process = fork();
                if (worker->process == 0) {
                    explore_mutant(command, levels, mutants, next, &outcomes[next], parent);
                }
                if (worker->process < 0) {
                    cli_die(CLI_UNFIT, "cannot make a process: %s", strerror(errno));
                }
                ++next;
                ++busy;
            } else if (worker->process > 0 && waitpid(worker->process, NULL, WNOHANG) > 0) {
                worker->process = 0;
                --busy;
                ++done;
                mutants->at[worker->mutant].outcome = outcomes[worker->mutant];
                cli_progress("%d of %d mutants explored, %d survived", done, mutants->count,
                             count_of(mutants, VERDICT_RIGHT));
            }
        }
        if (cli_interrupted != 0 && told == 0) {
            told = 1;
            for (int i = 0; i < jobs; ++i) {
                if (workers[i].process > 0) {
                    kill(workers[i].process, SIGTERM);
                }
            }
        }
        nanosleep(&pause, NULL);
    }
    cli_progress_clear();
    free(workers);
}

static void print_outcome(const struct level *levels, const struct outcome *outcome)
{
    const struct cli_style style = cli_style(stdout);
    if (outcome->verdict == VERDICT_WRONG) {
        printf("%skilled%s: %s (%s, execution %" PRIu64 ")\n", style.green, style.reset,
               outcome->words, levels[outcome->level].name, outcome->executions + 1);
    } else if (outcome->verdict == VERDICT_RIGHT) {
        printf("%sSURVIVED%s (%" PRIu64 " execution%s)\n", style.red, style.reset,
               outcome->executions, outcome->executions == 1 ? "" : "s");
    } else {
        printf("%sno answer%s: %s\n", style.yellow, style.reset, outcome->words);
    }
}

static void print_table(const struct command *command, const struct level *levels,
                        const struct changes *mutants)
{
    const struct cli_style style = cli_style(stdout);
    int widths[2] = {4, 6};
    char place[400], change[100];
    for (int pass = 0; pass < 2; ++pass) {
        if (pass == 1) {
            printf("\n%s%-*s  %-*s  Outcome%s\n", style.bold, widths[0], "Line", widths[1],
                   "Mutant", style.reset);
        }
        for (int i = 0; i < mutants->count; ++i) {
            const struct change *mutant = &mutants->at[i];
            if (command->quiet && mutant->outcome.verdict == VERDICT_WRONG) {
                continue;
            }
            struct text texts[2] = {TEXT(place), TEXT(change)};
            operation_place(mutant->operation, &texts[0]);
            operation_change(mutant->operation, mutant->to, &texts[1]);
            for (int k = 0; k < 2; ++k) {
                widths[k] = widths[k] < (int)texts[k].used ? (int)texts[k].used : widths[k];
            }
            if (pass == 1) {
                printf("%-*s  %-*s  ", widths[0], place, widths[1], change);
                print_outcome(levels, &mutant->outcome);
            }
        }
    }
}

static void print_sum(const struct changes *mutants)
{
    const int killed = count_of(mutants, VERDICT_WRONG);
    const int survived = count_of(mutants, VERDICT_RIGHT);
    const int unknown = mutants->count - killed - survived;
    printf("\n%d of %d mutant%s killed", killed, mutants->count, mutants->count == 1 ? "" : "s");
    if (survived > 0) {
        printf(", %d survived", survived);
    }
    if (unknown > 0) {
        printf(", %d without an answer", unknown);
    }
    puts(".");
    if (survived > 0) {
        puts(
            "An order whose weakening survives is stronger than it has to be, or this program does "
            "not\ntest what it is for.");
    }
}

int mutate(const struct command *command, const struct level *levels, bool text,
           struct changes *into)
{
    memset(into, 0, sizeof *into);
    for (int i = 0; i < command->levels; ++i) {
        operations_find(&into->operations, &levels[i], i);
    }
    find_mutants(into);
    if (into->count > 0) {
        const size_t bytes = (size_t)into->count * sizeof(struct outcome);
        struct outcome *outcomes =
            mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (outcomes == MAP_FAILED) {
            cli_die(CLI_UNFIT, "cannot share memory: %s", strerror(errno));
        }
        for (int i = 0; i < into->count; ++i) {
            into->at[i].outcome = (struct outcome){.verdict = VERDICT_NOT_RUN};
            snprintf(into->at[i].outcome.words, sizeof into->at[i].outcome.words, "not run");
            outcomes[i] = into->at[i].outcome;
        }
        run_workers(command, levels, into, outcomes);
        munmap(outcomes, bytes);
    }
    if (text && into->count == 0 && !command->quiet) {
        puts("\nNo operation that was executed has an order that could be weaker.");
    } else if (text && into->count > 0 &&
               (!command->quiet || count_of(into, VERDICT_WRONG) < into->count)) {
        print_table(command, levels, into);
        print_sum(into);
    }
    if (text && into->operations.unplaced > 0) {
        printf("Left out: %d operation%s inside functions of the C++ library.\n",
               into->operations.unplaced, into->operations.unplaced == 1 ? "" : "s");
    }
    return count_of(into, VERDICT_RIGHT) > 0             ? CLI_FAILED
           : count_of(into, VERDICT_WRONG) < into->count ? CLI_UNFIT
                                                         : CLI_OK;
}
