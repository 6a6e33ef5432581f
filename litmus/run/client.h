/* client.h - a client (cordon/litmus.h) on silicon: told as a litmus test, run in a process of its own.
 *
 * What the engine, the verdict and the histogram know of a client is a litmus test with one location,
 * the state, whose observed columns are the client's outcomes and, last, `wrong`: 1 if something was
 * not as it was expected. Its condition is ~exists ([wrong]=1).
 */
#ifndef CORDON_LITMUS_CLIENT_H
#define CORDON_LITMUS_CLIENT_H

#include "compile.h"
#include "engine.h"

#include <cordon/litmus.h>

/* What was not as expected: at most so many places are told. */
#define CLIENT_MOST_COMPLAINTS 8

struct client_complaint {
    const char *file, *text;
    int line;
    uint64_t count, pending; /* of batches that were counted; of the present one */
};

struct client {
    struct litmus_test test; /* all of it is below; not for litmus_free */
    const char *path;
    char name[LITMUS_MOST_NAME + 1], doc[200];
    const struct cordon_litmus_client *loaded;
    struct litmus_info info;
    struct litmus_location state;
    struct litmus_thread thread[CORDON_LITMUS_THREADS];
    struct litmus_observed observed[CORDON_LITMUS_OUTCOMES + 1];
    char observed_name[CORDON_LITMUS_OUTCOMES + 1][LITMUS_MOST_NAME + 3];
    struct litmus_proposition is_wrong;
};

/* client_is - does this path end like that of a client? */
bool client_is(const char *path);

/* client_new - the client of this file, which is not looked at but for the first line of its head
 * comment. The path must outlive it. free() it; NULL: out of memory.
 */
struct client *client_new(const char *path);

/* client_compile - compile and load it. CODE_BROKEN: it is the client that is wrong; with CODE_UNFIT
 * it is the environment. Both leave one line in `problem`. litmus_unload the code.
 */
enum code_status client_compile(const struct compiler *compiler, struct client *client,
                                struct litmus_code *code, char *problem, size_t size);

struct client_result {
    struct engine_result engine; /* outcome_free engine.outcomes */
    int signal;                  /* that ended it, or 0 */
    bool left;                   /* it called exit */
    bool interrupted;            /* if engine.stuck: for an interrupt, and it may just be slow */
    char stuck[200];             /* who did not come to an end, if engine.stuck */
    uint64_t rounds;             /* that were begun, also if it crashed */
    struct client_complaint complaint[CLIENT_MOST_COMPLAINTS]; /* texts of the loaded code */
    unsigned complaints;
};

/* client_run - as engine_run. If the client crashes or does not come to its end, that is a result.
 * options->alive is not looked at.
 */
bool client_run(struct client *client, const struct litmus_code *code,
                const struct engine_options *options, struct client_result *result, char *problem,
                size_t size);

#endif
