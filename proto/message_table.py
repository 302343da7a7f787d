#!/usr/bin/env python3
"""Turns what proto/chain says of signable messages into the table that host and enclave read: MessageTable.swift.

    .venv/bin/python proto/message_table.py [--check]

A row for each message of a Msg service: who signs it, what it costs and what it takes from its signer. And the form in
Amino JSON of each message that one can hold. The table is in the trusted base, so it is text that a person can read, and
every fact in it stands beside the message in its .proto file.
"""
import sys

from google.protobuf import descriptor_pb2

from chain_options import options_of
from generate_chain_descriptors import ROOT, compile_sources

NAME = "MessageTable.swift"
Field = descriptor_pb2.FieldDescriptorProto
COLUMNS = 120
COIN, ANY, PACKET = ".cosmos.base.v1beta1.Coin", ".google.protobuf.Any", ".ibc.core.channel.v1.Packet"
# What the enclave itself runs, prices and counts; of every other message the declaration must say it.
COUNTED_BY_THEIR_MODULE = {
    "." + name
    for name in [
        "cosmos.bank.v1beta1.MsgMultiSend", "cosmos.bank.v1beta1.MsgSend", "secret.compute.v1beta1.MsgClearAdmin",
        "secret.compute.v1beta1.MsgExecuteContract", "secret.compute.v1beta1.MsgInstantiateContract",
        "secret.compute.v1beta1.MsgMigrateContract", "secret.compute.v1beta1.MsgStoreCode",
        "secret.compute.v1beta1.MsgUpdateAdmin", "secret.registration.v1beta1.RaAuthenticate",
    ]
}
PRICES = {1: "few", 2: "dozen", 3: "stake", 4: "unstake", 5: "holder", 6: "proof"}  # Price in options.proto
KINDS = {
    Field.TYPE_STRING: "text", Field.TYPE_BYTES: "bytes", Field.TYPE_UINT64: "number", Field.TYPE_INT64: "signed",
    Field.TYPE_UINT32: "shortNumber", Field.TYPE_INT32: "shortSigned", Field.TYPE_ENUM: "shortSigned",
    Field.TYPE_BOOL: "flag",
}
HEAD = """\
// Made by proto/message_table.py from proto/chain. Do not edit.
// swift-format-ignore-file

/// The message types that a transaction may carry: who signs, what it costs, what it takes from who signs. A type that
/// is not listed makes the transaction malformed; whether a module then runs a listed type is the application's affair.
package let knownMessageTypes: [String: MessageType] = {
    var table = [String: MessageType]()
    var package = ""
    var module = ""
    func enter(_ newPackage: String, _ newModule: String) {
        package = newPackage
        module = newModule
    }
    func add(_ name: String, _ signer: MessageType.Signer, _ price: MessageType.Price, _ takes: MessageType.Takes) {
        let typeURL = "/\\(package).\\(name)"
        table[typeURL] = MessageType(typeURL: typeURL, module: module, signer: signer, price: price, takes: takes)
    }
"""
MIDDLE = """\
    return table
}()

private typealias F = AminoForm.Field

/// How messages look in Amino JSON, by their names; whoever writes messages reads their fields here.
package let aminoForms: [String: AminoForm] = {
    var table = [String: AminoForm]()
    var package = ""
    func form(_ message: String, _ name: String?, isBare: Bool = false, _ fields: F...) {
        table["\\(package).\\(message)"] = AminoForm(home: package, name: name, isBare: isBare, fields: fields)
    }
    func bare(_ message: String, _ name: String?, _ field: F) { form(message, name, isBare: true, field) }
"""
VALUES = {".google.protobuf.Timestamp": ".time", ".google.protobuf.Duration": ".duration", ANY: ".any"}


def fail(text):
    sys.exit("message table: " + text)


class Table:
    def __init__(self, files):
        self.messages, self.packages, self.signable = {}, {}, []
        for file in files:
            for message in file.message_type:
                self.collect(file.package, "." + file.package, message)
        for file in files:
            for service in file.service:
                if service.name == "Msg":
                    self.signable += [method.input_type for method in service.method]

    def collect(self, package, scope, message):
        full = "%s.%s" % (scope, message.name)
        self.messages[full], self.packages[full] = message, package
        for nested in message.nested_type:
            self.collect(package, full, nested)

    def field(self, full, name):
        found = [field for field in self.messages[full].field if field.name == name]
        if not found:
            fail("%s has no field %s" % (full, name))
        return found[0]

    # ---- rows

    def signer(self, full):
        names = options_of(self.messages[full]).get("signer", [])
        if len(names) != 1:
            fail("%s does not say in one field who signs it" % full)
        field = self.field(full, names[0])
        options = options_of(field)
        if field.type == Field.TYPE_MESSAGE:
            inner = self.field(field.type_name, options_of(self.messages[field.type_name])["signer"][0])
            if options_of(inner).get("address") != 1:
                fail("the signers of %s are no addresses" % full)
            return ".textOfEach(field: %d, inner: %d)" % (field.number, inner.number)
        if options.get("bech32") == "secret":
            return ".bytes(field: %d)" % field.number
        if options.get("address") in (1, 2):
            return ".%s(field: %d)" % ({1: "text", 2: "validator"}[options["address"]], field.number)
        fail("the signer of %s is no address" % full)

    def takes(self, full):
        name = options_of(self.messages[full]).get("takes", "")
        if name in ("", "nothing", "everything"):
            return "." + name if name else ".byItsModule"
        field = self.field(full, name)
        if field.type_name == COIN:
            return ".coins(field: %d)" % field.number
        if field.type_name == ANY:
            return ".whatItHolds(field: %d)" % field.number
        if field.type_name == PACKET:
            return ".whatItsPacketHolds(field: %d)" % field.number
        inner = [part for part in self.messages[field.type_name].field if part.type_name == COIN]
        if len(inner) != 1:
            fail("what %s takes is in %s, which has not one field with coins" % (full, name))
        return ".coinsOfEach(field: %d, coins: %d)" % (field.number, inner[0].number)

    def row(self, full):
        options = options_of(self.messages[full])
        if ("price" in options) != ("takes" in options):
            fail("%s says only one of what it costs and what it takes" % full)
        if "price" not in options and full not in COUNTED_BY_THEIR_MODULE:
            fail("%s does not say what it costs and takes" % full)
        price = PRICES[options["price"]] if "price" in options else "byItsModule"
        return call("add", ['"%s"' % self.short(full), self.signer(full), "." + price, self.takes(full)])

    def short(self, full):
        return full[len(self.packages[full]) + 2:]

    def by_package(self, names):
        """Lines of the table: a package, then its messages."""
        package = None
        for full in sorted(names):
            if self.packages[full] != package:
                package = self.packages[full]
                yield package, None
            yield package, full

    # ---- Amino

    def forms(self):
        """The messages that a document can show: what is signed, what `Any` can hold, and what those hold."""
        reached, waiting = set(), list(self.signable)
        waiting += [full for full, message in self.messages.items() if "amino_name" in options_of(message)]
        while waiting:
            full = waiting.pop()
            if full in reached or full in VALUES or full not in self.messages:
                continue
            reached.add(full)
            waiting += [field.type_name for field in self.messages[full].field if field.type == Field.TYPE_MESSAGE]
        return sorted(full for full in reached if not self.messages[full].oneof_decl)

    def form(self, full):
        message = self.messages[full]
        options = options_of(message)
        name = '"%s"' % options["amino_name"] if "amino_name" in options else "nil"
        fields = [self.amino_field(full, field) for field in sorted(message.field, key=lambda f: f.number)]
        return call("bare" if options.get("amino_bare") else "form", ['"%s"' % self.short(full), name] + fields)

    def amino_field(self, full, field):
        options = options_of(field)
        if field.type == Field.TYPE_MESSAGE:
            kind = VALUES.get(field.type_name) or '.message("%s")' % self.near(full, field.type_name)
        elif "number" in options:
            kind = {1: ".integer", 2: ".decimal"}[options["number"]]
        elif field.type in KINDS:
            kind = "." + KINDS[field.type]
        else:
            fail("%s.%s has no form in Amino JSON" % (full, field.name))
        flags = [
            word for word, holds in [
                (".list", field.label == Field.LABEL_REPEATED), (".kept", options.get("amino_keep")),
                (".emptyList", options.get("amino_coins")), (".always", options.get("always") or (
                    "number" in options and not options.get("nullable") and field.label != Field.LABEL_REPEATED)),
            ] if holds]
        name = options.get("amino_field", field.name)
        rest = ", " + (flags[0] if len(flags) == 1 else "[%s]" % ", ".join(flags)) if flags else ""
        return 'F(%d, "%s", %s%s)' % (field.number, name, kind, rest)

    def near(self, full, other):
        """The name of a message as a field of another says it: without the package that they share."""
        return self.short(other) if self.packages[full] == self.packages[other] else other[1:]

    def swift(self):
        lines = HEAD.splitlines()
        for package, full in self.by_package(self.signable):
            lines += self.row(full) if full else ['    enter("%s", "%s")' % (package, module(package))]
        lines += MIDDLE.splitlines()
        for package, full in self.by_package(self.forms()):
            lines += self.form(full) if full else ['    package = "%s"' % package]
        return "\n".join(lines + ["    return table", "}()", ""])


def call(name, arguments):
    """A call in as few lines as hold it."""
    lines, line = [], "    %s(" % name
    for index, argument in enumerate(arguments):
        text = argument + (")" if index == len(arguments) - 1 else ",")
        if len(line) + len(text) > COLUMNS - 1:
            lines.append(line.rstrip())
            line = "        "
        line += text + " "
    return lines + [line.rstrip()]


def module(package):
    """As events name it: the second part of the type URL, but what the chain has called otherwise from the beginning."""
    parts = package.split(".")
    return {"registration": "register"}.get(parts[1], parts[1])


def main():
    files = sorted(descriptor_pb2.FileDescriptorSet.FromString(compile_sources()).file, key=lambda file: file.name)
    target = next((ROOT / "Sources" / "Boundary").rglob("MessageType.swift")).with_name(NAME)
    text = Table(files).swift()
    if "--check" in sys.argv[1:]:
        if not target.is_file() or target.read_text() != text:
            fail("%s is not what proto/chain says: make proto" % target.relative_to(ROOT))
        return
    target.write_text(text)


if __name__ == "__main__":
    main()
