/* expect: nondeterminism, "rand" */
#include <stdlib.h>

int main(void)
{
    return rand() < 0;
}
