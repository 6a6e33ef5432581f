#!/usr/bin/env python3
"""Count the executions of a straight-line program by brute force, from the definitions of the models.

    enumerate.py [--cxx20] 'PROGRAM'            the counts under RC11, SC, TSO and RA
    enumerate.py --c 'PROGRAM'                  the program in C
    enumerate.py --verify MANIFEST              do the manifest's counts hold?
    enumerate.py --random SEED COUNT            a manifest of so many small programs

A program is written as its threads, separated by "|", each a list of operations, separated by ";":

    Wrel x 1            store; the value is a constant or a register
    Racq x              load; "a=Racq x" keeps what was read in a register of the thread
    Xar x 2, Aar x 1    exchange, fetch_add; may keep the old value as well
    Csc/rlx x 0 1       compare_exchange_strong of x from 0 to 1; on failure it is a relaxed load
    Fsc                 fence; Flt and Fhv are the sides of an asymmetric pair (asymmetric.py)
    ... *3              this thread three times

Orders: rlx, acq, rel, ar, sc. All locations are 0 at first.

An execution is a graph: who reads from whom (rf), and the order of the writes to each location (co). All
candidates are built, values computed along rf, and what the model forbids is thrown away. Nothing
here is taken from the explorer: the axioms of RC11 are those of Lahav, Vafeiadis, Kang, Hur and Dreyer, Repairing
Sequential Consistency in C/C++11 (PLDI 2017); RA is RC11 without the axiom on sc. For SC and TSO there is a second
judge, a machine that runs the threads step by step (with a store buffer each), which --verify asks too.
"""
import itertools
import random
import re
import sys

MODELS = ("RC11", "SC", "TSO", "RA")
ORDERS = {"R": ("rlx", "acq", "sc"), "W": ("rlx", "rel", "sc"), "F": ("acq", "rel", "ar", "sc")}
ORDERS.update(dict.fromkeys("XAC", ("rlx", "acq", "rel", "ar", "sc")))
SIDES = ("lt", "hv", "he")  # a light fence; begin and end of a heavy one
C_ORDERS = {"rlx": "relaxed", "acq": "acquire", "rel": "release", "ar": "acq_rel", "sc": "seq_cst"}
OPERATION = re.compile(r"(?:(?P<register>[a-z]\w*)\s*=\s*)?(?P<kind>[RWXACF])(?P<order>[a-z]+)(?:/(?P<failure>[a-z]+))?"
                       r"(?P<arguments>(?:\s+\w+)*)")


class Operation:
    """As the program has it."""

    def __init__(self, text):
        match = OPERATION.fullmatch(text)
        if not match:
            raise SystemExit(f"not an operation: {text!r}")
        self.kind, self.order, self.register = match["kind"], match["order"], match["register"]
        self.failure = match["failure"]
        arguments = match["arguments"].split()
        wanted = {"R": 1, "W": 2, "X": 2, "A": 2, "C": 3, "F": 0}[self.kind]
        side = self.kind == "F" and self.order in SIDES
        if (not side and self.order not in ORDERS[self.kind] or len(arguments) != wanted or (self.kind == "C") != bool(self.failure)
                or self.kind == "C" and self.failure not in ORDERS["R"] or self.register and self.kind in "WF"):
            raise SystemExit(f"not an operation: {text!r}")
        self.location = arguments[0] if arguments else None
        self.value = arguments[-1] if wanted > 1 else None  # what it writes or adds
        self.expected = arguments[1] if self.kind == "C" else None


def parse(text):
    threads = []
    for part in text.split("|"):
        part, _, times = part.partition("*")
        threads += [[Operation(o.strip()) for o in part.split(";")] for _ in range(int(times or 1))]
    return threads


class Event:
    """A node of the graph; a read-modify-write that writes is two, next to each other."""

    def __init__(self, kind, order, location, operation=None, thread=-1, rmw=False):
        self.kind, self.order, self.location, self.operation = kind, order, location, operation
        self.thread, self.rmw = thread, rmw
        self.read = kind == "R"
        self.write = kind == "W"
        self.fence = kind == "F"
        self.sc = order == "sc"
        self.acquires = not self.write and order in ("acq", "ar", "sc")
        self.releases = not self.read and order in ("rel", "ar", "sc")


# A relation is a list of bit sets: bit j of r[i] stands for (i, j).

def union(*relations):
    return [a | b for a, b in zip(relations[0], union(*relations[1:]))] if len(relations) > 1 else relations[0]


def compose(*relations):
    result = relations[0]
    for relation in relations[1:]:
        rows = []
        for row in result:
            out, j = 0, 0
            while row:
                if row & 1:
                    out |= relation[j]
                row >>= 1
                j += 1
            rows.append(out)
        result = rows
    return result


def closure(relation):
    result = list(relation)
    for k, _ in enumerate(result):
        via = result[k]
        for i, row in enumerate(result):
            if row >> k & 1:
                result[i] = row | via
        # via may have grown by its own row; closing over k once is enough (Warshall)
    return result


def irreflexive(relation):
    return not any(row >> i & 1 for i, row in enumerate(relation))


def acyclic(relation):
    return irreflexive(closure(relation))


class Shape:
    """The events, for one guess of which compare-exchanges succeed."""

    def __init__(self, threads, successes):
        successes = list(successes)
        self.events = []
        locations = sorted({o.location for thread in threads for o in thread if o.location})
        for location in locations:
            self.events.append(Event("W", None, location))
        for number, thread in enumerate(threads):
            for o in thread:
                if o.kind == "C" and not successes.pop(0):
                    self.events.append(Event("R", o.failure, o.location, o, number))
                elif o.kind in "XAC":
                    self.events.append(Event("R", o.order, o.location, o, number, True))
                    self.events.append(Event("W", o.order, o.location, o, number, True))
                else:
                    self.events.append(Event(o.kind, o.order, o.location, o, number))
        e = self.events
        self.locations = [[i for i, x in enumerate(e) if x.location == location] for location in locations]
        self.identity = [1 << i for i, _ in enumerate(e)]
        # the initial writes come before everything
        self.sb = self.relation(lambda a, b: a < b and (e[a].thread == e[b].thread >= 0
                                                        or e[a].thread < 0 <= e[b].thread))
        self.rmw = self.relation(lambda a, b: a + 1 == b and e[a].rmw and e[b].rmw and e[a].read and e[b].write)
        self.same = self.relation(lambda a, b: e[a].location is not None and e[a].location == e[b].location)
        self.kept = None
        self.inner = self.relation(lambda a, b: e[a].thread == e[b].thread)

    def relation(self, holds):
        every = range(len(self.events))
        return [sum(1 << j for j in every if holds(i, j)) for i in every]

    def kept_by_tso(self):
        if self.kept is None:
            e = self.events
            locked = [x.operation is not None and x.operation.kind in "XAC" for x in e]
            drains = [locked[i] or x.sc and not x.read for i, x in enumerate(e)]

            def kept(a, b):
                if not self.sb[a] >> b & 1 or e[a].fence or e[b].fence:
                    return False  # what a fence keeps in order is said of the accesses around it
                delayed = e[a].write and e[a].thread >= 0 and e[b].read and not any(drains[a:b]) and not locked[b]
                return not delayed

            self.kept = self.relation(kept)
        return self.kept

    def only(self, wanted):
        return [1 << i if wanted(e) else 0 for i, e in enumerate(self.events)]

    def within(self, relation, other):
        return [a & b for a, b in zip(relation, other)]

    def without(self, relation, other):
        return [a & ~b for a, b in zip(relation, other)]


class Graph:
    """A candidate execution."""

    def __init__(self, shape, rf, orders):
        self.shape = shape
        self.sources = rf
        size = range(len(shape.events))
        self.rf = [0 for _ in size]
        for read, write in rf.items():
            self.rf[write] |= 1 << read
        self.co = [0 for _ in size]
        for order in orders:
            for i, write in enumerate(order):
                for later in order[i + 1:]:
                    self.co[write] |= 1 << later
        self.fr = [0 for _ in size]  # rb in the paper: of a read, what comes after what it reads
        for read, write in rf.items():
            self.fr[read] = self.co[write]

    def values(self):
        """What every event reads or writes; None if that depends on itself, or a compare-exchange was guessed wrong."""
        events, known, todo = self.shape.events, {}, list(range(len(self.shape.events)))

        def operand(i, text):
            """The constant, or what its thread's last read into this register read; None if not known yet."""
            if text.isdigit():
                return int(text)
            return known.get(max(j for j in range(i) if events[j].thread == events[i].thread and events[j].read
                                 and events[j].operation.register == text))

        while todo:
            for i in todo:
                e, o = events[i], events[i].operation
                if e.fence:
                    known[i] = 0
                elif e.read:
                    known[i] = known.get(self.sources[i])
                elif e.thread < 0:
                    known[i] = 0
                elif o.kind == "A":
                    known[i] = None if known.get(i - 1) is None else known[i - 1] + int(o.value)
                else:
                    known[i] = operand(i, o.value)
            left = [i for i in todo if known[i] is None]
            if left == todo:
                return None
            todo = left
        for i, e in enumerate(events):
            if e.read and e.operation.kind == "C" and (known[i] == operand(i, e.operation.expected)) != e.rmw:
                return None
        return known


def coherent_choices(shape, location):
    """Of one location: every order of its writes and every source of its reads that can be part of a coherent
    execution of any of the models: none contradicts the order of the program."""
    events = shape.events
    initial, *writes = [i for i in location if events[i].write]
    reads = [i for i in location if events[i].read]
    order_here = [row & sum(1 << i for i in location) for row in shape.sb]
    for permutation in itertools.permutations(writes):
        order = (initial,) + permutation
        fixed = {}
        for before, write in zip(order, permutation):
            if events[write].rmw:
                fixed[write - 1] = before  # atomicity: nothing comes between what is read and what is written
        for sources in itertools.product(*[[fixed[r]] if r in fixed else order for r in reads]):
            graph = Graph(shape, dict(zip(reads, sources)), [order])
            if acyclic(union(order_here, graph.rf, graph.co, graph.fr)):
                yield graph.sources, order


def candidates(threads):
    guesses = [o for thread in threads for o in thread if o.kind == "C"]
    for successes in itertools.product((False, True), repeat=len(guesses)):
        shape = Shape(threads, successes)
        for choice in itertools.product(*[list(coherent_choices(shape, location)) for location in shape.locations]):
            rf = {}
            for sources, _ in choice:
                rf.update(sources)
            graph = Graph(shape, rf, [order for _, order in choice])
            # all four models forbid cycles of sb and rf
            if acyclic(union(shape.sb, graph.rf)) and graph.values() is not None:
                yield graph


def happens_before(g, cxx20):
    s = g.shape
    write, read = s.only(lambda e: e.write), s.only(lambda e: e.read)
    fence = s.only(lambda e: e.fence)
    maybe = lambda relation: union(s.identity, relation)
    sequence = closure(compose(g.rf, s.rmw))
    own = s.identity if cxx20 else maybe(s.within(s.sb, s.same))
    rs = compose(write, own, write, maybe(sequence))
    sw = compose(s.only(lambda e: e.releases), maybe(compose(fence, s.sb)), rs, g.rf, read,
                 maybe(compose(s.sb, fence)), s.only(lambda e: e.acquires))
    return closure(union(s.sb, sw))


def ra(g, cxx20):
    """Coherence and atomicity."""
    s = g.shape
    g.hb = happens_before(g, cxx20)
    g.eco = closure(union(g.rf, g.co, g.fr))
    atomic = not any(a & b for a, b in zip(s.rmw, compose(g.fr, g.co)))
    return irreflexive(g.hb) and irreflexive(compose(g.hb, g.eco)) and irreflexive(g.eco) and atomic


def rc11(g, cxx20):
    if not ra(g, cxx20):
        return False
    s = g.shape
    elsewhere = s.without(s.sb, s.same)
    scb = union(s.sb, compose(elsewhere, g.hb, elsewhere), s.within(g.hb, s.same), g.co, g.fr)
    sc, fence = s.only(lambda e: e.sc), s.only(lambda e: e.sc and e.fence)
    maybe_hb = union(s.identity, g.hb)
    base = compose(union(sc, compose(fence, maybe_hb)), scb, union(sc, compose(maybe_hb, fence)))
    fences = compose(fence, union(g.hb, compose(g.hb, g.eco, g.hb)), fence)
    return acyclic(union(base, fences))


def sc(g, _):
    return acyclic(union(g.shape.sb, g.rf, g.co, g.fr))


def tso(g, _):
    """x86-TSO: a store may be seen by others after a later load of its thread, unless something stands between
    that waits for the store buffer: a seq_cst fence, or a locked instruction, which a seq_cst store is, too. A
    compare-exchange that fails is one as well."""
    s = g.shape
    return acyclic(union(s.kept_by_tso(), s.without(g.rf, s.inner), g.co, g.fr))


def count(threads, cxx20=False):
    result = dict.fromkeys(MODELS, 0)
    for g in candidates(threads):
        for model, allows in zip(MODELS, (rc11, sc, tso, ra)):
            result[model] += allows(g, cxx20)
    return tuple(result[model] for model in MODELS)


def machine(threads, buffered):
    """The number of executions of a machine that runs the threads in every order, with store buffers or without.
    A write is named by thread and position; what is counted are the different (rf, co) at the end."""
    locations = sorted({o.location for thread in threads for o in thread if o.location})
    # state: positions, buffers ((location, name, value)...), memory: location -> its writes so far, rf, registers
    start = ((0,) * len(threads), ((),) * len(threads), tuple(((None, 0),) for _ in locations), frozenset(), ())
    seen, todo, ends = {start}, [start], set()
    while todo:
        state = todo.pop()
        at, buffers, memory, rf, registers = state
        following = []
        for t, thread in enumerate(threads):
            buffer = buffers[t]
            if buffer:
                (where, name, value), rest = buffer[0], buffer[1:]
                following.append((at, buffers[:t] + (rest,) + buffers[t + 1:],
                                  memory[:where] + (memory[where] + ((name, value),),) + memory[where + 1:], rf, registers))
            if at[t] == len(thread):
                continue
            o = thread[at[t]]
            name = (t, at[t])
            if buffer and (o.kind in "XAC" or o.order == "sc" and o.kind in "FW"):
                continue  # waits until the buffer is empty
            to, others, memory2, rf2, registers2 = at[:t] + (at[t] + 1,) + at[t + 1:], buffers, memory, rf, registers
            where = locations.index(o.location) if o.location else None
            old = None
            operand = lambda text: int(text) if text.isdigit() else dict(registers)[t, text]
            if o.kind in "RXAC":
                source, old = ([(n, v) for l, n, v in buffer if l == where] or memory[where])[-1]
                rf2 = rf | {(name, source)}
                if o.register:
                    registers2 = tuple(sorted({**dict(registers), (t, o.register): old}.items()))
            if o.kind in "WXAC" and not (o.kind == "C" and old != operand(o.expected)):
                new = operand(o.value)
                if o.kind == "A":
                    new += old
                if o.kind == "W" and buffered and o.order != "sc":
                    others = buffers[:t] + (buffer + ((where, name, new),),) + buffers[t + 1:]
                else:
                    memory2 = memory[:where] + (memory[where] + ((name, new),),) + memory[where + 1:]
            following.append((to, others, memory2, rf2, registers2))
        if not following:
            ends.add((rf, memory))
        for state in following:
            if state not in seen:
                seen.add(state)
                todo.append(state)
    return len(ends)


def in_c(threads, name="", join=True):
    """The program as C, its names made unlike those of others by `name`; its main is called main{name}."""
    lines = []
    locations = sorted({o.location for thread in threads for o in thread if o.location})
    if locations:
        lines.append("static _Atomic int " + ", ".join(f"{l}{name}" for l in locations) + ";\n")
    # Threads may not be joined: what they read is kept where nobody looks, so that it is not unused.
    for t, thread in enumerate(threads):
        lines.append(f"static void *t{t}{name}(void *unused)\n{{")
        registers = set()
        for n, o in enumerate(thread):
            order = "memory_order_" + C_ORDERS.get(o.order, "seq_cst")
            x = f"&{o.location}{name}"
            call = {
                "R": lambda: f"atomic_load_explicit({x}, {order})",
                "W": lambda: f"atomic_store_explicit({x}, {o.value}, {order})",
                "X": lambda: f"atomic_exchange_explicit({x}, {o.value}, {order})",
                "A": lambda: f"atomic_fetch_add_explicit({x}, {o.value}, {order})",
                "F": lambda: {"lt": f"atomic_signal_fence({order})", "hv": "syscall(SYS_membarrier, 1 << 3, 0, 0)"}.get(
                    o.order, f"atomic_thread_fence({order})"),
                "C": lambda: f"atomic_compare_exchange_strong_explicit({x}, &e{n}, {o.value}, {order}, "
                             f"memory_order_{C_ORDERS[o.failure]})",
            }[o.kind]()
            if o.kind == "C":
                lines.append(f"    int e{n} = {o.expected};")
                lines.append(f"    {call};")
                call = f"e{n}"
            if o.register:
                lines.append(f"    {'' if o.register in registers else 'int '}{o.register} = {call};")
                registers.add(o.register)
            elif o.kind != "C":
                lines.append(f"    {'(void)' if o.kind in 'RXA' else ''}{call};")
        lines += [f"    (void){register};" for register in sorted(registers)]
        lines.append("    return unused;\n}\n")
    lines.append(f"int main{name}(void)\n{{\n    pthread_t thread[{len(threads)}];")
    for t, _ in enumerate(threads):
        lines.append(f"    pthread_create(&thread[{t}], NULL, t{t}{name}, NULL);")
    if join:
        lines += [f"    pthread_join(thread[{t}], NULL);" for t, _ in enumerate(threads)]
    lines.append("    return 0;\n}\n")
    return "\n".join(lines)


HEAD = ("#define _GNU_SOURCE\n#include <pthread.h>\n#include <stdatomic.h>\n#include <sys/syscall.h>\n"
        "#include <unistd.h>\n\n")


def manifest(path):
    """Yields (name, program as text, counts or None for theory alone, the flags)."""
    with open(path, encoding="ascii") as file:
        for line in file:
            line = line.split("#")[0].strip()
            if line:
                match = re.fullmatch(r"(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s+([~=]?)\s*(\S+):\s+(.*)", line)
                if not match:
                    raise SystemExit(f"{path}: {line}")
                yield match[6], match[7], tuple(int(n) for n in match.groups()[:4]), match[5]


def random_program(rng):
    """Two to three threads and seven operations at most, on few locations, so that something happens."""
    while True:
        locations = ["x", "y", "z"][:rng.choice((1, 2, 2, 2, 3))]
        threads = []
        for _ in range(rng.choice((2, 2, 3, 3, 3))):
            thread, registers = [], []
            for _ in range(rng.randint(1, 4)):
                kind = rng.choice("RRRRWWWWXACCFF")
                order = rng.choice(ORDERS[kind])
                x = rng.choice(locations)
                register = None
                if kind in "RXAC" and rng.random() < 0.3:
                    register = "abcdefgh"[len(registers)]
                value = rng.choice(registers) if registers and rng.random() < 0.4 else rng.choice("12")
                text = {"R": f"{x}", "W": f"{x} {value}", "X": f"{x} {value}", "A": f"{x} 1",
                        "C": f"{x} {rng.choice('0012')} {rng.choice('12')}", "F": ""}[kind]
                failure = "/" + rng.choice(ORDERS["R"]) if kind == "C" else ""
                thread.append(f"{register + '=' if register else ''}{kind}{order}{failure} {text}".strip())
                if register:
                    registers.append(register)
            threads.append("; ".join(thread))
        text = " | ".join(threads)
        if sum(thread.count(";") + 1 for thread in threads) <= 7 and not all("W" not in t and "X" not in t for t in threads):
            return text


def random_programs(seed, number):
    rng = random.Random(seed)
    return [random_program(rng) for _ in range(number)]


def verify(path):
    wrong = 0
    for name, text, counts, mark in manifest(path):
        if mark == "~":
            continue  # too many to build one by one; the count is from theory
        threads = parse(text)
        found = count(threads, cxx20=mark == "=")
        for model, expected, is_ in zip(MODELS, counts, found):
            if expected != is_:
                print(f"{path}: {name}: {model}: {expected}, but enumeration finds {is_}")
                wrong += 1
        for model, buffered in (("SC", False), ("TSO", True)):
            steps = machine(threads, buffered)
            if steps != counts[MODELS.index(model)]:
                print(f"{path}: {name}: {model}: {counts[MODELS.index(model)]}, but a machine finds {steps}")
                wrong += 1
    return wrong > 0


def main(arguments):
    if len(arguments) == 1 and not arguments[0].startswith("--"):
        print(*count(parse(arguments[0])))
    elif len(arguments) == 2 and arguments[0] == "--cxx20":
        print(*count(parse(arguments[1]), cxx20=True))
    elif len(arguments) == 2 and arguments[0] == "--c":
        print(HEAD + in_c(parse(arguments[1])), end="")
    elif len(arguments) == 2 and arguments[0] == "--verify":
        return verify(arguments[1])
    elif len(arguments) == 3 and arguments[0] == "--random":
        for number, text in enumerate(random_programs(int(arguments[1]), int(arguments[2]))):
            print(*(f"{n:6}" for n in count(parse(text))), f"  random{number}: {text}")
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
