#!/bin/sh
# environment.sh TOOL SOURCE WORK - a machine that is not fit: too few CPUs, no compiler, no room.
# Exit 3 where only the environment is to blame, one line, no litter.
. "$(dirname "$0")/common.sh"
need taskset
limit=30

first=$(taskset -pc $$ | sed 's/.*: *\([0-9]*\).*/\1/')

# alone ARGUMENT...: on one CPU
real=$exe
printf '#!/bin/sh\nexec taskset -c %s "%s" "$@"\n' "$first" "$real" >"$work/alone"
chmod +x "$work/alone"
exe=$work/alone
tool run SB+rlx
test "$code" = 3 && test "$(wc -l <"$err")" = 1 && grep -q 'CPU' "$err" || fail "SB on one CPU: exit $code: $(cat "$err")"
grep -q '^SB+rlx  skipped: 2 threads, 1 CPU allowed$' "$out" || fail "SB on one CPU is not said to be skipped"
if test "$(getconf _NPROCESSORS_ONLN)" -gt 1; then
    grep -q "^warning    this process may use 1 of the machine's" "$out" || fail "one CPU of many: no warning"
fi
! grep -q '^Test SB' "$out" || fail "SB on one CPU has a result"
tool run -t 10ms CoWW+rlx SB+rlx
unfit
test "$code" = 0 && grep -q '^Verdict CoWW+rlx forbidden, not seen' "$out" && grep -q '^SB+rlx  skipped' "$out" ||
    fail "one test that fits and one that does not: exit $code: $(cat "$err")"
other=$((first + 1))
refuses 2 "--cpus: CPU $other does not exist, or is not allowed" run --cpus "$other" CoWW+rlx
exe=$real
refuses 2 '--cpus: CPU 9999 does not exist' run --cpus 9999 CoWW+rlx
tool run -t 10ms --cpus "$first" CoWW+rlx
unfit
test "$code" = 0 || fail "--cpus $first: exit $code: $(cat "$err")"
refuses 3 'CPU' run --cpus "$first" SB+rlx

# Compilers that are not there, fail, crash, or make nothing of use.
compiler() {
    { echo '#!/bin/sh'; cat; } >"$work/$1"
    chmod +x "$work/$1"
}
refuses 2 '--cc: .*/nonexistent/cc' run --cc /nonexistent/cc CoWW+rlx
refuses 2 '--cc: ' run --cc '' CoWW+rlx
refuses 2 '--cc: ' run --cc "$work" CoWW+rlx
saved=$PATH
mkdir "$work/no-programs"
cat >"$work/unequipped" <<END
#!/bin/sh
unset CC
PATH=$work/no-programs
exec "$real" "\$@"
END
chmod +x "$work/unequipped"
exe=$work/unequipped
refuses 3 'no C compiler' run CoWW+rlx
exe=$real
refuses 3 "CoWW\\+rlx: .*false' failed" run --cc "$(command -v false)" CoWW+rlx
refuses 3 'CoWW\+rlx: .*' run --cc "$(command -v true)" CoWW+rlx
compiler complains <<'END'
echo 'first some context' >&2
echo 'test.c:1:1: error: this compiler likes nothing' >&2
echo 'and more errors, and more' >&2
exit 1
END
refuses 3 'this compiler likes nothing$' run --cc "$work/complains" CoWW+rlx
compiler crashes <<'END'
kill -KILL $$
END
refuses 3 'killed' run --cc "$work/crashes" CoWW+rlx
compiler babbles <<'END'
while test $# -gt 1; do
    test "$1" = -o && echo 'no library' >"$2"
    shift
done
END
refuses 3 'cannot load' run --cc "$work/babbles" CoWW+rlx
compiler empties <<'END'
while test $# -gt 1; do
    test "$1" = -o && echo 'int nothing;' | cc -shared -fPIC -x c - -o "$2"
    shift
done
END
if command -v cc >/dev/null; then
    refuses 3 'lacks an entry point' run --cc "$work/empties" CoWW+rlx
fi
refuses 3 'failed.*' run --cflags -fno-such-flag CoWW+rlx

# However many words they are, none is lost.
many=$(awk 'BEGIN { while (i++ < 500) printf "-DNUMBER_%d=1 ", i }')
refuses 3 'failed.*no-such-flag' run --cflags "$many -fno-such-flag" CoWW+rlx
refuses 3 'failed.*no-such-flag' run --cc "cc $many -fno-such-flag" CoWW+rlx

# The compiler that is told is the one that is used.
compiler named <<'END'
test "$1" != --version || { printf 'named \033[31m9.9\nand more\n' && exit; }
exec cc "$@"
END
tool run -t 10ms --cc "$work/named" --cflags '-O1 -DX' CoWW+rlx
unfit
grep -Fqx "compiler   $work/named -std=c11 -O2 -fwrapv -shared -fPIC -w -O1 -DX, named ?[31m9.9" "$out" ||
    fail "the compiler: $(grep '^compiler' "$out")"

# Nowhere to write.
for directory in /nonexistent "$work/alone" /proc; do
    code=0
    TMPDIR=$directory timeout 30 "$exe" run -q CoWW+rlx CoRW1+rlx >"$out" 2>"$err" || code=$?
    test "$code" = 3 && test "$(wc -l <"$err")" = 1 &&
        grep -q "temporary directory in $directory (see .TMPDIR): " "$err" ||
        fail "TMPDIR=$directory: exit $code: $(cat "$err")"
done
refuses 2 '--keep: ' run --keep "$work/alone" CoWW+rlx
refuses 2 '--keep: ' run --keep /nonexistent/directory CoWW+rlx
tool run -t 10ms --keep "$work/kept" CoWW+rlx
unfit
test "$code" = 0 && grep -q atomic_store_explicit "$work/kept/CoWW+rlx.c" || fail "--keep: exit $code"
refuses 2 "--keep: two tests are called 'CoWW" run --keep "$work/kept" CoWW "$catalogue/CoWW+rlx.litmus"
if test -c /dev/full; then
    code=0
    timeout 30 "$exe" run -t 5m CoWW+rlx >/dev/full 2>"$err" || code=$? # ends at once: nobody reads it
    test "$code" = 3 && test "$(wc -l <"$err")" = 1 || fail "a full disk: exit $code: $(cat "$err")"
fi

# What a terminal would obey is not printed.
compiler paints <<'END'
printf 'error: \033[31mred\007\n' >&2
exit 1
END
refuses 3 'red' run --cc "$work/paints" CoWW+rlx

exit $status
