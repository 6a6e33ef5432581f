#!/bin/sh
# bad.sh TOOL SOURCE WORK - input that is no test: exit 2 and one line that says where.
# bad/NAME.litmus is malformed, and bad/NAME.expect says how: what must follow the file's name in
# the message. The enormous ones are made here.
. "$(dirname "$0")/common.sh"
limit=10

# escaped TEXT: as a regular expression that matches just it
escaped() {
    printf %s "$1" | sed 's/[][\.*^$+?(){}|]/\\&/g'
}

count=0
for file in "$top"/tests/litmus/bad/*.litmus; do
    refuses 2 "$(escaped "$file:$(cat "${file%.litmus}.expect")")" run "$file"
    count=$((count + 1))
done
test "$count" -ge 60 || fail "only $count malformed tests found"

# Cut short at every 16th byte: what remains ends inside some construct.
whole=$catalogue/MP+fence-rel+acq.litmus
at=0
while test "$at" -lt "$(($(wc -c <"$whole") - 2))"; do
    head -c "$at" "$whole" >"$work/cut.litmus"
    refuses 2 'cut\.litmus:[0-9]+:[0-9]+: ' run "$work/cut.litmus"
    at=$((at + 16))
done

# Not text, or not a file.
made=$work/made.litmus
: >"$made"
refuses 2 'made\.litmus:1:1: .*empty' run "$made"
refuses 2 'empty' run /dev/null
refuses 2 'No such file' run "$work/missing.litmus"
mkdir "$work/directory.litmus" "$work/outer"
refuses 2 'no \*\.litmus file' run "$work/directory.litmus"
mkdir "$work/outer/inner.litmus"
refuses 2 'inner\.litmus: [Ii]s a directory' run "$work/outer"
head -c 100000 "$exe" >"$made"
refuses 2 'made\.litmus.*(binary|NUL)' run "$made"
sed 's/relaxed/rel\x00axed/' "$catalogue/SB+rlx.litmus" >"$made"
refuses 2 'made\.litmus.*(binary|NUL)' run "$made"
printf 'C t\nC11=\033[31mred\n{}\n' >"$made"
refuses 2 'made\.litmus:2:5: ' run "$made"
for byte in '\b' '\177' '\302\233'; do
    printf "C t\\nWhy=${byte}31m\\n{}\\n" >"$made"
    refuses 2 'made\.litmus:2:5: a control character' run "$made"
    printf "C t\\n\"some\\n${byte}31m\"\\n{}\\n" >"$made"
    refuses 2 'made\.litmus:2:1: a control character' run "$made"
done
printf 'C  t/u\n{}\n' >"$made"
refuses 2 "made\.litmus:1:4: the test's name must be one word" run "$made"
printf '\377\376C\000 \000t\000' >"$made"
refuses 2 'made\.litmus.*(binary|NUL)' run "$made"
if test "$(id -u)" != 0; then
    cp "$catalogue/SB+rlx.litmus" "$made"
    chmod 000 "$made"
    refuses 2 'made\.litmus.*Permission denied' run "$made"
    chmod 600 "$made"
fi

# Enormous. `repeat N TEXT` writes it N times, on one line.
repeat() {
    awk -v n="$1" -v text="$2" 'BEGIN { while (n-- > 0) printf "%s", text }'
}

# big BODY CONDITION: commands that print the body of P0, and the condition
big() {
    printf 'C t\n{}\nP0 (atomic_int* x) {\n'
    eval "$1"
    printf '\n}\nexists '
    eval "$2"
    printf '\n'
}

head -c 100000000 /dev/zero | tr '\0' 'x' >"$made"
refuses 2 'made\.litmus.*larger' run "$made"
refuses 2 'larger|binary' run /dev/zero
(printf 'C t {} P0 (atomic_int* x) {' && repeat 40000 'atomic_store_explicit(x, 1, memory_order_relaxed);' &&
    echo '} exists (x=1)') >"$made"
refuses 2 'made\.litmus.*larger' run "$made"
big "repeat 20000 'atomic_store(x, 1);'" "echo '(x=1)'" >"$made"
refuses 2 'made\.litmus:4:[0-9]+: more than [0-9]+ statements' run "$made"
big "repeat 20000 'int r = 1;' | awk 'BEGIN { RS = \";\" } { printf \"int r%d = 1;\", NR }'" "echo '(x=1)'" >"$made"
refuses 2 'made\.litmus:4:[0-9]+: more than [0-9]+ registers' run "$made"
awk 'BEGIN { print "C t\n{}"; for (i = 0; i < 100000; i++) printf "P%d(int*x){}\n", i; print "exists (x=1)" }' >"$made"
refuses 2 'made\.litmus.*(threads|larger)' run "$made"
awk 'BEGIN { print "C t\n{}"; for (i = 0; i < 40000; i++) printf "P%d(int*x){}\n", i; print "exists (x=1)" }' >"$made"
refuses 2 'made\.litmus:[0-9]+:1: more than [0-9]+ threads' run "$made"
awk 'BEGIN { print "C t"; for (i = 0; i < 90000; i++) printf "K%d=1\n", i; print "{}" }' >"$made"
refuses 2 'made\.litmus:[0-9]+:[0-9]+: ' run "$made"
awk 'BEGIN { print "C t\n{"; for (i = 0; i < 50000; i++) printf "x%d=1;\n", i; print "}" }' >"$made"
refuses 2 'made\.litmus:[0-9]+:[0-9]+: more than [0-9]+ locations' run "$made"
for word in '(' '~' 'not ' 'x=1 /\ ' 'x=1 \/ '; do
    big : "repeat 50000 '$word'" >"$made"
    refuses 2 'made\.litmus:6:[0-9]+: nested deeper' run "$made"
done
for word in '{' 'if (1) ' 'int r = -(' '1+' 'while (1) '; do
    big "repeat 50000 '$word'" : >"$made"
    refuses 2 'made\.litmus:4:[0-9]+: ' run "$made"
done
(printf 'C ' && repeat 500000 t) >"$made"
refuses 2 'made\.litmus:1:[0-9]+: .*name' run "$made"

exit $status
