/* emit_wide.c - what surrounds the threads' code of a test that has more than ints at known places.
 *
 * Results have 64 bits. An array lies in one piece in the plane of its first element. An address is stored as it
 * is, and counted as the number of the location that stands there in the instance, so that all instances
 * agree. A thread that gives an instance up says so in one more row of results.
 */
#include "emit.h"

#include <inttypes.h>

/* Where a location stands in an instance at `at`. */
static void emit_at(FILE *f, const struct litmus_test *test, unsigned location)
{
    const struct litmus_location *l = &test->location[location];
    const unsigned size = l->type != NULL ? l->type->size : 4;
    fprintf(f, "at + %u * plane + %u", location - l->index, l->index * size);
}

/* Where the thread says that it was given up: behind the columns. */
static unsigned row_of_loops(const struct litmus_test *test, unsigned thread)
{
    unsigned row = test->observed_count;
    for (unsigned i = 0; i < thread; ++i) {
        row += litmus_loops(&test->thread[i]);
    }
    return row;
}

static void emit_thread(FILE *f, const struct litmus_test *test, unsigned index)
{
    const struct litmus_thread *thread = &test->thread[index];
    unsigned location[LITMUS_MOST_LOCATIONS];
    const unsigned parameters = emit_parameters(test, index, location);
    const char *separator = "";
    emit_body(f, test, index, true);
    fprintf(f,
            "static void run_P%u(const struct litmus_batch *b)\n{\n"
            "    const size_t plane = b->plane, count = b->count, to = b->to;\n"
            "    int64_t *const result = (int64_t *)(void *)b->result;\n"
            "    (void)plane, (void)count, (void)result;\n"
            "    for (size_t k = b->from; k < to; ++k) {\n"
            "        const size_t i = b->order == 0 ? k : b->order[k];\n"
            "        unsigned char *const at = b->memory + i * b->stride;\n"
            "        (void)at;\n"
            "        COMPILER_FENCE();\n"
            "        P%u(",
            index, index);
    for (unsigned i = 0; i < parameters; ++i) {
        fprintf(f, "%s(", separator);
        emit_parameter_type(f, test, index, location[i]);
        fputs(" *)(", f);
        emit_at(f, test, location[i]);
        fputc(')', f);
        separator = ", ";
    }
    separator = emit_results(f, test, index, separator);
    if (litmus_loops(thread)) {
        fprintf(f, "%sresult + %u * count + i", separator, row_of_loops(test, index));
    }
    fputs(");\n    }\n}\n\n", f);
}

/* In an assembly test anything of 64 bits. */
static bool may_be_address(const struct litmus_test *test, const struct litmus_type *type)
{
    return test->dialect == LITMUS_C ? type != NULL && type->target != NULL
                                     : type == NULL || type->size == 8;
}

static void emit_reset(FILE *f, const struct litmus_test *test)
{
    fputs("void litmus_reset(const struct litmus_batch *b, unsigned location, size_t from, size_t "
          "to)\n{\n"
          "    const size_t plane = b->plane, stride = b->stride;\n"
          "    unsigned char *at = b->memory + from * stride;\n"
          "    switch (location) {\n",
          f);
    for (unsigned l = 0; l < test->location_count; ++l) {
        const struct litmus_location *location = &test->location[l];
        const struct litmus_type *type = location->type;
        fprintf(f, "    case %u:\n        for (size_t i = from; i < to; ++i, at += stride) {\n", l);
        fprintf(f, "            *(uint%u_t *)(", type != NULL ? 8 * type->size : 32u);
        emit_at(f, test, l);
        fputs(") = ", f);
        if (may_be_address(test, type) && LITMUS_IS_ADDRESS(location->initial)) {
            fputs("(uintptr_t)(", f);
            emit_at(f, test, LITMUS_ADDRESS_OF(location->initial));
            fputs(");\n", f);
        } else {
            const unsigned bits = type != NULL ? 8 * type->size : 32;
            fprintf(f, "UINT%u_C(%" PRIu64 ");\n", bits,
                    (uint64_t)location->initial & UINT64_MAX >> (64 - bits));
        }
        fputs("        }\n        break;\n", f);
    }
    fputs("    }\n}\n\n", f);
}

/* Addresses of an instance back to locations. In C what may be an address is nothing else, and is first given as the
 * number of the location, from 1, which fits the table's key; 0 is the null pointer.
 */
static void emit_location_of(FILE *f, const struct litmus_test *test)
{
    const bool in_c = test->dialect == LITMUS_C;
    fputs("static inline int64_t location_of(const unsigned char *at, size_t plane, intptr_t "
          "address)\n{\n"
          "    if (address == 0) {\n        return 0;\n    }\n",
          f);
    for (unsigned l = 0; l < test->location_count; ++l) {
        fputs("    if (address == (intptr_t)(", f);
        emit_at(f, test, l);
        fprintf(f, ")) {\n        return %s%u;\n    }\n", in_c ? "" : "INT64_MIN + ", l + 1);
    }
    fprintf(f, "    return %s;\n}\n\n", in_c ? "INT32_MAX" : "address");
    if (in_c) {
        fputs("static inline int64_t named(int64_t number)\n{\n"
              "    return number == 0           ? 0\n"
              "           : number == INT32_MAX ? INT64_MIN\n"
              "                                 : INT64_MIN + number;\n}\n\n",
              f);
    }
}

static bool is_numbered(const struct litmus_test *test, unsigned column)
{
    const struct litmus_type *type = test->observed[column].type;
    return test->dialect == LITMUS_C && type != NULL && type->target != NULL;
}

static void emit_column(FILE *f, const struct litmus_test *test, unsigned column)
{
    const struct litmus_observed *observed = &test->observed[column];
    const struct litmus_type *type = observed->type;
    const bool is_register = observed->thread != LITMUS_NOWHERE;
    const bool is_address = may_be_address(test, type) && (is_register || type != NULL);
    fputs(is_address ? "location_of(at, plane, (intptr_t)" : "(int64_t)", f);
    if (is_register) {
        fprintf(f, "result[%u * count + i]", column);
    } else {
        const bool is_signed = type == NULL || type->is_signed;
        fprintf(f, "*(const %sint%u_t *)(", is_signed ? "" : "u",
                type != NULL ? 8 * type->size : 32u);
        emit_at(f, test, observed->index);
        fputc(')', f);
    }
    fputs(is_address ? ")" : "", f);
}

static void emit_count(FILE *f, const struct litmus_test *test)
{
    const unsigned bits = litmus_bits(test), columns = test->observed_count;
    emit_location_of(f, test);
    fputs(
        "void litmus_count(const struct litmus_batch *b, size_t from, size_t to, uint64_t *table,\n"
        "                  void (*other)(void *, const int64_t *), void *context)\n{\n"
        "    const size_t plane = b->plane, count = b->count;\n"
        "    int64_t *const result = (int64_t *)(void *)b->result;\n"
        "    (void)plane, (void)count, (void)result, (void)other, (void)context;\n"
        "    for (size_t i = from; i < to; ++i) {\n"
        "        const unsigned char *const at = b->memory + i * b->stride;\n"
        "        (void)at;\n",
        f);
    if ((test->features & LITMUS_HAS_LOOPS) != 0) {
        fputs("        if ((0", f);
        for (unsigned i = 0; i < test->thread_count; ++i) {
            if (litmus_loops(&test->thread[i])) {
                fprintf(f, " | result[%u * count + i]", row_of_loops(test, i));
            }
        }
        fprintf(f, ") != 0) {\n            ++table[%zu];\n            continue;\n        }\n",
                (size_t)1 << bits * columns);
    }
    for (unsigned c = 0; c < columns; ++c) {
        fprintf(f, "        const int64_t column%u = ", c);
        emit_column(f, test, c);
        fputs(";\n", f);
    }
    fputs("        const int64_t state[] = {", f);
    for (unsigned c = 0; c < columns; ++c) {
        fprintf(f, is_numbered(test, c) ? "named(column%u), " : "column%u, ", c);
    }
    fputs(columns == 0 ? "0};\n" : "};\n", f);
    if (test->filter != NULL) {
        fputs("        if (!(", f);
        emit_proposition(f, test->filter, "state[", "]");
        fputs(")) {\n            continue;\n        }\n", f);
    }
    if (bits != 0) {
        fputs("        const uint64_t any = 0", f);
        for (unsigned c = 0; c < columns; ++c) {
            fprintf(f, " | (uint64_t)column%u", c);
        }
        fprintf(f, ";\n        if (any >> %u == 0) {\n            ++table[0", bits);
        for (unsigned c = 0; c < columns; ++c) {
            fprintf(f, " | (size_t)column%u << %u", c, c * bits);
        }
        fputs("];\n            continue;\n        }\n", f);
    }
    fputs("        other(context, state);\n    }\n}\n\n", f);
}

void emit_wide(FILE *f, const struct litmus_test *test)
{
    for (unsigned i = 0; i < test->thread_count; ++i) {
        emit_thread(f, test, i);
    }
    emit_reset(f, test);
    emit_count(f, test);
}
