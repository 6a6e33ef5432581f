"""visibility.py - docs/visibility.md shows real commands with what they really print.

usage: visibility.py TOP CORDON-LITMUS CORDON-CHECK CORDON-BENCH

Each command (a line "    $ ...", with the lines that carry it on if it has an open quotation) is run in TOP, and must print
what stands below it. "..." there stands for any lines. Numbers are compared only where they follow a file's name. Then
docs/visibility.ko.md must show the same commands and outputs. A command that needs what is not here is left out: a
cross compiler, a second CPU, an x86.
"""
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time

TOP, TOOLS = os.path.abspath(sys.argv[1]), [os.path.abspath(tool) for tool in sys.argv[2:]]


def blocks(path):
    """(command, lines printed) for each."""
    found, inside = [], False
    for line in open(path, encoding="utf-8"):
        line = line.rstrip("\n")
        if not (line.startswith("    ") or (line == "" and inside)):
            inside = False
        elif line.startswith("    $ "):
            found.append((line[6:], []))
            inside = True
        elif inside and found[-1][0].count("'") % 2:
            found[-1] = (found[-1][0] + "\n" + line[4:], [])
        elif inside:
            found[-1][1].append(line[4:])
    return [(command, trim(lines)) for command, lines in found]


def trim(lines):
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def steady(line):
    line = re.sub(r"(?<![.\w])\d[\d.]*(?: [kMG]\b)?", "N", line) if not re.match(r"\s*\S+\.[ch]:\d", line) else line
    line = re.sub(r" \(< N\)", "", line)  # how small a difference might have hidden
    if "[N, N]" in line:
        line = line.replace("~0", "N [N, N]")  # of a row with figures a cell may be within the noise, or not
    return re.sub(r"\s+", " ", line).strip()


def agrees(shown, printed):
    """The shown lines, with gaps, cover the printed ones."""
    pattern = ""
    for line in shown:
        pattern += r"(?:.*\n)*?" if line == "..." else re.escape(steady(line)) + r"\n"
    return re.fullmatch(pattern, "".join(steady(line) + "\n" for line in printed)) is not None


def possible(command):
    if "aarch64" in command:
        return shutil.which("aarch64-linux-gnu-gcc") is not None
    two = "cordon-litmus" in command or "cordon-bench" in command
    return not two or len(os.sched_getaffinity(0)) > 1


def main():
    page = os.path.join(TOP, "docs", "visibility.md")
    shown = blocks(page)
    twin = blocks(page.replace(".md", ".ko.md"))
    failed = [] if shown == twin else ["the Korean page shows other commands or outputs"]
    if len(shown) < 10:
        failed.append("only %d commands found" % len(shown))
    if platform.machine() not in ("x86_64", "AMD64") or not shutil.which("cc"):
        print("what is printed was seen on x86-64, with cc")
        sys.exit(1 if failed else 77)
    with tempfile.TemporaryDirectory() as work:
        for tool in TOOLS:
            os.symlink(tool, os.path.join(work, os.path.basename(tool)))
        os.symlink(os.path.join(TOP, "docs"), os.path.join(work, "docs"))
        environment = dict(os.environ, LC_ALL="C", PATH=work + ":" + os.environ["PATH"], CPATH=os.path.join(TOP, "include"))
        for command, lines in shown:
            if not possible(command):
                print("left out: " + command)
                continue
            for attempt in range(6):  # on a busy machine two cores may not meet in one second
                time.sleep(attempt)
                run = subprocess.run(command, shell=True, cwd=work, env=environment, capture_output=True, text=True, timeout=120)
                printed = trim(run.stdout.splitlines())
                if agrees(lines, printed):
                    break
            else:
                failed.append("$ %s\nprinted (exit status %d):\n%s\n%s" % (command, run.returncode, run.stdout, run.stderr))
    for one in failed:
        print("FAILED: docs/visibility.md: " + one)
    sys.exit(1 if failed else 0)


main()
