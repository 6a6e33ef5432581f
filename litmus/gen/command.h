/* command.h - cordon-litmus gen. */
#ifndef CORDON_LITMUS_GEN_COMMAND_H
#define CORDON_LITMUS_GEN_COMMAND_H

int gen_command(int argc, char **argv);

#endif
