#!/usr/bin/env python3
"""Where the tests called NAME are: prints their module, and what `swift test --filter` takes.

NAME is a test module (KeyringTests), a suite's type (JournalTests), a test's function (roundTrip) or words of a title
("a rolled-back state root"). Without a match, or with one in two modules, it says what there is.
"""
import pathlib
import re
import sys

tests = pathlib.Path(__file__).resolve().parents[1]


def find(name, files):
    """The (module, filter) pairs that `name` may mean; `files` are (module, text)."""
    modules = {module for module, _ in files}
    if name in modules:
        return {(name, rf"^{name}\.")}
    found = set()
    for module, text in files:
        if re.search(rf"\b(?:struct|class|enum|actor|extension) (?:\w+\.)*{re.escape(name)}\b", text):
            found.add((module, rf"^{module}\.(.*/)?{name}/"))
    if found:
        return found
    titled = re.compile(r'@Test\(\s*"((?:[^"\\]|\\.)*)".*?\bfunc (\w+)|@Test\b[^"]*?\bfunc (\w+)', re.S)
    for module, text in files:
        for title, function, untitled in titled.findall(text):
            function = function or untitled
            if function == name or (title and name.lower() in title.lower()):
                found.add((module, rf"^{module}\..*\b{function}\("))
    return found


def main():
    if len(sys.argv) != 2 or not sys.argv[1].strip():
        sys.exit("usage: only.py NAME (a test module, a suite, a test or words of its title)")
    name = sys.argv[1].strip()
    files = []
    for path in sorted(tests.rglob("*.swift")):
        module = path.relative_to(tests).parts[0]
        files.append((module, path.read_text()))
    files = [(module, text) for module, text in files
             if any(other == module and "@Test" in words for other, words in files)]
    found = find(name, files)
    modules = sorted({module for module, _ in found})
    if not found:
        sys.exit(f"no test module, suite, test or title is called “{name}”; modules: "
                 + " ".join(sorted({module for module, _ in files})))
    print(",".join(modules), "|".join(sorted({words for _, words in found})))


if __name__ == "__main__":
    main()
