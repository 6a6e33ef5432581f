#!/bin/sh
# names.sh NAMES - the fixtures' marked lines, as every compiler found describes them.
set -u
names=$1
here=$(cd "$(dirname "$0")" && pwd)/names
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
failed=0

# check COMPILER FLAGS FILE...: the marked lines of the files, and no others, are written. Of lines
# marked @inlined the compiler makes calls at -O0, into functions of the C++ library: they have the
# library's line there.
check() {
    compiler=$1 flags=$2
    shift 2
    mark='@\(inlined\)\{0,1\}'
    case $flags in *-O0*) mark='@\(never\)\{0,1\}' ;; esac
    (cd "$here" && sed -n "s|.*// $mark \([^ ]*\) |\2 \| |p" "$@") | sort >"$work/expected"
    rm -f "$work"/*.o
    for file; do
        # shellcheck disable=SC2086 # words
        case $file in
        *.h) ;;
        *) $compiler $flags -g -fPIC -fsanitize=thread -c "$here/$file" -o "$work/$file.o" ||
            exit 1 ;;
        esac
    done
    $compiler -shared "$work"/*.o -o "$work/program.so" || exit 1
    "$names" "$work/program.so" >"$work/all" || failed=1
    # Not the temporaries of the macros of <stdatomic.h>.
    grep '^[a-z]*\.[a-z]*:' "$work/all" | grep -v "T1's stack" >"$work/told"
    # The line's number stands in the output alone: look whether that line has the mark.
    while IFS= read -r told; do
        place=${told%% *}
        if ! sed -n "${place#*:}p" "$here/${place%:*}" | grep -q '// @'; then
            echo "$compiler $flags: no such line: $told"
            failed=1
        fi
    done <"$work/told"
    sed "s/^[^ ]* //; s/ <.* | / | /; s| from [^ ]*/| from |" "$work/told" | sort >"$work/seen"
    case $flags$1 in
    -O2*c.c)
        if ! grep -q '^objects.h:[0-9]* ring_push < c.c:[0-9]* scenario' "$work/told"; then
            echo "$compiler $flags: ring_push is not told to be inlined into scenario"
            failed=1
        fi
        ;;
    esac
    if ! cmp -s "$work/expected" "$work/seen"; then
        echo "$compiler $flags $*:"
        diff "$work/expected" "$work/seen"
        failed=1
    fi
}

for cc in gcc clang; do
    command -v $cc >/dev/null || continue
    for flags in "-O0 -gdwarf-5" "-O2 -gdwarf-5" "-O2 -gdwarf-4"; do
        check $cc "$flags" c.c objects.h other.c
        cxx=g++
        [ $cc = gcc ] || cxx=clang++
        check $cxx "$flags" cxx.cc
    done
done
exit $failed
