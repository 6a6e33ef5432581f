/* cordon-check: unsupported */
#include <setjmp.h>

/* longjmp is not modelled. */
static jmp_buf back;

int main(void)
{
    if (setjmp(back) == 0) {
        longjmp(back, 1); /* HERE */
    }
    return 0;
}
