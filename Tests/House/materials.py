#!/usr/bin/env python3
"""The bill of materials of the trusted base: what is compiled into the enclave's program and what it asks of others.

    materials.py --write [PROGRAM…]   writes docs/security/materials.md; without one, of the debug and the release build
    materials.py --check [PROGRAM]    fails if the page has other files, another number of `unsafe` in one of them, or lacks
                                      a library that is measured or a function that is imported
    materials.py --prove              shows on a copy of the page that it can fail
    materials.py --json FILE          lines and SHA-256 of every file, and one hash over all, for `make audit`

The page has what an auditor must know of before reading; lines and hashes change with every commit and stand in the JSON
alone. Without PROGRAM the debug build's enclave is looked at, if there is one, with the launcher beside it. Debug and release
import a little differently, so the page may have functions that one of them lacks; what it has of sources is exact."""
import hashlib
import json
import os
import pathlib
import platform
import re
import subprocess
import sys

import source_text

root = pathlib.Path(__file__).resolve().parents[2]
page = root / "docs/security/materials.md"
PROGRAM = root / ".build/debug/cloister-enclave"
RELEASE = root / ".build/release/cloister-enclave"
SOURCES = (".swift", ".c", ".h", ".modulemap")
ZONES = ("Sources/Boundary/", "Sources/Secrets/", "Sources/Enclave/")
# How the trusted zones may be compiled and linked, besides features of the language; the checkout's folder is a dot.
FLAGS = {
    "c -Wall -Wextra -Werror", "c -ffile-prefix-map=.=.", "linker -Xlinker --strip-debug",
    "linker -L./.tools/lib -lwasmtime -Xlinker -rpath=$ORIGIN/../../../.tools/lib",
    "swift -Xfrontend -disable-implicit-concurrency-module-import -Xfrontend -disable-implicit-string-processing-module-import",
    "swift -file-prefix-map .=. -Xfrontend -disable-incremental-llvm-codegen",
}
FEATURES = {"strictMemorySafety", "treatAllWarnings", "enableUpcomingFeature"}
# The runtime of the language, by prefix; every other import is a name that the page has.
RUNTIME = ("$s", "swift_", "_swift", "_ITM_", "__gmon_start__")


def modules():
    """Modules that are built into `cloister-enclave`, as the manifest has them: name, folder, whether it is a library of
    the system's."""
    environment = dict(os.environ, CLOISTER_ZONES="trusted")
    dump = json.loads(subprocess.run(["swift", "package", "dump-package"], cwd=root, env=environment, check=True,
                                     capture_output=True).stdout)
    if dump["dependencies"]:
        sys.exit("materials: the trusted zones use packages from outside")
    targets = {target["name"]: target for target in dump["targets"]}
    needed, waiting = set(), ["cloister-enclave"]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            # As `{"byName": [name, condition]}` or `{"target": [name, condition]}`.
            waiting += [next(iter(each.values()))[0] for each in targets[name]["dependencies"]]
    # Code from elsewhere than where an auditor looks: another folder, a plugin or a macro, a flag that nobody checks.
    for name in sorted(needed):
        target = targets[name]
        if not target["path"].startswith(ZONES) or target["type"] not in ("regular", "executable", "system") \
                or any(target.get(more) for more in ("pluginUsages", "sources", "publicHeadersPath")):
            sys.exit(f"materials: {name} is a {target['type']} of {target['path']}, or made of more than its folder")
        for setting in target["settings"]:
            (kind, value), = setting["kind"].items()
            flags = " ".join([setting["tool"], *value["_0"]]).replace(str(root), ".") if kind == "unsafeFlags" else kind
            if flags not in FLAGS | FEATURES:
                sys.exit(f"materials: {name} is built with {flags}, which nobody knows")
    return [(name, root / targets[name]["path"], targets[name]["type"] == "system") for name in sorted(needed)]


def tracked():
    return set(subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, text=True,
                              check=True).stdout.split("\0"))


def look():
    """Of each module its files, each with how often it says `unsafe`, and what is compiled that git does not know."""
    known, unknown, found = tracked(), [], {}
    for name, folder, _ in modules():
        everything = sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
        files = [path for path in everything if path.suffix in SOURCES]
        unknown += [str(path.relative_to(root)) for path in everything if path not in files or path.is_symlink()]
        found[name] = {str(path.relative_to(root)): marks(path) for path in files}
        unknown += [each for each in found[name] if each not in known]
    return found, unknown


def marks(path):
    if path.suffix == ".modulemap":
        return 0
    return len(re.findall(r"\bunsafe\b", source_text.split(path.read_text(), path.suffix != ".swift")[0]))


def code_lines(text):
    return sum(1 for line in text.split("\n") if not re.match(r"\s*(//|/\*|\*|$)", line))


def imports(program):
    """Names that a program takes from its libraries, without the language's runtime, and the libraries."""
    listed = subprocess.run(["nm", "-D", "--undefined-only", program], capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1].split("@")[0] for line in listed.splitlines()}
    dynamic = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
    return {name for name in names if not name.startswith(RUNTIME)}, set(re.findall(r"NEEDED.*\[(.*)\]", dynamic))


def measured(program):
    """The libraries that the launcher beside a program measures it with; `None` without one."""
    launcher = program.parent / "enclave-host"
    if not launcher.exists():
        return None
    listed = subprocess.run([launcher, "--enclave", program, "--measure"], capture_output=True, text=True, check=True).stdout
    return {line.split()[0] for line in listed.splitlines()[2:]}


def family(name):
    """Whose a function is, by its name."""
    for prefix, library in [("wasm", "libwasmtime"), ("secp256k1", "libsecp256k1"), ("protobuf_c", "libprotobuf-c"),
                            ("crypto_", "libsodium"), ("sodium_", "libsodium"), ("randombytes", "libsodium")]:
        if name.startswith(prefix):
            return library
    return "libcrypto" if re.match(r"[A-Z]+[A-Z0-9]*(_|$)|SHA|d2i_|i2d_", name) else "the C library"


def text(found, symbols, libraries):
    lines = ["# What the trusted base is made of", "",
             "Made by `make materials`, compared by `make boundary` and `make audit`: what is compiled into `cloister-enclave`, "
             "by the manifest,", "and what it takes from libraries. A number behind a file is how often it says `unsafe`. Another file, "
             "another number, a library", "that is measured or a function that is imported and is not here fails the check. No package "
             "from outside is used. Lines and hashes", "change with every commit: `make audit` prints them and writes them to "
             "`.build/audit/materials.json`.", "", "## Sources", "", "| module | `unsafe` | files |", "|---|---|---|"]
    for files in found.values():
        if files:
            folder = folder_of(files)
            short = ", ".join(os.path.relpath(each, folder) + (f" {count}" if count else "") for each, count in files.items())
            lines.append(f"| `{folder}` | {sum(files.values())} | {short} |")
    lines += ["", "## Libraries", "", "What the launcher measures beside the program: what it is linked with, and what those "
              "are.", "", ", ".join(sorted(libraries)) + ".", "", "## Functions of libraries", ""]
    grouped = {}
    for name in sorted(symbols):
        grouped.setdefault(family(name), []).append(name)
    for library in sorted(grouped):
        lines += [f"**{library}** ({len(grouped[library])}): " + ", ".join(grouped[library]) + ".", ""]
    lines += ["Of the Swift runtime and standard library whatever the compiler takes. What all of these may ask of the kernel "
              "is in", "`enclave-host/allowed-syscalls.txt`.", ""]
    return "\n".join(lines)


def folder_of(files):
    return os.path.commonpath(list(files)) if len(files) > 1 else os.path.dirname(next(iter(files)))


def read_page(content):
    """What the page names: files with their `unsafe`, libraries, functions, and what of its sums is wrong."""
    files, wrong = {}, []
    for folder, number, names in re.findall(r"^\| `(.*?)` \| (\d+) \| (.*) \|$", content, re.M):
        own = {}
        for each in names.split(", "):
            name, _, count = each.partition(" ")
            own[os.path.normpath(os.path.join(folder, name))] = int(count or 0)
        files |= own
        if sum(own.values()) != int(number):
            wrong.append(f"the page says {number} of {folder}, and its files have {sum(own.values())}")
    libraries = set(re.search(r"## Libraries\n\n.*\n\n(.*)\.\n", content)[1].split(", "))
    functions = set()
    for library, number, names in re.findall(r"^\*\*(.*?)\*\* \((\d+)\): (.*)\.$", content, re.M):
        own = set(names.split(", "))
        functions |= own
        if len(own) != int(number):
            wrong.append(f"the page says {number} functions of {library}, and names {len(own)}")
    return files, libraries, functions, wrong


def differences(content, found, unknown, symbols, needed):
    """Why the page is not of these sources and of a program with these imports and libraries."""
    files, libraries, functions, wrong = read_page(content)
    wrong += [f"{each} is compiled, or may be, and is no source of the repository" for each in unknown]
    there = {name: count for own in found.values() for name, count in own.items()}
    wrong += [f"{each} is not on the page" for each in there if each not in files]
    wrong += [f"{each} is on the page and not compiled" for each in files if each not in there]
    wrong += [f"{each} says `unsafe` {there[each]} times, the page {files[each]}" for each in there
              if each in files and there[each] != files[each]]
    wrong += [f"{each} is imported and not on the page" for each in sorted(symbols - functions)]
    wrong += [f"{each} is linked or measured and not on the page" for each in sorted(needed - libraries)]
    return wrong


def check(found, unknown, program):
    symbols, needed, seen = set(), set(), "no program was looked at"
    # The page is of one machine; another's C library is called otherwise.
    if program.exists() and platform.machine() == "x86_64":
        symbols, needed = imports(program)
        needed |= measured(program) or set()
        seen = f"{len(symbols)} functions of {len(needed)} libraries"
    wrong = differences(page.read_text(), found, unknown, symbols, needed)
    for each in wrong:
        print("materials: " + each, file=sys.stderr)
    if wrong:
        print("materials: if it is meant, `make materials` writes the page", file=sys.stderr)
        sys.exit(1)
    print(f"materials: {sum(len(files) for files in found.values())} files in {len(found)} modules, {seen}, all on the page")


def prove(found, unknown):
    """That a page, or sources, with one thing otherwise are not taken."""
    content = page.read_text()
    files, libraries, functions, _ = read_page(content)
    marked = next(name for name, count in files.items() if count)
    row = re.search(r"^\| `.*? \| (\d+) \| (?=.*[a-z] \d)", content, re.M)
    moved = {name: {each: count + {marked: -1, other: 1}.get(each, 0) for each, count in own.items()}
             for name, own in found.items() for other in [next(each for each in files if each != marked)]}
    cases = {
        "nothing": (content, found, unknown, set(functions), set(libraries)),
        "is no source": (content, found, ["Sources/Secrets/SecretCryptography/more.S"], set(), set()),
        "not on the page": (content, {**found, "More": {"Sources/Boundary/Wire/More.swift": 0}}, [], set(), set()),
        "and not compiled": (re.sub(r"(\| `Sources/Boundary/Wire` \| \d+ \| )", r"\1More.swift, ", content), found, [], set(), set()),
        "says `unsafe`": (content, moved, [], set(), set()),  # one has gone, and another has come elsewhere
        "the page says": (content[:row.start(1)] + "300" + content[row.end(1):], found, [], set(), set()),
        "functions of": (re.sub(r"\*\* \((\d+)\)", "** (6)", content, count=1), found, [], set(), set()),
        "is imported": (content, found, [], {"system"}, set()),
        "is linked or measured": (content, found, [], set(), {"libmore.so.1"}),
    }
    for wanted, case in cases.items():
        wrong = differences(*case)
        if (wrong != []) != (wanted != "nothing") or wanted != "nothing" and not any(wanted in each for each in wrong):
            sys.exit(f"materials: not as it should be: {wanted}: {wrong}")
    print(f"materials: {len(cases) - 1} faults found, and nothing else")


def main():
    found, unknown = look()
    verb, rest = sys.argv[1], sys.argv[2:]
    if verb == "--json":
        rows = []
        for files in found.values():
            for name in files:
                content = (root / name).read_bytes()
                rows.append({"file": name, "lines": content.count(b"\n"), "code": code_lines(content.decode()),
                             "sha256": hashlib.sha256(content).hexdigest()})
        rows.sort(key=lambda row: row["file"])
        whole = hashlib.sha256("".join(f"{row['sha256']}  {row['file']}\n" for row in rows).encode()).hexdigest()
        pathlib.Path(rest[0]).write_text(json.dumps({"sha256": whole, "files": rows}, indent=1) + "\n")
        by_hand = [row for row in rows if ".pb-c." not in row["file"] and "/Generated/" not in row["file"]]
        print(f"  {len(rows)} files, {sum(row['code'] for row in by_hand)} lines of code written by hand "
              f"(without blank lines and comments), SHA-256 over all:\n  {whole}")
        return
    if verb == "--write":
        programs = [pathlib.Path(each) for each in rest] or [each for each in (PROGRAM, RELEASE) if each.exists()]
        if not programs:
            sys.exit("materials: nothing is written without a program to look at (make build, or name one)")
        _, libraries, functions, _ = read_page(page.read_text())
        if not rest and len(programs) < 2:
            print("materials: only one of the debug and the release build is there: what the page has of the other stays")
        else:
            libraries, functions = set(), set()
        for program in programs:
            symbols, needed = imports(program)
            functions |= symbols
            libraries |= needed | (measured(program) or set())
        page.write_text(text(found, functions, libraries))
    elif verb == "--prove":
        prove(found, unknown)
    else:
        check(found, unknown, pathlib.Path(rest[0]) if rest else PROGRAM)


main()
