#!/bin/sh
# again.sh SCRIPT CASE... - run a test's case, and if it fails once or twice more. For short looks of subcommands that
# drop disturbed blocks: where others keep the machine busy, one of them may be left without a figure. What is wrong
# with the tool is wrong three times.
for again in 1 2 3; do
    sh "$@"
    status=$?
    [ $status -ne 0 ] && [ $status -ne 77 ] || exit $status
    echo "again.sh: attempt $again: exit status $status" >&2
done
exit $status
