#!/usr/bin/env python3
"""Writes the JSON coding of the types a contract marks (docs/decisions/0007).

    generate.py FILE.swift ...  > Coding.swift

A comment line in front of a struct or enum asks for it:

    // sdk: message   a struct is an object; an enum is an object with one member, its case: {"set_key":{"key":"x"}}
    // sdk: words     an enum without payloads is one of some texts: "rock"
    // sdk: stored    its binary form (sdk/Binary.swift), for what is stored; alone, or in a line beside one of the others

Names go from Swift's form to JSON's (viewingKey, viewing_key). A `T?` may be absent or null. A property with a default
may be absent. A case with one payload without a label is that value itself: `case result(Status)`.

Stored properties are `var name: Type` or `let name: Type`, one a line; computed ones and static ones are left alone. What
cannot be read as one of these is refused: a property without coding would be lost with the next save. So are mistakes
that would show late or in other words: a message without a mark, a float, a Dictionary, one name for two structures.
"""
import re
import sys

DECLARATION = re.compile(
    r"^\s*(?:(?:private|fileprivate|public|indirect|final)\s+)*(struct|enum|extension|class|protocol)\s+([\w.]+)([^{]*)")
ACCESS = r"(?:(?:private|fileprivate|internal|public)(?:\(set\))?\s+)*"
PROPERTY = re.compile(rf"^\s*{ACCESS}(?:var|let)\s+(`?\w+`?)\s*:\s*([^={{]+?)\s*(?:=\s*(.+?))?\s*$")
STORED = re.compile(r"^\s*(?:@\w+(?:\([^)]*\))?\s+|\w+(?:\(set\))?\s+)*?(?:var|let)\s+[^{]*(?:=|$)")
MARK = re.compile(r"^\s*//\s*sdk:\s*(\w+)\s*$")
ENTRY = re.compile(
    r"\bfunc\s+(instantiate|execute|query|migrate)\s*\(\s*_\s+\w+\s*:\s*(?:Call|Environment)\s*,\s*_\s+\w+\s*:\s*([\w.]+)")
FLOAT = re.compile(r"\b(?:Double|Float(?:16|32|64)?|CGFloat)\b|(?<![\w.])\d[\d_]*\.\d")
HASHED = re.compile(r"\b(?:Set|Dictionary)\s*<|\[\s*[A-Z][\w.]*\??\s*:\s*[\[A-Z]")
OLD_FORM = "// sdk: old form"
STRUCTURE = re.compile(r"\b(Item|Map|AppendList|Cell|Lookup|Keymap|Keyset|Deque)\s*<.*>\s*\(\s*\"([^\"]*)\"")


def fail(path, number, text):
    sys.exit(f"{path}:{number}: error: {text}")


def read_text(path):
    with open(path) as file:
        return file.read()


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
    for number, line in enumerate(read_text(path).splitlines(keepends=True), 1):
        if not pending and not re.match(r"^\s*case\s", line):
            yield number, line
            continue
        start = start if pending else number
        pending = pending.rstrip("\n") + (" " + line.strip() if pending else line.rstrip("\n"))
        if pending.count("(") <= pending.count(")"):
            yield start, pending
            pending = ""


def code_of(line):
    """Without what texts and comments say."""
    line = re.sub(r'#".*?"#', '""', line)
    return re.sub(r"//.*", "", re.sub(r'"(?:\\.|[^"\\])*"', '""', line)).rstrip("\n")


def types(path):
    """The types of a file, with their marks and, if there are any, members."""
    stack, depth, mark, found = [], 0, set(), []
    for number, line in lines(path):
        marked = MARK.match(line)
        if marked:
            if marked.group(1) not in ("message", "words", "stored"):
                fail(path, number, f"unknown mark: {marked.group(1)}")
            mark.add(marked.group(1))
            if {"message", "words"} <= mark:
                fail(path, number, "a type is a message or words, not both")
            continue
        code = code_of(line)
        declared = DECLARATION.match(code)
        inside = stack[-1] if stack else None
        if declared:
            kind, name, conformances = declared.groups()
            full = ".".join([entry["name"] for entry in stack] + [name])
            entry = {
                "name": name, "full": full, "kind": kind, "depth": depth + 1, "mark": mark, "members": [],
                "place": (path, number), "forms": set(re.findall(r"\w+", conformances)),
            }
            mark = set()
            stack.append(entry)
            if entry["mark"] and kind not in ("struct", "enum"):
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


def binary_coding(entry):
    """In the order of properties and cases (sdk/Binary.swift)."""
    reader = "    init(from reader: inout BinaryReader) throws(BinaryError) {"
    writer = "    func write(to bytes: inout [UInt8]) {"
    members = entry["members"]
    if entry["kind"] == "struct":
        if not members:
            return [reader, "        guard try reader.byte() == 0 else { throw .noSuchCase }", "    }", "",
                    writer, "        bytes.append(0)", "    }"]
        out = [reader] + [f"        self.{name} = try {kind}(from: &reader)" for name, kind, _ in members] + ["    }", ""]
        return out + [writer] + [f"        {name}.write(to: &bytes)" for name, _, _ in members] + ["    }"]
    if len(members) > 256:
        fail(*entry["place"], "a stored enum has at most 256 cases")
    out = [reader, "        switch try reader.byte() {"]
    for number, (case, payload) in enumerate(members):
        values = ", ".join((f"{label}: " if label else "") + f"try {kind}(from: &reader)" for label, kind in payload)
        out += [f"        case {number}: self = .{case}" + (f"({values})" if payload else "")]
    out += ["        default: throw .noSuchCase", "        }", "    }", "", writer, "        switch self {"]
    for number, (case, payload) in enumerate(members):
        names = [label or "value" for label, _ in payload]
        bound = "(" + ", ".join(f"let `{name}`" for name in names) + ")" if payload else ""
        out += [f"        case .{case}{bound}:", f"            bytes.append({number})"]
        out += [f"            `{name}`.write(to: &bytes)" for name in names]
    return out + ["        }", "    }"]


def look_for_mistakes(paths, found):
    """Those that the compiler, the upload or a user would show late, or in other words."""
    declared = {}
    for entry in found:
        forms = entry["forms"] | ({"JSONCoded"} if entry["mark"] & {"message", "words"} else set())
        forms |= {"BinaryCoded"} if "stored" in entry["mark"] else set()
        known = declared.setdefault(entry["full"], {"forms": set(), "place": None})
        known["forms"] |= forms
        if entry["kind"] in ("struct", "enum"):
            known["place"] = entry["place"]

    def without(name, form, path):
        # What is not declared at the top is inside another type, of the same file if several have one.
        inside = [known for full, known in declared.items() if full.endswith("." + name) and known["place"]]
        inside = [known for known in inside if known["place"][0] == path] or inside
        known = declared.get(name) or (inside[0] if len(inside) == 1 else None)
        return known["place"] if known and known["place"] and form not in known["forms"] else None

    names = {}
    for path in paths:
        # Texts of several lines say nothing here.
        text = re.sub(r'"""(?:.|\n)*?"""', lambda match: '""' + "\n" * match[0].count("\n"), read_text(path))
        for entry, name in ENTRY.findall("\n".join(code_of(line) for line in text.split("\n"))):
            place = without(name, "JSONCoded", path)
            if place:
                fail(*place, f"{name} is the message of `{entry}` and is not marked: write `// sdk: message` above it")
        for number, line in enumerate(text.split("\n"), 1):
            code = code_of(line)
            if FLOAT.search(code):
                fail(path, number, "a float: a module with one is refused at upload; use Amount, or Decimal (18 digits)")
            if HASHED.search(code):
                fail(path, number, "Dictionary and Set compute with floats, which are refused at upload; use Keymap, Keyset or an array")
            structure = STRUCTURE.search(line)
            if structure and not line.strip().startswith("//") and not line.rstrip().endswith(OLD_FORM):
                kind = "Map or AppendList" if structure[1] in ("Map", "AppendList") else structure[1]
                other = names.setdefault((kind, structure[2]), (path, number))
                if other != (path, number):
                    fail(path, number, f"another {kind} is called \"{structure[2]}\" ({other[0]}:{other[1]}): they would be one "
                         f"(a line that ends with `{OLD_FORM}` reads what a migration finds)")
    for entry in found:
        for mark, form in (("message", "JSONCoded"), ("stored", "BinaryCoded")):
            if mark not in entry["mark"]:
                continue
            fields = [(name, kind) for name, kind, _ in entry["members"]] if entry["kind"] == "struct" else [
                (label or case, kind) for case, payload in entry["members"] for label, kind in payload]
            for field, kind in fields:
                for name in re.findall(r"[A-Z][\w.]*", kind):
                    place = without(name, form, entry["place"][0])
                    if place:
                        fail(*place, f"{name}, of which `{field}` is, is not marked: write `// sdk: {mark}` above it")


def words_coding(entry):
    out = ["    init(_ json: JSON, _ name: Text) throws(ContractError) {", "        switch try json.text(name) {"]
    out += [f'        case "{snake(case)}": self = .{case}' for case, _ in entry["members"]]
    out += ['        default: throw ContractError("unknown " + name)', "        }", "    }", ""]
    out += ["    var json: JSON { .string(word) }", "", "    var word: Text {", "        switch self {"]
    out += [f'        case .{case}: "{snake(case)}"' for case, _ in entry["members"]]
    return out + ["        }", "    }"]


def main():
    found = [entry for path in sys.argv[1:] for entry in types(path)]
    look_for_mistakes(sys.argv[1:], found)
    print("// Written by tools/generate.py from the marked types; not edited by hand.")
    for entry in found:
        for mark, form, coding in (
            ("words", "JSONCoded", words_coding),
            ("message", "JSONCoded", struct_coding if entry["kind"] == "struct" else enum_coding),
            ("stored", "BinaryCoded", binary_coding),
        ):
            if mark in entry["mark"]:
                print(f"\nextension {entry['full']}: {form} {{")
                print("\n".join(coding(entry)) + "\n}")


if __name__ == "__main__":
    main()
