#!/usr/bin/env python3
"""Holds the trusted zones (Boundary, Secrets, Enclave) to what an auditor is promised of them.

- Their hand-written lines, without blank ones and comments, are at most those of Tests/House/trusted-lines.txt: of
  Swift, of C, and of what holds keys (CUSTODY). The numbers there only shrink: whoever makes one smaller writes it.
- No `@unchecked Sendable`, force unwrap, `try!`, `as!`, `nonisolated(unsafe)`, `async` or `await`, no `throws` without the
  error's type, nor a line for the log, but those that the list counts, file by file; it only shrinks, too.
- What another module may call throws a named error or nothing.
- Nothing is there that is not read here: no other kind of file and no link, no macro, condition or line of another file
  (`#…`), no attribute or import but those of ATTRIBUTES and IMPORTS, no file that is included from elsewhere; what is made
  by scripts is named (GENERATED).
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

import source_text

ZONES = ("Boundary", "Secrets", "Enclave")
LIST = "Tests/House/trusted-lines.txt"
SYMBOLS = "Tests/House/custody-symbols.txt"
CUSTODY_MODULES = ("SecretCryptography", "Keyring")
# Keys, sealing, wrapping, and the signer with what it hands over.
CUSTODY = ("Sources/Secrets/SecretCryptography/", "Sources/Enclave/Keyring/",
           "Sources/Enclave/EnclaveService/ConsensusSigner")
# Made by scripts that `make proto` runs; CI makes them anew and compares. They are not counted.
GENERATED = {
    "Sources/Boundary/CBoundaryMessages/boundary.pb-c.c", "Sources/Boundary/CBoundaryMessages/boundary_manifest.c",
    "Sources/Boundary/CBoundaryMessages/include/boundary/v1/boundary.pb-c.h",
    "Sources/Boundary/CBoundaryMessages/include/boundary/v1/options.pb-c.h",
    "Sources/Boundary/CBoundaryMessages/include/google/protobuf/descriptor.pb-c.h",
    "Sources/Boundary/EnclaveProtocol/Generated/BoundaryCoding.swift",
    "Sources/Boundary/EnclaveProtocol/Generated/BoundaryMessages.swift",
    "Sources/Boundary/SignedTransactions/MessageTable.swift",
}
ATTRIBUTES = {"Sendable", "autoclosure", "discardableResult", "escaping", "inlinable", "main", "safe", "unsafe", "unchecked"}
IMPORTS = {"Glibc", "Synchronization"}  # and the modules of the trusted zones
DIRECTIVES = {"define", "undef", "elif", "else", "endif", "error", "if", "ifdef", "ifndef", "include", "pragma"}
FORBIDDEN = {
    "unchecked-sendable": re.compile(r"@unchecked\s+Sendable"),
    "nonisolated-unsafe": re.compile(r"nonisolated\(unsafe\)"),
    "force-unwrap": re.compile(r"(?<=[\w)\]>}\"`?])!(?!=)|\bunsafelyUnwrapped\b"),
    "forced": re.compile(r"\b(?:try|as)!"),
    "untyped-throws": re.compile(r"\bthrows\b(?!\()"),
    # The enclave's log is `EnclaveProgram.LogLine`, and nothing else writes to it.
    "log": re.compile(r"\b(?:print|debugPrint|dump|fputs|puts|perror|f?printf|dprintf|runtime_write)\("),
    "concurrency": re.compile(r"\b(?:async|await|actor|Task|DispatchQueue)\b(?!:)"),
    # Bounds of such a slice hold in debug builds alone.
    "rebasing": re.compile(r"\brebasing:"),
    "bits": re.compile(r"\bunsafe(?:BitCast|Downcast)\b"),
    # What it holds is not told from code.
    "regex": re.compile(r"#/|(?:[=(,:\[{;]|\breturn)\s*/(?=[^\s/*=])"),
    "directive": re.compile(r"#\w+"),
}
FORBIDDEN_C = {
    "assembly": re.compile(r"\b(?:__)?asm(?:__)?\b"),
    "constructor": re.compile(r"\b_*constructor_*\b"),
    "pragma-word": re.compile(r"\b_Pragma\b"),
}
THROWS = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:package|public)\b[^{=]*?\b(?:func|init)\b[^{]*?\bthrows\b(?!\()", re.M)
FOREIGN = re.compile(r"Foundation|Dispatch|swift_task_|swift_continuation|swift_asyncLet|_Concurrency|^\$sSc|ScM|ScA|ScT")


def files(root):
    for zone in ZONES:
        for path in sorted((root / "Sources" / zone).rglob("*")):
            name = str(path.relative_to(root))
            if path.suffix in (".swift", ".c", ".h") and name not in GENERATED and path.is_file():
                yield name, path.read_text()


def sneaked(root):
    """What is compiled and neither counted nor looked into."""
    modules = {path.name for zone in ZONES for path in (root / "Sources" / zone).iterdir()}
    headers = {path.name: path for zone in ZONES for path in (root / "Sources" / zone).rglob("*.h")}
    for zone in ZONES:
        for path in sorted((root / "Sources" / zone).rglob("*")):
            name = str(path.relative_to(root))
            if path.is_symlink():
                yield f"{name} is a link"
            elif path.is_file() and path.suffix == ".modulemap":
                yield from modulemap(name, path.read_text())
            elif path.is_file() and path.suffix not in (".swift", ".c", ".h"):
                yield f"{name} is of a kind that nobody reads"
    for name, text in files(root):
        try:
            code, counted = source_text.split(text, is_c=not name.endswith(".swift"))
        except source_text.Unreadable as error:
            yield f"{name}: {error}"
            continue
        if name.endswith(".swift"):
            for imported in re.findall(r"\bimport\s+(?:(?:struct|class|enum|protocol|typealias|func|let|var|actor)\s+)?(\w+)", code):
                if imported not in modules | IMPORTS:
                    yield f"{name} imports {imported}"
            yield from (f"{name} has @{one}" for one in re.findall(r"@\s*(\w+)", code) if one not in ATTRIBUTES)
        else:
            for line in counted.split("\n"):
                if (found := re.match(r"\s*(?:#|%:|\?\?=)\s*(\w+)(.*)", line)):
                    yield from directive(name, found[1], found[2].strip(), headers)


def directive(name, word, rest, headers):
    if word not in DIRECTIVES or word == "pragma" and rest.split("(")[0].strip() != "once":
        yield f"{name} has #{word} {rest}"
    if word == "include":
        found = re.fullmatch(r'(?:"([\w./-]+\.h)"|<([\w./-]+\.h)>)', rest)
        own = found and found[1]
        if not found or ".." in rest or own and own.rsplit("/", 1)[-1] not in headers:
            yield f"{name} includes {rest}"


def modulemap(name, text):
    form = r"module \w+ (?:\[system\] )?\{\n(?: {4}(?:header \"[\w.-]+\.h\"|link \"[\w-]+\"|export \*)\n)+\}\n"
    if not re.fullmatch(form, text):
        yield f"{name} says more than headers and a library"


def counted(root):
    found = collections.Counter()
    for name, text in files(root):
        is_c = not name.endswith(".swift")
        try:
            code, all_text = source_text.split(text, is_c)
        except source_text.Unreadable:
            continue  # told by `sneaked`
        lines = sum(1 for line in all_text.split("\n") if line.strip())
        found["lines c" if is_c else "lines swift"] += lines
        if name.startswith(CUSTODY):
            found["lines custody"] += lines
        for rule, pattern in (FORBIDDEN_C if is_c else FORBIDDEN).items():
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
    wrong += sneaked(root)
    for name, text in files(root):
        if name.endswith(".swift") and not any(each.startswith(name + ":") for each in wrong):
            for found in THROWS.finditer(source_text.split(text)[0]):
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
        "untyped-throws": (signer, "func more(_ body: () throws(Bad) -> Void) throws {}\n"),
        "log": (signer, "func more() { print(key) }\n"),
        "concurrency": (signer, "func more() async {}\n"),
        "names no error": (signer, "package func more(\n    of: Int\n) throws -> Int { 1 }\n"),
        "nobody reads": ("Sources/Enclave/CEnclaveRuntime/more.cpp", "int more;\n"),
        "nobody reads ": ("Sources/Secrets/SecretCryptography/more.inc", "int more;\n"),
        "lines swift ": ("Sources/Boundary/Wire/Generated/More.swift", "let more = 1\n" * 400),
        "lines swift  ": ("Sources/Boundary/Wire/Wire.swift", 'let a = "/*"\n' + "let more = 1\n" * 400 + 'let b = "*/"\n'),
        "lines swift   ": ("Sources/Boundary/Wire/Wire.swift", "/* /* */ */\n" * 2 + "let more = 1\n" * 400 + "/* */\n"),
        "force-unwrap ": (signer, 'let a = #"\\"#, b = key!, c = "x"\n'),
        "force-unwrap  ": (signer, 'let text = "a \\(key! + 1) b"\n'),
        "force-unwrap   ": (signer, "let text = `self`!\n"),
        "force-unwrap    ": (signer, "let key = pointer.unsafelyUnwrapped\n"),
        "rebasing": (signer, "let part = unsafe UnsafeRawBufferPointer(rebasing: whole[a..<b])\n"),
        "bits": (signer, "let other = unsafe unsafeBitCast(key, to: Int.self)\n"),
        "directive": (signer, '#sourceLocation(file: "Other.swift", line: 1)\n'),
        "directive ": (signer, "#if DEBUG\nlet more = 1\n#endif\n"),
        "directive  ": (signer, "let more = #stringify(key)\n"),
        "regex": (signer, "let more = /ab+/\n"),
        "does not end ": (signer, 'let more = /"/\nlet key = other!\nlet wrong = /"/\n'),
        "has @_silgen_name": (signer, '@_silgen_name("system") func more(_: UnsafePointer<CChar>) -> Int32\n'),
        "has @_extern": (signer, "@_extern(c) func more()\n"),
        "has @_cdecl": (signer, '@_cdecl("more") func more() {}\n'),
        "has @attached": (signer, '@attached(member) macro more() = #externalMacro(module: "M", type: "T")\n'),
        "imports Foundation": (signer, "import Foundation\n"),
        "imports Dispatch": (signer, "import struct Dispatch.DispatchTime\n"),
        "imports Foundation ": (signer, "@preconcurrency import\nFoundation\n"),
        "includes": ("Sources/Enclave/CEnclaveRuntime/runtime.c", '#include "../../../Tests/more.h"\n'),
        "includes ": ("Sources/Enclave/CEnclaveRuntime/runtime.c", '#include "more.inc"\n'),
        "includes  ": ("Sources/Enclave/CEnclaveRuntime/runtime.c", "#define MORE <more.h>\n#include MORE\n"),
        "includes   ": ("Sources/Enclave/CEnclaveRuntime/runtime.c", '  #  include </tmp/more.c>\n'),
        "has #embed": ("Sources/Enclave/CEnclaveRuntime/runtime.c", 'char more[] = {\n#embed "more.bin"\n};\n'),
        "has #line": ("Sources/Enclave/CEnclaveRuntime/runtime.c", '#line 1 "runtime.c"\n'),
        "has #pragma": ("Sources/Enclave/CEnclaveRuntime/runtime.c", "#pragma weak more\n"),
        "assembly": ("Sources/Enclave/CEnclaveRuntime/runtime.c", '__asm__(".incbin \\"more\\"");\n'),
        "constructor": ("Sources/Enclave/CEnclaveRuntime/runtime.c", "__attribute__((constructor)) static void more(void) {}\n"),
        "more than headers": ("Sources/Boundary/CSodium/module.modulemap", 'module More { header "/usr/include/more.h" }\n'),
        "does not end": (signer, 'let a = "b\n'),
        # What looks like one and is none.
        "": (signer, 'func more() throws(Bad) -> Int { 1 } // a! b! throws\nlet wrong = "oh! no!" != "a"\npackage func f() throws(Bad) {}\n'
             'let text = #""":,[]"#, lines = """\n  "oh! \\(1 + 1)\n  """\n/* a! /* b! */ c! */\n'),
    }
    for rule, (name, text) in faults.items():
        with tempfile.TemporaryDirectory() as folder:
            copy = pathlib.Path(folder)
            for zone in ZONES:
                shutil.copytree(root / "Sources" / zone, copy / "Sources" / zone)
            (copy / "Tests/House").mkdir(parents=True)
            shutil.copy(root / LIST, copy / LIST)
            path = copy / name
            path.parent.mkdir(exist_ok=True)
            path.write_text((path.read_text() if path.exists() else "") + text)
            wrong, _ = check(copy)
            rule = rule.strip()
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
