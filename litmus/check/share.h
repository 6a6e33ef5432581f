/* share.h - several processes explore parts of one tree.
 *
 * The state of an exploration is a process: to give work away it forks, and parent and child divide
 * the items that are left. The counts are added up in the shared result.
 */
#ifndef CORDON_CHECK_SHARE_H
#define CORDON_CHECK_SHARE_H

#include <stdbool.h>
#include <stdint.h>

struct counts {
    uint64_t complete, blocked, dropped, inconsistent, events, bounded, random;
    double explored;
};
extern struct counts counted; /* here, since share_flush */

/* share_flush - add `counted` to the result, and start again from zero. */
void share_flush(void);

/* share_stop - does somebody want everybody to stop? */
bool share_stop(void);

/* share_work - fork if that is worth it. Returns true in the child, whose part begins with the top
 * frame that has items left.
 */
void share_work(void);

/* share_end - flush, and wait for the processes that were forked here. In a forked one: exit. */
void share_end(void);

#endif
