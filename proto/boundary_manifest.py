#!/usr/bin/env python3
"""Checks the boundary's messages and writes what is generated from them. Needs only protoc and the standard library.

    boundary_manifest.py --check                 lint, and compare what is generated; exit 1 on what is not so
    boundary_manifest.py --prove                 shows that the lint can fail
    boundary_manifest.py --generate OUTDIR DOC   lint, then write boundary_manifest.c and the one-page table

Every field must say its class, why its receiver may act on it, and its bounds; a SECRET must not flow to the host.
"""
import copy
import hashlib
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.abspath(__file__))
FILES = ["boundary/v1/options.proto", "boundary/v1/boundary.proto"]
CLASS = {1: "public", 2: "ciphertext", 3: "length only", 9: "SECRET"}
TRUST = {1: "proved", 2: "checked", 3: "vouched", 4: "from the enclave"}
DIRECTION = {1: "into the enclave", 2: "out of the enclave", 3: "both ways"}
BOOL, STRING, MESSAGE, BYTES, ENUM, REPEATED = 8, 9, 11, 12, 14, 3
TEXT, HASHES = 1, 2


def varint(data, at):
    """The number at `at`, and where it ends."""
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return value, at


def fields(data):
    """Yields (number, value) of one protobuf message: ints for varints, bytes for the rest."""
    at = 0
    while at < len(data):
        tag, at = varint(data, at)
        if tag & 7 == 0:
            value, at = varint(data, at)
            yield tag >> 3, value
        elif tag & 7 == 2:
            length, at = varint(data, at)
            yield tag >> 3, data[at:at + length]
            at += length
        else:
            raise ValueError("unexpected wire type %d" % (tag & 7))


def last(data, number, default=0):
    found = [value for key, value in fields(data) if key == number]
    return found[-1] if found else default


def text(data, number):
    return last(data, number, b"").decode()


def schema():
    """The messages of the boundary and its enumerations, each with its comment, in the order of the file."""
    with tempfile.NamedTemporaryFile() as out:
        command = ["protoc", "-I", ROOT, "--include_source_info", "--descriptor_set_out=" + out.name, FILES[1]]
        subprocess.run(command, check=True)
        file = last(open(out.name, "rb").read(), 1, b"")
    notes = comments(file)
    enums = [enumeration(enum, "", notes.get((5, at), "")) for at, enum in enumerate(all_of(file, 5))]
    messages = []
    for at, message in enumerate(all_of(file, 4)):
        options, name = last(message, 7, b""), text(message, 1)
        enums += [enumeration(enum, name + ".", notes.get((4, at, 4, i), "")) for i, enum in enumerate(all_of(message, 4))]
        messages.append({
            "name": name,
            "comment": notes.get((4, at), ""),
            "direction": last(options, 50005),
            "lane": text(options, 50006),
            "swift": text(options, 50012),
            "swift_module": text(options, 50013),
            "fields": sorted(
                (field(f, notes.get((4, at, 2, i), "")) for i, f in enumerate(all_of(message, 2))),
                key=lambda f: f["number"]),
        })
    return messages, {enum["name"]: enum for enum in enums}


def all_of(data, number):
    return [value for key, value in fields(data) if key == number]


def comments(file):
    """What stands above or behind each declaration, by its path in the descriptor."""
    found = {}
    for location in all_of(last(file, 9, b""), 1):
        path, packed, at = [], last(location, 1, b""), 0
        while at < len(packed):
            number, at = varint(packed, at)
            path.append(number)
        lines = (text(location, 3) or text(location, 4)).split("\n")
        found[tuple(path)] = " ".join(line.strip() for line in lines).strip()
    return found


def enumeration(data, scope, comment):
    values = [(last(value, 2), text(value, 1)) for value in all_of(data, 2)]
    return {"name": scope + text(data, 1), "comment": comment, "values": values}


def field(data, comment):
    options = last(data, 8, b"")
    return {
        "name": text(data, 1),
        "comment": comment,
        "number": last(data, 3),
        "repeated": last(data, 4) == REPEATED,
        "type": last(data, 5),
        # Without the package: `Outer.Inner` for what is declared in a message.
        "type_name": text(data, 6).split(".v1.")[-1],
        "in_oneof": last(data, 9, None) is not None,
        "class": last(options, 50001),
        "trust": last(options, 50002),
        "max_bytes": last(options, 50003),
        "max_count": last(options, 50004),
        "form": last(options, 50007),
        "required": last(options, 50008),
        "absent_if": text(options, 50009),
        "present_in": text(options, 50010),
        "as_many_as": text(options, 50011),
        "constant": text(options, 50014),
    }


def within(message, by_name, path=()):
    """The messages that a message has in it, however deep, each with the fields that lead there."""
    for f in message["fields"]:
        inner = by_name.get(f["type_name"]) if f["type"] == MESSAGE else None
        if inner and inner["name"] not in {name for name, _ in path}:
            here = path + ((message["name"], f["name"]),)
            yield inner, here
            yield from within(inner, by_name, here)


def carried(all_messages):
    """What a message carries must be allowed where it goes: the class and the way of a field are not those of its parts."""
    by_name = {message["name"]: message for message in all_messages}
    for message in all_messages:
        for f in message["fields"]:
            if f["type"] == MESSAGE and f["type_name"] not in by_name:
                yield "%s.%s: %s is not declared here" % (message["name"], f["name"], f["type_name"])
        for inner, path in within(message, by_name):
            way = " -> ".join("%s.%s" % step for step in path)
            if message["direction"] != 1 and inner["direction"] == 1:
                yield "%s: %s goes into the enclave alone" % (way, inner["name"])
            if message["direction"] == 1 and inner["direction"] == 2:
                yield "%s: %s comes out of the enclave alone" % (way, inner["name"])
            for f in inner["fields"] if message["direction"] != 1 else []:
                if f["class"] == 9:
                    yield "%s -> %s.%s: a secret may not flow towards the host" % (way, inner["name"], f["name"])


def violations(all_messages, enums):
    yield from carried(all_messages)
    for enum in enums.values():
        if enum["values"][0][0] != 0 or not enum["values"][0][1].endswith("_UNSET"):
            yield enum["name"] + ": zero is what was not set, and is refused: call it ..._UNSET"
    for message in all_messages:
        where = message["name"]
        here_are = {f["name"]: f for f in message["fields"]}
        if message["direction"] not in DIRECTION:
            yield where + ": no direction"
        if message["lane"] not in ("control", "execution", "query", "any"):
            yield where + ": no lane"
        for f in message["fields"]:
            here = "%s.%s" % (where, f["name"])
            if f["class"] not in CLASS:
                yield here + ": no class"
            if f["trust"] not in TRUST:
                yield here + ": does not say why it may be believed"
            if f["class"] == 9 and message["direction"] != 1:
                yield here + ": a secret may not flow towards the host"
            if f["trust"] == 4 and message["direction"] == 1:
                yield here + ": flows into the enclave, so the enclave did not make it"
            if f["type"] in (STRING, BYTES) and not f["max_bytes"]:
                yield here + ": unbounded bytes"
            if f["repeated"] and not f["max_count"]:
                yield here + ": unbounded count"
            if f["form"] and (f["type"] != BYTES or f["repeated"]):
                yield here + ": only bytes have a form"
            if f["required"] and (f["type"] != MESSAGE or f["repeated"]):
                yield here + ": only a message can be required"
            for option, type, repeated in [("absent_if", BOOL, False), ("present_in", BYTES, False), ("as_many_as", BYTES, True)]:
                other = here_are.get(f[option])
                if f[option] and not (other and other["type"] == type and other["repeated"] == repeated):
                    yield "%s: %s names no field of that kind" % (here, option)
            if (f["absent_if"] or f["present_in"]) and (f["type"] != BYTES or f["form"]):
                yield here + ": only bytes can be absent"
            if (f["absent_if"] and f["repeated"]) or (f["present_in"] and not f["repeated"]):
                yield here + ": one value is absent_if, a list is present_in"
            if bool(f["present_in"]) != bool(f["as_many_as"]):
                yield here + ": present_in and as_many_as go together"


def manifest_hash():
    digest = hashlib.sha256()
    for name in FILES:
        digest.update(open(os.path.join(ROOT, name), "rb").read())
    return digest


def c_name(name, last="descriptor"):
    """What protobuf-c calls something of a message."""
    words = "".join("_" + letter.lower() if letter.isupper() else letter for letter in name)
    return "cloister__boundary__v1__%s__%s" % (words.lstrip("_"), last)


def limits(f, enums):
    """What a field must be besides its type; anything else is refused."""
    size = ([str(f["max_count"])] if f["max_count"] else []) + (["%d B" % f["max_bytes"]] if f["max_bytes"] else [])
    if size:
        yield " x ".join(size)
    if f["type"] == ENUM:
        yield ", ".join("%d %s" % (number, name.lower()) for number, name in enums[f["type_name"]]["values"] if number)
    if f["form"]:
        yield {TEXT: "UTF-8", HASHES: "whole hashes"}[f["form"]]
    if f["required"]:
        yield "required"
    if f["absent_if"]:
        yield "absent if %s" % f["absent_if"]
    if f["present_in"]:
        yield "one for each 1 in %s, none for a 0" % f["present_in"]
    if f["as_many_as"]:
        yield "as many places as %s" % f["as_many_as"]


def generate(all_messages, enums, outdir, doc):
    digest = manifest_hash()
    lines = [
        "// Generated by proto/boundary_manifest.py from proto/boundary/v1. Do not edit.",
        '#include "boundary_limits.h"',
        "",
        "// SHA-256 of options.proto and boundary.proto, in this order.",
        "const uint8_t boundary_manifest_hash[32] = {",
    ]
    raw = digest.digest()
    for row in range(0, 32, 8):
        lines.append("    " + ", ".join("0x%02x" % b for b in raw[row:row + 8]) + ",")
    lines += ["};", ""]
    for message in all_messages:
        if not message["fields"]:
            continue
        lines.append("static const struct boundary_field_limit limits_%s[] = {" % message["name"])
        for f in message["fields"]:
            lines.append("    {%d, %d, %d}," % (f["number"], f["max_bytes"], f["max_count"]))
        lines.append("};")
    lines += ["", "const struct boundary_message_limit boundary_message_limits[] = {"]
    for message in all_messages:
        if message["fields"]:
            lines += ["    {&%s," % c_name(message["name"]), "     limits_%s}," % message["name"]]
    lines += ["    {0, 0},", "};", ""]
    open(os.path.join(outdir, "boundary_manifest.c"), "w").write("\n".join(lines))

    page = [
        "# What crosses the trust boundary",
        "",
        "Generated by `make proto` from `proto/boundary/v1`; do not edit. Manifest hash (part of the measurement, exchanged in `Hello`):",
        "`%s` = `cat proto/boundary/v1/options.proto proto/boundary/v1/boundary.proto | sha256sum`." % digest.hexdigest(),
        "",
        "| message | way | lane | field | class | believed because | limit |",
        "|---|---|---|---|---|---|---|",
    ]
    for message in all_messages:
        head = "| %s | %s | %s " % (message["name"], DIRECTION[message["direction"]], message["lane"])
        if not message["fields"]:
            page.append(head + "| | | | |")
        for f in message["fields"]:
            row = (f["name"], CLASS[f["class"]], TRUST[f["trust"]], ", ".join(limits(f, enums)))
            page.append(head + "| %s | %s | %s | %s |" % row)
            head = "| | | "
    open(doc, "w").write("\n".join(page) + "\n")


def prove(all_messages, enums):
    """That the rules can fail, each on what is declared with one fault in it."""
    def a_field(holder, **changes):
        model = next(f for m in messages for f in m["fields"] if m["name"] == "FromEnclave")
        holder["fields"].append({**model, "name": "planted", "number": 999, "in_oneof": False, "repeated": False, **changes})

    def name(wanted):
        return next(m for m in messages if m["name"] == wanted)

    import_key, health, answer = "EnclaveImportConsensusKeyRequest", "EnclaveHealthResponse", "EnclaveQueryResponse"
    faults = {
        "planted: no class": lambda: a_field(name(health), type=BOOL, type_name="", **{"class": 0}),
        "planted: does not say why": lambda: a_field(name(health), type=BOOL, type_name="", trust=0),
        "planted: unbounded bytes": lambda: a_field(name(health), type=BYTES, type_name="", max_bytes=0),
        "planted: unbounded count": lambda: a_field(name(health), repeated=True, max_count=0),
        "planted: a secret may not flow": lambda: a_field(name(health), type=BOOL, type_name="", **{"class": 9}),
        "no direction": lambda: name(health).update(direction=0),
        "no lane": lambda: name(health).update(lane="other"),
        # A secret that goes in, in a public field of what comes out; and one level deeper.
        "EnclaveHealthResponse.planted -> %s.private_key: a secret may not flow" % import_key:
            lambda: a_field(name(health), type_name=import_key),
        "FromEnclave.health -> EnclaveHealthResponse.planted: %s goes into the enclave alone" % import_key:
            lambda: a_field(name(health), type_name=import_key),
        "FromEnclave.health: EnclaveHealthResponse goes into": lambda: name(health).update(direction=1),
        "ToEnclave.planted: EnclaveQueryResponse comes out": lambda: a_field(name("ToEnclave"), type_name=answer, trust=2),
        "planted: Nothing is not declared": lambda: a_field(name(health), type_name="Nothing"),
    }
    for wanted, plant in faults.items():
        messages = copy.deepcopy(all_messages)
        plant()
        found = list(violations(messages, enums))
        if not any(wanted in one for one in found):
            sys.exit("boundary: not found: %s, but %s" % (wanted, found))
    print("boundary: %d faults found" % len(faults))


def main():
    all_messages, enums = schema()
    found = list(violations(all_messages, enums))
    for line in found:
        print("boundary: " + line, file=sys.stderr)
    if found:
        sys.exit(1)
    print("boundary: %d messages, %d fields, every one with class, trust and limit" % (
        len(all_messages), sum(len(m["fields"]) for m in all_messages)))
    if sys.argv[1] == "--check":
        with tempfile.TemporaryDirectory() as folder:
            generate(all_messages, enums, folder, os.path.join(folder, "boundary.md"))
            for made, kept in (("boundary.md", "docs/boundary.md"),
                               ("boundary_manifest.c", "Sources/Boundary/CBoundaryMessages/boundary_manifest.c")):
                if open(os.path.join(folder, made)).read() != open(os.path.join(ROOT, "..", kept)).read():
                    sys.exit("boundary: %s is not what the declaration says; make proto writes it" % kept)
    if sys.argv[1] == "--prove":
        prove(all_messages, enums)
    if sys.argv[1] == "--generate":
        generate(all_messages, enums, sys.argv[2], sys.argv[3])


if __name__ == "__main__":
    main()
