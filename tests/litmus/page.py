"""page.py make KIND FILE [CATALOGUE] - made-up results: all, hostile, none, empty.
page.py check JSON PAGE [WORD...] - does the page say what the JSON says, with these words in it?
page.py progress TOOL ARGUMENT... - the line on a terminal, and whether it is gone at the end."""
import glob, html.parser, json, math, os, pty, random, re, sys
import xml.etree.ElementTree as tree

X = "{http://www.w3.org/1999/xhtml}"
EVIL = "<script>alert(1)</script>\"'`touch owned` $(touch owned) %n%s\x1b[31m&amp;\n]]>\\"
KINDS = ["allowed, seen", "allowed, not seen", "forbidden, not seen"]


def shown(text):
    """What cannot be shown is a question mark; an end of a line is a blank for whoever reads."""
    return " ".join(re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "?", text).split())


def result(name, threads, info, condition, weak, total, seen="allowed, seen"):
    state = {n: int(v) for n, v in re.findall(r"([\w:\[\]]+)=(-?\d+)", condition)} or {"x": 1}
    other = {n: v + 1 for n, v in state.items()}
    rows = [{"state": other, "count": total - weak, "weak": False}]
    if weak:
        rows.append({"state": state, "count": weak, "weak": True})
    test = {"name": name, "threads": threads, "result": "run", "info": info, "condition": condition, "verdict": seen,
            "violation": "VIOLATION" in seen, "seconds": 0.5, "total": total, "weak": weak, "histogram": rows}
    test.update({"confidence": 1 - math.exp(-weak)} if weak else {"bound_95": 3 / total})
    return test


def catalogue(directory):
    random.seed(1)
    for path in sorted(glob.glob(directory + "/*.litmus")):
        text = open(path).read()
        info = dict(re.findall(r"^(\w+)=(.*)$", text, re.M))
        threads = len(re.findall(r"^P\d+ ", text, re.M))
        name = os.path.basename(path)[:-len(".litmus")]
        if threads > 3:
            yield {"name": name, "threads": threads, "result": "skipped", "info": info}
            continue
        allowed = info["C11"] == "allowed"
        weak = random.choice([0, 1, 30, 10**4, 10**6]) if allowed else 0
        yield result(name, threads, info, re.search(r"^(~?exists|forall) .*$", text, re.M).group(0), weak, 10**7,
                     KINDS[0] if weak else KINDS[1] if allowed else KINDS[2])


def hostile():
    for name in (EVIL, EVIL + "+" + EVIL, "SB+" + EVIL, "\u6f22" * 300 + "+a", "+", "x" * 5000):
        yield result(name, 2, {"Why": EVIL, "Cycle": EVIL}, "exists (" + EVIL + "=1)", 3, 50, EVIL)
    violation = result("SB+x", 2, {"C11": "forbidden"}, "exists (0:r0=0)", 3, 50, "VIOLATION")
    violation.update(knobs=EVIL, wrong=EVIL, reproducer={"command": EVIL, "knobs": EVIL, "replays": 3, "shown": 2})
    violation["histogram"][0]["state"] = {EVIL: EVIL}
    yield violation
    yield {"name": "client", "threads": 0, "result": "crashed", "info": {}, "wrong": EVIL}


def make(kind, path, directory=None):
    tests = {"all": lambda: list(catalogue(directory)), "hostile": lambda: list(hostile()), "empty": lambda: [],
             "none": lambda: [{"name": "IRIW+ra", "threads": 4, "result": "skipped", "info": {}}]}[kind]()
    evil = EVIL if kind == "hostile" else "Made-Up"
    machine = {"model": evil, "architecture": evil, "kernel": evil, "packages": 1, "cores": 3, "cpus": 3,
               "numa_nodes": 1, "virtual_machine": True, "hypervisor": evil, "emulated": kind == "hostile",
               "used_cpus": [0, 1, 2]}
    json.dump({"schema": "cordon-litmus/1", "version": evil, "date": evil, "interrupted": kind == "all",
               "machine": machine, "compiler": {"command": evil, "flags": None, "version": evil},
               "options": {"engine": evil, "seconds": 0.5, "size": 7, evil: evil}, "tests": tests}, open(path, "w"))


class Links(html.parser.HTMLParser):
    """A browser's view: is anything there that it would fetch or run?"""

    def handle_starttag(self, tag, attributes):
        assert tag not in ("script", "link", "img", "iframe", "object", "embed", "base"), tag
        for name, value in attributes:
            assert not name.startswith("on") and name not in ("src", "srcset", "action"), name
            assert name not in ("href", "xlink:href") or value.startswith("#"), value


def text_of(element):
    return shown("".join(element.itertext()))


def of_class(root, tag, name):
    return [e for e in root.iter(X + tag) if name in e.get("class", "").split()]


def kind_of(test):
    if test.get("violation") or test["result"] in ("crashed", "stuck"):
        return "VIOLATION"
    if not test.get("total"):
        return "not run"
    return test["verdict"] if test["verdict"] in KINDS else "no verdict"


def check(source, page, *words):
    document = json.load(open(source))
    tests, cpus = document["tests"], len(document.get("machine", {}).get("used_cpus", range(1000)))
    text = open(page, encoding="utf-8").read()
    assert text.startswith("<!DOCTYPE html>\n") and text.endswith("</html>\n")
    assert len(text.encode()) < 2_000_000, len(text)
    assert "@import" not in text and "url(" not in text and "did not draw" not in text
    Links().feed(text)
    root = tree.fromstring(text)
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids)), "an id stands there twice"
    links = [e.get("href")[1:] for e in root.iter(X + "a")]
    assert set(links) <= set(ids), "a link to nowhere"
    # Each test once in full, and what became of it.
    rows = [r for t in of_class(root, "table", "tests") for r in t.find(X + "tbody")]
    names = [text_of(next(r.iter(X + "summary"))) for r in rows]
    assert sorted(names) == sorted(shown(t["name"]) for t in tests), "not each test once"
    for row, name in zip(rows, names):
        test = next(t for t in tests if shown(t["name"]) == name)
        cells = [text_of(c) for c in row.findall(X + "td")]
        if test.get("total"):
            shared = test["threads"] > cpus
            where = " (%d threads on %d CPU%s)" % (test["threads"], cpus, "s"[cpus == 1:]) if shared else ""
            assert cells[1] == shown(test["verdict"]) + where and cells[2:4] == [str(test["weak"]), str(test["total"])], cells
            assert shown(test["info"].get("Why", "")) in text_of(row), name
            histogram = text_of(next(row.iter(X + "pre")))
            assert all(re.search(r"(^|\s)%d ?[*:]>" % r["count"], histogram) for r in test["histogram"]), histogram
    # The sums, and the violations before all else.
    sums = {}
    for item in of_class(root, "ul", "sums")[0]:
        number = item.find(X + "b").text
        sums[text_of(item)[len(number):].strip()] = int(number)
    for kind in ("VIOLATION", "not run", *KINDS):
        wanted = sum(kind_of(t) == kind for t in tests)
        assert sums.get(kind, sums.get(kind + "S", 0)) == wanted, (kind, sums)
    boxes = [text_of(b) for b in of_class(root, "div", "bad")]
    violations = [t for t in tests if kind_of(t) == "VIOLATION"]
    assert len(boxes) == len(violations)
    for test in violations:
        box = next(b for b in boxes if "VIOLATION: " + shown(test["name"]) in b)
        assert shown(test.get("reproducer", {}).get("command", "")) in box, box
        assert shown(test.get("wrong", "")) in box, box
    assert not violations or text.index("VIOLATION: ") < text.index("<dt>processor")
    # Maps: a cell is coloured by what became of its test, and says it, too.
    for cell in (c for m in of_class(root, "table", "map") for c in m.iter(X + "td")):
        test = next((t for t in tests if cell.get("title", "").startswith(shown(t["name"]) + ": ")), None)
        if test is not None:
            wanted = {"VIOLATION": "v", "not run": "x", KINDS[1]: "n", KINDS[2]: "f"}.get(kind_of(test))
            if wanted is None:
                rate = test.get("weak_rate", test["weak"] / test["seconds"])  # of undisturbed time, if that is told
                wanted = "k%d" % min(8, max(0, math.floor(math.log10(max(rate, 1)) + 1e-9)))
            assert cell.get("class") == wanted and text_of(cell), (test["name"], cell.get("class"), wanted)
    # Each drawing has a title, and the points of it have one each.
    for svg in root.iter("{http://www.w3.org/2000/svg}svg"):
        assert svg[0].tag.endswith("title") and svg[0].text
    for word in words:
        assert word in text, "no '%s' in %s" % (word, page)


def progress(*command):
    child, terminal = pty.fork()
    if child == 0:
        os.execv(command[0], command)
    said = b""
    while True:
        try:
            some = os.read(terminal, 65536)
        except OSError:
            break
        if not some:
            break
        said += some
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said
    lines = said.decode().split("\r\x1b[K")
    told = [l for l in lines if re.fullmatch(r"\[ ?\d+/\d+\] \S+  \d+\.\d s  ETA .*, 0 violations", l)]
    assert len(told) >= 2, lines
    # Whatever else is printed comes after the line is cleared.
    assert all("ETA" not in line for line in re.sub(r"[^\r\n]*\r\x1b\[K", "", said.decode()).split("\n")), lines


{"make": make, "check": check, "progress": progress}[sys.argv[1]](*sys.argv[2:])
