/* names.c - return addresses as source lines and functions.
 *
 * Compilers describe a place in inlined code as a chain: the line table has the innermost line, and
 * each inlined subroutine around it tells where it was called. Of this chain we show the innermost
 * link that is not in a header of the compiler or the C++ library, since nobody looks for their
 * mistake there.
 */
#define _GNU_SOURCE
#include "names.h"
#include "names_program.h"

#include <dwarf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_LINKS = 24 };

/* All that is known of an address: the chain of lines, innermost first. */
struct chain {
    uintptr_t pc;
    int count;
    struct source_line link[MOST_LINKS];
};

static struct {
    char *path;
    Dwarf_Addr base;
    bool tried;
    Dwfl *session;
    struct names_program program;
    struct chain **chains; /* what was already asked for: a hash table, never full */
    size_t slots, count;
} opened;

void names_open(const char *path, uintptr_t base)
{
    names_forget_variables();
    for (size_t i = 0; i < opened.slots; ++i) {
        free(opened.chains[i]);
    }
    free(opened.chains);
    dwfl_end(opened.session);
    free(opened.path);
    memset(&opened, 0, sizeof opened);
    opened.path = strdup(path);
    opened.base = base;
}

uintptr_t names_base(void)
{
    return opened.base;
}

/* Separate files of debug information are not looked for: the program was compiled a moment ago. */
static int no_separate_file(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                            const char *file, const char *link, GElf_Word crc, char **found)
{
    (void)module, (void)user, (void)name, (void)base, (void)file, (void)link, (void)crc;
    (void)found;
    return -1;
}

static void open_program(struct names_program *program)
{
    static const Dwfl_Callbacks callbacks = {.find_debuginfo = no_separate_file,
                                             .section_address = dwfl_offline_section_address};
    opened.session = dwfl_begin(&callbacks);
    if (opened.session == NULL) {
        return;
    }
    dwfl_report_begin(opened.session);
    program->module =
        dwfl_report_elf(opened.session, "program", opened.path, -1, opened.base, false);
    dwfl_report_end(opened.session, NULL, NULL);
    program->path = opened.path;
    program->base = opened.base;
    if (program->module != NULL) {
        dwfl_module_info(program->module, NULL, &program->from, &program->to, NULL, NULL, NULL,
                         NULL);
        program->has_lines = dwfl_module_getdwarf(program->module, &program->bias) != NULL;
    }
}

const struct names_program *names_program(void)
{
    if (!opened.tried && opened.path != NULL) {
        opened.tried = true;
        open_program(&opened.program);
    }
    return opened.program.module != NULL ? &opened.program : NULL;
}

Dwarf_Die *names_next_unit(const struct names_program *program, Dwarf_Die *unit)
{
    Dwarf_Addr bias;
    do {
        unit = dwfl_module_nextcu(program->module, unit, &bias);
    } while (unit != NULL && dwarf_tag(unit) != DW_TAG_compile_unit);
    return unit;
}

/* A file name of the debug information, as it was given to the compiler. */
static const char *given_name(Dwarf_Die *unit, const char *file)
{
    Dwarf_Attribute attribute;
    const char *directory = dwarf_formstring(dwarf_attr(unit, DW_AT_comp_dir, &attribute));
    if (file == NULL) {
        return NULL;
    }
    const size_t length = directory != NULL ? strlen(directory) : 0;
    if (length > 0 && strncmp(file, directory, length) == 0 && file[length] == '/') {
        file += length + 1;
    }
    while (strncmp(file, "./", 2) == 0) {
        file += 2;
    }
    return file;
}

bool names_of_toolchain(const char *file)
{
    return file != NULL &&
           ((strstr(file, "/include/") != NULL && strstr(file, "/c++/") != NULL) ||
            strstr(file, "/lib/gcc/") != NULL || strstr(file, "/lib/clang/") != NULL);
}

static const char *name_of(Dwarf_Die *die)
{
    Dwarf_Attribute attribute;
    return dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
}

/* The row of the line table for this address; compilers give some instructions no line: then the
 * row before.
 */
static Dwarf_Line *row_at(Dwarf_Die *unit, Dwarf_Addr address)
{
    Dwarf_Line *row = dwarf_getsrc_die(unit, address), *earlier = row;
    Dwarf_Lines *rows;
    size_t count;
    int line = 0;
    if (row == NULL || dwarf_lineno(row, &line) != 0 || line > 0 ||
        dwarf_getsrclines(unit, &rows, &count) != 0) {
        return row;
    }
    size_t i = 0;
    while (i < count && dwarf_onesrcline(rows, i) != row) {
        ++i;
    }
    for (bool end = false; line == 0 && i-- > 0 && !end;) {
        earlier = dwarf_onesrcline(rows, i);
        dwarf_lineno(earlier, &line);
        dwarf_lineendsequence(earlier, &end);
    }
    return line > 0 ? earlier : row;
}

/* Where the inlined subroutine is called from. */
static void read_call(Dwarf_Die *unit, Dwarf_Die *inlined, struct source_line *call)
{
    Dwarf_Attribute attribute;
    Dwarf_Word file, line, column;
    Dwarf_Files *files;
    size_t count;
    if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_file, &attribute), &file) == 0 &&
        dwarf_getsrcfiles(unit, &files, &count) == 0 && file < count) {
        call->file = given_name(unit, dwarf_filesrc(files, file, NULL, NULL));
    }
    if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_line, &attribute), &line) == 0) {
        call->line = (int)line;
    }
    if (dwarf_formudata(dwarf_attr(inlined, DW_AT_call_column, &attribute), &column) == 0) {
        call->column = (int)column;
    }
}

/* Not by the table of address ranges, which clang does not write. */
static Dwarf_Die *unit_of(const struct names_program *program, Dwarf_Addr address)
{
    Dwarf_Die *unit = NULL;
    while ((unit = names_next_unit(program, unit)) != NULL) {
        if (dwarf_haspc(unit, address) > 0) {
            return unit;
        }
    }
    return NULL;
}

/* libdw's dwarf_getscopes does not look into functions elsewhere, where lambdas and the members of
 * local classes are described.
 */
static bool search_function(Dwarf_Die *around, Dwarf_Addr address, Dwarf_Die *function)
{
    Dwarf_Die die;
    for (int more = dwarf_child(around, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        switch (dwarf_tag(&die)) {
        case DW_TAG_subprogram:
            if (dwarf_haspc(&die, address) > 0) {
                *function = die;
                return true;
            }
            /* fall through */
        case DW_TAG_namespace:
        case DW_TAG_structure_type:
        case DW_TAG_class_type:
        case DW_TAG_union_type:
        case DW_TAG_lexical_block:
            if (search_function(&die, address, function)) {
                return true;
            }
            break;
        default:
            break;
        }
    }
    return false;
}

bool names_function_of(const struct names_program *program, Dwarf_Addr address, Dwarf_Die *function)
{
    Dwarf_Die *unit = program->has_lines ? unit_of(program, address) : NULL;
    return unit != NULL && search_function(unit, address, function);
}

/* The inlined subroutine in this function, block or subroutine that the address is in. */
static bool next_inlined(Dwarf_Die *around, Dwarf_Addr address, Dwarf_Die *inlined)
{
    Dwarf_Die die;
    for (int more = dwarf_child(around, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        const int tag = dwarf_tag(&die);
        if (tag == DW_TAG_inlined_subroutine && dwarf_haspc(&die, address) > 0) {
            *inlined = die;
            return true;
        }
        if (tag == DW_TAG_lexical_block && dwarf_haspc(&die, address) > 0) {
            return next_inlined(&die, address, inlined);
        }
    }
    return false;
}

static void read_functions(const struct names_program *program, Dwarf_Die *unit, Dwarf_Addr address,
                           struct chain *chain)
{
    Dwarf_Die nest[MOST_LINKS]; /* the function, then what is inlined into it */
    int count = names_function_of(program, address, &nest[0]);
    while (count > 0 && count < MOST_LINKS &&
           next_inlined(&nest[count - 1], address, &nest[count])) {
        ++count;
    }
    chain->count = count > 0 ? count : 1;
    for (int i = 0; i < count; ++i) {
        Dwarf_Die *die = &nest[count - 1 - i];
        chain->link[i].function = name_of(die);
        if (i + 1 < count) {
            read_call(unit, die, &chain->link[i + 1]);
        }
    }
}

static void read_chain(struct chain *chain)
{
    const struct names_program *program = names_program();
    chain->count = 1;
    if (program == NULL || chain->pc <= program->from || chain->pc > program->to) {
        return;
    }
    const Dwarf_Addr address = chain->pc - 1 - program->bias; /* in the call, not behind it */
    Dwarf_Die *unit = program->has_lines ? unit_of(program, address) : NULL;
    if (unit == NULL) {
        chain->link[0].function = dwfl_module_addrname(program->module, chain->pc - 1);
        return;
    }
    Dwarf_Line *row = row_at(unit, address);
    if (row != NULL) {
        chain->link[0].file = given_name(unit, dwarf_linesrc(row, NULL, NULL));
        dwarf_lineno(row, &chain->link[0].line);
        dwarf_linecol(row, &chain->link[0].column);
    }
    read_functions(program, unit, address, chain);
    int skip = 0;
    while (skip < chain->count && names_of_toolchain(chain->link[skip].file)) {
        ++skip;
    }
    if (skip < chain->count) {
        chain->count -= skip;
        memmove(chain->link, chain->link + skip, (size_t)chain->count * sizeof *chain->link);
    }
}

static struct chain **slot_of(uintptr_t pc)
{
    size_t i = (size_t)((uint64_t)pc * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (opened.slots - 1);
    while (opened.chains[i] != NULL && opened.chains[i]->pc != pc) {
        i = (i + 1) & (opened.slots - 1);
    }
    return &opened.chains[i];
}

static bool grow(void)
{
    struct chain **old = opened.chains;
    const size_t slots = opened.slots;
    struct chain **more = calloc(slots > 0 ? 2 * slots : 64, sizeof *more);
    if (more == NULL) {
        return false;
    }
    opened.chains = more;
    opened.slots = slots > 0 ? 2 * slots : 64;
    for (size_t i = 0; i < slots; ++i) {
        if (old[i] != NULL) {
            *slot_of(old[i]->pc) = old[i];
        }
    }
    free(old);
    return true;
}

static const struct chain *chain_of(uintptr_t pc)
{
    static const struct chain nothing = {.count = 1};
    if (2 * opened.count >= opened.slots && !grow()) {
        return &nothing;
    }
    struct chain **slot = slot_of(pc);
    if (*slot == NULL && (*slot = calloc(1, sizeof **slot)) != NULL) {
        ++opened.count;
        (*slot)->pc = pc;
        read_chain(*slot);
    }
    return *slot != NULL ? *slot : &nothing;
}

struct source_line names_line(uintptr_t pc)
{
    return chain_of(pc)->link[0];
}

int names_callers(uintptr_t pc, struct source_line *into, int most)
{
    const struct chain *chain = chain_of(pc);
    const int count = chain->count - 1 < most ? chain->count - 1 : most;
    for (int i = 0; i < count; ++i) {
        into[i] = chain->link[i + 1];
    }
    return count;
}

const char *names_function(uintptr_t address)
{
    const struct names_program *program = names_program();
    GElf_Off offset;
    GElf_Sym symbol;
    if (program == NULL || address < program->from || address >= program->to) {
        return NULL;
    }
    const char *name =
        dwfl_module_addrinfo(program->module, address, &offset, &symbol, NULL, NULL, NULL);
    if (name == NULL || offset != 0 || GELF_ST_TYPE(symbol.st_info) != STT_FUNC) {
        return NULL;
    }
    const struct chain *chain = chain_of(address + 1);
    const char *given = chain->link[chain->count - 1].function; /* in C++ the symbol is mangled */
    return given != NULL ? given : name;
}
