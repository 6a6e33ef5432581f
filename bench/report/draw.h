/* draw.h - what goes into each picture that gnuplot draws. */
#ifndef CORDON_BENCH_REPORT_DRAW_H
#define CORDON_BENCH_REPORT_DRAW_H

#include "catalogue.h"
#include "plots.h"

/* Each writes an <svg>, or nothing where there is no gnuplot or nothing to see; the title is HTML. */
void draw_lines(FILE *stream, struct report_state *state, const struct picture *picture,
                json_t *benchmarks, const char *title);
void draw_tails(FILE *stream, struct report_state *state, const struct picture *picture,
                json_t *benchmarks, const char *title);
void draw_dots(FILE *stream, struct report_state *state, const struct picture *picture,
               json_t *benchmarks, const char *title);

/* draw_ratios - ours against the peers. */
void draw_ratios(FILE *stream, struct report_state *state, json_t *ratios);

#endif
