/* registers.c - the names of registers. */
#include "asm.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool same(const char *word, size_t length, const char *name)
{
    return strlen(name) == length && strncasecmp(word, name, length) == 0;
}

/* The decimal number that is all of the word after `skip` characters; LITMUS_NOWHERE if it is none. */
static unsigned number_after(const char *word, size_t length, size_t skip)
{
    unsigned number = 0;
    if (length <= skip || length > skip + 2 || (length == skip + 2 && word[skip] == '0')) {
        return LITMUS_NOWHERE;
    }
    for (size_t i = skip; i < length; ++i) {
        if (!isdigit((unsigned char)word[i])) {
            return LITMUS_NOWHERE;
        }
        number = number * 10 + (unsigned)(word[i] - '0');
    }
    return number;
}

/* The parts of x86's registers, in the order of the encoding. The high halves (ah) are not here: gas knows
 * them, and no test has used one yet.
 */
static const char *const x86_names[16][4] = {
    {"rax", "eax", "ax", "al"},      {"rcx", "ecx", "cx", "cl"},
    {"rdx", "edx", "dx", "dl"},      {"rbx", "ebx", "bx", "bl"},
    {"rsp", "esp", "sp", "spl"},     {"rbp", "ebp", "bp", "bpl"},
    {"rsi", "esi", "si", "sil"},     {"rdi", "edi", "di", "dil"},
    {"r8", "r8d", "r8w", "r8b"},     {"r9", "r9d", "r9w", "r9b"},
    {"r10", "r10d", "r10w", "r10b"}, {"r11", "r11d", "r11w", "r11b"},
    {"r12", "r12d", "r12w", "r12b"}, {"r13", "r13d", "r13w", "r13b"},
    {"r14", "r14d", "r14w", "r14b"}, {"r15", "r15d", "r15w", "r15b"}};
static const char *const x86_capitals[16] = {"EAX",  "ECX",  "EDX",  "EBX", "ESP",  "EBP",
                                             "ESI",  "EDI",  "R8D",  "R9D", "R10D", "R11D",
                                             "R12D", "R13D", "R14D", "R15D"};
enum { X86_STACK = 4 };

static enum asm_kind x86_register(const char *word, size_t length, struct asm_register *found)
{
    static const char *const floating[] = {"xmm", "ymm", "zmm", "mm"};
    for (unsigned i = 0; i < 16; ++i) {
        for (unsigned part = 0; part < 4; ++part) {
            if (same(word, length, x86_names[i][part])) {
                *found = (struct asm_register){i, 64u >> part};
                return i == X86_STACK ? ASM_RESERVED : ASM_REGISTER;
            }
        }
    }
    for (size_t i = 0; i < sizeof floating / sizeof *floating; ++i) {
        const size_t prefix = strlen(floating[i]);
        if (length > prefix && strncasecmp(word, floating[i], prefix) == 0 &&
            number_after(word, length, prefix) != LITMUS_NOWHERE) {
            return ASM_FLOATING;
        }
    }
    return ASM_NO_REGISTER;
}

static enum asm_kind aarch64_register(const char *word, size_t length, struct asm_register *found)
{
    const int first = toupper((unsigned char)*word);
    const unsigned number = number_after(word, length, 1);
    if (same(word, length, "XZR") || same(word, length, "WZR")) {
        *found = (struct asm_register){31, first == 'X' ? 64 : 32};
        return ASM_ZERO;
    }
    if (same(word, length, "SP") || same(word, length, "WSP")) {
        return ASM_RESERVED;
    }
    if (number == LITMUS_NOWHERE || number > 31) {
        return ASM_NO_REGISTER;
    }
    if (first == 'X' || first == 'W') {
        *found = (struct asm_register){number, first == 'X' ? 64 : 32};
        /* 29 is the frame pointer, and 18 some platforms' own. */
        return number == 31 ? ASM_NO_REGISTER : number == 29 ? ASM_RESERVED : ASM_REGISTER;
    }
    return strchr("BHSDQVZP", first) != NULL && (first != 'P' || number < 16) ? ASM_FLOATING
                                                                              : ASM_NO_REGISTER;
}

static const char *const riscv_names[32] = {"zero", "ra", "sp",  "gp",  "tp", "t0", "t1", "t2",
                                            "s0",   "s1", "a0",  "a1",  "a2", "a3", "a4", "a5",
                                            "a6",   "a7", "s2",  "s3",  "s4", "s5", "s6", "s7",
                                            "s8",   "s9", "s10", "s11", "t3", "t4", "t5", "t6"};

static enum asm_kind riscv_register(const char *word, size_t length, struct asm_register *found)
{
    unsigned number = *word == 'x' ? number_after(word, length, 1) : LITMUS_NOWHERE;
    for (unsigned i = 0; i < 32; ++i) {
        if (same(word, length, riscv_names[i])) {
            number = i;
        }
    }
    number = same(word, length, "fp") ? 8 : number;
    if (number > 31) {
        const size_t skip = length > 2 && strchr("tas", word[1]) != NULL ? 2 : 1;
        return *word == 'f' && number_after(word, length, skip) != LITMUS_NOWHERE ? ASM_FLOATING
                                                                                  : ASM_NO_REGISTER;
    }
    *found = (struct asm_register){number, 64};
    return number == 0 ? ASM_ZERO : number >= 2 && number <= 4 ? ASM_RESERVED : ASM_REGISTER;
}

enum asm_kind asm_register(enum litmus_dialect dialect, const char *word, size_t length,
                           struct asm_register *found)
{
    *found = (struct asm_register){LITMUS_NOWHERE, 0};
    switch (dialect) {
    case LITMUS_X86:
    case LITMUS_X86_64:
        return x86_register(word, length, found);
    case LITMUS_AARCH64:
        return aarch64_register(word, length, found);
    case LITMUS_RISCV:
        return riscv_register(word, length, found);
    case LITMUS_C:
        break;
    }
    return ASM_NO_REGISTER;
}

const char *asm_register_name(enum litmus_dialect dialect, unsigned number)
{
    return dialect == LITMUS_X86 ? x86_capitals[number]
                                 : asm_part_name(dialect, (struct asm_register){number, 64});
}

const char *asm_part_name(enum litmus_dialect dialect, struct asm_register reg)
{
    static const char *const x[] = {"X0",  "X1",  "X2",  "X3",  "X4",  "X5",  "X6",  "X7",
                                    "X8",  "X9",  "X10", "X11", "X12", "X13", "X14", "X15",
                                    "X16", "X17", "X18", "X19", "X20", "X21", "X22", "X23",
                                    "X24", "X25", "X26", "X27", "X28", "X29", "X30", "XZR"};
    static const char *const little[] = {"x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",
                                         "x8",  "x9",  "x10", "x11", "x12", "x13", "x14", "x15",
                                         "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23",
                                         "x24", "x25", "x26", "x27", "x28", "x29", "x30", "x31"};
    switch (dialect) {
    case LITMUS_X86:
    case LITMUS_X86_64:
        return x86_names[reg.number][reg.bits == 64   ? 0
                                     : reg.bits == 32 ? 1
                                     : reg.bits == 16 ? 2
                                                      : 3];
    case LITMUS_AARCH64:
        return x[reg.number];
    case LITMUS_RISCV:
        return little[reg.number];
    case LITMUS_C:
        break;
    }
    return "";
}

static const struct {
    const char *name, *machine, *model;
    enum litmus_dialect dialect;
} dialects[] = {{"X86_64", "x86_64", "TSO", LITMUS_X86_64},
                {"X86", "x86_64", "TSO", LITMUS_X86},
                {"AArch64", "aarch64", "AArch64", LITMUS_AARCH64},
                {"RISCV", "riscv64", "RVWMO", LITMUS_RISCV}};

bool asm_dialect(const char *word, size_t length, enum litmus_dialect *dialect)
{
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; ++i) {
        if (strlen(dialects[i].name) == length && memcmp(word, dialects[i].name, length) == 0) {
            *dialect = dialects[i].dialect;
            return true;
        }
    }
    return false;
}

const char *asm_dialect_name(enum litmus_dialect dialect)
{
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; ++i) {
        if (dialects[i].dialect == dialect) {
            return dialects[i].name;
        }
    }
    return "C";
}

const char *asm_machine(enum litmus_dialect dialect)
{
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; ++i) {
        if (dialects[i].dialect == dialect) {
            return dialects[i].machine;
        }
    }
    return NULL;
}

const char *asm_model(enum litmus_dialect dialect)
{
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; ++i) {
        if (dialects[i].dialect == dialect) {
            return dialects[i].model;
        }
    }
    return NULL;
}

bool asm_runs_on(const struct litmus_test *test, const char *machine)
{
    return test->dialect == LITMUS_C || strcmp(asm_machine(test->dialect), machine) == 0;
}
