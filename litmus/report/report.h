/* report.h - from the JSON of a run, or of several, to something to look at.
 *
 *     results.c   what is told of each test, read from the document, and tests of one shape together
 *     maps.c      heat maps: shapes × forms, tests × final states
 *     sides.c     a heat map of what each of two threads has
 *     plots.c     pictures by gnuplot: rates, and what was reordered
 *     table.c     tests in full
 *     page.c      the page
 *     export.c    a run that has just ended as such a document
 *     command.c   the command line of `cordon-litmus report`
 */
#ifndef CORDON_LITMUS_REPORT_REPORT_H
#define CORDON_LITMUS_REPORT_REPORT_H

#include <jansson.h>

#include <stdbool.h>
#include <stdio.h>

/* litmus_page - one page of HTML that needs nothing beside it, of a document of log_document's. False: the
 * stream did not take it.
 */
bool litmus_page(FILE *stream, json_t *document);

/* report_command - cordon-litmus report. */
int report_command(int argc, char **argv);

#endif
