/* cordon-check: bad-free */
/* cordon-check -DINSIDE: bad-free */
#include <stdlib.h>

/* Neither a static object nor the middle of a block can be freed. */
static char text[8] = "static";

int main(void)
{
#ifdef INSIDE
    char *volatile p = (char *)malloc(16) + 4;
#else
    char *volatile p = text;
#endif
    free(p); /* HERE */
    return 0;
}
