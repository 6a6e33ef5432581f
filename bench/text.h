/* text.h - what the reports have in common. */
#ifndef CORDON_BENCH_TEXT_H
#define CORDON_BENCH_TEXT_H

#include "clock.h"
#include "machine/spoilers.h"
#include "stats.h"

#include <stdio.h>

/* Room for a cell of a table. */
#define BENCH_CELL 64

/* bench_put - the text, without what a terminal would obey. */
void bench_put(FILE *stream, const char *text);

/* bench_number - three digits of it or more: "4.40", "62.3", "9443". Returns text. */
const char *bench_number(double value, char text[BENCH_CELL]);

/* bench_interval - "4.40 [4.39, 4.43]". Returns text. */
const char *bench_interval(struct stats_interval interval, double scale, char text[BENCH_CELL]);

/* bench_print_machine - the block that a report begins with: machine and clock. */
void bench_print_machine(FILE *stream, const struct machine *machine,
                         const struct bench_clock *clock);

/* bench_print_membarrier - what the asymmetric fences are here. */
void bench_print_membarrier(FILE *stream);

/* bench_print_warnings - what spoils the measurement, and what to do about it; what machine_watch
 * saw included, unless that is NULL. Returns how many there were.
 */
unsigned bench_print_warnings(FILE *stream, const struct machine *machine,
                              const struct machine_watch *watch);

/* bench_print_end - the last lines: how much was measured, and why not more. */
void bench_print_end(FILE *stream, unsigned done, unsigned wanted, unsigned long blocks,
                     unsigned long repeated, const char *block);

#endif
