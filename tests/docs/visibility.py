"""visibility.py - docs/visibility.md shows real commands with what they really print.

usage: visibility.py TOP CORDON-LITMUS CORDON-CHECK CORDON-BENCH

Each command (a line "    $ ...", with the lines that carry it on if it has an open quotation) is run in TOP, and must print
what stands below it. "..." there stands for any lines. What a machine, a compiler or the moment decides is not compared:
numbers (except where they follow a file's name), which outcomes were seen, and of the tables of cordon-bench anything but
how each line begins. Then docs/visibility.ko.md must show the same commands and outputs. A command that needs what is not
here is left out: a cross compiler, a second CPU, an x86, a compiler that keeps the loop that it has spoilt.
"""
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile

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
    """The line without what differs from machine to machine and from run to run."""
    line = re.sub(r"(?<![.\w])\d[\d.]*(?: [kMG]\b)?", "N", line) if not re.match(r"\s*\S+\.[ch]:\d", line) else line
    line = re.sub(r" \(mutants: .*\)$|(?<=^Mutants: ).*", "", line)  # of a busy machine some may not have run
    line = re.sub(r"allowed, (not )?seen", "allowed, seen or not", line)
    return re.sub(r"\s+", " ", line).strip()


def the_loop(lines):
    """Of the assembly of the spoilt loop: whose it is, and that it ends in a jump to itself."""
    label, jump = (lines[-2].strip(), lines[-1].split()) if len(lines) > 2 else ("", [])
    return [lines[0] if lines else "", "a jump to itself" if jump == ["jmp", label.rstrip(":")] else "no such loop"]


def histogram(lines):
    """(outcomes, other lines) of a run: the outcomes that the moment let be seen, and then whether the one asked for was."""
    row = re.compile(r"\d+ *([*:]>.*)")
    rows = {row.fullmatch(line).group(1) for line in lines if row.fullmatch(line)}
    return rows, [re.sub(r"^(Ok|No)$", "Ok or No", line) for line in lines if not row.fullmatch(line)]


def beginnings(lines):
    """How the lines of cordon-bench begin; the rows of all pairs of CPUs count as one."""
    words = [steady(line).split(" ")[0] for line in lines]
    return [word for i, word in enumerate(words) if word != "N," or words[i - 1] != word]


def agrees(command, shown, printed):
    """The shown lines, with gaps, cover the printed ones."""
    if " -S docs/" in command:
        shown, printed = the_loop(shown), the_loop(printed)
    elif "cordon-bench" in command:
        shown, printed = beginnings(shown), beginnings(printed)
    elif "cordon-litmus" in command:
        (known, shown), (seen, printed) = histogram(shown), histogram(printed)
        if not seen <= known:
            return False
    elif "aarch64" in command:  # which registers
        shown, printed = ([re.sub(r"\b([wx])\d+", r"\1", line) for line in lines] for lines in (shown, printed))
    pattern = ""
    for line in shown:
        pattern += r"(?:.*\n)*?" if line == "..." else re.escape(steady(line)) + r"\n"
    return re.fullmatch(pattern, "".join(steady(line) + "\n" for line in printed)) is not None


def possible(command):
    if "aarch64" in command:
        return shutil.which("aarch64-linux-gnu-gcc") is not None
    if "flag.c" in command and "-DATOMIC" not in command:  # clang leaves the loop out: it may take it to end
        return "clang" not in subprocess.run(["cc", "--version"], capture_output=True, text=True).stdout
    cpus = len(os.sched_getaffinity(0))
    if "cordon-bench c2c" in command:
        return 2 <= cpus <= 8  # of more there is no list of pairs
    return cpus >= 2 or not ("cordon-litmus" in command or "cordon-bench" in command)


def unfit(command, run):
    """The tool says itself that it cannot measure here: threads cannot be pinned, this is an emulator."""
    if run.returncode != 3 or not command.startswith("cordon-"):
        return False
    print("left out: %s: %s" % (command, run.stderr.strip()))
    return True


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
            for attempt in range(3):  # the machine may be so busy that a thread does not run for a second
                run = subprocess.run(command, shell=True, cwd=work, env=environment, capture_output=True, text=True, timeout=120)
                printed = trim(run.stdout.splitlines())
                if agrees(command, lines, printed) or unfit(command, run):
                    break
            else:
                failed.append("$ %s\nprinted (exit status %d):\n%s\n%s" % (command, run.returncode, run.stdout, run.stderr))
    for one in failed:
        print("FAILED: docs/visibility.md: " + one)
    sys.exit(1 if failed else 0)


main()
