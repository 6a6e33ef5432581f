# Shared by the checks of this directory; see ../../common.sh.
. "$2/tests/common.sh"
results=. longest=900
cd "$work"

# ends CODE ARGUMENT...: that exit status, and, but for 2 and 3, a silent stderr.
ends() {
    want=$1
    shift
    tool "$@"
    if test "$code" != "$want" || { test "$want" -lt 2 && test -s "$err"; }; then
        fail "wanted exit $want, got $code: $*"
        cat "$out" "$err"
    fi
}

# says PATTERN: the last output holds it.
says() {
    grep -Eq -e "$1" "$out" || { fail "no /$1/ in the output:"; cat "$out"; }
}

# A message that is passed with this order: relaxed races, release does not.
message() {
    cat <<END
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static int message;
static atomic_int ready;
static void *sender(void *unused)
{
    message = 42;
    atomic_store_explicit(&ready, 1, memory_order_$1);
    return unused;
}
int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, sender, NULL);
    if (atomic_load_explicit(&ready, memory_order_acquire)) {
        assert(message == 42);
    }
    pthread_join(thread, NULL);
    return 0;
}
END
}

# So many threads that each add to the same word so often.
busy() {
    cat <<END
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static atomic_int word;
static void *add(void *unused)
{
    for (int i = 0; i < $2; ++i) {
        atomic_fetch_add(&word, 1);
    }
    return unused;
}
int main(void)
{
    pthread_t threads[$1];
    for (int i = 0; i < $1; ++i) {
        pthread_create(&threads[i], NULL, add, NULL);
    }
    for (int i = 0; i < $1; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
END
}
