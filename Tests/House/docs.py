#!/usr/bin/env python3
"""docs.py OUT: the documentation comments of every Swift library as one archive of DocC; a warning fails it.

Reads what `swift build` left in .build. The first page of a module is the comment that its opening file begins with."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[2]
build = root / ".build/debug"
out = pathlib.Path(sys.argv[1]).resolve()


def run(*command):
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed\n{done.stdout}{done.stderr}")
    return done.stdout


def swift_files(folder):
    return sorted((root / folder).rglob("*.swift"))


def opening(name, folder):
    """The comment in front of the first declaration or import of the module's opening file, without its marks."""
    file = root / folder / f"{name}.swift"
    if not file.exists():
        return ""
    lines = []
    for line in file.read_text().split("\n"):
        if match := re.match(r"///? ?(.*)", line):
            lines.append(match[1])
        elif lines or line and not line.startswith("import "):
            break
    return "\n".join(lines)


targets = json.loads(run("swift", "package", "dump-package"))["targets"]
targets = [target for target in targets if target["path"].startswith("Sources/")]
flags = []
for target in targets:
    if target["type"] == "system":
        flags += ["-I", str(root / target["path"])]
    elif (include := root / target["path"] / "include").is_dir():
        flags += ["-Xcc", f"-I{include}"]
for map_flag in sorted(set(re.findall(r'"(-fmodule-map-file=[^"]*)"', (root / ".build/debug.yaml").read_text()))):
    flags += ["-Xcc", map_flag]
machine = json.loads(run("swift", "-print-target-info"))["target"]["triple"]
archives = []
with tempfile.TemporaryDirectory() as folder:
    for target in targets:
        name = target["name"]
        if target["type"] != "regular" or not swift_files(target["path"]):
            continue
        catalog = pathlib.Path(folder) / f"{name}.docc"
        catalog.mkdir()
        run("swift-symbolgraph-extract", "-module-name", name, "-I", str(build / "Modules"), "-target", machine,
            "-minimum-access-level", "package", "-output-dir", str(catalog), *flags)
        first, _, rest = opening(name, target["path"]).partition("\n\n")
        (catalog / f"{name}.md").write_text(f"# ``{name}``\n\n{first}\n\n## Overview\n\n{rest}\n" if rest else
                                            f"# ``{name}``\n\n{first}\n")
        archives.append(f"{folder}/{name}.doccarchive")
        run("docc", "convert", str(catalog), "--output-dir", archives[-1], "--fallback-display-name", name,
            "--fallback-bundle-identifier", f"cloister.{name}", "--warnings-as-errors")
    shutil.rmtree(out, ignore_errors=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    run("docc", "merge", *archives, "--output-path", str(out), "--synthesized-landing-page-name", "Cloister")
print(f"{out}: {len(archives)} modules, no warning")
