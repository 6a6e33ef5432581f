#!/bin/sh
# symbols.sh WORK VERSION ABI: the shared library's name, soname and exports; what both libraries need.
set -eu
work=$1 version=$2 abi=$3
directory=$(dirname "$(find "$work/moved" -name libcordon.a)")
shared=$directory/libcordon.so.$version

complain() {
    echo "$*" >&2
    exit 1
}

test -f "$shared" || complain "no libcordon.so.$version"
test "$(readlink "$directory/libcordon.so.$abi")" = "libcordon.so.$version" || complain "libcordon.so.$abi is not a link to it"
objdump -p "$shared" | grep -q "SONAME *libcordon\.so\.$abi\$" || complain "soname is not libcordon.so.$abi"

# Every export is ours and carries the version node.
exports=$(nm -D --defined-only "$shared" | awk '$2 != "A" { print $3 }')
echo "$exports" | grep -q "^cordon_now@@CORDON_$abi\$" || complain "cordon_now@@CORDON_$abi is not exported"
alien=$(echo "$exports" | grep -v "^cordon_[a-z0-9_]*@@CORDON_$abi\$" || :)
test -z "$alien" || complain "exported, and should not be: $alien"
# Archive members have one name space with the whole program: the same rule for them.
alien=$(nm -g --defined-only "$directory/libcordon.a" | awk 'NF == 3 && $3 !~ /^cordon_/ { print $3 }')
test -z "$alien" || complain "global in libcordon.a, and not prefixed: $alien"

# libc and POSIX threads alone; no libatomic.
alien=$(objdump -p "$shared" | awk '$1 == "NEEDED" && $2 !~ /^(libc\.so|libpthread\.so|libc\.musl|ld-)/ { print $2 }')
test -z "$alien" || complain "libcordon.so needs $alien"
alien=$(nm -u "$directory/libcordon.a" | awk '/__atomic_|__sync_/ { print $2 }')
test -z "$alien" || complain "libcordon.a calls $alien"
