#!/usr/bin/env python3
"""explorer.py CORDON-CHECK SOURCE quick|full FILE.litmus... - the explorer runs the catalogue's tests, as clients,
through every execution: does it reach the outcome exactly where the file says so?

Under rc11 the answer is RC11= (or C11=, where there is no RC11=), under tso it is TSO=. `full` asks for both of each
test; `quick` for one of them of two tests in three, which takes a third of the time.
"""
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import verdicts  # pylint: disable=wrong-import-position


def client(test, text):
    """The same program as a client of cordon/litmus.h, which complains of the outcome."""
    registers = sorted({(i, e.reg) for i, thread in enumerate(test.threads) for e in thread if e.reg})
    lines = ["#include <cordon/litmus.h>", "struct cordon_litmus_state {",
             "    atomic_int " + ", ".join(test.locations) + ";"]
    lines += [f"    int P{i}_{reg};" for i, reg in registers] + ["};"]
    for number, params, body in verdicts.Test.THREAD.findall(text):
        lines.append(f"static void P{number}(struct cordon_litmus_state *s)\n{{")
        lines += [f"    atomic_int *{p.split('* ')[1]} = &s->{p.split('* ')[1]};" for p in params.split(", ")]
        lines.append(body)
        lines += [f"    s->P{i}_{reg} = {reg};" for i, reg in registers if i == int(number)]
        lines.append("}")
    atoms = [f"atomic_load_explicit(&s->{name}, memory_order_relaxed) == {value}" if thread is None
             else f"s->P{thread}_{name} == {value}" for thread, name, value in test.atoms]
    names = ", ".join(f"P{i}" for i in range(len(test.threads)))
    lines.append("static void check(struct cordon_litmus_state *s)\n{\n    const int outcome = " + " && ".join(atoms)
                 + ";\n    CORDON_EXPECT(!outcome);\n}")
    lines.append(f"CORDON_LITMUS(.threads = {{{names}}}, .check = check)")
    return "\n".join(lines) + "\n"


def reached(tool, source, path, model):
    command = [tool, "--quiet", "--model", model, "-O", "2", "--jobs", "1", path, "--", "-std=c11",
               f"-I{source}/include"]
    done = subprocess.run(command, check=False, text=True, capture_output=True, timeout=200)
    if done.returncode == 0:
        return "forbidden"
    if done.returncode == 1 and "assertion '!outcome' failed" in done.stdout:
        return "allowed"
    raise SystemExit(f"{' '.join(command)}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def main(tool, source, mode, paths):
    asked = wrong = 0
    with tempfile.TemporaryDirectory() as directory:
        for number, path in enumerate(sorted(paths)):
            test = verdicts.Test(path)
            with open(path, encoding="ascii") as file:
                text = file.read()
            c = os.path.join(directory, "client.c")
            with open(c, "w", encoding="ascii") as file:
                file.write(client(test, text))
            for turn, (model, said) in enumerate((("rc11", test.keys.get("RC11", test.keys["C11"])),
                                                  ("tso", test.keys["TSO"]))):
                if mode == "quick" and number % 3 != turn:
                    continue
                asked += 1
                found = reached(tool, source, c, model)
                if found != said:
                    wrong += 1
                    print(f"{path}: {said}, but under {model} the explorer finds it {found}")
    print(f"{len(paths)} tests, asked {asked} times, {wrong} wrong answers")
    return 1 if wrong or not asked else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]))
