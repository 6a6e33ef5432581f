#!/bin/sh
# run.sh TOOL SOURCE WORK - the catalogue on this machine: litmus7's text, nothing forbidden
# seen, and on x86 with two CPUs what its store buffers must show. Of the tests with more threads than there are CPUs,
# some families.
. "$(dirname "$0")/common.sh"
limit=250

available=$(nproc)
set --
for file in "$catalogue"/*.litmus; do
    case $(basename "$file") in
    IRIW+* | RWC+* | 4.SB+* | SB+*) set -- "$@" "$file" ;;
    *) test "$(grep -c '^P[0-9]' "$file")" -gt "$available" || set -- "$@" "$file" ;;
    esac
done
tool run --time 5ms "$@"
unfit
test "$code" = 0 && test ! -s "$err" || {
    fail "exit $code"
    cat "$err"
}
awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results" || fail "the text is not litmus7's"

# Each test has one result; only on one CPU, where nothing happens at the same time, it may have none, and says so. On
# several, whoever has to share them says so.
for file; do
    name=$(basename "$file" .litmus)
    threads=$(grep -c '^P[0-9]' "$file")
    results=$(awk -v name="$name" '$1 == name' "$work/results" | wc -l)
    verdict=$(grep -Fc "Verdict $name " "$out" || :)
    if test "$threads" -gt "$available" && test "$available" = 1; then
        test "$results$verdict" = 00 || fail "$name ran on too few CPUs"
        grep -F "$name  skipped: $threads threads, $available CPU" "$out" >/dev/null || fail "$name: not said to be skipped"
    else
        test "$results$verdict" = 11 || fail "$name: $results results, $verdict verdicts"
        test "$threads" -le "$available" || grep -Fqx "Threads $name $threads on $available CPUs" "$out" ||
            fail "$name: it is not said that threads share CPUs"
        awk -v name="$name" '$1 == name && $4 + $5 == 0 { exit 1 }' "$work/results" || fail "$name: nothing was run"
        if grep -q '^C11=forbidden' "$file" || { x86 && grep -q '^TSO=forbidden' "$file"; }; then
            awk -v name="$name" '$1 == name && $3 == "Never" { found = 1 } END { exit !found }' "$work/results" ||
                fail "$name: what is forbidden was seen, or the result is missing"
        fi
    fi
done
grep -Eq '^[0-9]+ run, 0 violations' "$out" || fail "no totals"

# Store buffers show, whatever the compiler.
if x86 && test "$available" -ge 2; then
    for cc in gcc clang; do
        if command -v $cc >/dev/null; then
            for name in SB+rlx SB+ra SB+rfis+rlx R+rlx; do
                seen=no
                for time in 200ms 1 4; do
                    tool run --time $time --cc $cc $name
                    unfit
                    awk -f "$top/tests/litmus/results.awk" "$out" >"$work/results" || status=1
                    if grep -q ' Sometimes ' "$work/results"; then
                        seen=yes
                        break
                    fi
                done
                test $seen = yes || fail "$name, compiled by $cc, was not seen"
                grep -q "^Verdict $name allowed, seen" "$out" || fail "$name: $(grep ^Verdict "$out")"
            done
        fi
    done
fi

exit $status
