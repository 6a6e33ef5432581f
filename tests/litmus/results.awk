# results.awk - reads litmus7's text as existing scripts do, checks that it adds up, and prints one
# line per test: NAME KIND WHEN POSITIVE NEGATIVE STATES. Exits 1 with a complaint if it does not.
#
# A star marks the states that the condition singles out: those that satisfy an exists (Allowed) or
# a ~exists (Forbidden), those that contradict a forall (Required).
function complain(what) {
    print "results.awk: line " NR ": " test ": " what > "/dev/stderr"
    bad = 1
}
/^Test / {
    if (inside)
        complain("cut short")
    test = $2
    kind = $3
    states = listed = starred = plain = 0
    answer = ""
    witnesses = conditions = 0
    if (NF != 3 || kind !~ /^(Allowed|Forbidden|Required)$/)
        complain("odd header: " $0)
    inside = 1
    next
}
inside && /^Histogram \([0-9]+ states\)$/ {
    states = substr($2, 2) + 0
    histogram = 1
    next
}
histogram && /^[0-9]+ *[:*]>/ {
    count = $0 + 0
    listed++
    line = $0
    sub(/^[0-9]+ *[:*]>/, "", line)
    # a value may be an address: the name of a location, or ? for one that is none
    name = "[A-Za-z_][A-Za-z0-9_]*"
    if (line !~ "^(([0-9]+:" name "|\\[" name "\\]|" name "\\[[0-9]+\\])=(-?[0-9]+|" name "(\\[[0-9]+\\])?|[?]);( |$))+$")
        complain("odd state: " $0)
    if (count == 0)
        complain("a state never seen is listed: " $0)
    if (line in before)
        complain("a state is listed twice: " $0)
    before[line]
    if ($0 ~ /^[0-9]+ *\*>/)
        starred += count
    else
        plain += count
    next
}
histogram && /^(Ok|No)$/ {
    answer = $1
    histogram = 0
    split("", before)
    if (listed != states)
        complain(states " states said, " listed " listed")
    next
}
inside && /^Positive: [0-9]+, Negative: [0-9]+$/ {
    witnesses++
    positive = kind == "Allowed" ? starred : plain
    if ($2 + 0 != positive || $4 + 0 != starred + plain - positive)
        complain($0 ", but the histogram has " starred " starred and " plain " plain")
    next
}
inside && /^Condition / {
    conditions++
    validated = $0 ~ / is validated$/
    if (!validated && $0 !~ / is NOT validated$/)
        complain("odd condition: " $0)
    if (validated != (answer == "Ok"))
        complain(answer ", but: " $0)
    if (validated != (kind == "Allowed" ? starred > 0 : starred == 0))
        complain("starred " starred ", but: " $0)
    next
}
inside && /^Observation / {
    satisfying = kind == "Required" ? plain : starred
    contradicting = starred + plain - satisfying
    if (NF != 5 || $2 != test || $4 + 0 != satisfying || $5 + 0 != contradicting)
        complain("odd observation: " $0)
    want = satisfying == 0 ? "Never" : contradicting == 0 ? "Always" : "Sometimes"
    if ($3 != want)
        complain("wanted " want ": " $0)
    if (answer == "" || witnesses != 1 || conditions != 1)
        complain("a line is missing before: " $0)
    print test, kind, $3, satisfying, contradicting, states
    inside = 0
    next
}
END {
    if (inside)
        complain("cut short")
    exit bad
}
