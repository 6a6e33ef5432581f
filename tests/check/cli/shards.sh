#!/bin/sh
# shards.sh TOOL SOURCE WORK - the parts of an exploration add up to the whole, whatever their number,
# and however many processes work on each.
. "$(dirname "$0")/common.sh"
need python3 xargs
busy 3 3 >three.c # 9! / (3!)^3 orders of the additions

cat >counts.py <<'END'
import json, sys
total = [0, 0]
for name in sys.argv[1:]:
    level, = json.load(open(name))["levels"]
    assert level["ending"] == "finished" and level["finding"] is None, name
    total[0] += level["complete"]
    total[1] += level["blocked"]
print(*total)
END
ends 0 -q -j1 -O 2 --json=whole.json three.c
whole=$(python3 counts.py whole.json)
test "${whole% *}" = 1680 || fail "the whole has ${whole% *} executions, not 1680"
for jobs in 1 2; do
    for parts in 2 3 7; do
        rm -f part-*.json
        seq $parts | xargs -P2 -I@ "$exe" -q -j$jobs -O 2 --json=part-@.json --shard @/$parts three.c || fail "a part of $parts failed"
        test "$(python3 counts.py part-*.json)" = "$whole" || fail "$parts parts, $jobs jobs: $(python3 counts.py part-*.json), not $whole"
    done
    ends 0 -q -j$jobs -O 2 --json=whole.json three.c
    test "$(python3 counts.py whole.json)" = "$whole" || fail "$jobs jobs: $(python3 counts.py whole.json), not $whole"
done

# Every part has a name of its own: with a thousand of them, none is taken for another.
cat >fib.c <<'END'
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static atomic_int x = 1, y = 1;
static void *add(void *to)
{
    for (int i = 0; i < 5; ++i) {
        const int sum = atomic_load(&x) + atomic_load(&y);
        atomic_store((atomic_int *)to, sum);
    }
    return NULL;
}
int main(void)
{
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, add, &x);
    pthread_create(&threads[1], NULL, add, &y);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);
}
END
for jobs in 1 2 5; do
    ends 0 -q -j$jobs -O 2 --json=fib.json fib.c
    test "$(python3 counts.py fib.json)" = "8953 0" || fail "fib, $jobs jobs: $(python3 counts.py fib.json), not 8953 0"
done
litter shards

exit $status
