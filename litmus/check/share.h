/* share.h - several processes explore one tree.
 *
 * All of them go through the top of the tree, down to parts that are thought to be small. Each of these
 * is explored by the one that claims it first. The counts are added up in the shared result.
 */
#ifndef CORDON_CHECK_SHARE_H
#define CORDON_CHECK_SHARE_H

#include "graph.h"

#include <stdbool.h>
#include <stdint.h>

struct counts {
    uint64_t complete, blocked, dropped, inconsistent, events, bounded, random;
    double explored;
    int threads; /* the most in one complete execution */
};
extern struct counts counted; /* here, since share_flush */

/* share_start - become options.jobs processes. */
void share_start(void);

/* share_counts - a graph with this share of the tree: is it for this process to count? */
bool share_counts(double mass);

/* share_skips - is this item for another process, or another --shard? */
bool share_skips(const struct item *item);

/* share_flush - add `counted` to the result, and start again from zero. */
void share_flush(void);

/* share_stop - does somebody want everybody to stop? */
bool share_stop(void);

/* share_end - flush, and wait for the other processes. They do not return. */
void share_end(void);

#endif
