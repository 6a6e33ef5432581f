#!/bin/sh
# stage.sh BUILD WORK TOOL...: installs the build into WORK/staged, checks what came, and moves the tree to
# WORK/moved, where the consumers look for it. Then the same through DESTDIR.
set -eu
build=$1 work=$2
shift 2
rm -rf "$work"
mkdir -p "$work"

complain() {
    echo "$*" >&2
    exit 1
}

cmake --install "$build" --prefix "$work/staged" >"$work/log"
for wanted in include/cordon/fence.h 'lib*/libcordon.a' 'lib*/libcordon.so' 'lib*/pkgconfig/cordon.pc' \
    'lib*/cmake/cordon/cordon-config.cmake' 'lib*/cmake/cordon/cordon-config-version.cmake'; do
    # a pattern: the library directory may be lib, lib64 or lib/<triplet>
    find "$work/staged" -path "$work/staged/$wanted" | grep -q . || complain "not installed: $wanted"
done
for tool; do
    "$work/staged/bin/$tool" --version >>"$work/log" || complain "not installed, or does not run: $tool"
    test -f "$work/staged/share/man/man1/$tool.1" || complain "not installed: the manual page of $tool"
done
grep -rIl "$work" "$work/staged" && complain "these files name the prefix and cannot be moved"
mv "$work/staged" "$work/moved"

mkdir "$work/destdir"
DESTDIR=$work/destdir cmake --install "$build" --prefix /opt/cordon >>"$work/log"
test -f "$work/destdir/opt/cordon/include/cordon/fence.h" || complain "DESTDIR is not honoured"
test "$(ls "$work/destdir")" = opt || complain "installed outside of the prefix: $(ls "$work/destdir")"
