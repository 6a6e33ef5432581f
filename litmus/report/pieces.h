/* pieces.h - the pieces of a page of results. */
#ifndef CORDON_LITMUS_REPORT_PIECES_H
#define CORDON_LITMUS_REPORT_PIECES_H

#include "report/results.h"

#include <stdio.h>

/* What is known of the page while it is written. */
struct pieces {
    FILE *stream;
    const struct results *results;
    bool gnuplot;     /* it is there */
    unsigned figures; /* so many plots */
};

/* pieces_relaxations - what was reordered, a row each, with the tests behind it. */
void pieces_relaxations(struct pieces *page);

/* pieces_matrix - families × forms, coloured by the rate of the weak outcome. */
void pieces_matrix(struct pieces *page);

/* pieces_cell - of a map: how many weak outcomes of the test there were in a second; NULL: no test. */
void pieces_cell(struct pieces *page, const struct results_test *test);

/* pieces_sides - of one family of two threads: what the one has × what the other has. */
void pieces_sides(struct pieces *page, const struct results_family *family);

/* pieces_outcomes - of one family: tests × final states, coloured by their share. */
void pieces_outcomes(struct pieces *page, const struct results_family *family);

/* pieces_rates - of one family, a picture: how often the weak outcome showed, or could have at most. */
void pieces_rates(struct pieces *page, const struct results_family *family);

/* pieces_table - of one family: all that is known of each test. */
void pieces_table(struct pieces *page, const struct results_family *family);

/* pieces_histogram - as cordon-litmus run prints it: "1148917*>0:r0=0; 1:r0=0;". */
void pieces_histogram(FILE *stream, const struct results_test *test);

/* pieces_rate - a cell's text: "18.1 M", "not seen". Returns text. */
const char *pieces_rate(const struct results_test *test, char text[32]);

#endif
