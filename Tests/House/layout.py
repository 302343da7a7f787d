#!/usr/bin/env python3
"""Fails if Sources is not what its folders say.

- Folders are zones and, in the host, layers; each module is one folder.
- Every library opens with the file of its name, which says what it is for, what it assumes and what it never does.
- No module has a type of its own name, and no two modules have a type of one name: `Module.Type` always means something.
- Rules and every module that the manifest calls pure import nothing but the boundary, each other and a lock, and use no
  clock, randomness, floating-point number, environment or order of a dictionary or set.

`--prove` shows that each of these can fail, on a copy with one fault at a time."""
import pathlib
import re
import shutil
import sys
import tempfile

ZONES = {"Boundary", "Secrets", "Enclave", "Host", "Client", "Developer"}
LAYERS = {"State", "Rules", "Chain", "Enclave", "Engines", "Peers", "Interfaces", "Node"}
# A comment behind a line, or above it, that says why an order does not matter there.
ANY_ORDER = "Any order:"
DECLARED = re.compile(
    r"^(?:@[\w()]+ )*(?:(?:package|public|internal|final|indirect) )*(?:struct|enum|class|protocol|actor|typealias) (\w+)",
    re.M)
IMPURE = re.compile(
    r"\b(Double|Float|Float16|Float32|Float64|Float80|CGFloat|Date|Calendar|ContinuousClock|SuspendingClock|Clock|Instant"
    r"|clock_gettime|gettimeofday|SystemRandomNumberGenerator|randomElement|shuffled?|getenv|ProcessInfo"
    r"|FileManager|FileHandle|Task|Thread|DispatchQueue|hashValue|ObjectIdentifier)\b(?=[\s.(<?:,)\]])|\.random\(")
UNORDERED = [
    re.compile(r"\b(?:let|var)\s+(\w+)\s*(?::\s*(?:Set<|Dictionary<|\[[^\[\](\n]+:\s)|=\s*(?:Set|Dictionary)\b|=\s*\[:\])"),
    re.compile(r"[(,]\s*(?:\w+ )?(\w+): (?:inout )?(?:Set<|Dictionary<|\[[^\[\](\n]+: )"),
]
WALKS = r"(?:map|flatMap|compactMap|forEach|reduce|enumerated|first|keys|values|makeIterator|prefix|dropFirst|popFirst|randomElement|description)"


def code_of(text):
    """Without comments and the literal parts of strings; lines stay where they are."""
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.S)
    text = re.sub(r"(?<!:)//.*", "", text)
    return re.sub(r'"(?:[^"\\\n]|\\.)*"', lambda m: '"' + " ".join(re.findall(r"\\\(([^()]*)\)", m[0])) + '"', text)


def modules_of(root):
    """Name and folder of every module of Sources that has Swift."""
    for zone in sorted((root / "Sources").iterdir()):
        folders = [zone] if zone.name != "Host" else sorted(zone.iterdir())
        for folder in folders:
            for module in sorted(folder.iterdir()):
                inner = sorted(module.iterdir()) if module.name == "Backends" else [module]
                for one in inner:
                    if one.is_dir() and any(one.rglob("*.swift")):
                        yield one.name, one


def check(root):
    wrong = []
    folders = {p.name for p in (root / "Sources").iterdir()}
    wrong += [f"Sources/{name} is no zone" for name in sorted(folders - ZONES)]
    layers = {p.name for p in (root / "Sources/Host").iterdir()}
    wrong += [f"Sources/Host/{name} is no layer" for name in sorted(layers - LAYERS)]

    modules = dict(modules_of(root))
    owners = {}
    for name, folder in modules.items():
        is_program = name == name.lower()
        opener = folder / f"{name}.swift"
        if not is_program:
            if not opener.exists():
                wrong.append(f"{folder.relative_to(root)} does not open with {name}.swift")
            elif len(re.findall(r"^//", "\n".join(opener.read_text().split("\n")[:30]), re.M)) < 3:
                wrong.append(f"{opener.relative_to(root)} does not say what the module is for")
        for path in sorted(folder.rglob("*.swift")):
            for declared in DECLARED.findall(path.read_text()):
                owners.setdefault(declared, {}).setdefault(name, path.relative_to(root))
    for declared, places in sorted(owners.items()):
        if declared in places:
            wrong.append(f"{places[declared]}: the module {declared} has a type of its own name")
        if len(places) > 1:
            wrong.append(f"{declared} is declared by " + " and ".join(str(p) for p in places.values()))

    manifest = (root / "Package.swift").read_text()
    pure = set()
    calls = list(re.finditer(r'\b(host\(\s*\.(\w+), "([\w-]+)"|tests\(|kit\(|client\(|Module\()', manifest))
    for call, following in zip(calls, calls[1:]):
        if call[3] and (call[2] == "rules" or "isPure: true" in manifest[call.end():following.start()]):
            pure.add(call[3])
    if not pure:
        wrong.append("Package.swift names no pure module")
    boundary = {p.name for p in (root / "Sources/Boundary").iterdir()}
    for name in sorted(pure):
        for path in sorted(modules[name].rglob("*.swift")):
            text = path.read_text()
            place = path.relative_to(root)
            for imported in re.findall(r"^\s*(?:@\w+ )?import (?:\w+ )?(\w+)", text, re.M):
                if imported not in boundary | pure | {"Synchronization"}:
                    wrong.append(f"{place}: a pure module imports {imported}")
            lines, said = code_of(text).split("\n"), text.split("\n")
            names = {n for pattern in UNORDERED for n in pattern.findall("\n".join(lines))}
            walk = names and re.compile(
                rf"\bin (?:self\.)?({'|'.join(names)})\b(?!\.)(?:\.{WALKS}\b)?|\b({'|'.join(names)})\.{WALKS}\b")
            for number, line in enumerate(lines):
                if found := IMPURE.search(line):
                    wrong.append(f"{place}:{number + 1}: a pure module uses {found[0]}")
                if walk and (found := walk.search(line)):
                    if ANY_ORDER not in said[number] and (number == 0 or ANY_ORDER not in said[number - 1]):
                        wrong.append(f"{place}:{number + 1}: a pure module walks over {found[0]}, which has no order")
    return wrong


def prove(root):
    """Each fault alone must be reported, with these words."""
    rules = "Sources/Host/Rules"
    some = next(p for n, p in modules_of(root) if str(p.relative_to(root)).startswith(rules))
    some = some.relative_to(root)
    fault = str(some / "Fault.swift")
    faults = [
        ("Sources/Utilities/A.swift", "", "Utilities is no zone"),
        ("Sources/Host/Helpers/A/A.swift", "", "Helpers is no layer"),
        ("Sources/Boundary/Extra/Other.swift", "// x\n", "does not open with Extra.swift"),
        ("Sources/Boundary/Extra/Extra.swift", "struct Thing {}\n", "does not say what the module is for"),
        ("Sources/Boundary/Wire/Fault.swift", "package struct Wire {}\n", "has a type of its own name"),
        ("Sources/Boundary/Wire/Fault.swift", "package struct Header {}\n", "Header is declared by"),
        (fault, "import Foundation\n", "imports Foundation"),
        (fault, "import Glibc\n", "imports Glibc"),
        (fault, "import Dispatch\n", "imports Dispatch"),
        (fault, "let share: Double = 1\n", "uses Double"),
        (fault, "let now = ContinuousClock.now\n", "uses ContinuousClock"),
        (fault, "let one = UInt8.random(in: 0...9)\n", "uses .random("),
        (fault, "func f(_ shares: [String: Int]) { for share in shares { g(share) } }\n", "walks over in shares"),
        (fault, "let names = Set(all)\nlet list = names.map(f)\n", "walks over names.map"),
        (fault, "var sums: [String: Int] = [:]\nlet list = sums.values\n", "walks over sums.values"),
    ]
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder)
        shutil.copytree(root / "Sources", copy / "Sources")
        shutil.copy(root / "Package.swift", copy)
        for path, text, words in faults:
            place = copy / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
            found = [w for w in check(copy) if words in w]
            print(f"refused: {found[0]}" if found else f"ACCEPTED: {path}: {text!r}")
            missed += not found
            place.unlink()
            while not any(place.parent.iterdir()):
                place = place.parent
                place.rmdir()
    return missed


root = pathlib.Path(__file__).resolve().parents[2]
problems = check(root)
for problem in problems:
    print(problem, file=sys.stderr)
if problems or ("--prove" in sys.argv and prove(root)):
    sys.exit(1)
print(f"Sources: {len(dict(modules_of(root)))} modules, each in its place")
