/* executions: 24 24 24 24 */
#include "count.h"

#include <stdint.h>

/* Neighbours of every size are locations of their own: 2! orders at each of three, and a reader of
 * one of them, which sees one of three values.
 */
static struct {
    _Atomic uint8_t byte;
    _Atomic uint8_t other;
    _Atomic uint16_t two;
    _Atomic uint64_t eight;
} s;

static void *thread(void *unused)
{
    s.byte += 1;
    s.two |= 0x100;
    s.eight ^= UINT64_C(1) << 40;
    return unused;
}

static void *both(void *unused)
{
    s.other = 1;
    thread(NULL);
    return unused;
}

static void *reader(void *unused)
{
    (void)s.byte;
    return unused;
}

int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, reader, NULL);
    run_two(thread, both);
    pthread_join(a, NULL);
    assert(s.byte == 2 && s.other == 1 && s.two == 0x100 && s.eight == 0);
    return 0;
}
