/* main.c - cordon-check: explore every execution of a small multi-threaded program. */
#define _GNU_SOURCE
#include "cli/cli.h"
#include "options.h"

int main(int argc, char **argv)
{
    struct command command;
    cli_start("cordon-check");
    read_command(argc, argv, &command);
    cli_die(CLI_UNFIT, "the explorer is not part of this build");
}
