/* cordon-check: overflow */
#include <stdlib.h>

/* In front of the first one. */
static int *volatile block;

int main(void)
{
    block = malloc(4 * sizeof *block); /* HERE */
    block[-1] = 0;                     /* HERE */
    free(block);
    return 0;
}
