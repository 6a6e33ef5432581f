/* cordon-check: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#include <string.h>
/* A block move reads what another thread writes. */
static struct {
    int part[16];
} from, to;

static void *first(void *unused)
{
    from.part[9] = 1; /* HERE */
    return unused;
}

static void *second(void *unused)
{
    memcpy(&to, &from, sizeof to); /* HERE */
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);

    return 0;
}
