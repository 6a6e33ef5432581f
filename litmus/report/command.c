/* command.c - cordon-litmus report. */
#define _GNU_SOURCE
#include "report/report.h"

#include "cli/cli.h"
#include "log/document.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char help[] =
    "Usage: cordon-litmus report FILE.json [--html FILE]\n"
    "\n"
    "Write one page of HTML about what was seen, with plots, that needs nothing beside it. "
    "FILE.json is\n"
    "what cordon-litmus run --json wrote, on this machine or on another, or cordon-litmus merge; - "
    "is\n"
    "standard input. The plots are gnuplot's: where that is not installed there are tables.\n"
    "\n"
    "      --html FILE    where to (default: standard output)\n"
    "  -h, --help         print this\n"
    "\n"
    "Exit status: 0 done; 2 wrong usage, or a file that is no such log; 3 the page cannot be "
    "written.\n";

/* Would the page take the place of what it is made from? */
static bool is_same_file(const char *one, const char *other)
{
    struct stat a, b;
    return strcmp(one, "-") != 0 && stat(one, &a) == 0 && stat(other, &b) == 0 &&
           a.st_dev == b.st_dev && a.st_ino == b.st_ino && S_ISREG(a.st_mode);
}

int report_command(int argc, char **argv)
{
    enum { HTML = 256 };
    static const struct option known[] = {{"html", required_argument, NULL, HTML},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    const char *output = "-";
    for (int found; (found = cli_option(argc, argv, "h", known)) != -1;) {
        if (found == 'h') {
            fputs(help, stdout);
            return cli_finish(CLI_OK);
        }
        output = optarg;
    }
    if (optind == argc) {
        cli_die(CLI_USAGE, "which file? cordon-litmus run --json FILE writes one");
    }
    if (optind + 1 < argc) {
        cli_die(CLI_USAGE, "one file at a time; cordon-litmus merge adds several up");
    }
    if (is_same_file(argv[optind], output)) {
        cli_die(CLI_USAGE, "--html: '%s' is what is to be read", output);
    }
    json_t *document = log_document(argv[optind]);
    FILE *stream = strcmp(output, "-") == 0 ? stdout : fopen(output, "we");
    bool written = stream != NULL && litmus_page(stream, document);
    if (stream != NULL && stream != stdout) {
        written = fclose(stream) == 0 && written;
    }
    json_decref(document);
    if (!written) {
        cli_error("cannot write %s: %s", output, strerror(errno));
        return CLI_UNFIT;
    }
    return cli_finish(CLI_OK);
}
