/* compare.c - cordon-litmus compare: what one log has and another has not. */
#define _GNU_SOURCE
#include "log.h"

#include "cli/cli.h"

#include <inttypes.h>
#include <string.h>

static const char help[] =
    "Usage: cordon-litmus compare [OPTION]... A B\n"
    "\n"
    "Compare two logs of litmus tests, test by test. A log is what cordon-litmus run --json (or "
    "merge)\n"
    "wrote, or the text of litmus7, of cordon-litmus run, or of herd7; - is standard input. "
    "herd7's\n"
    "says which states a model allows, the others which ones a machine has shown, and how often.\n"
    "\n"
    "  -q, --quiet   only the table, not the states that differ\n"
    "  -h, --help    print this\n"
    "\n"
    "Examples:\n"
    "  cordon-litmus compare this.json that.json      two machines, or two compilers\n"
    "  cordon-litmus compare this.json model.log      does the machine keep to the model?\n"
    "\n"
    "Exit status: 0 no machine shows what a model forbids; 1 one does, or two models differ; 2 "
    "wrong\n"
    "usage, or a file that is no such log; 3 they have no test in common.\n";

struct difference {
    size_t only[2]; /* states that only A has, only B */
};

static struct difference differ(const struct log_test *a, const struct log_test *b)
{
    struct difference difference = {{0, 0}};
    for (size_t i = 0; i < a->count; ++i) {
        difference.only[0] += log_state_of(b, a->state[i].text) == NULL;
    }
    for (size_t i = 0; i < b->count; ++i) {
        difference.only[1] += log_state_of(a, b->state[i].text) == NULL;
    }
    return difference;
}

/* What a difference means: a machine that shows what the other side, a model, has not. */
static bool is_violation(const struct log *log, struct difference difference)
{
    for (unsigned side = 0; side < 2; ++side) {
        if (log[1 - side].model && difference.only[side] > 0) {
            return true;
        }
    }
    return false;
}

static const char *verdict_of(const struct log *log, struct difference difference)
{
    if (is_violation(log, difference)) {
        return log[0].model && log[1].model ? "the models differ" : "VIOLATION";
    }
    if (difference.only[0] + difference.only[1] == 0) {
        return "same";
    }
    return log[0].model || log[1].model ? "not all seen" : "different";
}

static void print_states(const struct log *log, const struct log_test *const test[2])
{
    for (unsigned side = 0; side < 2; ++side) {
        for (size_t i = 0; i < test[side]->count; ++i) {
            const struct log_state *state = &test[side]->state[i];
            if (log_state_of(test[1 - side], state->text) != NULL) {
                continue;
            }
            printf("    only %c  %s", side == 0 ? 'A' : 'B', state->text);
            if (!log[side].model) {
                printf("  %" PRIu64 " of %" PRIu64, state->count, test[side]->total);
            }
            putchar('\n');
        }
    }
}

static int compare(const struct log *log, bool quiet)
{
    const struct cli_style style = cli_style(stdout);
    size_t common = 0, same = 0, violations = 0;
    int width = 4;
    for (size_t i = 0; i < log[0].count; ++i) {
        const int length = (int)strlen(log[0].test[i].name);
        width = length > width ? length : width;
    }
    for (unsigned side = 0; side < 2; ++side) {
        printf("%c  %s: %zu test%s, %s\n", side == 0 ? 'A' : 'B', log[side].path, log[side].count,
               log[side].count == 1 ? "" : "s",
               log[side].model ? "as a model allows" : "as a machine has shown");
    }
    printf("\n%s%-*s  States A  States B  Only A  Only B%s\n", style.bold, width, "Name",
           style.reset);
    for (size_t i = 0; i < log[0].count; ++i) {
        const struct log_test *const test[2] = {&log[0].test[i],
                                                log_find(&log[1], log[0].test[i].name)};
        if (test[1] == NULL) {
            continue;
        }
        const struct difference difference = differ(test[0], test[1]);
        const bool violation = is_violation(log, difference);
        const bool equal = difference.only[0] + difference.only[1] == 0;
        ++common;
        same += equal;
        violations += violation;
        printf("%-*s  %8zu  %8zu  %6zu  %6zu  %s%s%s\n", width, test[0]->name, test[0]->count,
               test[1]->count, difference.only[0], difference.only[1], violation ? style.red : "",
               verdict_of(log, difference), violation ? style.reset : "");
        if (!quiet && !equal) {
            print_states(log, test);
        }
    }
    printf("\n%zu in both, %zu the same, %zu different", common, same, common - same);
    if (log[0].model || log[1].model) {
        printf(", %zu violation%s", violations, violations == 1 ? "" : "s");
    }
    printf("; only A has %zu more, only B %zu\n", log[0].count - common, log[1].count - common);
    if (common == 0) {
        cli_error("%s and %s have no test in common", log[0].path, log[1].path);
        return CLI_UNFIT;
    }
    return violations > 0 ? CLI_FAILED : CLI_OK;
}

int compare_command(int argc, char **argv)
{
    static const struct option known[] = {
        {"quiet", no_argument, NULL, 'q'}, {"help", no_argument, NULL, 'h'}, {NULL, 0, NULL, 0}};
    struct log log[2];
    bool quiet = false;
    for (int found; (found = cli_option(argc, argv, "qh", known)) != -1;) {
        if (found == 'h') {
            fputs(help, stdout);
            return cli_finish(CLI_OK);
        }
        quiet = true;
    }
    if (argc - optind != 2) {
        cli_die(CLI_USAGE, "two logs are compared, and %d named (try --help)", argc - optind);
    }
    log_read(&log[0], argv[optind]);
    log_read(&log[1], argv[optind + 1]);
    const int status = compare(log, quiet);
    log_free(&log[0]);
    log_free(&log[1]);
    return cli_finish(status);
}
