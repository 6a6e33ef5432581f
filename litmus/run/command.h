/* command.h - cordon-litmus run. */
#ifndef CORDON_LITMUS_RUN_COMMAND_H
#define CORDON_LITMUS_RUN_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

struct export;

/* command_page - what makes --html's page of a run; NULL in an executable that makes none. */
extern bool (*const command_page)(FILE *stream, const struct export *export);

/* run_command - argv[0] is "run". Returns the exit status. */
int run_command(int argc, char **argv);

#endif
