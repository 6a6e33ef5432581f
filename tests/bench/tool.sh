#!/bin/sh
# tool.sh CASE CORDON-BENCH - what concerns cordon-bench as a whole.
case=$1 bench=$2
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"

case $case in
help)
    run 0 --help && has out "Usage: cordon-bench" && has out "fences" && has out "c2c" && has out "info" &&
        has out "seqlocks"
    silent err
    run 0 --version && has out "cordon-bench 0."
    for subcommand in info c2c fences locks seqlocks rings all report compare; do
        run 0 $subcommand --help && has out "Usage: cordon-bench $subcommand" && has out "Exit status"
        silent err
        awk 'length > 100 { exit 1 }' "$dir/out" || fail "$subcommand --help: a line is too long"
        run 0 $subcommand --version && has out "cordon-bench 0."
    done
    ;;
usage)
    refuses "which subcommand? info, c2c, fences, locks, seqlocks, rings, all, report, compare"
    refuses "did you mean fences" fence
    refuses "did you mean c2c" c2
    refuses "no subcommand 'xyzzy'; there are: info, c2c, fences, locks, seqlocks, rings, all, report, compare" xyzzy
    refuses "unknown option '--frobnicate'" --frobnicate
    ;;
manual)
    # The page is clean, and tells of every option that some help knows, and of no other.
    page=$(dirname "$0")/../../docs/man/cordon-bench.1
    for subcommand in info c2c fences locks seqlocks rings all report compare; do
        run 0 $subcommand --help
        grep -o -e "  -[A-Za-z], --[a-z]*" -e "   --[a-z]*" "$dir/out" | grep -o -e " --[a-z]*" >>"$dir/options"
        grep -q "^\.Ss $subcommand$" "$page" || fail "no section about $subcommand"
    done
    sort -u "$dir/options" >"$dir/help"
    grep -e "^.It Fl" "$page" | grep -o -e "-[a-z][a-z]*" | sed "s/^/ -/" | sort -u >"$dir/page"
    cmp -s "$dir/help" "$dir/page" || fail "help and manual page differ"
    command -v mandoc >/dev/null || exit 77
    mandoc -T lint -W warning "$page" >"$dir/out" || fail "mandoc complains"
    ;;
*)
    fail "no such case"
    ;;
esac
