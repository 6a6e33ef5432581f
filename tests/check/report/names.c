/* names.c - what the explorer calls the places that a program touches.
 *
 * names PROGRAM.so  runs its function `scenario` with accesses that arrive here, as they would at the
 * explorer, and prints for each the line, function, callers, variable and value.
 */
#define _GNU_SOURCE
#include "names.h"
#include "native.h"

#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
    uintptr_t pc, address;
    int size;
    uint64_t value;
} accesses[256];
static int access_count;
static unsigned char blocks[4][64]; /* the heap */
static uintptr_t block_pc[4];
static size_t block_size[4];
static int block_count;

/* A hook of the fixtures', and what the compiler calls for them. */
void *fixture_allocate(size_t size);
void *fixture_allocate(size_t size)
{
    block_pc[block_count] = (uintptr_t)__builtin_return_address(0);
    block_size[block_count] = size;
    return blocks[block_count++];
}

bool native_block_of(uintptr_t address, uintptr_t *base, size_t *size, uintptr_t *pc)
{
    for (int i = 0; i < block_count; ++i) {
        if (address - (uintptr_t)blocks[i] < block_size[i]) {
            *base = (uintptr_t)blocks[i];
            *size = block_size[i];
            *pc = block_pc[i];
            return true;
        }
    }
    return false;
}

bool native_stack_of(uintptr_t address, int *thread, size_t *from_top)
{
    const uintptr_t here = (uintptr_t)&thread;
    *thread = 1;
    *from_top = 0x40; /* not the truth, but the same in every run */
    return address - here < 1 << 16;
}

static void note(uintptr_t pc, const volatile void *address, int size, uint64_t value)
{
    accesses[access_count].pc = pc;
    accesses[access_count].address = (uintptr_t)address;
    accesses[access_count].size = size;
    accesses[access_count++].value = value;
}

#define HERE (uintptr_t) __builtin_return_address(0)

void __tsan_init(void);
void __tsan_init(void)
{
}
void __tsan_func_entry(void *pc);
void __tsan_func_entry(void *pc)
{
    (void)pc;
}
void __tsan_func_exit(void);
void __tsan_func_exit(void)
{
}

#define PLAIN_ACCESS(bytes)                  \
    void __tsan_read##bytes(void *address);  \
    void __tsan_read##bytes(void *address)   \
    {                                        \
        (void)address;                       \
    }                                        \
    void __tsan_write##bytes(void *address); \
    void __tsan_write##bytes(void *address)  \
    {                                        \
        note(HERE, address, bytes, 0);       \
    }
PLAIN_ACCESS(1)
PLAIN_ACCESS(2)
PLAIN_ACCESS(4)
PLAIN_ACCESS(8)
PLAIN_ACCESS(16)
void __tsan_vptr_update(void **pointer, void *value);
void __tsan_vptr_update(void **pointer, void *value)
{
    (void)pointer, (void)value;
}

#define ATOMIC_STORE(bits)                                                                       \
    void __tsan_atomic##bits##_store(volatile void *address, uint##bits##_t value, int order);   \
    void __tsan_atomic##bits##_store(volatile void *address, uint##bits##_t value, int order)    \
    {                                                                                            \
        (void)order;                                                                             \
        *(volatile uint##bits##_t *)address = value;                                             \
        note(HERE, address, bits / 8, value);                                                    \
    }                                                                                            \
    uint##bits##_t __tsan_atomic##bits##_exchange(volatile void *address, uint##bits##_t value,  \
                                                  int order);                                    \
    uint##bits##_t __tsan_atomic##bits##_exchange(volatile void *address, uint##bits##_t value,  \
                                                  int order)                                     \
    {                                                                                            \
        (void)order;                                                                             \
        note(HERE, address, bits / 8, value);                                                    \
        return 0;                                                                                \
    }                                                                                            \
    uint##bits##_t __tsan_atomic##bits##_fetch_add(volatile void *address, uint##bits##_t value, \
                                                   int order);                                   \
    uint##bits##_t __tsan_atomic##bits##_fetch_add(volatile void *address, uint##bits##_t value, \
                                                   int order)                                    \
    {                                                                                            \
        (void)order;                                                                             \
        note(HERE, address, bits / 8, value);                                                    \
        return 0;                                                                                \
    }
ATOMIC_STORE(8)
ATOMIC_STORE(16)
ATOMIC_STORE(32)
ATOMIC_STORE(64)

static const char *last_part(const char *file)
{
    const char *slash = file != NULL ? strrchr(file, '/') : NULL;
    return file == NULL ? "?" : slash != NULL ? slash + 1 : file;
}

static void print_access(int i)
{
    char variable[128], brief[128], value[128];
    struct source_line callers[8];
    const struct source_line line = names_line(accesses[i].pc);
    printf("%s:%d %s", last_part(line.file), line.line,
           line.function != NULL ? line.function : "?");
    const int count = names_callers(accesses[i].pc, callers, 8);
    for (int k = 0; k < count; ++k) {
        printf(" < %s:%d %s", last_part(callers[k].file), callers[k].line, callers[k].function);
    }
    names_variable(accesses[i].address, accesses[i].size, variable, sizeof variable);
    names_brief(accesses[i].address, accesses[i].size, brief, sizeof brief);
    names_value(accesses[i].address, accesses[i].size, accesses[i].value, value, sizeof value);
    printf(" | %s", variable);
    if (strcmp(variable, brief) != 0) {
        printf(" (%s)", brief);
    }
    printf(" = %s\n", value);
}

int main(int argc, char **argv)
{
    void *program = argc == 2 ? dlopen(argv[1], RTLD_LAZY) : NULL;
    void *symbol = program != NULL ? dlsym(program, "scenario") : NULL;
    struct link_map *map;
    void (*scenario)(void);
    if (symbol == NULL || dlinfo(program, RTLD_DI_LINKMAP, &map) != 0) {
        fprintf(stderr, "names: %s\n", dlerror());
        return 2;
    }
    memcpy(&scenario, &symbol, sizeof scenario);
    names_open(argv[1], map->l_addr);
    scenario();
    for (int i = 0; i < access_count; ++i) {
        names_learn(accesses[i].address, accesses[i].size, accesses[i].value);
    }
    for (int i = 0; i < access_count; ++i) {
        print_access(i);
    }
    names_legend(stdout);
    return 0;
}
