/* x86.c - herd's spelling of x86's instructions in GNU as's.
 *
 * X86 has the destination first, as Intel: MOV [x],$1; X86_64 has it last, as AT&T: movl $1,(x). Both write
 * a register with or without a percent sign and an address in round or square brackets, and name locations. A
 * suffix of the instruction gives registers their size (movl (x),%rax loads 32 bits); where neither suffix nor
 * register tells it, it is the location's.
 */
#include "asm.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static bool is_register(struct asm_part operand, struct asm_register *reg)
{
    const size_t percent = operand.length > 0 && *operand.start == '%';
    return asm_register(LITMUS_X86_64, operand.start + percent, operand.length - percent, reg) ==
           ASM_REGISTER;
}

static unsigned location_of(const struct litmus_test *test, struct asm_part name)
{
    for (unsigned i = 0; i < test->location_count; ++i) {
        if (strlen(test->location[i].name) == name.length &&
            memcmp(test->location[i].name, name.start, name.length) == 0) {
            return i;
        }
    }
    return LITMUS_NOWHERE;
}

/* The registers of an address have 64 bits, whatever they are called. */
static void emit_address(FILE *f, struct asm_part displacement, struct asm_part inside)
{
    fprintf(f, "%.*s(", (int)displacement.length, displacement.start);
    for (size_t i = 0; i < inside.length;) {
        const size_t length = asm_word(inside.start + i);
        struct asm_register reg;
        if (is_register((struct asm_part){inside.start + i, length}, &reg)) {
            fprintf(f, "%%%%%s",
                    asm_part_name(LITMUS_X86_64, (struct asm_register){reg.number, 64}));
            i += length;
        } else {
            if (inside.start[i] != '%' && inside.start[i] != ' ') {
                fputc(inside.start[i], f);
            }
            ++i;
        }
    }
    fputc(')', f);
}

static void emit_operand(FILE *f, const struct litmus_test *test,
                         const struct litmus_thread *thread, struct asm_part operand, unsigned bits)
{
    struct asm_part displacement, inside;
    struct asm_register reg;
    if (is_register(operand, &reg)) {
        reg.bits = bits != 0 ? bits : reg.bits;
        fprintf(f, "%%%%%s", asm_part_name(LITMUS_X86_64, reg));
    } else if (asm_memory(operand, &displacement, &inside)) {
        const unsigned location = location_of(test, inside);
        if (displacement.length == 0 && location != LITMUS_NOWHERE && !is_register(inside, &reg)) {
            fprintf(f, "%%[m_%s]", test->location[location].name);
        } else {
            emit_address(f, displacement, inside);
        }
    } else {
        const bool number =
            operand.length > 0 && (isdigit((unsigned char)*operand.start) || *operand.start == '-');
        fputs(number ? "$" : "", f);
        asm_emit_words(f, thread, operand.start, operand.length);
    }
}

/* The suffix that makes the size of a memory operand known. */
static const char *suffix_of(const struct litmus_test *test, const struct asm_instruction *parts)
{
    static const char *const suffixes[] = {"l", "b", "w", "l", "l", "l", "l", "l", "q"};
    struct asm_part displacement, inside;
    struct asm_register reg;
    const char *suffix = "";
    for (unsigned i = 0; i < parts->count; ++i) {
        if (is_register(parts->operand[i], &reg)) {
            return "";
        }
        if (asm_memory(parts->operand[i], &displacement, &inside)) {
            const unsigned location = location_of(test, inside);
            suffix =
                suffixes[location != LITMUS_NOWHERE ? test->location[location].width.bytes : 0];
        }
    }
    return suffix;
}

void asm_emit_x86(FILE *f, const struct litmus_test *test, const struct litmus_thread *thread,
                  const char *text)
{
    struct asm_instruction parts;
    bool needs;
    (void)asm_cut(text, &parts);
    const unsigned bits = asm_x86_bits(parts.mnemonic, &needs);
    fputs(parts.prefix.length > 0 ? "lock " : "", f);
    if (asm_is(parts.mnemonic, "jlt") || asm_is(parts.mnemonic, "jgt")) { /* herd's */
        fprintf(f, "j%c", tolower((unsigned char)parts.mnemonic.start[1]));
    } else {
        for (size_t i = 0; i < parts.mnemonic.length; ++i) {
            fputc(tolower((unsigned char)parts.mnemonic.start[i]), f);
        }
    }
    fputs(needs ? suffix_of(test, &parts) : "", f);
    for (unsigned i = 0; i < parts.count; ++i) {
        const unsigned from = test->dialect == LITMUS_X86 ? parts.count - 1 - i : i;
        fputs(i == 0 ? " " : ",", f);
        emit_operand(f, test, thread, parts.operand[from], bits);
    }
}
