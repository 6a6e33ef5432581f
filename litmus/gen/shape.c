/* shape.c - names: of families those of herdtools, of variants those of the catalogue.
 *
 * A variant is told thread by thread, each by what it has beyond two relaxed accesses: "rel", "acq",
 * "fence-sc", "data", "acq-rel". What all threads have alike is told once, in the plural ("fences-sc"),
 * and four forms of a whole test have names of their own: rlx, ra, sc, and stores-sc or loads-sc.
 */
#define _GNU_SOURCE
#include "shape.h"

#include <stdlib.h>
#include <string.h>

/* The threads, each by its first and last access, as in W+RW+RR; same: of one location. */
struct family {
    const char *threads, *name;
    bool same;
};

static const struct family families[] = {
    {"WW+RR", "MP", false},         {"WR+WR", "SB", false},         {"RW+RW", "LB", false},
    {"WW+RW", "S", false},          {"WW+WR", "R", false},          {"WW+WW", "2+2W", false},
    {"W+RW+RR", "WRC", false},      {"W+RR+WR", "RWC", false},      {"W+RW+RW", "WWC", false},
    {"W+RW+WR", "WRW+WR", false},   {"W+RR+WW", "WRR+2W", false},   {"W+RW+WW", "WRW+2W", false},
    {"WW+RW+RR", "ISA2", false},    {"WW+RR+WR", "W+RWC", false},   {"WW+RW+WR", "Z6.0", false},
    {"WW+WW+RW", "Z6.1", false},    {"WW+RW+RW", "Z6.2", false},    {"WW+WW+RR", "Z6.3", false},
    {"WW+WR+WR", "Z6.4", false},    {"WW+WW+WR", "Z6.5", false},    {"WR+WR+WR", "3.SB", false},
    {"RW+RW+RW", "3.LB", false},    {"WW+WW+WW", "3.2W", false},    {"WR+WR+WR+WR", "4.SB", false},
    {"RW+RW+RW+RW", "4.LB", false}, {"WW+WW+WW+WW", "4.2W", false}, {"W+RR+W+RR", "IRIW", false},
    {"W+RR+W+RW", "IRRWIW", false}, {"W+RW+W+RW", "IRWIW", false},  {"WW", "CoWW", true},
    {"RW", "CoRW1", true},          {"WR", "CoWR0", true},          {"W+RW", "CoRW2", true},
    {"W+RR", "CoRR", true},         {"W+WR", "CoWR1", true},
};

/* Appends; what does not fit is cut off. */
struct text {
    char *at;
    size_t room;
};

static void append(struct text *text, const char *more)
{
    const size_t length = strlen(more);
    if (length < text->room) {
        memcpy(text->at, more, length + 1);
        text->at += length;
        text->room -= length;
    }
}

/* Shapes. */

struct gen_cycle gen_base(const struct gen_cycle *cycle)
{
    struct gen_cycle base = *cycle;
    for (unsigned i = 0; i < base.count; ++i) {
        struct gen_edge *edge = &base.edge[i];
        base.access[i] = (struct gen_access){.order = LITMUS_RELAXED};
        if (!gen_is_communication(edge) && !gen_is_rmw(edge)) {
            edge->kind = GEN_PO;
            edge->fence = LITMUS_RELAXED;
        }
    }
    gen_normalise(&base);
    return base;
}

/* Read once: names are made by the thousand. */
static struct gen_cycle cycle_of(unsigned shape)
{
    static struct gen_cycle cycles[GEN_MOST_SHAPES];
    if (cycles[shape].count == 0) {
        struct gen_error error;
        char words[200], *word = words;
        snprintf(words, sizeof words, "%s", gen_shapes[shape].cycle);
        (void)gen_read(&word, 1, &cycles[shape], &error); /* the table is right: a test reads it */
    }
    return cycles[shape];
}

const struct gen_shape *gen_known(const struct gen_cycle *cycle)
{
    for (unsigned i = 0; i < gen_shape_count; ++i) {
        const struct gen_cycle known = cycle_of(i);
        if (gen_same(&known, cycle)) {
            return &gen_shapes[i];
        }
    }
    return NULL;
}

/* Names of threads. */

struct thread {
    const struct gen_cycle *cycle;
    unsigned from, end; /* its accesses */
};

static const char *order_name(enum litmus_order order)
{
    return order == LITMUS_ACQUIRE   ? "acq"
           : order == LITMUS_RELEASE ? "rel"
           : order == LITMUS_ACQ_REL ? "ar"
           : order == LITMUS_SEQ_CST ? "sc"
                                     : "rlx";
}

static void append_access(struct text *text, const struct gen_access *access)
{
    append(text, access->exchange ? "xchg-" : "");
    append(text, order_name(access->order));
}

static bool is_relaxed(const struct gen_access *access)
{
    return access->order == LITMUS_RELAXED && !access->exchange;
}

/* What an edge adds to program order; "" if nothing. */
static void append_edge(struct text *text, const struct gen_edge *edge)
{
    static const char *const names[] = {
        [GEN_FENCE] = "fence-",  [GEN_DATA] = "data", [GEN_CTRL] = "ctrl",
        [GEN_EXCHANGE] = "exch", [GEN_ADD] = "add",   [GEN_PO] = "",
        [GEN_RF] = "rfi",        [GEN_FR] = "fri",    [GEN_CO] = "coi"};
    append(text, names[edge->kind]);
    append(text, edge->kind == GEN_FENCE ? order_name(edge->fence) : "");
    append(text, edge->kind == GEN_PO && !edge->elsewhere ? "po" : "");
    append(text,
           edge->kind < GEN_EXCHANGE || edge->kind == GEN_PO ? (edge->elsewhere ? "" : "s") : "");
}

/* A thread's edges inside it, joined by dashes; plain program order goes without saying. In a test of
 * one location the s of PosRR does, too.
 */
static void append_edges(struct text *text, const struct thread *thread)
{
    const bool single = gen_single_location(thread->cycle);
    bool any = false;
    for (unsigned i = thread->from; i + 1 < thread->end; ++i) {
        struct gen_edge edge = thread->cycle->edge[i];
        char word[24] = "";
        struct text one = {word, sizeof word};
        edge.elsewhere = edge.elsewhere || single;
        append_edge(&one, &edge);
        append(text, any && *word != '\0' ? "-" : "");
        append(text, word);
        any = any || *word != '\0';
    }
}

/* The accesses' orders. Of two the relaxed one goes without saying where its partner's place is the
 * natural one: rel at the end, acq at the start, or where no other could be so.
 */
static void append_orders(struct text *text, const struct thread *thread)
{
    const struct gen_access *first = &thread->cycle->access[thread->from];
    const struct gen_access *last = &thread->cycle->access[thread->end - 1];
    const struct gen_edge *edge = &thread->cycle->edge[thread->from];
    if (thread->end - thread->from == 2 && edge->from == edge->to) {
        if (is_relaxed(first) && last->order == LITMUS_RELEASE && !last->exchange) {
            append_access(text, last);
            return;
        }
        if (is_relaxed(last) && first->order == LITMUS_ACQUIRE) {
            append_access(text, first);
            return;
        }
    } else if (thread->end - thread->from == 2 && is_relaxed(first) != is_relaxed(last)) {
        const struct gen_access *told = is_relaxed(first) ? last : first;
        if (told->order != LITMUS_SEQ_CST && (told->order != LITMUS_RELAXED || told->exchange)) {
            append_access(text, told);
            return;
        }
    }
    bool alike = thread->end - thread->from == 1 || first->exchange ||
                 first->order == LITMUS_RELAXED || first->order == LITMUS_SEQ_CST;
    for (unsigned i = thread->from; i < thread->end; ++i) {
        alike = alike && thread->cycle->access[i].order == first->order &&
                thread->cycle->access[i].exchange == first->exchange;
    }
    for (unsigned i = thread->from; i < (alike ? thread->from + 1 : thread->end); ++i) {
        append(text, i == thread->from ? "" : "-");
        append_access(text, &thread->cycle->access[i]);
    }
}

static bool has_edges(const struct thread *thread)
{
    char word[64] = "";
    struct text one = {word, sizeof word};
    append_edges(&one, thread);
    return *word != '\0';
}

static bool is_all_relaxed(const struct thread *thread)
{
    for (unsigned i = thread->from; i < thread->end; ++i) {
        if (!is_relaxed(&thread->cycle->access[i])) {
            return false;
        }
    }
    return true;
}

/* Beside a fence or a dependency relaxed accesses are not told; others are, each in its place. */
static void append_thread(struct text *text, const struct thread *thread)
{
    if (!has_edges(thread)) {
        append_orders(text, thread);
    } else if (is_all_relaxed(thread)) {
        append_edges(text, thread);
    } else {
        for (unsigned i = thread->from; i < thread->end; ++i) {
            append_access(text, &thread->cycle->access[i]);
            if (i + 1 < thread->end) {
                char word[24] = "";
                struct text one = {word, sizeof word};
                append_edge(&one, &thread->cycle->edge[i]);
                append(text, "-");
                append(text, word);
                append(text, *word != '\0' ? "-" : "");
            }
        }
    }
}

/* Names of tests. */

enum form { FORM_NONE, FORM_RLX, FORM_RA, FORM_SC, FORM_STORES, FORM_LOADS };
static const char *const form_names[] = {"", "rlx", "ra", "sc", "stores-sc", "loads-sc"};

static enum litmus_order order_in_form(enum form form, char direction)
{
    const bool load = direction == 'R';
    return form == FORM_SC || form == (load ? FORM_LOADS : FORM_STORES) ? LITMUS_SEQ_CST
           : form == FORM_RA ? (load ? LITMUS_ACQUIRE : LITMUS_RELEASE)
                             : LITMUS_RELAXED;
}

static enum form form_of(const struct gen_cycle *cycle)
{
    for (int form = FORM_RLX; form <= FORM_LOADS; ++form) {
        bool fits = true;
        for (unsigned i = 0; i < cycle->count; ++i) {
            fits = fits && !cycle->access[i].exchange &&
                   cycle->access[i].order == order_in_form((enum form)form, cycle->edge[i].from);
        }
        if (fits) {
            return (enum form)form;
        }
    }
    return FORM_NONE;
}

static unsigned threads_of(const struct gen_cycle *cycle, struct thread *threads)
{
    struct gen_layout layout;
    (void)gen_lay_out(cycle, &layout);
    for (unsigned t = 0; t < layout.threads; ++t) {
        threads[t] = (struct thread){cycle, layout.first[t], layout.first[t + 1]};
    }
    return layout.threads;
}

/* A thread that is one read-modify-write. */
static bool is_carrier(const struct thread *thread)
{
    return thread->end - thread->from == 2 && gen_is_rmw(&thread->cycle->edge[thread->from]);
}

/* By the threads' ends: MP is WW+RR. A thread that only carries a value on, as in a release sequence, does
 * not count.
 */
static void append_family(struct text *text, const struct gen_cycle *cycle)
{
    struct thread threads[GEN_MOST_THREADS];
    const unsigned count = threads_of(cycle, threads);
    const bool same = gen_single_location(cycle);
    char ends[4 * GEN_MOST_THREADS] = "";
    struct text all = {ends, sizeof ends};
    bool any = false; /* but read-modify-writes that only carry a value on */
    for (unsigned t = 0; t < count; ++t) {
        any = any || !is_carrier(&threads[t]);
    }
    for (unsigned t = 0; t < count; ++t) {
        const struct thread *thread = &threads[t];
        const bool one = thread->end - thread->from == 1;
        if (any && is_carrier(thread)) {
            continue;
        }
        const char word[] = {cycle->edge[thread->from].from,
                             one ? '\0' : cycle->edge[thread->end - 1].from, '\0'};
        append(&all, *ends == '\0' ? "" : "+");
        append(&all, word);
    }
    for (size_t i = 0; i < sizeof families / sizeof *families; ++i) {
        if (families[i].same == same && strcmp(families[i].threads, ends) == 0) {
            append(text, families[i].name);
            return;
        }
    }
    append(text, same ? "Co-" : "");
    append(text, ends);
}

/* "fence-sc" of all threads is "fences-sc": the plural of the first word. */
static void append_plural(struct text *text, const char *word)
{
    const char *dash = strchrnul(word, '-');
    char first[64];
    snprintf(first, sizeof first, "%.*s", (int)(dash - word), word);
    append(text, first);
    append(text, first[0] != '\0' && first[strlen(first) - 1] == 's' ? "" : "s");
    append(text, dash);
}

/* A word whose plural reads well: one word, a fence, an exchange. */
static bool has_plural(const char *word)
{
    return strchr(word, '-') == NULL || strncmp(word, "fence-", 6) == 0 ||
           strncmp(word, "xchg-", 5) == 0 || strncmp(word, "rfi-", 4) == 0 ||
           strncmp(word, "fri-", 4) == 0;
}

static void append_threads(struct text *text, const struct thread *threads, unsigned count,
                           void (*print)(struct text *, const struct thread *))
{
    bool singles = true, edges = false; /* are threads of one access told? */
    char words[GEN_MOST_THREADS][64] = {""};
    unsigned told = 0;
    bool alike = true;
    for (unsigned t = 0; t < count; ++t) {
        edges = edges || has_edges(&threads[t]);
    }
    if (edges) {
        singles = false;
        for (unsigned t = 0; t < count; ++t) {
            singles = singles || (threads[t].end - threads[t].from == 1 && print == append_thread &&
                                  !is_all_relaxed(&threads[t]));
        }
    }
    for (unsigned t = 0; t < count; ++t) {
        if (singles || threads[t].end - threads[t].from > 1) {
            struct text one = {words[told], sizeof words[told]};
            print(&one, &threads[t]);
            alike = alike && strcmp(words[told], words[0]) == 0;
            ++told;
        }
    }
    if (alike && told > 1 && has_plural(words[0])) {
        append(text, "+");
        append_plural(text, words[0]);
        return;
    }
    for (unsigned t = 0; t < told; ++t) {
        append(text, "+");
        append(text, words[t]);
    }
}

/* Is what all threads have beyond program order communication inside them (SB+rfis)? Then a test in which
 * all is relaxed says so.
 */
static bool only_internal(const struct thread *threads, unsigned count)
{
    bool only = count > 1;
    for (unsigned t = 0; t < count; ++t) {
        bool any = threads[t].end - threads[t].from == 1;
        for (unsigned i = threads[t].from; i + 1 < threads[t].end; ++i) {
            const struct gen_edge *edge = &threads[t].cycle->edge[i];
            any = any || gen_is_communication(edge);
            only = only && (gen_is_communication(edge) || edge->kind == GEN_PO);
        }
        only = only && any;
    }
    return only;
}

const char *gen_name(const struct gen_cycle *cycle, char *to, size_t size)
{
    struct thread threads[GEN_MOST_THREADS];
    const unsigned count = threads_of(cycle, threads);
    struct text text = {to, size};
    const struct gen_shape *known = gen_known(cycle);
    const enum form form = form_of(cycle);
    bool edges = false;
    for (unsigned t = 0; t < count; ++t) {
        edges = edges || has_edges(&threads[t]);
    }
    *to = '\0';
    if (known != NULL && form == FORM_NONE) {
        append(&text, known->name);
        return to;
    }
    append_family(&text, cycle);
    if (form == FORM_NONE || (edges && form == FORM_RLX)) {
        append_threads(&text, threads, count, append_thread);
        if (form == FORM_RLX && only_internal(threads, count)) {
            append(&text, "+rlx");
        }
        return to;
    }
    if (edges) {
        append_threads(&text, threads, count, append_edges);
    }
    append(&text, "+");
    append(&text, form_names[form]);
    return to;
}

const char *gen_question(const struct gen_cycle *cycle, char *to, size_t size)
{
    const struct gen_cycle base = gen_base(cycle);
    const struct gen_shape *known = gen_known(cycle);
    known = known != NULL ? known : gen_known(&base);
    if (known != NULL) {
        snprintf(to, size, "%s", known->question);
    } else {
        char words[300] = "";
        FILE *stream = fmemopen(words, sizeof words, "w");
        if (stream != NULL) {
            gen_print_cycle(stream, &base);
            fclose(stream);
        }
        snprintf(to, size, "The cycle %s: may all of its edges be there?", words);
    }
    return to;
}

/* Back from names. */

/* What a thread's accesses and edges may be made of, as digits of a number. */
static struct gen_access nth_access(unsigned n, char direction)
{
    static const enum litmus_order loads[] = {LITMUS_RELAXED, LITMUS_ACQUIRE, LITMUS_SEQ_CST};
    static const enum litmus_order stores[] = {LITMUS_RELAXED, LITMUS_RELEASE, LITMUS_SEQ_CST};
    static const enum litmus_order exchanges[] = {LITMUS_RELAXED, LITMUS_ACQUIRE, LITMUS_RELEASE,
                                                  LITMUS_ACQ_REL, LITMUS_SEQ_CST};
    if (direction == 'R') {
        return (struct gen_access){loads[n], false};
    }
    return n < 3 ? (struct gen_access){stores[n], false}
                 : (struct gen_access){exchanges[n - 3], true};
}

static unsigned access_choices(char direction)
{
    return direction == 'R' ? 3 : 8;
}

static void set_edge(struct gen_edge *edge, unsigned n)
{
    static const enum litmus_order fences[] = {LITMUS_SEQ_CST, LITMUS_ACQ_REL, LITMUS_RELEASE,
                                               LITMUS_ACQUIRE};
    edge->kind = n == 0 ? GEN_PO : n <= 4 ? GEN_FENCE : n == 5 ? GEN_CTRL : GEN_DATA;
    edge->fence = n >= 1 && n <= 4 ? fences[n - 1] : LITMUS_RELAXED;
}

static unsigned edge_choices(const struct gen_edge *edge)
{
    return edge->kind != GEN_PO ? 1 : edge->from == 'W' ? 5 : edge->to == 'R' ? 6 : 7;
}

/* Makes the thread what is told so (plural: what all threads are), if anything is. */
static bool become(struct gen_cycle *cycle, const struct thread *thread, const char *told,
                   bool plural)
{
    const struct gen_cycle base = *cycle;
    for (unsigned number = 0;; ++number) {
        unsigned rest = number;
        *cycle = base;
        for (unsigned i = thread->from; i < thread->end; ++i) {
            const char direction = base.edge[i].from;
            cycle->access[i] = nth_access(rest % access_choices(direction), direction);
            rest /= access_choices(direction);
            if (i + 1 < thread->end && edge_choices(&base.edge[i]) > 1) {
                set_edge(&cycle->edge[i], rest % edge_choices(&base.edge[i]));
                rest /= edge_choices(&base.edge[i]);
            }
        }
        if (rest != 0) {
            *cycle = base;
            return false;
        }
        char word[64] = "", words[72] = "";
        struct text one = {word, sizeof word}, more = {words, sizeof words};
        append_thread(&one, &(struct thread){cycle, thread->from, thread->end});
        append_plural(&more, word);
        if (strcmp(plural ? words : word, told) == 0 && (!plural || has_plural(word))) {
            return true;
        }
    }
}

static bool vary(struct gen_cycle *cycle, char *variant)
{
    struct thread threads[GEN_MOST_THREADS];
    const unsigned count = threads_of(cycle, threads);
    char *part[GEN_MOST_THREADS + 1];
    unsigned parts = 0, longer = 0;
    for (int form = FORM_RLX; form <= FORM_LOADS; ++form) {
        if (strcmp(variant, form_names[form]) == 0) {
            for (unsigned i = 0; i < cycle->count; ++i) {
                cycle->access[i].order = order_in_form((enum form)form, cycle->edge[i].from);
            }
            return true;
        }
    }
    for (char *rest = variant, *word; parts <= count && (word = strsep(&rest, "+")) != NULL;) {
        part[parts++] = word;
    }
    for (unsigned t = 0; t < count; ++t) {
        longer += threads[t].end - threads[t].from > 1;
    }
    const bool plural = parts == 1 && count > 1;
    const bool singles = parts == count;
    if (!plural && !singles && parts != longer) {
        return false;
    }
    for (unsigned t = 0, next = 0; t < count; ++t) {
        if (singles || threads[t].end - threads[t].from > 1) {
            if (!become(cycle, &threads[t], part[plural ? 0 : next++], plural)) {
                return false;
            }
        }
    }
    return true;
}

bool gen_from_name(const char *name, struct gen_cycle *cycle)
{
    for (unsigned i = 0; i < gen_shape_count; ++i) {
        const size_t length = strlen(gen_shapes[i].name);
        if (strncmp(gen_shapes[i].name, name, length) == 0 &&
            (name[length] == '+' || name[length] == '\0')) {
            char variant[LITMUS_MOST_NAME + 1];
            snprintf(variant, sizeof variant, "%s", name[length] == '+' ? name + length + 1 : "");
            *cycle = cycle_of(i);
            if (*variant == '\0' || vary(cycle, variant)) {
                gen_normalise(cycle);
                return true;
            }
        }
    }
    return false;
}
