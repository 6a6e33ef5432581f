#!/bin/sh
# environment.sh TOOL SOURCE WORK - what programs call of the C and C++ libraries, and what comes of it.
#
# Each program of environment/ says in its first line what must be found, and may say more:
#
#     expect: verified, 6 executions, 1 blocked     complete ones, and others
#     expect: misuse, "a part of the message"
#     options: --spurious                           of the tool
#     sources: src/wait.c                           besides, from the top of the source tree
#     flags: -DNDEBUG                               of the compiler
. "$(dirname "$0")/cli/common.sh"
programs=$top/tests/check/environment

# told WORD FILE: what the program says after that word.
told() {
    sed -n "1,6s#^/[/*] $1: \(.*[^ ]\) *\*/\$#\1#p; 1,6s#^// $1: ##p" "$2" | head -n 1
}

# is KEY VALUE: at every level, in the JSON.
is() {
    test "$(grep -c "^ *\"$1\": $2,\$" "$out")" = 2 || fail "$name: $1 is not $2: $(grep "^ *\"$1\":" "$out" | tr -s ' \n' ' ')"
}

count=0
for file in "$programs"/*.c "$programs"/*.cc; do
    name=$(basename "$file")
    expect=$(told expect "$file")
    set -- "$file"
    for source in $(told sources "$file"); do
        set -- "$@" "$top/$source"
    done
    # Their words are arguments of their own.
    # shellcheck disable=SC2046
    tool --json -q -O0,2 $(told options "$file") "$@" -- "-I$top/include" $(told flags "$file")
    case $expect in
    '') fail "$name: expects nothing" ;;
    verified*)
        test "$code" = 0 || fail "$name: status $code: $(cat "$err"; grep '"message"' "$out")"
        is verdict '"verified"'
        ;;
    *)
        test "$code" != 0 || fail "$name: status 0"
        is finding "\"${expect%%,*}\""
        ;;
    esac
    case $expect in
    *executions*)
        is complete "$(echo "$expect" | sed 's/.* \([0-9]*\) executions.*/\1/')"
        blocked=0
        case $expect in
        *blocked*) blocked=$(echo "$expect" | sed 's/.* \([0-9]*\) blocked.*/\1/') ;;
        esac
        is blocked "$blocked"
        ;;
    *', "'*)
        text=${expect#*\"}
        test "$(grep -cF "${text%\"}" "$out")" -ge 2 || fail "$name: no \"${text%\"}\" in the message: $(grep '"message"' "$out")"
        ;;
    esac
    count=$((count + 1))
done
test "$count" -ge 50 || fail "only $count programs found"

# Every function that programs are linked to by another name is there.
need nm
nm -D "$exe" >"$work/symbols"
for wrapped in $(sed -n 's/^[A-Z]*(\([A-Za-z0-9_]*\)[,)].*/\1/p' "$top/litmus/check/wrapped.def"); do
    grep -q " [TBD] __wrap_$wrapped\$" "$work/symbols" || fail "wrapped.def has $wrapped, and nothing stands in for it"
    echo "__wrap_$wrapped"
done | sort >"$work/listed"
sed -n 's/.* [TBD] \(__wrap_.*\)/\1/p' "$work/symbols" | sort | comm -13 "$work/listed" - >"$work/unlisted"
test ! -s "$work/unlisted" || fail "not in wrapped.def: $(cat "$work/unlisted")"

# What is not modelled is said before anything runs.
printf '#include <iostream>\nint main() { std::cout << 1; }\n' >"$work/stream.cc"
tool -q "$work/stream.cc"
test "$code" = 2 && grep -q 'iostreams are not modelled' "$err" || fail "std::cout: status $code: $(cat "$err")"
exit $status
