#!/usr/bin/env python3
"""Does cordon-check find in each program what its first lines say is in it, and nothing else?

    expect.py TOOL FILE...

The first lines of FILE are one or more of

    /* cordon-check [OPTION]...: WORD [at MODEL...] */

WORD is that of the finding as JSON has it, or "verified", or "no-input" where nothing is explored, or several, any of
which will do: "use-after-free|data-race".
At the models that are not named the program is right. Options -D..., -std... and the like go to the compiler.
Lines that end in HERE are those where it must be found: one of them, and of a race both sides. A mark may be
for one word alone: HERE(data-race). Exits 1 on any difference.
"""
import json
import os
import re
import subprocess
import sys

MODELS = ("rc11", "sc", "tso", "ra")
STATUS = {"verified": 0, "unsupported": 2, "no-input": 2, "bound": 3, "timeout": 3}  # all else: 1
CLAIM = re.compile(r"/\* cordon-check(?P<options>[^:]*): (?P<words>[a-z0-9|-]+)(?: at (?P<models>[a-z0-9 ]+))? \*/")
MARK = re.compile(r"(?:/\*|//) HERE(?:\((?P<words>[a-z|-]+)\))?")


def claims(path):
    with open(path, encoding="ascii") as file:
        lines = file.read().split("\n")
    found = []
    for line in lines:
        match = CLAIM.fullmatch(line)
        if not match:
            break
        found.append((match["options"].split(), match["words"].split("|"),
                      (match["models"] or " ".join(MODELS)).split()))
    if not found or any(m not in MODELS for _, _, models in found for m in models):
        raise SystemExit(f"{path}: the first lines do not say what is to be found")
    marks = [(number, match["words"]) for number, line in enumerate(lines, 1) if (match := MARK.search(line))]
    return found, marks


def explore(tool, path, options, model):
    """Returns the exit status, what the levels say, and the messages."""
    ours = [o for o in options if not re.match(r"-[DIfs]|-std", o)]
    flags = [o for o in options if o not in ours]
    done = subprocess.run([tool, "--json", "--model", model] + ours + [path, "--"] + flags, capture_output=True,
                          text=True, stdin=subprocess.DEVNULL)
    try:
        return done.returncode, json.loads(done.stdout)["levels"], done.stderr
    except ValueError:
        return done.returncode, [], done.stderr


def complaint(path, words, marks, status, levels, messages):
    """What is wrong with the answer, or None."""
    if status not in [STATUS.get(word, 1) for word in words]:
        said = [(level.get("finding"), level.get("message")) for level in levels]
        return f"status {status}: {said} {messages.strip()}"
    if words == ["no-input"]:  # refused before anything was explored
        return None if messages.strip() else "no word of why"
    ran = [level for level in levels if level["ending"] != "not-run"]
    if not ran:
        return f"nothing was explored: {messages.strip()}"
    for level in ran:
        word = level["finding"] or level["verdict"]
        if word not in words:
            return f"{level['level']}: {word}: {level['message']}"
        if word == "verified":
            if level["complete"] == 0:
                return f"{level['level']}: nothing came to its end"
            continue
        if not level["message"]:
            return f"{level['level']}: {word}, and no message"
        wanted = {number for number, only in marks if only is None or word in only.split("|")}
        if not wanted:
            continue
        named = [(os.path.basename(place["file"] or "?"), place["line"]) for place in level["places"]]
        sides = named if word == "data-race" else named[:1]
        if not sides or any(file != os.path.basename(path) or line not in wanted for file, line in sides):
            return f"{level['level']}: {word} at {named}, not at {sorted(wanted)}"
        if word == "data-race" and len(sides) != 2:
            return f"{level['level']}: a race has two sides, not {named}"
    return None


def main(arguments):
    if len(arguments) < 2:
        sys.exit(__doc__)
    tool, runs, wrong, turn = arguments[0], 0, 0, 0
    for path in arguments[1:]:
        found, marks = claims(path)
        for options, words, models in found:
            # What differs between models is asked of all; else of one, another each time.
            turn += 1
            for model in MODELS if len(models) < len(MODELS) else [MODELS[turn % len(MODELS)]]:
                expected = words if model in models else ["verified"]
                runs += 1
                said = complaint(path, expected, marks, *explore(tool, path, options, model))
                if said:
                    wrong += 1
                    print(f"{path}: {' '.join(options + [model])}: {'|'.join(expected)} expected: {said}", flush=True)
    print(f"{runs} explorations, {wrong} wrong")
    return wrong > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
