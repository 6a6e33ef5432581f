"""prove.py - hold the library to what it claims of itself, by exploring the clients in this folder.

usage: prove.py list quick|full                       names of the variants, one a line
       prove.py run NAME DIR [TOOL [CC]]              explore one; DIR/NAME.json keeps what was found
       prove.py check DIR TABLE                       judge everything that DIR holds
       prove.py write DIR TABLE                       the same, and write TABLE

A client's head comment says how it is explored, each in a line of its own:

    with: src/wait.c                   sources of the library that take part
    quick: -DCASE=1                    three threads enter       in the test command
    full: -DCASE=5 --no-mutate         four threads              in the preset `proof` only
    exempt: mcs.h R2 -> mcs.h A0: why  what `check` would complain of, and is right; goes on in lines
                                       that are indented further

Words that begin with -D are the compiler's, those that begin with -- are options of cordon-check; with
--no-mutate no order is weakened. The rest tells a reader what it is. Variants are numbered: mcs.1.

`check` demands, of the variants marked quick taken together:
  - that every execution is right;
  - that every pair of labels (A0 <- R0) in the headers and sources was seen to synchronise, and that
    whatever was seen to synchronise is such a pair (but a fence of one primitive may pick up what its
    thread did with another: that no primitive can know);
  - that every order stronger than relaxed was executed, and each weakening of it by one step noticed;
  - that the table says just this.
What is exempted is named as the complaint names it; an exemption that is not needed is an error. For
what synchronises, a fence of fence.h is the line of the library that calls it.
"""
import collections
import difflib
import functools
import glob
import hashlib
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
STRONG = re.compile(r"memory_order_(?:acquire|release|acq_rel|seq_cst)")
OPERATION = re.compile(r"\b(?:atomic_\w+_explicit|cordon_thread_fence)\s*\(")
LABEL = re.compile(r"([ARF]\d+) (<->|<-|->) (.*)")
PARTNER = re.compile(r"(?:[\w/]+\.[ch] )?[ARF]\d+|caller")


def die(text):
    sys.exit("prove.py: " + text)


# The clients.

EXEMPT = {}  # what: (why, client)
Variant = collections.namedtuple("Variant", "name client sources quick flags options mutate what")


def read_clients():
    variants = {}
    for path in sorted(glob.glob(os.path.join(HERE, "*.c"))):
        client = os.path.basename(path)[:-2]
        with open(path, encoding="utf-8") as file:
            head = file.read().split("*/")[0]
        head = re.sub(r"\n \*    +", " ", head)
        sources, number = [], 0
        for line in head.splitlines():
            match = re.match(r" \* (with|quick|full|exempt):\s*(.*)", line)
            if match is None:
                continue
            words = match.group(2).split()
            if match.group(1) == "exempt":
                what, _, why = match.group(2).partition(": ")
                if not why:
                    die(f"{path}: `{what}` is exempt: why? (` * exempt: what: why`)")
                EXEMPT[" ".join(what.split())] = (why, client)
                continue
            if match.group(1) == "with":
                sources += words
                continue
            number += 1
            flags = [word for word in words if word.startswith("-D")]
            options = [word for word in words if word.startswith("--")]
            what = " ".join(word for word in words if not word.startswith("-"))
            name = f"{client}.{number}"
            if not what:
                die(f"{path}: {name}: say what it is")
            variants[name] = Variant(name, client, sources, match.group(1) == "quick", flags,
                                     [o for o in options if o != "--no-mutate"],
                                     "--no-mutate" not in options, what)
        if number == 0:
            die(f"{path}: a head comment with ` * quick: ...` or ` * full: ...` is missing")
    return variants


@functools.lru_cache(maxsize=None)
def contents(path):
    with open(path, "rb") as file:
        return file.read()


def included(path, into):
    """This file, and all of ours that it includes."""
    if path not in into and os.path.exists(path):
        into.add(path)
        for name in re.findall(rb'^#include ["<]([\w/.]+)[">]', contents(path), re.MULTILINE):
            for directory in (os.path.dirname(path), os.path.join(TOP, "include")):
                included(os.path.join(directory, name.decode()), into)


def compiled(variant):
    paths = set()
    for path in [os.path.join(HERE, variant.client + ".c")] + [
            os.path.join(TOP, source) for source in variant.sources]:
        included(path, paths)
    return paths


def digest(variant):
    """Of everything that is compiled: what was found of other sources says nothing of these."""
    paths = compiled(variant)
    total = hashlib.sha256(" ".join(variant.flags + variant.options).encode())
    for path in sorted(paths):
        total.update(contents(path))
    return total.hexdigest()


def run(variant, directory, tool="build/dev/litmus/check/cordon-check", compiler="gcc"):
    if not os.path.exists(os.path.join(TOP, tool)):
        die(f"{tool}: no such program: cmake --preset dev && cmake --build --preset dev makes cordon-check")
    os.makedirs(directory, exist_ok=True)
    sources = digest(variant)
    result = os.path.join(os.path.abspath(directory), variant.name + ".json")
    raw = result + ".part"
    command = [tool, "-j1", "-O", "2", "--cc", compiler, "--edges"]
    command += ["--mutate"] if variant.mutate else []
    command += variant.options + [f"litmus/primitives/{variant.client}.c"] + variant.sources
    command += ["--", "-std=c11", "-Iinclude"] + variant.flags
    print(" ".join(command), flush=True)
    for path in (result, raw):
        if os.path.exists(path):
            os.remove(path)
    status = subprocess.run(command[:1] + [f"--json={raw}"] + command[1:], cwd=TOP,
                            check=False).returncode
    if not os.path.exists(raw):
        die(f"{variant.name}: cordon-check: exit {status}")
    with open(raw, encoding="utf-8") as file:
        found = json.load(file)
    version, banner = (subprocess.run([compiler] + asked, check=True, text=True,
                                      capture_output=True).stdout
                       for asked in (["-dumpfullversion", "-dumpversion"], ["--version"]))
    family = "clang" if "clang" in banner else "gcc"
    with open(raw, "w", encoding="utf-8") as file:
        json.dump({"compiler": f"{family} {version.strip()}", "digest": sources,
                   "check": found}, file)
    os.rename(raw, result)
    verdict = found["levels"][0]["verdict"]
    unanswered = [mutant for mutant in found.get("mutants", []) if mutant["outcome"] == "no-answer"]
    if verdict != "verified":
        die(f"{variant.name}: {verdict}")
    if unanswered:
        die(f"{variant.name}: no answer for {len(unanswered)} mutants; --no-mutate?")


# The sources: statements, what they order, and how they are labelled.

Statement = collections.namedtuple("Statement", "file first last function labels orders text home")


def split_comments(text):
    """Line by line: the code, strings emptied, and the comments."""
    code, comment, inside = [], [], None
    code_line, comment_line, i = "", "", 0
    while i < len(text):
        two, c = text[i:i + 2], text[i]
        if c == "\n":
            code.append(code_line)
            comment.append(comment_line)
            code_line = comment_line = ""
        elif inside == "*/":
            if two == "*/":
                inside, i = None, i + 1
                comment_line += ";" # what a label says ends with its comment
            else:
                comment_line += c
        elif inside is not None:
            if c == "\\":
                i += 1
            elif c == inside:
                inside = None
                code_line += c
        elif two == "/*":
            inside, i = "*/", i + 1
        elif two == "//":
            end = text.find("\n", i)
            comment_line += text[i + 2:end]
            i = end - 1
        else:
            if c in "\"'":
                inside = c
            code_line += c
        i += 1
    return code, comment


def read_labels(comment, base):
    """{label: [partners]}, both as ("mutex.h", "A0") or "caller"."""
    labels = {}
    for part in comment.split(";"):
        match = LABEL.match(part.strip())
        if match is None:
            continue
        partners = []
        for partner in re.split(r",\s*", match.group(3)):
            found = PARTNER.match(partner)
            if found is None:
                break
            words = found.group().split()
            partners.append("caller" if words == ["caller"] else
                            (os.path.basename(words[0]) if len(words) > 1 else base, words[-1]))
        labels[base, match.group(1)] = partners
    return labels


def read_statements(path):
    with open(path, encoding="utf-8") as file:
        code, comment = split_comments(file.read())
    base, statements, text, labels, function, first = os.path.basename(path), [], "", {}, "", None
    name = os.path.relpath(path, TOP)
    macros = {}
    for number, line in enumerate(code, 1):
        start = re.match(r"(?:#\s*define\s+|[A-Za-z][\w\s*]*?[\s*])(\w+)\(", line) or re.match(
            r"([a-z]\w*)\(", line)  # its type may stand in the line before
        if start and not line.rstrip().endswith(";"):
            function = start.group(1)
        if line.strip(" \t\\"):
            labels.update(read_labels(comment[number - 1], base))
            first = first or number
            text += " " + line
        if text and (re.search(r"[;{}]\s*\\?\s*$", line) or
                     (re.match(r"\s*#", line) and not line.endswith("\\"))):
            orders = sum(1 for part in re.split(OPERATION, text)[1:] if STRONG.search(part))
            statements.append(Statement(name, first, number, function, labels, orders, text, first))
            if labels and not text.strip().startswith("#") and function.isupper():
                macros.setdefault(function, []).append(statements[-1])
            text, labels, first = "", {}, None
    # What a macro defines has the line of its use.
    for number, line in enumerate(code, 1):
        use = re.match(r"(\w+)\(.*\)\s*$", line)
        if use and use.group(1) in macros:
            for of in macros[use.group(1)]:
                statements.append(of._replace(first=number, last=number, orders=0))
    return statements


class Sources:
    def __init__(self):
        paths = glob.glob(os.path.join(TOP, "include/cordon/**/*.h"), recursive=True)
        paths += glob.glob(os.path.join(TOP, "src/*.c"))
        self.statements = {}
        self.partners = {}
        self.homes = {}
        self.calls = collections.defaultdict(dict)  # labels of whoever calls a fence of the library
        for path in sorted(paths):
            found = read_statements(path)
            self.statements[os.path.relpath(path, TOP)] = found
            for statement in found:
                self.partners.update(statement.labels)
                for label in statement.labels:
                    self.homes.setdefault(label, statement)
                for fence in re.findall(r"\bcordon_fence_\w+(?=\()", statement.text):
                    self.calls[fence].update(statement.labels)

    def find(self, file, line):
        """The statement at this place, or None if it is not of the library."""
        candidates = [s for s in self.statements.get(file or "", ()) if s.first <= line <= s.last]
        if file in self.statements and not candidates:
            die(f"{file}:{line}: no statement there: were the sources changed since the run?")
        return max(candidates, key=lambda s: (s.orders > 0 or bool(s.labels), s.first), default=None)

    def caller(self, statement):
        """A fence of fence.h is its caller's; a system call's order is the kernel's: None."""
        if statement is None or "syscall(" in statement.text:
            return None
        if os.path.basename(statement.file) in ("fence.h", "fence.c"):
            labels = self.calls[statement.function]
            return statement._replace(labels=labels) if labels else None
        return statement


def side(statement, letters):
    return [label for label in statement.labels if label[1][0] in letters]


def primitive(statement):
    """The primitive that its labels belong to: eventcount, of eventcount.h and eventcount.c."""
    return next(iter(statement.labels), (os.path.basename(statement.file), ""))[0].rpartition(".")[0]


def is_fence(statement):
    return re.search(r"_fence(_\w+)?\(", statement.text) is not None


def called(statement, letters="ARF"):
    """How tables and exceptions name a statement: by its label, or else its function."""
    labels = side(statement, letters) or side(statement, "ARF")
    if not labels:
        return f"{os.path.basename(statement.file)} {statement.function}"
    return " ".join([labels[0][0]] + [label[1] for label in labels])


# What was found, held against what is claimed.

class Proof:
    def __init__(self, directory, variants):
        self.sources = Sources()
        self.variants = variants
        self.results = {}
        self.compilers = set()
        self.complaints = []
        self.edges = collections.defaultdict(dict)   # (label, label): {variant: executions}
        self.mutants = {}                            # (place, change): who noticed it, and who not
        self.used = set()
        for name, variant in variants.items():
            path = os.path.join(directory, name + ".json")
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    found = json.load(file)
                if found["digest"] != digest(variant):
                    self.complain(f"{name}: the sources have changed since it was run")
                    continue
                self.results[name] = found["check"]
                self.compilers.add(found["compiler"])
            elif variant.quick:
                self.complain(f"{name}: not run, or it failed: see prove.py run {name}")

    def complain(self, text):
        if text not in self.complaints:
            self.complaints.append(text)

    def excused(self, key):
        self.used.add(key)
        return key in EXEMPT

    def judge(self):
        for name, result in self.results.items():
            level = result["levels"][0]
            if level["verdict"] != "verified" or level["complete"] == 0:
                self.complain(f"{name}: {level['verdict']}")
            if self.variants[name].quick:
                self.read_edges(name, result["levels"][0]["edges"])
                self.read_mutants(name, result.get("mutants", []))
        self.judge_pairs()
        self.judge_mutants()
        for key, (_, client) in EXEMPT.items():
            if key not in self.used:
                self.complain(f"{client}.c: exempt, but it need not be: {key}")

    def pairs_of(self, edge):
        """The statements that synchronised, or None, and the pairs of labels that say so."""
        ends = [self.sources.find(edge[end]["file"], edge[end]["line"] or 0)
                for end in ("release", "acquire")]
        ends = [self.sources.caller(end) for end in ends]
        if None in ends:
            return None, []
        return ends, [(r, a) for r in side(ends[0], "RF") for a in side(ends[1], "AF")
                      if a in self.sources.partners[r] or r in self.sources.partners[a]]

    def pairs_seen(self, edges):
        return len({pair for edge in edges for pair in self.pairs_of(edge)[1]})

    def read_edges(self, name, edges):
        for edge in edges:
            ends, pairs = self.pairs_of(edge)
            if ends is None:
                continue
            release, acquire = ends
            for pair in pairs:
                self.edges[pair][name] = self.edges[pair].get(name, 0) + edge["executions"]
            key = f"{called(release, 'RF')} -> {called(acquire, 'AF')}"
            strangers = primitive(release) != primitive(acquire)
            if strangers and (is_fence(release) or is_fence(acquire)):
                continue
            if not pairs and not self.excused(key):
                self.complain(f"{name}: seen, and not labelled: {key} ({release.file}:"
                              f"{edge['release']['line']}, {acquire.file}:{edge['acquire']['line']})")

    def read_mutants(self, name, mutants):
        for mutant in mutants:
            statement = self.sources.find(mutant["file"], mutant["line"])
            if statement is None:
                continue
            change = f"{mutant['operation']} {mutant['order']} -> {mutant['new_order']}"
            if mutant["order"] == mutant["new_order"]:
                change = f"{mutant['operation']}, failing: {mutant['failure']} -> {mutant['new_failure']}"
            place = (statement.file, mutant["line"], mutant["column"])
            entry = self.mutants.setdefault((place, change), {"at": statement, "by": {}, "alive": []})
            if mutant["outcome"] == "killed":
                entry["by"][name] = mutant["finding"]
            else:
                entry["alive"].append(name)

    def judge_pairs(self):
        for label, partners in self.sources.partners.items():
            home = self.sources.homes[label]
            if home.orders == 0 and "cordon_fence_" not in home.text:
                self.complain(f"{' '.join(label)}: a label where nothing is ordered ({home.file}:{home.first})")
            if not partners:
                self.complain(f"{' '.join(label)}: a label that names no partner ({home.file}:{home.first})")
            for partner in partners:
                if partner == "caller":
                    continue
                seen = (self.edges.get((label, partner)) or self.edges.get((partner, label)))
                if not seen:
                    ends = (partner, label) if label[1][0] == "A" else (label, partner)
                    key = f"{' '.join(ends[0])} -> {' '.join(ends[1])}"
                    if not self.excused(key):
                        self.complain(f"never seen to synchronise: {key} "
                                      f"({self.sources.homes[label].file}:{self.sources.homes[label].first})")

    def uses(self, name, statement):
        """What a fence of the library is for is shown by a client of its caller, not of the fence."""
        callers = {self.sources.homes[label].file for label in self.sources.calls[statement.function]}
        if os.path.basename(statement.file) not in ("fence.h", "fence.c") or not callers:
            return True
        files = {os.path.relpath(path, TOP) for path in compiled(self.variants[name])}
        return not callers.isdisjoint(files)

    def judge_mutants(self):
        for (place, change), entry in self.mutants.items():
            key = f"{called(entry['at'])} {change}"
            by = [name for name in entry["by"] if self.uses(name, entry["at"])]
            if not by and not self.excused(key):
                self.complain(f"survives: {key} ({place[0]}:{place[1]}:{place[2]}; "
                              f"explored in {' '.join(sorted(set(entry['alive'])))})")
        mutated = collections.defaultdict(set)
        for place, _ in self.mutants:
            for statement in self.sources.statements[place[0]]:
                if statement.first <= place[1] <= statement.last:
                    mutated[statement.file, statement.home].add(place)
        for statements in self.sources.statements.values():
            for statement in statements:
                if len(mutated[statement.file, statement.home]) < statement.orders:
                    key = f"{called(statement)} unexecuted"
                    if not self.excused(key):
                        self.complain(f"an order that no client executes: {key} "
                                      f"({statement.file}:{statement.first})")


# The table.

HEAD = """# What is proved

Generated by `scripts/prove`; do not edit. Each claim of order in the headers and sources is held against
executions: [cordon-check](check.md) explores the clients in [litmus/primitives/](../litmus/primitives/),
each in all executions that RC11 allows, and [prove.py](../litmus/primitives/prove.py) demands that

- each is right in every execution, waits that must end included;
- each pair of labels in the sources (`A0 <- R0`) was seen to synchronise, and whatever synchronised is
  such a pair;
- every order stronger than relaxed was executed, and each weakening of it by one step was noticed by a
  client: a *killed* mutant.

What does not hold so is listed at the end, with the reason. A client proves what it does with the threads and
operations that it has, not more: the threads are few and their operations too. The tests repeat the quick
rows, `./scripts/prove` all of them, and writes this page; one row, here `mcs.1`, is repeated by

    python3 litmus/primitives/prove.py run mcs.1 build/proof build/dev/litmus/check/cordon-check gcc

which prints the command. Compiled by {compiler}, -O2; another compiler's code may have other executions.
"""


class Table:
    def __init__(self, proof, old):
        self.proof = proof
        self.old = {}  # name: (what, line)
        for line in old.splitlines():
            match = re.match(r"\| (\w+\.\d+) \| (.*? \| .*?) \| \d", line)
            if match:
                self.old[match.group(1)] = (match.group(2), line)

    def row(self, name):
        variant, result = self.proof.variants[name], self.proof.results.get(name)
        flags = " ".join(f"`{word}`" for word in variant.flags + variant.options) or "–"
        if result is None:
            what, line = self.old.get(name, (None, None))
            if what != f"{variant.what} | {flags}":
                self.proof.complain(f"{name}: not in the table, and not run: ./scripts/prove runs all")
                return f"| {name} | {variant.what} | {flags} | | | | | | | | |"
            return line
        level = result["levels"][0]
        ours = [m for m in result.get("mutants", []) if m["file"] in self.proof.sources.statements]
        killed = sum(1 for m in ours if m["outcome"] == "killed")
        edges = self.proof.pairs_seen(level["edges"])
        return "| " + " | ".join([
            name, variant.what, flags, str(level["threads"] - 1), f"{level['complete']:,}",
            f"{level['blocked']:,}", result["model"].upper(), level["bounds"], str(edges),
            f"{killed}/{len(ours)}" if variant.mutate else "–",
            "quick" if variant.quick else "full"]) + " |"

    def clients(self):
        lines, last = [], None
        for name, variant in self.proof.variants.items():
            if variant.client != last:
                last = variant.client
                lines += ["", f"### [{last}](../litmus/primitives/{last}.c)", "",
                          "| client | what it explores | compiled with | threads | executions | blocked | model | bounds | pairs seen | killed | set |",
                          "|---|---|---|---|---|---|---|---|---|---|---|"]
            lines.append(self.row(name))
        return lines

    def orders(self):
        by_file = collections.defaultdict(list)
        changes = collections.defaultdict(list)
        for (place, change), entry in self.proof.mutants.items():
            changes[place].append((change, entry))
        for (file, _, _), entries in sorted(changes.items()):
            statement = entries[0][1]["at"]
            seen = []
            for label in statement.labels:
                for partner in self.proof.sources.partners[label]:
                    found = (self.proof.edges.get((label, partner)) or
                             self.proof.edges.get((partner, label)))
                    if found and partner != "caller":
                        home = "" if partner[0] == label[0] else partner[0] + " "
                        seen.append(f"{label[1]} with {home}{partner[1]} ({sum(found.values()):,})")
            weaker = []
            for change, entry in sorted(entries, key=lambda e: e[0]):
                operation, _, new = change.partition(" -> ")
                by = sorted(entry["by"].items(), key=lambda e: order_of(e[0]))
                weaker.append(f"{new}: {by[0][1].replace('-', ' ')} in {by[0][0]}" +
                              (f" and {len(by) - 1} more" if len(by) > 1 else "")
                              if by else f"{new}: survives, see below")
            operation = sorted(entries, key=lambda e: e[0])[0][0].partition(" -> ")[0]
            row = (statement.function, operation, "; ".join(seen) or "–", "; ".join(weaker))
            if row not in by_file[file]:
                by_file[file].append(row)
        lines = []
        for file, rows in sorted(by_file.items()):
            lines += ["", f"### {file}", "", "| where | order | seen to synchronise (executions) | weaker by one step |",
                      "|---|---|---|---|"]
            lines += ["| " + " | ".join(f"`{cell}`" if i == 0 else cell for i, cell in enumerate(row)) + " |"
                      for row in rows]
        return lines

    def unproved(self, what):
        """The orders of what no client executes: a change of them changes the table at least."""
        orders = [order for statements in self.proof.sources.statements.values()
                  for statement in statements if what == f"{called(statement)} unexecuted"
                  for order in re.findall(STRONG, statement.text)]
        return f" ({', '.join(orders)})" if orders else ""

    def text(self):
        proof = self.proof
        killed = sum(1 for entry in proof.mutants.values() if entry["by"])
        quick = [name for name in proof.results if proof.variants[name].quick]
        lines = [HEAD.format(compiler=" and ".join(sorted(proof.compilers))),
                 f"In all {len(proof.variants)} programs, {len(quick)} of them quick, which together kill "
                 f"{killed} of {len(proof.mutants)} mutants.",
                 "", "## Clients", "",
                 "*Executions* came to their end; in *blocked* ones a thread waits for what comes in another. *Pairs*",
                 "are pairs of labels that synchronised, *killed* the mutants of the library that this client noticed",
                 "(– where it is too large to be tried with each)."]
        lines += self.clients()
        lines += ["", "## Orders", "",
                  "Each operation of the library that has an order, by function; what the quick clients together saw of it,",
                  "and what became of it when it was weaker. An operation that is compiled into several places is one."]
        lines += self.orders()
        lines += ["", "## Exempt", "", "| what | why | stated in |", "|---|---|---|"]
        lines += [f"| {what}{self.unproved(what)} | {why} | {client}.c |"
                  for what, (why, client) in EXEMPT.items()]
        return "\n".join(lines) + "\n"


def order_of(name):
    client, _, number = name.rpartition(".")
    return client, int(number)


def compare(proof, path):
    """The table, as it should be, held against the one that is there."""
    old = ""
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            old = file.read()
    new = Table(proof, old).text()
    return old, new


def main(words):
    variants = read_clients()
    if len(words) == 2 and words[0] == "list" and words[1] in ("quick", "full"):
        print("\n".join(name for name, v in variants.items() if v.quick or words[1] == "full"))
    elif len(words) in (3, 4, 5) and words[0] == "run":
        if words[1] not in variants:
            die(f"there is no {words[1]}; there are " + " ".join(variants))
        run(variants[words[1]], *words[2:])
    elif len(words) == 3 and words[0] in ("check", "write"):
        proof = Proof(words[1], variants)
        proof.judge()
        old, new = compare(proof, words[2])
        if words[0] == "write":
            with open(words[2], "w", encoding="utf-8") as file:
                file.write(new)
        elif not all(f"Compiled by {compiler}," in old for compiler in proof.compilers) and old:
            print(f"{words[2]} is of another compiler: not compared")
        elif old != new and not proof.complaints:
            proof.complain(f"{words[2]} is stale; ./scripts/prove writes it anew:\n" + "\n".join(
                list(difflib.unified_diff(old.splitlines(), new.splitlines(), "is", "should be",
                                          lineterm="", n=0))[:40]))
        for complaint in proof.complaints:
            print(complaint)
        sys.exit(1 if proof.complaints else 0)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
