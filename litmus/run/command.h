/* command.h - cordon-litmus run. */
#ifndef CORDON_LITMUS_RUN_COMMAND_H
#define CORDON_LITMUS_RUN_COMMAND_H

/* run_command - argv[0] is "run". Returns the exit status. */
int run_command(int argc, char **argv);

#endif
