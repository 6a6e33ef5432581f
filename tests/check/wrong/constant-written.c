/* cordon-check: wild-pointer */
#include <stddef.h>

/* A string literal is not to be written to. */
static char *volatile word = (char *)"word";

int main(void)
{
    word[0] = 'W'; /* HERE */
    return 0;
}
