#!/usr/bin/env python3
"""cycles.py TOOL SEED COUNT - random cycles: what gen makes of so many of them, verdicts.py judges likewise.

Each is a walk along random edges that happens to come back to where it began, with random orders. gen refuses most; of
the rest the outcome must be out of reach of interleaving, the verdicts must be right, no two tests of different names
the same, and the cycle, begun elsewhere, the same test.
"""
import os
import random
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import verdicts  # pylint: disable=wrong-import-position


def edge(at, choose):
    """An edge that starts from a load or a store, and what it leads to."""
    kind = choose(["Rfe", "Rfe", "Rfi", "Coe", "Coi", "Po", "Po", "Fence"] if at == "W" else
                  ["Fre", "Fre", "Fri", "Po", "Po", "Fence", "DpData", "DpCtrl", "Exch", "Fetch.Add"])
    if kind in ("Rfe", "Rfi"):
        return kind, "R"
    if kind not in ("Po", "Fence", "DpData", "DpCtrl"):
        return kind, "W"
    where, to = choose("ddds"), "W" if kind == "DpData" else choose("RW")
    if kind == "Fence":
        kind += choose(["Sc", "AR", "Acq", "Rel"])
    return kind + where + ("" if kind.startswith("Dp") else at) + to, to


def walk(rng):
    """Words, each an order (perhaps none) and an edge."""
    first = at = rng.choice("RW")
    words = []
    for _ in range(rng.randint(3, 8)):
        order = rng.choice(["", "", "", "Acq ", "Rlx ", "Sc "] if at == "R" else ["", "", "", "Rel ", "Rlx ", "Sc ", "XAR ", "XSc "])
        word, at = edge(at, rng.choice)
        words.append(order + word)
    return words if at == first else None


def gen(tool, words):
    done = subprocess.run([tool, "gen"] + words, check=False, text=True, capture_output=True, timeout=60)
    if done.returncode not in (0, 2) or (done.returncode == 2) != (len(done.stderr.splitlines()) == 1):
        raise SystemExit(f"gen {' '.join(words)}: exit {done.returncode}\n{done.stderr}")
    return done.stdout if done.returncode == 0 else None


def main(tool, seed, count):
    rng = random.Random(int(seed))
    names, forms, wrong, tries = set(), {}, 0, 0
    with tempfile.TemporaryDirectory() as directory:
        while len(names) < int(count):
            tries += 1
            words = walk(rng)
            text = gen(tool, words) if words else None
            name = text and text.split("\n", 1)[0][2:]
            if not text or name in names:
                continue
            names.add(name)
            turn = rng.randrange(len(words))
            found = []
            if gen(tool, words[turn:] + words[:turn]) != text:
                found.append("another test if begun elsewhere")
            path = os.path.join(directory, name + ".litmus")
            with open(path, "w", encoding="ascii") as file:
                file.write(text)
            test = verdicts.Test(path)
            if "C11" in test.keys:  # else too many values to be judged
                found += verdicts.complaints(test)
            if forms.setdefault(verdicts.form(test), name) != name:
                found.append(f"the same test as {forms[verdicts.form(test)]}")
            for complaint in found:
                print(f"{name}: {' '.join(words)}: {complaint}")
            wrong += bool(found)
    print(f"{tries} walks, {len(names)} tests, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
