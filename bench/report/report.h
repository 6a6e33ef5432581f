/* report.h - from measurements in JSON to something to look at.
 *
 *     read.c      files, ours or Google Benchmark's, brought into one form; several made one
 *     data.c      picking and grouping benchmarks, and what they say of themselves
 *     plots.c     which pictures there are: a table, and how each kind is drawn
 *     html.c      tables
 *     page.c      the page
 *     text.c      the same as aligned text
 *     command.c   the command line of `cordon-bench report`
 *
 * A document is gbench_document's: {"context": ..., "benchmarks": [...]}.
 */
#ifndef CORDON_BENCH_REPORT_H
#define CORDON_BENCH_REPORT_H

#include <jansson.h>

#include <stdbool.h>
#include <stdio.h>

/* report_read - the document in a file ("-": standard input); the program ends with status 2 if it is none.
 * Whatever the file had, each name of a benchmark then stands there once, times are in ns, and all
 * repetitions' times are in "samples".
 */
json_t *report_read(const char *path);

/* report_merge - add what a document has to another one: benchmarks, advice, ratios, warnings. What both
 * contexts say in different ways stays as it was.
 */
void report_merge(json_t *into, json_t *document);

/* report_same_machine - NULL, or what of the two contexts says that they were not measured on one machine
 * with one build: "cpu", "kernel" and so on.
 */
const char *report_other_machine(json_t *context, json_t *other);

/* report_page - one page of HTML that needs nothing beside it. Returns 0, or -1 if the stream did not
 * take it.
 */
int report_page(FILE *stream, json_t *document);

/* report_text - the same for a terminal. */
void report_text(FILE *stream, json_t *document);

#endif
