/* reproduce.c - knobs turned back, one after the other, as long as the outcome shows. */
#define _GNU_SOURCE
#include "reproduce.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* A knob that is not needed may still have made it frequent: without it, so many times as long may be waited. */
enum { PATIENCE = 10, REPLAYS = 3 };
#define LEAST_WAIT 20000000u   /* ns */
#define MOST_WAIT  1000000000u /* for one try; all of them are less than thirty */
#define BUDGET     4.0         /* seconds, for all that is turned back */

static uint64_t wait_for(double seconds)
{
    const double wait = PATIENCE * seconds * 1e9;
    return wait < LEAST_WAIT ? LEAST_WAIT : wait > MOST_WAIT ? MOST_WAIT : (uint64_t)wait;
}

struct reducing {
    struct trial *trial;
    struct knobs best;
    double seconds; /* that `best` took */
    uint64_t wait;  /* for each try, in ns */
    double left;    /* of the budget, in seconds */
};

/* Is the outcome there with these, too? Then they are the best so far. */
static bool accept(struct reducing *r, const struct knobs *knobs)
{
    char old[400], new[400];
    if (strcmp(knobs_write(knobs, new, sizeof new), knobs_write(&r->best, old, sizeof old)) == 0 ||
        r->left <= 0) {
        return false;
    }
    const double took = trial_until_seen(r->trial, knobs, r->wait);
    r->left -= took >= 0 ? took : (double)r->wait / 1e9;
    if (took >= 0) {
        r->best = *knobs;
        r->seconds = took;
    }
    return took >= 0;
}

static void turn_back(struct reducing *r)
{
    const struct knobs simplest = knobs_default(LITMUS_ARRAY);
    const struct knobs none = knobs_default(r->best.engine);
    struct knobs k = none;
    k.size = r->best.size;
    if (accept(r, &simplest) || accept(r, &k)) { /* most often nothing is needed at all */
        return;
    }
    /* The seed stays: with it goes what is random. */
#define TURN_BACK(knob) \
    k = r->best;        \
    k.knob = none.knob; \
    (void)accept(r, &k)
    TURN_BACK(launch_enemies);
    TURN_BACK(memory_enemies);
    TURN_BACK(skew);
    TURN_BACK(cache);
    TURN_BACK(sync);
    TURN_BACK(place);
    TURN_BACK(padded);
    TURN_BACK(shuffle);
    TURN_BACK(stride);
#undef TURN_BACK
}

/* Fewer instances in a batch. */
static void shrink(struct reducing *r)
{
    struct knobs k = r->best;
    for (k.size = engine_size(&k) / 4; k.size >= 1 && accept(r, &k); k.size /= 4) {
    }
}

/* As a shell reads it. */
static void put_word(FILE *stream, const char *word)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_@%+=:,./-";
    if (*word != '\0' && strspn(word, plain) == strlen(word)) {
        fputs(word, stream);
        return;
    }
    fputc('\'', stream);
    for (; *word != '\0'; ++word) {
        fputs(*word == '\'' ? "'\\''" : (char[]){*word, '\0'}, stream);
    }
    fputc('\'', stream);
}

/* Long enough to see it again nearly always: it takes a time of e^-t, and the machine has other things to do. */
static const char *replay_time(double seconds)
{
    static const struct {
        double most;
        const char *text;
    } times[] = {{0.05, "1s"}, {0.2, "2s"}, {0.5, "5s"}, {1, "10s"},
                 {3, "30s"},   {6, "1m"},   {60, "10m"}};
    for (size_t i = 0; i < sizeof times / sizeof *times; ++i) {
        if (seconds <= times[i].most) {
            return times[i].text;
        }
    }
    return "1h";
}

static char *write_command(const struct reducing *r, const char *from)
{
    const struct run_options *options = r->trial->campaign->options;
    const bool in_order =
        r->best.place == PLACE_ORDER && r->best.memory_enemies == 0 && r->best.launch_enemies == 0;
    const unsigned threads = r->trial->test->thread_count;
    const size_t cpus = in_order && threads < options->cpus.count ? threads : options->cpus.count;
    const char *built = compiler_replaced_by();
    char *command = NULL, knobs[400];
    size_t size = 0;
    FILE *stream = open_memstream(&command, &size);
    if (stream == NULL) {
        return NULL;
    }
    if (built != NULL) {
        put_word(stream, built);
    } else {
        fputs("cordon-litmus run", stream);
    }
    fputs(" --cpus ", stream);
    for (size_t i = 0; i < cpus; ++i) {
        fprintf(stream, "%s%u", i == 0 ? "" : ",", options->cpus.cpu[i]);
    }
    fprintf(stream, " --knobs %s --time %s", knobs_write(&r->best, knobs, sizeof knobs),
            replay_time(r->seconds));
    /* One that $CC named, too: whoever pastes the line may have set another. */
    if (built == NULL && (options->compiler_given || getenv("CC") != NULL)) {
        fputs(" --cc ", stream);
        put_word(stream, options->compiler.command);
    }
    if (built == NULL && options->compiler.flags != NULL) {
        fputs(" --cflags ", stream);
        put_word(stream, options->compiler.flags);
    }
    if (options->expect != NULL) {
        fputs(" --expect ", stream);
        put_word(stream, options->expect);
    }
    fputc(' ', stream);
    put_word(stream, from);
    fclose(stream);
    return command;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* What was found, several times. */
static void replay(struct reducing *r, struct reproducer *reproducer)
{
    double took[REPLAYS];
    for (unsigned i = 0; i < REPLAYS && cli_interrupted == 0; ++i) {
        const double one = trial_until_seen(r->trial, &r->best, wait_for(r->seconds));
        if (one >= 0) {
            took[reproducer->again++] = one;
        }
        ++reproducer->tries;
    }
    if (reproducer->again != 0) {
        qsort(took, reproducer->again, sizeof *took, compare);
        reproducer->seconds = took[reproducer->again / 2];
    }
}

void reproduce(struct trial *trial, const char *from, struct reproducer *reproducer)
{
    struct reducing r = {
        .trial = trial, .best = trial->hit.knobs, .seconds = trial->hit.seconds, .left = BUDGET};
    memset(reproducer, 0, sizeof *reproducer);
    const double took = trial_until_seen(trial, &r.best, wait_for(r.seconds));
    if (took >= 0) {
        r.seconds = took;
        r.wait = wait_for(took);
        turn_back(&r);
        shrink(&r);
    }
    replay(&r, reproducer);
    reproducer->knobs = r.best;
    reproducer->command = write_command(&r, from);
}
