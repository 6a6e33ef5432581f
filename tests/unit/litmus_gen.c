/* The algebra of cycles, names, layouts; the judge on tests whose verdict is known. */
#include "gen/judge.h"
#include "gen/print.h"
#include "gen/shape.h"
#include "gen/write.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

static struct gen_cycle read_cycle(const char *text)
{
    struct gen_cycle cycle;
    struct gen_error error;
    char words[400], *word = words;
    snprintf(words, sizeof words, "%s", text);
    cr_assert(gen_read(&word, 1, &cycle, &error), "%s: word %u: %s", text, error.word, error.text);
    return cycle;
}

static const char *words_of(const struct gen_cycle *cycle)
{
    static char text[400];
    FILE *f = fmemopen(text, sizeof text, "w");
    cr_assert(f != NULL);
    gen_print_cycle(f, cycle);
    fclose(f);
    return text;
}

/* Turned by some accesses, orders and all. */
static struct gen_cycle turned(const struct gen_cycle *cycle, unsigned by)
{
    struct gen_cycle result = *cycle;
    for (unsigned i = 0; i < cycle->count; ++i) {
        result.edge[i] = cycle->edge[(i + by) % cycle->count];
        result.access[i] = cycle->access[(i + by) % cycle->count];
    }
    return result;
}

static const char *const cycles[] = {
    "PodWR Fre PodWR Fre",
    "PodWW Rel Rfe Acq PodRR Fre",
    "FenceScdWR Fre PodWR Fre",
    "DpDatadW Rfe DpCtrldW Rfe",
    "Rfi PodRR Fre Rfi PodRR Fre",
    "PodWW Rel Rfe Fetch.Add Rfe Acq PodRR Fre",
    "Rfe PodRR Fre Rfe PodRW Coe",
    "PosWW Coi",
    "Rel PosWR Acq Fri",
    "Rfe PosRW Coe",
    "Coe PosWR Fre",
    "XAR PodWR Fre Sc PodWR Sc Fre",
    "Rfe PodRR Fre PodWR Fre PodWR Fre PodWW Coe",
    "PodWW PosWW Rfe PosRR PodRR Fre",
};

Test(litmus_gen, rotation)
{
    for (size_t i = 0; i < sizeof cycles / sizeof *cycles; ++i) {
        const struct gen_cycle cycle = read_cycle(cycles[i]);
        for (unsigned by = 0; by < cycle.count; ++by) {
            struct gen_cycle other = turned(&cycle, by);
            gen_normalise(&other);
            cr_assert(gen_same(&other, &cycle), "%s, turned by %u, is %s", cycles[i], by,
                      words_of(&other));
        }
    }
}

Test(litmus_gen, words_there_and_back)
{
    for (size_t i = 0; i < sizeof cycles / sizeof *cycles; ++i) {
        const struct gen_cycle cycle = read_cycle(cycles[i]);
        const struct gen_cycle again = read_cycle(words_of(&cycle));
        cr_assert(gen_same(&again, &cycle), "%s becomes %s", cycles[i], words_of(&cycle));
    }
}

/* Each entry of the table is a cycle, and is found again by its name and by its edges. */
Test(litmus_gen, shapes)
{
    for (unsigned i = 0; i < gen_shape_count; ++i) {
        struct gen_cycle named;
        char name[200];
        const struct gen_cycle cycle = read_cycle(gen_shapes[i].cycle);
        cr_assert_str_eq(words_of(&cycle), gen_shapes[i].cycle, "not as it is always written");
        cr_assert(gen_from_name(gen_shapes[i].name, &named), "%s", gen_shapes[i].name);
        cr_assert(gen_same(&named, &cycle), "%s is %s", gen_shapes[i].name, words_of(&named));
        cr_assert_eq(gen_known(&cycle), &gen_shapes[i], "%s", gen_shapes[i].name);
        gen_name(&cycle, name, sizeof name);
        cr_assert(strncmp(name, gen_shapes[i].name, strlen(gen_shapes[i].name)) == 0,
                  "%s is called %s", gen_shapes[i].name, name);
        const size_t length = strlen(gen_shapes[i].question);
        cr_assert(length > 20 && strchr(".?", gen_shapes[i].question[length - 1]) != NULL);
    }
}

/* Names differ where cycles do: all orders of two accesses, all edges between them, in every family. */
Test(litmus_gen, names_tell_apart)
{
    static const char *const names[] = {
        "MP+rel+acq",        "MP+rel-rlx+acq",   "MP+rel-rel+acq",    "MP+rel+rlx-acq",
        "MP+rel+acq-acq",    "MP+fence-rel+acq", "LB+rel+acq",        "LB+acqs",
        "LB+data+rlx",       "LB+datas",         "SB+sc+rlx-sc",      "SB+sc+sc-rlx",
        "SB+stores-sc",      "SB+loads-sc",      "SB+xchgs-ar",       "WRC+rlx+rel+acq",
        "WRC+rel+data+ctrl", "WRC+data+ctrl",    "IRIW+fence-sc+acq", "ISA2+rel+acq-rel+acq"};
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        struct gen_cycle cycle;
        char name[200];
        cr_assert(gen_from_name(names[i], &cycle), "%s", names[i]);
        cr_assert_str_eq(gen_name(&cycle, name, sizeof name), names[i]);
        for (size_t k = 0; k < i; ++k) {
            struct gen_cycle other;
            cr_assert(gen_from_name(names[k], &other));
            cr_assert(!gen_same(&cycle, &other), "%s and %s", names[i], names[k]);
        }
    }
    struct gen_cycle cycle;
    static const char *const strange[] = {"",
                                          "SB+",
                                          "SBx",
                                          "+rlx",
                                          "MP+rel+acq+rlx",
                                          "MP+acq+rel",
                                          "SB+data+rlx",
                                          "IRIW+rel",
                                          "MP+fence-rlx+acq"};
    for (size_t i = 0; i < sizeof strange / sizeof *strange; ++i) {
        cr_assert(!gen_from_name(strange[i], &cycle) || strcmp(strange[i], "SB+") == 0, "%s",
                  strange[i]);
    }
}

/* thread, location, value of each access */
Test(litmus_gen, layout)
{
    static const struct {
        const char *cycle, *layout;
    } known[] = {
        {"PodWW Coe PodWW Coe", "0Wx2 0Wy1 1Wy2 1Wx1 "},
        {"PodWW Rfe PodRW Coe", "0Wx2 0Wy1 1Ry1 1Wx1 "},
        {"Rfe PodRR Fre Rfe PodRR Fre", "0Wx1 1Rx1 1Ry0 2Wy1 3Ry1 3Rx0 "},
        {"PosWW Coi", "0Wx2 0Wx1 "},
        {"Rfe PosRW Coe", "0Wx2 1Rx2 1Wx1 "},
        {"PodWW Rfe Fetch.Add Rfe PodRR Fre", "0Wx1 0Wy1 1Ry1 1Wy2 2Ry2 2Rx0 "},
        {"PodWR Fre PodWR Fre PodWR Fre PodWR Fre", "0Wx1 0Ry0 1Wy1 1Rz0 2Wz1 2Ra0 3Wa1 3Rx0 "},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
        const struct gen_cycle cycle = read_cycle(known[i].cycle);
        struct gen_layout layout;
        char text[300] = "", *at = text;
        cr_assert(gen_lay_out(&cycle, &layout) == NULL);
        for (unsigned k = 0; k < cycle.count; ++k) {
            at += sprintf(at, "%u%c%s%d ", layout.event[k].thread, cycle.edge[k].from,
                          gen_location_name(layout.event[k].location), layout.event[k].value);
        }
        cr_assert_str_eq(text, known[i].layout);
    }
}

static struct litmus_test *parse(const char *text)
{
    struct litmus_error error;
    struct litmus_test *test = litmus_parse(text, strlen(text), &error);
    cr_assert(test != NULL, "%u:%u: %s in %s", error.place.line, error.place.column, error.text,
              text);
    return test;
}

/* c11, rc11, c17, tso, sc as letters; "-" if it is not judged. */
static void judged(const char *text, const char *allowed)
{
    struct litmus_test *test = parse(text);
    struct judge_verdicts v;
    char found[8] = "-";
    if (judge(test, &v)) {
        snprintf(found, sizeof found, "%c%c%c%c%c", v.c11 ? 'c' : '.', v.rc11 ? 'r' : '.',
                 v.c17 ? '7' : '.', v.tso ? 't' : '.', v.sc ? 's' : '.');
    }
    cr_assert_str_eq(found, allowed, "%s", text);
    litmus_free(test);
}

#define STORE(x, v) "atomic_store_explicit(" x ", " v ", memory_order_relaxed);"
#define LOAD(r, x)  "int " r " = atomic_load_explicit(" x ", memory_order_relaxed);"
#define XY          "(atomic_int* x, atomic_int* y) {"
#define SB(p, q, ending)                                                            \
    "C t\n{}\nP0 " XY STORE("x", "1") p LOAD("r0", "y") "}\nP1 " XY STORE("y", "1") \
        q LOAD("r0", "x") "}\n" ending
#define FULL "atomic_thread_fence(memory_order_seq_cst);"

Test(litmus_gen, judge)
{
    judged(SB("", "", "exists (0:r0=0 /\\ 1:r0=0)"), "cr7t.");
    judged(SB(FULL, FULL, "exists (0:r0=0 /\\ 1:r0=0)"), ".....");
    judged(SB(FULL, "", "exists (0:r0=0 /\\ 1:r0=0)"), "cr7t.");
    judged(SB("", "", "~exists (0:r0=0 /\\ 1:r0=0)"), "cr7t.");
    judged(SB("", "", "forall (0:r0=1 \\/ 1:r0=1)"), "cr7t.");
    judged(SB("", "", "exists (0:r0=1 /\\ 1:r0=1)"), "cr7ts");
    judged(SB("", "", "exists (not (0:r0=1) /\\ not (1:r0=1))"), "cr7t.");
    judged(SB("", "", "exists (x=2)"), ".....");
    judged(SB("", "", "exists (true)"), "cr7ts");
    /* Out of thin air: C11 as written, and nobody else. */
    judged("C t\n{}\nP0 " XY LOAD("r0", "x") "if (r0) {" STORE("y", "1") "}}\nP1 " XY LOAD(
               "r0", "y") "if (r0) {" STORE("x", "1") "}}\nexists (x=1)",
           "c.7..");
    /* Arithmetic, both branches, what is left as it was. */
    judged("C t\n{x=3;}\nP0 (atomic_int* x) {" LOAD(
               "r0", "x") "int r1 = 5; if (r0 * 2 - 1 == 5) { r1 = -r0; } else { r1 = 7; "
                          "} }\nexists (0:r1=-3)",
           "cr7ts");
    judged("C t\n{}\nP0 (atomic_int* x) { int r0 = atomic_fetch_add_explicit(x, 1, "
           "memory_order_relaxed); }\n"
           "P1 (atomic_int* x) { int r0 = atomic_fetch_add_explicit(x, 1, memory_order_relaxed); "
           "}\nexists (x=1)",
           ".....");
    /* Not judged. */
    judged("C t\n{}\nP0 (int* x) { *x = 1; }\nexists (x=0)", "-");
    judged("C t\n{}\nP0 (atomic_int* x) { int r0 = 0; atomic_compare_exchange_strong(x, &r0, 1); "
           "}\nexists (x=0)",
           "-");
}

Test(litmus_gen, canonical)
{
    struct litmus_test *test = parse(SB(FULL, "", "exists (0:r0=0 /\\ 1:r0=0)"));
    struct litmus_test *twin =
        parse("C u\n{}\nP0 (atomic_int* b, atomic_int* a) {" STORE("a", "1")
                  LOAD("s", "b") "}\n"
                                 "P1 (atomic_int* a, atomic_int* b) {" STORE("b", "1")
                                     FULL LOAD("s", "a") "}\nexists (1:s=0 /\\ 0:s=0)");
    struct litmus_test *other = parse(SB("", "", "exists (0:r0=0 /\\ 1:r0=0)"));
    struct litmus_test *asks = parse(SB(FULL, "", "exists (0:r0=0 /\\ 1:r0=1)"));
    char *a = print_canonical(test), *b = print_canonical(twin), *c = print_canonical(other),
         *d = print_canonical(asks);
    cr_assert(a != NULL && b != NULL && c != NULL && d != NULL);
    cr_assert_str_eq(a, b);
    cr_assert_str_neq(a, c);
    cr_assert_str_neq(a, d);
    free(a);
    free(b);
    free(c);
    free(d);
    litmus_free(test);
    litmus_free(twin);
    litmus_free(other);
    litmus_free(asks);
}

/* What is printed is read as the same test. */
Test(litmus_gen, print_there_and_back)
{
    static const char text[] =
        "C t\n{x=1; 0:r2=3;}\nP0 (atomic_int* x, int* y) {int r0 = atomic_exchange_explicit(x, 2 + "
        "(r2 & 1) * 3, "
        "memory_order_acq_rel); int r1; if (r0 == 1 || !(r0 + 1)) { r1 = atomic_load(x); *y = 1; } "
        "else { *y = *y - 1; } "
        "atomic_compare_exchange_weak_explicit(x, &r0, ~r1, memory_order_seq_cst, "
        "memory_order_relaxed); "
        "atomic_fetch_xor(x, 1); atomic_thread_fence(memory_order_release);}\n"
        "exists (0:r0=1 /\\ (x=2 \\/ not (y=1)))";
    struct litmus_test *test = parse(text);
    for (int i = 0; i < 2; ++i) {
        char *printed = NULL;
        size_t length = 0;
        char *form = print_canonical(test);
        FILE *f = open_memstream(&printed, &length);
        cr_assert(f != NULL && form != NULL);
        fputs("C t\n", f);
        print_program(f, test);
        fclose(f);
        struct litmus_test *again = parse(printed);
        char *form_again = print_canonical(again);
        cr_assert_str_eq(form, form_again);
        free(form);
        free(form_again);
        free(printed);
        litmus_free(test);
        test = again;
    }
    litmus_free(test);
}
