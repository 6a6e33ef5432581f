#!/bin/sh
# check.sh NAME.c WORK INCLUDE COMPILER [FLAG...]: compiles NAME.c and holds every function's
# disassembly against NAME.txt, whose lines read
#
#     function  architecture  count  pattern [| pattern]...
#
# Every function whose name is, or matches as a whole, the first field has on that architecture so
# many instructions that match any of the patterns: `2` exactly, `2+` at least, `-2` at most. Instructions are objdump's text with single blanks, in the
# AT&T form on x86; ret, no-ops and landing pads are not counted. After `head`, only those before
# the first conditional branch are. A pattern is an extended regular expression anchored at the
# mnemonic, or one of these words:
#
#     any      every instruction: `0 any` is no code at all
#     rmw      an atomic read-modify-write; on AArch64 without LSE its load-exclusive
#     barrier  a fence instruction
#     call     a call, or a jump to another function
#     branch   a conditional branch
#     store    a plain store
set -eu
source=$1 work=$2 include=$3 compiler=$4
shift 4
mkdir -p "$work"
command -v "$compiler" >/dev/null || { echo "no $compiler"; exit 77; }

case "$compiler $*" in
*aarch64*) machine=aarch64 ;;
*) machine=$("$compiler" -dumpmachine) ;;
esac
case $machine in
x86_64*) arch=x86_64 ;;
aarch64*) arch=aarch64 ;;
*) echo "nothing is expected of $machine"; exit 77 ;;
esac
objdump=objdump
if [ $arch != "$(uname -m)" ] && command -v $arch-linux-gnu-objdump >/dev/null; then
    objdump=$arch-linux-gnu-objdump
fi
command -v $objdump >/dev/null || { echo "no $objdump"; exit 77; }

"$compiler" -std=c11 -O2 "$@" -I"$include" -c "$source" -o "$work/code.o"
helpers=$(nm -u "$work/code.o" | grep -E '__atomic_|__sync_|__aarch64_' || :)
test -z "$helpers" || { echo "calls out of line: $helpers"; exit 1; }
$objdump -dr --no-show-raw-insn "$work/code.o" >"$work/code.s"

awk -v arch=$arch -v table="${source%.c}.txt" -v compiler="$compiler $*" '
    BEGIN {
        any = "."
        if (arch == "x86_64") {
            rmw = "(lock|xchg .*\\()"; barrier = "[mls]fence"; branch = "j[^m]"
            store = "(mov|add|inc|sub|dec)[a-z]* (.*,)?[-0-9a-fx]*\\([^)]*\\)$"
        } else {
            rmw = "(ldxr|ldaxr|swp|cas|ldadd|ldset|ldclr|ldeor)"; barrier = "(dmb|dsb|isb)"
            branch = "(b\\.|cbn?z|tbn?z)"; store = "st(r|ur|p|lr|lur)"
        }
    }
    # 0000000000000010 <name>:
    /^[0-9a-f]+ <.*>:$/ { name = $2; gsub(/[<>:]/, "", name); seen[name] = 1; next }
    /R_(X86_64_(PLT|PC)32|AARCH64_(CALL|JUMP)26)/ {
        if (lines[name] && text[name, lines[name]] ~ /^(call|jmp|bl|b) /) {
            text[name, lines[name]] = "call " $NF
        }
        next
    }
    /^ +[0-9a-f]+:\t/ {
        line = $0
        sub(/^ +[0-9a-f]+:\t/, "", line); sub(/ +(#|\/\/) .*/, "", line)
        gsub(/[ \t]+/, " ", line); sub(/ $/, "", line)
        if (line !~ /^(ret|(data16 |cs )*nop|endbr64|bti|(data16 )*xchg %ax,%ax)/) {
            text[name, ++lines[name]] = line
        }
    }
    function matches(line, pattern) {
        if (pattern == "any") return 1
        if (pattern == "rmw") pattern = rmw
        else if (pattern == "barrier") pattern = barrier
        else if (pattern == "branch") pattern = branch
        else if (pattern == "store") pattern = store
        return line ~ "^(" pattern ")"
    }
    END {
        while ((getline rule < table) > 0) {
            if (rule ~ /^(#|$)/) continue
            split(rule, field, /[ \t]+/)
            if (arch !~ "^(" field[2] ")$") continue
            ++checked
            patterns = rule; sub(/^[^ ]+ +[^ ]+ +[^ ]+ +/, "", patterns)
            head = sub(/^head +/, "", patterns)
            n = split(patterns, pattern, / +\| +/)
            count = field[3]; least = most = count + 0
            if (count ~ /\+$/) most = 1e9
            if (count ~ /^-/) { least = 0; most = -count }
            functions = 0
            for (name in seen) if (name ~ "^(" field[1] ")$") {
                ++functions
                found = 0
                for (i = 1; i <= lines[name]; ++i) {
                    line = text[name, i]
                    if (head && matches(line, "branch")) break
                    for (k = 1; k <= n; ++k) if (matches(line, pattern[k])) { ++found; break }
                }
                if (found >= least && found <= most) continue
                failed = 1
                printf "%s: %s: found %d, expected %s of: %s\n", compiler, name, found, count, patterns
                if (!shown[name]++) for (i = 1; i <= lines[name]; ++i) print "    " text[name, i]
            }
            if (!functions) { print "no function is called " field[1]; failed = 1 }
        }
        if (!checked) { print "nothing was checked: " table; failed = 1 }
        printf "%s, %s: %d expectations\n", compiler, arch, checked
        exit failed
    }' "$work/code.s"
