/* cordon-check: bad-free */
#include <stdlib.h>

/* Nothing that malloc returned. */
int main(void)
{
    int here = 0;
    int *volatile address = &here;
    free(address); /* HERE */
    return 0;
}
