#!/bin/sh
# prove_lock.sh CORDON-LITMUS SOURCE WORK CORDON-CHECK - docs/prove-your-lock.md shows docs/examples/my_lock.h
# and my_lock_client.c, and what both judges say of them: as they are, without an order, and broken.
. "$(dirname "$0")/../common.sh"
check=$1
page=$top/docs/prove-your-lock.md
command -v cc >/dev/null || { echo "no cc"; exit 77; }

# code N: the N-th block of C; shown N: what the N-th command is said to print
code() {
    awk -v n="$1" '/^```c$/ { inside = ++seen == n; next } /^```/ { inside = 0 } inside' "$page"
}
shown() {
    awk -v n="$1" '/^    \$ / { inside = ++seen == n; next } !/^(    |$)/ { inside = 0 }
        inside { sub(/^    /, ""); if ($0 != "...") print }' "$page"
}

# What varies: times, rates, counts of rounds; where litmus.h is, and its lines.
steady() {
    sed -e 's/[0-9.]* s  *[0-9.]*\( [kMG]\)\{0,1\}  /TIME /' -e 's#[^ ]*litmus\.h:[0-9]*  *#litmus.h:N #' "$1"
}
counted() {
    sed -e '/^Disturbed /d' -e 's/[0-9][0-9.]* [kMG]/N/g' -e 's/[0-9]* *\([:*]>\)/N\1/' -e 's/\(failed\|Negative:\|Positive:\|Never 0\|Time my_lock_client\) [0-9.]*/\1 N/' \
        -e 's/^\(Bound [^ ]*\) [^ ]*/\1 N/' -e 's/[0-9]\{3,\}/N/g' -e 's/  */ /g' "$1"
}
same() {
    shown "$1" | "$2" - | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' >expected
    "$2" "$3" | sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' | diff expected - || fail "docs/prove-your-lock.md shows something else: command $1"
}

cd "$work"
lock=$top/docs/examples/my_lock.h
code 1 | diff "$lock" - || fail "docs/prove-your-lock.md and my_lock.h differ"
code 2 | diff "$top/docs/examples/my_lock_client.c" - || fail "docs/prove-your-lock.md and my_lock_client.c differ"
cp "$top/docs/examples/my_lock_client.c" "$lock" .
litmus=$exe

# explores N CODE ARGUMENT..., runs N CODE ARGUMENT...: says what the page says, and exits with CODE
explores() {
    number=$1 want=$2
    shift 2
    exe=$check
    tool "$@" my_lock_client.c -- -std=c11 -I"$top/include"
    test "$code" = "$want" || fail "cordon-check: wanted exit $want, got $code: $(cat "$err")"
    same "$number" steady "$out"
}
runs() {
    number=$1 want=$2 first=$3 last=$4
    shift 4
    exe=$litmus
    tool run "$@" my_lock_client.c -- -I"$top/include"
    test "$code" != 3 || { cat "$err"; exit 77; }
    test "$code" = "$want" || fail "cordon-litmus: wanted exit $want, got $code: $(cat "$err")"
    sed -n "/$first/,/$last/{p;/$last/q;}" "$out" >part
    test "$(nproc)" -lt 2 || same "$number" counted part
}

explores 1 0 -O 2
explores 3 0 -O 2 --mutate
runs 4 0 '^Test ' '^[0-9]* run, '
sed 's/memory_order_release/memory_order_relaxed/' "$lock" >my_lock.h
explores 2 1 -O 2
case $(uname -m) in
x86_64 | i?86) runs 5 0 '^Name ' '^[0-9]* run, ' -q ;;
esac
sed 's/memory_order_acquire/memory_order_relaxed/' "$lock" >my_lock.h
exe=$check
tool -O 2 my_lock_client.c -- -std=c11 -I"$top/include"
test "$code" = 1 && grep -q 'must be acquire' "$out" || fail "without the acquire: exit $code"
{
    sed '/^static inline void my_lock_lock/,$d' "$lock"
    code 3
    sed -n '/^}$/,$p' "$lock" | sed 1d
} >my_lock.h
tool -O 2 my_lock_client.c -- -std=c11 -I"$top/include"
test "$code" = 1 && grep -q 'data race' "$out" || fail "two inside: exit $code"
test "$(nproc)" -lt 2 || runs 6 1 '^my_lock_client: ' '^No'

exit $status
