# Shared by the checks of this directory; see ../common.sh.
. "$2/tests/common.sh"
results='^(Test|Histogram|Witnesses|Observation) '
catalogue=$top/litmus/catalogue

# succeeds ARGUMENT...: exit 0 and a silent stderr.
succeeds() {
    tool "$@"
    if test "$code" != 0 || test -s "$err"; then
        fail "exit $code: $*"
        cat "$err"
    fi
}

x86() {
    case $(uname -m) in
    x86_64 | i?86) return 0 ;;
    esac
    return 1
}

# unfit: gives up on the rest where the tool says that this is no silicon.
unfit() {
    if test "$code" = 3 && grep -q emulated "$err"; then
        echo "emulated"
        exit 77
    fi
}
