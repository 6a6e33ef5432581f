#!/bin/sh
# cross.sh SOURCE WORK TRIPLET: every header for another processor; freestanding, so that nothing of
# that system but its compiler is needed.
. "$(dirname "$0")/common.sh"
compiler=$1-gcc
need "$compiler"
case $1 in
aarch64*) local=-mno-outline-atomics ;; # else small helpers of libgcc are called
*) local= ;;
esac
flags="-O2 $local -ffreestanding -fno-stack-protector -fkeep-inline-functions $warnings -I$top/include"

for header in $headers; do
    include "$header" >"$work/one.c"
    each "$header" "$compiler" -std=c11 $flags -c "$work/one.c" -o "$work/one.o"
done
include $headers >"$work/all.c"
each "all" "$compiler" -std=gnu2x $flags -c "$work/all.c" -o "$work/all.o"
alien=$("$1-nm" -u "$work/all.o" | awk '$2 !~ /^(mem(cpy|move|set|cmp)|\.TOC\.)$/ { print $2 }')
test -z "$alien" || { echo "FAILED: the code needs" $alien; status=1; }
exit $status
