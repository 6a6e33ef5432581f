#!/bin/sh
# compare.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench compare, of made-up files.
case=$1 bench=$2
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/bench/made_up.sh
. "$(dirname "$0")/made_up.sh"

case $case in
verdicts)
    one '"name": "a"' 100 >"$dir/100.json"
    one '"name": "a"' 110 >"$dir/110.json"
    one '"name": "a"' 102 >"$dir/102.json"
    run 0 compare "$dir/100.json" "$dir/100.json"
    has out "1 compared: 0 slower, 0 faster, 1 the same"
    silent err
    grep -q "^a .* ~ .* same$" "$dir/out" || fail "a difference of nothing is a number"
    run 1 compare "$dir/100.json" "$dir/110.json"
    has out "1.10 [1."
    has out "1 slower"
    run 0 compare "$dir/110.json" "$dir/100.json"
    has out "0.91 [0."
    has out "1 faster"
    # Two per cent: below the usual threshold, above another; and no threshold makes noise a difference.
    run 0 compare "$dir/100.json" "$dir/102.json"
    has out "1 the same (within 3 %"
    run 1 compare "$dir/100.json" "$dir/102.json" --threshold 1
    one '"name": "a"' 100.2 >"$dir/100.2.json"
    run 0 compare --threshold=0 "$dir/100.json" "$dir/100.2.json"
    has out "1 the same"
    # A cost that may be nothing is told from one that is there by the difference.
    one '"name": "a", "within_noise": true, "resolution": 0.5' 0.01 >"$dir/nothing.json"
    run 1 compare "$dir/nothing.json" "$dir/100.json"
    has out "from or to ~0"
    run 0 compare "$dir/nothing.json" "$dir/nothing.json"
    grep -q "^a  *~0  *~0  *~  *same$" "$dir/out" || fail "what may be nothing is a number"
    # So is one whose samples are on both sides of zero, though nobody said that it may be nothing.
    sed 's/"samples": \[[^]]*\]/"samples": [-1, -1, 0, 1, 1, 1, 2]/' "$dir/100.json" >"$dir/about_nothing.json"
    run 1 compare "$dir/about_nothing.json" "$dir/100.json"
    has out "from or to ~0"
    run 0 compare "$dir/100.json" "$dir/about_nothing.json"
    has out "1 faster"
    ;;
partly)
    # Names that only one side has are counted; in common there is nothing: exit status 3.
    made_up >"$dir/a.json"
    one '"name": "other/last"' 3 >"$dir/b.json"
    one '"name": "elsewhere"' 3 >"$dir/c.json"
    run 0 compare "$dir/a.json" "$dir/b.json"
    has out "1 compared"
    has out "0 only in $dir/b.json"
    run 3 compare "$dir/b.json" "$dir/c.json"
    has out "0 compared"
    # Two samples are too few.
    sed 's/"samples": \[[^]]*\]/"samples": [3, 4, null]/' "$dir/b.json" >"$dir/d.json"
    run 3 compare "$dir/b.json" "$dir/d.json"
    has out "too few samples"
    ;;
machines)
    one '"name": "a"' 100 >"$dir/a.json"
    for key in cpu kernel compiler; do
        sed "s/\"$key\": \"[^\"]*\"/\"$key\": \"another\"/" "$dir/a.json" >"$dir/b.json"
        run 0 compare "$dir/a.json" "$dir/b.json"
        has err "WARNING: the two files differ in \"$key\""
    done
    sed 's/"cores": 4/"cores": 8/' "$dir/a.json" >"$dir/b.json"
    run 0 compare "$dir/a.json" "$dir/b.json"
    has err 'differ in "cores"'
    sed 's/"virtual_machine": false/"virtual_machine": true/' "$dir/a.json" >"$dir/b.json"
    run 0 compare "$dir/a.json" "$dir/b.json"
    has err 'differ in "virtual_machine"'
    ;;
google)
    google 1 >"$dir/a.json"
    google 2 >"$dir/b.json"
    run 1 compare "$dir/a.json" "$dir/b.json"
    has out "2.00 [1.9"
    # Without repetitions nothing can be said.
    sed -e '/"repetition_index": [1-9]/d' "$dir/a.json" >"$dir/c.json"
    run 3 compare "$dir/a.json" "$dir/c.json"
    ;;
json)
    one '"name": "a"' 100 >"$dir/a.json"
    one '"name": "a"' 150 >"$dir/b.json"
    run 1 compare "$dir/a.json" "$dir/b.json" --json "$dir/c.json"
    has out "1 slower"
    has c.json '"verdict": "slower"'
    has c.json '"ratio": 1.5'
    run 1 compare "$dir/a.json" "$dir/b.json" --json
    has out '"verdict": "slower"'
    silent err
    ;;
usage)
    one '"name": "a"' 100 >"$dir/a.json"
    refuses "here are fewer" compare
    refuses "here are fewer" compare "$dir/a.json"
    refuses "here are more" compare "$dir/a.json" "$dir/a.json" "$dir/a.json"
    refuses "cannot read" compare "$dir/a.json" "$dir/absent.json"
    for percent in "" x -1 1001 3x 1e1 " 3" 0x3 nan inf; do
        refuses "is not a percentage" compare --threshold "$percent" "$dir/a.json" "$dir/a.json"
    done
    refuses "did you mean --threshold" compare --treshold=3 "$dir/a.json" "$dir/a.json"
    refuses "cannot write" compare "$dir/a.json" "$dir/a.json" --json "$dir/absent/c.json"
    printf '{"context": {}\n "benchmarks": []}' >"$dir/b.json"
    refuses "b.json:2:13: no JSON: '}' expected" compare "$dir/a.json" "$dir/b.json"
    ;;
colour)
    script --version >/dev/null 2>&1 || exit 77
    export TERM=xterm
    one '"name": "a\u001b[31m"' 100 >"$dir/a.json"
    one '"name": "a\u001b[31m"' 150 >"$dir/b.json"
    script -qec "$bench compare $dir/a.json $dir/b.json" /dev/null >"$dir/out" </dev/null
    has out "${escape}[31mslower"
    has out "a?[31m"
    NO_COLOR=1 script -qec "$bench compare $dir/a.json $dir/b.json" /dev/null >"$dir/out" </dev/null
    ! grep -q "$escape" "$dir/out" || fail "colour in spite of NO_COLOR"
    ;;
*)
    fail "no such case"
    ;;
esac
