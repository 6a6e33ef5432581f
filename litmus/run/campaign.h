/* campaign.h - a suite of tests, run one after the other, reported and judged. */
#ifndef CORDON_LITMUS_RUN_CAMPAIGN_H
#define CORDON_LITMUS_RUN_CAMPAIGN_H

#include "log/expect.h"
#include "options.h"
#include "suite.h"

#include "machine/machine.h"

struct export;

struct campaign {
    const struct suite *suite;
    const struct run_options *options;
    const struct machine *machine;
    const char *version;         /* of the compiler */
    const struct expect *expect; /* NULL: the files say what may be seen */
    /* Where a test's code comes from; litmus_unload gives it back. As litmus_compile. */
    bool (*load)(const struct campaign *campaign, const struct litmus_test *test,
                 enum litmus_mode mode, struct litmus_code *code, char *problem, size_t size);
    /* How --html is written, as export_json. NULL: it cannot be, and is refused. */
    bool (*page)(FILE *stream, const struct export *export);
};

/* campaign_compile - the `load` that asks the compiler. */
bool campaign_compile(const struct campaign *campaign, const struct litmus_test *test,
                      enum litmus_mode mode, struct litmus_code *code, char *problem, size_t size);

/* campaign_run - run, print, write the files. Returns the exit status. */
int campaign_run(const struct campaign *campaign);

#endif
