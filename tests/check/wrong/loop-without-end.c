/* cordon-check -j1: bound */
/* Nothing in the loop is an access that others could notice. */
int main(void)
{
    for (volatile int i = 0;; ++i) { /* HERE */
    }
}
