/* mutate.c - each change is made in the tree, printed, read and judged again, and undone. */
#define _GNU_SOURCE
#include "mutate.h"

#include "judge.h"
#include "print.h"

#include <stdlib.h>
#include <string.h>

#define MOST_SITES 64u

enum site_kind { SITE_LOAD, SITE_STORE, SITE_RMW, SITE_FENCE };

/* An access or a fence, as what a change takes hold of. */
struct site {
    enum site_kind kind;
    unsigned thread, number; /* number: in its thread, from 1 */
    enum litmus_order *order;
    unsigned *location;              /* NULL of a fence */
    struct litmus_statement **link;  /* what leads to the statement it is in */
    struct litmus_statement *inside; /* that statement */
};

struct mutating {
    struct litmus_test *test;
    enum mutate_model model;
    void (*take)(void *, const char *, const char *);
    void *context;
    struct site site[MOST_SITES];
    unsigned sites, numbered;
    char **seen; /* canonical forms */
    size_t seen_count;
    int made;
};

/* Sites. */

static void add_site(struct mutating *m, enum site_kind kind, unsigned thread,
                     enum litmus_order *order, unsigned *location, struct litmus_statement **link)
{
    if (m->sites < MOST_SITES) {
        m->site[m->sites++] =
            (struct site){kind, thread, ++m->numbered, order, location, link, *link};
    }
}

static void find_in_expression(struct mutating *m, unsigned thread, struct litmus_expression *e,
                               struct litmus_statement **link)
{
    if (e == NULL) {
        return;
    }
    find_in_expression(m, thread, e->left, link);
    find_in_expression(m, thread, e->right, link);
    if (e->kind == LITMUS_LOAD || e->kind == LITMUS_RMW) {
        add_site(m, e->kind == LITMUS_LOAD ? SITE_LOAD : SITE_RMW, thread, &e->order, &e->location,
                 link);
    }
}

static void find_in_statements(struct mutating *m, unsigned thread, struct litmus_statement **link)
{
    for (; *link != NULL; link = &(*link)->next) {
        struct litmus_statement *s = *link;
        find_in_expression(m, thread, s->expression, link);
        if (s->kind == LITMUS_STORE) {
            add_site(m, SITE_STORE, thread, &s->order, &s->location, link);
        } else if (s->kind == LITMUS_FENCE) {
            add_site(m, SITE_FENCE, thread, &s->order, NULL, link);
        } else if (s->kind == LITMUS_IF) {
            find_in_statements(m, thread, &s->body);
            find_in_statements(m, thread, &s->otherwise);
        }
    }
}

/* What is made. */

static bool is_allowed(const struct mutating *m, const struct judge_verdicts *v)
{
    return m->model == MUTATE_TSO ? v->tso : v->c11;
}

static bool is_new(struct mutating *m, const struct litmus_test *test)
{
    char *form = print_canonical(test);
    bool known = form == NULL;
    for (size_t i = 0; !known && i < m->seen_count; ++i) {
        known = strcmp(m->seen[i], form) == 0;
    }
    char **seen = known ? NULL : realloc(m->seen, (m->seen_count + 1) * sizeof *seen);
    if (seen == NULL) {
        free(form);
        return false;
    }
    m->seen = seen;
    m->seen[m->seen_count++] = form;
    return true;
}

static void note_expression(const struct litmus_expression *e, bool *used)
{
    if (e != NULL) {
        note_expression(e->left, used);
        note_expression(e->right, used);
        used[e->location] = used[e->location] || e->kind == LITMUS_LOAD || e->kind == LITMUS_RMW;
    }
}

static void note_statements(const struct litmus_statement *s, bool *used)
{
    for (; s != NULL; s = s->next) {
        note_expression(s->expression, used);
        note_statements(s->body, used);
        note_statements(s->otherwise, used);
        used[s->location] = used[s->location] || s->kind == LITMUS_STORE;
    }
}

/* A thread's parameters are the locations it uses, by name. */
static void refit(struct litmus_thread *thread, struct litmus_parameter *room,
                  const struct litmus_test *test, const bool *used)
{
    thread->parameter = room;
    thread->parameter_count = 0;
    for (unsigned l = 0; l < test->location_count; ++l) {
        if (used[l]) {
            unsigned at = thread->parameter_count++;
            for (; at > 0 &&
                   strcmp(test->location[room[at - 1].location].name, test->location[l].name) > 0;
                 --at) {
                room[at] = room[at - 1];
            }
            room[at] = (struct litmus_parameter){.location = l, .is_atomic = true};
        }
    }
}

/* The tree as it stands, its parameters being what is used: as text, from "{". */
static char *print_changed(struct mutating *m)
{
    struct litmus_parameter room[LITMUS_MOST_THREADS][LITMUS_MOST_LOCATIONS];
    struct litmus_thread before[LITMUS_MOST_THREADS];
    bool used[LITMUS_MOST_THREADS][LITMUS_MOST_LOCATIONS] = {{false}};
    char *text = NULL;
    size_t length = 0;
    FILE *f = open_memstream(&text, &length);
    for (unsigned t = 0; t < m->test->thread_count; ++t) {
        before[t] = m->test->thread[t];
        note_statements(before[t].body, used[t]);
        refit(&m->test->thread[t], room[t], m->test, used[t]);
    }
    if (f != NULL) {
        print_program(f, m->test);
        fclose(f);
    }
    for (unsigned t = 0; t < m->test->thread_count; ++t) {
        m->test->thread[t] = before[t];
    }
    return text;
}

/* Is the tree, as it has been changed, a mutant? Then it is handed on, unless there was one like it. */
static bool offer(struct mutating *m, const char *mutator, const char *suffix, const char *change)
{
    struct judge_verdicts verdicts;
    struct litmus_error error;
    char name[2 * LITMUS_MOST_NAME], *program = print_changed(m), *text = NULL, *whole = NULL;
    size_t length = 0;
    bool allowed = false;
    snprintf(name, sizeof name, "%s.%s", m->test->name, suffix);
    if (program != NULL && strlen(name) <= LITMUS_MOST_NAME &&
        asprintf(&text, "C %s\n%s", name, program) > 0) {
        struct litmus_test *mutant = litmus_parse(text, strlen(text), &error);
        allowed = mutant != NULL && judge(mutant, &verdicts) && is_allowed(m, &verdicts);
        if (allowed && is_new(m, mutant)) {
            FILE *f = open_memstream(&whole, &length);
            if (f != NULL) {
                fprintf(f, "C %s\n", name);
                if (m->test->doc != NULL) {
                    fprintf(f, "\"%s\"\n", m->test->doc);
                }
                fprintf(f, "Origin=%s\nMutator=%s\n", m->test->name, mutator);
                judge_print(f, &verdicts);
                fprintf(f, "Why=%s forbids it; here %s.\n%s", m->test->name, change, program);
                fclose(f);
                m->take(m->context, name, whole);
                ++m->made;
            }
            free(whole);
        }
        litmus_free(mutant);
    }
    free(text);
    free(program);
    return allowed;
}

/* What a site is called in sentences: "P0's store to y". */
static const char *describe(const struct mutating *m, const struct site *site, char *to,
                            size_t size)
{
    static const char *const kinds[] = {"load of", "store to", "read-modify-write of", "fence"};
    if (site->kind == SITE_FENCE) {
        snprintf(to, size, "P%u's fence", site->thread);
    } else {
        snprintf(to, size, "P%u's %s %s", site->thread, kinds[site->kind],
                 m->test->location[*site->location].name);
    }
    return to;
}

static const char *order_word(enum litmus_order order)
{
    return litmus_order_name(order) + strlen("memory_order_");
}

/* weaken, unfence */

static void weaken(struct mutating *m, const struct site *site)
{
    static const enum litmus_order ladder[] = {LITMUS_ACQ_REL, LITMUS_ACQUIRE, LITMUS_RELEASE,
                                               LITMUS_RELAXED};
    const enum litmus_order before = *site->order;
    bool allowed = false;
    for (size_t i = 0; i < sizeof ladder / sizeof *ladder && !allowed; ++i) {
        const enum litmus_order now = ladder[i];
        const bool fits = now == LITMUS_RELAXED   ? site->kind != SITE_FENCE
                          : now == LITMUS_ACQUIRE ? site->kind != SITE_STORE
                          : now == LITMUS_RELEASE ? site->kind != SITE_LOAD
                                                  : site->kind >= SITE_RMW;
        const bool weaker = before == LITMUS_SEQ_CST   ? true
                            : before == LITMUS_ACQ_REL ? now != LITMUS_ACQ_REL
                                                       : now == LITMUS_RELAXED;
        if (fits && weaker && before != LITMUS_RELAXED) {
            char suffix[40], change[200], site_name[80];
            snprintf(suffix, sizeof suffix, "P%u-%u-%s", site->thread, site->number,
                     order_word(now));
            snprintf(change, sizeof change, "%s is %s, not %s",
                     describe(m, site, site_name, sizeof site_name), order_word(now),
                     order_word(before));
            *site->order = now;
            allowed = offer(m, "weaken", suffix, change);
            *site->order = before;
            if (now == LITMUS_ACQUIRE && site->kind >= SITE_RMW) {
                /* release is as weak: that is tried, too */
                snprintf(suffix, sizeof suffix, "P%u-%u-release", site->thread, site->number);
                snprintf(change, sizeof change, "%s is release, not %s", site_name,
                         order_word(before));
                *site->order = LITMUS_RELEASE;
                allowed = offer(m, "weaken", suffix, change) || allowed;
                *site->order = before;
                ++i;
            }
        }
    }
}

static void unfence(struct mutating *m, const struct site *site)
{
    char suffix[40], change[200], site_name[80];
    snprintf(suffix, sizeof suffix, "P%u-%u-none", site->thread, site->number);
    snprintf(change, sizeof change, "%s (%s) is gone",
             describe(m, site, site_name, sizeof site_name), order_word(*site->order));
    *site->link = site->inside->next;
    (void)offer(m, "unfence", suffix, change);
    *site->link = site->inside;
}

/* swap */

static bool uses(const struct litmus_expression *e, unsigned reg)
{
    return e != NULL && ((e->kind == LITMUS_REGISTER && e->reg == reg) || uses(e->left, reg) ||
                         uses(e->right, reg));
}

static bool is_access(const struct litmus_statement *s)
{
    return s->kind == LITMUS_STORE ||
           ((s->kind == LITMUS_ASSIGN || s->kind == LITMUS_EVALUATE) &&
            (s->expression->kind == LITMUS_LOAD || s->expression->kind == LITMUS_RMW));
}

/* The access after `a` in its block, with nothing but fences between, and not depending on it. */
static struct litmus_statement *neighbour(struct litmus_statement *a)
{
    struct litmus_statement *b = a->next;
    while (b != NULL && b->kind == LITMUS_FENCE) {
        b = b->next;
    }
    if (b == NULL || !is_access(a) || !is_access(b) ||
        (a->kind == LITMUS_ASSIGN && uses(b->expression, a->reg)) ||
        (b->kind == LITMUS_ASSIGN && uses(a->expression, b->reg))) {
        return NULL;
    }
    return b;
}

static void exchange(struct litmus_statement *a, struct litmus_statement *b)
{
    const struct litmus_statement first = *a, second = *b;
    *a = second;
    a->next = first.next;
    *b = first;
    b->next = second.next;
}

static void swap(struct mutating *m, const struct site *site)
{
    struct litmus_statement *other = neighbour(site->inside);
    for (unsigned i = 0; other != NULL && i < m->sites; ++i) {
        if (m->site[i].inside == other && m->site[i].kind != SITE_FENCE) {
            char suffix[40], change[200], one[80], two[80];
            snprintf(suffix, sizeof suffix, "P%u-swap-%u-%u", site->thread, site->number,
                     m->site[i].number);
            snprintf(change, sizeof change, "%s comes after its %s",
                     describe(m, site, one, sizeof one),
                     strchr(describe(m, &m->site[i], two, sizeof two), ' ') + 1);
            exchange(site->inside, other);
            (void)offer(m, "swap", suffix, change);
            exchange(site->inside, other);
            return;
        }
    }
}

/* retarget */

static void retarget(struct mutating *m, const struct site *site)
{
    struct litmus_test *test = m->test;
    struct litmus_location *locations = test->location;
    struct litmus_location more[LITMUS_MOST_LOCATIONS];
    const unsigned before = *site->location, count = test->location_count;
    char site_name[80];
    describe(m, site, site_name, sizeof site_name);
    if (count == 1) { /* nowhere else to go: a location of its own */
        more[0] = locations[0];
        more[1] = (struct litmus_location){.name = strcmp(more[0].name, "y") == 0 ? "x" : "y"};
        test->location = more;
        test->location_count = 2;
    }
    for (unsigned l = 0; l < test->location_count; ++l) {
        if (l != before) {
            char suffix[40 + LITMUS_MOST_NAME], change[200];
            snprintf(suffix, sizeof suffix, "P%u-%u-at-%s", site->thread, site->number,
                     test->location[l].name);
            snprintf(change, sizeof change, "%s goes to %s", site_name, test->location[l].name);
            *site->location = l;
            (void)offer(m, "retarget", suffix, change);
            *site->location = before;
        }
    }
    test->location = locations;
    test->location_count = count;
}

int mutate_each(struct litmus_test *test, enum mutate_model model,
                void (*take)(void *context, const char *name, const char *text), void *context)
{
    struct judge_verdicts verdicts;
    struct mutating m = {.test = test, .model = model, .take = take, .context = context};
    if (!judge(test, &verdicts)) {
        return -2;
    }
    if (is_allowed(&m, &verdicts)) {
        return -1;
    }
    for (unsigned t = 0; t < test->thread_count; ++t) {
        m.numbered = 0;
        find_in_statements(&m, t, &test->thread[t].body);
    }
    for (unsigned i = 0; i < m.sites; ++i) {
        weaken(&m, &m.site[i]);
        if (m.site[i].kind == SITE_FENCE) {
            unfence(&m, &m.site[i]);
        }
    }
    for (unsigned i = 0; i < m.sites; ++i) {
        if (m.site[i].kind != SITE_FENCE) {
            swap(&m, &m.site[i]);
        }
    }
    for (unsigned i = 0; i < m.sites; ++i) {
        if (m.site[i].kind != SITE_FENCE) {
            retarget(&m, &m.site[i]);
        }
    }
    for (size_t i = 0; i < m.seen_count; ++i) {
        free(m.seen[i]);
    }
    free(m.seen);
    return m.made;
}
