# Shared by the checks of this directory; $check is the tool, $top the source tree, $work a directory
# of their own, $TMPDIR an empty one inside it, which the tool must leave empty.
set -eu
LC_ALL=C
export LC_ALL
check=$1 top=$2 work=$3
shift 3
rm -rf "$work"
mkdir -p "$work/tmp"
TMPDIR=$work/tmp
export TMPDIR
cd "$work"
status=0

need() {
    for program; do
        command -v "$program" >/dev/null || { echo "no $program"; exit 77; }
    done
}

fail() {
    echo "FAILED: $*"
    status=1
}

litter() {
    test -z "$(ls -A "$TMPDIR")" || {
        fail "litter after $*: $(ls -A "$TMPDIR")"
        rm -rf "$TMPDIR"
        mkdir "$TMPDIR"
    }
}

# tool ARGUMENT...: runs it, bounded in time; leaves $out, $err and $code, and looks for litter.
out=$work/out err=$work/err
tool() {
    code=0
    timeout -k 5 "${limit:-60}" "$check" "$@" >"$out" 2>"$err" </dev/null || code=$?
    litter "$@"
}

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

# refuses CODE PATTERN ARGUMENT...: that exit code, one line on stderr that matches, no results.
refuses() {
    want=$1 pattern=$2
    shift 2
    tool "$@"
    said="exit $code: $(head -c 400 "$err" | tr -c '[:print:]\n' '?')"
    test "$code" = "$want" || fail "wanted exit $want of $*: $said"
    test "$(wc -l <"$err")" = 1 || fail "wanted one line of $*: $said"
    test "$(wc -c <"$err")" -le 900 || fail "too long a line of $*: $said"
    tr -d '[:print:]\n' <"$err" | cmp -s - /dev/null || fail "raw bytes in the message of $*: $said"
    grep -Eq -e "$pattern" "$err" || fail "wanted /$pattern/ of $*: $said"
    test ! -s "$out" || fail "results from $*"
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
