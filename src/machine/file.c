/* file.c - reading a line. */
#define _GNU_SOURCE
#include "file.h"

#include <stdio.h>
#include <string.h>

bool machine_read_line(const char *path, char *line, size_t room)
{
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    const bool done = fgets(line, (int)room, file) != NULL;
    fclose(file);
    if (done) {
        line[strcspn(line, "\n")] = '\0';
    }
    return done;
}
