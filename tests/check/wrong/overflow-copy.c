/* cordon-check: overflow */
#include <stdlib.h>
#include <string.h>

/* A copy that is longer than its target. */
static const char words[] = "a few words";
static char *volatile block;

int main(void)
{
    block = malloc(4);                  /* HERE */
    memcpy(block, words, sizeof words); /* HERE */
    free(block);
    return 0;
}
