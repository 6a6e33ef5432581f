/* cordon-check: double-free */
#include <stdlib.h>

int main(void)
{
    char *p = malloc(8);
    char *volatile q = p;
    free(p);
    free(q); /* HERE */
    return 0;
}
