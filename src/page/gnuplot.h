/* gnuplot.h - a picture as SVG, drawn by the program gnuplot.
 *
 * Colours are names of the page's style sheet (--c0 and so on, --ink), so that a picture is readable on a
 * dark page, too.
 */
#ifndef CORDON_PAGE_GNUPLOT_H
#define CORDON_PAGE_GNUPLOT_H

#include <stdbool.h>
#include <stdio.h>

#define PLOT_COLOURS 8

struct plot_point {
    double x, y;
    double low, high; /* of y; of x in PLOT_DOTS */
};

struct plot_series {
    char title[96];
    unsigned count, room;
    struct plot_point *point;
    char **tip;      /* in PLOT_DOTS, what the pointer is told of each point; NULL: nothing */
    unsigned colour; /* below PLOT_COLOURS */
    bool solid;      /* a thick line; others are dashed */
    bool faint;      /* in the background, without a colour and a title of its own */
};

struct plot_tick {
    double at;
    char label[128];
};

struct plot_axis {
    const char *label;
    bool log;
    bool time;          /* its numbers are ns */
    double least, most; /* equal: gnuplot chooses */
    unsigned ticks;     /* 0: chosen */
    struct plot_tick *tick;
};

enum plot_kind {
    PLOT_LINES, /* with a band from low to high */
    PLOT_STEPS, /* without points and bands */
    PLOT_DOTS   /* a row for each y, a bar from low to high */
};

struct plot {
    enum plot_kind kind;
    struct plot_axis x, y;
    unsigned width, height;
    struct plot_axis headings; /* its ticks: text in the plot, from its left edge, at these y */
    double line_at;            /* in PLOT_DOTS, a vertical line there; 0: none */
    struct plot_series *series;
    unsigned count;
};

/* plot_add - one more point. */
void plot_add(struct plot_series *series, struct plot_point point);

/* plot_can - is there a gnuplot? */
bool plot_can(void);

/* plot_svg - an element <svg> for the inside of a page; `number` tells it from others there, and `title` is
 * what a screen reader says, in HTML. False: gnuplot failed, nothing was written.
 */
bool plot_svg(FILE *stream, const struct plot *plot, unsigned number, const char *title);

#endif
