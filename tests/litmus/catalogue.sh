#!/bin/sh
# catalogue.sh TOOL SOURCE WORK - every file of the catalogue is read, says what the models say of
# it and why, and is built in; docs/litmus.md tells the same.
. "$(dirname "$0")/common.sh"

count=0
for file in "$catalogue"/*.litmus; do
    name=$(basename "$file" .litmus)
    count=$((count + 1))
    test "$(head -n 1 "$file")" = "C $name" || fail "$name: the name inside differs"
    for key in C11 TSO; do
        test "$(grep -Ec "^$key=(allowed|forbidden)\$" "$file")" = 1 || fail "$name: $key="
    done
    grep -Eq '^Why=.{20}' "$file" || fail "$name: Why="
    sed -n 2p "$file" | grep -Eq '^".*[.?]"$' || fail "$name: no description"
    set -- "$@" "$name"
done
succeeds show "$@"
cat "$catalogue"/*.litmus | cmp - "$out" || fail "show prints something else"
succeeds show SB CoWW+rlx
cat "$catalogue"/SB+*.litmus "$catalogue/CoWW+rlx.litmus" | cmp - "$out" || fail "show FAMILY prints something else"
test "$count" -ge 100 || fail "only $count tests"

# In the repository and built in: the same tests.
succeeds list
tail -n +2 "$out" | awk '{ print $1, $3, $4 }' | sort >"$work/built-in"
for file in "$catalogue"/*.litmus; do
    awk -F = -v name="$(basename "$file" .litmus)" '{ key[$1] = $2 } END { print name, key["C11"], key["TSO"] }' "$file"
done | sort >"$work/in-files"
cmp -s "$work/built-in" "$work/in-files" || {
    fail "list differs from the files:"
    diff "$work/built-in" "$work/in-files" || :
}
succeeds list "$catalogue"
test "$(tail -n +2 "$out" | wc -l)" = "$count" || fail "list DIRECTORY"
succeeds list SB MP+rlx
test "$(tail -n +2 "$out" | grep -c '^SB+')" = "$(ls "$catalogue" | grep -c '^SB+')" || fail "list FAMILY"
grep -q '^MP+rlx ' "$out" || fail "list NAME"

# Every shape in every form, and the verdicts as the documentation's table has them.
for shape in SB MP LB S R 2+2W WRC RWC ISA2 W+RWC IRIW; do
    for form in rlx ra fences-ar fences-sc sc; do
        test -f "$catalogue/$shape+$form.litmus" || fail "no $shape+$form"
    done
done
for shape in CoRR CoWW CoRW1 CoRW2 CoWR; do
    for form in rlx ra sc; do
        grep -q '^C11=forbidden' "$catalogue/$shape+$form.litmus" || fail "$shape+$form is not forbidden"
    done
done
awk -F ' *[|] *' '
    function told(word) { return word == "yes" ? "allowed" : word == "no" ? "forbidden" : word }
    $2 == "shape" { for (i = 3; i < NF; i++) form[i] = $i; table = 1; next }
    table && /^$/ { table = 0 }
    table && !/---/ {
        for (i = 3; i < NF; i++) {
            split($i, both, " / ")
            print $2 "+" form[i], told(both[1]), told(both[2])
        }
    }' "$top/docs/litmus.md" >"$work/documented"
test "$(wc -l <"$work/documented")" = 55 || fail "docs/litmus.md: the table was not understood"
while read -r line; do
    grep -Fqx "$line" "$work/in-files" || fail "docs/litmus.md says: $line"
done <"$work/documented"

exit $status
