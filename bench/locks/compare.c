/* compare.c - what was measured, found again; and ours against the best peer of the same kind. */
#define _GNU_SOURCE
#include "locks.h"
#include "cli/cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool locks_is_ours(const struct lock_adapter *lock)
{
    return strcmp(lock->library, "cordon") == 0;
}

const char *locks_kind_text(enum lock_kind kind)
{
    static const char *const texts[] = {"none", "test-and-set", "ticket", "queue", "mutex"};
    return texts[kind];
}

const char *locks_order_text(enum lock_order order)
{
    static const char *const texts[] = {"first come", "by cluster", "bounded", "none"};
    return texts[order];
}

bool locks_broken(const struct lock_run *run)
{
    bool any = false;
    for (unsigned i = 0; i < run->lock_count; ++i) {
        any |= run->broken[i];
    }
    return any;
}

const struct lock_scenario *locks_find(const struct lock_run *run, enum lock_part part,
                                       unsigned threads, uint64_t hold, uint64_t think)
{
    for (unsigned i = 0; i < run->scenario_count; ++i) {
        const struct lock_scenario *scenario = &run->scenario[i];
        if (scenario->part == part && scenario->threads == threads && scenario->hold == hold &&
            scenario->think == think) {
            return scenario;
        }
    }
    return NULL;
}

double locks_resolution(const struct lock_run *run)
{
    const struct contest *alone = &run->scenario[0].contest;
    const double cycle = run->clock.cycle_ns;
    if (!contest_has(alone, run->lock_count)) {
        return cycle;
    }
    const double shown = fabs(alone->entry[run->lock_count].interval.middle);
    return shown > cycle ? shown : cycle;
}

#define NEAR 1.03 /* nobody chooses a lock for less */

unsigned locks_fastest(const struct lock_scenario *scenario, const bool *broken, unsigned count,
                       bool fair)
{
    unsigned fastest = count;
    for (unsigned i = 0; i < count; ++i) {
        if (!broken[i] && contest_has(&scenario->contest, i) &&
            (!fair || scenario->result[i].fairness >= LOCK_FAIR) &&
            (fastest == count || scenario->contest.entry[i].interval.middle <
                                     scenario->contest.entry[fastest].interval.middle)) {
            fastest = i;
        }
    }
    return fastest;
}

bool locks_near(const struct lock_scenario *scenario, unsigned lock, unsigned other)
{
    const struct contest *contest = &scenario->contest;
    struct stats_interval ratio;
    return contest->entry[lock].interval.middle <= NEAR * contest->entry[other].interval.middle ||
           (contest_ratio(contest, lock, other, &ratio) && !contest_differ(ratio));
}

/* Where one contest's figures and fairness are found; `of` tells a lock's candidate. */
struct field {
    const struct contest *contest;
    const struct lock_result *result; /* NULL: fairness says nothing */
    double resolution;                /* ns: smaller differences are noise */
    const struct lock_run *run;
    bool handing; /* the candidates are those that hand over */
};

static int candidate_of(const struct field *field, unsigned lock)
{
    if (!field->handing) {
        return (int)lock;
    }
    for (unsigned i = 0; i < field->run->handing_count; ++i) {
        if (field->run->handing[i] == lock) {
            return (int)(i + LOCK_OVER_LOCKS);
        }
    }
    return -1;
}

static double fairness_of(const struct field *field, unsigned lock)
{
    return field->result != NULL ? field->result[lock].fairness : 1;
}

/* The fastest peer of that kind, of the fair ones only if so wanted; lock_count if there is none. */
static unsigned best_peer(const struct field *field, enum lock_kind kind, bool fair)
{
    const struct lock_run *run = field->run;
    unsigned best = run->lock_count;
    double least = INFINITY;
    for (unsigned i = 0; i < run->lock_count; ++i) {
        const int candidate = candidate_of(field, i);
        if (run->lock[i]->kind != kind || locks_is_ours(run->lock[i]) || run->broken[i] ||
            candidate < 0 || !contest_has(field->contest, (unsigned)candidate) ||
            (fair && fairness_of(field, i) < LOCK_FAIR)) {
            continue;
        }
        const double ns = field->contest->entry[candidate].interval.middle;
        if (ns < least) {
            least = ns;
            best = i;
        }
    }
    return best;
}

/* "ck_mcs" of "mcs". */
static unsigned namesake(const struct field *field, unsigned ours)
{
    const struct lock_run *run = field->run;
    for (unsigned i = 0; i < run->lock_count; ++i) {
        const char *bare = strchr(run->lock[i]->name, '_');
        const int candidate = candidate_of(field, i);
        if (!locks_is_ours(run->lock[i]) && bare != NULL && candidate >= 0 && !run->broken[i] &&
            strcmp(bare + 1, run->lock[ours]->name) == 0 &&
            contest_has(field->contest, (unsigned)candidate)) {
            return i;
        }
    }
    return run->lock_count;
}

static void compare(const struct field *field, unsigned ours, unsigned peer, struct lock_ratio *to)
{
    const unsigned a = (unsigned)candidate_of(field, peer), b = (unsigned)candidate_of(field, ours);
    to->ours = ours;
    to->peer = peer;
    to->ours_jain = fairness_of(field, ours);
    to->peer_jain = fairness_of(field, peer);
    (void)contest_ratio(field->contest, a, b, &to->ratio);
    const double gap =
        fabs(field->contest->entry[a].interval.middle - field->contest->entry[b].interval.middle);
    to->differs = contest_differ(to->ratio) && gap > field->resolution;
}

static unsigned compare_field(const struct field *field, const char *what, unsigned column,
                              struct lock_ratio *to)
{
    const struct lock_run *run = field->run;
    unsigned count = 0;
    for (unsigned i = 0; i < run->lock_count; ++i) {
        const int candidate = candidate_of(field, i);
        if (!locks_is_ours(run->lock[i]) || candidate < 0 || run->broken[i] ||
            !contest_has(field->contest, (unsigned)candidate)) {
            continue;
        }
        const unsigned best = best_peer(field, run->lock[i]->kind, false);
        const unsigned fair = best_peer(field, run->lock[i]->kind, true);
        const unsigned peers[LOCK_RIVALS] = {best, fair, namesake(field, i)};
        for (unsigned k = 0; k < LOCK_RIVALS; ++k) {
            if (peers[k] < run->lock_count && (k == 0 || peers[k] != best) &&
                (k != LOCK_NAMESAKE || peers[k] != fair)) {
                struct lock_ratio *ratio = &to[count++];
                snprintf(ratio->what, sizeof ratio->what, "%s", what);
                ratio->column = column;
                ratio->rival = (enum lock_rival)k;
                compare(field, i, peers[k], ratio);
            }
        }
    }
    return count;
}

struct lock_ratio *locks_compare(const struct lock_run *run, unsigned *count)
{
    const unsigned fields = run->scenario_count + run->pair_count;
    struct lock_ratio *ratios =
        calloc((size_t)fields * run->lock_count * LOCK_RIVALS, sizeof *ratios);
    char what[64];
    *count = 0;
    if (ratios == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct lock_scenario *scenario = &run->scenario[s];
        const bool alone = scenario->part == LOCK_UNCONTENDED;
        const struct field field = {&scenario->contest, alone ? NULL : scenario->result,
                                    alone ? locks_resolution(run) : 0, run, false};
        if (scenario->part == LOCK_MAP || scenario->contest.entry == NULL) {
            continue;
        }
        if (alone) {
            snprintf(what, sizeof what, "uncontended");
        } else {
            snprintf(what, sizeof what, "threads:%u/hold:%llu/think:%llu", scenario->threads,
                     (unsigned long long)scenario->hold, (unsigned long long)scenario->think);
        }
        *count += compare_field(&field, what, s, ratios + *count);
    }
    for (unsigned p = 0; p < run->pair_count; ++p) {
        const struct lock_pair *pair = &run->pair[p];
        const struct field field = {&pair->over, NULL, run->clock.cycle_ns, run, true};
        if (pair->over.entry != NULL) {
            snprintf(what, sizeof what, "handover/cpu:%u/partner:%u", pair->a->os, pair->b->os);
            *count += compare_field(&field, what, run->scenario_count + p, ratios + *count);
        }
    }
    return ratios;
}
