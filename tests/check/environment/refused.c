/* expect: unsupported, "signal" */
#include <signal.h>

int main(void)
{
    return signal(SIGUSR1, SIG_IGN) == SIG_ERR;
}
