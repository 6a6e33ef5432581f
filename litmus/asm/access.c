/* access.c - where an instruction's access ends. The next instance of a location lies right behind it: what
 * reached over there would be counted as that instance's doing. Addresses that are computed are not known here.
 */
#include "asm.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool begins(struct asm_part part, const char *with)
{
    return part.length >= strlen(with) && strncasecmp(part.start, with, strlen(with)) == 0;
}

static bool ends(struct asm_part part, const char *with)
{
    const size_t length = strlen(with);
    return part.length > length &&
           strncasecmp(part.start + part.length - length, with, length) == 0;
}

/* Instructions that take a suffix of their size. */
static const char *const sized[] = {"mov", "add", "sub",  "or",      "xor",  "and",    "cmp",
                                    "dec", "inc", "xchg", "cmpxchg", "xadd", "not",    "neg",
                                    "adc", "sbb", "test", "bts",     "btr",  "movnti", "cmovc"};

unsigned asm_x86_bits(struct asm_part mnemonic, bool *needs)
{
    static const char suffixes[] = "bwlq";
    *needs = false;
    for (size_t i = 0; i < sizeof sized / sizeof *sized; ++i) {
        const size_t length = strlen(sized[i]);
        if (asm_is(mnemonic, sized[i])) {
            *needs = true;
            return 0;
        }
        if (mnemonic.length == length + 1 && strncasecmp(mnemonic.start, sized[i], length) == 0) {
            const char *suffix = strchr(suffixes, tolower((unsigned char)mnemonic.start[length]));
            if (suffix != NULL) {
                return 8u << (suffix - suffixes);
            }
        }
    }
    return mnemonic.length > 3 && strncasecmp(mnemonic.start, "set", 3) == 0 ? 8 : 0;
}

unsigned asm_location(const struct litmus_test *test, const struct litmus_thread *thread,
                      struct asm_part operand)
{
    struct asm_part displacement, inside;
    struct asm_register reg, other;
    if (!asm_memory(operand, &displacement, &inside)) {
        return LITMUS_NOWHERE;
    }
    const size_t percent = inside.length > 0 && *inside.start == '%';
    const size_t word = asm_word(inside.start + percent);
    if (asm_register(test->dialect, inside.start + percent, word, &reg) != ASM_REGISTER) {
        for (unsigned i = 0; i < test->location_count; ++i) {
            if (strlen(test->location[i].name) == word &&
                memcmp(test->location[i].name, inside.start, word) == 0) {
                return i;
            }
        }
        return LITMUS_NOWHERE;
    }
    for (unsigned i = 0; i < thread->register_count; ++i) {
        const struct litmus_register *held = &thread->reg[i];
        if (LITMUS_IS_ADDRESS(held->initial) &&
            asm_register(test->dialect, held->name, strlen(held->name), &other) == ASM_REGISTER &&
            other.number == reg.number) {
            return LITMUS_ADDRESS_OF(held->initial);
        }
    }
    return LITMUS_NOWHERE;
}

/* The bytes of the widest register among the operands; 0: there is none. */
static unsigned widest(enum litmus_dialect dialect, const struct asm_instruction *parts)
{
    unsigned bits = 0;
    for (unsigned i = 0; i < parts->count; ++i) {
        const struct asm_part operand = parts->operand[i];
        const size_t percent = operand.length > 0 && *operand.start == '%';
        struct asm_register reg;
        if (asm_register(dialect, operand.start + percent, operand.length - percent, &reg) !=
            ASM_NO_REGISTER) {
            bits = reg.bits > bits ? reg.bits : bits;
        }
    }
    return bits / 8;
}

static unsigned size_on_x86(const struct asm_instruction *parts)
{
    static const struct {
        const char *begin;
        unsigned size;
    } known[] = {{"lea", 0},   {"prefetch", 0}, {"clflush", 0}, {"clwb", 0},     {"nop", 0},
                 {"movzb", 1}, {"movsb", 1},    {"movzw", 2},   {"movsw", 2},    {"movsl", 4},
                 {"movzx", 0}, {"movsx", 0},    {"set", 1},     {"cmpxchg8b", 8}};
    for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
        if (begins(parts->mnemonic, known[i].begin)) {
            return known[i].size;
        }
    }
    bool needs;
    const unsigned bits = asm_x86_bits(parts->mnemonic, &needs);
    return bits != 0 ? bits / 8 : widest(LITMUS_X86_64, parts);
}

static unsigned size_on_aarch64(const struct asm_instruction *parts)
{
    const struct asm_part mnemonic = parts->mnemonic;
    return begins(mnemonic, "prfm") || begins(mnemonic, "prfum") ? 0
           : ends(mnemonic, "b")                                 ? 1
           : ends(mnemonic, "h")                                 ? 2
           : ends(mnemonic, "sw")                                ? 4
                                                                 : widest(LITMUS_AARCH64, parts);
}

/* lw, sd, lbu; lr.w, amoadd.d.aqrl */
static unsigned size_on_riscv(struct asm_part mnemonic)
{
    static const char letters[] = "bhwd";
    const char *point = memchr(mnemonic.start, '.', mnemonic.length);
    const char *letter =
        point != NULL && (size_t)(point + 1 - mnemonic.start) < mnemonic.length ? point + 1
        : mnemonic.length > 1 && strchr("lsLS", *mnemonic.start) != NULL        ? mnemonic.start + 1
                                                                                : NULL;
    const char *found = letter != NULL ? strchr(letters, tolower((unsigned char)*letter)) : NULL;
    return found != NULL && *found != '\0' ? 1u << (found - letters) : 0;
}

/* How many bytes of memory; 0: none, or as many as the location has. */
static unsigned size_of(enum litmus_dialect dialect, const struct asm_instruction *parts)
{
    return dialect == LITMUS_AARCH64 ? size_on_aarch64(parts)
           : dialect == LITMUS_RISCV ? size_on_riscv(parts->mnemonic)
                                     : size_on_x86(parts);
}

/* Further than any location, as what is more than a number may be. */
enum { BEYOND = 9 };

/* What is added to the address: 4(%rax), [X1,#4]. */
static long displacement_of(enum litmus_dialect dialect, struct asm_part before,
                            struct asm_part inside)
{
    struct asm_part number = before;
    if (dialect == LITMUS_AARCH64) {
        const char *comma = memchr(inside.start, ',', inside.length);
        number =
            comma != NULL
                ? (struct asm_part){comma + 1, inside.length - (size_t)(comma + 1 - inside.start)}
                : (struct asm_part){inside.start, 0};
        while (number.length > 0 && (*number.start == ' ' || *number.start == '#')) {
            ++number.start;
            --number.length;
        }
    }
    char *end = NULL; /* at the bracket: it is no digit */
    const long value = number.length > 0 ? strtol(number.start, &end, 0) : 0;
    return end == NULL || end == number.start || end == number.start + number.length ? value
                                                                                     : BEYOND;
}

/* Does the register of this address hold something else at times? It does not if it only ever stands in addresses. */
static bool is_moved(enum litmus_dialect dialect, const struct litmus_thread *thread,
                     struct asm_part inside)
{
    struct asm_register reg, other;
    const size_t skip = inside.length > 0 && *inside.start == '%';
    if (asm_register(dialect, inside.start + skip, asm_word(inside.start + skip), &reg) !=
        ASM_REGISTER) {
        return false;
    }
    for (unsigned i = 0; i < thread->instruction_count; ++i) {
        struct asm_instruction parts;
        (void)asm_cut(thread->instruction[i].text, &parts);
        for (unsigned k = 0; k < parts.count; ++k) {
            const struct asm_part operand = parts.operand[k];
            const size_t percent = operand.length > 0 && *operand.start == '%';
            if (asm_register(dialect, operand.start + percent, operand.length - percent, &other) ==
                    ASM_REGISTER &&
                other.number == reg.number) {
                return true;
            }
        }
    }
    return false;
}

static unsigned width_of(const struct litmus_location *location)
{
    return location->width.bytes != 0 ? location->width.bytes : 4;
}

static void check_operand(struct parser *parser, const struct litmus_thread *thread,
                          const struct litmus_instruction *instruction,
                          const struct asm_instruction *parts, struct asm_part operand)
{
    const struct litmus_test *test = parser->test;
    const struct litmus_place place = asm_place(instruction, operand.start);
    struct asm_part before, inside;
    if (operand.length > 0 && operand.start[operand.length - 1] == '!') {
        --operand.length;
    }
    if (!asm_memory(operand, &before, &inside)) {
        return;
    }
    const unsigned known = is_moved(test->dialect, thread, inside)
                               ? LITMUS_NOWHERE
                               : asm_location(test, thread, operand);
    const unsigned size = size_of(test->dialect, parts);
    const long more = displacement_of(test->dialect, before, inside);
    unsigned width = 0;
    for (unsigned i = 0; i < test->location_count; ++i) {
        const unsigned bytes = width_of(&test->location[i]);
        width = known == i || (known == LITMUS_NOWHERE && bytes > width) ? bytes : width;
    }
    if (width == 0) { /* no locations: nobody's neighbour */
        return;
    }
    if (more < 0 || more >= BEYOND || (size_t)more + (size != 0 || more == 0 ? size : 1) > width) {
        const char *what = known != LITMUS_NOWHERE ? test->location[known].name : "a location";
        parser_fail(parser, place,
                    "'%.80s' accesses bytes %ld to %ld, but %s has only %u: where it is to have "
                    "more, declare it so (int64_t x)",
                    instruction->text, more, more + (size != 0 ? (long)size : 1) - 1, what, width);
    }
}

void asm_check_accesses(struct parser *parser)
{
    const struct litmus_test *test = parser->test;
    for (unsigned i = 0; i < test->thread_count; ++i) {
        for (unsigned k = 0; k < test->thread[i].instruction_count; ++k) {
            const struct litmus_instruction *instruction = &test->thread[i].instruction[k];
            struct asm_instruction parts;
            if (instruction->is_label || !asm_cut(instruction->text, &parts)) {
                continue;
            }
            for (unsigned operand = 0; operand < parts.count; ++operand) {
                check_operand(parser, &test->thread[i], instruction, &parts,
                              parts.operand[operand]);
            }
        }
    }
}

/* Of RISC-V, whose registers have one name, what commonly makes more than 32 bits. */
static bool is_wide_on_riscv(struct asm_part mnemonic)
{
    static const char *const wide[] = {"slli", "sll", "mul", "mulh", "mv", "add", "sub", "ld"};
    bool is_wide = size_on_riscv(mnemonic) == 8;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; ++i) {
        is_wide |= asm_is(mnemonic, wide[i]);
    }
    return is_wide;
}

/* Does the thread give the register 64 bits at once? */
static bool is_set_wide(enum litmus_dialect dialect, const struct litmus_thread *thread,
                        const struct litmus_register *reg)
{
    struct asm_register wanted, other;
    (void)asm_register(dialect, reg->name, strlen(reg->name), &wanted);
    for (unsigned i = 0; i < thread->instruction_count; ++i) {
        struct asm_instruction parts;
        bool needs;
        (void)asm_cut(thread->instruction[i].text, &parts);
        const bool wide = dialect == LITMUS_RISCV     ? is_wide_on_riscv(parts.mnemonic)
                          : dialect != LITMUS_AARCH64 ? asm_x86_bits(parts.mnemonic, &needs) == 64
                                                      : false;
        for (unsigned k = 0; k < parts.count; ++k) {
            const struct asm_part operand = parts.operand[k];
            const size_t percent = operand.length > 0 && *operand.start == '%';
            const enum asm_kind kind =
                asm_register(dialect, operand.start + percent, operand.length - percent, &other);
            if (kind == ASM_REGISTER && other.number == wanted.number &&
                (wide || (dialect != LITMUS_RISCV && other.bits == 64))) {
                return true;
            }
        }
    }
    return false;
}

bool asm_observes_wide(const struct litmus_test *test)
{
    for (unsigned i = 0; i < test->observed_count; ++i) {
        const struct litmus_observed *observed = &test->observed[i];
        if (observed->thread != LITMUS_NOWHERE) {
            const struct litmus_thread *thread = &test->thread[observed->thread];
            const struct litmus_register *reg = &thread->reg[observed->index];
            if (LITMUS_IS_ADDRESS(reg->initial) || reg->initial != (int32_t)reg->initial ||
                is_set_wide(test->dialect, thread, reg)) {
                return true;
            }
        }
    }
    return false;
}
