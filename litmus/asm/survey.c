/* survey.c - what a thread of instructions loads, stores, and names as a number: guesses, from which the
 * runner chooses how to count and which core to warm a cache for, and which may be wrong.
 */
#include "asm.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Larger constants are masks, shifts and offsets rather than values. */
enum { MOST_VALUE = 255 };

static bool begins(struct asm_part mnemonic, const char *with)
{
    return mnemonic.length >= strlen(with) && strncasecmp(mnemonic.start, with, strlen(with)) == 0;
}

static bool stores(enum litmus_dialect dialect, const struct asm_instruction *parts,
                   unsigned operand)
{
    static const char *const aarch64[] = {"st",    "swp",   "cas", "ldadd", "ldclr",
                                          "ldeor", "ldset", "lds", "ldu"};
    static const char *const riscv[] = {"sb", "sh", "sw", "sd", "sc.", "amo"};
    const struct asm_part mnemonic = parts->mnemonic;
    switch (dialect) {
    case LITMUS_X86:
    case LITMUS_X86_64:
        return parts->prefix.length > 0 || begins(mnemonic, "xchg") ||
               (operand == (dialect == LITMUS_X86 ? 0 : parts->count - 1) &&
                !begins(mnemonic, "cmp") && !begins(mnemonic, "test"));
    case LITMUS_AARCH64:
        for (size_t i = 0; i < sizeof aarch64 / sizeof *aarch64; ++i) {
            if (begins(mnemonic, aarch64[i])) {
                return true;
            }
        }
        return false;
    case LITMUS_RISCV:
        for (size_t i = 0; i < sizeof riscv / sizeof *riscv; ++i) {
            if (begins(mnemonic, riscv[i])) {
                return true;
            }
        }
        return false;
    case LITMUS_C:
        break;
    }
    return false;
}

/* "$1", "#1", or of RISC-V, and of x86 also, "1". */
static uint32_t value_of(struct asm_part operand)
{
    const char *digits =
        operand.start + (operand.length > 0 && strchr("$#", *operand.start) != NULL);
    if (operand.length == 0 || !isdigit((unsigned char)*digits)) {
        return 0;
    }
    char *end;
    const unsigned long value = strtoul(digits, &end, 0);
    return end == operand.start + operand.length && value <= MOST_VALUE ? (uint32_t)value : 0;
}

void asm_survey(const struct litmus_test *test, unsigned index, uint64_t *loaded, uint64_t *stored,
                uint32_t *most)
{
    const struct litmus_thread *thread = &test->thread[index];
    for (unsigned i = 0; i < thread->instruction_count; ++i) {
        struct asm_instruction parts;
        if (thread->instruction[i].is_label || !asm_cut(thread->instruction[i].text, &parts)) {
            continue;
        }
        for (unsigned k = 0; k < parts.count; ++k) {
            const unsigned location = asm_location(test, thread, parts.operand[k]);
            const uint32_t value = value_of(parts.operand[k]);
            *most = value > *most ? value : *most;
            if (location != LITMUS_NOWHERE) {
                uint64_t *const which = stores(test->dialect, &parts, k) ? stored : loaded;
                which[location] |= UINT64_C(1) << index;
            }
        }
    }
    /* Whose address is computed is not known to be used; it is more likely read. */
    for (unsigned i = 0; i < thread->parameter_count; ++i) {
        const unsigned location = thread->parameter[i].location;
        if (((loaded[location] | stored[location]) >> index & 1) == 0) {
            loaded[location] |= UINT64_C(1) << index;
        }
    }
}
