/* options.c - the command line of cordon-check. */
#define _GNU_SOURCE
#include "options.h"

#include "cli/cli.h"
#include "report.h"

#include <cordon/version.h>

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char help[] =
    "Usage: cordon-check [OPTION]... FILE... [-- COMPILER-FLAG...]\n"
    "\n"
    "Explore every execution that the C11 memory model allows of a small multi-threaded program,\n"
    "and report the first that fails an assertion, races, misuses memory, deadlocks or waits for\n"
    "ever. FILEs are C or C++ sources, or object files compiled with -fsanitize=thread -fPIC; the\n"
    "program has a main, starts its threads with pthreads, C11 threads or std::thread, and says "
    "with\n"
    "assert what must hold.\n"
    "\n"
    "What is explored:\n"
    "  -m, --model MODEL   rc11 (C11 as repaired; the default), sc, tso (x86), ra\n"
    "      --cxx20         release sequences as in C++20, shorter than in C11\n"
    "      --spurious      compare_exchange_weak and condition variables fail spuriously, too\n"
    "      --no-races      do not look for data races\n"
    "      --no-membarrier the kernel refuses membarrier(2)\n"
    "  -O LEVELS           explore the program compiled so: 0,2 (the default: both), 2, 0,1,3,s\n"
    "  -u, --unroll N      let a thread make at most N rounds of a loop: for loops without end\n"
    "      --events N      give up on executions with more events (default 2000)\n"
    "      --random N      walk N random executions instead: finds, and proves nothing\n"
    "      --seed N        other random walks\n"
    "\n"
    "How:\n"
    "  -j, --jobs N        processes that explore (default: as many as there are CPUs)\n"
    "      --shard I/N     only the I-th of N parts; the counts of all parts add up\n"
    "  -t, --timeout TIME  stop after 10 (seconds), 500ms, 2m, and say how far it came\n"
    "      --cc COMMAND    the C compiler (default: $CC, cc, gcc, clang: the first found)\n"
    "      --cxx COMMAND   the C++ compiler (default: $CXX, c++, g++, clang++)\n"
    "\n"
    "What is told:\n"
    "      --edges         which release every acquire got its data from, and how often\n"
    "      --executions    every execution, not only the first that fails\n"
    "      --mutate        weaken each memory order, one at a time: is each of them needed?\n"
    "      --suggest       the weakest orders that would do; stronger ones, if it is wrong\n"
    "      --record FILE   write what was found to FILE, for --replay\n"
    "      --replay FILE   repeat that one execution, and explain it\n"
    "      --dot FILE      draw it for Graphviz\n"
    "      --json[=FILE]   all results as JSON, to FILE or instead of the text\n"
    "      --expect WORD   succeed if this is found at every level, and fail if not: data-race, "
    "...\n"
    "  -v, --verbose       show the compiler's command lines, and more counts\n"
    "  -q, --quiet         print only what was found\n"
    "  -h, --help          this text\n"
    "  -V, --version       the version\n"
    "\n"
    "Start with this program, mp.c, which passes a message to another thread:\n"
    "\n"
    "  #include <assert.h>\n"
    "  #include <pthread.h>\n"
    "  #include <stdatomic.h>\n"
    "  #include <stddef.h>\n"
    "  static int message;\n"
    "  static atomic_int ready;\n"
    "  static void *send(void *unused) {\n"
    "      message = 42;\n"
    "      atomic_store_explicit(&ready, 1, memory_order_relaxed);  /* release would do */\n"
    "      return unused;\n"
    "  }\n"
    "  int main(void) {\n"
    "      pthread_t thread;\n"
    "      pthread_create(&thread, NULL, send, NULL);\n"
    "      if (atomic_load_explicit(&ready, memory_order_acquire))\n"
    "          assert(message == 42);\n"
    "      pthread_join(thread, NULL);\n"
    "  }\n"
    "\n"
    "  cordon-check mp.c                        the data race, and the edge that is missing\n"
    "  cordon-check mp.c -- -std=c11 -Iinclude  flags for the compiler\n"
    "  cordon-check --suggest mp.c              what to strengthen\n"
    "  cordon-check --model sc mp.c             without weak memory: is it the algorithm?\n"
    "  cordon-check --unroll 3 spin.c           a loop that retries for ever\n"
    "\n"
    "Exit status: 0 every execution is right; 1 one is wrong; 2 wrong usage, or an input that "
    "cannot\n"
    "be compiled or explored; 3 no answer: a bound, a timeout or an interrupt came first, or the\n"
    "environment is unfit.\n";

static const char *const model_words[] = {"rc11", "sc", "tso", "ra"};
static const char *const model_names[] = {"RC11", "SC", "TSO", "RA"};
enum { MODELS = sizeof model_words / sizeof *model_words };

const char *model_name(enum model model)
{
    return model_names[model];
}

const char *model_word(enum model model)
{
    return model_words[model];
}

static enum model read_model(const char *text)
{
    for (int i = 0; i < MODELS; ++i) {
        if (strcasecmp(text, model_words[i]) == 0) {
            return (enum model)i;
        }
    }
    const char *nearest = cli_nearest(text, model_words, MODELS);
    cli_die(CLI_USAGE, "--model: '%s' is none of rc11, sc, tso and ra%s%s%s", text,
            nearest != NULL ? "; did you mean " : "", nearest != NULL ? nearest : "",
            nearest != NULL ? "?" : "");
}

static enum finding read_finding(const char *text)
{
    const char *words[FOUND_BOUND];
    char list[512] = "";
    for (int i = FOUND_NOTHING + 1; i <= FOUND_BOUND; ++i) {
        words[i - 1] = finding_word((enum finding)i);
        if (strcmp(text, words[i - 1]) == 0) {
            return (enum finding)i;
        }
        snprintf(list + strlen(list), sizeof list - strlen(list), "%s%s", i > 1 ? ", " : "",
                 words[i - 1]);
    }
    const char *nearest = cli_nearest(text, words, FOUND_BOUND);
    if (nearest != NULL) {
        cli_die(CLI_USAGE, "--expect: nothing is called '%s'; did you mean %s?", text, nearest);
    }
    cli_die(CLI_USAGE, "--expect: nothing is called '%s'; there are %s", text, list);
}

bool read_levels(const char *text, struct command *command)
{
    static const char *const levels[] = {"0", "1", "2", "3", "s", "z", "g", "fast"};
    const char *rest = text;
    command->levels = 0;
    do {
        const size_t length = strcspn(rest, ",");
        size_t i = 0;
        while (i < sizeof levels / sizeof *levels &&
               (strlen(levels[i]) != length || memcmp(levels[i], rest, length) != 0)) {
            ++i;
        }
        if (i == sizeof levels / sizeof *levels) {
            return false;
        }
        for (int k = 0; k < command->levels; ++k) {
            if (strcmp(command->level[k] + 2, levels[i]) == 0) {
                return false;
            }
        }
        /* None is named twice, so there are no more of them than are known. */
        snprintf(command->level[command->levels++], sizeof *command->level, "-O%s", levels[i]);
        rest += length + (rest[length] == ',');
    } while (*rest != '\0' || rest[-1] == ',');
    return true;
}

/* "2/3": the second of three parts. */
static void read_shard(const char *text, struct options *wanted)
{
    char first[8];
    unsigned long part, parts;
    const size_t length = strcspn(text, "/");
    if (length < sizeof first && text[length] == '/') {
        memcpy(first, text, length);
        first[length] = '\0';
        if (cli_read_count(text + length + 1, 1, 1000000, &parts) &&
            cli_read_count(first, 1, parts, &part)) {
            wanted->shard = (unsigned)part - 1;
            wanted->shards = (unsigned)parts;
            return;
        }
    }
    cli_die(CLI_USAGE, "--shard: '%s' is not a part such as 2/3, of 1/3, 2/3 and 3/3", text);
}

static unsigned allowed_cpus(void)
{
    cpu_set_t set;
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (unsigned)CPU_COUNT(&set) : 1;
}

enum {
    MODEL = 256,
    EVENTS,
    SHARD,
    RANDOM,
    SEED,
    CC,
    CXX,
    CXX20,
    SPURIOUS,
    NO_RACES,
    NO_MEMBARRIER,
    JSON,
    DOT,
    RECORD,
    REPLAY,
    EXPECT,
    EDGES,
    EXECUTIONS,
    MUTATE,
    SUGGEST
};

static const struct option known[] = {{"model", required_argument, NULL, 'm'},
                                      {"unroll", required_argument, NULL, 'u'},
                                      {"events", required_argument, NULL, EVENTS},
                                      {"jobs", required_argument, NULL, 'j'},
                                      {"shard", required_argument, NULL, SHARD},
                                      {"timeout", required_argument, NULL, 't'},
                                      {"random", required_argument, NULL, RANDOM},
                                      {"seed", required_argument, NULL, SEED},
                                      {"cc", required_argument, NULL, CC},
                                      {"cxx", required_argument, NULL, CXX},
                                      {"cxx20", no_argument, NULL, CXX20},
                                      {"spurious", no_argument, NULL, SPURIOUS},
                                      {"no-races", no_argument, NULL, NO_RACES},
                                      {"no-membarrier", no_argument, NULL, NO_MEMBARRIER},
                                      {"json", optional_argument, NULL, JSON},
                                      {"dot", required_argument, NULL, DOT},
                                      {"record", required_argument, NULL, RECORD},
                                      {"replay", required_argument, NULL, REPLAY},
                                      {"expect", required_argument, NULL, EXPECT},
                                      {"edges", no_argument, NULL, EDGES},
                                      {"executions", no_argument, NULL, EXECUTIONS},
                                      {"mutate", no_argument, NULL, MUTATE},
                                      {"suggest", no_argument, NULL, SUGGEST},
                                      {"verbose", no_argument, NULL, 'v'},
                                      {"quiet", no_argument, NULL, 'q'},
                                      {"help", no_argument, NULL, 'h'},
                                      {"version", no_argument, NULL, 'V'},
                                      {NULL, 0, NULL, 0}};

static void read_option(int found, struct command *command)
{
    struct options *wanted = &command->options;
    switch (found) {
    case 'm':
        wanted->model = read_model(optarg);
        break;
    case 'u':
        wanted->unroll = (unsigned)cli_count("--unroll", optarg, 1, 1000000);
        break;
    case EVENTS:
        wanted->events = (unsigned)cli_count("--events", optarg, 1, 30000);
        break;
    case 'j':
        wanted->jobs = (unsigned)cli_count("--jobs", optarg, 1, 1024);
        break;
    case SHARD:
        read_shard(optarg, wanted);
        break;
    case 't':
        wanted->timeout = cli_duration("--timeout", optarg);
        break;
    case RANDOM:
        wanted->random = cli_count("--random", optarg, 1, 1000000000000);
        break;
    case SEED:
        wanted->seed = cli_count("--seed", optarg, 0, UINT64_MAX);
        break;
    case CC:
        command->cc = optarg;
        break;
    case CXX:
        command->cxx = optarg;
        break;
    case CXX20:
        wanted->cxx20 = true;
        break;
    case SPURIOUS:
        wanted->spurious = true;
        break;
    case NO_RACES:
        wanted->ignore_races = true;
        break;
    case NO_MEMBARRIER:
        wanted->no_membarrier = true;
        break;
    case 'O':
        if (!read_levels(optarg, command)) {
            cli_die(CLI_USAGE, "-O: '%s' is not a list of optimisation levels such as 0,2", optarg);
        }
        break;
    case JSON:
        command->json = optarg != NULL ? optarg : "-";
        break;
    case DOT:
        command->dot = optarg;
        break;
    case RECORD:
        command->record = optarg;
        break;
    case REPLAY:
        wanted->replay = optarg;
        break;
    case EXPECT:
        command->expected = read_finding(optarg);
        break;
    case EDGES:
        wanted->edges = true;
        break;
    case EXECUTIONS:
        wanted->executions = true;
        wanted->jobs = 1; /* one after another */
        break;
    case MUTATE:
        command->mutate = true;
        break;
    case SUGGEST:
        command->suggest = true;
        break;
    case 'v':
        command->verbose = true;
        break;
    case 'q':
        command->quiet = true;
        break;
    case 'V':
        printf("cordon-check %d.%d.%d\n", CORDON_VERSION_MAJOR, CORDON_VERSION_MINOR,
               CORDON_VERSION_PATCH);
        exit(cli_finish(CLI_OK));
    default: /* 'h' */
        fputs(help, stdout);
        exit(cli_finish(CLI_OK));
    }
}

static bool stdout_twice(const char *first, const char *second)
{
    return first != NULL && second != NULL && strcmp(first, "-") == 0 && strcmp(second, "-") == 0;
}

/* Options that contradict each other. */
static void check_command(const struct command *command)
{
    const struct options *wanted = &command->options;
    const bool one = wanted->replay != NULL;
    const struct {
        bool both;
        const char *first, *second;
    } pairs[] = {{one && wanted->random != 0, "--replay", "--random"},
                 {one && wanted->shards > 1, "--replay", "--shard"},
                 {one && command->mutate, "--replay", "--mutate"},
                 {one && command->suggest, "--replay", "--suggest"},
                 {command->mutate && command->suggest, "--mutate", "--suggest"},
                 {command->mutate && wanted->model == MODEL_SC, "--mutate", "--model sc"},
                 {command->suggest && wanted->model == MODEL_SC, "--suggest", "--model sc"},
                 {command->mutate && wanted->shards > 1, "--mutate", "--shard"},
                 {command->suggest && wanted->shards > 1, "--suggest", "--shard"},
                 {command->mutate && wanted->random != 0, "--mutate", "--random"},
                 {command->suggest && wanted->random != 0, "--suggest", "--random"},
                 {wanted->random != 0 && wanted->shards > 1, "--random", "--shard"},
                 {stdout_twice(command->json, command->dot), "--json", "--dot -"},
                 {stdout_twice(command->json, command->record), "--json", "--record -"},
                 {command->verbose && command->quiet, "--verbose", "--quiet"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; ++i) {
        if (pairs[i].both) {
            cli_die(CLI_USAGE, "%s and %s do not go together", pairs[i].first, pairs[i].second);
        }
    }
    if (wanted->seed != 0 && wanted->random == 0) {
        cli_die(CLI_USAGE, "--seed is for random walks: give --random as well");
    }
}

void read_command(int argc, char **argv, struct command *command)
{
    int end = 1; /* of what is ours: what follows "--" is the compiler's */
    while (end < argc && strcmp(argv[end], "--") != 0) {
        ++end;
    }
    memset(command, 0, sizeof *command);
    command->options.events = 2000;
    command->options.jobs = allowed_cpus();
    command->options.shards = 1;
    read_levels("0,2", command);
    for (int found; (found = cli_option(end, argv, "m:u:j:t:O:vqhV", known)) != -1;) {
        read_option(found, command);
    }
    command->sources = (const char *const *)argv + optind;
    command->source_count = end - optind;
    if (end < argc) {
        command->flags = (const char *const *)argv + end + 1;
        command->flag_count = argc - end - 1;
    }
    check_command(command);
    if (command->source_count == 0) {
        cli_die(CLI_USAGE, "name a C or C++ source file (--help has an example)");
    }
}
