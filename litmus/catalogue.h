/* catalogue.h - the tests of litmus/catalogue, embedded at build time. */
#ifndef CORDON_LITMUS_CATALOGUE_H
#define CORDON_LITMUS_CATALOGUE_H

#include <stddef.h>

struct catalogue_entry {
    const char *name; /* the file's, without .litmus */
    const char *text; /* ends with a NUL that `length` does not count */
    size_t length;
};

/* In the order of their names, and one entry of NULLs. */
extern const struct catalogue_entry catalogue[];
extern const size_t catalogue_count;

#endif
