#!/usr/bin/env python3
"""Turns the messages of proto/boundary into the Swift of Sources/Boundary/EnclaveProtocol/Generated. Needs only protoc,
the Swift toolchain and the standard library.

    boundary_swift.py            writes the files
    boundary_swift.py --check    fails if they are others

BoundaryMessages.swift has the values: a struct a message, an enumeration a frame. BoundaryCoding.swift turns each into its
structure of protobuf-c and back, a line a field for each way. What a field may be is said by its options in boundary.proto
(options.proto); sizes and counts are checked by a table in C, for both ways (boundary_manifest.py).
"""
import pathlib
import sys
import textwrap

from boundary_manifest import BYTES, ENUM, HASHES, MESSAGE, TEXT, c_name, schema
from swift_text import ROOT, WIDTH, camel, formatted, together, wrapped

TARGET = ROOT / "Sources" / "Boundary" / "EnclaveProtocol" / "Generated"
NOTE = "// Made by proto/boundary_swift.py from proto/boundary/v1/boundary.proto. Do not edit."
INTEGERS = {3: "Int64", 4: "UInt64", 13: "UInt32"}
HASH_BYTES = 32
# What the coding calls its own things.
TAKEN = {"form", "encoder", "body"}


def fail(text):
    sys.exit("boundary: " + text)


def documentation(indent, text):
    text = text[:1].upper() + text[1:] + ("." if text and text[-1] not in ".:" else "")
    return textwrap.wrap(text, WIDTH, initial_indent=indent + "/// ", subsequent_indent=indent + "/// ")


class SwiftField:
    """One field of a struct or of a frame's case: its type, how it is written to a C structure, how it is read from one."""

    def __init__(self, schema, f):
        self.name = self.plain = camel(f["name"])
        self.comment = f["comment"]
        self.default = None
        c, name = f["name"], self.name
        if name in TAKEN or "`" in name:
            fail("a field cannot be called " + c)
        if f["type"] in INTEGERS and not f["repeated"]:
            self.type, self.default = INTEGERS[f["type"]], "0"
            self.write, self.read = [(c, name)], "unsafe form.%s" % c
        elif f["type"] == ENUM and not f["repeated"]:
            self.type = schema.swift(f["type_name"])
            self.write, self.read = [(c, ".init(rawValue: %s.rawValue)" % name)], "try unsafe copyCase(form.%s.rawValue)" % c
        elif f["type"] == BYTES and f["present_in"]:
            self.type, self.default = "[[UInt8]?]", "[]"
            self.write = [(f["present_in"], "encoder.bytes(%s.map { $0 == nil ? 0 : 1 })" % name),
                          ("n_" + c, "%s.count { $0 != nil }" % name), (c, "encoder.list(%s.compactMap(\\.self))" % name)]
            self.read = "try unsafe copyPlaces(form.n_%s, form.%s, form.n_%s, form.%s)" % (
                f["as_many_as"], f["present_in"], c, c)
        elif f["type"] == BYTES and f["absent_if"]:
            self.type, self.default = "[UInt8]?", "nil"
            self.write = [(c, "encoder.bytes(%s ?? [])" % name), (f["absent_if"], "%s == nil ? 1 : 0" % name)]
            self.read = "unsafe form.%s != 0 ? nil : copyBytes(form.%s)" % (f["absent_if"], c)
        elif f["type"] == BYTES and f["repeated"]:
            self.type, self.default = "[[UInt8]]", "[]"
            self.write = [("n_" + c, name + ".count"), (c, "encoder.list(%s)" % name)]
            self.read = "unsafe copyList(form.n_%s, form.%s)" % (c, c)
        elif f["type"] == BYTES:
            self.type, self.default, verb, throws = {
                TEXT: ("String", '""', "text", True), HASHES: ("[Hash32]", "[]", "hashes", True),
            }.get(f["form"], ("[UInt8]", "[]", "bytes", False))
            self.write = [(c, "encoder.%s(%s)" % (verb, name))]
            self.read = "%sunsafe copy%s(form.%s)" % ("try " * throws, verb.capitalize(), c)
        elif f["type"] == MESSAGE:
            element = schema.swift(f["type_name"])
            self.write = [(c, "encoder.message(%s)" % name)]
            if f["repeated"]:
                self.type, self.default = "[%s]" % element, "[]"
                self.write = [("n_" + c, name + ".count"), (c, "encoder.messages(%s)" % name)]
                self.read = "try unsafe copyMessages(form.n_%s, form.%s)" % (c, c)
            elif f["required"]:
                self.type, self.read = element, "try unsafe copyMessage(form.%s)" % c
            else:
                self.type, self.default = element + "?", "nil"
                self.read = "try unsafe copyOptional(form.%s)" % c
        else:
            fail("%s: fields of type %d are not read" % (c, f["type"]))

    def writing(self, form):
        return ["unsafe %s.%s = %s" % (form, c, value) for c, value in self.write]

    def parameter(self, is_whole):
        has_default = self.default and not is_whole
        return "%s: %s" % (self.name, self.type) + (" = " + self.default if has_default else "")


class Schema:
    def __init__(self):
        messages, self.enums = schema()
        self.messages = {message["name"]: message for message in messages}

    def swift(self, name):
        return name if name in self.enums else self.messages[name]["swift"] or name

    def fields(self, message):
        """The fields that Swift has: not those that say whether another is there."""
        silent = {f[option] for f in message["fields"] for option in ("absent_if", "present_in")}
        return [SwiftField(self, f) for f in message["fields"] if f["name"] not in silent]

    def is_frame(self, message):
        return any(f["in_oneof"] for f in message["fields"])

    def frames(self):
        return [message for message in self.messages.values() if self.is_frame(message)]

    def structs(self):
        """All but the frames, and the messages that are a case of one."""
        cases = {f["type_name"] for frame in self.frames() for f in frame["fields"]}
        return [m for m in self.messages.values() if not self.is_frame(m) and (m["swift"] or m["name"] not in cases)]

    def is_part(self, message):
        """Whether others hold it: then it is made with all its fields, and nothing is left out by mistake."""
        holders = (m for m in self.messages.values() if not self.is_frame(m))
        return any(f["type_name"] == message["name"] for m in holders for f in m["fields"])

    def case(self, f):
        """Name, message and fields of a frame's case; no fields if it carries the message's struct."""
        message = self.messages[f["type_name"]]
        return camel(f["name"]), message, None if message["swift"] else self.fields(message)


# ---- values


def enumeration(enum):
    lines = documentation("", enum["comment"]) + ["package enum %s: UInt32, Sendable {" % enum["name"]]
    return lines + ["    case %s = %d" % (camel(name.lower()), number) for number, name in enum["values"] if number] + ["}"]


def struct(schema, message):
    name, fields = schema.swift(message["name"]), schema.fields(message)
    lines = documentation("", message["comment"])
    lines.append("package struct %s: Equatable, Sendable {" % name)
    for field in fields:
        lines += documentation("    ", field.comment) + ["    package var %s: %s" % (field.name, field.type)]
    lines += [""] + wrapped("    ", "package init(", [field.parameter(schema.is_part(message)) for field in fields], ") {")
    return lines + together("        ", "self.", fields) + ["    }", "}"]


def frame(schema, message):
    lines = documentation("", message["comment"])
    lines.append("package enum %s: Equatable, Sendable {" % message["name"])
    for f in message["fields"]:
        name, body, fields = schema.case(f)
        if fields is None:
            lines.append("    case %s(%s)" % (name, schema.swift(body["name"])))
            continue
        lines += documentation("    ", body["comment"])
        for x in fields:
            lines += documentation("    ", x.comment and ("`%s`: " % x.name if len(fields) > 1 else "") + x.comment)
        parts = [x.type if len(fields) == 1 else "%s: %s" % (x.name, x.type) for x in fields]
        lines.append("    case %s" % name + ("(%s)" % ", ".join(parts) if parts else ""))
    return lines + ["}"]


def constants(schema):
    """The limits that code beside this asks for by name, by the type that has them."""
    found = {}
    for message in schema.messages.values():
        for f in (f for f in message["fields"] if f["constant"]):
            number = f["max_count"] or f["max_bytes"] // (HASH_BYTES if f["form"] == HASHES else 1)
            owner, name = f["constant"].split(".")
            lines = documentation("    ", "The limit of %s.%s." % (message["name"], f["name"]))
            found.setdefault(owner, []).extend(lines + ["    package static let %s = %s" % (name, format(number, "_"))])
    return [["extension %s {" % owner] + lines + ["}"] for owner, lines in sorted(found.items())]


# ---- coding


def c_type(message):
    return "Cloister__Boundary__V1__" + message["name"]


def blank(message):
    return "blank(%s)" % c_name(message["name"], "init")


def coding(schema, message):
    fields = schema.fields(message)
    lines = ["extension %s: @unsafe BoundaryMessage {" % schema.swift(message["name"])]
    lines += ["    func form(_ encoder: inout FrameEncoder) -> %s {" % c_type(message)]
    lines += ["        var form = unsafe %s" % blank(message)]
    lines += ["        " + line for field in fields for line in field.writing("form")]
    lines += ["        return unsafe form", "    }", ""]
    lines += ["    init(c form: %s) throws(Failure) {" % c_type(message), "        self.init("]
    lines += ["            %s: %s," % (field.name, field.read) for field in fields]
    lines[-1] = lines[-1][:-1]
    return lines + ["        )", "    }", "}"]


def frame_coding(schema, message):
    number = lambda f: c_name(message["name"], "body_" + f["name"]).upper()
    lines = ["extension %s: @unsafe BoundaryMessage {" % message["name"]]
    lines += ["    func form(_ encoder: inout FrameEncoder) -> %s {" % c_type(message)]
    lines += ["        var form = unsafe %s" % blank(message), "        switch self {"]
    for f in message["fields"]:
        name, body, fields = schema.case(f)
        c = f["name"]
        bound = ", ".join("let " + x.name for x in fields or [])
        if fields is None:
            lines.append("        case .%s(let message):" % name)
            lines.append("            unsafe form.%s = encoder.message(message)" % c)
        elif not fields:
            lines.append("        case .%s:" % name)
            lines.append("            unsafe form.%s = encoder.place(%s)" % (c, blank(body)))
        else:
            lines.append("        case .%s(%s):" % (name, bound))
            lines.append("            var body = unsafe %s" % blank(body))
            lines += ["            " + line for x in fields for line in x.writing("body")]
            lines.append("            unsafe form.%s = encoder.place(body)" % c)
        lines.append("            unsafe form.body_case = %s" % number(f))
    lines += ["        }", "        return unsafe form", "    }", ""]
    lines += ["    init(c form: %s) throws(Failure) {" % c_type(message), "        switch unsafe form.body_case {"]
    for f in message["fields"]:
        name, body, fields = schema.case(f)
        lines.append("        case %s:" % number(f))
        if fields is None:
            lines.append("            self = .%s(try unsafe copyMessage(form.%s))" % (name, f["name"]))
        elif not fields:
            lines.append("            self = .%s" % name)
        else:
            lines.append("            let body = try unsafe required(form.%s)" % f["name"])
            reads = [x.read.replace("form.", "body.") for x in fields]
            if len(fields) > 1:
                reads = ["%s: %s" % (x.name, read) for x, read in zip(fields, reads)]
            lines.append("            self = .%s(%s)" % (name, ", ".join(reads)))
    return lines + ["        default: throw .malformedFrame", "        }", "    }", "}"]


def page(imports, about, blocks):
    lines = [NOTE, "", *("import " + name for name in imports), "", *about]
    for block in blocks:
        lines += [""] + block
    return "\n".join(lines + [""])


def main():
    schema = Schema()
    own = [message for message in schema.structs() if not message["swift_module"]]
    values = [enumeration(enum) for name, enum in schema.enums.items() if "." not in name]
    values += [struct(schema, message) for message in own] + [frame(schema, message) for message in schema.frames()]
    values += constants(schema)
    codings = [coding(schema, message) for message in schema.structs()]
    codings += [frame_coding(schema, message) for message in schema.frames()]
    output = formatted({
        "BoundaryMessages.swift": page(["DecidedBlocks", "PublicCryptography"], [
            "// The boundary's messages as Swift values. boundary.proto says who may learn each field, why its receiver may act on",
            "// it, and how large it may be; docs/boundary.md is the page of that.",
        ], values),
        "BoundaryCoding.swift": page(["CBoundaryMessages", "CProtobufC", "DecidedBlocks"], [
            "// Each message to its C structure, built in the encoder's arena, and from it, by copies, so that no pointer outlives",
            "// the frame (BoundaryMessage.swift). Sizes and counts were checked before the one and are after the other.",
        ], codings),
    })
    if sys.argv[1:] == ["--check"]:
        other = [name for name, text in output.items() if not (TARGET / name).exists() or (TARGET / name).read_text() != text]
        sys.exit("boundary: %s is not what the declaration says; make proto writes it" % ", ".join(other) if other else 0)
    TARGET.mkdir(parents=True, exist_ok=True)
    for path in TARGET.glob("*.swift"):
        if path.name not in output:
            path.unlink()
    for name, text in output.items():
        (TARGET / name).write_text(text)


if __name__ == "__main__":
    main()
