"""selftest.py DIR TABLE - can prove.py find fault? What was found is changed in one way at a time; each
must be noticed. DIR holds what the quick variants found, all of it right, and TABLE says the same.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile

PROVE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "prove.py")
LOCK = "include/cordon/spin/ticket.h"


def check(directory, table):
    run = subprocess.run([sys.executable, PROVE, "check", directory, table], check=False, text=True,
                         capture_output=True)
    return run.returncode, run.stdout + run.stderr


def of_the_lock(place):
    return place["file"] == LOCK


def no_edges(found):
    level = found["check"]["levels"][0]
    level["edges"] = [edge for edge in level["edges"] if not of_the_lock(edge["release"])]


def other_edge(found):
    """Two releases exchange their places: MCS synchronises with what it does not name."""
    for edge in found["check"]["levels"][0]["edges"]:
        if edge["release"]["file"].endswith("mcs.h") and edge["release"] != edge["acquire"]:
            edge["acquire"] = edge["release"]


def survivors(found):
    for mutant in found["check"].get("mutants", []):
        if of_the_lock(mutant):
            mutant["outcome"], mutant["finding"] = "survived", None


def unexecuted(found):
    found["check"]["mutants"] = [mutant for mutant in found["check"].get("mutants", [])
                                 if not of_the_lock(mutant)]


def fewer_executions(found):
    found["check"]["levels"][0]["complete"] += 1


def wrong(found):
    found["check"]["levels"][0]["verdict"] = "data race"


def other_sources(found):
    found["digest"] = "0"


def another_compiler(found):
    found["compiler"] = "another 1.0"
    fewer_executions(found)


def main(directory, table):
    failed = False
    cases = [("nothing", None, 0, ""),
             ("no edges of the ticket lock", no_edges, 1, "never seen to synchronise: ticket.h R0"),
             ("an edge that is no pair", other_edge, 1, "seen, and not labelled: mcs.h"),
             ("mutants that survive", survivors, 1, "survives: ticket.h R0"),
             ("an order that is not executed", unexecuted, 1,
              "an order that no client executes: ticket.h R0"),
             ("a table that says otherwise", fewer_executions, 1, "is stale"),
             ("a client that is wrong", wrong, 1, "mcs.1: data race"),
             ("other sources", other_sources, 1, "mcs.1: the sources have changed since it was run"),
             ("another compiler", another_compiler, 0, "not compared")]
    for what, change, status, words in cases:
        with tempfile.TemporaryDirectory() as copy:
            for name in os.listdir(directory):
                if not name.endswith(".json"): # what an interrupted run left behind
                    continue
                path = os.path.join(copy, name)
                shutil.copy(os.path.join(directory, name), path)
                if change is not None:
                    with open(path, encoding="utf-8") as file:
                        found = json.load(file)
                    change(found)
                    with open(path, "w", encoding="utf-8") as file:
                        json.dump(found, file)
            got, text = check(copy, table)
            if got != status or words not in text:
                print(f"{what}: exit {got}, not {status} with '{words}':\n{text[:2000]}")
                failed = True
    with tempfile.TemporaryDirectory() as copy:
        got, text = check(copy, table)
        if got != 1 or "not run, or it failed" not in text:
            print(f"no results: exit {got}:\n{text[:2000]}")
            failed = True
    sys.exit(failed)


if __name__ == "__main__":
    main(*sys.argv[1:])
