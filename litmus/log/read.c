/* read.c - logs of three kinds into one form. */
#define _GNU_SOURCE
#include "log.h"

#include "cli/cli.h"

#include <jansson.h>

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define MOST_BYTES ((size_t)1 << 30)

static void *grown(void *array, size_t count, size_t size)
{
    /* Room doubles at each power of two. */
    if ((count & (count - 1)) == 0) {
        array = reallocarray(array, count == 0 ? 1 : 2 * count, size);
        if (array == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
    }
    return array;
}

/* Names and states are printed: no terminal is to obey what a log says. */
static char *copied(const char *text, size_t length)
{
    char *copy = strndup(text, length);
    if (copy == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (char *c = copy; *c != '\0'; ++c) {
        *c = iscntrl((unsigned char)*c) && *c != '\t' ? '?' : *c;
    }
    return copy;
}

static int by_text(const void *left, const void *right)
{
    return strcmp(*(char *const *)left, *(char *const *)right);
}

/* "[x]=1" and " x=1" are "x=1"; the entries in one order, each with its semicolon. */
static char *spell(char **entry, size_t count)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    if (count > 1) {
        qsort(entry, count, sizeof *entry, by_text);
    }
    for (size_t i = 0; i < count; ++i) {
        fprintf(stream, "%s%s;", i == 0 ? "" : " ", entry[i]);
        free(entry[i]);
    }
    if (fclose(stream) != 0) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    free(entry);
    return text;
}

/* "x=18446744073709551615" is "x=-1", as herd7 has it: it knows no unsigned numbers. */
static char *with_sign(char *entry)
{
    char *end, *digits = strchr(entry, '=');
    if (digits == NULL || !isdigit((unsigned char)digits[1])) {
        return entry;
    }
    errno = 0;
    const unsigned long long value = strtoull(digits + 1, &end, 10);
    if (errno == 0 && *end == '\0' && value > INT64_MAX) { /* what it becomes is no longer */
        snprintf(digits + 1, strlen(digits), "%lld", (long long)value);
    }
    return entry;
}

static char *without_brackets(const char *from, size_t length)
{
    char *entry = copied(from, length), *to = entry;
    bool inside = entry[strspn(entry, " \t")] == '['; /* "a[1]=2", an array's, keeps its own */
    for (const char *c = entry; *c != '\0'; ++c) {
        const bool drops = inside && (*c == '[' || *c == ']');
        inside = inside && *c != ']';
        if (!drops && *c != ' ' && *c != '\t') {
            *to++ = *c;
        }
    }
    *to = '\0';
    return with_sign(entry);
}

/* "0:r0=1; [x]=2;" in that spelling; NULL if it is no state. */
static char *spell_text(const char *text)
{
    char **entry = NULL;
    size_t count = 0;
    while (*(text += strspn(text, " \t\r")) != '\0') {
        const size_t length = strcspn(text, ";");
        if (text[length] != ';' || memchr(text, '=', length) == NULL) {
            for (size_t i = 0; i < count; ++i) {
                free(entry[i]);
            }
            free(entry);
            return NULL;
        }
        entry = grown(entry, count, sizeof *entry);
        entry[count++] = without_brackets(text, length);
        text += length + 1;
    }
    return spell(entry, count);
}

static struct log_test *add_test(struct log *log, const char *name, size_t length)
{
    log->test = grown(log->test, log->count, sizeof *log->test);
    struct log_test *test = &log->test[log->count++];
    memset(test, 0, sizeof *test);
    test->name = copied(name, length);
    return test;
}

static void add_state(const struct log *log, struct log_test *test, char *text, uint64_t count)
{
    if (count > INT64_MAX - test->total) { /* which JSON cannot hold, either */
        cli_die(CLI_USAGE, "%s: %s: its counts add up to more than 2^63 - 1", log->path,
                test->name);
    }
    test->state = grown(test->state, test->count, sizeof *test->state);
    test->state[test->count++] = (struct log_state){text, count};
    test->total += count;
}

/* Text. */

struct reader {
    struct log *log;
    struct log_test *test; /* that the lines are of */
    size_t states;         /* that are still to come */
    bool headed;           /* the test has said how many there are */
    size_t line;
    bool machine; /* a histogram was seen */
};

static __attribute__((noreturn)) void unexpected(const struct reader *reader, const char *expected)
{
    cli_die(CLI_USAGE, "%s:%zu: expected %s", reader->log->path, reader->line, expected);
}

static bool starts(const char *line, const char *with)
{
    return strncmp(line, with, strlen(with)) == 0;
}

/* "10224495*>0:r0=0; 1:r0=0;", or of a model "0:r0=0; 1:r0=0;". */
static void read_state(struct reader *reader, char *line)
{
    uint64_t count = 0;
    char *state = line;
    if (reader->machine) {
        char *end;
        line += strspn(line, " ");
        errno = 0;
        count = strtoull(line, &end, 10);
        end += strspn(end, " ");
        if (!isdigit((unsigned char)*line) || count == 0 || errno != 0 ||
            (*end != '*' && *end != ':') || end[1] != '>') {
            unexpected(reader, "a count, *> or :>, and a state such as 0:r0=1; of a histogram");
        }
        state = end + 2;
    }
    char *text = spell_text(state);
    if (text == NULL) {
        unexpected(reader, "a state such as 0:r0=1; x=2;");
    }
    add_state(reader->log, reader->test, text, count);
    --reader->states;
}

/* "Histogram (4 states)" or "States 4". */
static bool read_heading(struct reader *reader, const char *line)
{
    const bool machine = starts(line, "Histogram (");
    if (!machine && !starts(line, "States ")) {
        return false;
    }
    char *end;
    const char *number = line + strlen(machine ? "Histogram (" : "States ");
    const unsigned long states = strtoul(number, &end, 10);
    if (end == number || (machine && !starts(end, " state"))) {
        unexpected(reader, "a number of states");
    }
    if (reader->test == NULL) {
        unexpected(reader, "a line 'Test NAME ...' before the states");
    }
    if (reader->log->count > 1 && machine != reader->machine) {
        unexpected(reader, "either histograms or a model's states, not both in one log");
    }
    reader->machine = machine;
    reader->headed = true;
    reader->states = states;
    return true;
}

/* Without this a log that was cut short would be a model that allows nothing. */
static void end_test(const struct reader *reader)
{
    if (reader->test != NULL && !reader->headed) {
        cli_die(CLI_USAGE, "%s:%zu: expected 'Histogram (N states)' or 'States N' of the test '%s'",
                reader->log->path, reader->line, reader->test->name);
    }
}

static void read_line(struct reader *reader, char *line)
{
    if (reader->states > 0) {
        read_state(reader, line);
    } else if (starts(line, "Test ")) {
        char *name = line + strlen("Test ");
        const size_t length = strcspn(name, " ");
        name[length] = '\0';
        if (log_find(reader->log, name) != NULL) {
            unexpected(reader, "a test that did not come before (merge adds logs)");
        }
        end_test(reader);
        reader->test = add_test(reader->log, name, length);
        reader->headed = false;
    } else {
        (void)read_heading(reader, line);
    }
}

static void read_text(struct log *log, char *text)
{
    struct reader reader = {.log = log};
    char *rest = text;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;) {
        ++reader.line;
        line[strcspn(line, "\r")] = '\0';
        if (rest == NULL && *line == '\0') {
            break;
        }
        read_line(&reader, line);
    }
    if (reader.states > 0) {
        unexpected(&reader, "more states: the log ends before the last of them");
    }
    end_test(&reader);
    if (log->count == 0) {
        cli_die(CLI_USAGE,
                "%s: expected JSON of cordon-litmus run --json, or the text of litmus7 or herd7: "
                "there is "
                "no line 'Test NAME ...'",
                log->path);
    }
    log->model = !reader.machine;
}

/* JSON. */

static void read_row(struct log *log, struct log_test *test, json_t *row)
{
    json_t *state = json_object_get(row, "state"), *value;
    const json_int_t count = json_integer_value(json_object_get(row, "count"));
    const char *key;
    char **entry = NULL;
    size_t entries = 0;
    if (!json_is_object(state) || count <= 0) {
        cli_die(CLI_USAGE, "%s: %s: expected \"state\" and \"count\" in its histogram", log->path,
                test->name);
    }
    json_object_foreach(state, key, value)
    {
        if (!json_is_integer(value) && !json_is_string(value)) {
            cli_die(CLI_USAGE, "%s: %s: expected integers in \"state\", or texts", log->path,
                    test->name);
        }
        char *named = without_brackets(key, strlen(key));
        entry = grown(entry, entries, sizeof *entry);
        char number[32];
        snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
        char *text = copied(json_is_string(value) ? json_string_value(value) : number,
                            json_is_string(value) ? json_string_length(value) : strlen(number));
        if (asprintf(&entry[entries], "%s=%s", named, text) < 0) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        (void)with_sign(entry[entries++]);
        free(text);
        free(named);
    }
    add_state(log, test, spell(entry, entries), (uint64_t)count);
}

static void read_json(struct log *log, const char *text, size_t length)
{
    json_error_t error;
    json_t *document = json_loadb(text, length, 0, &error), *test, *row;
    size_t i, k;
    if (document == NULL) {
        cli_die(CLI_USAGE, "%s:%d:%d: %s", log->path, error.line, error.column, error.text);
    }
    const char *schema = json_string_value(json_object_get(document, "schema"));
    if (schema == NULL || strcmp(schema, "cordon-litmus/1") != 0) {
        cli_die(CLI_USAGE, "%s: expected \"schema\": \"cordon-litmus/1\", found %s%s%s", log->path,
                schema != NULL ? "\"" : "", schema != NULL ? schema : "none",
                schema != NULL ? "\"" : "");
    }
    json_array_foreach(json_object_get(document, "tests"), i, test)
    {
        const char *name = json_string_value(json_object_get(test, "name"));
        json_t *histogram = json_object_get(test, "histogram");
        if (name == NULL || histogram == NULL) {
            continue;
        }
        if (log_find(log, name) != NULL) {
            cli_die(CLI_USAGE, "%s: there are two tests '%s'", log->path, name);
        }
        struct log_test *into = add_test(log, name, strlen(name));
        json_array_foreach(histogram, k, row)
        {
            read_row(log, into, row);
        }
    }
    json_decref(document);
}

static char *read_all(const char *path, size_t *length)
{
    FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    char *text = NULL;
    size_t room = 0;
    *length = 0;
    if (stream == NULL) {
        cli_die(CLI_USAGE, "%s: %s", path, strerror(errno));
    }
    for (;;) {
        if (room - *length < 4096) {
            room = room == 0 ? 65536 : 2 * room;
            text = realloc(text, room);
            if (text == NULL || room > MOST_BYTES) {
                cli_die(CLI_UNFIT, "%s: too large", path);
            }
        }
        const size_t got = fread(text + *length, 1, room - *length - 1, stream);
        if (got == 0) {
            break;
        }
        *length += got;
    }
    if (ferror(stream)) {
        cli_die(CLI_USAGE, "%s: %s", path, strerror(errno));
    }
    if (stream != stdin) {
        fclose(stream);
    }
    text[*length] = '\0';
    return text;
}

static int by_state(const void *left, const void *right)
{
    const struct log_state *a = left, *b = right;
    return strcmp(a->text, b->text);
}

void log_read(struct log *log, const char *path)
{
    size_t length;
    memset(log, 0, sizeof *log);
    log->path = path;
    char *text = read_all(path, &length);
    if (text[strspn(text, " \t\r\n")] == '{') {
        read_json(log, text, length);
    } else if (memchr(text, '\0', length) != NULL) { /* the rest would be passed over in silence */
        cli_die(CLI_USAGE, "%s: expected text, found a byte 0", path);
    } else {
        read_text(log, text);
    }
    free(text);
    for (size_t i = 0; i < log->count; ++i) {
        struct log_test *test = &log->test[i];
        if (test->count > 1) {
            qsort(test->state, test->count, sizeof *test->state, by_state);
        }
        for (size_t k = 1; k < test->count; ++k) {
            if (strcmp(test->state[k - 1].text, test->state[k].text) == 0) {
                cli_die(CLI_USAGE, "%s: %s: the state %s stands there twice", path, test->name,
                        test->state[k].text);
            }
        }
    }
}

void log_free(struct log *log)
{
    for (size_t i = 0; i < log->count; ++i) {
        for (size_t k = 0; k < log->test[i].count; ++k) {
            free(log->test[i].state[k].text);
        }
        free(log->test[i].state);
        free(log->test[i].name);
    }
    free(log->test);
}

const struct log_test *log_find(const struct log *log, const char *name)
{
    for (size_t i = 0; i < log->count; ++i) {
        if (strcmp(log->test[i].name, name) == 0) {
            return &log->test[i];
        }
    }
    return NULL;
}

const struct log_state *log_state_of(const struct log_test *test, const char *text)
{
    size_t low = 0, high = test->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = strcmp(test->state[middle].text, text);
        if (order == 0) {
            return &test->state[middle];
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle;
    }
    return NULL;
}
