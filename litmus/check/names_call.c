/* names_call.c - which function a call instruction calls, by name.
 *
 * An event knows where it was asked for, not in what words: pthread_mutex_lock and an atomic exchange
 * look alike to the explorer. The program's call goes to its procedure linkage table, from there
 * through a slot of the global offset table, and the relocation of that slot has the name. x86-64.
 */
#define _GNU_SOURCE
#include "names.h"
#include "names_program.h"

#include <elf.h>
#include <gelf.h>
#include <string.h>

/* The bytes at an address of the program's file, or NULL. */
static const unsigned char *bytes_at(Elf *elf, GElf_Addr address, size_t count)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(elf, section)) != NULL) {
        GElf_Shdr header;
        if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_PROGBITS ||
            (header.sh_flags & SHF_EXECINSTR) == 0 || address < header.sh_addr ||
            address - header.sh_addr + count > header.sh_size) {
            continue;
        }
        const Elf_Data *data = elf_rawdata(section, NULL);
        return data == NULL ? NULL
                            : (const unsigned char *)data->d_buf + (address - header.sh_addr);
    }
    return NULL;
}

/* Where an instruction with a 32-bit displacement behind its first bytes points to. */
static GElf_Addr relative(const unsigned char *displacement, GElf_Addr end)
{
    int32_t distance;
    memcpy(&distance, displacement, sizeof distance);
    return end + (GElf_Addr)(GElf_Sxword)distance;
}

/* The slot that an entry of the linkage table jumps through: [endbr64] [bnd] jmp *slot(%rip). */
static GElf_Addr slot_of_entry(Elf *elf, GElf_Addr entry)
{
    static const unsigned char endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};
    const unsigned char *code = bytes_at(elf, entry, 11);
    size_t at = 0;
    if (code == NULL) {
        return 0;
    }
    at += memcmp(code, endbr64, sizeof endbr64) == 0 ? sizeof endbr64 : 0;
    at += code[at] == 0xf2;
    return code[at] == 0xff && code[at + 1] == 0x25 ? relative(code + at + 2, entry + at + 6) : 0;
}

static const char *name_of_slot(Elf *elf, GElf_Addr slot)
{
    Elf_Scn *section = NULL;
    while ((section = elf_nextscn(elf, section)) != NULL) {
        GElf_Shdr header, symbols;
        Elf_Data *data = elf_getdata(section, NULL);
        if (gelf_getshdr(section, &header) == NULL || header.sh_type != SHT_RELA || data == NULL) {
            continue;
        }
        Elf_Scn *table = elf_getscn(elf, header.sh_link);
        GElf_Rela relocation;
        GElf_Sym symbol;
        for (int i = 0; gelf_getrela(data, i, &relocation) != NULL; ++i) {
            if (relocation.r_offset == slot && gelf_getshdr(table, &symbols) != NULL &&
                gelf_getsym(elf_getdata(table, NULL), (int)GELF_R_SYM(relocation.r_info),
                            &symbol) != NULL) {
                return elf_strptr(elf, symbols.sh_link, symbol.st_name);
            }
        }
    }
    return NULL;
}

const char *names_called(uintptr_t pc)
{
    static const char wrapped[] = "__wrap_";
    const struct names_program *program = names_program();
    GElf_Addr bias, slot = 0;
    Elf *elf = program != NULL ? dwfl_module_getelf(program->module, &bias) : NULL;
    if (elf == NULL || pc < program->from + 6 || pc > program->to) {
        return NULL;
    }
    const GElf_Addr end = pc - bias;
    const unsigned char *code = bytes_at(elf, end - 6, 6);
    if (code != NULL && code[1] == 0xe8) { /* call entry */
        slot = slot_of_entry(elf, relative(code + 2, end));
    }
    if (code != NULL && slot == 0 && code[0] == 0xff && code[1] == 0x15) { /* call *slot(%rip) */
        slot = relative(code + 2, end);
    }
    const char *name = slot != 0 ? name_of_slot(elf, slot) : NULL;
    return name != NULL && strncmp(name, wrapped, sizeof wrapped - 1) == 0
               ? name + sizeof wrapped - 1
               : name;
}
