"""silicon.py TOOL SOURCE CLIENT - a client of litmus/primitives, in up to MOST of its quick variants (of all, if
none is quick), from the first to the last, on this machine's cores for a moment: nothing that is expected fails, nobody gets
stuck. (Every execution of every variant is explored elsewhere: litmus/primitives/prove.py.) gcc and clang take turns.
"""
import os
import shutil
import subprocess
import sys

TOOL, TOP, CLIENT = sys.argv[1:4]
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(TOP, "litmus", "primitives"))
import prove  # pylint: disable=wrong-import-position,import-error

variants = [v for v in prove.read_clients().values() if v.client == CLIENT]
variants = [v for v in variants if v.quick] or variants
MOST = 5  # a moment on one machine proves little, and most of it the compiler takes
step = max(len(variants) - 1, 1) / (MOST - 1)
variants = variants if len(variants) <= MOST else [variants[round(i * step)] for i in range(MOST)]
failed = 0
compilers = [cc for cc in ("gcc", "clang") if shutil.which(cc)] or ["cc"]
for number, variant in enumerate(variants):
    command = [TOOL, "run", "--quiet", "--time", "50ms", "--cc", compilers[number % len(compilers)]]
    command += [f"litmus/primitives/{CLIENT}.c", "--", "-Iinclude"] + variant.flags + variant.sources
    done = subprocess.run(command, cwd=TOP, check=False, text=True, capture_output=True, timeout=60)
    if done.returncode == 3 and "emulated" in done.stderr:
        sys.exit(77)
    lines = done.stdout.splitlines()
    print(f"{variant.name}: {lines[1] if len(lines) > 1 else ''}")
    if done.returncode != 0 or "forbidden, not seen" not in done.stdout:
        print(" ".join(command), done.stdout, done.stderr, f"exit {done.returncode}", sep="\n")
        failed += 1
sys.exit(1 if failed else 0)
