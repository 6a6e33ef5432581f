/* build.c - run the compilers that make the program under test. */
#define _GNU_SOURCE
#include "build.h"

#include "cli/cli.h"
#include "symbols.h"
#include "wrapped.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

/* The user's flags come after these and may override them.
 *
 * The instrumentation makes every access a call into the explorer; the sanitizer itself is not
 * linked. A stack protector reads its canary from the thread that runs the fibers, and the checking
 * variants that _FORTIFY_SOURCE calls are not wrapped. Without interposition the compiler may
 * inline what it could inline in an ordinary program. What gcc makes of a small memcpy it does not
 * instrument: let it be a call.
 */
static const char *const compile_flags[] = {"-g",
                                            "-fsanitize=thread",
                                            "-fPIC",
                                            "-fno-semantic-interposition",
                                            "-fno-stack-protector",
                                            "-U_FORTIFY_SOURCE",
                                            "-pthread",
                                            "-fno-builtin-memcpy",
                                            "-fno-builtin-memmove",
                                            "-fno-builtin-memset",
                                            "-DCORDON_CHECK=1"};

/* libstdc++'s own copy of std::string is not instrumented; with assertions the program has one. */
static const char *const cxx_flags[] = {"-D_GLIBCXX_ASSERTIONS"};

/* -Bsymbolic: a name of the program never means one of the explorer's or the C library's. */
static const char *const link_flags[] = {"-shared", "-Wl,-z,now", "-Wl,-Bsymbolic", "-Wl,-u,main",
                                         "-nodefaultlibs"};
/* Named, since libgcc.a has a __wrap_pthread_create of its own, which the linker would take for ours. */
static const char *const cxx_libraries[] = {"-lstdc++", "-lm", "-lc", "-l:libgcc_s.so.1"};
static const char *const c_libraries[] = {"-lm", "-lc", "-l:libgcc_s.so.1"};

/* gcc warns of fences, which the thread sanitizer does not follow; the explorer does. And it takes the
 * instrumentation's calls for none that could let other threads write, and keeps static variables in
 * registers across functions that hold nothing but atomic operations.
 */
static const char prelude[] = "#ifndef __clang__\n"
                              "#pragma GCC optimize(\"no-ipa-reference\")\n"
                              "#if __GNUC__ >= 11\n"
                              "#pragma GCC diagnostic ignored \"-Wtsan\"\n"
                              "#endif\n"
                              "#endif\n";

enum source_kind { SOURCE_C, SOURCE_CXX, SOURCE_OBJECT, SOURCE_UNKNOWN };

static enum source_kind kind_of(const char *path)
{
    static const struct {
        const char *suffix;
        enum source_kind kind;
    } kinds[] = {{".c", SOURCE_C},      {".i", SOURCE_C},     {".cc", SOURCE_CXX},
                 {".cpp", SOURCE_CXX},  {".cxx", SOURCE_CXX}, {".C", SOURCE_CXX},
                 {".o", SOURCE_OBJECT}, {".a", SOURCE_OBJECT}};
    const char *slash = strrchr(path, '/');
    const char *suffix = strrchr(slash != NULL ? slash : path, '.');
    for (size_t i = 0; suffix != NULL && i < sizeof kinds / sizeof *kinds; ++i) {
        if (strcmp(suffix, kinds[i].suffix) == 0) {
            return kinds[i].kind;
        }
    }
    return SOURCE_UNKNOWN;
}

void build_refuse(const struct build *build)
{
    struct stat facts;
    for (int i = 0; i < build->source_count; ++i) {
        const char *path = build->sources[i];
        if (stat(path, &facts) != 0) {
            cli_die(CLI_USAGE, "%s: %s", path, strerror(errno));
        }
        if (S_ISDIR(facts.st_mode)) {
            cli_die(CLI_USAGE, "%s: a directory; name the source files in it", path);
        }
        if (kind_of(path) == SOURCE_OBJECT && !symbols_instrumented(path)) {
            exit(CLI_USAGE);
        }
        if (kind_of(path) == SOURCE_UNKNOWN) {
            cli_die(CLI_USAGE,
                    "%s: neither C (.c), nor C++ (.cc, .cpp, .cxx, .C), nor an object file", path);
        }
    }
}

bool build_compiles(const struct build *build)
{
    for (int i = 0; i < build->source_count; ++i) {
        if (kind_of(build->sources[i]) != SOURCE_OBJECT) {
            return true;
        }
    }
    return false;
}

/* A command line in the making; the words are its own. */
struct words {
    char **at;
    size_t count, room;
};

static void add(struct words *words, const char *word)
{
    if (words->count + 1 >= words->room) { /* one more for the NULL */
        words->room = 2 * words->room + 32;
        words->at = realloc(words->at, words->room * sizeof *words->at);
    }
    char *copy = strdup(word);
    if (words->at == NULL || copy == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    words->at[words->count++] = copy;
    words->at[words->count] = NULL;
}

static void add_all(struct words *words, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        add(words, list[i]);
    }
}

static void empty(struct words *words)
{
    for (size_t i = 0; i < words->count; ++i) {
        free(words->at[i]);
    }
    free(words->at);
    memset(words, 0, sizeof *words);
}

/* The compiler's command may have words of its own: "ccache gcc". */
static void add_command(struct words *words, const char *command)
{
    while (*(command += strspn(command, " ")) != '\0') {
        const size_t length = strcspn(command, " ");
        char *word = strndup(command, length);
        if (word == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        add(words, word);
        free(word);
        command += length;
    }
}

static const char *find_compiler(const char *option, const char *wanted, const char *variable,
                                 const char *const *usual)
{
    const char *named = getenv(variable);
    if (wanted != NULL) {
        if (!cli_can_run(wanted)) {
            cli_die(CLI_USAGE, "%s: cannot find the compiler '%s'", option, wanted);
        }
        return wanted;
    }
    if (named != NULL && cli_can_run(named)) {
        return named;
    }
    for (; *usual != NULL; ++usual) {
        if (cli_can_run(*usual)) {
            return *usual;
        }
    }
    cli_die(CLI_UNFIT, "no compiler found for the program: install one, or name it with %s",
            option);
}

static const char *compiler_for(const struct build *build, bool cxx)
{
    static const char *const usual_c[] = {"cc", "gcc", "clang", NULL};
    static const char *const usual_cxx[] = {"c++", "g++", "clang++", NULL};
    return cxx ? find_compiler("--cxx", build->cxx, "CXX", usual_cxx)
               : find_compiler("--cc", build->c, "CC", usual_c);
}

/* Run it to its end. Its messages go to stderr, be they output or diagnostics. */
static bool run(const struct words *words, bool verbose)
{
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = 0;
    if (verbose) {
        for (size_t i = 0; i < words->count; ++i) {
            fprintf(stderr, "%s%s", i == 0 ? "" : " ", words->at[i]);
        }
        putc('\n', stderr);
    }
    fflush(stdout);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO);
    const int failed = posix_spawnp(&child, words->at[0], &actions, NULL, words->at, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failed != 0) {
        cli_error("cannot run the compiler '%s': %s", words->at[0], strerror(failed));
        return false;
    }
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        if (cli_interrupted != 0) {
            cli_hold_interrupts();
            kill(child, SIGTERM);
        }
    }
    if (WIFSIGNALED(status) && cli_interrupted == 0) {
        cli_error("the compiler '%s' was killed: %s", words->at[0], strsignal(WTERMSIG(status)));
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool is_library(const char *flag)
{
    return strncmp(flag, "-l", 2) == 0 || strncmp(flag, "-L", 2) == 0 ||
           strncmp(flag, "-Wl,", 4) == 0;
}

static bool compile(const struct build *build, const char *into, int source, const char *object)
{
    struct words words = {NULL, 0, 0};
    char path[PATH_MAX];
    const char *file = build->sources[source];
    add_command(&words, compiler_for(build, kind_of(file) == SOURCE_CXX));
    add_all(&words, compile_flags, sizeof compile_flags / sizeof *compile_flags);
    if (kind_of(file) == SOURCE_CXX) {
        add_all(&words, cxx_flags, sizeof cxx_flags / sizeof *cxx_flags);
    }
    snprintf(path, sizeof path, "%s/prelude.h", into);
    add(&words, "-include");
    add(&words, path);
    add(&words, build->optimise);
    for (int i = 0; i < build->flag_count; ++i) {
        if (!is_library(build->flags[i])) {
            add(&words, build->flags[i]);
        }
    }
    add(&words, "-fno-lto"); /* gcc would instrument when it links, and does not */
    add(&words, "-c");
    add(&words, "-o");
    add(&words, object);
    add(&words, file);
    const bool done = run(&words, build->verbose);
    empty(&words);
    return done;
}

static bool link_program(const struct build *build, const char *into, const struct words *objects,
                         bool cxx, const char *program)
{
    struct words words = {NULL, 0, 0};
    char path[PATH_MAX];
    add_command(&words, compiler_for(build, cxx));
    add_all(&words, link_flags, sizeof link_flags / sizeof *link_flags);
    snprintf(path, sizeof path, "@%s/wrap", into);
    add(&words, path);
    add(&words, "-o");
    add(&words, program);
    add_all(&words, (const char *const *)objects->at, objects->count);
    for (int i = 0; i < build->flag_count; ++i) {
        /* The sanitizer would bring its own runtime; of no libraries, -pthread adds none. */
        if (strncmp(build->flags[i], "-fsanitize", 10) != 0 &&
            strcmp(build->flags[i], "-pthread") != 0) {
            add(&words, build->flags[i]);
        }
    }
    if (cxx) {
        add_all(&words, cxx_libraries, sizeof cxx_libraries / sizeof *cxx_libraries);
    } else {
        add_all(&words, c_libraries, sizeof c_libraries / sizeof *c_libraries);
    }
    const bool done = run(&words, build->verbose);
    empty(&words);
    return done;
}

/* A file in that directory with this text, and after it an option for each wrapped name. */
static bool write_file(const char *into, const char *name, const char *text, bool wraps)
{
    char path[PATH_MAX];
    snprintf(path, sizeof path, "%s/%s", into, name);
    FILE *stream = fopen(path, "we");
    bool written = stream != NULL && fputs(text, stream) >= 0;
    for (const char *const *wrapped = wrapped_names; written && wraps && *wrapped != NULL;
         ++wrapped) {
        written = fprintf(stream, "-Wl,--wrap=%s\n", *wrapped) > 0;
    }
    if (stream != NULL && fclose(stream) != 0) {
        written = false;
    }
    if (!written) {
        cli_error("cannot write %s: %s", path, strerror(errno));
    }
    return written;
}

char *build_program(const struct build *build, const char *into)
{
    struct words objects = {NULL, 0, 0};
    char path[PATH_MAX];
    bool cxx = false;
    bool good = write_file(into, "prelude.h", prelude, false) &&
                write_file(into, "wrap", "-Wl,--wrap=__tls_get_addr\n", true);
    for (int i = 0; good && i < build->source_count; ++i) {
        const enum source_kind kind = kind_of(build->sources[i]);
        if (kind == SOURCE_OBJECT) {
            add(&objects, build->sources[i]);
        } else {
            snprintf(path, sizeof path, "%s/%d%s.o", into, i, build->optimise);
            add(&objects, path);
            good = compile(build, into, i, path);
        }
        cxx = cxx || kind == SOURCE_CXX;
    }
    snprintf(path, sizeof path, "%s/program%s.so", into, build->optimise);
    good = good && link_program(build, into, &objects, cxx, path);
    empty(&objects);
    char *copy = good ? strdup(path) : NULL;
    if (good && copy == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    return copy;
}
