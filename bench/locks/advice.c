/* advice.c - a plain sentence, from the data.
 *
 * "Fair" is a Jain index of LOCK_FAIR or more over a block. Nothing unfair is recommended: what is faster
 * and unfair is named, and called so. Nothing that lies within 3 % of another, or cannot be told from it,
 * is called faster. A lock is to be avoided above so many threads if the next number of threads that was
 * measured costs it three quarters of what it had when each thread had a CPU.
 */
#define _GNU_SOURCE
#include "locks.h"
#include "cli/cli.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define COLLAPSED 4.0

enum { TEXT = 700 };

/* What is said of one number of threads. */
struct view {
    const struct lock_advice *advice;
    const struct lock_scenario *scenario;
    unsigned fastest, fair; /* lock_count: none */
};

static bool usable(const struct view *view, unsigned lock)
{
    return !view->advice->broken[lock] && contest_has(&view->scenario->contest, lock);
}

static double ns_of(const struct view *view, unsigned lock)
{
    return view->scenario->contest.entry[lock].interval.middle;
}

static double fairness_of(const struct view *view, unsigned lock)
{
    return view->scenario->result[lock].fairness;
}

static struct view look(const struct lock_advice *advice, unsigned scenario)
{
    const struct lock_scenario *each = advice->scenario[scenario];
    return (struct view){
        advice,
        each,
        locks_fastest(each, advice->broken, advice->lock_count, false),
        locks_fastest(each, advice->broken, advice->lock_count, true),
    };
}

static bool near(const struct view *view, unsigned lock, unsigned other)
{
    return locks_near(view->scenario, lock, other);
}

static const char *name_of(const struct lock_advice *advice, unsigned lock)
{
    return advice->lock[lock]->name;
}

/* "a", "a and b", "a, b and c". */
static void append_names(const struct lock_advice *advice, char text[TEXT], const bool *chosen)
{
    unsigned left = 0;
    for (unsigned i = 0; i < advice->lock_count; ++i) {
        left += chosen[i];
    }
    for (unsigned i = 0, all = left; i < advice->lock_count; ++i) {
        if (chosen[i]) {
            const size_t used = strlen(text);
            snprintf(text + used, TEXT - used, "%s%s",
                     left == all ? ""
                     : left == 1 ? " and "
                                 : ", ",
                     name_of(advice, i));
            --left;
        }
    }
}

static unsigned count_of(const bool *chosen, unsigned count)
{
    unsigned sum = 0;
    for (unsigned i = 0; i < count; ++i) {
        sum += chosen[i];
    }
    return sum;
}

static void append_ns(char text[TEXT], uint64_t ns)
{
    const size_t used = strlen(text);
    if (ns >= 1000000) {
        snprintf(text + used, TEXT - used, "%.3g ms", (double)ns / 1e6);
    } else if (ns >= 1000) {
        snprintf(text + used, TEXT - used, "%.3g us", (double)ns / 1e3);
    } else {
        snprintf(text + used, TEXT - used, "%u ns", (unsigned)ns);
    }
}

static void append_mix(char text[TEXT], const struct lock_scenario *scenario)
{
    const size_t used = strlen(text);
    snprintf(text + used, TEXT - used, "%u thread%s that hold%s the lock for ", scenario->threads,
             scenario->threads == 1 ? "" : "s", scenario->threads == 1 ? "s" : "");
    append_ns(text, scenario->hold);
    const size_t so_far = strlen(text);
    snprintf(text + so_far, TEXT - so_far, " and do other things for ");
    append_ns(text, scenario->think);
}

__attribute__((format(printf, 2, 3))) static void append(char text[TEXT], const char *format, ...)
{
    const size_t used = strlen(text);
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text + used, TEXT - used, format, arguments);
    va_end(arguments);
}

/* "1.45 M/s". */
static const char *rate(const struct view *view, unsigned lock, char text[32])
{
    const size_t used = strlen(cli_number(1e9 / ns_of(view, lock), text, 28));
    snprintf(text + used, 32 - used, "%s/s", strchr(text, ' ') != NULL ? "" : " ");
    return text;
}

/* "4.5 M/s, Jain 1.00, longest wait 32 us". */
static void append_merits(const struct view *view, unsigned lock, char text[TEXT])
{
    const struct histogram *waits = view->scenario->result[lock].waits;
    char number[32];
    append(text, "%s", rate(view, lock, number));
    if (view->scenario->result[lock].jains > 0) {
        append(text, ", Jain %.2f", fairness_of(view, lock));
    }
    if (waits->count > 0) {
        append(text, ", longest wait ");
        append_ns(text, (uint64_t)((double)waits->most * view->advice->tick));
    }
}

/* "For 2 threads that ...: use mcs (4.5 M/s, Jain 1.00)." */
static void say_use(const struct view *view, char text[TEXT])
{
    const struct lock_advice *advice = view->advice;
    char number[32];
    append(text, "For ");
    append_mix(text, view->scenario);
    if (view->fair == advice->lock_count) {
        append(text,
               ": no lock measured is fair here (a Jain index of %.1f); the fastest, %s (%s), "
               "has %.2f.",
               LOCK_FAIR, name_of(advice, view->fastest), rate(view, view->fastest, number),
               fairness_of(view, view->fastest));
        return;
    }
    append(text, ": use %s (", name_of(advice, view->fair));
    append_merits(view, view->fair, text);
    append(text, view->scenario->result[view->fair].jains > 0
                     ? ")"
                     : "; too few acquisitions to tell how fair)");
    bool *others = calloc(advice->lock_count, sizeof *others);
    if (others == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    bool known = true; /* of too few acquisitions no fairness is known, and none is claimed */
    for (unsigned i = 0; i < advice->lock_count; ++i) {
        others[i] = i != view->fair && usable(view, i) && fairness_of(view, i) >= LOCK_FAIR &&
                    near(view, i, view->fair);
        known &= !others[i] || view->scenario->result[i].jains > 0;
    }
    const unsigned count = count_of(others, advice->lock_count);
    if (count > 0) {
        append(text, "; ");
        append_names(advice, text, others);
        append(text, " %s as fast, within 3 %% or the noise%s", count > 1 ? "are" : "is",
               known ? ", and fair" : "");
    }
    append(text, ".");
    free(others);
}

/* "ck_fas_eb is 4.1 times as fast, but unfair: ..." */
static bool say_unfair(const struct view *view, char text[TEXT])
{
    const struct lock_advice *advice = view->advice;
    if (view->fair == advice->lock_count || near(view, view->fair, view->fastest)) {
        return false;
    }
    append(text, "%s is %.3g times as fast, but unfair (Jain %.2f", name_of(advice, view->fastest),
           ns_of(view, view->fair) / ns_of(view, view->fastest), fairness_of(view, view->fastest));
    if (view->scenario->result[view->fastest].longest_run > 0) {
        append(text, ", up to %llu acquisitions in a row by one thread",
               (unsigned long long)view->scenario->result[view->fastest].longest_run);
    }
    append(text, "): some threads wait while others go on.");
    return true;
}

/* Above which number of threads it collapses, or 0. */
static unsigned collapses_above(const struct lock_advice *advice, unsigned lock)
{
    unsigned base = advice->scenario_count;
    for (unsigned s = 0; s < advice->scenario_count; ++s) {
        if (advice->scenario[s]->threads <= advice->cpus) {
            base = s;
        }
    }
    for (unsigned s = base + 1; base < advice->scenario_count && s < advice->scenario_count; ++s) {
        const struct contest *before = &advice->scenario[base]->contest;
        const struct contest *after = &advice->scenario[s]->contest;
        if (advice->broken[lock] || !contest_has(before, lock) || !contest_has(after, lock)) {
            return 0;
        }
        if (after->entry[lock].interval.low > COLLAPSED * before->entry[lock].interval.high) {
            return advice->scenario[s - 1]->threads;
        }
    }
    return 0;
}

/* "Avoid ck_mcs and ck_clh above 2 threads: with 8 ... " */
static unsigned say_avoid(const struct lock_advice *advice, char **sentence, unsigned most)
{
    const struct view last = look(advice, advice->scenario_count - 1);
    bool *chosen = calloc(advice->lock_count, sizeof *chosen);
    unsigned count = 0;
    if (chosen == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned s = 0; s < advice->scenario_count && count < most; ++s) {
        const unsigned threads = advice->scenario[s]->threads;
        char text[TEXT] = "", number[32];
        const char *sep = "Avoid ";
        for (unsigned i = 0; i < advice->lock_count; ++i) {
            chosen[i] = collapses_above(advice, i) == threads && usable(&last, i);
            if (chosen[i]) {
                append(text, "%s%s (%s)", sep, name_of(advice, i), rate(&last, i, number));
                sep = ", ";
            }
        }
        if (count_of(chosen, advice->lock_count) == 0) {
            continue;
        }
        append(text, " above %u thread%s: that is what is left with %u", threads,
               threads == 1 ? "" : "s", last.scenario->threads);
        if (last.fair < advice->lock_count && !chosen[last.fair]) {
            append(text, ", where %s serves %s", name_of(advice, last.fair),
                   rate(&last, last.fair, number));
        }
        append(text, ".");
        sentence[count++] = strdup(text);
    }
    free(chosen);
    return count;
}

/* Where the mix fits its CPUs: what if it does not? */
static bool say_crowded(const struct lock_advice *advice, const struct view *view, char text[TEXT])
{
    const struct view last = look(advice, advice->scenario_count - 1);
    if (last.scenario->threads <= advice->cpus || last.scenario == view->scenario ||
        last.fair == advice->lock_count || view->fair == advice->lock_count ||
        (fairness_of(&last, view->fair) >= LOCK_FAIR && usable(&last, view->fair) &&
         near(&last, view->fair, last.fair))) {
        return false;
    }
    append(text, "If threads may outnumber CPUs, as %u do the %u here, use %s (",
           last.scenario->threads, advice->cpus, name_of(advice, last.fair));
    append_merits(&last, last.fair, text);
    append(text, ")");
    if (near(view, last.fair, view->fair)) {
        append(text, ", which is as fast with %u", view->scenario->threads);
    }
    if (usable(&last, view->fair)) {
        append(text, ": %s then has ", name_of(advice, view->fair));
        append_merits(&last, view->fair, text);
    }
    append(text, ".");
    return true;
}

unsigned locks_advise(const struct lock_advice *advice, char **sentence, unsigned most)
{
    const struct view view = look(advice, advice->mix);
    unsigned count = 0;
    char use[TEXT] = "", unfair[TEXT] = "", crowded[TEXT] = "";
    if (view.fastest == advice->lock_count || most < 4) {
        return 0;
    }
    say_use(&view, use);
    sentence[count++] = strdup(use);
    if (say_unfair(&view, unfair)) {
        sentence[count++] = strdup(unfair);
    }
    if (say_crowded(advice, &view, crowded)) {
        sentence[count++] = strdup(crowded);
    }
    return count + say_avoid(advice, sentence + count, most - count);
}

unsigned locks_advice(const struct lock_run *run, char **sentence, unsigned most)
{
    const struct lock_scenario **scenario = calloc(run->thread_count, sizeof(*scenario));
    struct lock_advice advice = {
        .lock = run->lock,
        .lock_count = run->lock_count,
        .broken = run->broken,
        .scenario = scenario,
        .cpus = run->cpu_count,
        .tick = 1 / run->clock.ticks_per_ns,
    };
    bool any = false;
    unsigned count = 0;
    if (scenario == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < run->thread_count; ++i) {
        const struct lock_scenario *each =
            locks_find(run, LOCK_THREADS, run->threads[i], run->hold, run->think);
        if (each != NULL && each->contest.entry != NULL && each->contest.done > 0) {
            any |= each->threads == run->mix_threads;
            advice.mix = each->threads == run->mix_threads ? advice.scenario_count : advice.mix;
            scenario[advice.scenario_count++] = each;
        }
    }
    if (any) {
        count = locks_advise(&advice, sentence, most);
    }
    free(scenario);
    return count;
}
