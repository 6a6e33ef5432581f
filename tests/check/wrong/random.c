/* cordon-check: nondeterminism */
#include <stdlib.h>

int main(void)
{
    return rand() % 2 == 2; /* HERE */
}
