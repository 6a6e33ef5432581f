/* dot.c - one execution as a drawing for Graphviz: the rows of the report as boxes, with the relations
 * between them.
 */
#define _GNU_SOURCE
#include "report.h"

#include "graph.h"
#include "label.h"
#include "names.h"
#include "native.h"
#include "rows.h"
#include "synchronise.h"

#include <ctype.h>
#include <stdlib.h>

static void put_escaped(FILE *out, const char *text)
{
    for (; *text != '\0'; ++text) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', out);
        }
        fputc(iscntrl((unsigned char)*text) ? '?' : *text, out);
    }
}

static void put_thread(FILE *out, const struct rows *rows, int thread)
{
    const char *function = label_thread(thread);
    int previous = 0;
    fprintf(out, "  subgraph cluster_T%d {\n    label=\"T%d ", thread, thread);
    put_escaped(out, function != NULL ? function : "");
    fputs("\";\n", out);
    for (int i = 0; i < rows->count; ++i) {
        const struct row *row = &rows->at[i];
        if (row->thread != thread) {
            continue;
        }
        fprintf(out, "    r%d [label=\"%d  ", i + 1, i + 1);
        put_escaped(out, row->text);
        fputs("\\n", out);
        put_escaped(out, row->place);
        fprintf(out, "\"%s];\n", row->marked ? ", color=red, penwidth=2" : "");
        if (previous > 0) {
            fprintf(out, "    r%d -> r%d [color=gray40, weight=8];\n", previous, i + 1);
        }
        previous = i + 1;
    }
    fputs("  }\n", out);
}

static void put_edge(FILE *out, int from, int to, const char *style)
{
    if (from > 0 && to > 0 && from != to) {
        fprintf(out, "  r%d -> r%d [constraint=false, %s];\n", from, to, style);
    }
}

static int32_t name_of(const struct event *e)
{
    return graph->thread[e->thread].at[e->index];
}

static void put_read(FILE *out, const struct rows *rows, int32_t name)
{
    const struct event *e = &events[name], *acquire = sync_acquire(e);
    const struct place *place = place_of(e);
    const int next = co_position(place, e->rf) + 1;
    put_edge(out, rows_number(rows, e->rf), rows_number(rows, name),
             "label=rf, color=forestgreen, fontcolor=forestgreen");
    if (next < place->co.count) {
        put_edge(out, rows_number(rows, name), rows_number(rows, place->co.at[next]),
                 "label=fr, style=dashed, color=darkorange, fontcolor=darkorange");
    }
    const struct event *release =
        e->rf != INITIAL && acquire != NULL ? sync_release(&events[e->rf]) : NULL;
    if (release != NULL && release->thread != e->thread) {
        put_edge(out, rows_number(rows, name_of(release)), rows_number(rows, name_of(acquire)),
                 "label=sw, color=blue, fontcolor=blue");
    }
}

static void put_relations(FILE *out, const struct rows *rows)
{
    for (int i = 0; i < graph->trace.count; ++i) {
        const int32_t name = graph->trace.at[i];
        const struct event *e = &events[name];
        if (e->kind == READ) {
            put_read(out, rows, name);
        } else if (e->kind == JOIN && e->rf != INITIAL) {
            put_edge(out, rows_number(rows, e->rf), rows_number(rows, name),
                     "style=dotted, color=gray40");
        } else if (e->kind == START && e->rf != INITIAL) {
            int first = 0;
            while (first < rows->count && rows->at[first].thread != e->thread) {
                ++first;
            }
            put_edge(out, rows_number(rows, e->rf), first < rows->count ? first + 1 : 0,
                     "style=dotted, color=gray40");
        }
    }
    for (int32_t l = 0; l < graph->places; ++l) {
        const struct names *co = &graph->place[l].co;
        for (int i = 0; i + 1 < co->count; ++i) {
            put_edge(out, rows_number(rows, co->at[i]), rows_number(rows, co->at[i + 1]),
                     "label=co, color=brown, fontcolor=brown");
        }
    }
}

void report_dot(FILE *out, enum finding finding)
{
    struct side side[2];
    struct rows rows;
    const uintptr_t *places = result->places;
    const uintptr_t pc = places[0] != 0 ? places[0] + native_base() : 0;
    find_sides(finding, pc, places[1] != 0 ? places[1] + native_base() : 0, side);
    if (graph->trace.count == 0 || !rows_make(&rows, finding, pc, side)) {
        fputs("digraph execution {\n}\n", out);
        return;
    }
    fputs("digraph execution {\n"
          "  node [shape=box, fontname=\"monospace\", fontsize=10];\n"
          "  edge [fontname=\"monospace\", fontsize=9];\n",
          out);
    for (int t = 0; t < graph->threads; ++t) {
        put_thread(out, &rows, t);
    }
    put_relations(out, &rows);
    if (finding == FOUND_RACE) {
        put_edge(out, rows_of_side(&rows, &side[1]), rows_of_side(&rows, &side[0]),
                 "label=\"no hb\", dir=both, color=red, fontcolor=red, penwidth=3");
    }
    fputs("}\n", out);
    rows_free(&rows);
}
