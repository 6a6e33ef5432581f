/* symbols.c - the dynamic symbols of the program under test. */
#define _GNU_SOURCE
#include "symbols.h"

#include "cli/cli.h"
#include "wrapped.h"

#include <ar.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct image {
    const unsigned char *at;
    size_t size;
};

static struct image map(const char *path)
{
    struct image image = {NULL, 0};
    struct stat facts;
    const int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file >= 0 && fstat(file, &facts) == 0 && (size_t)facts.st_size >= sizeof(Elf64_Ehdr)) {
        image.size = (size_t)facts.st_size;
        image.at = mmap(NULL, image.size, PROT_READ, MAP_PRIVATE, file, 0);
        image.at = image.at == MAP_FAILED ? NULL : image.at;
    }
    if (file >= 0) {
        close(file);
    }
    return image;
}

/* Some linkers leave a wrapped name in the table though nothing refers to it any more. */
static bool is_wrapped(const char *symbol)
{
    for (const char *const *name = wrapped_names; *name != NULL; ++name) {
        if (strcmp(symbol, *name) == 0) {
            return true;
        }
    }
    return strcmp(symbol, "__tls_get_addr") == 0;
}

static bool complain(const char *symbol, bool weak)
{
    const char *objection = is_wrapped(symbol) ? NULL : symbol_objection(symbol);
    const bool instrumentation = strncmp(symbol, "__tsan_", 7) == 0;
    if (objection == NULL && !instrumentation) {
        return false;
    }
    if (dlsym(RTLD_DEFAULT, symbol) != NULL) { /* an entry point of ours, or the C library's */
        if (instrumentation) {
            return false;
        }
    } else if (weak) {
        return false; /* the program has to live without it */
    } else if (instrumentation) {
        objection = strstr(symbol, "atomic128") != NULL
                        ? "atomics of more than 64 bits are not modelled"
                        : "it is not modelled";
    } else if (strncmp(symbol, "__atomic_", 9) == 0) {
        objection = "atomics of more than 64 bits are not modelled";
    } else if (strncmp(symbol, "_Z", 2) != 0) {
        objection = "neither the program nor the C library defines it";
    }
    cli_error("the program uses %s: %s", symbol, objection);
    return true;
}

/* The section headers of the linker that has just run; only what it cannot be is checked. */
static bool examine(const struct image *image)
{
    const Elf64_Ehdr *header = (const void *)image->at;
    const Elf64_Shdr *sections = (const void *)(image->at + header->e_shoff);
    bool has_main = false, usable = true;
    for (int i = 0; i < header->e_shnum; ++i) {
        if (sections[i].sh_type != SHT_DYNSYM) {
            continue;
        }
        const Elf64_Sym *symbols = (const void *)(image->at + sections[i].sh_offset);
        const char *names = (const void *)(image->at + sections[sections[i].sh_link].sh_offset);
        for (size_t k = 0; k < sections[i].sh_size / sizeof *symbols; ++k) {
            const char *name = names + symbols[k].st_name;
            if (symbols[k].st_shndx != SHN_UNDEF) {
                has_main = has_main || (strcmp(name, "main") == 0 &&
                                        ELF64_ST_TYPE(symbols[k].st_info) == STT_FUNC);
            } else if (complain(name, ELF64_ST_BIND(symbols[k].st_info) == STB_WEAK)) {
                usable = false;
            }
        }
    }
    if (!has_main) {
        cli_error("the program has no main");
    }
    return usable && has_main;
}

static bool is_elf(const struct image *image)
{
    const Elf64_Ehdr *header = (const void *)image->at;
    return image->size >= sizeof *header && memcmp(header->e_ident, ELFMAG, SELFMAG) == 0 &&
           header->e_ident[EI_CLASS] == ELFCLASS64 && header->e_machine == EM_X86_64 &&
           header->e_shentsize == sizeof(Elf64_Shdr) && header->e_shoff <= image->size &&
           header->e_shnum * sizeof(Elf64_Shdr) <= image->size - header->e_shoff;
}

bool symbols_usable(const char *path)
{
    const struct image image = map(path);
    if (image.at == NULL) {
        cli_error("cannot read %s: %s", path, strerror(errno));
        return false;
    }
    bool usable = false;
    if (!is_elf(&image)) {
        cli_error("the compiler made no x86-64 shared object");
    } else {
        usable = examine(&image);
    }
    munmap((void *)(uintptr_t)image.at, image.size);
    return usable;
}

/* Either compiler lets each object call this at the start. */
static bool calls_init(const struct image *image)
{
    const Elf64_Ehdr *header = (const void *)image->at;
    const Elf64_Shdr *sections = (const void *)(image->at + header->e_shoff);
    for (int i = 0; i < header->e_shnum; ++i) {
        const Elf64_Sym *symbols = (const void *)(image->at + sections[i].sh_offset);
        for (size_t k = 0;
             sections[i].sh_type == SHT_SYMTAB && k < sections[i].sh_size / sizeof *symbols; ++k) {
            const Elf64_Shdr *names = &sections[sections[i].sh_link];
            if (strcmp((const char *)image->at + names->sh_offset + symbols[k].st_name,
                       "__tsan_init") == 0) {
                return true;
            }
        }
    }
    return false;
}

static bool check_object(const struct image *image, const char *path, const char *member)
{
    const char *wrong = !is_elf(image)       ? "no object file of x86-64"
                        : !calls_init(image) ? "not compiled with -fsanitize=thread"
                                             : NULL;
    if (wrong != NULL) {
        cli_error("%s%s%.16s: %s", path, *member != '\0' ? ": " : "", member, wrong);
    }
    return wrong == NULL;
}

/* The members of an archive; those whose names begin with '/' are its index and its long names. */
static bool check_archive(const struct image *image, const char *path)
{
    for (size_t at = SARMAG; at + sizeof(struct ar_hdr) <= image->size;) {
        const struct ar_hdr *header = (const void *)(image->at + at);
        char size[sizeof header->ar_size + 1] = "", name[sizeof header->ar_name + 1] = "";
        memcpy(size, header->ar_size, sizeof header->ar_size);
        memcpy(name, header->ar_name, strcspn(header->ar_name, " /"));
        const struct image member = {image->at + at + sizeof *header, strtoul(size, NULL, 10)};
        if (member.size > image->size - at - sizeof *header) {
            break;
        }
        const bool special =
            header->ar_name[0] == '/' && (header->ar_name[1] == ' ' || header->ar_name[1] == '/');
        if (!special && !check_object(&member, path, name)) {
            return false;
        }
        at += sizeof *header + member.size + member.size % 2;
    }
    return true;
}

bool symbols_instrumented(const char *path)
{
    const struct image image = map(path);
    if (image.at == NULL) {
        cli_error("%s: no object file of x86-64", path);
        return false;
    }
    const bool good = image.size > SARMAG && memcmp(image.at, ARMAG, SARMAG) == 0
                          ? check_archive(&image, path)
                          : check_object(&image, path, "");
    munmap((void *)(uintptr_t)image.at, image.size);
    return good;
}
