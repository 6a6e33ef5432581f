#!/bin/sh
# pages.sh - docs/primitives is what docs/generate makes of the headers, which document all they offer.
set -u
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
"$root/docs/generate" "$work/pages" || exit 1
if ! diff -ru "$root/docs/primitives" "$work/pages"; then
    echo "docs/primitives is stale: run docs/generate and commit what it changes"
    exit 1
fi

# A public function without its comment must be noticed, and so must a header the index omits.
mkdir -p "$work/copy/docs" "$work/copy/include"
cp "$root"/docs/generate "$root"/docs/generate.awk "$root"/docs/primitives.txt "$work/copy/docs"
cp -r "$root/include/cordon" "$work/copy/include"
sed '/^\/\* cordon_now - /d' "$root/include/cordon/wait.h" >"$work/copy/include/cordon/wait.h"
said=$("$work/copy/docs/generate" "$work/none" 2>&1)
case $?:$said in
1:*"cordon_now has no comment"*) ;;
*) echo "a function without its comment went unnoticed: $said"; exit 1 ;;
esac
cp "$root/include/cordon/wait.h" "$work/copy/include/cordon/wait.h"
sed -i.old '/^wait.h /d' "$work/copy/docs/primitives.txt"
said=$("$work/copy/docs/generate" "$work/none" 2>&1)
case $?:$said in
1:*"no line for wait.h"*) ;;
*) echo "a header that the index omits went unnoticed: $said"; exit 1 ;;
esac
