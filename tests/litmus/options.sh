#!/bin/sh
# options.sh TOOL SOURCE WORK - wrong command lines: exit 2 and one line.
. "$(dirname "$0")/common.sh"

refuses 2 'which command'
refuses 2 "unknown command 'frobnicate'" frobnicate
refuses 2 'did you mean run' rum
refuses 2 "unknown command ''" ''
refuses 2 "unknown option '--frobnicate'" --frobnicate
refuses 2 "unknown option '-x'" -x run
refuses 2 "unknown option '--frobnicate'" run --frobnicate SB+rlx
refuses 2 'did you mean --time' run --tiem 1 SB+rlx
refuses 2 "unknown option '-x'" run -x SB+rlx
refuses 2 'takes no value' run --quiet=yes SB+rlx
refuses 2 'needs a value' run SB+rlx --time
refuses 2 'needs a value' run SB+rlx -n

for time in '' 0 0.0 -1 +1 1e9 abc 1x 0x10 nan inf 99999999999999999999 1000000 2d '1 s' .; do
    refuses 2 "^cordon-litmus: run: --time: '" run --time "$time" SB+rlx
done
for size in '' 0 -1 +1 1.5 abc 0x10 1000001 99999999999999999999999; do
    refuses 2 "^cordon-litmus: run: --size: '" run --size "$size" SB+rlx
done
refuses 2 "^cordon-litmus: run: --engine: no engine 'perpetul'; did you mean perpetual" run --engine perpetul SB+rlx
refuses 2 "^cordon-litmus: run: --engine: no engine ''; there are: array, perpetual, perpetual-all" run -e '' SB+rlx
refuses 2 "^cordon-litmus: run: --preset: no preset 'quik'; did you mean quick" run --preset quik SB+rlx
refuses 2 "^cordon-litmus: run: --preset: no preset ''; there are: quick, default, thorough, soak" run --preset '' SB+rlx
refuses 2 "^cordon-litmus: run: --knobs: no knob 'sise'; there are: engine size " run --knobs sise=1 SB+rlx
refuses 2 "^cordon-litmus: run: --knobs: sync is no 'off'; it is one of: barrier timebase none" run --knobs sync=off SB+rlx
for knobs in '' size size= size=-1 size=1000001 =1 size=1,, shuffle=1 seed=99999999999999999999; do
    refuses 2 '^cordon-litmus: run: --knobs: ' run --knobs "$knobs" SB+rlx
done
for seed in '' -1 1.5 abc 0x10 99999999999999999999; do
    refuses 2 "^cordon-litmus: run: --seed: '" run --seed "$seed" SB+rlx
done
for threads in '' 0 -1 abc 1025; do
    refuses 2 "^cordon-litmus: run: --threads-per-core: '" run --threads-per-core "$threads" SB+rlx
done
refuses 2 "^cordon-litmus: run: --json: cannot write '.*absent/x': No such file" run --json "$work/absent/x" SB+rlx
refuses 2 "^cordon-litmus: run: --json and --junit: both to '$work/one'" run --json "$work/one" --junit "$work/one" SB+rlx
refuses 2 "^cordon-litmus: run: --html and --junit: both to '$work/one'" run --html "$work/one" --junit "$work/one" SB+rlx
refuses 2 "^cordon-litmus: run: --junit: name a file" run --junit - SB+rlx
refuses 2 "^cordon-litmus: run: --junit: cannot write '$work': Is a directory" run --junit "$work" SB+rlx
for cpus in '' a -1 1- 0,,1 , 1-0 0,0 0x1 0-99999999 99999999999999999999 1000000 '0 1' 0,; do
    refuses 2 '^cordon-litmus: run: --cpus: ' run --cpus "$cpus" SB+rlx
done

refuses 2 "did you mean SB\\+rlx" run SB+rlxx
refuses 2 "'nothing-like-it' is neither" run nothing-like-it
refuses 2 "missing\\.litmus.*No such file" run "$work/missing.litmus"
refuses 2 "'' is neither|No such file" run ''
refuses 2 "^cordon-litmus: run: --keep: cannot write into '.*made.file': Not a directory" run --keep "$(: >"$work/made.file" && echo "$work/made.file")" SB+rlx
refuses 2 "^cordon-litmus: build: --keep: cannot write into '.*made.file': Not a directory" build --keep "$work/made.file" SB+rlx
refuses 2 "^cordon-litmus: gen: --output: cannot write into '.*made.file': Not a directory" gen -o "$work/made.file" SB+rlx
mkdir "$work/empty"
refuses 2 'no \*\.litmus file' run "$work/empty"
refuses 2 '^cordon-litmus: show: name a test' show
refuses 2 "^cordon-litmus: show: no test of the catalogue is called 'nothing-like-it' \\(" show nothing-like-it
refuses 2 "'SB\\+rlxx'; did you mean SB\\+rlx\\?$" show SB+rlxx
refuses 2 'neither|No such file' list nothing-like-it
refuses 2 'made\.litmus:1:1: ' list "$(echo nonsense >"$work/made.litmus" && echo "$work/made.litmus")"

for words in --help --version -h -V 'run --help' 'run -h' 'list --help' 'show --help' 'gen --help' 'gen -h' 'build --help' 'build -h'; do
    # shellcheck disable=SC2086 # words
    succeeds $words
    test -s "$out" || fail "$words prints nothing"
done

# What the help says of options, the manual page says as well, and the other way round.
for command in run gen build; do
    succeeds $command --help
    grep -Eo '(^|[ ,])--[a-z-]+' "$out"
done | tr -d ' ,' | sort -u >"$work/helped"
sed -n 's/^\.It.* Fl Fl \([a-z-]*\).*/--\1/p' "$top/docs/man/cordon-litmus.1" | sort -u >"$work/documented"
while read -r option; do
    grep -Fqx -e "$option" "$work/documented" || grep -Fq "Fl Fl ${option#--}" "$top/docs/man/cordon-litmus.1" ||
        fail "not in the manual page: $option"
done <"$work/helped"
while read -r option; do
    grep -Fqx -e "$option" "$work/helped" || fail "only in the manual page: $option"
done <"$work/documented"
if command -v mandoc >/dev/null; then
    mandoc -T lint -W warning "$top/docs/man/cordon-litmus.1" || fail "mandoc"
fi

exit $status
