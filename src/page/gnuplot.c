/* gnuplot.c - a picture as SVG. */
#define _GNU_SOURCE
#include "page/gnuplot.h"

#include "cli/cli.h"
#include "page/page.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>

extern char **environ;

/* Colours that gnuplot is given, rgb(1,2,N), stand for those of the page's style sheet. */
enum { INK, GRID, FAINT, QUIET, CLEAR, FIRST = 10 };
#define COLOUR "rgb '#0102%02x'"

void plot_add(struct plot_series *series, struct plot_point point)
{
    if (series->count == series->room) {
        series->room = series->room ? 2 * series->room : 16;
        series->point = realloc(series->point, series->room * sizeof *series->point);
        if (series->point == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
    }
    series->point[series->count++] = point;
}

bool plot_can(void)
{
    return cli_can_run("gnuplot");
}

/* A string of gnuplot's. What is special to it anywhere (quotes, backquotes, which run commands,
 * backslashes, ends of lines) becomes a question mark.
 */
static void quote(FILE *script, const char *text)
{
    fputc('\'', script);
    size_t length;
    for (const char *c = text; *c != '\0'; c += length) {
        const unsigned char byte = (unsigned char)*c;
        length = page_character(c);
        if (byte == '\'') {
            fputs("\xe2\x80\x99", script); /* a typographic one */
        } else if (length > 1) {
            fwrite(c, 1, length, script);
        } else {
            const bool plain =
                length > 0 && (isalnum(byte) || strchr(" ._:,;-+/()%<>=&#[]~", byte) != NULL);
            fputc(plain ? byte : '?', script);
            length = 1;
        }
    }
    fputc('\'', script);
}

/* Here it is a format for printf. */
static void quote_tick(FILE *script, const char *text)
{
    char doubled[2 * sizeof((struct plot_tick *)NULL)->label];
    size_t used = 0;
    for (; *text != '\0' && used + 2 < sizeof doubled; ++text) {
        doubled[used++] = *text;
        if (*text == '%') {
            doubled[used++] = '%';
        }
    }
    doubled[used] = '\0';
    quote(script, doubled);
}

static void label_of(const struct plot_axis *axis, double at, char text[64])
{
    static const char *const units[] = {"ns", "\xc2\xb5s", "ms", "s"};
    unsigned unit = 0;
    for (; axis->time && unit < 3 && at >= 999.5; ++unit) {
        at /= 1000;
    }
    snprintf(text, 64, axis->time ? "%g %s" : "%g", at, units[unit]);
}

/* Marks at 1, 2, 5, 10 ... where there are few of them, else at powers of ten. */
static void log_ticks(FILE *script, char name, const struct plot_axis *axis)
{
    static const double steps[] = {1, 2, 5};
    const bool all = axis->most / axis->least < 500;
    const char *before = "";
    char text[64];
    fprintf(script, "set %ctics (", name);
    for (double decade = pow(10, floor(log10(axis->least))); decade <= axis->most; decade *= 10) {
        for (unsigned i = 0; i < (all ? 3 : 1); ++i) {
            const double at = decade * steps[i];
            if (at >= axis->least * 0.999 && at <= axis->most * 1.001) {
                label_of(axis, at, text);
                fprintf(script, "%s'%s' %.17g", before, text, at);
                before = ", ";
            }
        }
    }
    fputs(")\n", script);
}

static void write_axis(FILE *script, char name, const struct plot_axis *axis)
{
    if (axis->label != NULL) {
        fprintf(script, "set %clabel ", name);
        quote(script, axis->label);
        fprintf(script, " tc " COLOUR "\n", INK);
    }
    if (axis->log) {
        fprintf(script, "set logscale %c\n", name);
    }
    if (axis->least != axis->most) {
        fprintf(script, "set %crange [%.17g:%.17g]\n", name, axis->least, axis->most);
    }
    if (axis->ticks > 0) {
        fprintf(script, "set %ctics (", name);
        for (unsigned i = 0; i < axis->ticks; ++i) {
            fputs(i > 0 ? ", " : "", script);
            quote_tick(script, axis->tick[i].label);
            fprintf(script, " %.17g", axis->tick[i].at);
        }
        fputs(")\n", script);
    } else if (axis->log && axis->least > 0 && axis->most > axis->least) {
        log_ticks(script, name, axis);
    }
}

static void write_data(FILE *script, const struct plot *plot)
{
    for (unsigned i = 0; i < plot->count; ++i) {
        const struct plot_series *series = &plot->series[i];
        fprintf(script, "$d%u << END\n", i);
        for (unsigned k = 0; k < series->count; ++k) {
            const struct plot_point *point = &series->point[k];
            fprintf(script, "%.8g %.8g %.8g %.8g\n", point->x, point->y, point->low, point->high);
        }
        fputs("END\n", script);
    }
}

/* Points that nobody sees, over those that have a tip: gnuplot gets the number of it, see copy_tip. */
static void write_tips(FILE *script, const struct plot *plot)
{
    fputs("$tips << END\n", script);
    for (unsigned i = 0; i < plot->count; ++i) {
        for (unsigned k = 0; plot->series[i].tip != NULL && k < plot->series[i].count; ++k) {
            fprintf(script, "%.8g %.8g %u.%u\n", plot->series[i].point[k].x,
                    plot->series[i].point[k].y, i, k);
        }
    }
    fputs("END\n", script);
}

static bool has_tips(const struct plot *plot)
{
    for (unsigned i = 0; i < plot->count && plot->kind == PLOT_DOTS; ++i) {
        if (plot->series[i].tip != NULL && plot->series[i].count > 0) {
            return true;
        }
    }
    return false;
}

/* What a series is called in the key: one entry for all that are faint. */
static void write_title(FILE *script, const struct plot_series *series, bool *faint_told)
{
    if (series->faint && *faint_told) {
        fputs(" notitle", script);
        return;
    }
    fputs(" title ", script);
    quote(script, series->faint ? "others: see the table" : series->title);
    *faint_told = *faint_told || series->faint;
}

static bool has_bars(const struct plot_series *series)
{
    for (unsigned i = 0; i < series->count; ++i) {
        if (series->point[i].low < series->point[i].high) {
            return true;
        }
    }
    return false;
}

static void write_plot(FILE *script, const struct plot *plot)
{
    /* Shapes that differ as well as the colours do: filled disc, square, up, down, diamond; then hollow. */
    static const int shapes[] = {7, 5, 9, 11, 13, 6, 4, 8};
    const char *before = "plot ";
    bool faint_told = false;
    /* From back to front: the faint, the bands, the lines. */
    for (unsigned i = 0; i < plot->count; ++i) {
        if (plot->series[i].faint && plot->series[i].count > 0) {
            fprintf(script, "%s$d%u using 1:2 with %s lw 1 lc " COLOUR, before, i,
                    plot->kind == PLOT_STEPS ? "steps" : "lines", FAINT);
            write_title(script, &plot->series[i], &faint_told);
            before = ", ";
        }
    }
    for (unsigned i = 0; i < plot->count; ++i) {
        if (!plot->series[i].faint && plot->series[i].count > 0 && plot->kind == PLOT_LINES) {
            fprintf(script,
                    "%s$d%u using 1:3:4 with filledcurves fc " COLOUR
                    " fs transparent solid 0.18 noborder notitle",
                    before, i, FIRST + plot->series[i].colour);
            before = ", ";
        }
    }
    for (unsigned i = 0; i < plot->count; ++i) {
        const struct plot_series *series = &plot->series[i];
        if (series->faint || series->count == 0) {
            continue;
        }
        fprintf(script, "%s$d%u using ", before, i);
        if (plot->kind == PLOT_DOTS && has_bars(series)) {
            fprintf(script, "1:2:3:4 with xerrorbars lw 1.6 ps 0.6 pt %d", shapes[series->colour]);
        } else if (plot->kind == PLOT_DOTS) {
            fprintf(script, "1:2 with points lw 1.6 ps 0.8 pt %d", shapes[series->colour]);
        } else {
            fprintf(script, "1:2 with %s lw %s dt %s",
                    plot->kind == PLOT_STEPS ? "steps" : "linespoints",
                    series->solid ? "2.6" : "1.8", series->solid ? "1" : "(9,5)");
            if (plot->kind == PLOT_LINES) {
                fprintf(script, " pt %d ps 0.7", shapes[series->colour]);
            }
        }
        fprintf(script, " lc " COLOUR, FIRST + series->colour);
        write_title(script, series, &faint_told);
        before = ", ";
    }
    if (has_tips(plot)) {
        fprintf(script,
                "%s$tips using 1:2:3 with labels hypertext point pt 7 ps 1.1 lc " COLOUR " notitle",
                before, CLEAR);
    }
    fputc('\n', script);
}

static void write_script(FILE *script, const struct plot *plot)
{
    fprintf(script,
            "set encoding utf8\n"
            "set terminal svg size %u,%u dynamic noenhanced font 'sans-serif,14'\n"
            "set border 3 lc " COLOUR "\n"
            "set tics nomirror tc " COLOUR "\n"
            "set key outside right top Left reverse samplen 3 spacing 1.25 tc " COLOUR "\n"
            "set grid lc " COLOUR " lt 1 lw 1\n"
            "set errorbars 0.6\n",
            plot->width, plot->height, INK, INK, INK, GRID);
    if (plot->kind == PLOT_DOTS) {
        /* gnuplot guesses the labels' widths, and too great. */
        size_t widest = 8;
        for (unsigned i = 0; i < plot->y.ticks; ++i) {
            const size_t width = strlen(plot->y.tick[i].label);
            widest = width > widest ? width : widest;
        }
        size_t longest = 0;
        for (unsigned i = 0; i < plot->count; ++i) {
            const size_t width = strlen(plot->series[i].title);
            longest = width > longest ? width : longest;
        }
        const unsigned rows = (plot->count + 3) / 4;
        fprintf(script,
                "set lmargin at screen %.3f\nset rmargin at screen 0.97\nset tmargin %.1f\n"
                "set key at graph 0,1 bottom left horizontal maxrows %u width -%zu\n",
                fmin(0.5, ((double)widest * 7.6 + 24) / plot->width), 1.7 * rows + 0.5, rows,
                longest / 7);
    }
    if (plot->count < 2 && !(plot->count == 1 && plot->series[0].title[0] != '\0')) {
        fputs("unset key\n", script);
    }
    write_axis(script, 'x', &plot->x);
    write_axis(script, 'y', &plot->y);
    for (unsigned i = 0; i < plot->headings.ticks; ++i) {
        fputs("set label ", script);
        quote(script, plot->headings.tick[i].label);
        fprintf(script, " at graph 0.01, first %.17g left front tc " COLOUR "\n",
                plot->headings.tick[i].at, QUIET);
    }
    if (plot->line_at != 0) {
        fprintf(script,
                "set arrow from %.17g, graph 0 to %.17g, graph 1 nohead lw 1.5 lc " COLOUR "\n",
                plot->line_at, plot->line_at, INK);
    }
    write_data(script, plot);
    if (has_tips(plot)) {
        write_tips(script, plot);
    }
    write_plot(script, plot);
}

static bool stuck; /* once is enough */

/* Its exit status; one that takes far too long is ended, with what it started: its group. */
static int wait_for(pid_t child)
{
    enum { PATIENCE = 15000, LOOK = 2000000 }; /* looks, and ns in between: 30 s */
    int status = -1;
    pid_t ended;
    for (unsigned looks = 0; (ended = waitpid(child, &status, WNOHANG)) == 0; ++looks) {
        if (looks == PATIENCE) {
            stuck = true;
            kill(-child, SIGKILL);
            while ((ended = waitpid(child, &status, 0)) < 0 && errno == EINTR) {
            }
            return -1;
        }
        const struct timespec nap = {0, LOOK};
        nanosleep(&nap, NULL);
    }
    return ended == child ? status : -1;
}

/* gnuplot's answer to the script; NULL, or free() it. Files on both sides, so that neither waits for
 * the other.
 */
static char *run(FILE *script)
{
    char *const command[] = {"gnuplot", "-d", "-", NULL};
    FILE *answer = tmpfile();
    char *text = NULL;
    pid_t child;
    int status = -1;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (answer == NULL || fflush(script) != 0) {
        return NULL;
    }
    rewind(script);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(script), 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(answer), 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    /* An interrupt from the keyboard stops the measuring, not the drawing of what was measured. */
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    const int error = posix_spawnp(&child, command[0], &actions, &attributes, command, environ);
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (error == 0) {
        status = wait_for(child);
    }
    const long length = fseek(answer, 0, SEEK_END) == 0 ? ftell(answer) : -1;
    rewind(answer);
    if (error == 0 && status == 0 && length > 0 && (text = malloc((size_t)length + 1)) != NULL) {
        text[fread(text, 1, (size_t)length, answer)] = '\0';
    }
    fclose(answer);
    return text;
}

/* A colour "rgb(  1,   2,  10)" as the style sheet knows it. Returns what follows it, or NULL. */
static const char *replace_colour(FILE *stream, const char *text)
{
    int red, green, blue, used = 0;
    if (sscanf(text, "rgb(%d,%d,%d)%n", &red, &green, &blue, &used) != 3 || used == 0 || red != 1 ||
        green != 2) {
        return NULL;
    }
    if (blue < FIRST) {
        static const char *const names[] = {"var(--ink)", "var(--grid)", "var(--faint)",
                                            "var(--quiet)", "transparent"};
        fputs(names[blue >= 0 && blue <= CLEAR ? blue : INK], stream);
    } else {
        fprintf(stream, "var(--c%d)", (blue - FIRST) % PLOT_COLOURS);
    }
    return text + used;
}

/* gnuplot would have a script show the tip; a <title> needs none. Returns what follows, or NULL. */
static const char *copy_tip(FILE *stream, const char *text, const struct plot *plot)
{
    static const char begin[] = "<g onmousemove=\"gnuplot_svg.showHypertext(evt,'";
    static const char end[] = "><title> </title>";
    unsigned series, point;
    if (strncmp(text, begin, strlen(begin)) != 0) {
        return NULL;
    }
    const char *next = strstr(text, end);
    if (next == NULL || sscanf(text + strlen(begin), "%u.%u'", &series, &point) != 2 ||
        series >= plot->count || point >= plot->series[series].count ||
        plot->series[series].tip == NULL) {
        return NULL;
    }
    fputs("<g><title>", stream);
    page_text(stream, plot->series[series].tip[point]);
    fputs("</title>", stream);
    return next + strlen(end);
}

/* The drawing without its frame, names made unique in the page. */
static void copy_body(FILE *stream, const char *text, const struct plot *plot, unsigned number)
{
    static const char *const names[] = {"gnuplot_", "gpPt", "gpDot", "textbox", "greybox"};
    while (*text != '\0') {
        const char *next = *text == 'r'   ? replace_colour(stream, text)
                           : *text == '<' ? copy_tip(stream, text, plot)
                                          : NULL;
        for (unsigned i = 0; next == NULL && i < sizeof names / sizeof *names; ++i) {
            if ((text[-1] == '\'' || text[-1] == '"' || text[-1] == '#') &&
                strncmp(text, names[i], strlen(names[i])) == 0) {
                fprintf(stream, "p%u%s", number, names[i]);
                next = text + strlen(names[i]);
            }
        }
        /* gnuplot opens a group for every change of its mind; most stay empty. */
        if (next == NULL && strncmp(text, "<g fill=\"none\"", 14) == 0) {
            const char *end = strchr(text, '\n');
            if (end != NULL && strncmp(end, "\n</g>\n", 6) == 0) {
                next = end + 6;
            }
        }
        if (next == NULL) {
            fputc(*text, stream);
            next = text + 1;
        }
        text = next;
    }
}

bool plot_svg(FILE *stream, const struct plot *plot, unsigned number, const char *title)
{
    FILE *script = stuck ? NULL : tmpfile();
    if (script == NULL) {
        return false;
    }
    write_script(script, plot);
    char *svg = run(script);
    fclose(script);
    const char *body = svg != NULL ? strstr(svg, "<g id=\"gnuplot_canvas\"") : NULL;
    if (body != NULL) {
        fprintf(stream,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" "
                "xmlns:xlink=\"http://www.w3.org/1999/xlink\" "
                "viewBox=\"0 0 %u %u\" role=\"img\" aria-labelledby=\"p%ut\">\n<title "
                "id=\"p%ut\">%s</title>\n",
                plot->width, plot->height, number, number, title);
        copy_body(stream, body, plot, number);
    }
    free(svg);
    return body != NULL;
}
