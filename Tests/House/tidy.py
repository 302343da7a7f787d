#!/usr/bin/env python3
"""Fails on what nobody reads for: copied files and constants, long lines, missing openers, dead names and links, and types
that contract authors are given without a word.

Each check is a function from a tree (path -> text) to findings `(rule, what)`. What was there before a check is in
tidy-known.txt, by file name, so that a file may move. That list only shrinks: an entry that no longer finds anything
fails, and so does a list that is longer than it was. `--self-test` shows that every check can fail and that it is silent
on the same tree once mended.
"""
import collections
import hashlib
import pathlib
import posixpath
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]
known_file = root / "Tests/House/tidy-known.txt"

COLUMNS = 120
OPENER_LINES = 3
# Below this, two constants of one name and value may well be two facts.
CONSTANT_MIN = 100
TEXT_CONSTANT_MIN = 8
# A name of these alone says nothing without its type: `bytesMax` of two types is two facts.
UNITS = {"bytes", "byte", "count", "counts", "size", "length", "depth", "limit", "max", "min"}

# Names that a framework calls: nothing of ours ever writes them a second time.
CALLED_BY_OTHERS = {
    "InboundIn", "InboundOut", "OutboundIn", "OutboundOut", "channelActive", "channelInactive", "channelRead",
    "channelReadComplete", "channelWritabilityChanged", "errorCaught", "handlerAdded", "handlerRemoved",
}


def is_generated(path):
    return ".pb-c." in path or "/Generated/" in path


def swift(tree, under=""):
    return {path: text for path, text in tree.items()
            if path.endswith(".swift") and path.startswith(under) and not is_generated(path)}


def base(path):
    return path.rsplit("/", 1)[-1]


# Files of others, as comments name them: protobuf's own declarations and the kernel's sources.
OUTSIDE = ("google/", "linux/", "mm/")


def without_comments(text):
    return re.sub(r"//[^\n]*", "", text)


def without_texts(text):
    """The same number of lines, with nothing in a text of several lines that could look like code."""
    return re.sub(r'""".*?"""', lambda found: "\n" * found[0].count("\n"), text, flags=re.S)


# ---- the checks


def copied_files(tree):
    """Two files with the same bytes: one of them will be mended alone."""
    same = collections.defaultdict(list)
    for path, text in tree.items():
        if text.strip():
            same[hashlib.sha256(text.encode(errors="surrogateescape")).digest()].append(path)
    for paths in same.values():
        if len(paths) > 1:
            yield "copied-file", " = ".join(sorted(paths))


def left_conflicts(tree):
    """A merge that nobody finished."""
    for path, text in tree.items():
        for found in re.finditer(r"^(?:<{7}|>{7}) ", text, re.M):
            number = text[:found.start()].count("\n") + 1
            yield "conflict", f"{path}:{number} has the mark of a conflict"


def long_lines(tree):
    """swift-format breaks code but no comment; a line with a text that cannot be broken is left to the reader."""
    for path, text in tree.items():
        if is_generated(path) or not path.endswith((".swift", ".c", ".h")):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if len(line) <= COLUMNS:
                continue
            is_comment = re.match(r"\s*(//|/?\*)", line)
            if is_comment and max(len(word) for word in line.split()) < COLUMNS // 2:
                yield "long-line", f"{path}:{number} has {len(line)} columns"
            elif not is_comment and not path.endswith(".swift") and '"' not in line:
                yield "long-line", f"{path}:{number} has {len(line)} columns"


def modules(tree):
    """The Swift modules of product and kits: folder -> paths. A folder is one if the manifest knows its name."""
    declared = set(re.findall(r'"([\w-]+)"', tree.get("Package.swift", "")))
    found = collections.defaultdict(list)
    for path in swift(tree):
        parts = path.split("/")
        if parts[0] != "Sources" and parts[:2] != ["Tests", "Kits"]:
            continue
        depth = next((depth for depth in range(len(parts) - 1, 1, -1) if parts[depth - 1] in declared), None)
        if depth:
            found["/".join(parts[:depth])].append(path)
    return found


def openers(tree):
    """A module opens with the file of its name, a program with its only main: a comment that says what it is for."""
    for module, paths in modules(tree).items():
        mains = [path for path in paths if base(path) == "main.swift" or re.search(r"^@main\b", tree[path], re.M)]
        opener = mains[0] if mains else f"{module}/{base(module)}.swift"
        lines = tree.get(opener, "").split("\n")
        comment = 0
        while comment < len(lines) and lines[comment].startswith("//"):
            comment += 1
        if comment < OPENER_LINES:
            yield "opener", f"{opener} does not begin with {OPENER_LINES} lines on what {base(module)} is for"


def own_names(tree):
    """A type that is called like its module hides it: no other type of the module can be named in full."""
    for module, paths in modules(tree).items():
        name = base(module)
        declaration = re.compile(rf"^(?:[a-z@]\w* )*(?:struct|class|enum|actor|protocol|typealias) {name}\b", re.M)
        for path in paths:
            if declaration.search(tree[path]):
                yield "own-name", f"{path}: module {name} has a type of its own name"


def dead_links(tree):
    """A comment, or a page, that names a file which is not there."""
    paths = set(tree)
    names = {base(path) for path in paths}
    folders = {path.rsplit("/", depth)[0] for path in paths for depth in range(1, path.count("/") + 1)}
    file = re.compile(r"(?<![\w/.+*<>{}$-])((?:[\w.+-]+/)*[\w+-]+\.(?:swift|py|sh|proto|md|c|h))(?![\w/*])")
    folder = re.compile(r"(?<![\w/.-])((?:docs|Tests|Sources|proto|contracts|enclave-host)/[\w./+-]*[\w])(?![\w*<{$])")
    for path, text in tree.items():
        if is_generated(path) or path == "docs/changes.md" or path.startswith("Tests/House/tidy"):
            continue
        marker = r"(?://|/\*|^\s*\*)" if path.endswith((".swift", ".c", ".h", ".proto")) else None
        if path.endswith((".py", ".sh")) or base(path) == "Makefile":
            marker = r"(?:^|\s)#"
        if marker is None and not path.endswith(".md"):
            continue
        for number, line in enumerate(text.split("\n"), 1):
            if marker:
                found = re.search(marker, line)
                if not found:
                    continue
                line = line[found.start():]
            line = re.sub(r"https?://\S+", "", line)
            for named in file.findall(line):
                beside = posixpath.normpath(posixpath.join(posixpath.dirname(path), named))
                is_there = named in names or beside in paths or any(
                    other == named or other.endswith("/" + named) for other in paths)
                if not is_there and not named.startswith(OUTSIDE):
                    yield "dead-link", f"{path}:{number} names {named}, which is not there"
            for named in folder.findall(line):
                named = named.rstrip("./")
                if "." in base(named) or named in folders or named in paths:
                    continue
                if not any(other.startswith(named) for other in paths) and not named.startswith("contracts/build"):
                    yield "dead-link", f"{path}:{number} names {named}, which is not there"


def copied_constants(tree):
    """A number or a text under the same name in two files of the product: the next change misses one."""
    declaration = re.compile(
        r"^\s*(?:(?:package|public|private|fileprivate|static)\s+)*(?:let|var)\s+(\w+)\s*(?::\s*[\w.\[\]]+)?\s*="
        r"\s*([-0-9a-fx_ <*+()]+|\"[^\"\\]*\")\s*$", re.M)
    places = collections.defaultdict(set)
    for path, text in swift(tree, "Sources/").items():
        for name, value in declaration.findall(without_comments(text)):
            value = value.strip()
            if {word.lower() for word in re.findall(r"[A-Za-z][a-z]*", name)} <= UNITS:
                continue
            if value.startswith('"'):
                if len(value) - 2 >= TEXT_CONSTANT_MIN:
                    places[name, value].add(path)
                continue
            try:
                number = eval(value.replace("_", ""), {"__builtins__": {}})
            except (SyntaxError, TypeError, NameError):
                continue
            if isinstance(number, int) and number >= CONSTANT_MIN:
                places[name, number].add(path)
    for (name, value), paths in places.items():
        if len(paths) > 1:
            yield "copied-constant", f"{name} = {value} in " + " and ".join(sorted(paths))


def dead_names(tree):
    """A declaration of the product whose name stands nowhere else, not even in a test."""
    words = collections.Counter()
    for path, text in tree.items():
        if path.endswith(".swift"):
            words.update(re.findall(r"[A-Za-z_]\w*", without_comments(text)))
    declaration = re.compile(
        r"^[ \t]*((?:@\w+(?:\([^)]*\))?\s+)*)((?:[a-z]+(?:\(\w+\))? )*)"
        r"(?:func|var|let|struct|class|enum|actor|protocol|typealias) `?([A-Za-z_]\w*)", re.M)
    for path, text in swift(tree, "Sources/").items():
        text = without_texts(without_comments(text))
        for found in declaration.finditer(text):
            attributes, modifiers, name = found.groups()
            if words[name] == 1 and name not in CALLED_BY_OTHERS and "@main" not in attributes:
                if "override" not in modifiers:
                    number = text[:found.start(3)].count("\n") + 1
                    yield "dead-name", f"{path}:{number} declares {name}, which nothing uses"


SDK_TYPE = re.compile(r"^\s*(?:(?:public|final|indirect)\s+)*(struct|enum|class|protocol)\s+(\w+)")


def undocumented(tree):
    """What contract authors are given: a type of the SDK or the test kit says what it is."""
    for path in [*swift(tree, "contracts/sdk/"), *swift(tree, "contracts/testkit/")]:
        has_doc = False
        for number, line in enumerate(tree[path].split("\n"), 1):
            text = line.strip()
            declared = SDK_TYPE.match(line)
            if declared and not has_doc:
                yield "undocumented", f"{path}:{number} declares {declared[2]} without a comment"
            # A mark, an attribute and a comment of another kind stand between both.
            has_doc = text.startswith("///") or has_doc and text.startswith(("//", "@"))


CHECKS = [copied_files, left_conflicts, long_lines, openers, own_names, dead_links, copied_constants, dead_names, undocumented]


# ---- the list of what is known


def read_known(text):
    entries = []
    for line in text.split("\n"):
        if line.strip() and not line.startswith("#"):
            rule, _, words = line.partition(" ")
            entries.append((rule, words.strip()))
    return entries


def grown(known, before):
    """An entry may be renamed with its file, but there are never more than before."""
    if len(known) > len(before):
        return [f"tidy-known.txt has {len(known)} entries and had {len(before)}: mend what is new instead"]
    return []


def known_before():
    """The list as it was before this change: before the last commit, or before what is not committed yet."""
    name = known_file.relative_to(root)
    shown = []
    for commit in ["HEAD", "HEAD^"]:
        done = subprocess.run(["git", "show", f"{commit}:{name}"], cwd=root, capture_output=True, text=True)
        if done.returncode == 0:
            shown.append(done.stdout)
    text = known_file.read_text()
    if shown and shown[0] == text:
        shown = shown[1:]
    return read_known(shown[0] if shown else text)


def judge(tree, known):
    """The findings that are not known, and the entries that no finding needs."""
    findings = [finding for check in CHECKS for finding in check(tree)]
    used = set()
    wrong = []
    for rule, what in findings:
        entry = next((entry for entry in known if entry[0] == rule and entry[1] in what), None)
        if entry:
            used.add(entry)
        else:
            wrong.append(f"{rule}: {what}")
    wrong += [f"tidy-known.txt: “{rule} {words}” finds nothing any more: remove it"
              for rule, words in known if (rule, words) not in used]
    return wrong


# ---- that each check can fail


def self_test():
    comment = "// For tests.\n// It assumes nothing.\n// It never leaves.\n"
    clean = {
        "Package.swift": 'let modules = ["Walks", "walk", "WalkKit"]\nprint(modules)\n',
        "Sources/Host/Walks/Walks.swift": comment + "let stepsMax = 4_000\nprint(stepsMax)\n",
        "Sources/Host/Walks/Gait.swift": "struct Gait {}\nlet gait = Gait()\nprint(gait) // Walks.swift says why.\n",
        "Sources/Host/walk/Program.swift": comment + "@main struct Program {}\n",
        "Tests/Kits/WalkKit/WalkKit.swift": comment + "let shoes = 2\nprint(shoes)\n",
        "contracts/sdk/Step.swift": "/// A step.\n// sdk: message\nstruct Step {}\nprint(Step())\n",
        "docs/walks.md": "See Sources/Host/Walks and [the gait](Gait.swift).\n",
    }
    gait = "Sources/Host/Walks/Gait.swift"
    faults = {
        "copied-file": {"Sources/Host/Walks/Copy.swift": clean[gait]},
        "conflict": {gait: clean[gait] + ">" * 7 + " theirs\n"},
        "long-line": {gait: clean[gait] + "// " + "word " * 24 + "\n"},
        "opener": {"Sources/Host/Walks/Walks.swift": "let stepsMax = 4_000\nprint(stepsMax)\n"},
        "own-name": {gait: clean[gait] + "package struct Walks {}\n" + "let walks = Walks()\nprint(walks)\n"},
        "dead-link": {gait: clean[gait] + "// As in Stride.swift.\n"},
        "copied-constant": {gait: clean[gait] + "let stepsMax = 4 * 1000\n"},
        "dead-name": {gait: clean[gait] + "package func stumble() {}\n"},
        "undocumented": {"contracts/sdk/Walk.swift": "struct Walk {}\nprint(Walk())\n"},
    }
    more = {
        "opener": [{"Sources/Host/walk/Program.swift": "@main struct Program {}\n"},
                   {"Tests/Kits/WalkKit/WalkKit.swift": "let shoes = 2\nprint(shoes)\n"}],
        "dead-link": [{"docs/walks.md": "See Sources/Host/Runs for more.\n"}],
        "copied-constant": [{gait: clean[gait] + 'let label = "a walk in the park"\nprint(label)\n',
                             "Tests/Kits/WalkKit/WalkKit.swift": clean["Tests/Kits/WalkKit/WalkKit.swift"],
                             "Sources/Host/walk/Label.swift": 'let label = "a walk in the park"\n'}],
    }
    trees = [(rule, fault) for rule, fault in faults.items()]
    trees += [(rule, fault) for rule, list in more.items() for fault in list]
    clean["Sources/Host/walk/Bounds.swift"] = "let bytesMax = 512\nprint(bytesMax)\n"
    clean["Sources/Host/Walks/Bounds.swift"] = "let bytesMax = 512\nprint(bytesMax + 0)\n"
    wrong = [f"the clean tree: {finding}" for finding in judge(clean, [])]
    for rule, fault in trees:
        found = judge({**clean, **fault}, [])
        if len(found) != 1 or not found[0].startswith(rule + ":"):
            wrong.append(f"{rule} should be found alone in {list(fault)}: {found}")
        elif judge({**clean, **fault}, [(rule, base(list(fault)[-1]))]):
            wrong.append(f"{rule} is found although it is known")
    if not judge(clean, [("dead-name", "Gait.swift")]):
        wrong.append("an entry that finds nothing is not noticed")
    if not grown([("dead-name", "a"), ("dead-name", "b")], [("dead-name", "a")]) or grown([], [("dead-name", "a")]):
        wrong.append("a list that grows is not noticed, or one that shrinks is")
    if len(faults) != len(CHECKS):
        wrong.append("a check has no fault of its own")
    return wrong, len(trees) + 3


def read_tree():
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=root,
                            check=True, capture_output=True, text=True).stdout.split("\0")
    tree = {}
    for path in listed:
        file = root / path
        if path and file.is_file() and not file.is_symlink():
            tree[path] = file.read_text(errors="surrogateescape")
    return tree


def main():
    wrong, count = self_test()
    if wrong:
        sys.exit("tidy.py itself:\n" + "\n".join(wrong))
    if sys.argv[1:] == ["--self-test"]:
        print(f"tidy: {count} tries, every check can fail")
        return
    known = read_known(known_file.read_text())
    wrong = judge(read_tree(), known) + grown(known, known_before())
    for problem in wrong:
        print(problem, file=sys.stderr)
    if wrong:
        sys.exit(1)
    print(f"tidy: {len(CHECKS)} checks find nothing new; {len(known)} entries are still known")


if __name__ == "__main__":
    main()
