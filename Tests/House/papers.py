#!/usr/bin/env python3
"""Fails if a page for people names what is not there: a file, a folder, a page, a make target, or a name of the code.

What stands between backticks is a path, a file's name, a command or a name of the code. What can be told apart is
looked up; a name of the code counts as there if it stands as a word in any source file."""
import json
import os
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[2]
pages = [root / name for name in ("CONTRIBUTING.md", "SECURITY.md", "docs/style.md", "docs/trust-boundary.md", "docs/threat-model.md")]
pages += sorted((root / "docs/architecture").glob("*.md"))
listing = ["git", "ls-files", "-co", "--exclude-standard"]
paths = set(subprocess.run(listing, cwd=root, capture_output=True, text=True, check=True).stdout.split("\n"))
folders = {str(parent) for path in paths for parent in pathlib.PurePath(path).parents}
names = {pathlib.PurePath(path).name for path in paths}
words, targets, wrong = set(), set(), []
for path in paths:
    if path.endswith((".swift", ".c", ".h", ".py", ".proto", ".sh", ".toml", "Makefile")) and (root / path).is_file():
        words |= set(re.findall(r"\w+", (root / path).read_text()))
for line in (root / "Makefile").read_text().split("\n"):
    if match := re.match(r"([\w-]+(?: [\w-]+)*):(?!=)", line):
        targets |= set(match[1].split())
    if match := re.match(r"\.PHONY: (.*)", line):
        targets |= set(match[1].split())


def is_there(text):
    """Whether a path, or the name of a file, exists; a decision may be named by its number."""
    text = text.rstrip("/")
    return text in paths or text in folders or text in names or any(path.startswith(text + "-") for path in paths)


def look_up(page, text):
    if match := re.match(r"(?:\S+=\S+ )*make(?: [A-Z_]+=\S+)* ([a-z][\w-]*)", text):
        if match[1] not in targets:
            wrong.append(f"{page}: make has no target {match[1]}")
    elif re.fullmatch(r"[\w.+/-]+\.(swift|c|h|py|sh|proto|md|txt)", text):
        if not is_there(text):
            wrong.append(f"{page}: there is no file {text}")
    elif re.fullmatch(r"(docs|proto|Sources|Tests|contracts|enclave-host)(/[\w.+-]+)*/?", text):
        if not is_there(text):
            wrong.append(f"{page}: there is no {text}")
    elif re.fullmatch(r"[A-Za-z_]\w*(\.\w+)*(\(.*\))?", text) and re.search(r"[A-Z_]", text):
        last = re.sub(r"\(.*", "", text).split(".")[-1]
        if last not in words:
            wrong.append(f"{page}: no source has the name {text}")


for path in pages:
    page, text = path.relative_to(root), path.read_text()
    for block in re.findall(r"(?ms)^```.*?^```", text):
        for line in block.split("\n"):
            if match := re.match(r"make ([a-z][\w-]*)", line):
                look_up(page, match[0])
    text = re.sub(r"(?ms)^```.*?^```", "", text)
    for token in re.findall(r"`([^`\n]+)`", text):
        look_up(page, token)
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in link and not (path.parent / link).exists():
            wrong.append(f"{page}: the link to {link} leads nowhere")
    for decision in re.findall(r"docs/decisions/\d{4}", text):
        if not is_there(decision):
            wrong.append(f"{page}: there is no {decision}")
page = root / "docs/architecture/modules.md"
environment = {**os.environ, "CLOISTER_FUZZ": "1"}
dump = ["swift", "package", "dump-package"]
manifest = subprocess.run(dump, cwd=root, env=environment, capture_output=True, check=True)
modules = {target["name"] for target in json.loads(manifest.stdout)["targets"]}
said = set(re.findall(r"`([\w-]+)`", page.read_text()))
# What stands in front of a colon, in lists, and every suite of tests, must be a module.
named = {name for name in said if name.endswith("Tests") and name != "Tests"}
for line in re.findall(r"(?m)^- ((?:`[\w-]+`(?:, )?)+): ", page.read_text()):
    named |= set(re.findall(r"[\w-]+", line))
wrong += [f"modules.md: {name} of Package.swift is not named" for name in sorted(modules - said)]
wrong += [f"modules.md: {name} is no module of Package.swift" for name in sorted(named - modules)]
for problem in wrong:
    print(problem, file=sys.stderr)
if wrong:
    sys.exit(1)
print(f"pages for people: {len(pages)}, and all that they name is there")
