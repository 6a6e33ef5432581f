#!/bin/sh
# pkgconfig.sh CC CXX WORK SOURCE VERSION: builds the consumer with what pkg-config says of the
# library in WORK/moved, shared and static, as C11, C17, C++11 and C++20, and runs it.
set -eu
cc=$1 cxx=$2 work=$3 source=$4 version=$5
for program in pkg-config "$cc" "$cxx"; do
    command -v "$program" >/dev/null || { echo "no $program"; exit 77; }
done
PKG_CONFIG_PATH=$(dirname "$(find "$work/moved" -name cordon.pc)")
export PKG_CONFIG_PATH
LD_LIBRARY_PATH=$(dirname "$PKG_CONFIG_PATH")
export LD_LIBRARY_PATH
out=$work/pkgconfig-$cc
rm -rf "$out"
mkdir "$out"

test "$(pkg-config --modversion cordon)" = "$version"
case $(pkg-config --cflags --libs cordon) in
*"-I$work/moved/"*) ;;
*"$work/moved/"*) ;;
*) echo "cordon.pc did not move with its tree: $(pkg-config --cflags --libs cordon)" >&2; exit 1 ;;
esac

warnings="-Wall -Wextra -Wpedantic -Werror"
shared=$(pkg-config --cflags --libs cordon)
static="-static $(pkg-config --static --cflags --libs cordon)"
case $static in
*-pthread*) ;;
*) echo "pkg-config --static does not mention -pthread: $static" >&2; exit 1 ;;
esac
for way in shared static; do
    eval "flags=\$$way"
    for std in c11 c17; do
        "$cc" -std=$std $warnings "$source/tests/install/consumer/main.c" -o "$out/$std-$way" $flags -pthread
    done
    for std in c++11 c++20; do
        "$cxx" -std=$std $warnings "$source/tests/install/consumer/main.cc" -o "$out/$std-$way" $flags -pthread
    done
done
for consumer in "$out"/*; do
    echo "${consumer##*/}: $("$consumer")"
done
objdump -p "$out/c11-shared" | grep -q 'NEEDED *libcordon' || { echo "not linked with the shared library" >&2; exit 1; }
