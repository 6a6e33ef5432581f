/* command.c - cordon-litmus gen: one test from a cycle, many from limits, mutants, the catalogue. */
#define _GNU_SOURCE
#include "command.h"

#include "cli/cli.h"
#include "enumerate.h"
#include "mutate.h"
#include "plan.h"
#include "shape.h"
#include "suite.h"
#include "write.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char help[] =
    "Usage: cordon-litmus gen [--name NAME] [-o DIR] EDGE...\n"
    "       cordon-litmus gen --edges N --threads M [OPTION]... [-o DIR]\n"
    "       cordon-litmus gen --mutate [--model MODEL] [-o DIR] TEST...\n"
    "       cordon-litmus gen --plan FILE -o DIR\n"
    "\n"
    "Make litmus tests from cycles of relaxations, with what the memory models say of them.\n"
    "\n"
    "One test, from its edges, in the words of diy7, or from its name:\n"
    "  PodWR ...                program order, to another location (d) or to the same (s)\n"
    "  Rfe Fre Coe (Wse)        a load reads from a store of another thread; a load is overtaken\n"
    "                           by a store; a store by a store.  Rfi Fri Coi: inside a thread\n"
    "  FenceScdWR ...           program order and a fence: Sc, AR, Acq or Rel\n"
    "  DpDatadW DpCtrldW DpCtrldR ...   a dependency: of a value, of a branch\n"
    "  Rmw (Exch) Fetch.Add     the two halves of a read-modify-write\n"
    "  Rlx Acq Rel Sc           the order of the access it stands at (Rlx if none); also two of\n"
    "                           them behind an edge: PodWWRlxRel.  XAR ...: a store by exchange\n"
    "      --name NAME          call the test so\n"
    "\n"
    "All tests up to a size: every critical cycle once, each in its variants:\n"
    "      --edges N            of at most so many edges, 4 to 16\n"
    "      --threads M          and at most so many threads, 2 to 8\n"
    "      --orders LIST        accesses are rlx, acq, rel, ra (acq and rel), sc: each as C "
    "permits\n"
    "                           (default: rlx)\n"
    "      --fences LIST        or relaxed, and a fence between them: sc, ar, acq, rel\n"
    "      --deps LIST          or relaxed, with a dependency: data, ctrl\n"
    "      --uniform            only those variants in which all threads are alike\n"
    "\n"
    "Mutants of tests with a forbidden outcome (files, directories, names of the catalogue): one\n"
    "order weaker, a fence gone, two accesses swapped, an access elsewhere; what is then allowed:\n"
    "      --mutate             make them\n"
    "      --model MODEL        forbidden and allowed by c11 (the default) or tso\n"
    "\n"
    "The catalogue:\n"
    "      --plan FILE          the tests that the file names\n"
    "\n"
    "  -o, --output DIR         write DIR/NAME.litmus; else the tests go to the output, of "
    "--edges\n"
    "                           only their names and cycles\n"
    "  -h, --help               print this\n"
    "\n"
    "Examples:\n"
    "  cordon-litmus gen PodWR Fre PodWR Fre\n"
    "  cordon-litmus gen PodWW Rel Rfe Acq PodRR Fre\n"
    "  cordon-litmus gen MP+fence-sc+ctrl | cordon-litmus run -\n"
    "  cordon-litmus gen --edges 4 --threads 2 --orders rlx,ra,sc --fences ar,sc -o suite\n"
    "  cordon-litmus gen --mutate -o mutants MP SB\n"
    "\n"
    "Exit status: 0; 2 wrong usage, or an input that is no test; 3 what was made could not be\n"
    "written.\n";

struct gen_options {
    const char *output, *name, *plan;
    bool mutate;
    enum mutate_model model;
    bool enumerates; /* an option of enumeration was given, named: */
    const char *option;
    struct enumerate_options enumerate;
};

/* "rlx,sc" of a list of words; sets what `set` makes of each. */
static void read_list(const char *option, char *text, const char *const *words, size_t count,
                      void (*set)(struct enumerate_options *, size_t),
                      struct enumerate_options *options)
{
    for (char *rest = text, *word; (word = strsep(&rest, ",")) != NULL;) {
        size_t i = 0;
        while (i < count && strcmp(words[i], word) != 0) {
            ++i;
        }
        if (i == count) {
            char expected[100] = "";
            for (size_t k = 0; k < count; ++k) {
                strcat(expected, k == 0 ? "" : k + 1 == count ? " or " : ", ");
                strcat(expected, words[k]);
            }
            cli_die(CLI_USAGE, "%s: expected %s, found '%.40s'", option, expected, word);
        }
        set(options, i);
    }
}

static void set_order(struct enumerate_options *options, size_t i)
{
    static const enum litmus_order orders[] = {LITMUS_RELAXED, LITMUS_ACQUIRE, LITMUS_RELEASE,
                                               LITMUS_ACQUIRE, LITMUS_SEQ_CST};
    options->orders[orders[i]] = true;
    options->orders[LITMUS_RELEASE] = options->orders[LITMUS_RELEASE] || i == 3;
}

static void set_fence(struct enumerate_options *options, size_t i)
{
    static const enum litmus_order fences[] = {LITMUS_SEQ_CST, LITMUS_ACQ_REL, LITMUS_ACQUIRE,
                                               LITMUS_RELEASE};
    options->fences[fences[i]] = true;
}

static void set_dependency(struct enumerate_options *options, size_t i)
{
    *(i == 0 ? &options->data : &options->control) = true;
}

static void read_options(int argc, char **argv, struct gen_options *options)
{
    enum { NAME = 256, EDGES, THREADS, ORDERS, FENCES, DEPS, UNIFORM, MUTATE, MODEL, PLAN };
    static const struct option known[] = {{"name", required_argument, NULL, NAME},
                                          {"edges", required_argument, NULL, EDGES},
                                          {"threads", required_argument, NULL, THREADS},
                                          {"orders", required_argument, NULL, ORDERS},
                                          {"fences", required_argument, NULL, FENCES},
                                          {"deps", required_argument, NULL, DEPS},
                                          {"uniform", no_argument, NULL, UNIFORM},
                                          {"mutate", no_argument, NULL, MUTATE},
                                          {"model", required_argument, NULL, MODEL},
                                          {"plan", required_argument, NULL, PLAN},
                                          {"output", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    static const char *const orders[] = {"rlx", "acq", "rel", "ra", "sc"};
    static const char *const fences[] = {"sc", "ar", "acq", "rel"};
    static const char *const dependencies[] = {"data", "ctrl"};
    bool modelled = false;
    memset(options, 0, sizeof *options);
    for (int found; (found = cli_option(argc, argv, "o:h", known)) != -1;) {
        if (found >= EDGES && found <= UNIFORM) {
            options->enumerates = true;
            options->option = known[found - NAME].name;
        }
        switch (found) {
        case NAME:
            options->name = optarg;
            break;
        case EDGES:
            options->enumerate.edges = (unsigned)cli_count("--edges", optarg, 4, GEN_MOST_EDGES);
            break;
        case THREADS:
            options->enumerate.threads =
                (unsigned)cli_count("--threads", optarg, 2, GEN_MOST_THREADS);
            break;
        case ORDERS:
            read_list("--orders", optarg, orders, 5, set_order, &options->enumerate);
            break;
        case FENCES:
            read_list("--fences", optarg, fences, 4, set_fence, &options->enumerate);
            break;
        case DEPS:
            read_list("--deps", optarg, dependencies, 2, set_dependency, &options->enumerate);
            break;
        case UNIFORM:
            options->enumerate.uniform = true;
            break;
        case MUTATE:
            options->mutate = true;
            break;
        case MODEL:
            if (strcmp(optarg, "c11") != 0 && strcmp(optarg, "tso") != 0) {
                cli_die(CLI_USAGE, "--model: expected c11 or tso, found '%.40s'", optarg);
            }
            options->model = *optarg == 't' ? MUTATE_TSO : MUTATE_C11;
            modelled = true;
            break;
        case PLAN:
            options->plan = optarg;
            break;
        case 'o':
            options->output = optarg;
            break;
        default: /* 'h' */
            fputs(help, stdout);
            exit(cli_finish(CLI_OK));
        }
    }
    if (options->enumerates + options->mutate + (options->plan != NULL) > 1) {
        cli_die(CLI_USAGE, "--%s, --mutate and --plan are different things: one at a time",
                options->option != NULL ? options->option : "edges");
    }
    if (modelled && !options->mutate) {
        cli_die(CLI_USAGE, "--model is for --mutate");
    }
    if (options->name != NULL &&
        (options->enumerates || options->mutate || options->plan != NULL)) {
        cli_die(CLI_USAGE, "--name is for one test from its edges");
    }
}

/* Output: each test into a file of its own, or to the output. */

static void open_output(const char *directory)
{
    if (directory != NULL && !cli_make_directory(directory)) {
        cli_die(CLI_USAGE, "--output: cannot write into '%s': %s", directory, strerror(errno));
    }
}

static FILE *open_test(const char *directory, const char *name)
{
    char path[PATH_MAX];
    if (directory == NULL) {
        return stdout;
    }
    if (snprintf(path, sizeof path, "%s/%s.litmus", directory, name) >= (int)sizeof path) {
        cli_die(CLI_UNFIT, "%s: %s", name, strerror(ENAMETOOLONG));
    }
    FILE *f = fopen(path, "w");
    if (f == NULL) {
        cli_die(CLI_UNFIT, "%s: %s", path, strerror(errno));
    }
    return f;
}

static void close_test(FILE *f, const char *name)
{
    if (f != stdout && (ferror(f) | fclose(f)) != 0) {
        cli_die(CLI_UNFIT, "%s: %s", name, strerror(errno));
    }
}

static void tell_count(const char *directory, size_t count, const char *what)
{
    if (directory != NULL) {
        cli_error("%zu %s%s in %s", count, what, count == 1 ? "" : "s", directory);
    } else {
        cli_error("%zu %s%s", count, what, count == 1 ? "" : "s");
    }
}

/* One test. */

static void check_name(const char *name)
{
    bool fits = *name != '\0' && *name != '.' && strlen(name) <= LITMUS_MOST_NAME;
    for (const char *c = name; *c != '\0'; ++c) {
        fits = fits && isgraph((unsigned char)*c) && *c != '/';
    }
    if (!fits) {
        cli_die(CLI_USAGE, "--name: '%.80s' is not one word of at most %u characters without '/'",
                name, LITMUS_MOST_NAME);
    }
}

static int make_one(const struct gen_options *options, char *const *words, int count)
{
    struct gen_cycle cycle;
    struct gen_error error;
    char name[200], word[256];
    if (count == 0) {
        cli_die(CLI_USAGE,
                "which cycle? as in: cordon-litmus gen PodWR Fre PodWR Fre (try --help)");
    }
    if (options->name != NULL) {
        check_name(options->name);
    }
    if (!(count == 1 && gen_from_name(words[0], &cycle)) &&
        !gen_read(words, count, &cycle, &error)) {
        if (error.word != 0) {
            cli_die(CLI_USAGE, "word %u, '%.40s': %s", error.word,
                    gen_word(words, count, error.word, word, sizeof word), error.text);
        }
        cli_die(CLI_USAGE, "%s", error.text);
    }
    gen_name(&cycle, name, sizeof name);
    if (strlen(name) > LITMUS_MOST_NAME && options->name == NULL) {
        cli_die(CLI_USAGE, "the name '%.80s' is too long: give one with --name", name);
    }
    open_output(options->output);
    FILE *f = open_test(options->output, options->name != NULL ? options->name : name);
    gen_write(f, &cycle, options->name, NULL);
    close_test(f, name);
    return CLI_OK;
}

/* All tests up to a size. */

static int make_all(struct gen_options *options, int count)
{
    struct enumerate_list list;
    size_t left_out = 0;
    if (count != 0) {
        cli_die(CLI_USAGE, "--%s makes cycles by itself: name none", options->option);
    }
    if (options->enumerate.edges == 0 || options->enumerate.threads == 0) {
        cli_die(CLI_USAGE, "how large? give both --edges and --threads");
    }
    if (!enumerate(&options->enumerate, &list)) {
        cli_die(CLI_USAGE, "more than %u tests: fewer edges, threads or variants, or --uniform",
                ENUMERATE_MOST);
    }
    open_output(options->output);
    for (size_t i = 0; i < list.count && !ferror(stdout); ++i) {
        char name[200];
        gen_name(&list.cycle[i], name, sizeof name);
        if (options->output == NULL) {
            printf("%s: ", name);
            gen_print_cycle(stdout, &list.cycle[i]);
            putchar('\n');
        } else if (strlen(name) > LITMUS_MOST_NAME) {
            ++left_out;
        } else {
            FILE *f = open_test(options->output, name);
            gen_write(f, &list.cycle[i], NULL, NULL);
            close_test(f, name);
        }
    }
    tell_count(options->output, list.count - left_out, "test");
    if (left_out != 0) {
        cli_error("%zu left out, for their names are longer than %u characters", left_out,
                  LITMUS_MOST_NAME);
    }
    free(list.cycle);
    return CLI_OK;
}

/* Mutants. */

static void take_mutant(void *context, const char *name, const char *text)
{
    const struct gen_options *options = context;
    FILE *f = open_test(options->output, name);
    fputs(text, f);
    close_test(f, name);
}

static int make_mutants(struct gen_options *options, char *const *words, int count)
{
    struct suite suite;
    size_t made = 0, from = 0, allowed = 0, strange = 0;
    if (count == 0) {
        cli_die(CLI_USAGE, "mutants of which test? name files, directories, or tests of the "
                           "catalogue");
    }
    suite_read(&suite, words, count);
    int status = suite.refused != 0 ? CLI_USAGE : CLI_OK;
    open_output(options->output);
    for (size_t i = 0; i < suite.count; ++i) {
        const int mutants = suite.client[i] != NULL
                                ? -2
                                : mutate_each(suite.test[i], options->model, take_mutant, options);
        allowed += mutants == -1;
        strange += mutants == -2;
        from += mutants >= 0;
        made += mutants > 0 ? (size_t)mutants : 0;
    }
    if (from == 0 && status == CLI_OK) {
        cli_error("no mutant: %s",
                  strange == 0 ? "the model allows each outcome already"
                               : "only tests of atomic loads, stores, read-modify-writes and "
                                 "fences are judged");
        status = CLI_USAGE;
    } else if (from != 0) {
        cli_error("%zu mutant%s of %zu test%s (%zu allowed already, %zu not judged)", made,
                  made == 1 ? "" : "s", from, from == 1 ? "" : "s", allowed, strange);
    }
    suite_free(&suite);
    return status;
}

/* The catalogue. */

static void take_planned(void *context, const struct gen_cycle *cycle, const char *name,
                         const char *why)
{
    const struct gen_options *options = context;
    FILE *f = open_test(options->output, name);
    gen_write(f, cycle, NULL, why);
    close_test(f, name);
}

static int make_planned(struct gen_options *options, int count)
{
    if (count != 0) {
        cli_die(CLI_USAGE, "--plan names the tests: name none here");
    }
    open_output(options->output);
    const int made = plan_each(options->plan, take_planned, options);
    if (made < 0) {
        return CLI_USAGE;
    }
    tell_count(options->output, (size_t)made, "test");
    return CLI_OK;
}

int gen_command(int argc, char **argv)
{
    struct gen_options options;
    read_options(argc, argv, &options);
    char *const *words = argv + optind;
    const int count = argc - optind;
    return cli_finish(options.enumerates     ? make_all(&options, count)
                      : options.mutate       ? make_mutants(&options, words, count)
                      : options.plan != NULL ? make_planned(&options, count)
                                             : make_one(&options, words, count));
}
