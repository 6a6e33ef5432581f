/* search.h - looks for a cycle in a relation whose edges are not stored, but asked for. */
#ifndef CORDON_CHECK_SEARCH_H
#define CORDON_CHECK_SEARCH_H

#include <stdbool.h>
#include <stdint.h>

/* search_start - forget what was visited; nodes are numbers less than `nodes`. */
void search_start(int32_t nodes);

/* search_cycle - does this node lead to a cycle, by way of nodes not visited before? `successors` calls
 * search_edge for each node that the given one has an edge to.
 */
bool search_cycle(int32_t root, void (*successors)(int32_t node));
void search_edge(int32_t to);

/* search_reserve - room for `count` elements of `size` bytes, the new ones zero; the array may move. */
void *search_reserve(void *array, int32_t *room, int32_t count, uint32_t size);

#endif
