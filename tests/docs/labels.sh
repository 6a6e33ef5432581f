#!/bin/sh
# labels.sh - every memory order in the library carries a label that names its partner.
#
# usage: tests/docs/labels.sh [FILE...]     (default: all of include/cordon and src)
#
# Each breach is one line, FILE:LINE: what. The rules:
#   An acquire access or fence has a label    A0 <- R0           (several partners: A0 <- R0, R1)
#   a release one                             R0 -> A0
#   an RMW that is both                       A0 <- R0; R1 -> A1
#   a full fence, or a seq_cst access         F0 <-> F1          (or as above)
# in a comment on the lines of its statement. A label is unique in its file; its partner exists, and
# names it back. A partner in another file is written `A0 <- wait.c R0`; the side that a caller of
# the library supplies is `caller`. An `Edges:` line names labels that exist, and each label of a
# header stands in one. No access has an implied seq_cst. fence.h and fence.c define the fences, and
# a fence has no partner before it is used: there none is asked for.
set -eu
LC_ALL=C
export LC_ALL
if [ $# -eq 0 ]; then
    cd "$(dirname "$0")/../.."
    # shellcheck disable=SC2046 # names hold no spaces
    set -- $(find include/cordon src -name '*.[ch]' | sort)
    exec awk -v whole=1 -f tests/docs/labels.awk "$@"
fi
exec awk -v whole=0 -f "$(dirname "$0")/labels.awk" "$@"
