#!/usr/bin/env python3
"""The bill of materials of the trusted base: what is compiled into the enclave's program and what it asks of others.

    materials.py --write [PROGRAM…]   writes docs/security/materials.md; without one, of the debug and the release build
    materials.py --check [PROGRAM]    fails on what the page does not name: a file, more `unsafe`, a library, an import
    materials.py --json FILE          lines and SHA-256 of every file, and one hash over all, for `make audit`

The page has what an auditor must know of before reading; lines and hashes change with every commit and stand in the JSON
alone. Without PROGRAM the debug build's enclave is looked at, if there is one. Fewer of anything than the page says is no
fault of a commit; `--write` takes it up."""
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
    """Of each module its files and how often they say `unsafe`, and what is compiled that git does not know."""
    known, unknown, found = tracked(), [], {}
    for name, folder, _ in modules():
        everything = sorted(path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
        files = [path for path in everything if path.suffix in SOURCES]
        unknown += [str(path.relative_to(root)) for path in everything if path not in files or path.is_symlink()]
        names = [str(path.relative_to(root)) for path in files]
        unknown += [each for each in names if each not in known]
        marks = sum(len(re.findall(r"\bunsafe\b", source_text.split(path.read_text(), path.suffix != ".swift")[0]))
                    for path in files)
        found[name] = (names, marks)
    return found, unknown


def code_lines(text):
    return sum(1 for line in text.split("\n") if not re.match(r"\s*(//|/\*|\*|$)", line))


def imports(program):
    """Names that a program takes from its libraries, without the language's runtime, and the libraries."""
    listed = subprocess.run(["nm", "-D", "--undefined-only", program], capture_output=True, text=True, check=True).stdout
    names = {line.split()[-1].split("@")[0] for line in listed.splitlines()}
    dynamic = subprocess.run(["readelf", "-d", program], capture_output=True, text=True, check=True).stdout
    return {name for name in names if not name.startswith(RUNTIME)}, set(re.findall(r"NEEDED.*\[(.*)\]", dynamic))


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
             "by the manifest,", "and what it takes from libraries. A file, an `unsafe`, a library or a function that is not "
             "here fails the check. No package from", "outside is used. Lines and hashes change with every commit: `make audit` "
             "prints them and writes them to `.build/audit/materials.json`.", "", "## Sources", "",
             "| module | `unsafe` | files |", "|---|---|---|"]
    folder = {name: os.path.commonpath(files) if len(files) > 1 else os.path.dirname(files[0])
              for name, (files, _) in found.items() if files}
    for name, (files, marks) in found.items():
        if files:
            short = ", ".join(os.path.relpath(each, folder[name]) for each in files)
            lines.append(f"| `{folder[name]}` | {marks} | {short} |")
    lines += ["", "## Libraries", "", ", ".join(sorted(libraries)) + ".", "", "## Functions of libraries", ""]
    grouped = {}
    for name in sorted(symbols):
        grouped.setdefault(family(name), []).append(name)
    for library in sorted(grouped):
        lines += [f"**{library}** ({len(grouped[library])}): " + ", ".join(grouped[library]) + ".", ""]
    lines += ["Of the Swift runtime and standard library whatever the compiler takes. What all of these may ask of the kernel "
              "is in", "`enclave-host/allowed-syscalls.txt`.", ""]
    return "\n".join(lines)


def read_page():
    """What the page names: files by folder with their `unsafe`, libraries, functions."""
    content = page.read_text()
    files, marks = set(), {}
    for folder, number, names in re.findall(r"^\| `(.*?)` \| (\d+) \| (.*) \|$", content, re.M):
        files |= {os.path.normpath(os.path.join(folder, name)) for name in names.split(", ")}
        marks[folder] = int(number)
    libraries = set(re.search(r"## Libraries\n\n(.*)\.\n", content)[1].split(", "))
    functions = {name for _, names in re.findall(r"^\*\*(.*?)\*\* \(\d+\): (.*)\.$", content, re.M)
                 for name in names.split(", ")}
    return files, marks, libraries, functions


def check(found, unknown, program):
    wrong = [f"{each} is compiled, or may be, and is no source of the repository" for each in unknown]
    files, marks, libraries, functions = read_page()
    for name, (names, number) in found.items():
        wrong += [f"{each} is not on the page" for each in names if each not in files]
        if names:
            folder = os.path.commonpath(names) if len(names) > 1 else os.path.dirname(names[0])
            if number > marks.get(folder, 0):
                wrong.append(f"{folder} says `unsafe` {number} times, the page {marks.get(folder, 0)}")
    seen = "no program was looked at"
    # The page is of one machine; another's C library is called otherwise.
    if program.exists() and platform.machine() == "x86_64":
        symbols, needed = imports(program)
        wrong += [f"{each} is imported and not on the page" for each in sorted(symbols - functions)]
        wrong += [f"{each} is linked and not on the page" for each in sorted(needed - libraries)]
        seen = f"{len(symbols)} functions of {len(needed)} libraries"
    for each in wrong:
        print("materials: " + each, file=sys.stderr)
    if wrong:
        print("materials: if it is meant, `make materials` writes the page", file=sys.stderr)
        sys.exit(1)
    print(f"materials: {sum(len(names) for names, _ in found.values())} files in {len(found)} modules, {seen}, all on the page")


def main():
    found, unknown = look()
    verb, rest = sys.argv[1], sys.argv[2:]
    if verb == "--json":
        rows = []
        for names, _ in found.values():
            for name in names:
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
        seen = [imports(each) for each in programs]
        page.write_text(text(found, set().union(*(each[0] for each in seen)), set().union(*(each[1] for each in seen))))
    else:
        check(found, unknown, pathlib.Path(rest[0]) if rest else PROGRAM)


main()
