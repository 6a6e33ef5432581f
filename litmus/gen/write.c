/* write.c - a cycle as a litmus file.
 *
 * A dependency has to survive the compiler, which sees through r0 ^ r0. So the store of a data
 * dependency adds a bit of the register that no value of the test has (r0 & 128): it always adds
 * nothing, and only who knows the whole program could tell. A control dependency is a true one: what
 * follows it is done only if the load saw what the cycle says.
 */
#define _GNU_SOURCE
#include "write.h"

#include "judge.h"
#include "shape.h"
#include "why.h"

#include <stdlib.h>
#include <string.h>

static void indent(FILE *f, unsigned depth)
{
    fprintf(f, "%*s", (int)(2 * depth + 2), "");
}

/* The order of a whole read-modify-write, from those of its halves. */
static enum litmus_order join(enum litmus_order load, enum litmus_order store)
{
    return load == LITMUS_RELAXED ? store : store == LITMUS_RELEASE ? LITMUS_ACQ_REL : load;
}

static void write_value(FILE *f, const struct gen_layout *layout, const struct gen_edge *before,
                        unsigned i)
{
    fprintf(f, "%d", layout->event[i].value);
    if (before->kind == GEN_DATA) {
        fprintf(f, " + (r%u & 128)", layout->event[i - 1].reg);
    }
}

static void write_load(FILE *f, const struct gen_cycle *cycle, const struct gen_layout *layout,
                       unsigned i, const char *declare)
{
    const struct gen_event *event = &layout->event[i];
    const char *location = gen_location_name(event->location);
    fprintf(f, "%sr%u = ", declare, event->reg);
    if (gen_is_rmw(&cycle->edge[i])) {
        const unsigned store = (i + 1) % cycle->count;
        const bool adds = cycle->edge[i].kind == GEN_ADD;
        fprintf(f, "atomic_%s_explicit(%s, %d, %s);\n", adds ? "fetch_add" : "exchange", location,
                adds ? 1 : layout->event[store].value,
                litmus_order_name(join(cycle->access[i].order, cycle->access[store].order)));
    } else {
        fprintf(f, "atomic_load_explicit(%s, %s);\n", location,
                litmus_order_name(cycle->access[i].order));
    }
}

static void write_store(FILE *f, const struct gen_cycle *cycle, const struct gen_layout *layout,
                        unsigned i, const char *declare)
{
    const struct gen_event *event = &layout->event[i];
    const struct gen_edge *before = &cycle->edge[(i + cycle->count - 1) % cycle->count];
    const bool exchange = cycle->access[i].exchange;
    if (gen_is_rmw(before)) {
        return; /* the load was both */
    }
    if (exchange) {
        fprintf(f, "%sr%u = ", declare, event->reg);
    }
    fprintf(f, "atomic_%s_explicit(%s, ", exchange ? "exchange" : "store",
            gen_location_name(event->location));
    write_value(f, layout, before, i);
    fprintf(f, ", %s);\n", litmus_order_name(cycle->access[i].order));
}

/* Registers that are set inside a block are declared before it, to be known after it. */
static void declare_rest(FILE *f, const struct gen_cycle *cycle, const struct gen_layout *layout,
                         unsigned from, unsigned end, unsigned depth)
{
    for (unsigned i = from; i < end; ++i) {
        if (cycle->edge[i].from == 'R' || cycle->access[i].exchange) {
            indent(f, depth);
            fprintf(f, "int r%u = 0;\n", layout->event[i].reg);
        }
    }
}

static void write_thread(FILE *f, const struct gen_cycle *cycle, const struct gen_layout *layout,
                         unsigned thread)
{
    const unsigned from = layout->first[thread], end = layout->first[thread + 1];
    unsigned depth = 0;
    for (unsigned i = from; i < end; ++i) {
        const struct gen_edge *edge = &cycle->edge[i];
        const char *declare = depth == 0 ? "int " : "";
        const struct gen_edge *before = i == from ? NULL : &cycle->edge[i - 1];
        if (edge->from == 'R') {
            indent(f, depth);
            write_load(f, cycle, layout, i, declare);
        } else if (before == NULL || !gen_is_rmw(before)) {
            indent(f, depth);
            write_store(f, cycle, layout, i, declare);
        }
        if (i + 1 < end && edge->kind == GEN_FENCE) {
            indent(f, depth);
            fprintf(f, "atomic_thread_fence(%s);\n", litmus_order_name(edge->fence));
        }
        if (i + 1 < end && edge->kind == GEN_CTRL) {
            if (depth == 0) {
                declare_rest(f, cycle, layout, i + 1, end, depth);
            }
            indent(f, depth++);
            fprintf(f, "if (r%u == %d) {\n", layout->event[i].reg, layout->event[i].value);
        }
    }
    while (depth > 0) {
        indent(f, --depth);
        fputs("}\n", f);
    }
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void write_signature(FILE *f, const struct gen_layout *layout, unsigned thread)
{
    const char *name[GEN_MOST_EDGES];
    unsigned count = 0;
    for (unsigned i = layout->first[thread]; i < layout->first[thread + 1]; ++i) {
        const char *here = gen_location_name(layout->event[i].location);
        bool known = false;
        for (unsigned k = 0; k < count; ++k) {
            known = known || name[k] == here;
        }
        if (!known) {
            name[count++] = here;
        }
    }
    qsort(name, count, sizeof *name, compare_names);
    fprintf(f, "P%u (", thread);
    for (unsigned k = 0; k < count; ++k) {
        fprintf(f, "%satomic_int* %s", k == 0 ? "" : ", ", name[k]);
    }
    fputs(") {\n", f);
}

/* As diy7 has it: final values first, where more than one store leaves them open, then what each
 * thread's loads saw.
 */
static void write_condition(FILE *f, const struct gen_cycle *cycle, const struct gen_layout *layout)
{
    const char *separator = "exists (";
    const char *name[GEN_MOST_EDGES];
    unsigned count = 0;
    for (unsigned l = 0; l < layout->locations; ++l) {
        if (layout->stores[l] > 1) {
            name[count++] = gen_location_name(l);
        }
    }
    qsort(name, count, sizeof *name, compare_names);
    for (unsigned k = 0; k < count; ++k) {
        for (unsigned l = 0; l < layout->locations; ++l) {
            if (gen_location_name(l) == name[k]) {
                fprintf(f, "%s%s=%u", separator, name[k], layout->stores[l]);
                separator = " /\\ ";
            }
        }
    }
    for (unsigned i = 0; i < cycle->count; ++i) {
        if (cycle->edge[i].from == 'R') {
            const struct gen_event *event = &layout->event[i];
            fprintf(f, "%s%u:r%u=%d", separator, event->thread, event->reg, event->value);
            separator = " /\\ ";
        }
    }
    fputs(")\n", f);
}

void gen_write_program(FILE *f, const struct gen_cycle *cycle)
{
    struct gen_layout layout;
    (void)gen_lay_out(cycle, &layout);
    fputs("{}\n", f);
    for (unsigned t = 0; t < layout.threads; ++t) {
        fputc('\n', f);
        write_signature(f, &layout, t);
        write_thread(f, cycle, &layout, t);
        fputs("}\n", f);
    }
    fputc('\n', f);
    write_condition(f, cycle, &layout);
}

void gen_write(FILE *f, const struct gen_cycle *cycle, const char *name, const char *why)
{
    char of_cycle[200], question[400], reason[800];
    char *text = NULL;
    size_t length = 0;
    struct judge_verdicts verdicts;
    struct litmus_error error;
    FILE *whole = open_memstream(&text, &length);
    if (whole == NULL) {
        return;
    }
    fprintf(whole, "C %s\n", name != NULL ? name : gen_name(cycle, of_cycle, sizeof of_cycle));
    gen_write_program(whole, cycle);
    fclose(whole);
    struct litmus_test *test = litmus_parse(text, length, &error);
    fprintf(f, "%.*s\n\"%s\"\nCycle=", (int)strcspn(text, "\n"), text,
            gen_question(cycle, question, sizeof question));
    gen_print_cycle(f, cycle);
    fputc('\n', f);
    if (test != NULL && judge(test, &verdicts)) {
        judge_print(f, &verdicts);
        fprintf(f, "Why=%s\n",
                why != NULL ? why : gen_why(cycle, &verdicts, reason, sizeof reason));
    }
    fputs(strchr(text, '\n') + 1, f);
    litmus_free(test);
    free(text);
}
