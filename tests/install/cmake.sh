#!/bin/sh
# cmake.sh METHOD CC CXX WORK SOURCE VERSION GENERATOR: builds the consumer project that way with that
# compiler, outside and inside the library found in WORK/moved, and runs it.
set -eu
method=$1 cc=$2 cxx=$3 work=$4 source=$5 version=$6 generator=$7
command -v "$cc" >/dev/null && command -v "$cxx" >/dev/null || { echo "no $cc, $cxx"; exit 77; }
unset CFLAGS CXXFLAGS CPPFLAGS LDFLAGS CMAKE_BUILD_TYPE || :

build=$work/$method-$cc
rm -rf "$build"
{
    cmake -G "$generator" -S "$source/tests/install/consumer" -B "$build" -DCMAKE_C_COMPILER="$cc" -DCMAKE_CXX_COMPILER="$cxx" \
        -DMETHOD="$method" -DVERSION="$version" -DCORDON_SOURCE="$source" -DCMAKE_PREFIX_PATH="$work/moved" \
        -DCMAKE_INSTALL_PREFIX="$build/installed" &&
        cmake --build "$build" && cmake --install "$build"
} >"$build.log" 2>&1 || { cat "$build.log"; exit 1; }
(cd "$build" && ctest --output-on-failure) || exit 1

# As a part of another project: no tests, no tools, nothing to install.
if (cd "$build" && ctest -N) | grep -E 'unit\.|stress\.|tool\.'; then
    echo "the consumer's tests hold some of ours" >&2
    exit 1
fi
if find "$build" -type f -perm -100 -name 'cordon-*' | grep . || test -e "$build/installed"; then
    echo "tools were built, or something was installed" >&2
    exit 1
fi
