/* progress.c - the line that says how far a run is. */
#include "progress.h"

#include "cli/cli.h"

#include <cordon/wait.h>

#include <stdio.h>
#include <string.h>

static struct {
    size_t tests, number, left, first_left, violations;
    const char *name;
    uint64_t began, now, told; /* the run, the present test, the line */
    uint64_t guess;            /* of one test, or of all together */
    bool together;
} state;

void progress_begin(size_t tests, uint64_t nanoseconds, bool together)
{
    memset(&state, 0, sizeof state);
    state.tests = tests;
    state.guess = nanoseconds;
    state.together = together;
    state.began = cordon_now();
}

static const char *duration(uint64_t nanoseconds, char text[40])
{
    const unsigned long seconds = (unsigned long)(nanoseconds / 1000000000);
    if (seconds < 60) {
        snprintf(text, 40, "%lu s", seconds);
    } else if (seconds < 3600) {
        snprintf(text, 40, "%lu min %02lu s", seconds / 60, seconds % 60);
    } else {
        snprintf(text, 40, "%lu h %02lu min", seconds / 3600, seconds / 60 % 60);
    }
    return text;
}

/* What is left, if those to come take as long as those before. */
static uint64_t estimate(uint64_t now)
{
    const size_t done = state.first_left - state.left;
    const uint64_t each = done > 0 ? (state.now - state.began) / done : state.guess;
    const uint64_t whole = state.together ? state.guess : state.left * each;
    const uint64_t gone = now - (state.together ? state.began : state.now);
    return gone < whole ? whole - gone : 0;
}

static void tell(uint64_t now)
{
    char digits[24], left[40];
    const int width = snprintf(digits, sizeof digits, "%zu", state.tests);
    cli_progress("[%*zu/%zu] %.40s  %.1f s  ETA %s, %zu violation%s", width, state.number,
                 state.tests, state.name, (double)(now - state.now) / 1e9,
                 duration(estimate(now), left), state.violations, state.violations == 1 ? "" : "s");
    state.told = now;
}

void progress_test(size_t number, const char *name, size_t left, size_t violations)
{
    state.number = number;
    state.name = name;
    state.left = left;
    state.first_left = number == 1 ? left : state.first_left;
    state.violations = violations;
    state.now = cordon_now();
    tell(state.now);
}

bool progress_tick(void)
{
    const uint64_t now = cordon_now();
    if (state.name != NULL && now - state.told >= 500000000) {
        tell(now);
    }
    return true;
}
