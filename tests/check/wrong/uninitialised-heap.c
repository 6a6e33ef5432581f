/* cordon-check: uninitialised */
#include <assert.h>
#include <stdlib.h>

struct node {
    struct node *next;
    int value;
};

int main(void)
{
    struct node *node = malloc(sizeof *node);
    if (!node) {
        return 1;
    }
    node->value = 1;
    assert(!node->next); /* HERE */
    free(node);
    return 0;
}
