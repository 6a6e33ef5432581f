/* code.c - the instructions that were measured: their bytes, and objdump's reading of them. */
#define _GNU_SOURCE
#include "code.h"

#include <fcntl.h>
#include <link.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

void code_bytes(struct code_span span, char *text, size_t room)
{
    size_t used = 0;
    snprintf(text, room, "none");
    for (const unsigned char *byte = span.begin; byte < span.end; ++byte) {
        if (used + sizeof " 00 ..." > room) {
            snprintf(text + used, room - used, " ...");
            return;
        }
        used += (size_t)snprintf(text + used, room - used, "%s%02x", used ? " " : "", *byte);
    }
}

/* The difference between addresses in this process and in its file. */
static int first_object(struct dl_phdr_info *info, size_t size, void *base)
{
    (void)size;
    *(uintptr_t *)base = (uintptr_t)info->dlpi_addr; /* the program itself comes first */
    return 1;
}

/* Start objdump over [first, last) of our own file; its output, or NULL. */
static FILE *start_objdump(uintptr_t first, uintptr_t last, pid_t *child)
{
    char file[4096], from[40], to[40];
    const ssize_t length = readlink("/proc/self/exe", file, sizeof file - 1);
    int ends[2];
    if (length <= 0 || pipe2(ends, O_CLOEXEC) != 0) {
        return NULL;
    }
    file[length] = '\0';
    snprintf(from, sizeof from, "--start-address=0x%jx", (uintmax_t)first);
    snprintf(to, sizeof to, "--stop-address=0x%jx", (uintmax_t)last);
    char command[] = "objdump", disassemble[] = "-d", no_bytes[] = "--no-show-raw-insn";
    char *arguments[] = {command, disassemble, no_bytes, from, to, file, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = posix_spawnp(child, command, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    FILE *stream = error == 0 ? fdopen(ends[0], "r") : NULL;
    if (stream == NULL) {
        close(ends[0]);
        if (error == 0) {
            waitpid(*child, NULL, 0);
        }
    }
    return stream;
}

/* "  401136:\tlock orl $0x0,-0x40(%rsp)" to its address and its text with single blanks. */
static bool read_instruction(char *line, uintptr_t *address, char **text)
{
    char *end;
    *address = (uintptr_t)strtoull(line, &end, 16);
    if (end == line || end[0] != ':' || end[1] != '\t') {
        return false;
    }
    *text = end + 2;
    char *to = *text;
    for (const char *from = *text; *from != '\0' && *from != '\n' && *from != '#'; ++from) {
        const char byte = *from == '\t' ? ' ' : *from;
        if (byte != ' ' || (to > *text && to[-1] != ' ')) {
            *to++ = byte;
        }
    }
    while (to > *text && to[-1] == ' ') {
        --to;
    }
    *to = '\0';
    /* "call 9710 <cordon_fence_heavy>" to "call cordon_fence_heavy"; "je 56d8 <x+0x6a>" to "je
     * x+0x6a" would name nothing, so there the address stays.
     */
    char *symbol = strchr(*text, '<');
    if (symbol != NULL && strchr(symbol, '+') != NULL) {
        symbol[-1] = '\0';
    } else if (symbol != NULL && strchr(*text, ' ') != NULL) {
        symbol[strcspn(symbol, ">")] = '\0';
        memmove(strchr(*text, ' ') + 1, symbol + 1, strlen(symbol));
    }
    return true;
}

static void append(char **texts, size_t index, const char *text)
{
    const char *before = texts[index] ? texts[index] : "";
    char *longer;
    if (asprintf(&longer, "%s%s%s", before, *before ? "; " : "", text) >= 0) {
        free(texts[index]);
        texts[index] = longer;
    }
}

char **code_disassemble(const struct code_span *spans, size_t count)
{
    uintptr_t base = 0, first = UINTPTR_MAX, last = 0;
    dl_iterate_phdr(first_object, &base);
    for (size_t i = 0; i < count; ++i) {
        const uintptr_t begin = (uintptr_t)spans[i].begin - base;
        const uintptr_t end = (uintptr_t)spans[i].end - base;
        if (begin < end) {
            first = begin < first ? begin : first;
            last = end > last ? end : last;
        }
    }
    pid_t child;
    FILE *stream = last > 0 ? start_objdump(first, last, &child) : NULL;
    char **texts = stream != NULL ? calloc(count, sizeof *texts) : NULL;
    char line[512];
    bool any = false;
    while (stream != NULL && fgets(line, sizeof line, stream) != NULL) {
        uintptr_t address;
        char *text;
        if (texts == NULL || !read_instruction(line, &address, &text)) {
            continue;
        }
        for (size_t i = 0; i < count; ++i) {
            if (address >= (uintptr_t)spans[i].begin - base &&
                address < (uintptr_t)spans[i].end - base) {
                append(texts, i, text);
                any = true;
            }
        }
    }
    if (stream != NULL) {
        fclose(stream);
        waitpid(child, NULL, 0);
    }
    if (!any) {
        code_free(texts, count);
        return NULL;
    }
    return texts;
}

void code_free(char **texts, size_t count)
{
    for (size_t i = 0; texts != NULL && i < count; ++i) {
        free(texts[i]);
    }
    free(texts);
}
