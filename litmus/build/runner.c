/* runner.c - the main program of an executable that `cordon-litmus build` made. */
#define _GNU_SOURCE
#include "cli/cli.h"
#include "run/command.h"

#include <cordon/version.h>

#include <string.h>

int main(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/'), *name = slash != NULL ? slash + 1 : argv[0];
    cli_start(name);
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; ++i) {
        if (strcmp(argv[i], "--version") == 0 || strcmp(argv[i], "-V") == 0) {
            printf("%s, of cordon-litmus %d.%d.%d\n", name, CORDON_VERSION_MAJOR,
                   CORDON_VERSION_MINOR, CORDON_VERSION_PATCH);
            return cli_finish(CLI_OK);
        }
    }
    return run_command(argc, argv);
}
