#!/bin/sh
# all.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench all from outside. No timing is asserted.
case=$1 bench=$2 check=$3
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
# As little as can be measured at all.
brief="--only info,c2c,fences --time 100ms --repetitions 5"

# shellcheck disable=SC2086
case $case in
text)
    run 0 all $brief --json "$dir/all.json" --html "$dir/all.html"
    for subcommand in info fences; do
        grep -q "^== $subcommand: " "$dir/out" || fail "nothing of $subcommand"
    done
    ! grep -q "$escape" "$dir/out" || fail "escape sequences in a file"
    tail -1 "$dir/all.html" | grep -q "^</html>$" || fail "no page"
    "$check" all "$dir/all.json" || fail "the file is not what was promised"
    run 0 report "$dir/all.json"
    ;;
json)
    run 0 all $brief --json
    "$check" all "$dir/out" || fail "the output is not what was promised"
    ;;
one_cpu)
    # What needs two is named and skipped; the rest is measured.
    command -v taskset >/dev/null || exit 77
    cpu=$(an_allowed_cpu)
    taskset -c "$cpu" "$bench" all $brief --json "$dir/all.json" >"$dir/out" 2>"$dir/err" || fail "exit status $?"
    has err "c2c cannot run here and is skipped"
    grep -q "^== fences: " "$dir/out" || fail "nothing of fences"
    "$check" all "$dir/all.json" || fail "the file is not what was promised"
    ;;
interrupt)
    # Whatever was done is written.
    interrupted INT:130 2 all --time 10m --repetitions 10000 --json "$dir/all.json" --html "$dir/all.html"
    grep -q "^== info: " "$dir/out" || fail "nothing of info"
    grep -q '"interrupted": true' "$dir/all.json" || fail "the file does not say so"
    grep -q "It was interrupted" "$dir/all.html" || fail "the page does not say so"
    # What follows is not begun. The signal comes to this process alone, and is passed on.
    grep -q "^== c2c: " "$dir/out" && ! grep -q "c2c cannot run" "$dir/err" || exit 77
    "$bench" all --time 10m --repetitions 10000 --json "$dir/all.json" >"$dir/out" 2>"$dir/err" &
    child=$!
    tries=0
    until grep -q "^== c2c: " "$dir/out" || [ $tries -eq 200 ]; do
        sleep 0.05
        tries=$((tries + 1))
    done
    kill -TERM $child
    wait $child
    got=$?
    [ $got -eq 143 ] || fail "exit status $got, not 143"
    has err "subcommands were not run"
    grep -q '"interrupted": true' "$dir/all.json" || fail "the signal was not passed on"
    ! grep -q "^== fences: " "$dir/out" || fail "it went on"
    ;;
everything)
    # All of it, as a user would have it: every subcommand is in the text, the file and the page.
    run 0 all --quick --json "$dir/all.json" --html "$dir/all.html"
    for subcommand in info c2c fences locks seqlocks rings; do
        grep -q "^== $subcommand: " "$dir/out" || fail "nothing of $subcommand"
        [ $subcommand = info ] || grep -q "\"$subcommand/" "$dir/all.json" || fail "no figure of $subcommand"
        [ $subcommand = info ] || grep -q "<h2[^>]*>$subcommand" "$dir/all.html" || fail "nothing of $subcommand on the page"
    done
    "$check" all "$dir/all.json" || fail "the file is not what was promised"
    ;;
usage)
    refuses_wrong_common all
    refuses "--only: 'lock' is no subcommand that measures" all --only info,lock
    refuses "--only: 'report' is no subcommand" all --only report
    refuses "--only: '' is no subcommand" all --only ""
    refuses "one of them needs a file" all --json --html
    refuses "both to" all --json "$dir/x" --html "$dir/x"
    refuses "both to" all --json "$dir/x" --html "$dir/./x"
    refuses "cannot write" all --json "$dir/x" --html "$dir/absent/all.html"
    [ ! -e "$dir/x" ] || fail "it left an empty file behind"
    refuses "name of a JSON file" all --html "$dir/all.json"
    [ ! -e "$dir/all.json" ] || fail "it left a file behind"
    ;;
broken_output)
    [ -c /dev/full ] || exit 77
    "$bench" all $brief --html /dev/full >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -eq 3 ] || fail "exit status $got, not 3"
    has err "cannot write /dev/full"
    ;;
*)
    fail "no such case"
    ;;
esac
