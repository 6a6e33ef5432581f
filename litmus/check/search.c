/* search.c - depth-first search for a cycle, without recursion.
 *
 * A node that is being visited stays on the stack below what was pushed on its behalf, and is met
 * again, open, when all of that is done. An edge to an open node closes a cycle. A node may have
 * been pushed several times before its first visit; the later ones find it done.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

static struct {
    int32_t *stack;
    int32_t depth, room;
    uint32_t *visited; /* by node: `open` or `done` if in this search, less if not */
    int32_t visited_room;
    uint32_t open, done;
    bool cycle;
} search;

void *search_reserve(void *array, int32_t *room, int32_t count, uint32_t size)
{
    if (count <= *room) {
        return array;
    }
    const int32_t larger = count < 128 ? 256 : 2 * count;
    array = realloc(array, (size_t)larger * size);
    if (array == NULL) {
        abort();
    }
    memset((char *)array + (size_t)*room * size, 0, (size_t)(larger - *room) * size);
    *room = larger;
    return array;
}

void search_start(int32_t nodes)
{
    search.visited =
        search_reserve(search.visited, &search.visited_room, nodes, sizeof *search.visited);
    if (search.done >= UINT32_MAX - 2) {
        memset(search.visited, 0, (size_t)search.visited_room * sizeof *search.visited);
        search.done = 0;
    }
    search.open = search.done + 1;
    search.done = search.open + 1;
}

static void push(int32_t node)
{
    search.stack =
        search_reserve(search.stack, &search.room, search.depth + 1, sizeof *search.stack);
    search.stack[search.depth++] = node;
}

void search_edge(int32_t to)
{
    if (search.visited[to] == search.open) {
        search.cycle = true;
    } else if (search.visited[to] != search.done) {
        push(to);
    }
}

bool search_cycle(int32_t root, void (*successors)(int32_t node))
{
    search.cycle = false;
    search.depth = 0;
    push(root);
    while (search.depth > 0 && !search.cycle) {
        const int32_t node = search.stack[search.depth - 1];
        if (search.visited[node] >= search.open) {
            search.visited[node] = search.done;
            --search.depth;
        } else {
            search.visited[node] = search.open;
            successors(node);
        }
    }
    return search.cycle;
}
