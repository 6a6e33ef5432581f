/* sections.h - what page and text say alike: the machine, the sections, the verdicts. */
#ifndef CORDON_BENCH_REPORT_SECTIONS_H
#define CORDON_BENCH_REPORT_SECTIONS_H

#include <jansson.h>

#define REPORT_LINE 512

/* One line about the machine: its name, and a function that tells it from the context, or "". */
struct report_fact {
    const char *name;
    const char *(*tell)(json_t *context, char text[REPORT_LINE]);
};
extern const struct report_fact report_facts[];
extern const unsigned report_fact_count;

/* report_machine - what the machine is called. */
const char *report_machine(json_t *context, char text[REPORT_LINE]);

/* report_benches - {"c2c": true, ...}: whose results there are, in the order of the report. */
json_t *report_benches(json_t *benchmarks);

/* report_title - of a subcommand's section. */
const char *report_title(const char *bench);

enum report_verdict { REPORT_BETTER, REPORT_WORSE, REPORT_NOISE };
extern const char *const report_verdicts[];

/* report_ratio - "1.62 [1.58, 1.66]", or "~" where it is no difference, of an entry of "ratios". */
enum report_verdict report_ratio(json_t *ratio, char text[REPORT_LINE]);

#endif
