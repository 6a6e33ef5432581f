/* judge.c - see judge.h */
#include "judge.h"

#include "check.h"
#include "edges.h"
#include "explore.h"
#include "graph.h"
#include "grow.h"
#include "native.h"
#include "replay.h"
#include "report.h"
#include "revisit.h"
#include "share.h"

#include <stdio.h>

/* The event with which the last turn of its waiting loop began: what the thread did before does not
 * matter to the loop. If a call said that it waits, nobody knows; then it is all since the last write.
 */
static int turn_of(int thread)
{
    const struct event *last = last_of(thread);
    if (last->kind == READ && must_wait(last, last->value)) {
        return last->index;
    }
    const int turn = thread_states[thread].request.kind == READ ? grow_turn(thread) : -1;
    return turn < 0 ? 0 : turn;
}

/* Every read of the turn has the latest value, so the next one will read the same, and so on for
 * ever. A choice means that it also waits for time to pass, and what fails for no reason need not
 * fail again; of a turn that wrote (cordon/check.h) we do not know.
 */
static bool waits_for_ever(int thread)
{
    if (thread_states[thread].request.kind == REQUEST_WAIT_LOOP && last_of(thread)->kind == WRITE) {
        return false;
    }
    const int turn = turn_of(thread);
    for (const struct event *e = last_of(thread);
         e && e->index >= turn && (turn > 0 || e->kind != WRITE); e = po_previous(e)) {
        if (e->kind == CHOICE) {
            return false;
        }
        const struct place *place = e->kind == READ ? place_of(e) : NULL;
        if (place && (e->spurious || e->value != value_at(place, co_maximal(place)))) {
            return false;
        }
    }
    return true;
}

/* No thread can go on, and some have not ended. Is that the program's fault? */
static void judge_blocked(void)
{
    int spinning = -1, waiting = -1;
    for (int t = 0; t < graph->threads; ++t) {
        const struct thread_state *state = &thread_states[t];
        const bool stuck = state->status == THREAD_BLOCKED || state->status == THREAD_READY;
        if (stuck && state->request.kind == READ && state->request.timed) {
            return; /* it gives up, in another execution */
        }
        if (state->status == THREAD_BLOCKED) {
            if (state->request.kind == REQUEST_BLOCK || !waits_for_ever(t)) {
                return;
            }
            *(state->request.kind == READ && state->request.wait ? &waiting : &spinning) = t;
        } else if (state->status == THREAD_READY) {
            waiting = waiting < 0 || state->request.kind != JOIN ? t : waiting;
        }
    }
    if (spinning >= 0) {
        fail(FOUND_ENDLESS_WAIT, thread_states[spinning].request.pc, 0,
             "T%d waits for ever: what it waits for has its last value", spinning);
    } else if (waiting >= 0) {
        fail(FOUND_DEADLOCK, thread_states[waiting].request.pc, 0,
             "deadlock: T%d waits, and no thread can go on", waiting);
    }
}

static bool cut_short(void)
{
    for (int t = 0; t < graph->threads; ++t) {
        if (thread_states[t].status == THREAD_CUT) {
            return true;
        }
    }
    return false;
}

static bool all_done(void)
{
    for (int t = 0; t < graph->threads; ++t) {
        if (thread_states[t].status != THREAD_DONE && thread_states[t].status != THREAD_NONE) {
            return false;
        }
    }
    return true;
}

/* The first few executions are executed twice: what is not the same again is not decided by us. */
static void check_determinism(void)
{
    enum { EXECUTIONS = 4 };
    static int checked;
    if (checked < EXECUTIONS) {
        ++checked;
        if (!replay()) {
            fail(FOUND_NONDETERMINISM, replay_differs, 0,
                 "the program does not do the same again: it depends on memory that nobody has "
                 "written, on addresses, or on the world outside");
        }
    }
}

/* --executions: for a person to read, on the standard output that we share with the command. */
static void print_execution(void)
{
    static unsigned number;
    if (replay()) {
        printf("Execution %u:\n", ++number);
        report_text(stdout, FOUND_NOTHING, "", 0, 0);
        fflush(stdout);
    }
}

void judge(void)
{
    if (cut_short()) {
        ++counted.bounded;
    } else if (all_done()) {
        ++counted.complete;
        counted.threads = graph->threads > counted.threads ? graph->threads : counted.threads;
        if (options.edges && explore_ours) {
            edges_collect();
        }
        check_determinism();
        if (options.executions && explore_ours && !failed) {
            print_execution();
        }
    } else {
        ++counted.blocked;
        judge_blocked();
    }
}
