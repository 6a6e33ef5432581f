#!/bin/sh
# programs.sh CORDON-CHECK - what the report of each program must tell: the lines of it that begin
# with //: are extended regular expressions. White space and line breaks do not count.
set -u
check=$1
here=$(cd "$(dirname "$0")" && pwd)/programs
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0
cd "$here" || exit 1

look() {
    program=$1
    shift
    "$check" --quiet --dot "$work/dot" "$@" "$program" >"$work/out" 2>"$work/err"
    status=$?
    if [ $status -ne 1 ]; then
        echo "$program, $*: status $status"
        cat "$work/err"
        failed=1
        return
    fi
    tr -s ' \n' '  ' <"$work/out" >"$work/joined"
    sed -n 's|^//: ||p' "$program" >"$work/wanted"
    while IFS= read -r wanted; do
        if ! grep -Eq -- "$wanted" "$work/joined"; then
            echo "$program, $*: does not tell: $wanted"
            failed=1
            touch "$work/show"
        fi
    done <"$work/wanted"
    if awk 'length > 120' "$work/out" | grep -q '^[> ] *[0-9]'; then
        echo "$program, $*: a row is too long"
        touch "$work/show"
        failed=1
    fi
    if [ -e "$work/show" ]; then
        cat "$work/out"
        rm "$work/show"
    fi
    if command -v dot >/dev/null && ! dot -Tsvg "$work/dot" >/dev/null; then
        echo "$program, $*: Graphviz does not take the drawing"
        failed=1
    fi
}

for compilers in gcc/g++ clang/clang++; do
    command -v "${compilers%/*}" >/dev/null || continue
    for level in 0 2; do
        for program in *.c *.cc; do
            look "$program" --cc "${compilers%/*}" --cxx "${compilers#*/}" -O $level
        done
    done
done
exit $failed
