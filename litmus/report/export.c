/* export.c - the page of a run that has just ended: by way of its JSON, so that it is the same page that
 * cordon-litmus report makes of that.
 */
#define _GNU_SOURCE
#include "report/report.h"

#include "run/command.h"
#include "run/export.h"

#include <stdlib.h>

static bool page_of(FILE *stream, const struct export *export)
{
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    const bool told = memory != NULL && export_json(memory, export);
    if (memory == NULL || fclose(memory) != 0 || !told) {
        free(text);
        return false;
    }
    json_t *document = json_loadb(text, size, 0, NULL);
    const bool written = document != NULL && litmus_page(stream, document);
    json_decref(document);
    free(text);
    return written;
}

bool (*const command_page)(FILE *stream, const struct export *export) = page_of;
