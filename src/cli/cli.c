/* cli.c - the command-line manners that the tools share. */
#define _GNU_SOURCE
#include "cli.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char *program_name = "cordon";

void cli_start(const char *program)
{
    program_name = program;
}

static void complain(const char *format, va_list arguments)
{
    char text[2048];
    cli_progress_clear();
    fflush(stdout);
    vsnprintf(text, sizeof text, format, arguments);
    /* File names, arguments and other programs' words may hold what a terminal would obey. */
    for (char *c = text; *c != '\0'; ++c) {
        *c = iscntrl((unsigned char)*c) ? '?' : *c;
    }
    fprintf(stderr, "%s: %s\n", program_name, text);
}

void cli_error(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
}

void cli_die(enum cli_status status, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    complain(format, arguments);
    va_end(arguments);
    exit((int)status);
}

bool cli_read_count(const char *text, unsigned long least, unsigned long most, unsigned long *count)
{
    if (*text == '\0' || text[strspn(text, "0123456789")] != '\0') {
        return false;
    }
    errno = 0;
    const unsigned long value = strtoul(text, NULL, 10);
    if (errno != 0 || value < least || value > most) {
        return false;
    }
    *count = value;
    return true;
}

unsigned long cli_count(const char *option, const char *text, unsigned long least,
                        unsigned long most)
{
    unsigned long count;
    if (!cli_read_count(text, least, most, &count)) {
        cli_die(CLI_USAGE, "%s: '%s' is not a whole number from %lu to %lu", option, text, least,
                most);
    }
    return count;
}

bool cli_read_duration(const char *text, uint64_t *nanoseconds)
{
    static const struct {
        const char *name;
        double nanoseconds;
    } units[] = {{"", 1e9}, {"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}, {"m", 60e9}};
    const size_t digits = strspn(text, "0123456789.");
    const char *point = memchr(text, '.', digits);
    /* At least one digit, at most one point, and no more of them than a double holds. */
    if (digits == 0 || digits > 15 || !isdigit((unsigned char)text[0]) ||
        (point != NULL && memchr(point + 1, '.', digits - (size_t)(point - text) - 1) != NULL)) {
        return false;
    }
    double value = 0;
    double scale = 1; /* by hand, since strtod follows the locale */
    for (size_t i = 0; i < digits; ++i) {
        if (text[i] == '.') {
            continue;
        }
        value = value * 10 + (text[i] - '0');
        if (point != NULL && text + i > point) {
            scale *= 10;
        }
    }
    for (size_t i = 0; i < sizeof units / sizeof *units; ++i) {
        if (strcmp(text + digits, units[i].name) == 0) {
            const double total = value / scale * units[i].nanoseconds;
            if (total < 1 || total > 86400e9) {
                return false;
            }
            *nanoseconds = (uint64_t)(total + 0.5);
            return true;
        }
    }
    return false;
}

uint64_t cli_duration(const char *option, const char *text)
{
    uint64_t nanoseconds;
    if (!cli_read_duration(text, &nanoseconds)) {
        cli_die(CLI_USAGE, "%s: '%s' is not a time such as 10, 0.5 (seconds), 500ms or 2m", option,
                text);
    }
    return nanoseconds;
}

/* One number of a CPU list; advances *text. */
static bool read_cpu(const char **text, unsigned *cpu)
{
    char digits[8];
    const size_t length = strspn(*text, "0123456789");
    unsigned long value;
    if (length == 0 || length >= sizeof digits) {
        return false;
    }
    memcpy(digits, *text, length);
    digits[length] = '\0';
    if (!cli_read_count(digits, 0, (1ul << 20) - 1, &value)) {
        return false;
    }
    *cpu = (unsigned)value;
    *text += length;
    return true;
}

static const char *append_cpu(struct cli_cpus *list, unsigned cpu)
{
    for (size_t i = 0; i < list->count; ++i) {
        if (list->cpu[i] == cpu) {
            return "a CPU is named twice";
        }
    }
    if (list->count >= 4096) {
        return "more than 4096 CPUs";
    }
    unsigned *larger = realloc(list->cpu, (list->count + 1) * sizeof *larger);
    if (larger == NULL) {
        return "out of memory";
    }
    list->cpu = larger;
    list->cpu[list->count++] = cpu;
    return NULL;
}

static const char *read_cpus(const char *text, struct cli_cpus *list)
{
    static const char *const form = "not a list of CPU numbers such as 0,2-5";
    for (;;) {
        unsigned first, last;
        if (!read_cpu(&text, &first)) {
            return form;
        }
        last = first;
        if (*text == '-') {
            ++text;
            if (!read_cpu(&text, &last)) {
                return form;
            }
        }
        if (last < first) {
            return "a range runs backwards";
        }
        for (unsigned cpu = first; cpu <= last; ++cpu) {
            const char *wrong = append_cpu(list, cpu);
            if (wrong != NULL) {
                return wrong;
            }
        }
        if (*text == '\0') {
            return NULL;
        }
        if (*text++ != ',') {
            return form;
        }
    }
}

const char *cli_read_cpus(const char *text, struct cli_cpus *list)
{
    list->cpu = NULL;
    list->count = 0;
    const char *wrong = read_cpus(text, list);
    if (wrong != NULL) {
        free(list->cpu);
        list->cpu = NULL;
        list->count = 0;
    }
    return wrong;
}

static bool is_program(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISREG(facts.st_mode) && access(path, X_OK) == 0;
}

bool cli_can_run(const char *command)
{
    const size_t blank = strspn(command, " ");
    const char *word = command + blank;
    const int length = (int)strcspn(word, " ");
    const char *path = getenv("PATH");
    char file[PATH_MAX];
    if (length == 0 || length >= PATH_MAX) {
        return false;
    }
    if (memchr(word, '/', (size_t)length) != NULL) {
        snprintf(file, sizeof file, "%.*s", length, word);
        return is_program(file);
    }
    for (path = path != NULL ? path : "/bin:/usr/bin"; *path != '\0';) {
        const size_t part = strcspn(path, ":");
        const int wanted = snprintf(file, sizeof file, "%.*s/%.*s", (int)part, path, length, word);
        if (wanted < (int)sizeof file && part != 0 && is_program(file)) {
            return true;
        }
        path += part + (path[part] == ':');
    }
    return false;
}

const char *cli_number(double number, char *text, size_t size)
{
    static const char *const units[] = {"", " k", " M", " G", " T", " P", " E"};
    unsigned unit = 0;
    for (; number >= 999.5 && unit < 6; ++unit) {
        number /= 1000;
    }
    snprintf(text, size, "%.*f%s", unit != 0 && number < 9.995 ? 2 : unit != 0 && number < 99.95,
             number, units[unit]);
    return text;
}

bool cli_make_directory(const char *path)
{
    struct stat facts;
    if ((mkdir(path, 0777) != 0 && errno != EEXIST) || stat(path, &facts) != 0) {
        return false;
    }
    if (!S_ISDIR(facts.st_mode)) {
        errno = ENOTDIR;
        return false;
    }
    return access(path, W_OK | X_OK) == 0;
}

const char *cli_time(double seconds, char *text, size_t size)
{
    if (seconds < 99.5) {
        snprintf(text, size, "%.*f s", seconds < 9.995 ? 2 : 0, seconds);
    } else if (seconds < 5970) {
        snprintf(text, size, "%.*f min", seconds < 597 ? 1 : 0, seconds / 60);
    } else if (seconds < 99.5 * 3600) {
        snprintf(text, size, "%.1f h", seconds / 3600);
    } else {
        snprintf(text, size, "%.0f days", seconds / 86400);
    }
    return text;
}

enum { LONGEST_WORD = 40 };

/* Levenshtein's distance; words too long to be mistyped names are far from everything. */
static size_t distance(const char *a, const char *b)
{
    const size_t m = strlen(a), n = strlen(b);
    size_t row[LONGEST_WORD + 1];
    if (m > LONGEST_WORD || n > LONGEST_WORD) {
        return LONGEST_WORD;
    }
    for (size_t j = 0; j <= n; ++j) {
        row[j] = j;
    }
    for (size_t i = 1; i <= m; ++i) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; ++j) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[n];
}

const char *cli_nearest(const char *given, const char *const *words, size_t count)
{
    const char *nearest = NULL;
    size_t best = strlen(given) / 3 + 2; /* about one slip in three letters */
    for (size_t i = 0; i < count; ++i) {
        const size_t away = distance(given, words[i]);
        if (away < best) {
            best = away;
            nearest = words[i];
        }
    }
    return nearest;
}

static void refuse_option(char **argv, const struct option *options)
{
    const char *given = argv[optind - 1];
    const char *words[64];
    size_t count = 0;
    if (optopt > 0 && optopt < 256 && given[0] == '-' && given[1] != '-') {
        cli_die(CLI_USAGE, "unknown option '-%c'; try --help", optopt);
    }
    for (const struct option *option = options; option->name != NULL && count < 64; ++option) {
        /* getopt_long sets optopt to an option's val where only its value is superfluous. */
        if (optopt != 0 && option->val == optopt) {
            cli_die(CLI_USAGE, "--%s takes no value", option->name);
        }
        words[count++] = option->name;
    }
    char name[LONGEST_WORD + 2];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(given + 2, "="), given + 2);
    const char *nearest = cli_nearest(name, words, count);
    if (nearest != NULL) {
        cli_die(CLI_USAGE, "unknown option '%s'; did you mean --%s?", given, nearest);
    }
    cli_die(CLI_USAGE, "unknown option '%s'; try --help", given);
}

int cli_option(int argc, char **argv, const char *short_options, const struct option *options)
{
    char quiet[64];
    /* A leading ':' tells a missing value from an unknown option; '+' stops at the first word that
     * is no option, and has to stay in front.
     */
    const bool posix = short_options[0] == '+';
    snprintf(quiet, sizeof quiet, "%s:%s", posix ? "+" : "", short_options + posix);
    opterr = 0;
    const int found = getopt_long(argc, argv, quiet, options, NULL);
    if (found == ':') {
        cli_die(CLI_USAGE, "%s needs a value", argv[optind - 1]);
    }
    if (found == '?') {
        refuse_option(argv, options);
    }
    return found;
}

struct cli_style cli_style(FILE *stream)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    const bool plain = !isatty(fileno(stream)) || (no_color != NULL && *no_color != '\0') ||
                       term == NULL || strcmp(term, "dumb") == 0;
    static const struct cli_style none = {"", "", "", "", "", ""};
    static const struct cli_style ansi = {"\033[1m",  "\033[2m",  "\033[31m",
                                          "\033[32m", "\033[33m", "\033[0m"};
    return plain ? none : ansi;
}

static bool progress_shown;
static const char *progress_prefix = "";

void cli_progress_prefix(const char *text)
{
    progress_prefix = text;
}

void cli_progress(const char *format, ...)
{
    if (!isatty(STDERR_FILENO)) {
        return;
    }
    char text[512];
    struct winsize size;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    /* What wraps would not be cleared. */
    size_t room = sizeof text - 1;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > strlen(progress_prefix) + 1) {
        room = size.ws_col - strlen(progress_prefix) - 1;
    }
    if (strlen(text) > room) {
        while (room > 0 && ((unsigned char)text[room] & 0xc0) == 0x80) {
            --room; /* not within a character */
        }
        text[room] = '\0';
    }
    for (char *c = text; *c != '\0'; ++c) {
        *c = iscntrl((unsigned char)*c) ? '?' : *c;
    }
    fprintf(stderr, "\r\033[K%s%s", progress_prefix, text);
    fflush(stderr);
    progress_shown = true;
}

void cli_progress_clear(void)
{
    if (progress_shown) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
        progress_shown = false;
    }
}

atomic_int cli_interrupted;

/* timeout(1) sends its signal twice, to the process and to its group; an impatient person does so
 * later.
 */
static atomic_int interrupted_at; /* tenths of a second, of a clock that wraps */

static void on_interrupt(int number)
{
    struct timespec now = {0, 0};
    clock_gettime(CLOCK_MONOTONIC, &now); /* safe in a handler, and it fails for no valid clock */
    const int tenths = (int)(now.tv_sec % 100000) * 10 + (int)(now.tv_nsec / 100000000);
    const int before = atomic_load_explicit(&interrupted_at, memory_order_relaxed);
    if (atomic_load_explicit(&cli_interrupted, memory_order_relaxed) == 0) {
        atomic_store_explicit(&interrupted_at, tenths, memory_order_relaxed);
        atomic_store_explicit(&cli_interrupted, number, memory_order_relaxed);
    } else if (tenths - before >= 5 || tenths < before) {
        signal(number, SIG_DFL);
        raise(number); /* delivered on return */
    }
}

static const int interrupts[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

void cli_catch_interrupts(void)
{
    for (size_t i = 0; i < sizeof interrupts / sizeof *interrupts; ++i) {
        struct sigaction action, before;
        memset(&action, 0, sizeof action);
        action.sa_handler = on_interrupt;
        /* What the parent chose to ignore (nohup, a background job) stays ignored. */
        if (sigaction(interrupts[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN) {
            sigaction(interrupts[i], &action, NULL);
        }
    }
}

void cli_hold_interrupts(void)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < sizeof interrupts / sizeof *interrupts; ++i) {
        sigaddset(&set, interrupts[i]);
    }
    sigprocmask(SIG_BLOCK, &set, NULL);
}

int cli_finish(int status)
{
    cli_progress_clear();
    if (fflush(stdout) != 0 || ferror(stdout)) {
        cli_error("cannot write the output: %s", strerror(errno));
        return status == CLI_OK ? CLI_UNFIT : status;
    }
    return status;
}
