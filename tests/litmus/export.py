"""export.py JSON XML TEXT - what `cordon-litmus run` exported is consistent, and agrees with what it printed."""
import json
import re
import sys
import xml.etree.ElementTree

document = json.load(open(sys.argv[1]))
suite = xml.etree.ElementTree.parse(sys.argv[2]).getroot()
text = open(sys.argv[3]).read()


def want(condition, what):
    if not condition:
        sys.exit("export.py: " + what)


want(document["schema"] == "cordon-litmus/1" and document["interrupted"] is False, "the head")
want(document["machine"]["used_cpus"] and document["machine"]["architecture"], "the machine")
want(document["compiler"]["command"] and document["options"]["size"] > 0, "the compiler, the options")
cases = suite.findall("testcase")
want([case.get("name") for case in cases] == [test["name"] for test in document["tests"]], "the names")
for kind in "failure", "skipped", "error":
    plural = {"failure": "failures", "skipped": "skipped", "error": "errors"}[kind]
    want(int(suite.get(plural)) == sum(case.find(kind) is not None for case in cases), kind)
for test, case in zip(document["tests"], cases):
    name = test["name"]
    want((test["result"] == "skipped") == (case.find("skipped") is not None), name + ": skipped")
    want(test.get("violation", False) == (case.find("failure") is not None), name + ": violation")
    if "histogram" not in test:
        want(test["result"] in ("skipped", "crashed"), name + ": no histogram")
        continue
    weak = sum(row["count"] for row in test["histogram"] if row["weak"])
    want(sum(row["count"] for row in test["histogram"]) == test["total"] and weak == test["weak"], name + ": sums")
    want(("confidence" in test) == (weak > 0), name + ": confidence")
    want(weak > 0 or "iterations" in test or abs(test["bound_95"] * test["total"] - 3) < 1e-3, name + ": bound")
    want("Verdict %s %s\n" % (name, test["verdict"]) in text, name + ": the verdict was another")
    want(0 <= test["disturbed"] <= test["blocks"] and test["switches"] >= 0 and test["steal_ms"] >= 0, name + ": disturbance")
    want(test["rate"] >= 0 and test["weak_rate"] >= 0 and (weak == 0) <= (test["weak_rate"] == 0), name + ": rates")
    for row in test["histogram"]:
        state = " ".join("%s=%d;" % pair for pair in sorted(row["state"].items()))
        shown = re.findall(r"^%d *[:*]>(.*)$" % row["count"], text, re.M)  # other tests', too
        want(state in [" ".join(sorted(line.split())) for line in shown], name + ": the state " + state)
