/* plan.c - which fences are measured in which contexts. */
#define _GNU_SOURCE
#include "fences.h"
#include "../options.h"

#include <stdlib.h>
#include <string.h>

const char *const fence_part_names[FENCE_PARTS] = {"costs", "accesses", "ladder", "membarrier",
                                                   "effect"};
const char *const fence_place_names[FENCE_PLACES] = {"empty", "own", "taken", "loads", "all"};

/* The ladder: close together where the store buffers of today end. */
static const unsigned rungs[] = {1,  2,  4,  8,  12, 16,  24,  32,  40,  48,  56,
                                 64, 72, 80, 88, 96, 104, 112, 120, 128, 144, 160};
enum { RUNGS = sizeof rungs / sizeof *rungs, MOST_LOADS = 32, MOST_ON_LADDER = 4 };
_Static_assert(RUNGS + 2 <= FIT_MOST_RUNGS, "and one of none, and one that --stores names");

static bool is_access(unsigned fence)
{
    return fences[fence].kind == FENCE_ACCESS;
}

/* The context of that kind; a new one unless it is there. Good until the next call. */
static struct fence_context *context_of(struct fence_run *run, enum fence_place place,
                                        unsigned count, const struct machine_cpu *cpu,
                                        const struct machine_cpu *partner)
{
    for (unsigned i = 0; i < run->context_count; ++i) {
        struct fence_context *known = &run->context[i];
        if (known->place == place && known->count == count &&
            (partner == NULL || known->partner == partner->os)) {
            return known;
        }
    }
    struct fence_context *grown =
        realloc(run->context, (run->context_count + 1) * sizeof *run->context);
    bool *rows = calloc(fence_count, sizeof *rows);
    if (grown == NULL || rows == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    run->context = grown;
    struct fence_context *context = &grown[run->context_count++];
    memset(context, 0, sizeof *context);
    context->place = place;
    context->count = count;
    context->cpu = cpu->os;
    context->rows = rows;
    if (partner != NULL) {
        context->partner = partner->os;
        context->distance = machine_distance(cpu, partner);
    }
    return context;
}

static void add_column(struct fence_run *run, enum fence_place place, unsigned count,
                       const struct machine_cpu *cpu, const struct machine_cpu *partner)
{
    const bool accesses = run->part[FENCE_ACCESSES] && place != FENCE_LOADS && place != FENCE_ALL;
    if (!run->part[FENCE_COSTS] && !accesses) {
        return;
    }
    struct fence_context *context = context_of(run, place, count, cpu, partner);
    context->column = true;
    for (unsigned i = 0; i < fence_count; ++i) {
        context->rows[i] |=
            run->selected[i] &&
            (is_access(i) ? accesses : run->part[FENCE_COSTS] || fences[i].kind == FENCE_CONTROL);
    }
}

static bool on_ladder(const struct fence_run *run, unsigned fence)
{
    unsigned before = 0;
    if (!run->narrowed) {
        return fence == fence_find(FENCE_FULL_NAME);
    }
    for (unsigned i = 0; i < fence; ++i) {
        before += run->selected[i] && fences[i].kind != FENCE_CONTROL;
    }
    return run->selected[fence] && fences[fence].kind != FENCE_CONTROL && before < MOST_ON_LADDER;
}

static void add_rung(struct fence_run *run, enum fence_place place, unsigned count,
                     const struct machine_cpu *cpu, const struct machine_cpu *partner)
{
    struct fence_context *context = context_of(run, place, count, cpu, partner);
    context->rung = true;
    for (unsigned i = 0; i < fence_count; ++i) {
        context->rows[i] |= on_ladder(run, i);
    }
    /* What reads as nothing: at either end. */
    context->rows[fence_find("compiler")] |= count == 0 || count == rungs[RUNGS - 1];
}

static void add_ladder(struct fence_run *run, enum fence_place place, const struct machine_cpu *cpu,
                       const struct machine_cpu *partner)
{
    add_rung(run, place == FENCE_TAKEN ? FENCE_TAKEN : FENCE_EMPTY, 0, cpu, partner);
    for (unsigned i = 0; i < RUNGS && (place != FENCE_LOADS || rungs[i] <= MOST_LOADS); ++i) {
        add_rung(run, place, rungs[i], cpu, partner);
    }
}

static int fewest_first(const void *left, const void *right, void *run)
{
    const struct fence_context *context = ((const struct fence_run *)run)->context;
    const unsigned a = context[*(const unsigned *)left].count;
    const unsigned b = context[*(const unsigned *)right].count;
    return (a > b) - (a < b);
}

/* Of which curve is this a rung? An empty store buffer begins those of one's own CPU. */
static bool belongs(const struct fence_context *context, const struct fence_context *to)
{
    return context->rung && ((context->place == to->place && context->partner == to->partner) ||
                             (context->place == FENCE_EMPTY && to->place != FENCE_TAKEN));
}

static void add_curves(struct fence_run *run)
{
    for (unsigned c = 0; c < run->context_count; ++c) {
        const struct fence_context *one = &run->context[c];
        bool known = !one->rung || one->place == FENCE_EMPTY;
        for (unsigned before = 0; before < c; ++before) {
            known |= one->place == run->context[before].place && run->context[before].rung &&
                     one->partner == run->context[before].partner;
        }
        for (unsigned i = 0; !known && i < fence_count; ++i) {
            struct fence_curve *curve = &run->curve[run->curve_count];
            if (!on_ladder(run, i)) {
                continue;
            }
            curve->fence = i;
            for (unsigned k = 0; k < run->context_count; ++k) {
                if (belongs(&run->context[k], one)) {
                    curve->rung[curve->rungs++] = k;
                }
            }
            qsort_r(curve->rung, curve->rungs, sizeof *curve->rung, fewest_first, run);
            ++run->curve_count;
        }
    }
}

static void add_partner(struct fence_run *run, const struct machine_cpu *cpu,
                        const struct machine_cpu *partner)
{
    add_column(run, FENCE_TAKEN, run->stores, cpu, partner);
    if (run->part[FENCE_LADDER]) {
        add_ladder(run, FENCE_TAKEN, cpu, partner);
    }
    if (run->part[FENCE_EFFECT]) {
        struct fence_effect *effect = &run->effect[run->effect_count++];
        effect->cpu = cpu->os;
        effect->partner = partner->os;
        effect->distance = machine_distance(cpu, partner);
    }
}

void fences_plan(struct fence_run *run, const struct cli_cpus *cpus)
{
    const struct machine *machine = &run->machine;
    const struct machine_cpu *cpu =
        cpus->count > 0 ? bench_allowed(machine, cpus->cpu[0]) : &machine->cpu[0];
    const size_t partners = cpus->count > 0 ? cpus->count - 1 : MACHINE_DISTANCES;
    bool known[MACHINE_DISTANCES] = {false};
    if (partners > FENCE_MOST_PARTNERS) {
        cli_die(CLI_USAGE, "--cpus: more than %d CPUs", FENCE_MOST_PARTNERS + 1);
    }
    run->cpu = cpu;
    run->effect = calloc(partners + 1, sizeof *run->effect);
    run->curve = calloc((partners + 2) * MOST_ON_LADDER, sizeof *run->curve);
    if (run->effect == NULL || run->curve == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    add_column(run, FENCE_EMPTY, 0, cpu, NULL);
    add_column(run, FENCE_OWN, run->stores, cpu, NULL);
    if (run->part[FENCE_LADDER]) {
        add_ladder(run, FENCE_OWN, cpu, NULL);
    }
    for (size_t i = 1; i < cpus->count; ++i) {
        add_partner(run, cpu, bench_allowed(machine, cpus->cpu[i]));
    }
    for (unsigned i = 0; cpus->count == 0 && i < machine->cpu_count; ++i) {
        const enum machine_distance distance = machine_distance(cpu, &machine->cpu[i]);
        if (cpu != &machine->cpu[i] && !known[distance]) {
            known[distance] = true;
            add_partner(run, cpu, &machine->cpu[i]);
        }
    }
    add_column(run, FENCE_LOADS, run->stores, cpu, NULL);
    if (run->part[FENCE_LADDER]) {
        add_ladder(run, FENCE_LOADS, cpu, NULL);
    }
    if (machine->cpu_count > 1) {
        add_column(run, FENCE_ALL, run->stores, cpu, NULL);
    }
    add_curves(run);
}

void fences_free(struct fence_run *run)
{
    for (unsigned c = 0; c < run->context_count; ++c) {
        struct fence_context *context = &run->context[c];
        for (unsigned i = 0; context->result != NULL && i < fence_count; ++i) {
            free(context->result[i].with);
        }
        free(context->result);
        free(context->rows);
    }
    for (unsigned i = 0; i < run->membarrier.callers; ++i) {
        free(run->membarrier.caller[i].sample);
    }
    free(run->membarrier.victim_samples);
    free(run->context);
    free(run->curve);
    free(run->effect);
}
