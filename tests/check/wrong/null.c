/* cordon-check: wild-pointer */
#include <stddef.h>

static struct {
    int first, second;
} *volatile nothing;

int main(void)
{
    nothing->second = 1; /* HERE */
    return 0;
}
