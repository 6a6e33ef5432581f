/* check.c - what a thread's instructions name, and what they may not.
 *
 * A thread is an asm statement: what leaves it, or moves the stack under it, would take the program with it.
 * What the assembler would pass on to the linker, a name that is nothing, is found here, too.
 */
#include "asm.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Two for each read and written operand of an asm statement, and GCC takes 30. */
enum { MOST_OPERANDS = 15 };

size_t asm_word(const char *text)
{
    size_t length = 0;
    if (isalpha((unsigned char)*text) || *text == '_') {
        while (isalnum((unsigned char)text[length]) || text[length] == '_' || text[length] == '.') {
            ++length;
        }
    }
    return length;
}

bool asm_is_label(const struct litmus_thread *thread, const char *word, size_t length)
{
    for (unsigned i = 0; i < thread->instruction_count; ++i) {
        const struct litmus_instruction *label = &thread->instruction[i];
        if (label->is_label && strlen(label->text) == length &&
            memcmp(label->text, word, length) == 0) {
            return true;
        }
    }
    return false;
}

bool asm_is(struct asm_part part, const char *word)
{
    return strlen(word) == part.length && strncasecmp(part.start, word, part.length) == 0;
}

static struct asm_part trimmed(const char *start, const char *end)
{
    while (start < end && *start == ' ') {
        ++start;
    }
    while (end > start && end[-1] == ' ') {
        --end;
    }
    return (struct asm_part){start, (size_t)(end - start)};
}

bool asm_cut(const char *text, struct asm_instruction *instruction)
{
    memset(instruction, 0, sizeof *instruction);
    struct asm_part first = {text, strcspn(text, " ")};
    if (asm_is(first, "lock") && text[first.length] == ' ') {
        instruction->prefix = first;
        text += first.length + 1;
        first = (struct asm_part){text, strcspn(text, " ")};
    }
    instruction->mnemonic = first;
    const char *start = text + first.length;
    int depth = 0;
    if (start[strspn(start, " ")] == '\0') {
        return true;
    }
    for (const char *c = start;; ++c) {
        depth += *c == '(' || *c == '[';
        depth -= *c == ')' || *c == ']';
        if (*c == '\0' || (*c == ',' && depth <= 0)) {
            if (instruction->count == ASM_MOST_OPERANDS) {
                return false;
            }
            instruction->operand[instruction->count++] = trimmed(start, c);
            start = c + 1;
        }
        if (*c == '\0') {
            return true;
        }
    }
}

bool asm_memory(struct asm_part operand, struct asm_part *displacement, struct asm_part *inside)
{
    const char *end = operand.start + operand.length, *open = operand.start;
    while (open < end && *open != '(' && *open != '[') {
        ++open;
    }
    if (open == end || end[-1] != (*open == '(' ? ')' : ']')) {
        return false;
    }
    *displacement = trimmed(operand.start, open);
    *inside = trimmed(open + 1, end - 1);
    return true;
}

bool asm_usable_register(struct parser *parser, struct litmus_place place, const char *name,
                         size_t length, struct asm_register *reg)
{
    const enum litmus_dialect dialect = parser->test->dialect;
    const char *language = asm_dialect_name(dialect);
    switch (asm_register(dialect, name, length, reg)) {
    case ASM_REGISTER:
        return true;
    case ASM_ZERO:
        return false;
    case ASM_NO_REGISTER:
        parser_fail(parser, place, "%s has no register '%.*s' (one is called %s)", language,
                    (int)length, name, asm_register_name(dialect, dialect == LITMUS_RISCV ? 5 : 0));
    case ASM_RESERVED:
        parser_fail(parser, place,
                    "the register '%.*s' is the compiler's (stack, frame or thread): use another",
                    (int)length, name);
    case ASM_FLOATING:
        parser_fail(parser, place,
                    "floating-point and vector registers such as '%.*s' are not supported",
                    (int)length, name);
    }
    return false;
}

static void count_operands(struct parser *parser, const struct litmus_thread *thread,
                           struct litmus_place place)
{
    if (thread->register_count + thread->parameter_count > MOST_OPERANDS) {
        parser_fail(parser, place, "a thread can have %u registers and locations at most",
                    MOST_OPERANDS);
    }
}

unsigned asm_use_register(struct parser *parser, struct litmus_thread *thread,
                          struct asm_register reg, struct litmus_place place)
{
    const char *name = asm_register_name(parser->test->dialect, reg.number);
    unsigned index = parser_find_register(thread, name);
    if (index == LITMUS_NOWHERE) {
        index = parser_add_register(parser, thread, name, place);
        count_operands(parser, thread, place);
    }
    return index;
}

unsigned asm_observed_register(struct parser *parser, unsigned thread, struct litmus_place place,
                               const char *name)
{
    struct asm_register reg;
    if (!asm_usable_register(parser, place, name, strlen(name), &reg)) {
        parser_fail(parser, place, "the register '%s' is always 0", name);
    }
    return asm_use_register(parser, &parser->test->thread[thread], reg, place);
}

void asm_use_location(struct parser *parser, struct litmus_thread *thread, unsigned location)
{
    for (unsigned i = 0; i < thread->parameter_count; ++i) {
        if (thread->parameter[i].location == location) {
            return;
        }
    }
    thread->parameter =
        parser_grow(parser, thread->parameter, thread->parameter_count, sizeof *thread->parameter);
    thread->parameter[thread->parameter_count++] =
        (struct litmus_parameter){location, false, false, NULL};
    count_operands(parser, thread, parser->test->location[location].place);
}

struct litmus_place asm_place(const struct litmus_instruction *instruction, const char *part)
{
    struct litmus_place place = instruction->place;
    place.column += (unsigned)(part - instruction->text);
    return place;
}

static bool is_one_of(struct asm_part part, const char *const *words)
{
    while (*words != NULL && !asm_is(part, *words)) {
        ++words;
    }
    return *words != NULL;
}

static bool begins(struct asm_part part, const char *with)
{
    return part.length >= strlen(with) && strncasecmp(part.start, with, strlen(with)) == 0;
}

static bool leaves(enum litmus_dialect dialect, struct asm_part mnemonic)
{
    static const char *const x86[] = {
        "ret",   "retq",  "call",  "callq", "push",     "pushq",    "pop",    "popq",  "int",
        "int3",  "leave", "enter", "hlt",   "syscall",  "sysenter", "sysret", "iret",  "ud2",
        "std",   "iretq", "pushf", "popf",  "pushfq",   "popfq",    "pushw",  "popw",  "pushfw",
        "popfw", "retw",  "lret",  "lretq", "callw",    "lcall",    "ljmp",   "ljmpq", "lcallq",
        "int1",  "icebp", "ud0",   "ud1",   "wrfsbase", NULL};
    static const char *const aarch64[] = {"ret",   "br",    "blr",   "bl",     "svc",    "hvc",
                                          "smc",   "eret",  "brk",   "hlt",    "udf",    "retaa",
                                          "retab", "wfi",   "wfe",   "braa",   "brab",   "braaz",
                                          "brabz", "blraa", "blrab", "blraaz", "blrabz", NULL};
    static const char *const riscv[] = {"ret",   "jr",     "jalr",   "call",     "tail",
                                        "ecall", "ebreak", "mret",   "sret",     "wfi",
                                        "jal",   "c.jr",   "c.jalr", "c.ebreak", NULL};
    return is_one_of(mnemonic, dialect == LITMUS_AARCH64 ? aarch64
                               : dialect == LITMUS_RISCV ? riscv
                                                         : x86);
}

static bool is_branch(enum litmus_dialect dialect, struct asm_part mnemonic)
{
    static const char *const aarch64[] = {"b", "cbz", "cbnz", "tbz", "tbnz", NULL};
    static const char *const riscv[] = {"j",    "beq",  "bne",  "blt",  "bltu", "bge",
                                        "bgeu", "beqz", "bnez", "bltz", "bgez", "bgtz",
                                        "blez", "bgt",  "ble",  "bgtu", "bleu", NULL};
    static const char *const x86[] = {"loop", "loope", "loopne", NULL};
    switch (dialect) {
    case LITMUS_AARCH64:
        return is_one_of(mnemonic, aarch64) ||
               (mnemonic.length > 2 && strncasecmp(mnemonic.start, "b.", 2) == 0);
    case LITMUS_RISCV:
        return is_one_of(mnemonic, riscv);
    case LITMUS_X86:
    case LITMUS_X86_64:
        return *mnemonic.start == 'j' || *mnemonic.start == 'J' || is_one_of(mnemonic, x86);
    case LITMUS_C:
        break;
    }
    return false;
}

/* Spelled like one, as X31 and x32 are, which there are not. */
static bool looks_like_register(enum litmus_dialect dialect, const char *word, size_t length)
{
    size_t digits = 0;
    while (digits + 1 < length && isdigit((unsigned char)word[1 + digits])) {
        ++digits;
    }
    return digits > 0 && digits + 1 == length &&
           strchr(dialect == LITMUS_AARCH64 ? "XxWw" : "x", *word) != NULL;
}

/* A name that stands in an operand: a register's, or x86's of a location; other processors have names of
 * their own there (SXTW, ISH, EQ), which the assembler knows.
 */
static void check_word(struct parser *parser, struct litmus_thread *thread,
                       const struct litmus_instruction *instruction, const char *word,
                       size_t length, bool percent)
{
    const enum litmus_dialect dialect = parser->test->dialect;
    const struct litmus_place place = asm_place(instruction, word);
    const bool x86 = dialect == LITMUS_X86 || dialect == LITMUS_X86_64;
    struct asm_register reg;
    if (percent && !x86) {
        parser_fail(parser, place, "symbolic registers are not supported: name one of %s's",
                    asm_dialect_name(dialect));
    }
    if (!percent && asm_is_label(thread, word, length)) {
        return;
    }
    if (percent || x86 || looks_like_register(dialect, word, length) ||
        asm_register(dialect, word, length, &reg) != ASM_NO_REGISTER) {
        if (asm_usable_register(parser, place, word, length, &reg)) {
            (void)asm_use_register(parser, thread, reg, place);
        }
    }
}

static void check_words(struct parser *parser, struct litmus_thread *thread,
                        const struct litmus_instruction *instruction, struct asm_part part)
{
    const char *end = part.start + part.length;
    for (const char *c = part.start; c < end;) {
        const size_t length = asm_word(c);
        if (length > 0) {
            const bool percent = c > instruction->text && c[-1] == '%';
            check_word(parser, thread, instruction, c, length, percent);
            c += length;
        } else if (isdigit((unsigned char)*c)) {
            while (c < end && (isalnum((unsigned char)*c) || *c == '.')) {
                ++c; /* 0x10 */
            }
        } else {
            ++c;
        }
    }
}

/* [x] of x86 names a location, which need not have been heard of. */
static bool check_location(struct parser *parser, struct litmus_thread *thread,
                           const struct litmus_instruction *instruction, struct asm_part operand)
{
    struct asm_part displacement, inside;
    struct asm_register reg;
    const enum litmus_dialect dialect = parser->test->dialect;
    if ((dialect != LITMUS_X86 && dialect != LITMUS_X86_64) ||
        !asm_memory(operand, &displacement, &inside) || displacement.length != 0 ||
        asm_word(inside.start) != inside.length ||
        asm_register(dialect, inside.start, inside.length, &reg) != ASM_NO_REGISTER) {
        return false;
    }
    const char *name = parser_copy(parser, inside.start, inside.length);
    unsigned location = parser_find_location(parser->test, name);
    if (strchr(name, '.') != NULL || inside.length > LITMUS_MOST_NAME) {
        parser_fail(parser, asm_place(instruction, inside.start), "this is no name of a location");
    }
    if (location == LITMUS_NOWHERE) {
        location = parser_add_location(parser, name, asm_place(instruction, inside.start), NULL);
    }
    asm_use_location(parser, thread, location);
    return true;
}

static void check_branch(struct parser *parser, const struct litmus_thread *thread, unsigned index,
                         const struct litmus_instruction *instruction,
                         const struct asm_instruction *parts)
{
    const struct asm_part target =
        parts->count > 0 ? parts->operand[parts->count - 1] : parts->mnemonic;
    if (parts->count == 0 || !asm_is_label(thread, target.start, target.length)) {
        parser_fail(parser, asm_place(instruction, target.start), "P%u has no label '%.*s'", index,
                    parts->count > 0 ? (int)target.length : 0, target.start);
    }
}

/* Two registers' worth of memory: more than any location has. */
static bool is_pair(enum litmus_dialect dialect, struct asm_part mnemonic)
{
    static const char *const aarch64[] = {"ldp",   "stp",  "ldnp",  "stnp",  "ldxp",
                                          "ldaxp", "stxp", "stlxp", "ldpsw", NULL};
    return dialect == LITMUS_AARCH64 ? is_one_of(mnemonic, aarch64) || begins(mnemonic, "casp")
                                     : dialect != LITMUS_RISCV && begins(mnemonic, "cmpxchg16b");
}

/* Does it access 64 bits of memory? A location that has no type has so many then. */
static bool is_wide(enum litmus_dialect dialect, const struct asm_instruction *parts)
{
    static const char *const riscv[] = {"ld", "sd", "lr.d", "sc.d"};
    const struct asm_part mnemonic = parts->mnemonic;
    bool memory = false, wide = false;
    if (dialect == LITMUS_RISCV) {
        for (size_t i = 0; i < sizeof riscv / sizeof *riscv; ++i) {
            wide |= begins(mnemonic, riscv[i]);
        }
        return wide || (begins(mnemonic, "amo") && memchr(mnemonic.start, '.', mnemonic.length) &&
                        strncmp(strchr(mnemonic.start, '.'), ".d", 2) == 0);
    }
    for (unsigned i = 0; i < parts->count; ++i) {
        struct asm_part displacement, inside, operand = parts->operand[i];
        struct asm_register reg;
        const size_t percent = operand.length > 0 && *operand.start == '%';
        memory |= asm_memory(operand, &displacement, &inside);
        wide |= asm_register(dialect, operand.start + percent, operand.length - percent, &reg) !=
                    ASM_NO_REGISTER &&
                reg.bits == 64;
    }
    if (dialect == LITMUS_AARCH64) {
        return memory && wide && !begins(mnemonic, "ldrs") && !begins(mnemonic, "ldurs");
    }
    const char suffix = mnemonic.start[mnemonic.length - 1];
    return memory && (wide || suffix == 'q' || suffix == 'Q') && !begins(mnemonic, "lea");
}

/* x86's instructions use registers that they do not name. They are the thread's like those that are named, or the
 * compiler would keep something of its own there.
 */
static void use_implied(struct parser *parser, struct litmus_thread *thread,
                        const struct asm_instruction *parts, struct litmus_place place)
{
    enum {
        A = 1,
        C = 2,
        D = 4,
        B = 8,
        SI = 64,
        DI = 128
    }; /* a bit for each, as they are numbered */
    enum { ANY = ASM_MOST_OPERANDS };
    static const struct {
        const char *begin;
        unsigned operands; /* with more it is another instruction, or does not use them */
        unsigned registers;
    } known[] = {{"cmpxchg8b", ANY, A | B | C | D},
                 {"cmpxchg", ANY, A},
                 {"mul", 1, A | D},
                 {"mulx", ANY, D},
                 {"imul", 1, A | D},
                 {"div", ANY, A | D},
                 {"idiv", ANY, A | D},
                 {"cwd", 0, A | D},
                 {"cdq", 0, A | D},
                 {"cqo", 0, A | D},
                 {"cltd", 0, A | D},
                 {"cqto", 0, A | D},
                 {"cwt", 0, A | D},
                 {"cbw", 0, A},
                 {"cbtw", 0, A},
                 {"cltq", 0, A},
                 {"loop", ANY, C},
                 {"jrcxz", ANY, C},
                 {"jecxz", ANY, C},
                 {"rdtsc", 0, A | C | D},
                 {"rdpmc", 0, A | C | D},
                 {"xgetbv", 0, A | C | D},
                 {"cpuid", 0, A | B | C | D},
                 {"lahf", 0, A},
                 {"sahf", 0, A},
                 {"xlat", ANY, A | B},
                 {"xbegin", ANY, A},
                 {"tpause", ANY, A | D},
                 {"umwait", ANY, A | D},
                 {"lods", 0, A | SI},
                 {"stos", 0, A | DI},
                 {"scas", 0, A | DI},
                 {"movs", 0, SI | DI},
                 {"cmps", 0, SI | DI}};
    const enum litmus_dialect dialect = parser->test->dialect;
    if (dialect != LITMUS_X86 && dialect != LITMUS_X86_64) {
        return;
    }
    for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
        if (!begins(parts->mnemonic, known[i].begin) || parts->count > known[i].operands) {
            continue;
        }
        for (unsigned number = 0; known[i].registers >> number != 0; ++number) {
            if (known[i].registers >> number & 1) {
                (void)asm_use_register(parser, thread, (struct asm_register){number, 64}, place);
            }
        }
    }
}

static void check_instruction(struct parser *parser, unsigned index,
                              const struct litmus_instruction *instruction)
{
    struct litmus_thread *thread = &parser->test->thread[index];
    const enum litmus_dialect dialect = parser->test->dialect;
    struct asm_instruction parts;
    if (!asm_cut(instruction->text, &parts)) {
        parser_fail(parser, instruction->place, "more than %u operands", ASM_MOST_OPERANDS);
    }
    const struct litmus_place place = asm_place(instruction, parts.mnemonic.start);
    if (parts.mnemonic.length == 0 || asm_word(parts.mnemonic.start) != parts.mnemonic.length) {
        parser_fail(parser, place, "expected an instruction, found '%.40s'%s", parts.mnemonic.start,
                    *parts.mnemonic.start == '.' ? " (directives are for the assembler)" : "");
    }
    if (leaves(dialect, parts.mnemonic)) {
        parser_fail(parser, place,
                    "'%.*s' leaves the test or moves its stack: that cannot be run here",
                    (int)parts.mnemonic.length, parts.mnemonic.start);
    }
    if (is_pair(dialect, parts.mnemonic)) {
        parser_fail(parser, place, "'%.*s' accesses more memory than a location has",
                    (int)parts.mnemonic.length, parts.mnemonic.start);
    }
    use_implied(parser, thread, &parts, place);
    parser->wide |= is_wide(dialect, &parts);
    if (is_branch(dialect, parts.mnemonic)) {
        check_branch(parser, thread, index, instruction, &parts);
    }
    for (unsigned i = 0; i < parts.count; ++i) {
        if (!check_location(parser, thread, instruction, parts.operand[i])) {
            check_words(parser, thread, instruction, parts.operand[i]);
        }
    }
    if (dialect == LITMUS_X86_64 && parts.count == 2 && *parts.operand[1].start == '$') {
        parser_fail(parser, asm_place(instruction, parts.operand[1].start),
                    "a constant is no destination: X86_64 writes the source first (movl $1,(x)), "
                    "X86 the destination (MOV [x],$1)");
    }
}

void asm_check(struct parser *parser)
{
    struct litmus_test *test = parser->test;
    for (unsigned i = 0; i < test->thread_count; ++i) {
        for (unsigned k = 0; k < test->thread[i].instruction_count; ++k) {
            if (!test->thread[i].instruction[k].is_label) {
                check_instruction(parser, i, &test->thread[i].instruction[k]);
            }
        }
    }
    for (unsigned i = 0; parser->wide && i < test->location_count; ++i) {
        struct litmus_width *width = &test->location[i].width;
        width->bytes = width->bytes != 0 ? width->bytes : 8;
    }
    asm_check_accesses(parser);
}
