/* Units of litmus/run/blocks.c: which blocks are disturbed, and what is left without them. */
#include "run/parts.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WORKERS = 2 };

static struct shared shared;
static struct worker workers[WORKERS];
static struct litmus_code code;
static struct engine_options options;

static void begin(void)
{
    memset(&shared, 0, sizeof shared);
    memset(workers, 0, sizeof workers);
    options.cpu_count = WORKERS;
    options.knobs = knobs_default(LITMUS_ARRAY);
    shared.code = &code;
    shared.options = &options;
    shared.knobs = &options.knobs;
    shared.worker = workers;
    shared.workers = WORKERS;
    blocks_begin(&shared);
    blocks_decide(&shared, 0, false); /* before the first batch there is nothing to say */
    cr_assert_eq(shared.blocks.number[0], 0);
}

/* A block of so many instances ends; its threads were preempted so often, and until its end so many weak outcomes
 * have been counted.
 */
static void block(uint64_t instances, long first, long second, uint64_t weak, bool over)
{
    const uint64_t number = shared.blocks.number[0];
    const struct timespec nap = {0, over ? 0 : 1100000};
    nanosleep(&nap, NULL);
    shared.batches += 8;
    shared.total += instances;
    blocks_decide(&shared, 0, over);
    cr_assert_eq(shared.blocks.number[0], number + 1);
    workers[0].ended[number % 2].switches = first;
    workers[1].ended[number % 2].switches = second;
    workers[0].ended[number % 2].weak = weak;
}

static struct disturbance end(void)
{
    struct disturbance found;
    blocks_end(&shared, &found);
    return found;
}

static void about(double value, double wanted)
{
    cr_assert(value > wanted - 1e-9 && value < wanted + 1e-9, "%g, not %g", value, wanted);
}

Test(litmus_disturbance, a_preempted_thread_disturbs_its_block, .init = begin)
{
    block(1000, 0, 0, 10, false);
    block(2000, 0, 3, 15, false);
    block(4000, 0, 0, 35, false);
    block(8000, 1, 0, 36, true);
    const struct disturbance found = end();
    cr_assert_eq(found.blocks, 4);
    cr_assert_eq(found.disturbed, 2);
    cr_assert_eq(found.switches, 4);
    about(found.instances, 2000 + 8000);
    about(found.weak, 5 + 1);
    cr_assert_gt(found.seconds, 0.001);
}

Test(litmus_disturbance, what_took_far_longer_than_usual_was_disturbed, .init = begin)
{
    for (unsigned i = 0; i < 40; ++i) {
        block(100000, 0, 0, 0, false);
    }
    block(10, 0, 0, 0, false);
    const struct disturbance found = end();
    cr_assert_eq(found.blocks, 41);
    cr_assert_eq(found.switches, 0);
    cr_assert_geq(found.disturbed, 1);                    /* on a busy machine more */
    cr_assert_eq((uint64_t)found.instances % 100000, 10); /* the last, whatever the others */
}

Test(litmus_disturbance, where_threads_share_cpus_preemption_is_part_of_the_run, .init = begin)
{
    options.knobs.memory_enemies = 1;
    block(1000, 7, 0, 0, false);
    const struct disturbance found = end();
    cr_assert_eq(found.blocks, 0);
    cr_assert_eq(found.disturbed, 0);
    cr_assert_eq(found.switches, 7);
}

Test(litmus_disturbance, rates_are_of_what_is_left)
{
    struct disturbance sum = {.blocks = 5, .disturbed = 1, .switches = 2, .seconds = 0.25};
    const struct disturbance part = {.disturbed = 1, .seconds = 0.25, .instances = 200, .weak = 3};
    disturbance_add(&sum, &part);
    cr_assert_eq(sum.blocks, 5);
    cr_assert_eq(sum.disturbed, 2);
    struct undisturbed left = disturbance_without(&sum, 2, 1000, 13);
    about(left.seconds, 1.5);
    about(left.share, 0.8);
    about(left.weak, 10);
    left = disturbance_without(&sum, 0.51, 1000, 13); /* too little is left */
    about(left.seconds, 0.51);
    about(left.share, 1);
    about(left.weak, 13);
}
