/* cordon-check: exit */
#include <stdlib.h>

int main(void)
{
    exit(3); /* HERE */
}
