/* cordon-check: bound */
static volatile int depth;

static int deeper(int n)
{
    volatile char room[4096];
    room[n & 4095] = (char)n;
    ++depth;
    return n < 0 ? n : deeper(n + 1) + room[n & 4095];
}

int main(void)
{
    return deeper(1) == 0;
}
