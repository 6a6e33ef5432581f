#!/bin/sh
# sizes.sh - the bytes that docs/primitives.txt states (`struct name` N) are what the compiler says.
# Stated for 64-bit machines with 128-byte padding; skipped elsewhere.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
cc=${1:-cc}
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
cat >"$work/fits.c" <<'END'
#include <cordon/cpu.h>
_Static_assert(sizeof(void *) == 8 && CORDON_LINE == 128, "");
END
"$cc" -std=c11 -fsyntax-only -I"$root/include" "$work/fits.c" 2>/dev/null || exit 77

# state FILE - a C program that asserts what the file states.
state() {
    awk -F '|' '
        /^#/ || NF < 6 { next }
        {
            header = $1
            gsub(/ /, "", header)
            print "#include <cordon/" header ">"
            text = $3
            while (match(text, /`struct [a-z0-9_]+` [0-9]+/)) {
                split(substr(text, RSTART + 1, RLENGTH - 1), part, /` /)
                print "_Static_assert(sizeof(" part[1] ") == " part[2] ", \"docs/primitives.txt: " part[1] "\");"
                text = substr(text, RSTART + RLENGTH)
            }
        }' "$1"
}
state "$root/docs/primitives.txt" >"$work/sizes.c"
grep -q _Static_assert "$work/sizes.c" || { echo "no size was found"; exit 1; }
"$cc" -std=c11 -fsyntax-only -I"$root/include" "$work/sizes.c" || exit 1

# A wrong size must be noticed.
sed 's/\(struct cordon_waiter` \)8/\19/' "$root/docs/primitives.txt" >"$work/wrong.txt"
state "$work/wrong.txt" >"$work/wrong.c"
if "$cc" -std=c11 -fsyntax-only -I"$root/include" "$work/wrong.c" 2>/dev/null; then
    echo "a wrong size went unnoticed"
    exit 1
fi
