/* file.h - the small files in which the kernel tells of the machine. */
#ifndef CORDON_MACHINE_FILE_H
#define CORDON_MACHINE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* machine_read_line - the first line of a file, without its end; false if there is none. */
bool machine_read_line(const char *path, char *line, size_t room);

#endif
