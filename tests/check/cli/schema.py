"""schema.py FILE [PATH=VALUE]... - is the file what docs/check.md says of the schema cordon-check/1?"""
import json
import sys

NUMBER = (int, float)
OPTIONAL_INT = (int, type(None))
OPTIONAL_TEXT = (str, type(None))
PLACE = {"file": OPTIONAL_TEXT, "line": OPTIONAL_INT, "function": OPTIONAL_TEXT, "pc": int}
EDGE = {"release": PLACE, "acquire": PLACE, "fences": bool, "executions": int}
OPTIONS = {"cxx20": bool, "spurious": bool, "races": bool, "membarrier": bool, "unroll": OPTIONAL_INT, "events": int,
           "random": OPTIONAL_INT, "seed": int, "shard": int, "shards": int, "jobs": int,
           "timeout": (int, float, type(None))}
LEVEL = {"level": str, "model": str, "verdict": str, "ending": str, "bounds": str}
EXPLORED = {"complete": int, "blocked": int, "dropped": int, "inconsistent": int, "cut": int,
            "events": int, "threads": int, "random": int, "explored": NUMBER, "seconds": NUMBER,
            "finding": OPTIONAL_TEXT, "message": OPTIONAL_TEXT, "places": [PLACE],
            "report": OPTIONAL_TEXT, "edges": (list, type(None))}
ROOT = {"schema": str, "cordon_version": str, "sources": [str], "flags": [str], "model": str,
        "options": OPTIONS, "status": int, "levels": [dict]}
CHANGE = {"file": OPTIONAL_TEXT, "line": int, "column": int, "operation": str, "order": str,
          "failure": OPTIONAL_TEXT, "new_order": str, "new_failure": OPTIONAL_TEXT}
OTHER_ORDERS = {"mutants": [CHANGE | {"outcome": str, "finding": OPTIONAL_TEXT, "words": str,
                                      "executions": int}],
                "suggestion": {"direction": str, "verified": bool, "minimal": bool,
                               "changes": [CHANGE]}}


def check(value, shape, where):
    if isinstance(shape, dict):
        assert isinstance(value, dict), f"{where}: no object"
        assert set(value) == set(shape), f"{where}: {set(value) ^ set(shape)}"
        for key in shape:
            check(value[key], shape[key], f"{where}.{key}")
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{where}: no array"
        for i, item in enumerate(value):
            check(item, shape[0], f"{where}.{i}")
    else:
        assert isinstance(value, shape), f"{where}: {value!r}"


root = json.load(open(sys.argv[1], encoding="utf-8"))
check(root, ROOT | {key: OTHER_ORDERS[key] for key in OTHER_ORDERS if key in root}, "")
assert root["schema"] == "cordon-check/1"
for level in root["levels"]:
    check(level, LEVEL if level["ending"] == "not-run" else LEVEL | EXPLORED, level["level"])
    for edge in level.get("edges") or []:
        check(edge, EDGE, "edge")
for argument in sys.argv[2:]:
    path, wanted = argument.split("=", 1)
    value = root
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    found = "null" if value is None else str(value)
    assert found == wanted, f"{path}: {found!r}, not {wanted!r}"
