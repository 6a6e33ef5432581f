/* words.c - a cycle from the words of diy7, and back. */
#include "cycle.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

/* What is known while reading: the access between two edges may be annotated from both sides. */
struct reader {
    struct gen_cycle *cycle;
    struct gen_error *error;
    unsigned word[GEN_MOST_EDGES]; /* where each edge was read */
    struct gen_access given[GEN_MOST_EDGES + 1];
    unsigned given_at[GEN_MOST_EDGES + 1]; /* the word of the annotation before edge i, or 0 */
};

__attribute__((format(printf, 3, 4))) static bool complain(struct gen_error *error, unsigned word,
                                                           const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    error->word = word;
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return false;
}

static bool take(const char **at, const char *prefix)
{
    const size_t length = strlen(prefix);
    const bool found = strncmp(*at, prefix, length) == 0;
    *at += found ? length : 0;
    return found;
}

/* Orders. */

static const struct {
    const char *name;
    enum litmus_order order;
} orders[] = {{"Rlx", LITMUS_RELAXED}, {"AcqRel", LITMUS_ACQ_REL}, {"Acq", LITMUS_ACQUIRE},
              {"Rel", LITMUS_RELEASE}, {"AR", LITMUS_ACQ_REL},     {"Sc", LITMUS_SEQ_CST}};

static const char *order_word(enum litmus_order order)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; ++i) {
        if (orders[i].order == order && strcmp(orders[i].name, "AcqRel") != 0) {
            return orders[i].name;
        }
    }
    return "";
}

static bool take_order(const char **at, enum litmus_order *order)
{
    for (size_t i = 0; i < sizeof orders / sizeof *orders; ++i) {
        if (take(at, orders[i].name)) {
            *order = orders[i].order;
            return true;
        }
    }
    return false;
}

static bool take_access(const char **at, struct gen_access *access)
{
    const char *from = *at;
    access->exchange = take(at, "X");
    if (!take_order(at, &access->order)) {
        *at = from;
        return false;
    }
    return true;
}

/* Edges. */

static bool take_direction(const char **at, char *direction)
{
    *direction = **at;
    const bool found = *direction == 'R' || *direction == 'W';
    *at += found;
    return found;
}

static bool take_where(const char **at, bool *elsewhere)
{
    *elsewhere = take(at, "d");
    return *elsewhere || take(at, "s");
}

static bool take_communication(const char **at, struct gen_edge *edge)
{
    static const struct {
        const char *name;
        struct gen_edge edge;
    } known[] = {{"Rfe", {.kind = GEN_RF, .external = true, .from = 'W', .to = 'R'}},
                 {"Rfi", {.kind = GEN_RF, .from = 'W', .to = 'R'}},
                 {"Fre", {.kind = GEN_FR, .external = true, .from = 'R', .to = 'W'}},
                 {"Fri", {.kind = GEN_FR, .from = 'R', .to = 'W'}},
                 {"Coe", {.kind = GEN_CO, .external = true, .from = 'W', .to = 'W'}},
                 {"Coi", {.kind = GEN_CO, .from = 'W', .to = 'W'}},
                 {"Wse", {.kind = GEN_CO, .external = true, .from = 'W', .to = 'W'}},
                 {"Wsi", {.kind = GEN_CO, .from = 'W', .to = 'W'}},
                 {"Rmw", {.kind = GEN_EXCHANGE, .from = 'R', .to = 'W'}},
                 {"Exch", {.kind = GEN_EXCHANGE, .from = 'R', .to = 'W'}},
                 {"Fetch.Add", {.kind = GEN_ADD, .from = 'R', .to = 'W'}}};
    for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
        if (take(at, known[i].name)) {
            *edge = known[i].edge;
            return true;
        }
    }
    return false;
}

/* An edge without its annotations: NULL, or what was expected from where *at stands. */
static const char *take_edge(const char **at, struct gen_edge *edge)
{
    memset(edge, 0, sizeof *edge);
    if (take_communication(at, edge)) {
        return NULL;
    }
    if (take(at, "Po")) {
        edge->kind = GEN_PO;
    } else if (take(at, "Fence")) {
        edge->kind = GEN_FENCE;
        if (!take_order(at, &edge->fence) || edge->fence == LITMUS_RELAXED) {
            return "the fence's order: Acq, Rel, AR or Sc";
        }
    } else if (take(at, "DpData")) {
        edge->kind = GEN_DATA;
    } else if (take(at, "DpCtrl")) {
        edge->kind = GEN_CTRL;
    } else if (take(at, "DpAddr")) {
        return "DpData or DpCtrl: an address dependency needs arrays, which get no verdict";
    } else {
        return "an edge (PodWR, Rfe, FenceScdWR, DpDatadW, ...), an order (Rlx, Acq, Rel, AR, Sc) "
               "or, "
               "alone, a name (SB+fences-sc)";
    }
    if (!take_where(at, &edge->elsewhere)) {
        return "d (to another location) or s (to the same)";
    }
    edge->from = 'R';
    if ((edge->kind == GEN_PO || edge->kind == GEN_FENCE) && !take_direction(at, &edge->from)) {
        return "R or W: what the edge starts from";
    }
    if (!take_direction(at, &edge->to)) {
        return "R or W: what the edge leads to";
    }
    if (edge->kind == GEN_DATA && edge->to == 'R') {
        *at -= 1;
        return "W: a data dependency leads to a store";
    }
    return NULL;
}

static bool annotate(struct reader *reader, unsigned access, struct gen_access given, unsigned word)
{
    struct gen_access *here = &reader->given[access];
    if (reader->given_at[access] != 0 &&
        (here->order != given.order || here->exchange != given.exchange)) {
        return complain(reader->error, word, "this access is %s%s already (word %u)",
                        here->exchange ? "X" : "", order_word(here->order),
                        reader->given_at[access]);
    }
    *here = given;
    reader->given_at[access] = word;
    return true;
}

static bool read_word(struct reader *reader, const char *text, unsigned word)
{
    struct gen_cycle *cycle = reader->cycle;
    struct gen_edge edge;
    struct gen_access before, after;
    const char *at = text;
    if (take_access(&at, &before) && *at == '\0') {
        return annotate(reader, cycle->count, before, word);
    }
    at = text;
    if (strcmp(text, "P") == 0 || strcmp(text, "Con") == 0) {
        return complain(reader->error, word, "expected Rlx, Acq, Rel, AR or Sc, found '%s': %s",
                        text,
                        *text == 'P' ? "plain accesses would race, and a race has no outcome"
                                     : "memory_order_consume is what no compiler implements");
    }
    const char *wanted = take_edge(&at, &edge);
    if (wanted != NULL) {
        return complain(reader->error, word, "expected %s, found '%.40s'%s%.20s%s", wanted, text,
                        at > text ? " (at '" : "", at > text ? at : "", at > text ? "')" : "");
    }
    if (cycle->count == GEN_MOST_EDGES) {
        return complain(reader->error, word, "more than %u edges", GEN_MOST_EDGES);
    }
    const bool annotated = *at != '\0';
    if (annotated && (!take_access(&at, &before) || !take_access(&at, &after) || *at != '\0')) {
        return complain(reader->error, word,
                        "expected two orders after the edge, as in PodWWRlxRel, or none, found "
                        "'%.40s' (at '%.20s')",
                        text, at);
    }
    reader->word[cycle->count] = word;
    cycle->edge[cycle->count++] = edge;
    return !annotated || (annotate(reader, cycle->count - 1, before, word) &&
                          annotate(reader, cycle->count, after, word));
}

/* After the last word the ring is closed: what was said of its end is said of its beginning. */
static bool close_ring(struct reader *reader)
{
    struct gen_cycle *cycle = reader->cycle;
    const unsigned n = cycle->count;
    if (n < 2) {
        return complain(reader->error, 0, "a cycle has two edges or more");
    }
    if (reader->given_at[n] != 0 && !annotate(reader, 0, reader->given[n], reader->given_at[n])) {
        return false;
    }
    for (unsigned i = 0; i < n; ++i) {
        const struct gen_edge *edge = &cycle->edge[i], *before = &cycle->edge[(i + n - 1) % n];
        if (before->to != edge->from) {
            return complain(reader->error, reader->word[i],
                            "expected an edge that starts from a %s, for the one before it leads "
                            "to one (word %u)",
                            before->to == 'R' ? "load" : "store", reader->word[(i + n - 1) % n]);
        }
        cycle->access[i] = (struct gen_access){.order = LITMUS_RELAXED};
        if (reader->given_at[i] != 0) {
            cycle->access[i] = reader->given[i];
        }
    }
    return true;
}

/* Each access's order is one that C permits it. */
static bool check_orders(struct reader *reader)
{
    const struct gen_cycle *cycle = reader->cycle;
    for (unsigned i = 0, n = cycle->count; i < n; ++i) {
        const struct gen_access *access = &cycle->access[i];
        const bool load = cycle->edge[i].from == 'R';
        const bool of_rmw =
            gen_is_rmw(&cycle->edge[i]) || gen_is_rmw(&cycle->edge[(i + n - 1) % n]);
        const char *wrong = access->exchange && (load || of_rmw)
                                ? "only a store by itself can be an exchange (X)"
                            : load && access->order == LITMUS_RELEASE ? "a load cannot release"
                            : !load && !access->exchange && access->order == LITMUS_ACQUIRE
                                ? "a store cannot acquire"
                            : !access->exchange && access->order == LITMUS_ACQ_REL
                                ? "only a fence or an exchange is AR: a read-modify-write is Acq "
                                  "before its edge and "
                                  "Rel behind it"
                                : NULL;
        if (wrong != NULL) {
            return complain(reader->error, reader->given_at[i], "%s", wrong);
        }
        if (gen_is_rmw(&cycle->edge[i]) &&
            (access->order == LITMUS_SEQ_CST) !=
                (cycle->access[(i + 1) % n].order == LITMUS_SEQ_CST)) {
            return complain(reader->error, reader->word[i],
                            "both halves of a read-modify-write are Sc, or none");
        }
    }
    return true;
}

/* The ring leaves each thread and each location, and comes back. */
static bool check_shape(struct reader *reader)
{
    const struct gen_cycle *cycle = reader->cycle;
    const bool single = gen_single_location(cycle);
    unsigned external = 0, internal = 0, elsewhere = 0, same = 0, last[4] = {0, 0, 0, 0};
    for (unsigned i = 0; i < cycle->count; ++i) {
        const struct gen_edge *edge = &cycle->edge[i];
        if (gen_is_communication(edge)) {
            last[edge->external] = i;
            ++*(edge->external ? &external : &internal);
        } else if (edge->elsewhere) {
            last[2] = i;
            ++elsewhere;
        } else if (!gen_is_rmw(edge)) {
            last[3] = i;
            ++same;
        }
    }
    if (external == 1) {
        return complain(reader->error, reader->word[last[1]],
                        "the only edge between threads: a second must lead back");
    }
    if (elsewhere == 1) {
        return complain(reader->error, reader->word[last[2]],
                        "the only edge to another location: a second must lead back");
    }
    if (external == 0 && internal != 1) {
        return complain(reader->error, internal == 0 ? 0 : reader->word[last[0]],
                        "a cycle inside one thread has one communication (Rfi, Fri or Coi)");
    }
    if (external == 0 && !single) {
        return complain(reader->error, reader->word[last[2]],
                        "a cycle inside one thread keeps to one location");
    }
    if (single && same != 1) {
        return complain(reader->error, same == 0 ? 0 : reader->word[last[3]],
                        "a cycle on one location has one edge of program order, not %u", same);
    }
    return true;
}

const char *gen_word(char *const *words, int count, unsigned number, char *to, size_t size)
{
    for (int i = 0; i < count; ++i) {
        for (const char *at = words[i]; *at != '\0';) {
            const size_t length = strcspn(at, " \t\n");
            if (length != 0 && --number == 0) {
                snprintf(to, size, "%.*s", length < 200 ? (int)length : 200, at);
                return to;
            }
            at += length;
            at += strspn(at, " \t\n");
        }
    }
    return NULL;
}

bool gen_read(char *const *words, int count, struct gen_cycle *cycle, struct gen_error *error)
{
    struct gen_layout layout;
    struct reader reader = {.cycle = cycle, .error = error};
    char text[256];
    memset(cycle, 0, sizeof *cycle);
    for (unsigned word = 1; gen_word(words, count, word, text, sizeof text) != NULL; ++word) {
        if (!read_word(&reader, text, word)) {
            return false;
        }
    }
    if (!close_ring(&reader) || !check_orders(&reader) || !check_shape(&reader)) {
        return false;
    }
    gen_normalise(cycle);
    const char *wrong = gen_lay_out(cycle, &layout);
    return wrong == NULL || complain(error, 0, "%s", wrong);
}

/* Back to words. */

static void print_edge(FILE *stream, const struct gen_edge *edge)
{
    switch (edge->kind) {
    case GEN_RF:
    case GEN_FR:
    case GEN_CO:
        fprintf(stream, "%s%c",
                edge->kind == GEN_RF   ? "Rf"
                : edge->kind == GEN_FR ? "Fr"
                                       : "Co",
                edge->external ? 'e' : 'i');
        return;
    case GEN_EXCHANGE:
        fputs("Exch", stream);
        return;
    case GEN_ADD:
        fputs("Fetch.Add", stream);
        return;
    case GEN_DATA:
    case GEN_CTRL:
        fprintf(stream, "Dp%s%c%c", edge->kind == GEN_DATA ? "Data" : "Ctrl",
                edge->elsewhere ? 'd' : 's', edge->to);
        return;
    case GEN_FENCE:
        fprintf(stream, "Fence%s", order_word(edge->fence));
        break;
    case GEN_PO:
        fputs("Po", stream);
        break;
    }
    fprintf(stream, "%c%c%c", edge->elsewhere ? 'd' : 's', edge->from, edge->to);
}

/* Relaxed is what an access is unless told: it is not said. */
void gen_print_cycle(FILE *stream, const struct gen_cycle *cycle)
{
    for (unsigned i = 0; i < cycle->count; ++i) {
        const struct gen_access *access = &cycle->access[i];
        fputs(i == 0 ? "" : " ", stream);
        if (access->order != LITMUS_RELAXED || access->exchange) {
            fprintf(stream, "%s%s ", access->exchange ? "X" : "", order_word(access->order));
        }
        print_edge(stream, &cycle->edge[i]);
    }
}
