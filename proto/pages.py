#!/usr/bin/env python3
"""Writes the node's pages as Swift: Sources/Host/Interfaces/Pages/Web, and the boundary's messages as the inspector reads
them. Needs protoc and the standard library.

    pages.py            writes Sources/Host/Interfaces/Pages/Generated
    pages.py --check    exit 1 if what is there is not what this would write
"""
import json
import pathlib
import sys

import boundary_manifest

ROOT = pathlib.Path(__file__).resolve().parents[1]
MODULE = ROOT / "Sources/Host/Interfaces/Pages"
TYPES = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml", ".json": "application/json",
}
HEAD = "// Made by proto/pages.py. Do not edit.\n// swift-format-ignore-file\n\n"
BYTES_MAX = 200_000


def boundary():
    """Frames by number, and the fields of what they carry, with class and trust of each."""
    messages, enums = boundary_manifest.schema()
    by_name = {message["name"]: message for message in messages}
    told = {
        "manifest": boundary_manifest.manifest_hash().hexdigest(),
        "frames": [],
        "messages": {},
    }
    for way in ("ToEnclave", "FromEnclave"):
        for field in by_name[way]["fields"]:
            told["frames"].append({
                "into": way == "ToEnclave", "number": field["number"], "name": field["name"],
                "message": field["type_name"], "class": boundary_manifest.CLASS[field["class"]],
                "trust": boundary_manifest.TRUST[field["trust"]],
            })
            # Numbers of two bytes with their type are what BoundaryTraffic knows.
            assert field["number"] <= 63, field["name"]
    for message in messages:
        if message["name"] in ("ToEnclave", "FromEnclave"):
            continue
        told["messages"][message["name"]] = [
            [field["name"], boundary_manifest.CLASS[field["class"]], boundary_manifest.TRUST[field["trust"]],
             ", ".join(boundary_manifest.limits(field, enums))] for field in message["fields"]]
    return json.dumps(told, separators=(",", ":"))


def files():
    """Path, content type and text of each, in the order of the paths."""
    found = [("/boundary.json", ".json", boundary())]
    for path in sorted((MODULE / "Web").iterdir()):
        text = path.read_text()
        # home.html is `/`, explorer.html `/explorer`; what pages load has its own name.
        name = "/" + ("" if path.name == "home.html" else path.stem if path.suffix == ".html" else path.name)
        found.append((name, path.suffix, text))
    return sorted(found)


def literal(text):
    assert '"""##' not in text and "\\##" not in text and "\r" not in text
    return '##"""\n%s\n"""##' % text


def generated():
    rows, total = [], 0
    for name, suffix, text in files():
        total += len(text)
        rows.append('        PageFile(path: "%s", contentType: "%s", text: %s),' % (name, TYPES[suffix], literal(text)))
    assert total <= BYTES_MAX, "the pages have %d bytes; more than %d is no small page" % (total, BYTES_MAX)
    return HEAD + "extension PageFile {\n    static let all: [PageFile] = [\n" + "\n".join(rows) + "\n    ]\n}\n"


def main():
    target = MODULE / "Generated/PageFiles.swift"
    text = generated()
    if sys.argv[1:] == ["--check"]:
        if not target.exists() or target.read_text() != text:
            sys.exit("pages: Generated/PageFiles.swift is not what Web and the boundary say: make pages")
        print("pages: %d files, %d bytes, as they are written" % (text.count("PageFile(path"), len(text)))
    else:
        target.parent.mkdir(exist_ok=True)
        target.write_text(text)


if __name__ == "__main__":
    main()
