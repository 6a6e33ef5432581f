#!/bin/sh
# docs.sh TOOL SOURCE WORK - the example of docs/check.md, and that of --help, do what is said there.
. "$(dirname "$0")/common.sh"
guide=$top/docs/check.md

# Times differ.
steady() {
    sed 's/[0-9.]* s  *[0-9.]*\( [kMG]\)\{0,1\}  /TIME /' "$@"
}

awk '/^```c$/ { inside = 1; next } /^```/ { exit } inside' "$guide" >mp.c
ends 1 -O 2 mp.c
sed -n '/^    \$ cordon-check -O 2 mp.c$/,/^With /{ s/^    //; /^\$/d; /^With /d; p }' "$guide" | sed '$d' | steady >expected
steady "$out" | diff expected - || fail "docs/check.md shows another report"
sed -i 's/memory_order_relaxed/memory_order_release/' mp.c
ends 0 -O 2 mp.c
sed -n '/^With /,/^There are/{ s/^    //p; }' "$guide" | steady >expected
steady "$out" | diff expected - || fail "docs/check.md shows another table"

ends 0 --help
sed -n '/^  #include/,/^$/s/^  //p' "$out" >mp.c
ends 1 mp.c
says 'data race'
sed -i 's/memory_order_relaxed/memory_order_release/' mp.c
ends 0 mp.c

exit $status
