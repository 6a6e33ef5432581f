/* document.h - the JSON of cordon-litmus run and merge, as it is. */
#ifndef CORDON_LITMUS_LOG_DOCUMENT_H
#define CORDON_LITMUS_LOG_DOCUMENT_H

#include <jansson.h>

/* log_document - from a file ("-" is standard input): of the schema, and with all that is added up of tests that were
 * run. Ends the program with one line that says where and what, if it is not. json_decref it.
 */
json_t *log_document(const char *path);

#endif
