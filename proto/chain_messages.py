#!/usr/bin/env python3
"""Turns the messages of proto/chain into the Swift structs of Sources/Host/Rules/ChainMessages/Generated.

    .venv/bin/python proto/chain_messages.py [--check]

One file a package, one struct a message, about a line a field for each of: what it is, how it is read, how it is written.
All else is in the hand-written files beside them. Not made: messages with the option `by_hand`, whose encodings the others
hold as bytes. --check writes nothing and fails if the committed files are not what the descriptors say.
"""
import pathlib
import re
import sys

from google.protobuf import descriptor_pb2

from generate_chain_descriptors import ROOT, compile_sources
from chain_options import options_of
from swift_text import camel, formatted, together, wrapped

TARGET = ROOT / "Sources" / "Host" / "Rules" / "ChainMessages" / "Generated"
Field = descriptor_pb2.FieldDescriptorProto
# Messages that are values of ours: their Swift type.
VALUES = {
    ".google.protobuf.Any": "AnyMessage",
    ".google.protobuf.Timestamp": "Timestamp",
    ".google.protobuf.Duration": "Duration",
    ".google.protobuf.Empty": "EmptyMessage",
    ".cosmos.base.v1beta1.Coin": "Coin",
}
SCALARS = {
    Field.TYPE_UINT64: ("UInt64", "uint64", "0"),
    Field.TYPE_INT64: ("Int64", "int64", "0"),
    Field.TYPE_UINT32: ("UInt32", "uint32", "0"),
    Field.TYPE_INT32: ("Int32", "int32", "0"),
    Field.TYPE_BOOL: ("Bool", "bool", "false"),
    Field.TYPE_STRING: ("String", "string", '""'),
    Field.TYPE_BYTES: ("[UInt8]", "bytes", "[]"),
}
ADDRESSES = {1: "AccountAddress", 2: "OperatorAddress", 3: "ConsensusAddress"}
INTEGER, DECIMAL = 1, 2
# What the reading code calls its own things.
TAKEN = {"bytes", "field", "fields", "policy"}


def fail(text):
    sys.exit("chain messages: " + text)


# ---- names


def namespace(package):
    """`cosmos.bank.v1beta1` is BankV1beta1, `ibc.core.client.v1` is IBCCoreClientV1."""
    return camel(re.sub(r"^(cosmos|secret)\.", "", package), upper=True)


def type_name(name):
    """Swift keeps `Type` for itself."""
    return "Kind" if name == "Type" else name


def method_name(name):
    """`ABCIQuery` is abciQuery."""
    return re.sub(r"^([A-Z]+)(?=[A-Z][a-z]|$)|^[A-Z]", lambda match: match[0].lower(), name)


def constant(name, enum):
    """`VOTE_OPTION_YES` of VoteOption is yes."""
    prefix = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", enum).upper() + "_"
    text = name[len(prefix):] if name.startswith(prefix) else name
    return camel(text.lower())


# ---- what a field is in Swift


class SwiftField:
    """One field: its declaration, how it is read, how it is written."""

    def __init__(self, pool, field, in_oneof):
        self.number = field.number
        self.name = camel(field.name)
        self.plain = self.name.strip("`")
        self.local = self.name + "Value" if self.name in TAKEN else self.name
        self.repeated = field.label == Field.LABEL_REPEATED
        options = options_of(field)
        always, nullable = options.get("always", False), options.get("nullable", False) or in_oneof
        self.needs = None  # the value of a field that must be there, from a local one
        self.is_packed = False
        if field.type == Field.TYPE_MESSAGE:
            by_hand = pool.is_by_hand(field.type_name)
            self.swift, self.read = ("[UInt8]", "bytes()") if by_hand else (pool.swift(field.type_name), "message()")
            self.write = "message(%d, {})" if by_hand else "embed(%d, {})"
            self.kind = "bytes" if by_hand and always else "always" if always else "optional"
            if self.repeated and not by_hand:
                self.write_list = ["writer.embed(%d, %s)" % (self.number, self.name)]
        elif field.type == Field.TYPE_ENUM:
            self.swift, self.read = pool.swift(field.type_name), "enumeration()"
            self.write, self.kind = "int64(%d, Int64({}.rawValue))", "plain"
            self.default = ".init(rawValue: 0)"
        elif "address" in options:
            self.swift, self.read = ADDRESSES[options["address"]], "address()"
            self.write, self.kind = "string(%d, {}.description)", "required"
            if nullable:
                self.read, self.kind = "addressOrNone()", "optional"
        elif "bech32" in options:
            if options["bech32"] != "secret":
                fail("%s: no address of ours begins with %s" % (field.name, options["bech32"]))
            self.swift, self.read = "AccountAddress", "addressBytes()"
            self.write, self.kind = "bytes(%d, {}.bytes)", "required"
        elif "number" in options:
            is_decimal = options["number"] == DECIMAL
            self.swift, self.read = ("Decimal18", "decimal()") if is_decimal else ("UInt128", "integer()")
            self.write = "string(%d, {}.scaledText)" if is_decimal else "string(%d, String({}))"
            self.kind = "optional" if nullable else "required"
        elif field.type in SCALARS:
            self.swift, reader, self.default = SCALARS[field.type]
            self.read = reader + "()"
            self.write = {
                "UInt32": "uint64(%d, UInt64({}))", "Int32": "int64(%d, Int64({}))",
            }.get(self.swift, reader + "(%d, {})")
            self.kind = "plain"
            if self.repeated and self.swift in ("UInt32", "UInt64"):
                self.is_packed = True
                self.write_list = ["writer.numbers(%d, %s)" % (self.number, self.name)]
            elif self.repeated and self.swift not in ("String", "[UInt8]"):
                fail("%s: no message has a list of such numbers yet" % field.name)
            if self.repeated and self.swift == "String":
                self.write_list = ["writer.strings(%d, %s)" % (self.number, self.name)]
            if self.repeated and self.swift == "[UInt8]":
                self.write = "message(%d, {})"
        else:
            fail("%s: fields of type %d are not read" % (field.name, field.type))
        self.write = self.write % self.number
        if self.repeated:
            self.kind = "list"
        elif in_oneof and self.kind == "plain":
            self.kind, self.write = "optional", self.write.replace("bytes(", "message(")
        if self.kind == "bytes":
            self.default = "[]"

    @property
    def type(self):
        if self.kind == "list":
            return "[%s]" % self.swift
        return self.swift + ("?" if self.kind == "optional" else "")

    @property
    def is_local(self):
        return self.kind in ("required", "always")

    @property
    def initial(self):
        """The value of the field when nothing is said; None where something must be."""
        return {"list": "[]", "optional": "nil"}.get(self.kind, getattr(self, "default", None))

    @property
    def declaration(self):
        line = "package var %s: %s" % (self.name, self.type)
        if self.kind in ("list", "plain", "bytes"):
            line += " = " + self.initial
        return line

    @property
    def parameter(self):
        line = "%s: %s" % (self.name.strip("`"), self.type)
        return line + (" = " + self.initial if self.initial else "")

    @property
    def reading(self):
        name = self.local if self.is_local else "self." + self.plain if self.plain in TAKEN else self.name
        if self.is_packed:
            return "case %d: try field.addNumbers(to: &%s)" % (self.number, name)
        if self.kind == "list":
            return "case %d: %s.append(try field.%s)" % (self.number, name, self.read)
        return "case %d: %s = try field.%s" % (self.number, name, self.read)

    @property
    def finishing(self):
        if self.kind == "always":
            return "self.%s = try presentOrAbsent(%s, policy)" % (self.plain, self.local)
        return "self.%s = try required(%s, %d)" % (self.plain, self.local, self.number)

    @property
    def writing(self):
        if self.kind == "list":
            listed = getattr(self, "write_list", None)
            return listed or ["for element in %s { writer.%s }" % (self.name, self.write.format("element"))]
        if self.kind == "optional":
            return ["if let %s { writer.%s }" % (self.name, self.write.format(self.name))]
        if self.kind == "bytes":
            return ["writer.%s" % self.write.format(self.name)]
        return ["writer.%s" % self.write.format(self.name)]


# ---- the descriptors


class Pool:
    def __init__(self, files):
        self.files = [file for file in files if not file.package.startswith("google.") and file.package != "cloister"]
        self.types = {}  # full name: (package, Swift name, descriptor)
        for file in self.files:
            for message in file.message_type:
                self.add(file.package, "", message)
            for enum in file.enum_type:
                self.types[".%s.%s" % (file.package, enum.name)] = (file.package, type_name(enum.name), enum)
        self.refuse_cycles()

    def add(self, package, outer, message, scope=""):
        name, full = type_name(outer + message.name), "%s.%s" % (scope or "." + package, message.name)
        self.types[full] = (package, name, message)
        for nested in message.nested_type:
            self.add(package, name, nested, full)
        for enum in message.enum_type:
            self.types["%s.%s" % (full, enum.name)] = (package, type_name(name + enum.name), enum)

    def swift(self, full):
        if full in VALUES:
            return VALUES[full]
        package, name, _ = self.types[full]
        return name if package == self.package else "%s.%s" % (namespace(package), name)

    def is_by_hand(self, full):
        if full in VALUES:
            return False
        descriptor = self.types[full][2]
        return options_of(descriptor).get("by_hand", False) or self.is_by_hand_outside(full)

    def is_by_hand_outside(self, full):
        outside = full.rsplit(".", 1)[0]
        return outside in self.types and self.is_by_hand(outside)

    def refuse_cycles(self):
        """A message that can hold itself could be nested without bound."""
        done = set()

        def visit(full, path):
            if full in path:
                fail("%s can hold itself" % full)
            if full in done or full in VALUES or full not in self.types or self.is_by_hand(full):
                return
            for field in getattr(self.types[full][2], "field", []):
                visit(field.type_name, path + [full])
            done.add(full)

        for full in self.types:
            visit(full, [])


# ---- Swift


def struct(pool, full, package, name, message, indent="    "):
    inner, deep = indent + "    ", indent + "        "
    fields = []
    for field in message.field:
        in_oneof = field.HasField("oneof_index")
        fields.append((SwiftField(pool, field, in_oneof), field.oneof_index if in_oneof else None))
    fields.sort(key=lambda pair: pair[0].number)
    plain = [field for field, _ in fields]
    lines = ["%spackage struct %s: %s {" % (indent, name, "ChainMessage" if plain else "FieldlessMessage")]
    lines.append('%spackage static let name = "%s"' % (inner, full[1:]))
    if not plain:
        return lines + ["", inner + "package init() {}", indent + "}"]
    lines += [inner + field.declaration for field in plain]
    lines.append("")
    lines += wrapped(inner, "package init(", [field.parameter for field in plain], ") {")
    lines += together(deep, "self.", plain)
    lines += [inner + "}", ""]
    lines.append(inner + "package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {")
    singular = ", ".join(str(field.number) for field in plain if field.kind != "list")
    lines.append("%svar fields = MessageFields(bytes, policy, singular: [%s])" % (deep, singular))
    lines += ["%svar %s: %s?" % (deep, field.local, field.swift) for field in plain if field.is_local]
    lines += [deep + "while let field = try fields.next() {", deep + "    switch field.number {"]
    lines += ["%s    %s" % (deep, field.reading) for field in plain]
    lines += [deep + "    default: try fields.unknown(field)", deep + "    }", deep + "}"]
    for index, oneof in enumerate(message.oneof_decl):
        members = ["%s != nil" % field.name for field, number in fields if number == index]
        lines.append("%stry requireAtMostOne([%s])" % (deep, ", ".join(members)))
    lines += [deep + field.finishing for field in plain if field.is_local]
    lines += [inner + "}", ""]
    lines.append(inner + "package func write(to writer: inout ProtobufWriter) {")
    lines += [deep + line for field in plain for line in field.writing]
    return lines + [inner + "}", indent + "}"]


def enumeration(name, enum, indent="    "):
    inner = indent + "    "
    lines = ["%spackage struct %s: RawRepresentable, Hashable, Sendable {" % (indent, name)]
    for value in enum.value:
        lines.append("%spackage static let %s = %s(rawValue: %d)" % (inner, constant(value.name, enum.name), name, value.number))
    lines += ["", inner + "package var rawValue: Int32", ""]
    lines += [inner + "package init(rawValue: Int32) {", inner + "    self.rawValue = rawValue", inner + "}"]
    return lines + [indent + "}"]


def service(pool, package, service, indent="    "):
    lines = ["%spackage enum %s {" % (indent, service.name)]
    for method in service.method:
        for type_name in (method.input_type, method.output_type):
            if pool.is_by_hand(type_name):
                fail("%s takes or gives %s, which is written by hand" % (method.name, type_name))
        types = "%s, %s" % (pool.swift(method.input_type), pool.swift(method.output_type))
        head = "package static let %s = ChainMethod<%s>(" % (method_name(method.name), types)
        lines += wrapped(indent + "    ", head, ['"/%s.%s/%s"' % (package, service.name, method.name)], ")")
    return lines + [indent + "}"]


def generate(files):
    """Swift text by file name."""
    pool = Pool(files)
    bodies, names = {}, []
    for file in pool.files:
        pool.package = file.package
        blocks = bodies.setdefault(file.package, [])
        blocks += [service(pool, file.package, item) for item in file.service]
        for full, (package, name, descriptor) in pool.types.items():
            is_here = package == file.package and any(
                full == ".%s.%s" % (package, item.name) or full.startswith(".%s.%s." % (package, item.name))
                for item in [*file.message_type, *file.enum_type])
            if not is_here or pool.is_by_hand(full):
                continue
            if isinstance(descriptor, descriptor_pb2.EnumDescriptorProto):
                blocks.append(enumeration(name, descriptor))
            elif full not in VALUES:
                blocks.append(struct(pool, full, package, name, descriptor))
                names.append("%s.%s" % (namespace(package), name))
    note = "// Made by proto/chain_messages.py from proto/chain. Do not edit."
    output = {}
    for package, blocks in sorted(bodies.items()):
        if not blocks:
            continue
        body = []
        for index, block in enumerate(blocks):
            body += ([""] if index else []) + block
        numbers = ["import ExactNumbers"] if any("Decimal18" in line for line in body) else []
        lines = [note, "", *numbers, "import SignedTransactions", "import Wire", "", "/// `%s`." % package]
        lines += ["package enum %s {" % namespace(package), *body]
        if namespace(package) + ".swift" in output:
            fail("two packages are called %s" % namespace(package))
        output[namespace(package) + ".swift"] = "\n".join(lines + ["}", ""])
    lines = [note, "", "import SignedTransactions", "import Wire", "", "/// Every message that there is a struct for, in the order of names.",
             "package let allChainMessages: [any ChainMessage.Type] = ["]
    lines += ["    %s.self," % name for name in sorted([*names, *VALUES.values()])]
    output["AllChainMessages.swift"] = "\n".join(lines + ["]", ""])
    return formatted(output)


def main():
    files = sorted(descriptor_pb2.FileDescriptorSet.FromString(compile_sources()).file, key=lambda file: file.name)
    output = generate(files)
    present = {path.name: path.read_text() for path in TARGET.glob("*.swift")}
    if "--check" in sys.argv[1:]:
        if present != output:
            fail("%s is not what proto/chain says: make proto" % TARGET.relative_to(ROOT))
        return
    TARGET.mkdir(parents=True, exist_ok=True)
    for name in present.keys() - output.keys():
        (TARGET / name).unlink()
    for name, text in output.items():
        (TARGET / name).write_text(text)


if __name__ == "__main__":
    main()
