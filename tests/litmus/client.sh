# shellcheck shell=sh disable=SC2154
# client.sh - what the tests that run clients share; sourced by them.
. "$(dirname "$0")/common.sh"
command -v cc >/dev/null || { echo "no cc"; exit 77; }
include=-I$top/include

# client NAME: standard input is a client's source, after what all have; $client is its path
client() {
    client=$work/$1.c
    { echo '#include <cordon/litmus.h>'; cat; } >"$client"
}

# judged CODE ARGUMENT...: that exit code, nothing on stderr, and the histogram adds up
judged() {
    want=$1
    shift
    tool "$@"
    unfit
    if test "$code" != "$want" || test -s "$err"; then
        fail "wanted exit $want, got $code: $*: $(cat "$err")"
        cat "$out"
    fi
    awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results" || fail "the text is not litmus7's: $*"
}

says() {
    grep -Eq -e "$1" "$out" || {
        fail "wanted /$1/"
        cat "$out"
    }
}
