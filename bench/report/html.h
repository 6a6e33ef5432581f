/* html.h - tables in a page. */
#ifndef CORDON_BENCH_REPORT_HTML_H
#define CORDON_BENCH_REPORT_HTML_H

#include <jansson.h>

#include <stdio.h>

/* html_table - everything that these benchmarks say, a row each; or, beside who and where, only what stands
 * at that key.
 */
void html_table(FILE *stream, json_t *benchmarks, const char *only);

/* What html_table has in its columns, for whoever wants it otherwise: the keys of whatever differs, and
 * in *same what is equal in all rows. Free both with json_decref: an array, an object.
 */
json_t *html_columns(json_t *benchmarks, const char *only, json_t **same);

/* html_cell - what stands in a row at the column of that key, as text. */
#define HTML_CELL 320
const char *html_cell(json_t *benchmark, const char *key, char text[HTML_CELL]);

/* html_head - the head of that column. */
const char *html_head(const char *key);

#endif
