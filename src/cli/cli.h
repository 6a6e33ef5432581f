/* cli.h - the command-line manners that the tools share.
 *
 * One clear line for each mistake ("cordon-bench: --repetitions: '0' ..."), strict numbers, colour
 * and progress only where a person watches, an interrupt that lets the tool say what it has.
 */
#ifndef CORDON_CLI_H
#define CORDON_CLI_H

#include <getopt.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Exit statuses, the same for every tool. */
enum cli_status {
    CLI_OK = 0,
    CLI_FAILED = 1, /* a forbidden outcome, a regression */
    CLI_USAGE = 2,  /* the command line, or an input, is wrong */
    CLI_UNFIT = 3,  /* only the environment is: no answer */
    CLI_SKIPPED = 77
};

/* cli_start - remember the program's name for messages. */
void cli_start(const char *program);

/* cli_error - "PROGRAM: message" and a line's end, to stderr, after clearing any progress line. */
__attribute__((format(printf, 1, 2))) void cli_error(const char *format, ...);

/* cli_die - cli_error, then exit. */
__attribute__((format(printf, 2, 3), noreturn)) void cli_die(enum cli_status status,
                                                             const char *format, ...);

/* cli_read_count - a whole decimal number in [least, most]: digits only, no sign, no blanks. */
bool cli_read_count(const char *text, unsigned long least, unsigned long most,
                    unsigned long *count);

/* cli_count - the same for an option's value; a wrong one ends the program with status 2. */
unsigned long cli_count(const char *option, const char *text, unsigned long least,
                        unsigned long most);

/* cli_read_duration - seconds, or with a unit (10, 0.5, 500ms, 20us, 2s, 1m), as nanoseconds.
 * More than zero and at most a day.
 */
bool cli_read_duration(const char *text, uint64_t *nanoseconds);

/* cli_duration - the same for an option's value; a wrong one ends the program with status 2. */
uint64_t cli_duration(const char *option, const char *text);

/* cli_number - some three digits of it: "312 M". Returns `text`. */
const char *cli_number(double number, char *text, size_t size);

/* cli_make_directory - if it is not there; is it one that files can be made in? Else errno says why. */
bool cli_make_directory(const char *path);

/* cli_time - "0.42 s", "12 min". Returns `text`. */
const char *cli_time(double seconds, char *text, size_t size);

/* A list of CPU numbers, in the order given. */
struct cli_cpus {
    unsigned *cpu; /* free() it */
    size_t count;
};

/* cli_read_cpus - "0,2-5". Returns NULL, or what is wrong with the text (then nothing to free). */
const char *cli_read_cpus(const char *text, struct cli_cpus *list);

/* cli_can_run - is the first word of the command a program, by itself or along $PATH? */
bool cli_can_run(const char *command);

/* cli_nearest - which of the words was probably meant, or NULL if none is near. */
const char *cli_nearest(const char *given, const char *const *words, size_t count);

/* cli_option - getopt_long without its messages; an unknown option, a missing or a superfluous
 * value ends the program with status 2 and one line that suggests what may have been meant.
 */
int cli_option(int argc, char **argv, const char *short_options, const struct option *options);

/* Escape sequences, or empty strings where there is no terminal, NO_COLOR is set or TERM is dumb.
 */
struct cli_style {
    const char *bold, *dim, *red, *green, *yellow, *reset;
};
struct cli_style cli_style(FILE *stream);

/* cli_progress - replace the progress line; nothing unless stderr is a terminal. */
__attribute__((format(printf, 1, 2))) void cli_progress(const char *format, ...);

/* cli_progress_prefix - what every progress line from now on begins with; the text is not copied. */
void cli_progress_prefix(const char *text);

/* cli_progress_clear - remove it, before anything else is written. */
void cli_progress_clear(void);

/* The number of the first SIGINT, SIGTERM, SIGHUP or SIGQUIT, or 0. */
extern atomic_int cli_interrupted;

/* cli_catch_interrupts - let the first of these signals only set cli_interrupted; one that comes
 * half a second later, or more, ends the program as ever.
 */
void cli_catch_interrupts(void);

/* cli_hold_interrupts - after one was caught: further ones wait, for the program is about to end and
 * has to tidy up.
 */
void cli_hold_interrupts(void);

/* cli_finish - flush stdout; returns the status, or CLI_UNFIT if what was printed did not arrive
 * (a full disk, say).
 */
int cli_finish(int status);

#endif
