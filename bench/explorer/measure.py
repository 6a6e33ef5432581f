#!/usr/bin/env python3
"""How fast does cordon-check explore?

    measure.py TOOL [--repeat N] [--best] [PROGRAM...]

Explores each program of programs/ with one process and with as many as there are CPUs, N times (3), and prints the
median of the times that the exploration itself took (--best: the least, for a machine with other work to do).
Beside it is the rate on record for GenMC, a mature checker, with one thread; it is not measured here. Then come
Cordon's locks, for information, and the memory that explorations of ten, a hundred, ... times the size take.

Exits 1 if a program does not have the executions that it must have.
"""
import argparse
import glob
import json
import os
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
LIBRARY = ["-I" + os.path.join(ROOT, "include")]

# Name, N, executions under RC11, GenMC's executions/s in thousands: the slowest and fastest on record.
PROGRAMS = [
    ("big1", None, 2950753, 120, 120),
    ("fib_bench", None, 525630, 128, 143),
    ("lastzero", 15, 147456, 12, 15),
    ("CoA", 5, 57600, 125, 160),
    ("ainc", 8, 40320, 20, 20),
    ("lockinc", 8, 40320, 12, 12),
    ("casw", 5, 32880, 91, 122),
    ("indexer", 15, 4096, 1.9, 1.9),
]

# Name, N, GenMC's complete and blocked executions of a client of libvsync's lock of that kind.
LOCKS = [
    ("ticket", 3, 6, 13),
    ("ticket", 4, 24, 94),
    ("ticket", 5, 120, 743),
    ("mcs", 3, 114, 110),
    ("mcs", 4, 2316, 2158),
    ("clh", 3, 12, 19),
    ("clh", 4, 60, 116),
    ("ttas", 3, 162, 76),
    ("ttas", 4, 20760, 10838),
    ("hemlock", 3, 114, 133),
]


def explore(tool, jobs, name, n, sources=(), flags=()):
    command = [tool, "--json", "-q", "-O2", f"-j{jobs}", os.path.join(HERE, "programs", name + ".c"), *sources, "--",
               *flags] + ([f"-DN={n}"] if n else [])
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    try:
        level, = json.loads(done.stdout)["levels"]
    except ValueError:
        sys.exit(f"{name}: status {done.returncode}: {done.stderr.strip() or done.stdout}")
    if level["verdict"] != "verified":
        sys.exit(f"{name}: {level['verdict']}: {level['message']}")
    return level


def measure(arguments, jobs, *program, **more):
    """A level whose seconds are those of the median, or the least."""
    levels = sorted((explore(arguments.tool, jobs, *program, **more) for _ in range(arguments.repeat)),
                    key=lambda level: level["seconds"])
    counts = {(level["complete"], level["blocked"]) for level in levels}
    if len(counts) > 1:
        sys.exit(f"{program[0]}: not the same each time: {sorted(counts)}")
    seconds = [level["seconds"] for level in levels]
    return dict(levels[0], seconds=seconds[0] if arguments.best else statistics.median(seconds))


def thousands(rate):
    return f"{rate / 1000:,.{0 if rate >= 1e5 else 1}f}k"


def row(*cells):
    return f"{cells[0]:<12}" + "".join(f"{cell:>13}" for cell in cells[1:])


def programs(arguments, cpus):
    """Prints the first table; returns whether all counts are right."""
    print(row("program", "executions", "", "-j1", "rate/s", f"-j{cpus}", "rate/s", "GenMC", "-j1 / GenMC"))
    right = True
    for name, n, expected, slowest, fastest in PROGRAMS:
        if arguments.programs and name not in arguments.programs:
            continue
        one, all_cpus = (measure(arguments, jobs, name, n) for jobs in (1, cpus))
        counts = {one["complete"], all_cpus["complete"]}
        right = right and counts == {expected}
        cells = []
        for level in (one, all_cpus):
            cells += [f"{level['seconds']:.3f} s", thousands(level["complete"] / level["seconds"])]
        rates = f"{slowest}k" if slowest == fastest else f"{slowest}-{fastest}k"
        print(row(f"{name} {n or ''}", f"{one['complete']:,}",
                  "as expected" if counts == {expected} else f"not {expected:,}", *cells, rates,
                  f"{one['complete'] / one['seconds'] / fastest / 1000:.1f}"), flush=True)
    return right


def locks(arguments):
    print(row("lock", "complete", "blocked", "-j1", "rate/s", "GenMC compl.", "GenMC blkd."))
    for name, n, complete, blocked in LOCKS:
        level = measure(arguments, 1, "lock_" + name, n, sources=sorted(glob.glob(os.path.join(ROOT, "src", "*.c"))),
                        flags=LIBRARY)
        print(row(f"{name} {n}", f"{level['complete']:,}", f"{level['blocked']:,}", f"{level['seconds']:.3f} s",
                  thousands((level["complete"] + level["blocked"]) / level["seconds"]), f"{complete:,}",
                  f"{blocked:,}"), flush=True)


def peak(process):
    """The most memory that the exploring process has had resident so far, in kB; 0 while there is none."""
    try:
        with open(f"/proc/{process}/task/{process}/children", encoding="ascii") as file:
            children = file.read().split()
        for child in children:
            with open(f"/proc/{child}/status", encoding="ascii") as file:
                status = dict(line.split(":", 1) for line in file)
            if status["Name"].strip() == "cordon-check":
                return int(status["VmHWM"].split()[0])
    except (OSError, KeyError, IndexError):
        pass  # it has just ended
    return 0


def memory(arguments):
    print(row("memory", "executions", "-j1", "resident"))
    for n in range(7, 10):
        command = [arguments.tool, "--json", "-q", "-O2", "-j1", os.path.join(HERE, "programs", "nwriters.c"), "--",
                   f"-DN={n}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
            most = 0
            while process.poll() is None:
                most = max(most, peak(process.pid))
                time.sleep(0.001)
            level, = json.load(process.stdout)["levels"]
        print(row(f"nwriters {n}", f"{level['complete']:,}", f"{level['seconds']:.3f} s", f"{most} kB"), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tool", metavar="TOOL", help="cordon-check")
    parser.add_argument("--repeat", type=int, default=3, metavar="N")
    parser.add_argument("--best", action="store_true", help="the least time instead of the median")
    parser.add_argument("programs", metavar="PROGRAM", nargs="*")
    arguments = parser.parse_intermixed_args()
    unknown = set(arguments.programs) - {name for name, *_ in PROGRAMS}
    if unknown or arguments.repeat < 1:
        parser.error(f"no such program: {' '.join(sorted(unknown))}" if unknown else "--repeat: at least once")
    cpus = len(os.sched_getaffinity(0))
    print(f"{'least' if arguments.best else 'median'} of {arguments.repeat}; {cpus} CPUs; load average "
          f"{os.getloadavg()[0]:.1f}: whatever else runs takes its share\n")
    right = programs(arguments, cpus)
    if not arguments.programs:
        print()
        locks(arguments)
        print()
        memory(arguments)
    if not right:
        print("\nThe counts are wrong.", file=sys.stderr)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
