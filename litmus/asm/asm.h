/* asm.h - tests in herd's assembly dialects: X86 and X86_64, AArch64, RISCV.
 *
 * A thread is a column of instructions. They stay text, which only the assembler understands in full; what
 * is known of it here is what must be: the registers, since the test's state and its condition speak of them,
 * the labels, which have to be unique, and of x86 the operands, whose order and spelling is herd's own.
 *
 * Registers are the hardware's: a thread's body is one asm statement, whose operands are pinned to the
 * registers that the test names. So what runs is what the file says, register for register, also where an
 * instruction uses a register that it does not name (CMPXCHG). The compiler saves and restores what it has to
 * around the statement, and cannot put anything between its instructions.
 */
#ifndef CORDON_LITMUS_ASM_H
#define CORDON_LITMUS_ASM_H

#include "parse/parser.h"

/* What a word is that may be a register's name. */
enum asm_kind {
    ASM_NO_REGISTER,
    ASM_REGISTER, /* of integers, and the test's to use */
    ASM_ZERO,     /* reads as 0 */
    ASM_RESERVED, /* the stack pointer, and what else the compiler must keep */
    ASM_FLOATING, /* floating-point and vector registers */
};

struct asm_register {
    unsigned number; /* as the hardware counts */
    unsigned bits;   /* of the part that the name means: 64, 32, 16, 8 */
};

/* asm_register - what the word means. */
enum asm_kind asm_register(enum litmus_dialect dialect, const char *word, size_t length,
                           struct asm_register *found);

/* asm_register_name - as herd prints it: X0, rax (X86: EAX), x5. */
const char *asm_register_name(enum litmus_dialect dialect, unsigned number);
/* asm_part_name - as the assembler writes that part of it. */
const char *asm_part_name(enum litmus_dialect dialect, struct asm_register reg);

/* asm_dialect - which of herd's words for a language this is; false if none of ours. */
bool asm_dialect(const char *word, size_t length, enum litmus_dialect *dialect);
/* asm_dialect_name - herd's word. */
const char *asm_dialect_name(enum litmus_dialect dialect);
/* asm_machine - the architecture it runs on, as uname says it. */
const char *asm_machine(enum litmus_dialect dialect);
/* asm_model - the key of the info line that says what its memory model allows: TSO, AArch64, RVWMO. */
const char *asm_model(enum litmus_dialect dialect);
/* asm_runs_on - can this machine run it? A test in C runs on any. */
bool asm_runs_on(const struct litmus_test *test, const char *machine);

/* asm_read - the test from its initial state to the end of its instructions. */
void asm_read(struct parser *parser);

/* asm_usable_register - the register of that name. Fails if it is none, or none that a test can have; false
 * for the one that is always 0.
 */
bool asm_usable_register(struct parser *parser, struct litmus_place place, const char *name,
                         size_t length, struct asm_register *reg);

/* asm_use_register - its index among the thread's, to which it is added. */
unsigned asm_use_register(struct parser *parser, struct litmus_thread *thread,
                          struct asm_register reg, struct litmus_place place);

/* asm_observed_register - the same, of one that the condition names. */
unsigned asm_observed_register(struct parser *parser, unsigned thread, struct litmus_place place,
                               const char *name);

/* asm_use_location - the thread needs its address. */
void asm_use_location(struct parser *parser, struct litmus_thread *thread, unsigned location);

/* asm_check - look at all instructions: what they name goes into the threads. */
void asm_check(struct parser *parser);

/* Text. */

/* asm_word - the length of the name at its beginning, 0 if there is none. */
size_t asm_word(const char *text);
bool asm_is_label(const struct litmus_thread *thread, const char *word, size_t length);

struct asm_part {
    const char *start;
    size_t length;
};
bool asm_is(struct asm_part part, const char *word); /* in any case */

/* An instruction, its operands cut at the commas outside of brackets. */
enum { ASM_MOST_OPERANDS = 6 };
struct asm_instruction {
    struct asm_part prefix; /* "lock"; length 0: none */
    struct asm_part mnemonic;
    struct asm_part operand[ASM_MOST_OPERANDS];
    unsigned count;
};

/* asm_cut - false if there are too many operands. */
bool asm_cut(const char *text, struct asm_instruction *instruction);

/* asm_memory - is this operand of x86 in brackets, as [x], (%rax), 8(%rax,%rbx,4)? Then what stands in them. */
bool asm_memory(struct asm_part operand, struct asm_part *displacement, struct asm_part *inside);

/* asm_location - the location whose address stands in that operand, if no register has got another value meanwhile;
 * LITMUS_NOWHERE if that is not known.
 */
unsigned asm_location(const struct litmus_test *test, const struct litmus_thread *thread,
                      struct asm_part operand);

/* asm_x86_bits - how many bits the instruction says that it works on; 0: it does not. *needs gets whether it takes
 * a suffix.
 */
unsigned asm_x86_bits(struct asm_part mnemonic, bool *needs);

/* asm_place - where a part of the instruction stands in the file; exact if no comment stands before it. */
struct litmus_place asm_place(const struct litmus_instruction *instruction, const char *part);

/* asm_check_accesses - none may go beyond the location that it goes to. */
void asm_check_accesses(struct parser *parser);

/* asm_observes_wide - may a register that is observed hold more than an int? */
bool asm_observes_wide(const struct litmus_test *test);

/* asm_survey - for each location, the bit of this thread where it loads or stores; and the largest small
 * constant.
 */
void asm_survey(const struct litmus_test *test, unsigned thread, uint64_t *loaded, uint64_t *stored,
                uint32_t *most);

/* asm_explain - a line of the compiler's or assembler's about an instruction: where the test has that, and
 * what is wrong with it. False if it is about something else.
 */
bool asm_explain(const struct litmus_test *test, const char *line, struct litmus_error *error);

/* Emission: emit.c, x86.c. */

/* asm_emit_body - what stands in the function of a thread: see emit.c of the runner. */
void asm_emit_body(FILE *stream, const struct litmus_test *test, unsigned thread);

/* asm_emit_words - a piece of an instruction, labels made unique, as the text of an asm statement. */
void asm_emit_words(FILE *stream, const struct litmus_thread *thread, const char *text,
                    size_t length);

/* asm_emit_x86 - herd's spelling of an instruction in GNU as's. */
void asm_emit_x86(FILE *stream, const struct litmus_test *test, const struct litmus_thread *thread,
                  const char *text);

#endif
