#!/bin/sh
# readme.sh - the C program in README.md is docs/examples/pipeline.c to the byte.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
awk '/^```c$/ { inside = 1; next } /^```/ { inside = 0 } inside' "$root/README.md" >"$work/pipeline.c"
if ! diff -u "$root/docs/examples/pipeline.c" "$work/pipeline.c"; then
    echo "README.md and docs/examples/pipeline.c differ"
    exit 1
fi
