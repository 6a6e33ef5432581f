#!/usr/bin/env python3
"""Does cordon-check explore each execution, and each once? Compare its counts with those of enumerate.py.

    counts.py TOOL manifest FILE              every program of the manifest
    counts.py TOOL random SEED COUNT          so many random ones
    counts.py TOOL sources FILE.c...          C programs; the first line has the counts
    counts.py TOOL parts FILE NAME...         these programs of the manifest, in parts and by several processes

CC names the compiler of the generated programs (default cc). Exits 1 on any difference.
"""
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
enumerate_ = __import__("enumerate")
MODELS = enumerate_.MODELS
AT_ONCE = 40  # programs in one object file


class Tool:
    def __init__(self, path):
        self.path, self.wrong, self.runs = path, 0, 0

    def explore(self, arguments):
        self.runs += 1
        done = subprocess.run([self.path, "--json", "-q", "-O2", "-t20"] + arguments, capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)
        try:
            level, = json.loads(done.stdout)["levels"]
        except ValueError:
            return f"status {done.returncode}: {done.stderr.strip() or done.stdout}"
        if level.get("finding") or level["ending"] != "finished":
            return f"status {done.returncode}: {level['ending']}: {level.get('finding')}: {level.get('message')}"
        if done.returncode != 0:
            return f"status {done.returncode}: {level['verdict']}"
        return level["complete"] if level["blocked"] == 0 else f"{level['complete']}, and {level['blocked']} blocked"

    def expect(self, name, text, model, count, arguments, said=None):
        found = self.explore(arguments) if said is None else said
        if found != count:
            self.wrong += 1
            print(f"{name}: {model}: {count} executions expected, found {found}\n    {text}", flush=True)


def compile_one(source, made, flags=()):
    subprocess.run(shlex.split(os.environ.get("CC", "cc")) +
                   ["-std=c11", "-O1", "-g", "-w", "-fsanitize=thread", "-fPIC", "-fno-stack-protector", "-pthread",
                    *flags, "-c", source, "-o", made], check=True)


def compiled(programs, directory):
    """Yields every program with the arguments that make the tool explore it: a few objects hold them all."""
    for first in range(0, len(programs), AT_ONCE):
        some = programs[first:first + AT_ONCE]
        source, made = (os.path.join(directory, f"{first}.{suffix}") for suffix in "co")
        with open(source, "w", encoding="ascii") as file:
            file.write(enumerate_.HEAD)
            for i, program in enumerate(some):
                # the main thread may or may not wait for the others; it makes no difference
                file.write(enumerate_.in_c(enumerate_.parse(program[1]), f"_{i}", join=i % 2 == 0))
        compile_one(source, made)
        for i, program in enumerate(some):
            yield program, [made, "--", f"-Wl,--defsym,main=main_{i}"]


def explore_all(tool, programs):
    with tempfile.TemporaryDirectory() as directory:
        for (name, text, counts, mark), files in compiled(programs, directory):
            for model, count in zip(MODELS, counts):
                options = ["-j1", "--model", model.lower()] + (["--cxx20"] if mark == "=" else [])
                tool.expect(name, text, model, count, options + files)


def explore_parts(tool, programs):
    """The parts of a tree have as many executions as the whole, and so have several processes together."""
    with tempfile.TemporaryDirectory() as directory:
        for (name, text, counts, _), files in compiled(programs, directory):
            for model, count in zip(MODELS, counts):
                options = ["--model", model.lower()]
                tool.expect(name, text, f"{model}, -j3", count, options + ["-j3"] + files)
                parts = [tool.explore(options + ["-j1", "--shard", f"{i}/3"] + files) for i in (1, 2, 3)]
                tool.expect(name, text, f"{model}, parts {parts}", count, None,
                            sum(parts) if all(isinstance(n, int) for n in parts) else "no number")


def explore_sources(tool, paths):
    with tempfile.TemporaryDirectory() as directory:
        made = os.path.join(directory, "program.o")
        for path in paths:
            with open(path, encoding="ascii") as file:
                match = re.match(r"/\* executions: (\d+) (\d+) (\d+) (\d+) \*/\n", file.readline())
            if not match:
                raise SystemExit(f"{path}: the first line does not say how many executions there are")
            compile_one(path, made)
            for model, count in zip(MODELS, match.groups()):
                tool.expect(os.path.basename(path), path, model, int(count), ["-j1", "--model", model.lower(), made])


def main(arguments):
    if len(arguments) < 3:
        sys.exit(__doc__)
    tool, what, rest = Tool(arguments[0]), arguments[1], arguments[2:]
    if what == "manifest":
        explore_all(tool, list(enumerate_.manifest(rest[0])))
    elif what == "random":
        programs = enumerate_.random_programs(int(rest[0]), int(rest[1]))
        explore_all(tool, [(f"random {rest[0]} #{i}", text, enumerate_.count(enumerate_.parse(text)), "")
                           for i, text in enumerate(programs)])
    elif what == "parts":
        explore_parts(tool, [p for p in enumerate_.manifest(rest[0]) if p[0] in rest[1:]])
    elif what == "sources":
        explore_sources(tool, rest)
    else:
        sys.exit(__doc__)
    print(f"{tool.runs} explorations, {tool.wrong} wrong")
    return tool.wrong > 0 or tool.runs == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
