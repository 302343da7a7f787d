#!/usr/bin/env python3
"""Writes the JSON coding of the types a contract marks (docs/decisions/0007).

    generate.py FILE.swift ...  > Coding.swift

A comment line in front of a struct or enum asks for it:

    // sdk: message   a struct is an object; an enum is an object with one member, its case: {"set_key":{"key":"x"}}
    // sdk: words     an enum without payloads is one of some texts: "rock"

Names go from Swift's form to JSON's (viewingKey, viewing_key). A `T?` may be absent or null. A property with a default
may be absent. A case with one payload without a label is that value itself: `case result(Status)`.

Stored properties are `var name: Type` or `let name: Type`, one a line; computed ones and static ones are left alone. What
cannot be read as one of these is refused: a property without coding would be lost with the next save.
"""
import re
import sys

DECLARATION = re.compile(r"^\s*(?:(?:private|fileprivate|public|indirect)\s+)*(struct|enum|extension|class|protocol)\s+([\w.]+)")
ACCESS = r"(?:(?:private|fileprivate|internal|public)(?:\(set\))?\s+)*"
PROPERTY = re.compile(rf"^\s*{ACCESS}(?:var|let)\s+(`?\w+`?)\s*:\s*([^={{]+?)\s*(?:=\s*(.+?))?\s*$")
STORED = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+|\w+(?:\(set\))?\s+)*?(?:var|let)\s+[^{]*(?:=|$)")
MARK = re.compile(r"^\s*//\s*sdk:\s*(\w+)\s*$")


def fail(path, number, text):
    sys.exit(f"{path}:{number}: error: {text}")


def snake(name):
    name = name.strip("`")
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name).lower()


def split(text):
    """Parts between commas that are in no bracket."""
    parts, depth, start = [], 0, 0
    for index, character in enumerate(text):
        if character in "([<":
            depth += 1
        elif character in ")]>":
            depth -= 1
        elif character == "," and depth == 0:
            parts.append(text[start:index])
            start = index + 1
    return [part.strip() for part in parts + [text[start:]] if part.strip()]


def cases(line, path, number):
    for part in split(re.sub(r"^\s*case\s+", "", line)):
        match = re.fullmatch(r"(`?\w+`?)(?:\((.*)\))?", part)
        if not match:
            fail(path, number, f"cannot read the case {part}")
        payload = []
        for field in split(match.group(2) or ""):
            label, colon, kind = field.partition(":")
            if "=" in field:
                fail(path, number, f"a payload has no default here: {field}")
            payload.append((label.strip(" `"), kind.strip()) if colon else (None, label.strip()))
        if any(label is None for label, _ in payload) and len(payload) > 1:
            fail(path, number, "only a single payload may go without a label")
        yield match.group(1), payload


def lines(path):
    """Numbered lines; a case whose brackets stay open goes on in the next."""
    pending, start = "", 0
    for number, line in enumerate(open(path), 1):
        if not pending and not re.match(r"^\s*case\s", line):
            yield number, line
            continue
        start = start if pending else number
        pending = pending.rstrip("\n") + (" " + line.strip() if pending else line.rstrip("\n"))
        if pending.count("(") <= pending.count(")"):
            yield start, pending
            pending = ""


def types(path):
    """The marked types of a file, as (mark, kind, full name, members)."""
    stack, depth, mark, found = [], 0, None, []
    for number, line in lines(path):
        marked = MARK.match(line)
        if marked:
            mark = marked.group(1)
            if mark not in ("message", "words"):
                fail(path, number, f"unknown mark: {mark}")
            continue
        code = re.sub(r'"(?:\\.|[^"\\])*"', '""', line)
        code = re.sub(r"//.*", "", code).rstrip("\n")
        declared = DECLARATION.match(code)
        inside = stack[-1] if stack else None
        if declared:
            kind, name = declared.groups()
            full = ".".join([entry["name"] for entry in stack] + [name])
            entry = {"name": name, "full": full, "kind": kind, "depth": depth + 1, "mark": mark, "members": []}
            mark = None
            stack.append(entry)
            if entry["mark"]:
                if kind not in ("struct", "enum"):
                    fail(path, number, "only structs and enums can be marked")
                found.append(entry)
        elif inside and inside["mark"] and depth == inside["depth"]:
            if inside["kind"] == "enum" and re.match(r"^\s*case\s", code):
                inside["members"] += cases(code, path, number)
            elif inside["kind"] == "enum" and re.match(r"^\s*(@\w+|indirect)\b.*\bcase\s", code):
                fail(path, number, "a case stands alone: no attribute, not indirect")
            elif inside["kind"] == "struct" and not re.match(r"^\s*(private\s+)?static\b", code):
                match = PROPERTY.match(re.sub(r"//.*", "", line).rstrip("\n"))
                if match and len(split(match.group(2))) == 1:
                    inside["members"].append(match.groups())
                elif STORED.match(code):
                    fail(path, number, "a stored property is `var name: Type`, one a line, with a default or without")
        if mark and code.strip() and not declared and not code.strip().startswith("@"):
            fail(path, number, "a mark stands directly in front of a struct or enum")
        depth += code.count("{") - code.count("}")
        while stack and depth < stack[-1]["depth"]:
            stack.pop()
    return found


def read(name, kind, default=None):
    if default is not None:
        return f'try fields.readIfPresent("{snake(name)}") ?? {default}'
    if kind.endswith("?"):
        return f'try fields.readIfPresent("{snake(name)}")'
    return f'try fields.read("{snake(name)}")'


def struct_coding(entry):
    out = ["    init(_ json: JSON, _ name: Text) throws(ContractError) {"]
    members = entry["members"]
    out += [f"        {'var' if members else 'let'} fields = try Fields(json)"]
    out += [f"        self.{name} = {read(name, kind, default)}" for name, kind, default in members]
    out += ["        try fields.finish()", "    }", "", "    var json: JSON {", "        .object(["]
    out += [f'            .init("{snake(name)}", {name}.json),' for name, _, _ in members]
    return out + ["        ])", "    }"]


def enum_coding(entry):
    takes_fields = any(payload and payload[0][0] for _, payload in entry["members"])
    mutability = "var" if takes_fields else "let"
    out = ["    init(_ json: JSON, _ name: Text) throws(ContractError) {", "        let variant = try json.variant()"]
    out += ["        switch variant.name {"]
    for case, payload in entry["members"]:
        out += [f'        case "{snake(case)}":']
        if payload and payload[0][0] is None:
            out += [f'            self = .{case}(try {payload[0][1]}(variant.value, "{snake(case)}"))']
        elif payload:
            out += [f"            {mutability} fields = try Fields(variant.value)"]
            out += [f"            let value = {entry['full']}.{case}("]
            out += [",\n".join(f"                {label}: {read(label, kind)}" for label, kind in payload) + ")"]
            out += ["            try fields.finish()", "            self = value"]
        else:
            out += ["            try Fields(variant.value).finish()", f"            self = .{case}"]
    out += ['        default: throw ContractError("unknown message: " + variant.name)', "        }", "    }", ""]
    out += ["    var json: JSON {", "        switch self {"]
    for case, payload in entry["members"]:
        if payload and payload[0][0] is None:
            out += [f'        case .{case}(let value): .object([.init("{snake(case)}", value.json)])']
        elif payload:
            # A label may be a word of Swift's own.
            names = ", ".join(f"let `{label}`" for label, _ in payload)
            values = ", ".join(f'.init("{snake(label)}", `{label}`.json)' for label, _ in payload)
            out += [f'        case .{case}({names}): .object([.init("{snake(case)}", .object([{values}]))])']
        else:
            out += [f'        case .{case}: .object([.init("{snake(case)}", .object([]))])']
    return out + ["        }", "    }"]


def words_coding(entry):
    out = ["    init(_ json: JSON, _ name: Text) throws(ContractError) {", "        switch try json.text(name) {"]
    out += [f'        case "{snake(case)}": self = .{case}' for case, _ in entry["members"]]
    out += ['        default: throw ContractError("unknown " + name)', "        }", "    }", ""]
    out += ["    var json: JSON { .string(word) }", "", "    var word: Text {", "        switch self {"]
    out += [f'        case .{case}: "{snake(case)}"' for case, _ in entry["members"]]
    return out + ["        }", "    }"]


def main():
    print("// Written by tools/generate.py from the marked types; not edited by hand.")
    for path in sys.argv[1:]:
        for entry in types(path):
            if entry["mark"] == "words":
                body = words_coding(entry)
            elif entry["kind"] == "struct":
                body = struct_coding(entry)
            else:
                body = enum_coding(entry)
            print(f"\nextension {entry['full']}: JSONCoded {{")
            print("\n".join(body) + "\n}")


main()
