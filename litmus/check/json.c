/* json.c - the results for programs.
 *
 * Names are only ever added to a schema; the number in "schema" changes when one goes, or comes to
 * mean something else.
 */
#define _GNU_SOURCE
#include "json.h"

#include "cli/cli.h"
#include "graph.h"
#include "label.h"
#include "names.h"
#include "report.h"

#include <cordon/version.h>

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define QUOTE_(x) #x
#define QUOTE(x)  QUOTE_(x)
#define VERSION \
    QUOTE(CORDON_VERSION_MAJOR) "." QUOTE(CORDON_VERSION_MINOR) "." QUOTE(CORDON_VERSION_PATCH)

/* File names and flags may be no UTF-8, which JSON has to be. */
static json_t *string(const char *text)
{
    json_t *made = json_string(text);
    if (made == NULL) {
        char *copy = strdup(text);
        for (char *c = copy; copy != NULL && *c != '\0'; ++c) {
            *c = (unsigned char)*c >= 0x80 ? '?' : *c;
        }
        made = copy != NULL ? json_string(copy) : json_null();
        free(copy);
    }
    return made;
}

static json_t *strings(const char *const *list, int count)
{
    json_t *array = json_array();
    for (int i = 0; i < count; ++i) {
        json_array_append_new(array, string(list[i]));
    }
    return array;
}

static json_t *count(uint64_t number)
{
    return json_integer((json_int_t)number);
}

static json_t *count_or_null(uint64_t number)
{
    return number != 0 ? count(number) : json_null();
}

static json_t *place(uintptr_t pc)
{
    const struct source_line line = names_line(pc);
    return json_pack(
        "{s:o, s:o, s:o, s:I}", "file", line.file != NULL ? string(line.file) : json_null(), "line",
        line.line > 0 ? json_integer(line.line) : json_null(), "function",
        line.function != NULL ? string(line.function) : json_null(), "pc", (json_int_t)pc);
}

static json_t *places_of(const struct result *of)
{
    json_t *places = json_array();
    for (size_t i = 0; i < sizeof of->places / sizeof *of->places; ++i) {
        if (of->places[i] != 0) {
            json_array_append_new(places, place(of->places[i]));
        }
    }
    return places;
}

static json_t *edges_of(const struct result *of)
{
    json_t *edges = json_array();
    for (int i = 0; i < of->edge_count; ++i) {
        json_array_append_new(
            edges, json_pack("{s:o, s:o, s:b, s:o}", "release", place(of->edge[i].release),
                             "acquire", place(of->edge[i].acquire), "fences", of->edge[i].fences,
                             "executions", count(of->edge[i].count)));
    }
    return edges;
}

static json_t *options_of(const struct options *wanted)
{
    return json_pack("{s:b, s:b, s:b, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "cxx20",
                     wanted->cxx20, "spurious", wanted->spurious, "races", !wanted->ignore_races,
                     "membarrier", !wanted->no_membarrier, "unroll", count_or_null(wanted->unroll),
                     "events", count(wanted->events), "random", count_or_null(wanted->random),
                     "seed", count(wanted->seed), "shard", count(wanted->shard + 1), "shards",
                     count(wanted->shards), "jobs", count(wanted->jobs), "timeout",
                     wanted->timeout != 0 ? json_real((double)wanted->timeout / 1e9) : json_null());
}

static const char *ending_word(const struct level *level)
{
    static const char *const words[] = {[ENDED_UNLOADED] = "unloaded",
                                        [ENDED_DEAD] = "died",
                                        [ENDED_INTERRUPTED] = "interrupted",
                                        [ENDED_TIMEOUT] = "timeout",
                                        [ENDED_FINISHED] = "finished"};
    return level->result == NULL ? "not-run" : words[level->ending];
}

static json_t *level_object(const struct level *level, const struct options *wanted)
{
    const struct result *of = level->result;
    char bounds[80];
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "level", level->name, "model",
                  model_word(wanted->model), "verdict", level_words(level, wanted), "ending",
                  ending_word(level), "bounds", level_bounds(level, wanted, bounds, sizeof bounds));
    if (of == NULL) {
        return object;
    }
    names_open(level->program != NULL ? level->program : "", 0);
    json_object_set_new(object, "complete", count(of->complete));
    json_object_set_new(object, "blocked", count(of->blocked));
    json_object_set_new(object, "dropped", count(of->dropped));
    json_object_set_new(object, "inconsistent", count(of->inconsistent));
    json_object_set_new(object, "cut", count(of->bounded));
    json_object_set_new(object, "events", count(of->events));
    json_object_set_new(object, "threads", json_integer(of->threads));
    json_object_set_new(object, "random", count(of->random));
    json_object_set_new(object, "explored", json_real(of->explored));
    json_object_set_new(object, "seconds", json_real(level->seconds));
    const enum finding finding = (enum finding)of->finding;
    json_object_set_new(object, "finding",
                        finding != FOUND_NOTHING ? string(finding_word(finding)) : json_null());
    json_object_set_new(object, "message",
                        of->message[0] != '\0' ? string(of->message) : json_null());
    json_object_set_new(object, "places", places_of(of));
    json_object_set_new(object, "report", of->report[0] != '\0' ? string(of->report) : json_null());
    json_object_set_new(object, "edges", wanted->edges ? edges_of(of) : json_null());
    return object;
}

static const char *order_word(uint8_t order)
{
    return order == NO_FENCE ? "none" : label_order(order);
}

static json_t *change_object(const struct command *command, const struct change *change)
{
    static const char *const outcomes[] = {
        [VERDICT_RIGHT] = "survived", [VERDICT_WRONG] = "killed"};
    const struct operation *operation = change->operation;
    const struct outcome *outcome = &change->outcome;
    const bool two = operation->op == OP_CAS;
    const bool answered = outcome->verdict == VERDICT_RIGHT || outcome->verdict == VERDICT_WRONG;
    json_t *object = json_pack("{s:o, s:I, s:i, s:s, s:s, s:o, s:s, s:o}", "file",
                               operation->file != NULL ? string(operation->file) : json_null(),
                               "line", (json_int_t)operation->line, "column", operation->column,
                               "operation", label_name(operation->kind, operation->op), "order",
                               order_word(operation->written.order), "failure",
                               two ? string(label_order(operation->written.failure)) : json_null(),
                               "new_order", order_word(change->to.order), "new_failure",
                               two ? string(label_order(change->to.failure)) : json_null());
    if (command->mutate) {
        json_object_set_new(object, "outcome",
                            string(answered ? outcomes[outcome->verdict] : "no-answer"));
        json_object_set_new(object, "finding",
                            outcome->verdict == VERDICT_WRONG && outcome->finding != FOUND_NOTHING
                                ? string(finding_word(outcome->finding))
                                : json_null());
        json_object_set_new(object, "words", string(outcome->words));
        json_object_set_new(object, "executions", count(outcome->executions));
    }
    return object;
}

static json_t *changes_of(const struct command *command, const struct changes *changes)
{
    json_t *array = json_array();
    for (int i = 0; i < changes->count; ++i) {
        json_array_append_new(array, change_object(command, &changes->at[i]));
    }
    return array;
}

bool json_write(const struct command *command, const struct level *levels,
                const struct changes *changes, int status, FILE *stream)
{
    json_t *array = json_array();
    for (int i = 0; i < command->levels; ++i) {
        json_array_append_new(array, level_object(&levels[i], &command->options));
    }
    json_t *root = json_pack(
        "{s:s, s:s, s:o, s:o, s:s, s:o, s:i, s:o}", "schema", "cordon-check/1", "cordon_version",
        VERSION, "sources", strings(command->sources, command->source_count), "flags",
        strings(command->flags, command->flag_count), "model", model_word(command->options.model),
        "options", options_of(&command->options), "status", status, "levels", array);
    if (command->mutate) {
        json_object_set_new(root, "mutants", changes_of(command, changes));
    }
    if (command->suggest) {
        json_object_set_new(root, "suggestion",
                            json_pack("{s:s, s:b, s:b, s:o}", "direction",
                                      changes->stronger ? "stronger" : "weaker", "verified",
                                      changes->found, "minimal", changes->minimal, "changes",
                                      changes_of(command, changes)));
    }
    bool written = stream != NULL && root != NULL &&
                   json_dumpf(root, stream, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) == 0 &&
                   putc('\n', stream) != EOF;
    if (stream != NULL && fclose(stream) != 0) {
        written = false;
    }
    json_decref(root);
    if (!written) {
        cli_error("cannot write %s: %s",
                  strcmp(command->json, "-") == 0 ? "the output" : command->json, strerror(errno));
    }
    return written;
}
