/* plan.c - how a batch is to be run.
 *
 * Two engines differ in nothing but this. The array engine's batches are long, and lie in memory in one of a few
 * ways, which take turns. Those of the engine `threads` are short, and nearly all about each is drawn by lot: how
 * locations share lines, where in a line they begin, who plays whom, and what each thread does to each
 * location's lines before. It remembers which choices showed weak outcomes. The idea is litmus7's preset "presi"
 * (J. Alglave, L. Maranget, S. Sarkar, P. Sewell, "Litmus: running tests against hardware", TACAS 2011).
 *
 * A plan is a function of the knobs and the batch's number: each worker makes it for itself, and no one has to
 * be told.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "parts.h"

#include <string.h>

/* So many batches of a layout, one after the other; of a client, which may be slow, fewer. */
enum { ROUND = 64, CLIENT_ROUND = 16 };

/* Three of four rounds are of the kind that has shown most weak outcomes a second so far: tests and machines differ
 * too much for one order to be good for all. The fourth is of all kinds by turns, and so are all until one has
 * shown something.
 *
 * Worker 0 finds the favourite at the end of every fourth round, when the others may be planning the next one
 * already. So it is for the four after those, and the next one goes to another place.
 */
enum { GROUP = 4 };

static uint64_t turn_of(const struct shared *shared, uint64_t round)
{
    const unsigned favourite = shared->favourite[(round / GROUP + 1) % 2];
    if (!shared->paced || favourite >= PACES) {
        return round;
    }
    return round % GROUP == 0 ? round / GROUP : favourite;
}

bool plan_ends_round(const struct shared *shared, uint64_t n)
{
    return shared->paced && n % ROUND == ROUND - 1;
}

void plan_favour(struct shared *shared, const struct plan *plan)
{
    const uint64_t round = plan->number / ROUND, now = clock_read();
    double *rate = shared->seen.rate;
    uint64_t weak = 0;
    unsigned best = 0;
    for (unsigned i = 0; i < shared->workers; ++i) {
        weak += shared->worker[i].weak;
    }
    if (round > 0 && now > shared->seen.since) {
        const double seen = (double)(weak - shared->seen.weak);
        rate[plan->kind] = (rate[plan->kind] + seen / (double)(now - shared->seen.since)) / 2;
    }
    shared->seen.weak = weak;
    shared->seen.since = now;
    for (unsigned i = 1; i < PACES; ++i) {
        best = rate[i] > rate[best] ? i : best;
    }
    if (round % GROUP == 0) {
        shared->favourite[round / GROUP % 2] = rate[best] > 0 ? best : PACES;
    }
}

void plan_make(const struct shared *shared, uint64_t n, struct plan *plan)
{
    const struct knobs *knobs = shared->knobs;
    const uint64_t turn = turn_of(shared, n / (shared->code->unit != 0 ? CLIENT_ROUND : ROUND));
    const size_t set = knobs->sync == SYNC_NONE && shared->code->unit == 0 ? (size_t)(n % SETS) : 0;
    struct layout layout;
    plan->number = n;
    plan->block = 0;
    plan->batch.count = shared->count;
    plan->lines = knobs->padded ? LINES_ROWS : LINES_PACKED;
    if (shared->code->mode == LITMUS_THREADS) {
        struct chance chance = chance_of(knobs->seed, CHANCE_PLAN, n);
        plan->lines =
            (enum lines)chance_below(&chance, knobs->padded ? LINES_TOGETHER : LINES_KINDS);
        plan->by_loader = chance_below(&chance, 4) != 0;
        layout = layout_draw(shared, plan->lines, &chance);
    } else {
        layout = layout_turn(shared, turn, plan);
    }
    plan->batch = (struct litmus_batch){
        .memory = shared->memory + set * shared->memory_size + layout.offset,
        .plane = layout.plane,
        .stride = layout.stride,
        .count = plan->batch.count,
        .result = shared->result + set * shared->results,
        .to = plan->batch.count,
        .order = shared->order == NULL ? NULL : shared->order + n % ORDERS * shared->most};
    place_players(shared, n, plan->player);
}

/* What was chosen, which shows most, and how many times as much as all together. */
struct best {
    const struct score *score;
    unsigned choice;
    double times;
};

static struct best find_best(const struct score *score, unsigned count)
{
    struct best best = {score, 0, 0};
    struct score all = {0, 0};
    double most = 0;
    for (unsigned i = 0; i < count; ++i) {
        const double rate =
            score[i].instances == 0 ? 0 : (double)score[i].weak / (double)score[i].instances;
        if (rate > most) {
            most = rate;
            best.score = &score[i];
            best.choice = i;
        }
        all.instances += score[i].instances;
        all.weak += score[i].weak;
    }
    best.times = all.weak == 0 ? 0 : most * (double)all.instances / (double)all.weak;
    return best;
}

static void add(struct score *to, const struct score *from, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        to[i].instances += from[i].instances;
        to[i].weak += from[i].weak;
    }
}

/* Choices that matter less are not worth a word. */
#define MATTERS 1.2

void scores_tell(const struct shared *shared, char *text, size_t size)
{
    static const char *const lines[] = {"in rows", "apart", "in rows a page apart",
                                        "of an instance together", "packed"};
    static const char *const steps[] = {"leaves", "touches", "touches to store", "flushes"};
    struct scores *all = shared->worker[0].scores;
    const size_t scores = sizeof *all / sizeof(struct score);
    size_t used = 0;
    text[0] = '\0';
    for (unsigned i = 1; i < shared->workers; ++i) { /* worker 0's become all's */
        add((struct score *)all, (const struct score *)shared->worker[i].scores, scores);
    }
    struct best best = find_best(all->lines, LINES_KINDS);
    if (best.times >= MATTERS) {
        used += (size_t)snprintf(text, size, "lines %s (%.1f)", lines[best.choice], best.times);
    }
    best = find_best(all->player, shared->workers);
    if (best.times >= MATTERS && used < size) {
        used += (size_t)snprintf(text + used, size - used, "%sP0 by worker %u (%.1f)",
                                 used == 0 ? "" : ", ", best.choice, best.times);
    }
    for (unsigned t = 0; t < shared->test->thread_count; ++t) {
        for (unsigned l = 0; l < shared->test->location_count && used < size; ++l) {
            best = find_best(all->cache[t][l], CACHE_STEPS);
            if (best.times >= MATTERS) {
                used += (size_t)snprintf(text + used, size - used, "%sP%u %s %s (%.1f)",
                                         used == 0 ? "" : ", ", t, steps[best.choice],
                                         shared->test->location[l].name, best.times);
            }
        }
    }
}
