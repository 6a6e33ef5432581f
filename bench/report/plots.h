/* plots.h - the pictures of a page. */
#ifndef CORDON_BENCH_REPORT_PLOTS_H
#define CORDON_BENCH_REPORT_PLOTS_H

#include <jansson.h>

#include <stdbool.h>
#include <stdio.h>

/* What is known of the page while it is written. */
struct report_state {
    bool gnuplot;     /* it is there */
    unsigned figures; /* so many */
    unsigned failed;  /* that gnuplot did not draw */
    json_t *colours;  /* of the candidates in this section: numbers by name */
};

/* plots_of_part - the figures that are known for one part of one subcommand, each with a table; what is in none
 * stands in a table at the end.
 */
void plots_of_part(FILE *stream, struct report_state *state, json_t *benchmarks, const char *bench,
                   const char *part);

#endif
