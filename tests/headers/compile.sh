#!/bin/sh
# compile.sh SOURCE WORK COMPILER STANDARD...: every public header alone and twice included, in the
# first and the last of the standards; and all of them together, optimised, in each.
. "$(dirname "$0")/common.sh"
compiler=$1
shift
need "$compiler"
case $1 in
*++*) suffix=cc warnings="$warnings -Wextra-semi -Wnon-virtual-dtor" ;;
*) suffix=c warnings="$warnings -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition" ;;
esac
keep=
case $compiler in
*gcc*) keep=-fkeep-inline-functions ;; # else what nobody calls is hardly looked at
esac

first=$1
include $headers >"$work/all.$suffix"
for std; do
    each "all, $std" "$compiler" -std="$std" -O2 $warnings $keep -I"$top/include" -c "$work/all.$suffix" -o "$work/all.o"
    last=$std
done
for header in $headers; do
    include "$header" >"$work/one.$suffix"
    for std in $first $last; do
        each "$header, $std" "$compiler" -std="$std" $warnings -I"$top/include" -fsyntax-only "$work/one.$suffix"
        test "$first" != "$last" || break
    done
done
exit $status
