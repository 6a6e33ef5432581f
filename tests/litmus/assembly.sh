#!/bin/sh
# assembly.sh TOOL SOURCE WORK PART [EMIT] - tests in assembly. code: the machine code is the file's, and what the assembler
# refuses, or a reference log has not, is told; run: they run on this machine, and for others that is said.
. "$(dirname "$0")/common.sh"
part=$1 emit=${2:-}
assembly=$top/litmus/assembly
here=$top/tests/litmus

# keeps ARCHITECTURE COMPILER OBJDUMP: every thread's instructions, one behind the other
keeps() {
    command -v "${2%% *}" >/dev/null && command -v "$3" >/dev/null || return 0
    rm -rf "$work/code"
    mkdir "$work/code"
    for file in "$assembly/$1"/*.litmus; do
        "$emit" "$file" >"$work/code/$(basename "$file" .litmus).c" || fail "emit $file"
    done
    # shellcheck disable=SC2086 # words
    (cd "$work/code" && $2 -std=c11 -O2 -w -fPIC -c ./*.c) || fail "$2 refuses the code of $1"
    PYTHONDONTWRITEBYTECODE=1 python3 "$here/disassembly.py" "$3" "$assembly/$1" "$work/code" || fail "$2: $1"
}
native=none
case $(uname -m) in
x86_64) native=x86_64 ;;
aarch64) native=aarch64 ;;
riscv64) native=riscv ;;
esac

if test "$part" = run; then
    # For another processor: it is said, and nothing is guessed.
    for other in x86_64 aarch64 riscv; do
        test $other != $native || continue
        tool run "$assembly/$other/SB.litmus"
        test "$code" = 3 || fail "exit $code of a test for another processor"
        grep -q "^SB  skipped: for .* and this machine is $(uname -m); to run it there: cordon-litmus build" "$out" ||
            fail "it is not said that the test is for another processor"
        grep -q "no test could run: this machine is $(uname -m)" "$err" || fail "it is not said that nothing ran"
    done

    # On this machine: nothing that the model forbids, and of x86 with two CPUs what its store buffers must show.
    if test $native != none; then
        tool run --time 20ms -q --expect "$assembly/$native/expected.log" "$assembly/$native"
        unfit
        test "$code" = 0 && grep -q ' run, 0 violations' "$out" || fail "exit $code: $(cat "$out" "$err")"
    fi
    if test $native = x86_64 && test "$(nproc)" -ge 2; then
        for name in SB SB+rfi-pos R; do
            for time in 100ms 1 4; do
                tool run --time $time "$assembly/x86_64/$name.litmus"
                ! grep -q "^Verdict $name allowed, seen" "$out" || break
            done
            grep -q "^Verdict $name allowed, seen" "$out" || fail "$name was not seen"
        done
    fi

    # Sizes, addresses, parts of registers, and what ends a run.
    if test $native = x86_64; then
        cat >"$work/values.litmus" <<'END'
X86_64 values
{ p=x; uint8_t b=255; uint64_t w=0x100000000; x=5; 0:rsi=w; int64_t 0:r10=-7; }
 P0                   ;
 movq (p),%rax        ; # the address of x
 movl (%rax),%ebx     ;
 incb (b)             ;
 lock; incq (%rsi)    ;
 mov $1,y             ; (* refused below *)
 L0: cmpl $5,%ebx     ;
 jne L1               ;
 movq %rax,(q)        ;
 L1:                  ;
 movl $-1,%ecx        ;
locations [p;]
forall (0:rax=x /\ 0:ebx=5 /\ 0:ecx=-1 /\ 0:r10=-7 /\ b=0 /\ w=0x100000001 /\ q=x)
END
        refuses 2 "values\.litmus:8:9: X86_64 has no register 'y'" run "$work/values.litmus"
        sed -i '/refused below/d' "$work/values.litmus"
        tool run --time 20ms "$work/values.litmus"
        grep -q '^Observation values Always' "$out" || fail "values: $(cat "$out" "$err")"
        grep -q '>0:eax=' "$out" && fail "a register is not called as the condition calls it"
        grep -Eq '[0-9] *:>0:ebx=5; 0:ecx=-1; 0:r10=-7; 0:rax=x; \[b\]=0; \[p\]=x; \[q\]=x; \[w\]=4294967297;$' "$out" ||
            fail "values: $(cat "$out")"
        printf 'X86_64 astray\n{}\n P0 ;\n movl (%%rsi),%%eax ;\nexists (0:rax=1)\n' >"$work/astray.litmus"
        refuses 2 'astray: a thread went to an address outside of the test' run -q "$work/astray.litmus"

        # A register that an instruction uses without naming it is not the compiler's.
        cat >"$work/implied.litmus" <<'END'
X86_64 implied
{}
 P0                       | P1                       ;
 movl $7,%ebx             | movl $5,%ebx             ;
 lock; cmpxchgl %ebx,(x)  | lock; cmpxchgl %ebx,(x)  ;
forall (x=7 \/ x=5)
END
        tool run --time 20ms "$work/implied.litmus"
        grep -q '^Observation implied Always' "$out" || fail "implied: $(cat "$out" "$err")"

        # What is only looked at keeps its 64 bits, too.
        cat >"$work/looked.litmus" <<'END'
X86_64 looked
{ uint8_t b=7; 0:rbx=x; }
 P0              ;
 movl $1,%eax    ;
 shlq $32,%rax   ;
 movzbl (b),%ecx ;
 movl %ecx,(x)   ;
locations [0:rax; 0:rbx; 0:rcx;]
forall (x=7)
END
        tool run --time 20ms "$work/looked.litmus"
        grep -q ':>0:rax=4294967296; 0:rbx=x; 0:rcx=7; \[x\]=7;$' "$out" || fail "looked: $(cat "$out" "$err")"

        # What was measured before is told all the same.
        printf 'X86_64 lacks\n{}\n P0 ;\n movl (x),%%eax ;\n rsm ;\nexists (0:rax=1)\n' >"$work/lacks.litmus"
        for bad in astray:2 lacks:3; do
            tool run --time 20ms --summary --json "$work/lost.json" --junit "$work/lost.xml" CoWW+rlx \
                "$work/${bad%:*}.litmus" CoRR+rlx
            test "$code" = "${bad#*:}" || fail "exit $code, $bad"
            grep -q '^CoWW+rlx .*forbidden, not seen' "$out" || fail "$bad: the text lost what was measured"
            grep -q '"name": "CoWW+rlx"' "$work/lost.json" || fail "$bad: the JSON lost what was measured"
            grep -q '<error' "$work/lost.xml" || fail "$bad: the JUnit file does not tell"
            grep -q '^CoRR+rlx .*not run' "$out" || fail "$bad: the run did not end"
        done
    fi
    exit $status
fi

if command -v python3 >/dev/null; then
    test $native = none || keeps $native gcc objdump
    test $native = none || keeps $native clang objdump
    for target in x86_64:x86_64-linux-gnu aarch64:aarch64-linux-gnu riscv:riscv64-linux-gnu; do
        test "${target%:*}" = $native || keeps "${target%:*}" "${target#*:}-gcc" "${target#*:}-objdump"
    done
fi

# The assembler's word, at the place in the file.
if test $native = x86_64; then
    for cc in gcc clang; do
        command -v $cc >/dev/null || continue
        sed 's/movl (x),%eax/frob (x),%eax/' "$assembly/x86_64/SB.litmus" >"$work/bad.litmus"
        tool run --cc $cc "$work/bad.litmus"
        test "$code" = 2 || fail "exit $code of an instruction that is none"
        grep -Eq "bad\.litmus:8:18: 'frob \(x\),%eax': the assembler says: .*frob" "$err" || fail "$cc: $(cat "$err")"
        sed 's/movl (y),%eax/movl (y),%rax,%rbx/' "$assembly/x86_64/SB.litmus" >"$work/bad.litmus"
        refuses 2 "bad\.litmus:8:2: '" run -q --cc $cc "$work/bad.litmus"
    done
fi
refuses 3 'none of them is for the engine perpetual|this machine is' run -q -e perpetual "$assembly/x86_64/SB.litmus"

# A reference log judges: what it lists may be seen, and nothing else.
log=$work/reference.log
refuses 2 'No such file' run --expect "$log.none" MP+rlx
states() { # NAME STATE...
    name=$1
    shift
    printf 'Test %s Allowed\nStates %d\n' "$name" $#
    printf '%s\n' "$@"
    printf 'Ok\n\n'
}
states CoRR+rlx '1:r0=0; 1:r1=0;' '1:r0=0; 1:r1=1;' '1:r0=1; 1:r1=1;' >"$log"
tool run --time 20ms --expect "$log" CoRR+rlx CoWW+rlx
unfit
if test "$(nproc)" -ge 2; then
    test "$code" = 0 || fail "exit $code: $(cat "$err")"
    grep -q '^Verdict CoRR+rlx forbidden, not seen' "$out" || fail "the log is not what judges"
    grep -q '^Verdict CoWW+rlx no verdict' "$out" || fail "a test that the log has not gets a verdict"
fi
states CoRR+rlx '1:r0=7; 1:r1=7;' >"$log"
tool run --time 20ms --expect "$log" CoRR+rlx
test "$code" = 1 || fail "exit $code of states that the log has not"
grep -Eq '^CoRR\+rlx: seen [0-9]+ times, and not in the reference log: 1:r0=' "$out" || fail "which state, is not told"
states CoRR+rlx '1:r0=0;' >"$log"
refuses 2 "CoRR\+rlx: its states do not tell 1:r1, which the test observes" run --expect "$log" CoRR+rlx
states CoRR+rlx '1:r0=0; 1:r1=seven;' >"$log"
refuses 2 "CoRR\+rlx: expected a number or a location after '='" run --expect "$log" CoRR+rlx
tool run --time 20ms --json "$work/run.json" CoRR+rlx
refuses 2 "expected a model's log" run --expect "$work/run.json" CoRR+rlx

exit $status
