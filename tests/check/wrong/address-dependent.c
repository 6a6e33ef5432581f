/* cordon-check: verified */
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

/* What depends on addresses or on the clock is the same each time, or said to be not. */
int main(void)
{
    void *p = malloc(16);
    const uintptr_t low = (uintptr_t)p >> 4 & 1;
    free(p);
    return (int)(low ^ ((uintptr_t)time(NULL) & 1)) == 2;
}
