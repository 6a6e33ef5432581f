#!/usr/bin/env python3
"""Asymmetric pairs of fences: does cordon-check explore what the kernel allows?

    asymmetric.py 'PROGRAM'                    counts: the axioms' (RC11, SC, TSO, RA), the kernel's (RC11, TSO)
    asymmetric.py TOOL manifest FILE           every program of the manifest
    asymmetric.py TOOL random SEED COUNT       so many random ones

The language is that of enumerate.py, with Flt, a light fence (a seq_cst signal fence), and Fhv, a heavy one (the
system call membarrier). What the kernel does: between begin and end of a heavy fence, which are full fences, every
other thread executes a full fence. Compilers are bound by light fences alone, so all that is known of the place of
the inserted fence is between which two light fences of its thread it is. There are two judges.

The kernel, literally: for each heavy fence and each other thread the inserted fence is put into each of the gaps
that the thread's light fences make, as one more seq_cst fence that happens after the begin and before the end; an
execution is allowed if RC11, with no notion of asymmetric fences, allows it for some of these placements. For TSO, a
machine with store buffers, on which a heavy fence waits until what was in the buffers when it began, and in front of
a light fence, has left them.

The axioms of litmus/check/psc.c, by definition and not as they are computed there; for TSO those of model.c. They
must allow whatever the kernel allows; of the programs of a manifest, and under TSO, nothing else. Under RC11 a few
random programs have executions that no placement allows (psc.c says why); their number is printed.
"""
import itertools
import os
import random
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
enumerate_ = __import__("enumerate")
from enumerate import acyclic, closure, compose, irreflexive, union  # noqa: E402 (the file beside this one)


def begin_and_end(threads):
    """Each heavy fence as two events."""
    end = enumerate_.Operation("Fhe")
    return [[event for o in thread for event in ([o, end] if o.order == "hv" else [o])] for thread in threads]


class Relations:
    """Of a graph whose fences may have been added to; relations are by number of event."""

    def __init__(self, graph, added=0):
        shape = graph.shape
        self.events = shape.events
        self.size = len(shape.events) + added
        grown = lambda relation: list(relation) + [0] * added
        self.identity = [1 << i for i in range(self.size)]
        self.added = [0] * len(shape.events) + self.identity[len(shape.events):]
        self.sb, self.rf, self.co, self.fr = (grown(r) for r in (shape.sb, graph.rf, graph.co, graph.fr))
        self.same, self.rmw = grown(shape.same), grown(shape.rmw)
        self.more = [0] * self.size  # of happens-before
        self.asymmetric = False  # do light and heavy fences synchronise as such?

    def only(self, wanted, also_added=False):
        result = [1 << i if i < len(self.events) and wanted(self.events[i]) else 0 for i in range(self.size)]
        return union(result, self.added) if also_added else result

    def fences(self, *orders, also_added=False):
        return self.only(lambda e: e.fence and e.order in orders, also_added)

    def maybe(self, relation):
        return union(self.identity, relation)

    def coherent(self):
        """Computes happens-before as well."""
        within = [a & b for a, b in zip(self.sb, self.same)]
        write, read = self.only(lambda e: e.write), self.only(lambda e: e.read)
        full = self.fences("sc", "hv", "he", also_added=True)
        fence = union(full, self.fences("acq", "rel", "ar"))
        carried = compose(write, self.maybe(within), write, self.maybe(closure(compose(self.rf, self.rmw))), self.rf, read)
        sw = compose(union(full, self.only(lambda e: e.releases)), self.maybe(compose(fence, self.sb)), carried,
                     self.maybe(compose(self.sb, fence)), union(full, self.only(lambda e: e.acquires)))
        light = self.fences("lt")
        if self.asymmetric:
            across = compose(self.sb, carried, self.sb)
            learnt = compose(union(full, self.only(lambda e: e.releases)), self.maybe(compose(fence, self.sb)), carried,
                             self.sb, light)  # by the inserted fence, if it is after the light one
            sw = union(sw, compose(union(light, learnt), across, self.fences("he")),
                       compose(self.fences("hv"), across, light))
        self.hb = closure(union(self.sb, sw, self.more))
        self.into = union(self.hb, compose(self.maybe(self.hb), learnt)) if self.asymmetric else self.hb
        self.eco = closure(union(self.rf, self.co, self.fr))
        atomic = not any(a & b for a, b in zip(self.rmw, compose(self.fr, self.co)))
        return irreflexive(self.hb) and irreflexive(compose(self.hb, self.eco)) and irreflexive(self.eco) and atomic

    def psc(self, fence):
        """Of these fences."""
        elsewhere = [a & ~b for a, b in zip(self.sb, self.same)]
        scb = union(self.sb, compose(elsewhere, self.hb, elsewhere), [a & b for a, b in zip(self.hb, self.same)],
                    self.co, self.fr)
        access = self.only(lambda e: e.sc and not e.fence)
        self.overtaken = compose(self.hb, self.eco, self.into)
        return union(compose(union(access, compose(fence, self.maybe(self.hb))), scb,
                             union(access, compose(self.maybe(self.into), fence))),
                     compose(fence, union(self.into, self.overtaken), fence))


# The axioms.

def pairs(graph):
    """Light fences, and the begins of heavy ones, of two threads. The end is the event after the begin."""
    e = graph.shape.events
    lights, begins = ([i for i, x in enumerate(e) if x.fence and x.order == order] for order in ("lt", "hv"))
    return lights, begins, [(l, h) for l in lights for h in begins if e[l].thread != e[h].thread]


def ra(graph):
    r = Relations(graph)
    r.asymmetric = True
    return r if r.coherent() else None


def rc11(graph):
    r = ra(graph)
    if r is None:
        return False
    lights, _, both = pairs(graph)
    as_if = r.psc(r.fences("sc", "hv", "he", "lt"))
    behind = {l: r.size + i for i, l in enumerate(lights)}
    psc = [0 if i in behind else row for i, row in enumerate(as_if)] + [as_if[l] for l in lights]
    for l, h in both:
        if r.overtaken[l] >> h & 1:
            psc[l] |= 1 << h + 1
        if r.overtaken[h + 1] >> l & 1:
            psc[h] |= 1 << behind[l]
    return acyclic(psc)


def tso(graph):
    """Of a light and a heavy fence: if the inserted fence cannot be before the light one, then all before that comes
    before the end; if it cannot be after it, then all after it comes after the begin."""
    s = graph.shape
    lights, begins, both = pairs(graph)
    n = len(s.events)
    before, behind = ({l: n + side * len(lights) + i for i, l in enumerate(lights)} for side in (0, 1))
    begin, end = ({h: n + 2 * len(lights) + side * len(begins) + i for i, h in enumerate(begins)} for side in (0, 1))
    rows = union(s.kept_by_tso(), s.without(graph.rf, s.inner), graph.co, graph.fr) + [0] * (2 * len(lights + begins))
    for own, into, out in ((lights, before, behind), (begins, begin, end)):
        for f in own:
            rows[out[f]] |= s.sb[f]
            for i in range(n):
                rows[i] |= (s.sb[i] >> f & 1) << into[f]
    for h in begins:
        rows[begin[h]] |= 1 << end[h]
    while True:
        reached = closure(rows)
        more = list(rows)
        for l, h in both:
            if reached[behind[l]] >> begin[h] & 1:
                more[before[l]] |= 1 << end[h]
            if reached[end[h]] >> before[l] & 1:
                more[begin[h]] |= 1 << behind[l]
        if more == rows or not irreflexive(reached):
            return irreflexive(reached)
        rows = more


# The kernel.

def execution(graph):
    """Who reads from whom, and coherence order; accesses named by thread and position among its accesses."""
    seen, names = {}, []
    for e in graph.shape.events:
        at = (e.thread, e.location if e.thread < 0 else None)
        seen[at] = seen.get(at, 0) + (not e.fence)
        names.append((at, seen[at]))
    return (frozenset((names[r], names[w]) for r, w in graph.sources.items()),
            frozenset((names[a], names[b]) for a, row in enumerate(graph.co) for b in range(len(names)) if row >> b & 1))


def allowed_with(graph, lights, begins, gaps):
    """With the fences inserted in these gaps, {(begin of a heavy fence, thread): number of light fences before}."""
    r = Relations(graph, len(gaps))
    sb = graph.shape.sb
    for inserted, ((h, thread), gap) in enumerate(gaps.items(), len(graph.shape.events)):
        own = [l for l in lights if graph.shape.events[l].thread == thread]
        if gap > 0:
            for i, row in enumerate(sb):
                r.sb[i] |= (row >> own[gap - 1] & 1) << inserted
        if gap < len(own):
            r.sb[inserted] |= sb[own[gap]]
        r.more[h] |= 1 << inserted
        r.more[inserted] |= 1 << h + 1
    return r.coherent() and acyclic(r.psc(r.fences("sc", "hv", "he", also_added=True)))


def kernel(threads):
    """The executions that some placement allows."""
    found = set()
    for graph in enumerate_.candidates(begin_and_end(threads)):
        lights, begins, both = pairs(graph)
        events = graph.shape.events
        where = sorted({(h, events[l].thread) for l, h in both})
        counts = [sum(events[l].thread == thread for l in lights) for _, thread in where]
        for gaps in itertools.product(*[range(count + 1) for count in counts]):
            if allowed_with(graph, lights, begins, dict(zip(where, gaps))):
                found.add(execution(graph))
                break
    return found


def machine(threads):
    """x86-TSO: the number of executions. See enumerate.py, whose machine this is, save for registers and with
    heavy fences: `waits` is what each thread's heavy fence waits for, or None if it is at none."""
    locations = sorted({o.location for thread in threads for o in thread if o.location})
    start = ((0,) * len(threads), ((),) * len(threads), tuple(((None, 0),) for _ in locations), frozenset(),
             (None,) * len(threads))
    seen, todo, ends = {start}, [start], set()
    put = lambda row, t, x: row[:t] + (x,) + row[t + 1:]
    while todo:
        state = todo.pop()
        at, buffers, memory, rf, waits = state
        following = []
        for t, thread in enumerate(threads):
            buffer = buffers[t]
            if buffer:
                where, name, value = buffer[0]
                following.append((at, put(buffers, t, buffer[1:]), put(memory, where, memory[where] + ((name, value),)),
                                  rf, waits))
            if at[t] == len(thread):
                continue
            o, name = thread[at[t]], (t, at[t])
            further = put(at, t, at[t] + 1)
            if buffer and (o.kind in "XAC" or o.order == "hv" or o.order == "sc" and o.kind in "FW"):
                continue
            if o.order == "hv":
                if waits[t] is None:
                    kept = set()
                    for u, other in enumerate(threads):
                        passed = [i for i, p in enumerate(other[:at[u]]) if p.order == "lt"]
                        kept |= {n for _, n, _ in buffers[u] if passed and n[1] < passed[-1]}
                    following.append((at, buffers, memory, rf, put(waits, t, frozenset(kept))))
                elif not any(n in waits[t] for other in buffers for _, n, _ in other):
                    following.append((further, buffers, memory, rf, put(waits, t, None)))
                continue
            where = locations.index(o.location) if o.location else None
            buffers2, memory2, rf2, old = buffers, memory, rf, None
            if o.kind in "RXAC":
                source, old = ([(n, v) for l, n, v in buffer if l == where] or memory[where])[-1]
                rf2 = rf | {(name, source)}
            if o.kind in "WXAC" and not (o.kind == "C" and old != int(o.expected)):
                new = int(o.value) + (old if o.kind == "A" else 0)
                if o.kind == "W" and o.order != "sc":
                    buffers2 = put(buffers, t, buffer + ((where, name, new),))
                else:
                    memory2 = put(memory, where, memory[where] + ((name, new),))
            following.append((further, buffers2, memory2, rf2, waits))
        if not following:
            ends.add((rf, memory))
        for after in following:
            if after not in seen:
                seen.add(after)
                todo.append(after)
    return len(ends)


# Comparing.

def count(threads):
    """By the axioms: the executions under RC11, and how many under SC, TSO and RA."""
    mine, others = set(), [0, 0, 0]
    for graph in enumerate_.candidates(begin_and_end(threads)):
        if rc11(graph):
            mine.add(execution(graph))
        for i, allowed in enumerate((enumerate_.sc(graph, False), tso(graph), ra(graph) is not None)):
            others[i] += allowed
    return mine, others


def random_program(rng):
    while True:
        threads = []
        locations = "xyz"[:rng.choice((2, 3, 3))]
        for _ in range(rng.choice((2, 3, 3, 3))):
            thread = []
            for n in range(rng.choice((3, 3, 3, 4, 5))):
                if n % 2 == 1 or rng.random() < 0.15:
                    thread.append("F" + rng.choice(("lt", "lt", "lt", "hv", "hv", "sc", "ar")))
                    continue
                kind = rng.choice("RRRWWWWXC")
                order = rng.choice(enumerate_.ORDERS[kind]) if rng.random() < 0.25 else "rlx"
                x = rng.choice(locations)
                thread.append(f"{kind}{order}" + {"R": f" {x}", "W": f" {x} {rng.choice('12')}", "X": f" {x} 1",
                                                  "C": f"/rlx {x} 0 {rng.choice('12')}"}[kind])
            threads.append("; ".join(thread))
        text = " | ".join(threads)
        if "Flt" in text and 0 < text.count("Fhv") <= 2 and sum(text.count(kind) for kind in "RWXC") <= 7:
            return text


def compare(tool, programs, exact):
    counts = __import__("counts")
    tool, weaker, total = counts.Tool(tool), 0, 0
    with tempfile.TemporaryDirectory() as directory:
        for (name, text, expected, _), files in counts.compiled(programs, directory):
            threads = enumerate_.parse(text)
            mine, others = count(threads)
            kernels = kernel(threads)
            found = (len(mine), *others)
            if not kernels <= mine or exact and kernels != mine:
                tool.wrong += 1
                print(f"{name}: the axioms allow {len(mine)} executions, the kernel {len(kernels)}\n    {text}")
            if machine(threads) != others[1]:
                tool.wrong += 1
                print(f"{name}: TSO: the axioms allow {others[1]} executions, a machine {machine(threads)}\n    {text}")
            if expected is not None and found != expected:
                tool.wrong += 1
                print(f"{name}: {expected} executions expected, enumeration finds {found}\n    {text}")
            weaker += kernels != mine
            total += 1
            for model, number in zip(enumerate_.MODELS, found):
                tool.expect(name, text, model, number, ["-j1", "--model", model.lower()] + files)
    print(f"{tool.runs} explorations, {tool.wrong} wrong; {weaker} of {total} programs have executions that no "
          "placement allows")
    return tool.wrong > 0 or tool.runs == 0


def main(arguments):
    if len(arguments) == 1 and not arguments[0].startswith("--"):
        threads = enumerate_.parse(arguments[0])
        mine, others = count(threads)
        print(len(mine), *others, "  kernel:", len(kernel(threads)), machine(threads))
    elif len(arguments) == 3 and arguments[1] == "manifest":
        return compare(arguments[0], list(enumerate_.manifest(arguments[2])), True)
    elif len(arguments) == 4 and arguments[1] == "random":
        rng = random.Random(int(arguments[2]))
        return compare(arguments[0], [(f"random {arguments[2]} #{i}", random_program(rng), None, "")
                                      for i in range(int(arguments[3]))], False)
    else:
        sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
