#!/bin/sh
# freestanding.sh SOURCE WORK COMPILER CXX: every header with -ffreestanding and nothing but the
# compiler's own headers; the code then asks for no more than any freestanding program must provide.
. "$(dirname "$0")/common.sh"
compiler=$1 cxx=$2
need "$compiler" "$cxx" nm
flags="-ffreestanding -nostdinc -fno-stack-protector -O2 $warnings"
keep=
case $compiler in
*clang*) own=$("$compiler" -print-resource-dir)/include ;;
*) own=$("$compiler" -print-file-name=include) keep=-fkeep-inline-functions ;;
esac

for header in $headers; do
    include "$header" >"$work/one.c"
    each "$header" "$compiler" -std=c11 $flags -isystem "$own" -I"$top/include" -c "$work/one.c" -o "$work/one.o"
done
include $headers | tee "$work/all.cc" >"$work/all.c"
each "all, linked" "$compiler" -std=c11 $flags $keep -isystem "$own" -I"$top/include" -nostdlib -r "$work/all.c" -o "$work/all.o"
alien=$(nm -u "$work/all.o" | awk '$2 !~ /^mem(cpy|move|set|cmp)$/ { print $2 }')
test -z "$alien" || { echo "FAILED: freestanding code needs" $alien; status=1; }
each "all, C++" "$cxx" -std=c++17 -ffreestanding -O2 $warnings -I"$top/include" -c "$work/all.cc" -o "$work/all.o"
exit $status
