#!/bin/sh
# gen.sh TOOL SOURCE WORK - cordon-litmus gen: known cycles give known tests, however they are turned or
# spelled; enumeration finds the known families once each; wrong words are refused by their number.
. "$(dirname "$0")/common.sh"

# makes NAME EDGE...: these edges are that test of the catalogue, but for its reason
makes() {
    name=$1
    shift
    succeeds gen "$@"
    sed '/^Why=/d' "$out" >"$work/made"
    sed '/^Why=/d' "$catalogue/$name.litmus" | cmp -s - "$work/made" || {
        fail "$* is not $name:"
        diff "$catalogue/$name.litmus" "$out" || :
    }
}

# called NAME EDGE...
called() {
    name=$1
    shift
    succeeds gen "$@"
    test "$(head -n 1 "$out")" = "C $name" || fail "$* is called $(head -n 1 "$out"), not $name"
}

makes SB+rlx PodWR Fre PodWR Fre
makes SB+rlx Fre PodWR Fre PodWR
makes SB+rlx 'PodWR Fre' ' PodWR  Fre '
makes SB+rlx SB+rlx
makes MP+rel+acq PodWW Rel Rfe Acq PodRR Fre
makes MP+rel+acq Acq PodRR Fre PodWW Rel Rfe
makes MP+rel+acq PodWWRlxRel RfeRelAcq PodRRAcqRlx FreRlxRlx
makes MP+rel+acq Rlx PodWW Rel Rfe Acq PodRR Rlx Fre Rlx
makes SB+fences-sc FenceScdWR Fre FenceScdWR Fre
makes 2+2W+rlx PodWW Wse PodWW Wse
makes 2+2W+rlx PodWW Coe PodWW Coe
makes LB+data+ctrl DpCtrldW Rfe DpDatadW Rfe
makes SB+rfis+rlx Rfi PodRR Fre Rfi PodRR Fre
makes SB+xchgs-ar XAR PodWR Fre XAR PodWR Fre
makes SB+xchgs-ar XAcqRel PodWR Fre XAcqRel PodWR Fre
makes MP+relseq+acq PodWW Rel Rfe Fetch.Add Rfe Acq PodRR Fre
makes IRIW+acq-sc Acq PodRR Sc Fre Sc Rfe Acq PodRR Sc Fre Sc Rfe
makes CoRR+rlx PosRR Fre Rfe
makes CoWW+sc Sc PosWW Sc Wsi
makes Z6.3+rlx PodRR Fre PodWW Coe PodWW Rfe
called LB+acq+rlx LB+rlx+acq
called WRR+2W+rlx PodWW Coe Rfe PodRR Fre
called W+RR+WR+WR+rlx Rfe PodRR Fre PodWR Fre PodWR Fre
called MP+rel+exch+acq PodWW Rel Rfe Rmw Rfe Acq PodRR Fre
called MP+rel+exch+acq PodWW Rel Rfe Exch Rfe Acq PodRR Fre
called mine --name mine PodWR Fre PodWR Fre
succeeds gen Rfe PodRR Sc Fre Sc PodWR Fre
sed -n 's/^Cycle=//p' "$out" >"$work/cycle"
cp "$out" "$work/first"
succeeds gen "$(cat "$work/cycle")"
cmp -s "$out" "$work/first" || fail "Cycle= does not lead back to its test"

# Every test of the catalogue that says what cycle it is of is made from it in any rotation.
for name in MP+rel+fence-acq IRRWIW+ctrl+data WRC+rlx+acq-rel+acq MP+fence-sc+ctrl-rfi-ctrl R+rlx+xchg-ar; do
    # an order belongs to the edge behind it: "Rel Rfe" turns as one word
    sed -n 's/^Cycle=//p' "$catalogue/$name.litmus" |
        sed -E 's/\<(X?(Rlx|Acq|Rel|AR|Sc)) /\1@/g' >"$work/cycle"
    turns=$(wc -w <"$work/cycle")
    while test "$turns" -gt 0; do
        sed -E 's/^(\S+) (.*)$/\2 \1/' "$work/cycle" >"$work/turned"
        mv "$work/turned" "$work/cycle"
        makes "$name" "$(tr @ ' ' <"$work/cycle")"
        turns=$((turns - 1))
    done
done

# Wrong words, by their number; wrong shapes.
says='^cordon-litmus: gen: '
refuses 2 "$says""which cycle"  gen
refuses 2 "$says""word 3, 'PodRX': expected R or W: what the edge leads to, found 'PodRX' \(at 'X'\)" gen PodWW Rfe PodRX Fre
refuses 2 "$says""word 1, 'Frobnicate': expected an edge" gen Frobnicate
refuses 2 "$says""word 2, 'Rfex': expected two orders after the edge" gen PodWW Rfex PodRR Fre
refuses 2 "$says""word 1, 'PodWWRel': expected two orders after the edge" gen PodWWRel Rfe PodRR Fre
refuses 2 "$says""word 1, 'PoWR': expected d .to another location. or s" gen PoWR Fre
refuses 2 "$says""word 1, 'FencedWR': expected the fence's order: Acq, Rel, AR or Sc" gen FencedWR Fre FencedWR Fre
refuses 2 "$says""word 1, 'FenceRlxdWR': expected the fence's order" gen FenceRlxdWR Fre
refuses 2 "$says""word 3, 'DpAddrdR': .*arrays" gen PodWW Rfe DpAddrdR Fre
refuses 2 "$says""word 1, 'DpDatadR': expected W: a data dependency" gen DpDatadR Fre
refuses 2 "$says""word 2, 'Rfe': expected an edge that starts from a load, for the one before" gen PodWR Rfe PodRR Fre
refuses 2 "$says""word 1, 'PodRR': expected an edge that starts from a store, .*word 4" gen PodRR Fre PodWW Coe
refuses 2 "$says""word 3, 'Acq': this access is Rel already .word 2." gen PodWW Rel Acq Rfe PodRR Fre
refuses 2 "$says""word 4, 'RfeSc.*': this access is Rel already" gen Rlx PodWW Rel RfeScAcq PodRR Fre
refuses 2 "$says""word 1, 'Acq': a store cannot acquire" gen Acq PodWW Coe PodWW Coe
refuses 2 "$says""word 4, 'Rel': a load cannot release" gen PodWW Rfe PodRR Rel Fre
refuses 2 "$says""word 2, 'AR': only a fence or an exchange is AR" gen PodWW AR Coe PodWW Coe
refuses 2 "$says""word 3, 'XAcq': only a store by itself" gen PodWW Rfe XAcq PodRR Fre
refuses 2 "$says""word 1, 'P': .*plain accesses would race" gen P PodWR Fre PodWR Fre
refuses 2 "$says""word 1, 'Con': .*memory_order_consume" gen Con PodWR Fre PodWR Fre
refuses 2 "$says""word 2, 'Fre': the only edge between threads" gen PodWR Fre
refuses 2 "$says""word 2, 'PodRW': the only edge to another location" gen Rfe PodRW Coe
refuses 2 "$says""word 3, 'PosRR': a cycle on one location has one edge of program order, not 2" gen Rfe PosRR PosRR Fre
refuses 2 "$says""three stores to one location" gen PodWW Coe Coe PodWW Coe
refuses 2 "$says""a cycle has two edges or more" gen PodWR
refuses 2 "$says""word 17, 'PodWR': more than 16 edges" gen 'PodWR Fre PodWR Fre PodWR Fre PodWR Fre PodWR Fre PodWR Fre PodWR Fre PodWR Fre PodWR Fre'
refuses 2 "$says""word 1, 'Nonsense\\+rlx'" gen Nonsense+rlx
refuses 2 "$says""word 1, 'SB\\+nonsense'" gen SB+nonsense
refuses 2 "$says""--name: '' is not one word" gen --name '' SB
refuses 2 "$says""--name: 'a/b' is not one word" gen --name a/b SB
refuses 2 "$says""--edges: '3'" gen --edges 3 --threads 2
refuses 2 "$says""--threads: '9'" gen --edges 4 --threads 9
refuses 2 "$says""how large\\? give both" gen --edges 4
refuses 2 "$says""how large\\? give both" gen --uniform
refuses 2 "$says""--orders: expected rlx, acq, rel, ra or sc, found 'seq'" gen --edges 4 --threads 2 --orders rlx,seq
refuses 2 "$says""--fences: expected sc, ar, acq or rel, found ''" gen --edges 4 --threads 2 --fences ''
refuses 2 "$says""--deps: expected data or ctrl, found 'addr'" gen --edges 4 --threads 2 --deps addr
refuses 2 "$says""--threads makes cycles by itself" gen --edges 4 --threads 2 PodWR
refuses 2 "$says""more than 100000 tests" gen --edges 8 --threads 4 --orders rlx,ra,sc --fences sc,ar,acq,rel
refuses 2 "$says""--edges, --mutate and --plan are different things" gen --edges 4 --mutate
refuses 2 "$says""--model is for --mutate" gen --model tso SB
refuses 2 "$says""--model: expected c11 or tso, found 'sc'" gen --mutate --model sc SB
refuses 2 "$says""--name is for one test" gen --name x --mutate SB
refuses 2 "$says""--output: cannot write into '/nonexistent/directory'" gen -o /nonexistent/directory SB
refuses 2 "$says""--plan names the tests" gen --plan "$catalogue/plan.txt" -o "$work" SB
refuses 2 "$says/nonexistent: No such file" gen --plan /nonexistent -o "$work"

# Plans: what is wrong, and in which line.
printf 'SB+rlx\n\n# LB+rlx\nSB+sc: a reason\nLB+rlx+acq\n' >"$work/plan"
refuses 2 "$says$work/plan:5: 'LB\\+rlx\\+acq' is called LB\\+acq\\+rlx" gen --plan "$work/plan" -o "$work/planned"
grep -Fqx 'Why=a reason' "$work/planned/SB+sc.litmus" || fail "a plan's reason"
printf 'SB+rlx SB+rlx\n' >"$work/plan"
refuses 2 "$work/plan:1: 'SB\\+rlx' is there twice" gen --plan "$work/plan" -o "$work/planned"
printf 'SB+rlx\nhand CoWR+rlx\nXY+rlx\n' >"$work/plan"
refuses 2 "$work/plan:3: 'XY\\+rlx' is the name of no cycle" gen --plan "$work/plan" -o "$work/planned"
printf 'cycle PodWR Fre PodWR\n' >"$work/plan"
refuses 2 "$work/plan:1: 'PodWR Fre PodWR' is no cycle: " gen --plan "$work/plan" -o "$work/planned"

# All critical cycles: as many as are known, each once, by names of their own.
# counts TESTS ARGUMENT...: so many tests; the list stays in $out
counts() {
    want=$1
    shift
    tool gen "$@"
    test "$code" = 0 && grep -Fqx "cordon-litmus: gen: $want tests" "$err" || fail "wanted $want tests of $*: $(cat "$err")"
    test "$(wc -l <"$out")" = "$want" || fail "$* lists $(wc -l <"$out") tests"
    for field in 1 2; do
        cut -d : -f $field "$out" | sort | uniq -d >"$work/twice"
        test ! -s "$work/twice" || fail "twice in $*: $(head -n 3 "$work/twice")"
    done
}
counts 6 --edges 4 --threads 2
test "$(cut -d : -f 1 "$out" | tr '\n' ' ')" = '2+2W+rlx LB+rlx MP+rlx R+rlx S+rlx SB+rlx ' || fail "two threads: $(cat "$out")"
counts 6 --edges 4 --threads 4
counts 23 --edges 6 --threads 3
test "$(sed -n '7,$s/+rlx:.*//p' "$out" | tr '\n' ' ')" = \
    'RWC WRC WRR+2W WRW+2W WRW+WR WWC 3.2W 3.LB 3.SB ISA2 W+RWC Z6.0 Z6.1 Z6.2 Z6.3 Z6.4 Z6.5 ' || fail "three threads: $(cat "$out")"
counts 26 --edges 6 --threads 4
test "$(tail -n 3 "$out" | cut -d + -f 1 | tr '\n' ' ')" = 'IRIW IRRWIW IRWIW ' || fail "four threads: $(tail -n 3 "$out")"
counts 68 --edges 8 --threads 4
counts 30 --edges 4 --threads 2 --uniform --orders rlx,ra,sc --fences sc,ar
counts 848 --edges 4 --threads 2 --orders rlx,ra,sc --fences sc,ar,acq,rel --deps data,ctrl
cp "$out" "$work/list"
counts 848 --edges 4 --threads 2 --orders sc,rlx,ra --fences rel,ar,acq,sc --deps ctrl,data
cmp -s "$out" "$work/list" || fail "the order of the options' words changes the list"

# What the list says is what the files are, and a name or a cycle of it leads to the same file.
tool gen --edges 4 --threads 2 --orders rlx,ra --fences sc --deps ctrl -o "$work/suite"
test "$code" = 0 && test ! -s "$out" && grep -q "tests in $work/suite\$" "$err" || fail "-o: exit $code: $(cat "$err")"
counts "$(ls "$work/suite" | wc -l)" --edges 4 --threads 2 --orders rlx,ra --fences sc --deps ctrl
sort -R --random-source="$catalogue/plan.txt" "$out" | head -n 12 >"$work/some"
while IFS=: read -r name cycle; do
    for words in "$name" "$cycle"; do
        succeeds gen "$words"
        cmp -s "$out" "$work/suite/$name.litmus" || fail "$words makes another test than $name.litmus"
    done
done <"$work/some"
tool gen --edges 4 --threads 2 -o "$work/suite"
test "$(ls "$work/suite" | wc -l)" -ge 6 || fail "a second run into the same directory"
succeeds list "$work/suite"

# What is made runs; and a full disk is told.
"$exe" gen CoWW+rlx | timeout 30 "$exe" run -t 10ms - >"$out" 2>"$err" || {
    grep -q emulated "$err" || fail "gen | run: $(cat "$err")"
}

# A data dependency outlives the compiler, at least those that are here.
tool run -t 1ns -q --keep "$work/kept" LB+datas
if test -f "$work/kept/LB+datas.c"; then
    for cc in gcc clang aarch64-linux-gnu-gcc riscv64-linux-gnu-gcc; do
        for level in 2 3; do
            if command -v $cc >/dev/null; then
                $cc -std=c11 -O$level -fwrapv -fPIC -w -S -o "$work/kept/s" "$work/kept/LB+datas.c"
                test "$(grep -Ec '(and|ANDI?).*[^0-9]128([^0-9]|$)' "$work/kept/s")" -ge 2 ||
                    fail "$cc -O$level drops a data dependency"
            fi
        done
    done
fi

if test -c /dev/full; then
    code=0
    timeout 30 "$exe" gen SB >/dev/full 2>"$err" || code=$?
    test "$code" = 3 && test "$(wc -l <"$err")" = 1 || fail "a full disk: exit $code: $(cat "$err")"
fi

exit $status
