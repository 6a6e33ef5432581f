"""disassembly.py OBJDUMP DIRECTORY OBJECTS - is each thread, in the machine code, what its column says?

Of every test of the directory OBJECTS holds NAME.o, made of its C code. In the function of a thread its instructions
have to stand one behind the other, with nothing between, and with the registers that the file names.
"""
import pathlib
import re
import subprocess
import sys

from assembly import Test

ABI = ("zero ra sp gp tp t0 t1 t2 s0 s1 a0 a1 a2 a3 a4 a5 a6 a7 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 t3 t4 t5 t6").split()


def functions(objdump, path):
    """Of each function the mnemonics and operands."""
    text = subprocess.run([objdump, "-d", "--no-show-raw-insn", path], check=True, capture_output=True, text=True).stdout
    found, lines = {}, []
    for line in text.splitlines():
        head = re.match(r"[0-9a-f]+ <(\w+)>:", line)
        if head:
            lines = found.setdefault(head.group(1), [])
        label = re.match(r"[0-9a-f]+ <(\.L.*)>:", line)
        if label:  # it belongs to the function before it
            continue
        code = re.match(r"\s+[0-9a-f]+:\s+(\S+)\s*([^#/]*)", line)
        if code:
            lines.append((code.group(1), code.group(2)))
    return found


def plain(mnemonic):
    """Without what tells the size or that an operand is a constant, which objdump may leave out or add."""
    mnemonic = mnemonic.lower().replace(".aq.rl", ".aqrl")
    mnemonic = {"bnez": "bne", "movl": "mov", "addl": "add", "xchgl": "xchg"}.get(mnemonic, mnemonic)
    return mnemonic[:-1] if mnemonic in ("ori", "addi") else mnemonic


def expected(test, column):
    for text in column:
        if text.endswith(":"):
            continue
        name, _, operands = text.partition(" ")
        if name.lower() == "lock":
            name, _, operands = operands.partition(" ")
            yield "lock", ()
        registers = re.findall(r"%?\b([re][a-d]x|[re][sd]i|[wx]\d+|a\d)\b", operands.lower())
        if test.arch == "RISCV":
            registers = [ABI[int(test.canonical(r)[1:])] for r in registers]
            registers = [r for r in registers if r != "zero"]
        yield plain(name), registers


def split_locks(lines):
    """objdump puts the prefix before the mnemonic, or calls it one."""
    for mnemonic, operands in lines:
        if mnemonic == "lock":
            name, _, rest = operands.partition(" ")
            yield "lock", ""
            yield plain(name), rest
        else:
            yield plain(mnemonic), operands


def stands_at(lines, at, wanted):
    return len(lines) - at >= len(wanted) and all(
        name == have[0] and all(re.search(rf"\b{r}\b", have[1]) for r in registers)
        for (name, registers), have in zip(wanted, lines[at:]))


def main(objdump, directory, objects):
    failed, threads = False, 0
    for path in sorted(pathlib.Path(directory).glob("*.litmus")):
        test = Test(path)
        code = functions(objdump, f"{objects}/{path.stem}.o")
        for i, column in enumerate(test.threads):
            lines = list(split_locks(code[f"run_P{i}"]))
            wanted = list(expected(test, column))
            threads += 1
            if not any(stands_at(lines, at, wanted) for at in range(len(lines))):
                print(f"{path}: P{i} is not in the machine code: {wanted}\n{lines}")
                failed = True
    return failed or threads < 20


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
