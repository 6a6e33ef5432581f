#!/bin/sh
# json.sh TOOL SOURCE WORK - what is written as JSON, held against the schema of docs/check.md.
. "$(dirname "$0")/common.sh"
need python3
message release >right.c
message relaxed >wrong.c
verify() {
    python3 "$top/tests/check/cli/schema.py" "$@" || fail "schema.py $*"
}

ends 0 --json right.c -- -DNAME='"x"'
verify "$out" status=0 levels.0.level=-O0 levels.1.level=-O2 levels.0.complete=2 levels.0.finding=null \
    levels.0.verdict=verified levels.0.ending=finished flags.0='-DNAME="x"' model=rc11
ends 0 --json=right.json right.c
says 'verified' # the text as well
verify right.json status=0 sources.0=right.c
ends 0 --json=edges.json -O 2 --edges right.c
verify edges.json levels.0.threads=2 levels.0.edges.0.release.line=10 levels.0.edges.0.acquire.line=17 \
    levels.0.edges.0.fences=False levels.0.edges.0.executions=1
ends 1 --json=wrong.json -O 0 --edges --model ra wrong.c
verify wrong.json status=1 levels.0.finding=data-race levels.0.places.0.file=wrong.c model=ra
python3 - wrong.json <<'END' || fail "the places"
import json, sys
level = json.load(open(sys.argv[1]))["levels"][0]
assert sorted(place["line"] for place in level["places"]) == [9, 18], level["places"]
assert {place["function"] for place in level["places"]} == {"main", "sender"}, level["places"]
assert "wrong.c:9" in level["report"]
END
printf 'int main(void) { return nothing; }\n' >broken.c
tool --json=broken.json broken.c
test "$code" = 2 || fail "broken.c: exit $code"
verify broken.json status=2 levels.0.ending=unloaded levels.1.ending=not-run
cp right.c "$(printf 'caf\351.c')"
ends 0 --json "$(printf 'caf\351.c')"
verify "$out" status=0 'sources.0=caf?.c'

exit $status
