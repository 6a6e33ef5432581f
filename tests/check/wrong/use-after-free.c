/* cordon-check: use-after-free */
#include <stdlib.h>

int main(void)
{
    int *p = malloc(sizeof *p);
    if (p) {
        *p = 3;
        free(p);
        return *(volatile int *)p; /* HERE */
    }
    return 0;
}
