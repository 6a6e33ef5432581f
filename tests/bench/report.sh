#!/bin/sh
# report.sh CASE CORDON-BENCH CHECK-JSON WITHOUT - cordon-bench report, from made-up files.
case=$1 bench=$2
# shellcheck source=tests/bench/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=tests/bench/made_up.sh
. "$(dirname "$0")/made_up.sh"

# page FILE : it is a page as it should be
page() {
    head -1 "$1" | grep -q "^<!DOCTYPE html>$" || fail "$1 is no page"
    tail -1 "$1" | grep -q "^</html>$" || fail "$1 has no end"
    if command -v xmllint >/dev/null; then
        xmllint --noout "$1" 2>"$dir/err" || fail "$1 is not well-formed"
    fi
    # Nothing from elsewhere: the names of XML are no addresses that anybody asks.
    ! sed 's/xmlns\(:xlink\)\{0,1\}="[^"]*"//g' "$1" | grep -q -i -e "https*:" -e "<script" -e "<link" \
        -e "@import" -e "url(" -e " src=" || fail "$1 is not self-contained"
    ! grep -o ' id="[^"]*"' "$1" | sort | uniq -d | grep . >"$dir/err" || fail "an id stands there twice"
    # A table behind each figure.
    figures=$(grep -c "^<figure" "$1") tables=$(awk '/^<figure/ { open = 1 } /<table/ && open { ++n; open = 0 } END { print n + 0 }' "$1")
    [ "$figures" -eq "$tables" ] || fail "$figures figures, $tables with a table"
}

case $case in
page)
    command -v gnuplot >/dev/null || exit 77
    made_up >"$dir/a.json"
    run 0 report "$dir/a.json" --html "$dir/a.html"
    silent out
    silent err
    page "$dir/a.html"
    # All that gnuplot draws: ratios, fences, the ladder, uncontended, throughput, fairness, three tails.
    [ "$(grep -c "<svg" "$dir/a.html")" -eq 9 ] || fail "$(grep -c "<svg" "$dir/a.html") drawings, not 9"
    ! grep -q "did not draw" "$dir/a.html" || fail "gnuplot failed"
    [ "$(grep -c "<svg" "$dir/a.html")" -eq "$(grep -c "<title id=" "$dir/a.html")" ] || fail "a drawing without a title"
    for text in "What spoils this measurement" "stop what else runs" "use mcs" "1.50 [1.40, 1.60]" \
        "the peer is better" "within the noise" "Hatched" "Throughput against threads" \
        "prefers-color-scheme" "~0"; do
        has a.html "$text"
    done
    grep -q "class=\"m[0-9] noise\"" "$dir/a.html" || fail "a lead within the noise is not hatched"
    grep -q "~</td>" "$dir/a.html" || fail "a ratio within the noise is a number"
    ;;
hostile)
    # Names that would like to be obeyed: by the browser, by gnuplot, by a terminal.
    evil="<script>alert(1)</script>\\\"'\`touch $dir/owned\` \$(touch $dir/owned) %n%s\\u001b[31m&amp;\\n]]>"
    made_up | sed "s|mcs|$(printf %s "$evil" | sed 's/[\\&|]/\\&/g')|g" >"$dir/a.json"
    run 0 report "$dir/a.json" --html "$dir/a.html" --text
    page "$dir/a.html"
    grep -q "&lt;script&gt;alert" "$dir/a.html" || fail "the name is not there"
    [ ! -e "$dir/owned" ] || fail "a command was run"
    ! grep -q "$escape" "$dir/a.html" "$dir/out" || fail "an escape sequence"
    ! grep -q "did not draw" "$dir/a.html" || fail "gnuplot was confused"
    # Names longer than there is room for are cut off, but not within a character.
    for begin in "" x xx; do
        long=$begin$(printf "%600s" "" | sed "s/ /\\\\u6f22'/g")
        made_up | sed "s|mcs|$long|g; s|\"Made-Up\"|\"$long\"|; s|\"hold\": 2|\"hold\": \"$long\"|" >"$dir/a.json"
        run 0 report "$dir/a.json" --html "$dir/a.html" --text
        page "$dir/a.html"
        ! command -v iconv >/dev/null || iconv -f UTF-8 -t UTF-8 "$dir/a.html" "$dir/out" >/dev/null 2>"$dir/err" ||
            fail "half a character"
        ! grep -q "did not draw" "$dir/a.html" || fail "gnuplot was confused"
    done
    ;;
tables)
    # Without gnuplot: tables that are open, and one line that says what to install.
    made_up >"$dir/a.json"
    PATH=/nowhere "$bench" report "$dir/a.json" --html "$dir/a.html" >"$dir/out" 2>"$dir/err" || fail "exit status $?"
    page "$dir/a.html"
    ! grep -q "<svg" "$dir/a.html" || fail "a drawing"
    grep -q "gnuplot-nox" "$dir/a.html" || fail "it does not say what to install"
    ! grep -q "<details><summary>The" "$dir/a.html" || fail "a table is folded"
    # A gnuplot that fails is no reason to fail.
    mkdir "$dir/bin"
    printf '#!/bin/sh\nexit 1\n' >"$dir/bin/gnuplot"
    chmod +x "$dir/bin/gnuplot"
    PATH=$dir/bin "$bench" report "$dir/a.json" --html "$dir/a.html" >"$dir/out" 2>"$dir/err" || fail "exit status $?"
    page "$dir/a.html"
    grep -q "did not draw" "$dir/a.html" || fail "it does not say that gnuplot failed"
    ;;
text)
    made_up >"$dir/a.json"
    run 0 report "$dir/a.json"
    has out "advice     use mcs"
    has out "the peer is better"
    has out "locks: ours and theirs: uncontended"
    ! grep -q "$escape" "$dir/out" || fail "escape sequences in a file"
    "$bench" report - <"$dir/a.json" | cmp - "$dir/out" || fail "standard input is read in another way"
    run 0 report "$dir/a.json" --html
    head -1 "$dir/out" | grep -q "^<!DOCTYPE" || fail "no page on standard output"
    ;;
merge)
    # Two files are one report; what stands in both is taken from the last.
    made_up >"$dir/a.json"
    one '"name": "rings/new", "bench": "rings", "part": "one", "candidate": "fresh"' 7.25 >"$dir/b.json"
    one '"name": "rings/new", "bench": "rings", "part": "one", "candidate": "fresh"' 8.25 >"$dir/c.json"
    run 0 report "$dir/a.json" "$dir/b.json" "$dir/c.json"
    has out "fresh"
    has out "8.25"
    has out "use mcs"
    ! grep -q "7\.25" "$dir/out" || fail "the old one is still there"
    [ "$(grep -c "stop what else runs" "$dir/out")" -eq 1 ] || fail "a warning stands there twice"
    silent err
    sed 's/"cpu": "Made-Up"/"cpu": "Other"/' "$dir/b.json" >"$dir/d.json"
    run 0 report "$dir/a.json" "$dir/d.json"
    has err 'differ in "cpu"'
    ;;
google)
    # Google Benchmark's own form: repetitions are samples, aggregates are left out, units are made ns.
    google 2 >"$dir/a.json"
    run 0 report "$dir/a.json"
    has out "BM_copy/8"
    has out "2010 [2000, 2020]"
    ! grep -q "mean" "$dir/out" || fail "an aggregate stands among the measurements"
    run 0 report "$dir/a.json" --html "$dir/a.html"
    page "$dir/a.html"
    ;;
usage)
    made_up >"$dir/a.json"
    refuses "which file?" report
    refuses "cannot read" report "$dir/absent.json"
    refuses "cannot read" report "$dir"
    refuses "did you mean --html" report --htm1=x "$dir/a.json"
    refuses "name of a JSON file" report --html "$dir/a.json" "$dir/a.json"
    refuses "cannot write" report "$dir/a.json" --html "$dir/absent/a.html"
    refuses "name is empty" report "$dir/a.json" --html=
    refuses "the page needs a file" report "$dir/a.json" --text --html -
    # Where it is no JSON, and what was expected there.
    printf '{\n "context": {},\n "benchmarks": [1 2]\n}\n' >"$dir/b.json"
    refuses "b.json:3:19: no JSON: ']' expected near '2'" report "$dir/b.json"
    : >"$dir/b.json"
    refuses "b.json:1:0: no JSON" report "$dir/b.json"
    printf '{"context": {}, "context": {}}' >"$dir/b.json"
    refuses "duplicate" report "$dir/b.json"
    for text in '[]' '{}' '{"context": {}}' '{"context": [], "benchmarks": []}' '{"context": {}, "benchmarks": {}}'; do
        printf %s "$text" >"$dir/b.json"
        refuses "expected an object with an object" report "$dir/b.json"
    done
    wrong() {
        printf '{"context": {}, "benchmarks": [{"name": "a", "real_time": 1}, %s]}' "$1" >"$dir/b.json"
        refuses "benchmark 2 $2" report "$dir/b.json"
    }
    wrong '7' "is no object"
    wrong '{"real_time": 1}' 'has no "name"'
    wrong '{"name": 1, "real_time": 1}' 'has no "name"'
    wrong '{"name": "b"}' 'has no "real_time"'
    wrong '{"name": "b", "real_time": "1"}' 'has no "real_time"'
    wrong '{"name": "b", "real_time": 1, "time_unit": "h"}' 'has a "time_unit"'
    wrong '{"name": "a", "real_time": 1, "samples": []}' "stands there twice"
    wrong '{"name": "b", "real_time": 1, "samples": [1], "time_unit": "us"}' 'has "samples" and a "time_unit"'
    awk 'BEGIN { for (i = 0; i < 100000; ++i) printf "[" }' >"$dir/b.json"
    refuses "no JSON" report "$dir/b.json"
    ;;
odd)
    # Whatever is of another kind than it should be is shown as it is, or not at all.
    for value in null true '"x"' '[]' '{}' '[null]' '{"cdf": [[]]}' -1 0 1e300; do
        made_up | sed "s|\"\\(latency\\|interval_95\\|samples\\|threads\\|hold\\|jain\\|candidate\\|part\\|bench\\|library\\)\": |\"\\1\": $value, \"was_\\1\": |g" |
            sed 's/"was_\([a-z0-9_]*\)"/"was_\1"/g' >"$dir/a.json"
        run 0 report "$dir/a.json" --html "$dir/a.html" --text
        page "$dir/a.html"
        made_up | sed "s|\"\\(advice\\|ratios\\|warnings\\|cpu\\|peers\\|date\\|clock\\)\": |\"\\1\": $value, \"was_\\1\": |" >"$dir/a.json"
        PATH=/nowhere "$bench" report "$dir/a.json" --html "$dir/a.html" --text >"$dir/out" || fail "exit status $?"
        page "$dir/a.html"
    done
    ;;
broken_output)
    [ -c /dev/full ] || exit 77
    made_up >"$dir/a.json"
    "$bench" report "$dir/a.json" >/dev/full 2>"$dir/err"
    got=$?
    [ $got -eq 3 ] || fail "exit status $got, not 3"
    "$bench" report "$dir/a.json" --html /dev/full 2>"$dir/err"
    got=$?
    [ $got -eq 3 ] || fail "exit status $got, not 3"
    has err "cannot write /dev/full"
    ;;
*)
    fail "no such case"
    ;;
esac
