/* emit.c - an assembly thread as the body of a C function.
 *
 * The function has a parameter for each location that the thread needs and one for each register that is
 * observed, as that of a thread in C. Its registers are variables pinned to the hardware's, which the asm
 * statement reads and writes, and so keep their values nowhere else.
 *
 * A #line before the statement numbers its instructions, one a line: whatever the assembler says of one is said
 * of that line of a file "instruction of NAME", which asm_explain turns back.
 */
#include "asm.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static bool on_x86(const struct litmus_test *test)
{
    return test->dialect == LITMUS_X86 || test->dialect == LITMUS_X86_64;
}

void asm_emit_words(FILE *f, const struct litmus_thread *thread, const char *text, size_t length)
{
    static const char both[] = ".aq.rl"; /* herd's; GNU as has .aqrl */
    for (const char *c = text, *end = text + length; c < end;) {
        const size_t word = asm_word(c);
        if (word == 0) {
            fputs(*c == '%' ? "%%" : (char[]){*c, '\0'}, f);
            ++c;
            continue;
        }
        const size_t kept =
            word > sizeof both && memcmp(c + word - (sizeof both - 1), both, sizeof both - 1) == 0
                ? word - (sizeof both - 1)
                : word;
        if (asm_is_label(thread, c, word)) {
            fprintf(f, ".L%.*s_%%=", (int)word, c);
        } else {
            fprintf(f, "%.*s%s", (int)kept, c, kept < word ? ".aqrl" : "");
        }
        c += word;
    }
}

static void emit_instruction(FILE *f, const struct litmus_test *test,
                             const struct litmus_thread *thread,
                             const struct litmus_instruction *instruction)
{
    if (instruction->is_label) {
        asm_emit_words(f, thread, instruction->text, strlen(instruction->text));
        fputc(':', f);
    } else if (on_x86(test)) {
        asm_emit_x86(f, test, thread, instruction->text);
    } else {
        asm_emit_words(f, thread, instruction->text, strlen(instruction->text));
    }
}

static void emit_registers(FILE *f, const struct litmus_test *test,
                           const struct litmus_thread *thread)
{
    for (unsigned i = 0; i < thread->register_count; ++i) {
        const struct litmus_register *reg = &thread->reg[i];
        struct asm_register found;
        asm_register(test->dialect, reg->name, strlen(reg->name), &found);
        found.bits = 64;
        fprintf(f, "    register uint64_t r_%s __asm__(\"", reg->name);
        for (const char *c = asm_part_name(test->dialect, found); *c != '\0'; ++c) {
            fputc(*c == 'X' ? 'x' : *c, f);
        }
        if (LITMUS_IS_ADDRESS(reg->initial)) {
            fprintf(f, "\") = (uintptr_t)x_%s;\n",
                    test->location[LITMUS_ADDRESS_OF(reg->initial)].name);
        } else {
            fprintf(f, "\") = (uint64_t)INT64_C(%" PRId64 ");\n", reg->initial);
        }
    }
}

/* The name of the file that instructions seem to stand in; of a test's name, what C takes in a string. */
static const char *file_of(const struct litmus_test *test, char *name, size_t size)
{
    snprintf(name, size, "instruction of %s", test->name);
    for (char *c = name; *c != '\0'; ++c) {
        *c = strchr("\"\\:", *c) != NULL ? '?' : *c;
    }
    return name;
}

bool asm_explain(const struct litmus_test *test, const char *line, struct litmus_error *error)
{
    char name[LITMUS_MOST_NAME + 32];
    const char *found =
        test->dialect != LITMUS_C ? strstr(line, file_of(test, name, sizeof name)) : NULL;
    const char *text = found != NULL ? strstr(found, "rror: ") : NULL;
    if (text == NULL ||
        found[strlen(name)] != ':') { /* "NAME:7: Error: ...", "NAME:7:12: error: ..." */
        return false;
    }
    unsigned index = (unsigned)strtoul(found + strlen(name) + 1, NULL, 10) - 1;
    for (unsigned i = 0; i < test->thread_count; ++i) {
        const struct litmus_thread *thread = &test->thread[i];
        if (index < thread->instruction_count) {
            const int length = (int)strcspn(text + strlen("rror: "), "\n");
            error->place = thread->instruction[index].place;
            snprintf(error->text, sizeof error->text, "'%.100s': the assembler says: %.*s",
                     thread->instruction[index].text, length > 180 ? 180 : length,
                     text + strlen("rror: "));
            return true;
        }
        index -= thread->instruction_count;
    }
    return false;
}

static void emit_statement(FILE *f, const struct litmus_test *test,
                           const struct litmus_thread *thread, unsigned first)
{
    const char *separator = "";
    char name[LITMUS_MOST_NAME + 32];
    fprintf(f, "#line %u \"%s\"\n    __asm__ volatile(\"", first, file_of(test, name, sizeof name));
    /* Atomic instructions are extensions, which the compiler need not have been told of. */
    fputs(test->dialect == LITMUS_AARCH64 ? ".arch_extension lse; .arch_extension rcpc; " : "", f);
    for (unsigned i = 0; i < thread->instruction_count; ++i) {
        fputs(i == 0 ? "" : "\"\n                     \"\\n\\t", f);
        emit_instruction(f, test, thread, &thread->instruction[i]);
    }
    fputs("\"\n                     : ", f);
    for (unsigned i = 0; i < thread->register_count; ++i, separator = ", ") {
        fprintf(f, "%s\"+r\"(r_%s)", separator, thread->reg[i].name);
    }
    for (unsigned i = 0; on_x86(test) && i < thread->parameter_count; ++i, separator = ", ") {
        const char *location = test->location[thread->parameter[i].location].name;
        fprintf(f, "%s[m_%s] \"+m\"(*x_%s)", separator, location, location);
    }
    fputs("\n                     :\n                     : \"memory\", \"cc\");\n", f);
}

/* What the register shows: as its type says, if it has one; else 32 bits are an int, and so is all of the
 * register where only they are set, as an instruction on 32 bits leaves it (RISC-V's extend the sign).
 */
static void emit_value(FILE *f, const struct litmus_test *test, const struct litmus_register *reg,
                       const char *observed)
{
    struct asm_register part;
    const char *name = strchr(observed, ':') + 1;
    asm_register(test->dialect, name, strlen(name), &part);
    const unsigned bits = reg->width.bytes != 0 ? 8u * reg->width.bytes : part.bits;
    if (bits < 64) {
        fprintf(f, "(%sint%u_t)r_%s", reg->width.is_unsigned ? "u" : "", bits, reg->name);
    } else if (reg->width.bytes != 0 || test->dialect == LITMUS_RISCV) {
        fprintf(f, "(int64_t)r_%s", reg->name);
    } else {
        fprintf(f, "(r_%s >> 32 == 0 ? (int32_t)r_%s : (int64_t)r_%s)", reg->name, reg->name,
                reg->name);
    }
}

void asm_emit_body(FILE *f, const struct litmus_test *test, unsigned index)
{
    const struct litmus_thread *thread = &test->thread[index];
    unsigned first = 1;
    for (unsigned i = 0; i < index; ++i) {
        first += test->thread[i].instruction_count;
    }
    emit_registers(f, test, thread);
    emit_statement(f, test, thread, first);
    fprintf(f, "#line 1 \"P%u\"\n", index);
    for (unsigned i = 0; i < test->observed_count; ++i) {
        if (test->observed[i].thread == index) {
            const struct litmus_register *reg = &thread->reg[test->observed[i].index];
            fprintf(f, "    *out_%s = ", reg->name);
            emit_value(f, test, reg, test->observed[i].name);
            fputs(";\n", f);
        }
    }
}
