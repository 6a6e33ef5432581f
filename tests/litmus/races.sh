#!/bin/sh
# races.sh TOOL SOURCE WORK COMPILER - a tool that was built with ThreadSanitizer runs tests whose code was, too: from a
# reset to the count each instance is handed from thread to thread, and a hole in that is a data race, on whatever
# processor. COMPILER is the one that the tool was built with.
. "$(dirname "$0")/common.sh"
limit=60
test "$(nproc)" -ge 2 || { echo "needs two CPUs"; exit 77; }
cc=$1
export TSAN_OPTIONS=exitcode=66

# With memory that is counted, and more threads than there may be CPUs; in all ways to meet.
for knobs in engine=array,size=256 engine=array,size=64,sync=none,place=random,shuffle=yes,cache=random,memory-enemies=1 \
    engine=threads,size=16,sync=timebase engine=perpetual,size=64,sync=none; do
    tool run --time 100ms --knobs $knobs --cc "$cc" --cflags -fsanitize=thread SB+rlx 3.2W+rlx
    unfit
    test "$code" = 0 && test ! -s "$err" || fail "$knobs: exit $code: $(head -40 "$err")"
    grep -q '^Observation SB+rlx ' "$out" || fail "$knobs: SB+rlx did not run: $(tail -3 "$out")"
done

exit $status
