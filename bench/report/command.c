/* command.c - the command line of `cordon-bench report`. */
#define _GNU_SOURCE
#include "report.h"
#include "../bench.h"
#include "../options.h"
#include "cli/cli.h"

static const char help[] =
    "Usage: cordon-bench report FILE.json... [OPTION...]\n"
    "\n"
    "Show what was measured and kept with --json: as text, or as a page with plots. Several files "
    "are\n"
    "put together; what stands in more than one is taken from the last. Files of Google Benchmark\n"
    "are read, too. A file '-' is standard input.\n"
    "\n"
    "Options:\n"
    "      --html [FILE]      write one page of HTML to FILE, or to standard output, in place of "
    "the\n"
    "                         text; it needs nothing beside it. The plots are gnuplot's: where "
    "that is\n"
    "                         not installed there are tables\n"
    "      --text             the text, also where --html is given\n" //
    BENCH_HELP_HELP "\n"
    "Examples:\n"
    "  cordon-bench report locks.json --html locks.html\n"
    "  cordon-bench report locks.json rings.json\n"
    "\n"
    "Exit status: 0 done; 2 the command line, or a file, is wrong; 3 the output cannot be "
    "written.\n";

int bench_report(int argc, char **argv)
{
    enum { TEXT = 1000 };
    static const struct option known[] = {
        {"html", optional_argument, NULL, BENCH_HTML},
        {"text", no_argument, NULL, TEXT},
        {"help", no_argument, NULL, 'h'},
        {"version", no_argument, NULL, 'V'},
        {NULL, 0, NULL, 0},
    };
    struct bench_options options = {.json = false};
    bool text = false;
    const char *first = NULL;
    /* Files before the options and after them: getopt_long brings them to the end. */
    for (int option; (option = cli_option(argc, argv, "hV", known)) != -1;) {
        text |= option == TEXT;
        (void)bench_option(&options, option, argc, argv, help);
    }
    if (optind >= argc) {
        cli_die(CLI_USAGE, "which file? cordon-bench SUBCOMMAND --json FILE writes one");
    }
    first = argv[optind];
    json_t *document = report_read(first);
    for (int i = optind + 1; i < argc; ++i) {
        json_t *more = report_read(argv[i]);
        const char *differs = report_other_machine(json_object_get(document, "context"),
                                                   json_object_get(more, "context"));
        if (differs != NULL) {
            cli_error(
                "warning: '%s' and '%s' differ in \"%s\": what they have is shown as if it were of "
                "one machine",
                first, argv[i], differs);
        }
        report_merge(document, more);
        json_decref(more);
    }
    text = text || !options.html;
    if (text && options.html && options.page == NULL) {
        cli_die(CLI_USAGE, "--text and --html: the page needs a file");
    }
    bench_check_files(&options);
    if (text) {
        report_text(stdout, document);
    }
    const int status = bench_write_html(&options, document);
    json_decref(document);
    return status;
}
