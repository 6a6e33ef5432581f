/* cordon-check: wild-pointer */
#include <stdint.h>

int main(void)
{
    int *volatile p = (int *)(uintptr_t)0x12345678;
    return *p; /* HERE */
}
