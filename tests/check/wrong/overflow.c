/* cordon-check: overflow */
/* cordon-check -DBEFORE: overflow */
#include <stdlib.h>

/* One element too many, or one before the first. */
int main(void)
{
    volatile int *numbers = malloc(4 * sizeof *numbers);
    volatile int last = 4;
#ifdef BEFORE
    last = -1;
#endif
    if (numbers) {
        numbers[last] = 1; /* HERE */
        free((void *)numbers);
    }
    return 0;
}
