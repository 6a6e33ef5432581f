#!/bin/sh
# options.sh TOOL SOURCE WORK - wrong command lines: exit 2 and one line. What the help says of
# options, the manual page says as well, and the other way round.
. "$(dirname "$0")/common.sh"
message release >right.c

refuses 2 'name a C or C\+\+ source'
refuses 2 'name a C or C\+\+ source' -- -O2
refuses 2 "unknown option '--frobnicate'" --frobnicate right.c
refuses 2 'did you mean --model' --modle sc right.c
refuses 2 "unknown option '-x'" -x right.c
refuses 2 'takes no value' --edges=yes right.c
refuses 2 'needs a value' right.c --timeout
refuses 2 'needs a value' right.c -m

refuses 2 "^cordon-check: --model: 'rc12' .*did you mean rc11" --model rc12 right.c
refuses 2 "^cordon-check: --model: ''" --model '' right.c
refuses 2 "^cordon-check: --expect: nothing is called 'data race'; did you mean data-race" --expect 'data race' right.c
refuses 2 "^cordon-check: --expect: nothing is called 'zzzzzzzzz'; there are .*deadlock" --expect zzzzzzzzz right.c
for time in '' 0 -1 +1 1e9 abc 1x nan 99999999999999999999 2d .; do
    refuses 2 "^cordon-check: --timeout: '" --timeout "$time" right.c
done
for option in unroll events jobs random; do
    for number in '' 0 -1 +1 1.5 abc 0x10 99999999999999999999999; do
        refuses 2 "^cordon-check: --$option: '" --$option "$number" right.c
    done
done
refuses 2 '^cordon-check: --seed: ' --random 5 --seed -1 right.c
for part in '' 1 / 1/ /1 0/3 4/3 1/0 -1/3 1/2/3 a/b 1.0/3 99999999999/99999999999; do
    refuses 2 "^cordon-check: --shard: '" --shard "$part" right.c
done
for levels in '' , 0, ,0 0,,2 4 O2 0,0 0,1,x -2; do
    refuses 2 "^cordon-check: -O: '" -O "$levels" right.c
done

refuses 2 '--replay and --random do not go together' --replay x --random 5 right.c
refuses 2 '--random and --shard do not' --random 5 --shard 1/2 right.c
refuses 2 '--json and --dot - do not' --json --dot - right.c
refuses 2 '--verbose and --quiet do not' -v -q right.c
refuses 2 '--seed is for random walks' --seed 5 right.c
refuses 2 "^cordon-check: --replay: cannot read 'nothing'" --replay nothing right.c

for option in --help -h --version -V; do
    ends 0 $option
    test -s "$out" || fail "$option prints nothing"
done

manual=$top/docs/man/cordon-check.1
ends 0 --help
awk 'length > 100' "$out" | grep . && fail "the help has lines of more than 100 characters"
grep -Eo '(^|[ ,])--[a-z0-9]+(-[a-z0-9]+)*' "$out" | tr -d ' ,' | sort -u >helped
sed -n 's/^\.It.* Fl Fl \([a-z0-9-]*\).*/--\1/p' "$manual" | sort -u >documented
while read -r option; do
    grep -Fqx -e "$option" documented || fail "not in the manual page: $option"
done <helped
while read -r option; do
    grep -Fqx -e "$option" helped || fail "only in the manual page: $option"
done <documented
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$manual" || fail "mandoc"
fi

# The words for what may be found, too.
tool --expect zzzzzzzzz right.c
sed 's/.*there are //; s/, /\n/g' "$err" | sort >words
sed -n '/^\.Sh DIAGNOSTICS/,/^\.Sh SEE/ s/^\.It Li //p' "$manual" | sort >described
diff words described || fail "the manual page describes other words"

exit $status
