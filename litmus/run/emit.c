/* emit.c - a test as C code: one function per thread that runs over a batch.
 *
 * One instance is one run of the program, and the compiler must not mix it with the next: it may
 * not, say, keep x of instance i and of instance i + 1 in one vector store, for then it would be
 * testing a program with more threads' accesses in one. Hence the compiler fences between
 * instances. Inside one instance it is free, since what it does to the thread's own code is part of
 * what is tested. So the body has no fence of ours, its parameters have the types that the test
 * gives them, and they may alias, as for any function that takes pointers; nothing is volatile that
 * the test does not call so.
 *
 * What is inside of an instance is emit_body.c's. A test that has more than ints at known places gets the rest of
 * its code from emit_wide.c: what is here is as quick as it can be for those that have not.
 */
#include "emit.h"

#include <inttypes.h>

/* One instance, the i-th, whose locations are `at`. */
static void emit_call(FILE *f, const struct litmus_test *test, unsigned index)
{
    const struct litmus_thread *thread = &test->thread[index];
    const char *separator = "";
    fprintf(f, "            COMPILER_FENCE();\n            P%u(", index);
    for (unsigned i = 0; i < thread->parameter_count; ++i) {
        const struct litmus_parameter *parameter = &thread->parameter[i];
        fprintf(f, "%s(%s%s *)(at + %u * plane)", separator,
                parameter->is_volatile ? "volatile " : "",
                parameter->is_atomic ? "atomic_int" : "int", parameter->location);
        separator = ", ";
    }
    (void)emit_results(f, test, index, separator);
    fputs(");\n        }\n", f);
}

/* Two loops, so that the straight one has no index to look up. */
static void emit_thread(FILE *f, const struct litmus_test *test, unsigned index)
{
    emit_body(f, test, index, false);
    fprintf(f,
            "static void run_P%u(const struct litmus_batch *b)\n{\n"
            "    const size_t plane = b->plane, stride = b->stride, count = b->count, to = b->to;\n"
            "    int32_t *result = b->result;\n"
            "    if (b->order == 0) {\n"
            "        unsigned char *at = b->memory + b->from * stride;\n"
            "        for (size_t i = b->from; i < to; ++i, at += stride) {\n",
            index);
    emit_call(f, test, index);
    fputs("    } else {\n"
          "        for (size_t k = b->from; k < to; ++k) {\n"
          "            const size_t i = b->order[k];\n"
          "            unsigned char *at = b->memory + i * stride;\n",
          f);
    emit_call(f, test, index);
    fputs("    }\n}\n\n", f);
}

static void emit_reset(FILE *f, const struct litmus_test *test)
{
    fputs("static const int32_t initial[] = {", f);
    for (unsigned i = 0; i < test->location_count; ++i) {
        fprintf(f, "%s%" PRId64, i == 0 ? "" : ", ", test->location[i].initial);
    }
    fputs(test->location_count == 0 ? "0" : "", f);
    fputs("};\n\n"
          "void litmus_reset(const struct litmus_batch *b, unsigned location, size_t from, size_t "
          "to)\n{\n"
          "    unsigned char *const at = b->memory + location * b->plane;\n"
          "    const int value = initial[location];\n"
          "    if (b->stride == sizeof(int)) {\n"
          "        for (size_t i = from; i < to; ++i) {\n"
          "            ((int *)at)[i] = value;\n"
          "        }\n"
          "        return;\n    }\n"
          "    for (size_t i = from; i < to; ++i) {\n"
          "        *(int *)(at + i * b->stride) = value;\n"
          "    }\n}\n\n",
          f);
}

/* What column c of instance i holds. */
static void emit_value(FILE *f, const struct litmus_test *test, unsigned column)
{
    if (test->observed[column].thread != LITMUS_NOWHERE) {
        fprintf(f, "result[%u * count + i]", column);
    } else {
        fprintf(f, "*(const int *)(memory + %u * plane + i * stride)",
                test->observed[column].index);
    }
}

/* Narrow enough that each call can count in tables of its own, and add them up. */
enum { NARROW_KEY_BITS = 6 };

static unsigned key_bits_of(const struct litmus_test *test)
{
    return litmus_bits(test) * test->observed_count;
}

static bool is_narrow(const struct litmus_test *test)
{
    return litmus_bits(test) != 0 && key_bits_of(test) <= NARROW_KEY_BITS;
}

bool litmus_emit_parts(FILE *f, const struct litmus_test *test)
{
    if (is_narrow(test)) {
        fprintf(f, "    uint32_t part[4][%u] = {{0}};\n", 1u << key_bits_of(test));
    }
    return is_narrow(test);
}

void litmus_emit_sum(FILE *f, const struct litmus_test *test)
{
    fprintf(f,
            "    for (unsigned k = 0; k < %u; ++k) {\n"
            "        table[k] += (uint64_t)part[0][k] + part[1][k] + part[2][k] + part[3][k];\n"
            "    }\n",
            1u << key_bits_of(test));
}

/* One instance, into `table`. */
static void emit_tally(FILE *f, const struct litmus_test *test, unsigned bits, const char *counter)
{
    fprintf(f,
            "static inline __attribute__((always_inline)) void tally(\n"
            "    const struct litmus_batch *b, size_t stride, size_t i, %s *table,\n"
            "    void (*other)(void *, const int64_t *), void *context)\n{\n"
            "    const size_t plane = b->plane, count = b->count;\n"
            "    const unsigned char *const memory = b->memory;\n"
            "    const int32_t *const result = b->result;\n"
            "    const int64_t state[] = {",
            counter);
    for (unsigned c = 0; c < test->observed_count; ++c) {
        fputs("\n        ", f);
        emit_value(f, test, c);
        fputc(',', f);
    }
    fputs(test->observed_count == 0 ? "0};\n" : "};\n", f);
    if (bits != 0) {
        fputs("    const uint64_t all = 0", f);
        for (unsigned c = 0; c < test->observed_count; ++c) {
            fprintf(f, " | (uint64_t)state[%u]", c);
        }
        fprintf(f, ";\n    if (all >> %u == 0) {\n        ++table[0", bits);
        for (unsigned c = 0; c < test->observed_count; ++c) {
            fprintf(f, " | (uint64_t)state[%u] << %u", c, c * bits);
        }
        fputs("];\n        return;\n    }\n", f);
    }
    fputs("    other(context, state);\n}\n\n", f);
}

static bool observes_memory(const struct litmus_test *test)
{
    for (unsigned c = 0; c < test->observed_count; ++c) {
        if (test->observed[c].thread == LITMUS_NOWHERE) {
            return true;
        }
    }
    return false;
}

static void emit_count(FILE *f, const struct litmus_test *test)
{
    const bool narrow = is_narrow(test);
    emit_tally(f, test, litmus_bits(test), narrow ? "uint32_t" : "uint64_t");
    fputs("static inline __attribute__((always_inline)) void count_at(\n"
          "    const struct litmus_batch *b, size_t stride, size_t from, size_t to, uint64_t "
          "*table,\n"
          "    void (*other)(void *, const int64_t *), void *context)\n{\n"
          "    size_t i = from;\n",
          f);
    if (litmus_emit_parts(f, test)) {
        fputs("    for (; i + 4 <= to; i += 4) {\n", f);
        for (unsigned part = 0; part < 4; ++part) {
            fprintf(f, "        tally(b, stride, i + %u, part[%u], other, context);\n", part, part);
        }
        fputs("    }\n", f);
    }
    fprintf(f,
            "    for (; i < to; ++i) {\n"
            "        tally(b, stride, i, %s, other, context);\n    }\n",
            narrow ? "part[0]" : "table");
    if (narrow) {
        litmus_emit_sum(f, test);
    }
    fputs(
        "}\n\n"
        "void litmus_count(const struct litmus_batch *b, size_t from, size_t to, uint64_t *table,\n"
        "                  void (*other)(void *, const int64_t *), void *context)\n{\n",
        f);
    if (observes_memory(test)) {
        fputs("    if (b->stride == sizeof(int)) {\n"
              "        count_at(b, sizeof(int), from, to, table, other, context);\n"
              "        return;\n    }\n",
              f);
    }
    fputs("    count_at(b, b->stride, from, to, table, other, context);\n}\n\n", f);
}

void litmus_emit_head(FILE *f, const struct litmus_test *test)
{
    fprintf(f,
            "/* %s: one thread function per thread of the test, each over a batch of instances.\n"
            " * Build: cc -std=c11 -O2 -fwrapv -shared -fPIC\n */\n"
            "#include <stdatomic.h>\n#include <stddef.h>\n#include <stdint.h>\n\n"
            "/* Keeps one instance apart from the next in the compiler, and costs nothing. */\n"
            "#define COMPILER_FENCE() atomic_signal_fence(memory_order_seq_cst)\n\n"
            "%s;\n\n",
            test->name, LITMUS_BATCH_TEXT);
}

void litmus_emit_tail(FILE *f, const struct litmus_test *test)
{
    fputs("void (*const litmus_threads[])(const struct litmus_batch *) = {", f);
    for (unsigned i = 0; i < test->thread_count; ++i) {
        fprintf(f, "%srun_P%u", i == 0 ? "" : ", ", i);
    }
    fputs("};\n", f);
}

void litmus_emit(FILE *f, const struct litmus_test *test)
{
    litmus_emit_head(f, test);
    if (litmus_feature(test) != NULL) {
        emit_wide(f, test);
        litmus_emit_tail(f, test);
        return;
    }
    for (unsigned i = 0; i < test->thread_count; ++i) {
        emit_thread(f, test, i);
    }
    emit_reset(f, test);
    emit_count(f, test);
    litmus_emit_tail(f, test);
}
