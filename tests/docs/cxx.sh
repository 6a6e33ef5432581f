#!/bin/sh
# cxx.sh - the examples, which are C11, are C++ as well: compiled, linked with libcordon, and run. Clients
# of cordon/litmus.h are no programs, and C only.
#
# usage: tests/docs/cxx.sh CXX LIBCORDON.A
set -eu
examples=$(cd "$(dirname "$0")/../../docs/examples" && pwd)
cxx=$1
library=$2
command -v "$cxx" >/dev/null || exit 77
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for source in "$examples"/*.c; do
    ! grep -q '^CORDON_LITMUS(' "$source" || continue
    name=$(basename "$source" .c)
    for standard in c++11 c++20; do
        "$cxx" -std=$standard -Wall -Wextra -Wpedantic -Werror -O2 -pthread -I"$examples/../../include" \
            -x c++ "$source" -x none "$library" -o "$work/$name"
        "$work/$name" >"$work/said" || { echo "$name, $standard: exit $?"; cat "$work/said"; exit 1; }
    done
done
