# Shared by the checks of this directory; $top is the source tree, $work a directory of their own.
set -eu
unset CPATH C_INCLUDE_PATH CPLUS_INCLUDE_PATH || :
top=$1 work=$2
shift 2
mkdir -p "$work"
headers=$(cd "$top/include" && find cordon -name '*.h' | LC_ALL=C sort)
test -n "$headers"

warnings="-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow -Wundef -Wcast-align -Werror"
status=0

need() {
    for program; do
        command -v "$program" >/dev/null || { echo "no $program"; exit 77; }
    done
}

# each NAME COMMAND...: runs it, and on failure says what failed, and goes on.
each() {
    what=$1
    shift
    "$@" >"$work/log" 2>&1 || { echo "FAILED: $what: $*"; cat "$work/log"; status=1; }
}

# include HEADER...: a translation unit that includes each, twice, and has an object of every kind
# that can be initialised statically.
include() {
    for header; do
        echo "#include <$header>"
        echo "#include <$header>"
        sed -n 's/^#define CORDON_\([A-Z0-9_]*\)_INIT CORDON_ZERO$/\1/p' "$top/include/$header" | while read -r NAME; do
            name=$(echo "$NAME" | tr '[:upper:]' '[:lower:]')
            echo "#ifdef CORDON_${NAME}_INIT"
            echo "extern struct cordon_$name cordon_test_$name;"
            echo "struct cordon_$name cordon_test_$name = CORDON_${NAME}_INIT;"
            echo '#endif'
        done
    done
    echo 'int cordon_test_not_empty_;'
}
