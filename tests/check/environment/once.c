/* expect: verified, 3 executions */
/* Three threads, each of which may be the one to initialise; later calls cost nothing. */
#include <assert.h>
#include <pthread.h>

static pthread_once_t once = PTHREAD_ONCE_INIT;
static int made;

static void make(void)
{
    ++made;
}

static void *use(void *argument)
{
    for (int i = 0; i < 3; ++i) {
        pthread_once(&once, make);
        assert(made == 1);
    }
    return argument;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, use, NULL);
    pthread_create(&other, NULL, use, NULL);
    use(NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
