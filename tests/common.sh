# Shared by the checks of the tools. $exe is the tool, $top the source tree, $work a directory of their own,
# $TMPDIR an empty one inside it, which the tool must leave empty.
set -eu
LC_ALL=C
export LC_ALL
exe=$1 top=$2 work=$3
shift 3
rm -rf "$work"
mkdir -p "$work/tmp"
TMPDIR=$work/tmp
export TMPDIR
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
    timeout -k 5 "${limit:-60}" "$exe" "$@" >"$out" 2>"$err" </dev/null || code=$?
    litter "$@"
}

# refuses CODE PATTERN ARGUMENT...: that exit code, one line on stderr that matches, no results, which $results matches.
refuses() {
    want=$1 pattern=$2
    shift 2
    tool "$@"
    said="exit $code: $(head -c 400 "$err" | tr -c '[:print:]\n' '?')"
    test "$code" = "$want" || fail "wanted exit $want of $*: $said"
    test "$(wc -l <"$err")" = 1 || fail "wanted one line of $*: $said"
    test "$(wc -c <"$err")" -le "${longest:-400}" || fail "too long a line of $*: $said"
    tr -d '[:print:]\n' <"$err" | cmp -s - /dev/null || fail "raw bytes in the message of $*: $said"
    grep -Eq -e "$pattern" "$err" || fail "wanted /$pattern/ of $*: $said"
    ! grep -Eq "$results" "$out" || fail "results from $*"
}
