/* catalogue.h - which pictures there are. */
#ifndef CORDON_BENCH_REPORT_CATALOGUE_H
#define CORDON_BENCH_REPORT_CATALOGUE_H

#include <stdbool.h>

enum picture_kind {
    PICTURE_LINES, /* y against x, a line for each candidate */
    PICTURE_TAILS, /* a distribution: what share took longer than x */
    PICTURE_DOTS, /* a row for each candidate, a mark for its figure; x: what tells the marks apart */
    PICTURE_MATRIX, /* from CPU x to CPU partner */
    PICTURE_MAP     /* the best candidate for each x and y */
};

enum { PICTURE_PANELS = 8 };

struct picture {
    const char *bench, *part;
    enum picture_kind kind;
    const char *where, *is; /* only of what has one of these words at that key; NULL: all */
    const char *
        common; /* in PICTURE_DOTS, of each kind of mark only those with the commonest value there */
    const char *title, *caption;
    const char *panel[PICTURE_PANELS]; /* a picture for each combination of these */
    const char *x, *x_label;
    const char *y, *y_label;
    bool log_x;
    bool time;   /* y is in ns */
    bool linear; /* y may not be logarithmic */
};

extern const struct picture pictures[];
extern const unsigned picture_count;

#endif
