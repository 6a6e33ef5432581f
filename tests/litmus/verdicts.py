#!/usr/bin/env python3
"""Decide each catalogue test's condition by enumeration, and compare with the keys it carries.

    verdicts.py [-v] FILE.litmus...

Two independent judges:
  - a machine that interleaves the threads, with a store buffer each (x86-TSO) or without (SC);
  - the candidate executions (who reads from whom, which store is the later one), filtered by the
    axioms of RC11, by RC11's without its ban on cycles of program order and reads-from, and by the
    rules on seq_cst as C++20 and as C17 (with Defect Report 407) word them.

  C11=   what C++20 says, which must be what RC11 without the ban says
  RC11=  present only where RC11 says otherwise
  C17=   present only where C17 says otherwise
  TSO=   what the store-buffer machine can reach: seq_cst stores, seq_cst fences and
         read-modify-writes wait until the buffer has drained, all else is a plain move

No two tests may be the same, up to names. No test may ask for what plain interleaving reaches, save mutants (Origin=), which may. Reads only the
plain form the catalogue is written in. Exits 1 on any disagreement.

Dependencies give no order under any of these. A data dependency adds "(r0 & 128)" to what is stored,
which is nothing, for no value of a test is as large; what is under "if (r0 == 1)" happens only then.
"""
import itertools
import os
import re
import sys

ORDERS = {
    "load": {"relaxed", "acquire", "seq_cst"},
    "store": {"relaxed", "release", "seq_cst"},
    "rmw": {"relaxed", "acquire", "release", "acq_rel", "seq_cst"},
    "fence": {"acquire", "release", "acq_rel", "seq_cst"},
}


class Event:
    """One access or fence; before any execution an instruction, thread -1 for initial values."""

    def __init__(self, kind, order, loc=None, reg=None, value=None, op=None, data=None):
        self.kind, self.order, self.loc, self.reg, self.value, self.op = kind, order, loc, reg, value, op
        self.data = data  # the register whose bit 7 is added to the value
        self.guards = []  # (register, value): happens only if all are so
        self.thread = self.index = -1

    writes = property(lambda e: e.kind in ("store", "rmw"))
    reads = property(lambda e: e.kind in ("load", "rmw"))
    fence = property(lambda e: e.kind == "fence")
    sc = property(lambda e: e.order == "seq_cst")
    releases = property(lambda e: not e.kind == "load" and e.order in ("release", "acq_rel", "seq_cst"))
    acquires = property(lambda e: not e.kind == "store" and e.order in ("acquire", "acq_rel", "seq_cst"))

    def updated(self, old):
        return self.value if self.op == "exchange" else old + self.value


class Test:
    LAYOUT = re.compile(r'C (\S+)\n"([^"\n]*)"\n((?:\w+=.*\n)*)\{\}\n(.*)\nexists \((.*)\)\n\Z', re.S)
    THREAD = re.compile(r"P(\d+) \(([^)]*)\) \{\n(.*?)\n\}\n", re.S)
    STATEMENTS = [
        ("store", re.compile(r"atomic_store_explicit\((?P<loc>\w+), (?P<value>\d+)(?: \+ \((?P<data>\w+) & 128\))?, "
                             r"memory_order_(?P<order>\w+)\);")),
        ("load", re.compile(r"(?:int )?(?P<reg>\w+) = atomic_load_explicit\((?P<loc>\w+), memory_order_(?P<order>\w+)\);")),
        ("rmw", re.compile(r"(?:int )?(?P<reg>\w+) = atomic_(?P<op>exchange|fetch_add)_explicit\((?P<loc>\w+), "
                           r"(?P<value>\d+)(?: \+ \((?P<data>\w+) & 128\))?, memory_order_(?P<order>\w+)\);")),
        ("fence", re.compile(r"atomic_thread_fence\(memory_order_(?P<order>\w+)\);")),
    ]

    def __init__(self, path):
        with open(path, encoding="ascii") as file:
            layout = self.LAYOUT.match(file.read())
        if not layout:
            raise SystemExit(f"{path}: not in the catalogue's layout")
        self.name, _, keys, body, condition = layout.groups()
        self.keys = dict(line.split("=", 1) for line in keys.splitlines())
        self.threads = []
        for number, (name, params, text) in enumerate(self.THREAD.findall(body)):
            thread = self.body(path, text.split("\n"))
            declared = [p.split("* ")[1] for p in params.split(", ")]
            if int(name) != number or declared != sorted({e.loc for e in thread if e.loc}):
                raise SystemExit(f"{path}: P{name}: out of sequence, or its parameters are not what it uses")
            self.threads.append(thread)
        self.locations = sorted({e.loc for thread in self.threads for e in thread if e.loc})
        self.atoms = []
        for atom in condition.split(" /\\ "):
            match = re.fullmatch(r"(?:(\d+):)?(\w+)=(\d+)", atom)
            if not match:
                raise SystemExit(f"{path}: condition: {atom}")
            self.atoms.append((match[1] and int(match[1]), match[2], int(match[3])))

        asked = {(thread, reg, value) for thread, reg, value in self.atoms if thread is not None}
        for number, thread in enumerate(self.threads):
            if any((number, reg, value) not in asked for e in thread for reg, value in e.guards):
                raise SystemExit(f"{path}: P{number}: a branch that the condition does not ask for")

    def body(self, path, lines):
        thread, guards = [], []
        for line in lines:
            guard = re.fullmatch(r"if \((\w+) == (\d+)\) {", line.strip())
            if guard:
                guards.append((guard[1], int(guard[2])))
            elif line.strip() == "}":
                guards.pop()
            elif not re.fullmatch(r"int \w+ = 0;", line.strip()):
                event = self.statement(path, line.strip())
                event.guards = list(guards)
                thread.append(event)
        return thread

    def statement(self, path, line):
        for kind, pattern in self.STATEMENTS:
            match = pattern.fullmatch(line)
            if match and match["order"] in ORDERS[kind]:
                fields = match.groupdict()
                if "value" in fields:
                    fields["value"] = int(fields["value"])
                return Event(kind, **fields)
        raise SystemExit(f"{path}: {line}")

    def holds(self, registers, memory):
        return all((memory[name] if thread is None else registers.get((thread, name), 0)) == value
                   for thread, name, value in self.atoms)


def reachable(test, buffered):
    """Can the threads, interleaved in any way, end where the condition holds?"""
    threads = test.threads
    start = (tuple(0 for _ in threads), tuple(() for _ in threads), tuple((l, 0) for l in test.locations), ())
    seen, todo = {start}, [start]
    while todo:
        at, buffers, memory, registers = state = todo.pop()
        mem = dict(memory)
        steps = []

        def step(i, advance, buffer, write=None, register=None):
            m = tuple(sorted({**mem, write[0]: write[1]}.items())) if write else memory
            r = tuple(sorted(registers + (register,))) if register else registers
            steps.append((at[:i] + (at[i] + advance,) + at[i + 1:], buffers[:i] + (buffer,) + buffers[i + 1:], m, r))

        for i, thread in enumerate(threads):
            buffer = buffers[i]
            if buffer:
                step(i, 0, buffer[1:], write=buffer[0])
            if at[i] == len(thread):
                continue
            e = thread[at[i]]
            known = dict(registers)
            added = known.get((i, e.data), 0) & 128 if e.data else 0
            if any(known.get((i, reg), 0) != value for reg, value in e.guards):
                step(i, 1, buffer)
            elif e.kind == "load":
                value = dict(((e.loc, mem[e.loc]),) + buffer)[e.loc]
                step(i, 1, buffer, register=((i, e.reg), value))
            elif e.kind == "store" and buffered and not e.sc:
                step(i, 1, buffer + ((e.loc, e.value + added),))
            elif e.fence and not e.sc:
                step(i, 1, buffer)
            elif not buffer:
                if e.kind == "rmw":
                    step(i, 1, (), (e.loc, e.updated(mem[e.loc]) + added), ((i, e.reg), mem[e.loc]))
                else:
                    step(i, 1, (), (e.loc, e.value + added) if e.kind == "store" else None)
        if not steps and test.holds(dict(registers), mem):
            return True
        for state in steps:
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return False


def compose(*relations):
    result = relations[0]
    for relation in relations[1:]:
        after = {}
        for a, b in relation:
            after.setdefault(a, []).append(b)
        result = {(a, c) for a, b in result for c in after.get(b, ())}
    return result


def closure(relation):
    result = set(relation)
    while True:
        more = compose(result, result) - result
        if not more:
            return result
        result |= more


def identity(events):
    return {(e, e) for e in events}


def irreflexive(relation):
    return all(a is not b for a, b in relation)


def acyclic(relation):
    return irreflexive(closure(relation))


class Execution:
    """One candidate: sb, rf, co and fr over the events, and what follows from them."""

    def __init__(self, events, sb, rf, co, fr):
        self.events, self.sb, self.rf, self.co, self.fr = events, sb, rf, co, fr
        self.eco = closure(rf | co | fr)

    def happens_before(self, same_thread_sequence):
        """C++20 ends a release sequence at a plain store of the same thread; C17 does not."""
        own = [e for e in self.events if e.thread >= 0]
        carried = closure({(a, b) for a, b in self.rf if b.kind == "rmw"}) | identity(e for e in own if e.writes)
        if same_thread_sequence:
            carried = compose({(a, b) for a, b in self.sb if a.writes and b.writes and a.loc == b.loc}
                              | identity(e for e in own if e.writes), carried)
        head = identity(e for e in own if e.writes and e.releases)
        head |= {(a, b) for a, b in self.sb if a.fence and a.releases and b.writes}
        tail = identity(e for e in own if e.reads and e.acquires)
        tail |= {(a, b) for a, b in self.sb if a.reads and b.fence and b.acquires}
        self.sw = {(a, b) for a, b in compose(head, carried, self.rf, tail) if a.thread != b.thread}
        self.hb = closure(self.sb | self.sw)

    def coherent(self):
        return (irreflexive(self.hb) and irreflexive(compose(self.hb, self.eco)) and irreflexive(self.eco)
                and not any(a is b and a.kind == "rmw" for a, b in compose(self.fr, self.co)))


def candidates(test):
    """Every execution in which the condition holds; values are computed, not guessed. All branches are taken, for
    the condition asks for it."""
    if sum(e.value for thread in test.threads for e in thread if e.writes) >= 128:
        raise SystemExit(f"{test.name}: values too large for its data dependencies")
    events = []
    for loc in test.locations:
        events.append(Event("store", "none", loc, value=0))
    for i, thread in enumerate(test.threads):
        for j, e in enumerate(thread):
            e.thread, e.index = i, j
            events.append(e)
    stores = [e for e in events if e.writes]
    loads = [e for e in events if e.reads]
    sb = {(a, b) for a in events for b in events
          if a.thread < 0 <= b.thread or a.thread == b.thread >= 0 and a.index < b.index}
    orders = [[(first,) + rest for first in stores if first.loc == loc and first.thread < 0
               for rest in itertools.permutations([w for w in stores if w.loc == loc and w.thread >= 0])]
              for loc in test.locations]
    for sources in itertools.product(*[[w for w in stores if w.loc == r.loc and w is not r] for r in loads]):
        rf = set(zip(sources, loads))
        stored = {w: w.value for w in stores if w.kind == "store"}
        loaded = {}
        for _ in loads:
            for w, r in rf:
                if w in stored:
                    loaded[r] = stored[w]
                    if r.writes:
                        stored[r] = r.updated(loaded[r])
        if len(loaded) < len(loads):
            continue # read-modify-writes that read from one another in a circle
        registers = {(r.thread, r.reg): loaded[r] for r in loads}
        for order in itertools.product(*orders):
            if test.holds(registers, {line[0].loc: stored[line[-1]] for line in order}):
                co = {(line[i], line[j]) for line in order for j in range(len(line)) for i in range(j)}
                fr = {(r, b) for w, r in rf for a, b in co if a is w and b is not r}
                yield Execution(events, sb, rf, co, fr)


def rc11(x, thin_air):
    """Lahav, Vafeiadis, Kang, Hur, Dreyer: Repairing sequential consistency in C/C++11 (PLDI 2017)."""
    x.happens_before(same_thread_sequence=True)
    if not x.coherent():
        return False
    elsewhere = {(a, b) for a, b in x.sb if a.loc is None or a.loc != b.loc}
    scb = (x.sb | compose(elsewhere, x.hb, elsewhere) | {(a, b) for a, b in x.hb if a.loc and a.loc == b.loc}
           | x.co | x.fr)
    ends = identity(e for e in x.events if e.sc)
    left = ends | {(a, b) for a, b in x.hb if a.sc and a.fence}
    right = ends | {(a, b) for a, b in x.hb if b.sc and b.fence}
    between = x.hb | compose(x.hb, x.eco, x.hb)
    psc = compose(left, scb, right) | {(a, b) for a, b in between if a.sc and a.fence and b.sc and b.fence}
    return acyclic(psc) and (not thin_air or acyclic(x.sb | x.rf))


def cxx20(x):
    """[atomics.order] of C++20: the order S exists if what it must contain has no cycle."""
    x.happens_before(same_thread_sequence=False)
    if not x.coherent():
        return False
    strongly = closure(x.sb | {(a, b) for a, b in x.sw if a.sc and b.sc and not a.fence and not b.fence}
                       | compose(x.sb, x.hb, x.sb))
    s = {(a, b) for a, b in strongly if a.sc and b.sc}
    before = {e: {f for f, y in x.hb if y is e and f.sc and f.fence} | ({e} if e.sc else set()) for e in x.events}
    after = {e: {f for y, f in x.hb if y is e and f.sc and f.fence} | ({e} if e.sc else set()) for e in x.events}
    for a, b in x.eco:
        s |= set(itertools.product(before[a], after[b]))
    return acyclic(s)


def c17(x):
    """7.17.3 of C17, paragraphs 6, 7 and 9 to 13: try every order S."""
    x.happens_before(same_thread_sequence=True)
    if not x.coherent():
        return False
    later = lambda a, b: a is b or (a, b) in x.co
    fences = [e for e in x.events if e.sc and e.fence]
    accesses = [e for e in x.events if e.thread >= 0 and not e.fence]

    def fits(position):
        s = lambda a, b: a in position and b in position and position[a] < position[b]
        if any(s(b, a) for a, b in x.hb | x.co):
            return False

        def last(loc, limit):
            earlier = [e for e in position if e.writes and e.loc == loc and s(e, limit)]
            return max(earlier, key=position.get, default=None)

        def fenced(a, b):
            """Do fences, by S, make b follow a?"""
            behind = [f for f in fences if (a, f) in x.sb]
            ahead = [f for f in fences if (f, b) in x.sb]
            return any(s(f, b) for f in behind) or any(s(f, g) for f in behind for g in ahead)

        for w, r in x.rf:
            if r in position:
                a = last(r.loc, r)
                if w.sc if a is None else w is not a and (w.sc or (w, a) in x.hb):
                    return False
            for f in fences:
                if (f, r) in x.sb and last(r.loc, f) and not later(last(r.loc, f), w):
                    return False
            if any(a.writes and a.loc == r.loc and a is not r and fenced(a, r) and not later(a, w) for a in accesses):
                return False
        for a in accesses:
            for b in accesses:
                if a.writes and b.writes and a.loc == b.loc and a is not b and (a, b) not in x.co:
                    if fenced(a, b) or any((f, b) in x.sb and s(a, f) for f in fences):
                        return False
        return True

    return any(fits({e: i for i, e in enumerate(s)}) for s in itertools.permutations([e for e in x.events if e.sc]))


def form(test):
    """What two tests have in common that differ in names only, and in the order of their threads."""
    def told(order):
        number, lines = {}, []
        for i in order:
            lines.append("thread")
            for e in test.threads[i]:
                where = number.setdefault(e.loc, len(number)) if e.loc else ""
                saw = [value for thread, name, value in test.atoms if (thread, name) == (i, e.reg)] if e.reg else []
                register = {f.reg: k for k, f in enumerate(test.threads[i]) if f.reg}
                lines.append((e.kind, e.order, where, e.value, e.op, register.get(e.data), saw,
                              [(register[reg], value) for reg, value in e.guards]))
        final = sorted((number[name], value) for thread, name, value in test.atoms if thread is None)
        return repr(lines + final)
    return min(told(order) for order in itertools.permutations(range(len(test.threads))))


def word(allowed):
    return "allowed" if allowed else "forbidden"


def complaints(test):
    executions = list(candidates(test))
    said = word(any(cxx20(x) for x in executions))
    if reachable(test, buffered=False) and "Origin" not in test.keys:
        yield "plain interleaving reaches it"
    if said != word(any(rc11(x, thin_air=False) for x in executions)) and "RC11" not in test.keys:
        yield "RC11 without its ban on cycles differs from C++20: say which is meant"
    expected = {"C11": said, "TSO": word(reachable(test, buffered=True))}
    for key, verdict in (("RC11", word(any(rc11(x, thin_air=True) for x in executions))),
                         ("C17", word(any(c17(x) for x in executions)))):
        expected[key] = verdict if verdict != said else None
    for key, verdict in expected.items():
        if test.keys.get(key) != verdict:
            yield f"{key}={test.keys.get(key)}, but enumeration finds {verdict}"


def main(arguments):
    verbose = "-v" in arguments
    paths = [a for a in arguments if a != "-v"]
    wrong = 0
    forms = {}
    for path in paths:
        test = Test(path)
        found = list(complaints(test))
        if forms.setdefault(form(test), path) != path:
            found.append(f"is the same test as {forms[form(test)]}")
        if test.name + ".litmus" != os.path.basename(path):
            found.append(f"is named {test.name}")
        for complaint in found:
            print(f"{path}: {complaint}")
        wrong += bool(found)
        if verbose and not found:
            print(f"{test.name}: " + " ".join(f"{k}={v}" for k, v in test.keys.items() if k != "Why"))
    print(f"{len(paths)} tests, {wrong} with a wrong verdict")
    return 1 if wrong or not paths else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
