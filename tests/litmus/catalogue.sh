#!/bin/sh
# catalogue.sh TOOL SOURCE WORK - every file of the catalogue is read, says what the models say of
# it and why, and is built in; docs/litmus.md tells the same.
. "$(dirname "$0")/common.sh"

# One line for each test: name, C11, TSO; and complaints, after a colon.
awk '
    function ended() {
        if (name == "") return
        if (keys["C11"] != 1 || keys["TSO"] != 1) print ":" name ": C11= or TSO="
        if (!why) print ":" name ": Why="
        print name, verdict["C11"], verdict["TSO"]
    }
    FNR == 1 {
        ended()
        name = FILENAME
        sub(/.*\//, "", name)
        sub(/\.litmus$/, "", name)
        split("", keys)
        why = 0
        if ($0 != "C " name) print ":" name ": the name inside differs"
    }
    FNR == 2 && !/^".*[.?]"$/ { print ":" name ": no description" }
    /^(C11|TSO)=(allowed|forbidden)$/ { split($0, word, "="); keys[word[1]]++; verdict[word[1]] = word[2] }
    /^Why=...................../ { why = 1 }
    END { ended() }' "$catalogue"/*.litmus >"$work/found"
sed -n 's/^://p' "$work/found" >"$work/complaints"
test ! -s "$work/complaints" || fail "$(cat "$work/complaints")"
grep -v '^:' "$work/found" | sort >"$work/in-files"
count=$(wc -l <"$work/in-files")
# shellcheck disable=SC2046 # names are words
set -- $(ls "$catalogue" | sed -n 's/\.litmus$//p')
succeeds show "$@"
cat "$catalogue"/*.litmus | cmp - "$out" || fail "show prints something else"
succeeds show SB CoWW+rlx
cat "$catalogue"/SB+*.litmus "$catalogue/CoWW+rlx.litmus" | cmp - "$out" || fail "show FAMILY prints something else"
test "$count" -ge 400 || fail "only $count tests"

grep -q "^$count tests\." "$top/docs/litmus.md" || fail "docs/litmus.md does not say that there are $count"

# In the repository and built in: the same tests.
succeeds list
tail -n +2 "$out" | awk '{ print $1, $3, $4 }' | sort >"$work/built-in"
cmp -s "$work/built-in" "$work/in-files" || {
    fail "list differs from the files:"
    diff "$work/built-in" "$work/in-files" || :
}

# The files are what gen makes of the plan, and those that the plan says are by hand.
tool gen --plan "$catalogue/plan.txt" -o "$work/made"
test "$code" = 0 || fail "gen --plan: exit $code: $(cat "$err")"
for name in $(sed -n 's/^hand //p' "$catalogue/plan.txt"); do
    cp "$catalogue/$name.litmus" "$work/made" || fail "$name, made by hand, is not there"
done
mkdir "$work/files"
cp "$catalogue"/*.litmus "$work/files"
diff -r "$work/files" "$work/made" >"$work/difference" || {
    fail "the catalogue is not what gen makes of its plan: cordon-litmus gen --plan litmus/catalogue/plan.txt -o litmus/catalogue"
    head -n 20 "$work/difference"
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
