# shellcheck shell=sh disable=SC2154
# lib.sh - what the tests of cordon-bench's command line share; sourced, with $case, $bench and
# $without set.
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT

fail() {
    echo "$case: $*" >&2
    for file in "$dir"/*; do
        echo "--- $file" && head -40 "$file"
    done >&2
    exit 1
}

# run STATUS ARGUMENT... : run the tool, want that status, leave its output in $dir/out and $dir/err
run() {
    want=$1
    shift
    "$bench" "$@" >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -eq "$want" ] || fail "cordon-bench $*: exit status $got, not $want"
}

# has FILE TEXT : it holds that text
has() {
    grep -qF -e "$2" "$dir/$1" || fail "no '$2' in $1"
}

# silent FILE : nothing is in it
silent() {
    [ ! -s "$dir/$1" ] || fail "something in $1"
}

# refuses TEXT ARGUMENT... : exit status 2 and one line on stderr that holds the text, nothing else
refuses() {
    text=$1
    shift
    run 2 "$@"
    has err "$text"
    [ "$(wc -l <"$dir/err")" -eq 1 ] || fail "cordon-bench $*: not one line of explanation"
    [ ! -s "$dir/out" ] || fail "cordon-bench $*: output beside the error"
}

# refuses_wrong_common SUBCOMMAND : wrong values of the options that the measuring ones share
refuses_wrong_common() {
    for count in 0 -1 +5 4 10001 5x 0x10 1e2 "" " 7" 99999999999999999999; do
        refuses "is not a whole number from 5 to 10000" "$1" --repetitions "$count"
    done
    refuses "did you mean --repetitions" "$1" --repetitons=3
    for cpus in "" x "0," -1 1-; do
        refuses "not a list of CPU numbers" "$1" --cpus "$cpus"
    done
    refuses "named twice" "$1" --cpus 0,0
    refuses "runs backwards" "$1" --cpus 3-1
    refuses "is not among those this process may use" "$1" --cpus 0,1000000
    refuses "takes no value" "$1" --quick=3
    refuses_wrong_output "$1"
}

# refuses_wrong_output SUBCOMMAND : likewise, of those that all share
refuses_wrong_output() {
    for time in 0 -1 x 1h 1.2.3 "" 999999; do
        refuses "is not a time such as" "$1" --time "$time"
    done
    refuses "needs a value" "$1" --time
    refuses "unknown option '-x'" "$1" -x
    refuses "unexpected argument 'full'" "$1" full
    refuses "cannot write" "$1" --json "$dir/absent/file.json"
    refuses "cannot write" "$1" --json "$dir"
    refuses "name is empty" "$1" --json=
    refuses "cannot write" "$1" --html "$dir/absent/page.html"
    refuses "name is empty" "$1" --html=
}

# interrupted SIGNAL:STATUS SECONDS ARGUMENT... : stop it after that time, want that status
interrupted() {
    signal=${1%:*} want=${1#*:} seconds=$2
    shift 2
    timeout --preserve-status -s "$signal" "$seconds" "$bench" "$@" >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -eq "$want" ] || fail "SIG$signal: exit status $got, not $want"
}

# cannot_write ARGUMENT... : a full disk is told, as standard output and as a file
cannot_write() {
    [ -c /dev/full ] || exit 77
    "$bench" "$@" >/dev/full 2>"$dir/err"
    got=$?
    [ $got -eq 3 ] || fail "exit status $got, not 3"
    has err "cannot write"
    "$bench" "$@" --json /dev/full >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -eq 3 ] || fail "exit status $got, not 3"
    has err "cannot write /dev/full"
}

# no_pinning SUBCOMMAND : where threads cannot be pinned nothing is measured, and no file left
no_pinning() {
    "$without" sched_setaffinity "$bench" "$1" --json "$dir/file.json" --html "$dir/page.html" >"$dir/out" 2>"$dir/err"
    got=$?
    [ $got -ne 77 ] || exit 77
    [ $got -eq 3 ] || fail "exit status $got, not 3"
    has err "cannot pin a thread to CPU"
    silent out
    [ ! -e "$dir/file.json" ] || fail "it left a file behind"
    [ ! -e "$dir/page.html" ] || fail "it left a page behind"
}

# an_allowed_cpu : the number of one
an_allowed_cpu() {
    taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/'
}

# shellcheck disable=SC2034
escape=$(printf '\033')
