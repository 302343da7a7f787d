#!/usr/bin/env python3
"""Holds the trusted zones (Boundary, Secrets, Enclave) to what an auditor is promised of them.

- Their hand-written lines, without blank ones and comments, are at most those of Tests/House/trusted-lines.txt: of
  Swift, of C, and of what holds keys (CUSTODY). The numbers there only shrink: whoever makes one smaller writes it.
- No `@unchecked Sendable`, force unwrap, `try!`, `as!`, `nonisolated(unsafe)`, `async` or `await`, nor a line for the
  log, but those that the list counts, file by file; it only shrinks, too.
- What another module may call throws a named error or nothing.
- `--symbols FOLDER`: the objects of CUSTODY's modules in this build folder call nothing of C but what
  Tests/House/custody-symbols.txt lists, nothing of Foundation, Dispatch or of Swift's concurrency.

`--prove` shows on a copy with one fault at a time that each of these can fail."""
import collections
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ZONES = ("Boundary", "Secrets", "Enclave")
LIST = "Tests/House/trusted-lines.txt"
SYMBOLS = "Tests/House/custody-symbols.txt"
CUSTODY_MODULES = ("SecretCryptography", "Keyring")
# Keys, sealing, wrapping, and the signer with what it hands over.
CUSTODY = ("Sources/Secrets/SecretCryptography/", "Sources/Enclave/Keyring/",
           "Sources/Enclave/EnclaveService/ConsensusSigner")
GENERATED = ("/Generated/", ".pb-c.", "/MessageTable.swift", "/boundary_limits.", "/boundary_manifest.")
FORBIDDEN = {
    "unchecked-sendable": re.compile(r"@unchecked\s+Sendable"),
    "nonisolated-unsafe": re.compile(r"nonisolated\(unsafe\)"),
    "force-unwrap": re.compile(r"(?<=[\w)\]>}])!(?!=)"),
    "forced": re.compile(r"\b(?:try|as)!"),
    # The enclave's log is `EnclaveProgram.LogLine`, and nothing else writes to it.
    "log": re.compile(r"\b(?:print|debugPrint|dump|fputs|puts|perror|f?printf|dprintf|runtime_write)\("),
    "concurrency": re.compile(r"\b(?:async|await|actor|Task|DispatchQueue)\b(?!:)"),
}
THROWS = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:package|public)\b[^{=]*?\b(?:func|init)\b[^{]*?\bthrows\b(?!\()", re.M)
FOREIGN = re.compile(r"Foundation|Dispatch|swift_task_|swift_continuation|swift_asyncLet|_Concurrency|^\$sSc|ScM|ScA|ScT")


def code_of(text):
    """Without comments and the words of literals; lines stay where they are."""
    text = re.sub(r'"""\n.*?"""', lambda found: '""' + "\n" * found[0].count("\n"), text, flags=re.S)
    text = re.sub(r'"(?:[^"\\\n]|\\.)*"', '""', text)
    text = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.S)
    return re.sub(r"//.*", "", text)


def lines_of(path, text):
    # A literal of several lines is read by the auditor, too.
    text = re.sub(r"/\*.*?\*/", lambda found: "\n" * found[0].count("\n"), text, flags=re.S)
    return sum(1 for line in text.split("\n") if line.strip() and not line.lstrip().startswith("//"))


def files(root):
    for zone in ZONES:
        for path in sorted((root / "Sources" / zone).rglob("*")):
            name = str(path.relative_to(root))
            if path.suffix in (".swift", ".c", ".h") and not any(part in name for part in GENERATED):
                yield name, path.read_text()


def counted(root):
    found = collections.Counter()
    for name, text in files(root):
        lines = lines_of(name, text)
        found["lines swift" if name.endswith(".swift") else "lines c"] += lines
        if name.startswith(CUSTODY):
            found["lines custody"] += lines
        if not name.endswith(".swift"):
            continue
        code = code_of(text)
        for rule, pattern in FORBIDDEN.items():
            if (count := len(pattern.findall(code))):
                found[f"{rule} {name.rsplit('/', 1)[1]}"] += count
    return found


def committed(root):
    found = {}
    for line in (root / LIST).read_text().splitlines():
        if line and not line.startswith("#"):
            rule, count = line.rsplit(" ", 1)
            found[rule] = int(count)
    return found


def check(root):
    wrong, now, then = [], counted(root), committed(root)
    for rule in sorted(now.keys() | then.keys()):
        if now[rule] > then.get(rule, 0):
            wrong.append(f"{rule}: {now[rule]}, and {LIST} allows {then.get(rule, 0)}")
        elif now[rule] < then.get(rule, 0) and not rule.startswith("lines "):
            wrong.append(f"{rule}: {now[rule]} now; write it into {LIST}")
    for name, text in files(root):
        if name.endswith(".swift"):
            for found in THROWS.finditer(code_of(text)):
                wrong.append(f"{name}: {' '.join(found[0].split())[:90]} names no error")
    return wrong, now


def symbols(root, build):
    # An object may be left of a file that is gone.
    objects = [path for module in CUSTODY_MODULES for path in sorted((build / f"{module}.build").glob("*.swift.o"))
               if any((root / "Sources").glob(f"*/{module}/**/{path.stem}"))]
    if not objects:
        sys.exit(f"no objects of {', '.join(CUSTODY_MODULES)} in {build}")
    listed = subprocess.run(["nm", "-u", *map(str, objects)], capture_output=True, text=True, check=True).stdout
    used = {line.split()[-1] for line in listed.splitlines() if " U " in line}
    allowed = {line for line in (root / SYMBOLS).read_text().splitlines() if line and not line.startswith("#")}
    outside = {name for name in used if not name.startswith("$s") and not name.startswith("swift_")}
    wrong = [f"custody calls {name}, which {SYMBOLS} does not list" for name in sorted(outside - allowed)]
    wrong += [f"{SYMBOLS} lists {name}, which nothing calls" for name in sorted(allowed - outside)]
    wrong += [f"custody needs {name}" for name in sorted(used) if FOREIGN.search(name)]
    return wrong, len(used), len(outside)


def prove(root):
    signer = "Sources/Secrets/SecretCryptography/Secp256k1Signer.swift"
    faults = {
        "lines swift": ("Sources/Boundary/Wire/Wire.swift", "let more = 1\n" * 400),
        "lines custody": (signer, "let more = 1\n" * 400),
        "lines c": ("Sources/Enclave/CEnclaveRuntime/more.c", "int more;\n" * 400),
        "force-unwrap": (signer, "let text = Int(name)!\n"),
        "unchecked-sendable": (signer, "struct More: @unchecked Sendable {}\n"),
        "nonisolated-unsafe": (signer, "nonisolated(unsafe) var more = 1\n"),
        "forced": (signer, "let more = try! check()\n"),
        "log": (signer, "func more() { print(key) }\n"),
        "concurrency": (signer, "func more() async {}\n"),
        "names no error": (signer, "package func more(\n    of: Int\n) throws -> Int { 1 }\n"),
        # What looks like one and is none.
        "": (signer, 'func more() throws -> Int { 1 } // a! b!\nlet wrong = "oh! no!" != "a"\npackage func f() throws(Bad) {}\n'),
    }
    for rule, (name, text) in faults.items():
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            for zone in ZONES:
                shutil.copytree(root / "Sources" / zone, copy / "Sources" / zone)
            (copy / "Tests/House").mkdir(parents=True)
            shutil.copy(root / LIST, copy / LIST)
            path = copy / name
            path.write_text((path.read_text() if path.exists() else "") + text)
            wrong, _ = check(copy)
            wrong = wrong if rule else [one for one in wrong if not one.startswith("lines ")]
            if not rule and wrong or rule and not any(rule in one for one in wrong):
                sys.exit(f"not as it should be with {name} changed for '{rule}': {wrong}")
    print(f"{len(faults) - 1} faults found, and nothing else")


def main():
    root = pathlib.Path(__file__).resolve().parents[2]
    if sys.argv[1:2] == ["--prove"]:
        return prove(root)
    if sys.argv[1:2] == ["--symbols"]:
        wrong, used, outside = symbols(root, pathlib.Path(sys.argv[2]))
        print("\n".join(wrong) or f"custody: {used} symbols from outside its objects, of C {outside}, all listed")
        sys.exit(bool(wrong))
    if sys.argv[1:2] == ["--list"]:
        print("\n".join(f"{rule} {count}" for rule, count in sorted(counted(root).items())))
        return
    wrong, now = check(root)
    then = committed(root)
    for what in ("swift", "c", "custody"):
        print(f"trusted lines, {what}: {now['lines ' + what]} of {then['lines ' + what]}")
    print("\n".join(wrong))
    sys.exit(bool(wrong))


main()
