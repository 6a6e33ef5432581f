#!/bin/sh
# links.sh - every relative link in the Markdown files leads to a file, and its #anchor to a heading.
set -eu
LC_ALL=C
export LC_ALL
cd "$(dirname "$0")/../.."
# shellcheck disable=SC2046 # names hold no spaces
exec awk -f tests/docs/links.awk $(find . -name '*.md' -not -path './build*' -not -path './.git/*' | sort)
