/* emit_as.c - many tests in one file of C.
 *
 * Each of them defines the same names, so each gets names of its own, by macros around it. A test's own names
 * begin with x_ or r_ and meet none of these.
 */
#define _GNU_SOURCE
#include "batch.h"
#include "perpetual.h"

#include <stdlib.h>
#include <string.h>

static const char *const common[] = {"initial", "litmus_reset", "litmus_count", "litmus_threads",
                                     "tally",   "count_at",     "location_of",  "named"};

static void put_names(FILE *f, const struct litmus_test *test, const char *prefix)
{
    for (size_t i = 0; i < sizeof common / sizeof *common; ++i) {
        if (prefix != NULL) {
            fprintf(f, "#define %s %s_%s\n", common[i], prefix, common[i]);
        } else {
            fprintf(f, "#undef %s\n", common[i]);
        }
    }
    for (unsigned i = 0; i < test->thread_count; ++i) {
        if (prefix != NULL) {
            fprintf(f, "#define P%u %s_P%u\n#define run_P%u %s_run_P%u\n", i, prefix, i, i, prefix,
                    i);
        } else {
            fprintf(f, "#undef P%u\n#undef run_P%u\n", i, i);
        }
    }
}

bool litmus_emit_as(FILE *f, const struct litmus_test *test, enum litmus_mode mode,
                    const char *prefix)
{
    static const char declaration[] = LITMUS_BATCH_TEXT ";";
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        return false;
    }
    if (mode == LITMUS_ARRAY) {
        litmus_emit(stream, test);
    } else {
        litmus_emit_perpetual(stream, test, mode);
    }
    const bool written = fclose(stream) == 0;
    char *found = written ? strstr(text, declaration) : NULL;
    if (found != NULL) { /* it would be one declaration too many */
        memset(found, ' ', strlen(declaration));
        put_names(f, test, prefix);
        fputs(text, f);
        put_names(f, test, NULL);
    }
    free(text);
    return found != NULL;
}
