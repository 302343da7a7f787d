"""Random messages of proto/chain as PyPI's protobuf writes and reads them: a second reader that shares no line with ours.

    oracle.py write SEED COUNT        COUNT messages of every type, a line each: name, canonical encoding, fields in any order
    oracle.py read SEED COUNT < FILE  whether the lines, our encodings of the same messages, mean what was written
"""
import base64
import pathlib
import random
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "proto"))

from chain_options import options_of  # noqa: E402
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory  # noqa: E402

Field = descriptor_pb2.FieldDescriptorProto
PREFIXES = {1: "secret", 2: "secretvaloper", 3: "secretvalcons"}
INTEGER, DECIMAL = 1, 2
LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


def bech32(prefix, data):
    """BIP 173."""
    bits = "".join(format(byte, "08b") for byte in data)
    values = [int(bits[at:at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    check = 1
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    for value in expanded + values + [0] * 6:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, factor in enumerate([0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3]):
            check ^= factor if top >> bit & 1 else 0
    check ^= 1
    return prefix + "1" + "".join(LETTERS[v] for v in values + [check >> 5 * (5 - at) & 31 for at in range(6)])


def descriptors():
    source = next((ROOT / "Sources").rglob("ChainDescriptors.swift")).read_text()
    text = re.search(r'"""(.*?)"""', source, re.S).group(1)
    return descriptor_pb2.FileDescriptorSet.FromString(base64.b64decode(re.sub(r"[\s\\]", "", text)))


class Types:
    def __init__(self):
        self.messages = {}
        pool = descriptor_pool.DescriptorPool()
        files = {file.name: file for file in descriptors().file}
        options_only = ("google/api/", "cloister/options.proto", "google/protobuf/descriptor.proto")
        added = set()

        def add(name):
            if name in added or name not in files:
                return
            added.add(name)
            file = files[name]
            kept = [path for path in file.dependency if not path.startswith(options_only)]
            for path in kept:
                add(path)
            copy = descriptor_pb2.FileDescriptorProto()
            copy.CopyFrom(file)
            del copy.dependency[:]
            copy.dependency.extend(kept)
            for message in copy.message_type:
                self.collect(copy.package, message, False)
            pool.Add(copy)

        for name in sorted(files):
            add(name)
        factory = message_factory.MessageFactory(pool)
        self.classes = {name: factory.GetPrototype(pool.FindMessageTypeByName(name)) for name in self.messages}

    def collect(self, scope, message, is_inside):
        name = "%s.%s" % (scope, message.name)
        by_hand = is_inside or options_of(message).get("by_hand", False)
        self.messages[name] = (message, by_hand)
        for nested in message.nested_type:
            self.collect(name, nested, by_hand)



def text(random):
    return "".join(random.choice("abc /=äß漢\n0") for _ in range(random.choice([0, 1, 3, 20, 200])))


def count(random):
    return random.choice([0, 0, 1, 2, 5])


def number(random, bits):
    return random.choice([0, 1, random.getrandbits(7), random.getrandbits(bits), 2 ** bits - 1])


def filled(types, random, name, depth=0):
    """A message that is canonical: what must be there is there."""
    message = types.classes[name]()
    if name == "google.protobuf.Timestamp":
        message.seconds = random.choice([0, -62135596800, 253402300799, random.randrange(-62135596800, 253402300799)])
        message.nanos = random.choice([0, 1, 999999999])
        return message
    if name == "google.protobuf.Duration":
        total = random.choice([0, 1, -1, 2 ** 63 - 1, -2 ** 63, random.getrandbits(63), -random.getrandbits(40)])
        sign = -1 if total < 0 else 1
        message.seconds, message.nanos = sign * (abs(total) // 10 ** 9), sign * (abs(total) % 10 ** 9)
        return message
    descriptor, _ = types.messages[name]
    chosen = {index: random.randrange(-1, 8) for index in range(len(descriptor.oneof_decl))}
    places = {}
    for field in descriptor.field:
        options = options_of(field)
        in_oneof = field.HasField("oneof_index")
        if in_oneof:
            place = places[field.oneof_index] = places.get(field.oneof_index, -1) + 1
            if chosen[field.oneof_index] % 3 != place:
                continue
        if field.label == Field.LABEL_REPEATED:
            for _ in range(count(random)):
                value = one(types, random, field, options, depth)
                if field.type == Field.TYPE_MESSAGE:
                    getattr(message, field.name).add().CopyFrom(value)
                else:
                    getattr(message, field.name).append(value)
        elif field.type == Field.TYPE_MESSAGE:
            is_deep = depth > 4 and not options.get("always")
            if options.get("always") or in_oneof or (random.random() < 0.6 and not is_deep):
                getattr(message, field.name).CopyFrom(one(types, random, field, options, depth))
                getattr(message, field.name).SetInParent()
        elif not (options.get("nullable") and random.random() < 0.5):
            setattr(message, field.name, one(types, random, field, options, depth))
    return message


def one(types, random, field, options, depth):
    if field.type == Field.TYPE_MESSAGE:
        return filled(types, random, field.type_name[1:], depth + 1)
    if "address" in options:
        return bech32(PREFIXES[options["address"]], bytes(random.getrandbits(8) for _ in range(20)))
    if "bech32" in options:
        return bytes(random.getrandbits(8) for _ in range(20))
    if "number" in options:
        digits = str(number(random, 128))
        if options["number"] == DECIMAL and digits != "0" and random.random() < 0.3:
            digits = "-" + digits
        return digits.encode() if field.type == Field.TYPE_BYTES else digits
    return {
        Field.TYPE_STRING: lambda: text(random),
        Field.TYPE_BYTES: lambda: bytes(random.getrandbits(8) for _ in range(random.choice([0, 1, 32, 300]))),
        Field.TYPE_BOOL: lambda: random.random() < 0.5,
        Field.TYPE_UINT32: lambda: number(random, 32),
        Field.TYPE_UINT64: lambda: number(random, 64),
        Field.TYPE_INT32: lambda: random.choice([1, -1]) * number(random, 31),
        Field.TYPE_INT64: lambda: random.choice([1, -1]) * number(random, 63),
        Field.TYPE_ENUM: lambda: random.choice([0, 1, 2, 3, 2 ** 31 - 1, -1]),
    }[field.type]()


def fields_of(data):
    """The encodings of the fields, one after the other."""
    at = 0

    def varint():
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    parts = []
    while at < len(data):
        start = at
        tag = varint()
        if tag & 7 == 0:
            varint()
        else:
            length = varint()
            at += length
        parts.append((tag >> 3, data[start:at]))
    return parts


def shuffled(random, data):
    """The same fields in another order; elements of one list keep theirs."""
    parts = fields_of(data)
    numbers = sorted({number for number, _ in parts})
    random.shuffle(numbers)
    return b"".join(part for number in numbers for other, part in parts if other == number)


def messages(seed, count):
    types = Types()
    for name in sorted(types.messages):
        if types.messages[name][1]:
            continue
        for index in range(count):
            source = random.Random("%d %s %d" % (seed, name, index))
            message = filled(types, source, name)
            canonical = message.SerializeToString(deterministic=True)
            yield types.classes[name], name, message, canonical, shuffled(source, canonical)


def main():
    verb, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    if verb == "write":
        for _, name, _, canonical, other in messages(seed, count):
            print(name, canonical.hex() or "-", other.hex() or "-")
        return
    seen = 0
    for (kind, name, message, canonical, _), line in zip(messages(seed, count), sys.stdin):
        ours, encoded = line.split()
        parsed = kind.FromString(bytes.fromhex("" if encoded == "-" else encoded))
        parsed.DiscardUnknownFields()
        if ours != name or parsed.SerializeToString(deterministic=True) != canonical:
            sys.exit("%s: %s is read as\n%s\nnot as\n%s" % (name, encoded, parsed, message))
        seen += 1
    print("understood", seen)


main()
