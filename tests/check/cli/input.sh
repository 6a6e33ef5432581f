#!/bin/sh
# input.sh TOOL SOURCE WORK - programs that cannot be explored: exit 2, and the reason; what is not
# the program's fault: exit 3.
. "$(dirname "$0")/common.sh"
message release >right.c

refuses 2 "^cordon-check: missing\\.c: No such file" missing.c
refuses 2 "^cordon-check: missing\\.c: No such file" right.c missing.c
mkdir directory.c
refuses 2 'directory\.c: a directory' directory.c
touch notes.txt noname
refuses 2 'notes\.txt: neither C' notes.txt
refuses 2 'noname: neither C' noname
refuses 2 'right\.json: No such file' --json right.json right.c
refuses 2 "^cordon-check: --dot: cannot write '/nonexistent/x'" --dot /nonexistent/x right.c
refuses 2 "^cordon-check: --json: cannot write '/nonexistent/x'" --json=/nonexistent/x right.c
refuses 2 "^cordon-check: --record: cannot write ''" --record '' right.c

# What the compiler says is passed on, and nothing is explored.
echo 'int main(void) { return undeclared; }' >wrong.c
ends 2 wrong.c
grep -q 'wrong\.c:1:.*undeclared' "$err" || fail "the compiler's message is missing: $(cat "$err")"
test ! -s "$out" || fail "results of what cannot be compiled"
ends 2 right.c -- -fno-such-flag
printf '#include "missing.h"\n' >include.c
ends 2 include.c
grep -q 'missing\.h' "$err" || fail "the missing header is not named"
ends 2 right.c right.c # two of everything
grep -q 'main' "$err" || fail "the linker's message is missing: $(cat "$err")"

echo 'int other(void) { return 0; }' >nomain.c
refuses 2 'no main' nomain.c
: >empty.c
refuses 2 'no main' empty.c
echo 'int main;' >variable.c
tool variable.c
test "$code" = 2 || fail "main as a variable: exit $code"
printf 'int missing(void);\nint main(void) { return missing(); }\n' >undefined.c
refuses 2 'missing' undefined.c
printf '#include <unistd.h>\nint main(void) { return fork(); }\n' >fork.c
ends 2 -O 0 fork.c
says 'fork'
says '^-O0 .* not supported$'
cat >wide.c <<'END'
#include <stdatomic.h>
struct pair { long a, b; };
_Atomic struct pair pair;
int main(void)
{
    const struct pair start = {1, 2};
    atomic_store(&pair, start);
    return 0;
}
END
refuses 2 'more than 64 bits' --cc gcc wide.c
refuses 2 'more than 64 bits' --cc gcc wide.c -- -mcx16

# Objects that cannot be seen into.
echo nonsense >nonsense.o
refuses 2 'nonsense\.o: no object file' nonsense.o
cc -fPIC -c right.c -o plain.o
refuses 2 'plain\.o: not compiled with -fsanitize=thread' plain.o
cc -fPIC -fsanitize=thread -c right.c -o seen.o
ar rcs both.a seen.o plain.o
refuses 2 'both\.a: plain\.o: not compiled with' both.a
: >empty.a
refuses 2 'empty\.a: ' empty.a

# Compilers that are not there, fail, or make nothing of use.
refuses 2 "^cordon-check: --cc: cannot find the compiler '/nonexistent/cc'" --cc /nonexistent/cc right.c
refuses 2 "^cordon-check: --cc: " --cc '' right.c
cp right.c right.cc
refuses 2 "^cordon-check: --cxx: " --cxx /nonexistent/cxx right.cc
ends 2 --cc "$(command -v false)" right.c
ends 2 --cc "$(command -v true)" right.c
mkdir empty-path
code=0
env -u CC PATH="$work/empty-path" "$exe" right.c >"$out" 2>"$err" || code=$?
test "$code" = 3 && grep -q 'no compiler found' "$err" || fail "no compiler: exit $code: $(cat "$err")"
litter "no compiler"

for directory in /nonexistent "$work/notes.txt" /proc; do
    code=0
    TMPDIR=$directory "$exe" right.c >"$out" 2>"$err" || code=$?
    test "$code" = 3 && test "$(wc -l <"$err")" = 1 && grep -q "temporary directory in $directory (see .TMPDIR): " "$err" ||
        fail "TMPDIR=$directory: exit $code: $(cat "$err")"
done
if test -c /dev/full; then
    code=0
    "$exe" right.c >/dev/full 2>"$err" || code=$?
    test "$code" = 3 && test "$(wc -l <"$err")" = 1 || fail "a full disk: exit $code: $(cat "$err")"
    litter "a full disk"
fi

exit $status
