"""assembly.py [--write] DIRECTORY... - the tests of litmus/assembly against their processors' models.

For each test all candidate executions are enumerated (what each load reads from, in which order each location is
stored to), and those kept that the model's axioms allow: x86-TSO (Owens, Sarkar, Sewell, TPHOLs 2009), Armv8
(Pulte, Flur, Deacon, French, Sarkar, Sewell, POPL 2018), RVWMO (The RISC-V Instruction Set Manual, chapter "RVWMO").
The final states have to be those of the directory's expected.log, and what the test's own line (TSO=, AArch64=,
RVWMO=), written by hand, says of its condition has to be so. --write writes the logs instead.
"""
import itertools
import pathlib
import re
import sys

MODELS = {"X86": "TSO", "X86_64": "TSO", "AArch64": "AArch64", "RISCV": "RVWMO"}


class Test:
    def __init__(self, path):
        text = path.read_text()
        self.arch, self.name = text.split("\n", 1)[0].split()
        self.info = dict(re.findall(r"^(\w+)=(.*)$", text, re.M))
        init = re.search(r"\{(.*?)\}", text, re.S).group(1)
        table, self.condition = re.search(r"\}\s*(.*)\nexists \((.*)\)", text, re.S).groups()
        self.regs = {}  # (thread, register): a number, or a location's name
        for thread, reg, value in re.findall(r"(\d+):(\w+)=(\w+)", init):
            self.regs[int(thread), self.canonical(reg)] = int(value) if value.isdigit() else value
        rows = [[cell.strip() for cell in row.split("|")] for row in table.split(";")[:-1]]
        self.threads = [[row[i] for row in rows[1:] if row[i]] for i in range(len(rows[0]))]
        self.atoms = [atom.strip() for atom in self.condition.split("/\\")]

    def canonical(self, reg):
        reg = reg.lower().lstrip("%")
        if self.arch.startswith("X86"):
            return "r" + reg[1:] if reg[0] in "er" else reg
        if self.arch == "AArch64":
            return "x" + reg[1:]
        return {"a": lambda n: f"x{10 + n}"}.get(reg[0], lambda n: reg)(int(reg[1:]))


class Event:
    def __init__(self, kind, loc=None, value=None, marks=(), addr=(), data=(), ctrl=()):
        self.kind, self.loc, self.value, self.marks = kind, loc, value, frozenset(marks)
        self.addr, self.data, self.ctrl = frozenset(addr), frozenset(data), frozenset(ctrl)
        self.thread = self.index = self.rmw = None


class Thread:
    """One run of one thread, given what its loads read."""

    def __init__(self, test, index, reads):
        self.test, self.index, self.reads = test, index, list(reads)
        self.value, self.source = {}, {}  # of a register; which loads it depends on
        self.events, self.ctrl = [], frozenset()
        for (thread, reg), value in test.regs.items():
            if thread == index:
                self.value[reg] = value
        for instruction in test.threads[index]:
            self.step(instruction)

    def get(self, reg):
        reg = self.test.canonical(reg)
        if self.test.arch == "RISCV" and reg == "x0":
            return 0, frozenset()
        return self.value.get(reg, 0), self.source.get(reg, frozenset())

    def set(self, reg, value, source=frozenset()):
        reg = self.test.canonical(reg)
        if not (self.test.arch == "RISCV" and reg == "x0"):
            self.value[reg], self.source[reg] = value, source

    def add(self, event):
        event.thread, event.index = self.index, len(self.events)
        event.ctrl = self.ctrl
        self.events.append(event)
        return event

    def load(self, loc, addr, marks=()):
        return self.add(Event("R", loc, self.reads.pop(0) if self.reads else None, marks, addr))

    def step(self, text):
        name, _, rest = text.replace("\t", " ").partition(" ")
        arguments = [a.strip() for a in re.split(r",(?![^\[(]*[\])])", rest)] if rest.strip() else []
        {"AArch64": self.aarch64, "RISCV": self.riscv}.get(self.test.arch, self.x86)(name.lower(), arguments)

    # x86: location or register of an operand
    def memory(self, operand):
        inside = re.fullmatch(r"[\[(]%?(\w+)[\])]", operand)
        if not inside:
            return None
        value = self.get(inside.group(1))[0]
        return value if isinstance(value, str) else inside.group(1)

    def x86(self, name, arguments):
        locked = name == "lock"
        if locked:
            name, _, first = arguments[0].partition(" ")
            arguments[0] = first
        if name == "mfence":
            self.add(Event("F", marks=["mfence"]))
            return
        name = name.rstrip("l") if name != "mfence" else name
        source, target = arguments if self.test.arch == "X86_64" else reversed(arguments)
        to, of = self.memory(target), self.memory(source)
        if name == "mov" and to:
            value = (int(source[1:]), frozenset()) if source[0] == "$" else self.get(source)
            self.add(Event("W", to, value[0], data=value[1]))
        elif name == "mov" and of:
            read = self.load(of, ())
            self.set(target, read.value, frozenset([read]))
        elif name == "mov":
            self.set(target, int(source[1:]))
        elif name == "xchg" or (name == "add" and locked and source == "$0"):
            read = self.load(to, (), ["locked"])
            value = self.get(source)[0] if name == "xchg" else read.value
            write = self.add(Event("W", to, value, ["locked"]))
            read.rmw, write.rmw = write, read
            if name == "xchg":
                self.set(source, read.value, frozenset([read]))
        else:
            raise ValueError(f"{name} {arguments}")

    def aarch64(self, name, arguments):
        if name.endswith(":"):
            return
        if name in ("dmb", "isb"):
            self.add(Event("F", marks=[name + "." + (arguments[0].lower() if arguments else "sy")]))
        elif name == "mov":
            self.set(arguments[0], int(arguments[1][1:]))
        elif name == "eor" and arguments[1] == arguments[2]:
            self.set(arguments[0], 0, self.get(arguments[1])[1])
        elif name == "add" and arguments[2][0] == "#":
            value, source = self.get(arguments[1])
            self.set(arguments[0], None if value is None else value + int(arguments[2][1:]), source)
        elif name == "cbnz":  # to the next instruction
            self.ctrl = self.ctrl | self.get(arguments[0])[1]
        elif name in ("str", "stlr", "ldr", "ldar", "ldapr"):
            parts = arguments[1].strip("[]").split(",")
            loc, addr = self.get(parts[0])
            if len(parts) > 1:
                addr = addr | self.get(parts[1])[1]
            if name[0] == "s":
                value, source = self.get(arguments[0])
                self.add(Event("W", loc, value, ["L"] if name == "stlr" else [], addr, source))
            else:
                read = self.load(loc, addr, {"ldr": [], "ldar": ["A"], "ldapr": ["Q"]}[name])
                self.set(arguments[0], read.value, frozenset([read]))
        else:
            raise ValueError(f"{name} {arguments}")

    def riscv(self, name, arguments):
        if name.endswith(":"):
            return
        if name == "fence":
            self.add(Event("F", marks=["fence " + ",".join(arguments)]))
        elif name == "fence.tso":
            self.add(Event("F", marks=[name]))
        elif name == "xor" and arguments[1] == arguments[2]:
            self.set(arguments[0], 0, self.get(arguments[1])[1])
        elif name == "ori":
            value, source = self.get(arguments[1])
            self.set(arguments[0], None if value is None else value | int(arguments[2]), source)
        elif name == "add":
            (loc, addr), (_, more) = self.get(arguments[1]), self.get(arguments[2])
            self.set(arguments[0], loc, addr | more)
        elif name == "bne":
            self.ctrl = self.ctrl | self.get(arguments[0])[1] | self.get(arguments[1])[1]
        elif name in ("sw", "lw") or name.startswith("amo"):
            loc, addr = self.get(re.fullmatch(r"0?\((\w+)\)", arguments[-1]).group(1))
            if name == "sw":
                value, source = self.get(arguments[0])
                self.add(Event("W", loc, value, (), addr, source))
                return
            marks = [m for m in ("aq", "rl") if m in name.split(".")]
            read = self.load(loc, addr, marks if len(marks) == 2 else [m for m in marks if m == "aq"])
            self.set(arguments[0], read.value, frozenset([read]))
            if name != "lw":
                value, source = self.get(arguments[1])
                if name.startswith("amoor"):
                    value, source = None if read.value is None else read.value | value, source | {read}
                write = self.add(Event("W", loc, value, (marks if len(marks) == 2 else
                                       [m for m in marks if m == "rl"]) + ["amo"], addr, source))
                read.rmw, write.rmw = write, read
        else:
            raise ValueError(f"{name} {arguments}")


def before(a, b):
    return a.thread == b.thread and a.index < b.index


def between(execution, a, b, *marks):
    return any(f.kind == "F" and f.marks & set(marks) and before(a, f) and before(f, b) for f in execution)


def tso(events, all_events, rf):
    for a, b in itertools.permutations(events, 2):
        if before(a, b) and (a.kind, b.kind) != ("W", "R"):
            yield a, b
        elif before(a, b) and (between(all_events, a, b, "mfence") or "locked" in a.marks | b.marks or any(
                before(a, c) and before(c, b) and "locked" in c.marks for c in events)):
            yield a, b


def aarch64(events, all_events, rf):
    for a, b in itertools.permutations(events, 2):
        if not before(a, b):
            continue
        dependency = a in b.addr or a in b.data
        via = [c for c in events if c.kind == "R" and rf.get(c) is not None]
        isb = any(f.kind == "F" and "isb.sy" in f.marks and before(f, b) and
                  (a in f.ctrl or any(a in c.addr and before(c, f) for c in events)) for f in all_events)
        if (dependency or (b.kind == "W" and a in b.ctrl) or (b.kind == "R" and isb) or
                (b.kind == "W" and any(a in c.addr and before(c, b) for c in events)) or
                any(c is b and rf[c].thread == b.thread and a in rf[c].addr | rf[c].data for c in via)):
            yield a, b
        elif (between(all_events, a, b, "dmb.sy") or (a.kind == "R" and between(all_events, a, b, "dmb.ld")) or
              (a.kind == b.kind == "W" and between(all_events, a, b, "dmb.st")) or
              ("L" in a.marks and "A" in b.marks) or a.marks & {"A", "Q"} or "L" in b.marks):
            yield a, b


def riscv(events, all_events, rf):
    for a, b in itertools.permutations(events, 2):
        if not before(a, b):
            continue
        fences = [m for f in all_events if f.kind == "F" and before(a, f) and before(f, b) for m in f.marks]
        fenced = any((a.kind == "R" or b.kind == "W") if m == "fence.tso" else
                     a.kind.lower() in m[6:].split(",")[0] and b.kind.lower() in m[6:].split(",")[1] for m in fences)
        if (fenced or "aq" in a.marks or "rl" in b.marks or ("rl" in a.marks and "aq" in b.marks) or a.rmw is b or
                (b.kind == "W" and a.loc == b.loc) or a in b.addr or a in b.data or
                (b.kind == "W" and a in b.ctrl) or
                (b.kind == "R" and rf.get(b) is not None and rf[b].thread == b.thread and
                 (("amo" in rf[b].marks and rf[b] is a) or a in rf[b].addr | rf[b].data)) or
                (b.kind == "W" and any(a in c.addr and before(c, b) for c in events))):
            yield a, b


ORDERS = {"TSO": tso, "AArch64": aarch64, "RVWMO": riscv}


def acyclic(nodes, edges):
    after = {n: set() for n in nodes}
    for a, b in edges:
        after[a].add(b)
    left = set(nodes)
    while left:
        ends = {n for n in left if not after[n] & left}
        if not ends:
            return False
        left -= ends
    return True


def executions(test):
    """All candidates: the events, what each load reads from (None: the initial value), the stores' orders."""
    counts = [len([e for e in Thread(test, i, ()).events if e.kind == "R"]) for i in range(len(test.threads))]
    for reads in itertools.product(*[itertools.product((0, 1, 2), repeat=n) for n in counts]):
        threads = [Thread(test, i, r) for i, r in enumerate(reads)]
        everything = [e for t in threads for e in t.events]
        events = [e for e in everything if e.kind != "F"]
        loads, stores = [e for e in events if e.kind == "R"], [e for e in events if e.kind == "W"]
        sources = [[w for w in stores if w.loc == r.loc and w.value == r.value] +
                   ([None] if r.value == 0 else []) for r in loads]
        orders = [itertools.permutations([w for w in stores if w.loc == loc])
                  for loc in sorted({e.loc for e in events})]
        orders = [list(o) for o in orders]
        for choice in itertools.product(*sources):
            for order in itertools.product(*orders):
                yield threads, everything, events, dict(zip(loads, choice)), order


def allowed_states(test):
    states = set()
    for threads, everything, events, rf, order in executions(test):
        rank = {w: i for o in order for i, w in enumerate(o)}
        co = [(a, b) for a in rank for b in rank if a.loc == b.loc and rank[a] < rank[b]]
        fr = [(r, w) for r in rf for w in rank if r.loc == w.loc and (rf[r] is None or rank[rf[r]] < rank[w])]
        read = [(w, r) for r, w in rf.items() if w is not None]
        same = [(a, b) for a in events for b in events if before(a, b) and a.loc == b.loc]
        if not acyclic(events, same + co + fr + read):
            continue
        if any(w.rmw is not None and any(x.loc == w.loc and x is not w and rank[x] < rank[w] and
               (rf[w.rmw] is None or rank[x] > rank[rf[w.rmw]]) for x in rank) for w in rank):
            continue  # something came between the halves of an atomic instruction
        external = [(a, b) for a, b in read + co + fr if a.thread != b.thread]
        model = list(ORDERS[MODELS[test.arch]](events, everything, rf))
        if not acyclic(events, external + model):
            continue
        last = {o[-1].loc: o[-1].value for o in order if o}
        state = []
        for atom in test.atoms:
            name = atom.split("=")[0]
            if ":" in name:
                thread, reg = name.split(":")
                state.append((name, threads[int(thread)].get(reg)[0]))
            else:
                state.append((name, last.get(name, 0)))
        states.add(tuple(state))
    return states


def log_of(test, states):
    """As herd7 prints it."""
    wanted = tuple((a.split("=")[0], int(a.split("=")[1])) for a in test.atoms)
    lines = sorted(" ".join(f"[{n}]={v};" if ":" not in n else f"{n}={v};" for n, v in
                            sorted(s, key=lambda nv: (":" not in nv[0], nv[0]))) for s in states)
    yes = len([s for s in states if s == wanted])
    no = len(states) - yes
    kind = "Never" if yes == 0 else "Always" if no == 0 else "Sometimes"
    return "\n".join([f"Test {test.name} Allowed", f"States {len(lines)}", *lines, "Ok" if yes else "No", "Witnesses",
                      f"Positive: {yes} Negative: {no}", f"Condition exists ({test.condition})",
                      f"Observation {test.name} {kind} {yes} {no}", "", ""]), yes != 0


def main(arguments):
    failed = False
    write = arguments[:1] == ["--write"]
    for directory in map(pathlib.Path, arguments[1:] if write else arguments):
        logs = []
        for path in sorted(directory.glob("*.litmus")):
            test = Test(path)
            log, reached = log_of(test, allowed_states(test))
            said = test.info[MODELS[test.arch]]
            if said != ("allowed" if reached else "forbidden"):
                print(f"{path}: says {said}, and the axioms do not")
                failed = True
            logs.append(log)
        expected = directory / "expected.log"
        if write:
            expected.write_text("".join(logs))
        elif len(logs) < 10 or expected.read_text() != "".join(logs):
            print(f"{expected}: the axioms give\n{''.join(logs)}")
            failed = True
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
