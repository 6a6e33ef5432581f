/* One thread waits for a flag that another one sets. Compile it with -O2, and once more with -DATOMIC. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#ifdef ATOMIC
static atomic_bool flag;
#define IS_SET() atomic_load_explicit(&flag, memory_order_relaxed)
#define SET()    atomic_store_explicit(&flag, true, memory_order_relaxed)
#else
static bool flag; /* shared without synchronisation: a data race, so C promises nothing */
#define IS_SET() flag
#define SET()    (flag = true)
#endif

static atomic_bool returned;

static void *wait_for_flag(void *unused)
{
    while (!IS_SET()) {
    }
    atomic_store(&returned, true);
    return unused;
}

int main(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, wait_for_flag, NULL) != 0) {
        return 2;
    }
    usleep(100000);
    SET();
    for (int i = 0; i < 100 && !atomic_load(&returned); ++i) {
        usleep(10000);
    }
    puts(atomic_load(&returned) ? "seen" : "a second has passed, and it was not seen");
    return 0; /* which ends the thread, too */
}
