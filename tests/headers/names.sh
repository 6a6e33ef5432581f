#!/bin/sh
# names.sh SOURCE WORK: whatever the headers define or declare at file scope begins with cordon_ or
# CORDON_: macros (cpp -dM), functions (gcc -aux-info), types, enumerators and objects (DWARF).
# What the standard headers bring is taken away by doing the same to those alone.
. "$(dirname "$0")/common.sh"
need gcc readelf comm

include $headers >"$work/ours.c"
include $(cd "$top/include" && cat $headers | sed -n 's/^# *include <\(.*\.h\)>.*/\1/p' | grep -v '^cordon/' | LC_ALL=C sort -u) |
    # the C++ ones have no .h; a header that this system lacks is none that was included
    while read -r line; do
        name=${line#*<}
        case $line in
        '#include'*) echo "#if __has_include(<$name)"; echo "$line"; echo '#endif' ;;
        esac
    done >"$work/theirs.c"

names_of() {
    gcc -std=c11 -I"$top/include" -dM -E "$1" | awk '{ sub(/\(.*/, "", $2); print "macro", $2 }'
    gcc -std=c11 -I"$top/include" -g -O0 -fno-eliminate-unused-debug-types \
        -fno-eliminate-unused-debug-symbols -aux-info "$work/functions" -c "$1" -o "$work/names.o"
    # /* file:line:NC */ extern type name (parameters); /* ... */
    sed -n 's/^\/\* [^*]* \*\/ \([^(]*[^A-Za-z0-9_(]\)\([A-Za-z0-9_]*\) (.*/function \2/p' "$work/functions"
    readelf --wide --debug-dump=info --dwarf-depth=3 "$work/names.o" | awk '
        /^ *<[0-9]+><[0-9a-f]+>: .*DW_TAG_/ {
            level = $1; sub(/^</, "", level); sub(/>.*/, "", level)
            tag = $0; sub(/.*DW_TAG_/, "", tag); sub(/\).*/, "", tag)
            wanted = level == 1 && tag !~ /^(base_type|compile_unit)$/ || tag == "enumerator"
        }
        wanted && /DW_AT_name/ { print tag, $NF; wanted = 0 }'
}
names_of "$work/ours.c" | LC_ALL=C sort -u >"$work/ours"
names_of "$work/theirs.c" | LC_ALL=C sort -u >"$work/theirs"
LC_ALL=C comm -23 "$work/ours" "$work/theirs" | grep -v ' cordon_test_' >"$work/names"

# The check looks at what it should: these are there.
for known in 'macro CORDON_LINE' 'macro CORDON_FENCE_H' 'function cordon_fence_full' 'function cordon_wait_u32' \
    'structure_type cordon_waiter' 'enumeration_type cordon_result' 'enumerator CORDON_OK' \
    'variable cordon_fence_asymmetry_'; do
    grep -qx "$known" "$work/names" || { echo "FAILED: this check does not see: $known"; status=1; }
done
grep -vE ' (cordon_|CORDON_)' "$work/names" && { echo "FAILED: the above lack a prefix"; status=1; }
exit $status
