"""The boundary's messages as PyPI's protobuf writes them, from boundary.proto and docs/boundary.md: a second reader that
shares no line with ours.

    oracle.py messages SEED COUNT     COUNT of each case of a frame, a line each: frame, encoding, what is in it
    oracle.py limits FOLDER           for each limit of the page a file that keeps it just, and files that break it
"""
import pathlib
import random
import re
import subprocess
import sys
import tempfile

from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

ROOT = pathlib.Path(__file__).resolve().parents[2]
SOURCE = ROOT / "proto" / "boundary" / "v1" / "boundary.proto"
PACKAGE = "cloister.boundary.v1."
ROOTS = ("ToEnclave", "FromEnclave", "TransactionOutput")
ACRONYMS = {"id": "ID", "url": "URL", "sha256": "SHA256"}
Field = descriptor_pb2.FieldDescriptorProto


class Rule:
    """What the page says of one field."""

    def __init__(self, limit):
        size = re.match(r"(?:(\d+) x )?(\d+) B|(\d+)(?=,|$)", limit)
        self.count, self.bytes = None, None
        if size:
            self.count = int(size[1] or size[3] or 0) or None
            self.bytes = int(size[2]) if size[2] else None
        self.cases = [int(number) for number in re.findall(r"(\d+) [a-z]+(?=,|$)", limit)]
        self.is_text, self.is_hashes, self.is_required = "UTF-8" in limit, "whole hashes" in limit, "required" in limit
        self.absent_if = (re.findall(r"absent if (\w+)", limit) or [None])[0]
        self.present_in = (re.findall(r"for each 1 in (\w+)", limit) or [None])[0]
        self.as_many_as = (re.findall(r"as many places as (\w+)", limit) or [None])[0]
        self.says_something = bool(limit)


def page():
    rules, message = {}, None
    for line in (ROOT / "docs" / "boundary.md").read_text().split("\n"):
        cells = [cell.strip() for cell in line.split("|")]
        if len(cells) == 9 and cells[2] != "way" and cells[1] != "---":
            message = cells[1] or message
            if cells[4]:
                rules[message, cells[4]] = Rule(cells[7])
    return rules


class Boundary:
    def __init__(self):
        with tempfile.NamedTemporaryFile() as out:
            command = ["protoc", "-I", ROOT / "proto", "--include_imports", "--descriptor_set_out=" + out.name, SOURCE]
            subprocess.run(command, check=True)
            files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(out.name).read_bytes()).file
        pool = descriptor_pool.DescriptorPool()
        for file in files:
            pool.Add(file)
        factory = message_factory.MessageFactory(pool)
        self.types = {message.name: pool.FindMessageTypeByName(PACKAGE + message.name) for message in files[-1].message_type}
        self.classes = {name: factory.GetPrototype(found) for name, found in self.types.items()}
        self.rules = page()
        self.has_struct = set(re.findall(r"message (\w+) \{\n(?:  option .*\n)*?  option \(swift\) = ", SOURCE.read_text()))

    def rule(self, field):
        return self.rules[field.containing_type.name, field.name]

    def fields(self, name):
        return self.types[name].fields

    # ---- random messages

    def filled(self, random, name, case=None):
        message = self.classes[name]()
        for field in self.fields(name):
            if case and field.name != case:
                continue
            rule, is_list = self.rule(field), field.label == Field.LABEL_REPEATED
            if field.type == Field.TYPE_MESSAGE and is_list:
                for _ in range(min(random.choice([0, 0, 1, 2, 5]), rule.count)):
                    getattr(message, field.name).append(self.filled(random, field.message_type.name))
            elif field.type == Field.TYPE_MESSAGE:
                if case or rule.is_required or random.random() < 0.5:
                    getattr(message, field.name).CopyFrom(self.filled(random, field.message_type.name))
                    getattr(message, field.name).SetInParent()
            elif is_list:
                for _ in range(min(random.choice([0, 0, 1, 2, 5]), rule.count)):
                    getattr(message, field.name).append(self.value(random, field, rule))
            else:
                setattr(message, field.name, self.value(random, field, rule))
        self.settle(message, lambda places: bytes(random.choice([0, 1]) for _ in range(places)))
        return message

    def value(self, random, field, rule):
        if rule.cases:
            return random.choice(rule.cases)
        if rule.is_text:
            text = "".join(random.choice("abc /=äß漢\n\0") for _ in range(random.choice([0, 1, 3, 20, 200])))
            return text.encode()[:rule.bytes].decode("utf-8", "ignore").encode()
        if field.type == Field.TYPE_BYTES:
            size = min(random.choice([0, 1, 20, 32, 300]), rule.bytes)
            return bytes(random.getrandbits(8) for _ in range(size - size % 32 if rule.is_hashes else size))
        if field.type == Field.TYPE_BOOL:
            return random.random() < 0.5
        bits = {Field.TYPE_UINT32: 32, Field.TYPE_UINT64: 64, Field.TYPE_INT64: 63}[field.type]
        number = random.choice([0, 1, random.getrandbits(7), random.getrandbits(bits), 2 ** bits - 1])
        return -number if field.type == Field.TYPE_INT64 and random.random() < 0.5 else number

    def settle(self, message, flags):
        """Makes what says whether another is there fit it."""
        for field in self.fields(message.DESCRIPTOR.name):
            rule = self.rule(field)
            if rule.absent_if and getattr(message, rule.absent_if):
                setattr(message, field.name, b"")
            if rule.present_in:
                present = flags(len(getattr(message, rule.as_many_as)))
                setattr(message, rule.present_in, present)
                values = getattr(message, field.name)
                while len(values) > present.count(1):
                    values.pop()
                while len(values) < present.count(1):
                    values.append(b"new")

    # ---- what is in a message, in the names of Swift

    def text(self, message):
        name = message.DESCRIPTOR.name
        silent = {other for field in self.fields(name) for other in (self.rule(field).absent_if, self.rule(field).present_in)}
        parts = [(camel(f.name), self.field_text(message, f)) for f in self.fields(name) if f.name not in silent]
        return parts

    def field_text(self, message, field):
        rule, value = self.rule(field), getattr(message, field.name)
        one = self.struct_text if field.type == Field.TYPE_MESSAGE else plain
        if rule.absent_if and getattr(message, rule.absent_if):
            return "-"
        if rule.present_in:
            given = iter(value)
            return "[%s]" % ",".join(one(next(given)) if flag else "-" for flag in getattr(message, rule.present_in))
        if field.label == Field.LABEL_REPEATED:
            return "[%s]" % ",".join(map(one, value))
        if field.type == Field.TYPE_MESSAGE and not message.HasField(field.name):
            return "-"
        if rule.is_hashes:
            return "[%s]" % ",".join(plain(value[at:at + 32]) for at in range(0, len(value), 32))
        return one(value)

    def struct_text(self, message):
        return "{%s}" % ",".join("%s=%s" % part for part in self.text(message))

    def frame_text(self, message):
        if message.DESCRIPTOR.name == "TransactionOutput":
            return self.struct_text(message)
        case = message.WhichOneof("body")
        body = getattr(message, case)
        parts = self.text(body)
        if body.DESCRIPTOR.name in self.has_struct or len(parts) > 1:
            return "%s:%s" % (camel(case), self.struct_text(body))
        return ":".join([camel(case), *(value for _, value in parts)])

    # ---- limits

    def least(self, name):
        """The smallest message that is none too few."""
        message = self.classes[name]()
        for field in self.fields(name):
            rule = self.rule(field)
            if rule.cases:
                setattr(message, field.name, rule.cases[0])
            if rule.is_required:
                getattr(message, field.name).CopyFrom(self.least(field.message_type.name))
                getattr(message, field.name).SetInParent()
        return message

    def framed(self, message):
        """A frame that holds the message, somewhere within."""
        name = message.DESCRIPTOR.name
        if name in ROOTS:
            return message
        for outer, found in self.types.items():
            for field in found.fields:
                if field.message_type and field.message_type.name == name:
                    holder = self.least(outer)
                    held = getattr(holder, field.name)
                    if field.label == Field.LABEL_REPEATED:
                        held.append(message)
                    else:
                        held.CopyFrom(message)
                        held.SetInParent()
                    return self.framed(holder)
        sys.exit(name + " is in no frame")

    def limits(self):
        """(message and field, `within`, `beyond` or `never`, a frame): the last can be no value of ours either."""
        for (name, field_name), rule in self.rules.items():
            if not rule.says_something:
                continue
            field = self.types[name].fields_by_name[field_name]
            for verdict, change in self.changes(field, rule):
                message = self.least(name)
                change(message)
                yield "%s.%s" % (name, field_name), verdict, self.framed(message)

    def changes(self, field, rule):
        name = field.name

        def put(value):
            def change(message):
                if field.label != Field.LABEL_REPEATED:
                    setattr(message, name, value)
                    for other in field.containing_type.fields:
                        if self.rule(other).present_in == name:
                            getattr(message, self.rule(other).as_many_as).extend([b""] * len(value))
                    return
                getattr(message, name).extend(value)
                for other in field.containing_type.fields:
                    if self.rule(other).as_many_as == name:
                        setattr(message, self.rule(other).present_in, bytes(len(value)))
                if rule.present_in:
                    getattr(message, rule.as_many_as).extend([b""] * len(value))
                    setattr(message, rule.present_in, b"\1" * len(value))
            return change

        is_list = field.label == Field.LABEL_REPEATED
        step = 32 if rule.is_hashes else 1
        if rule.bytes:
            for verdict, size in [("within", rule.bytes), ("beyond", rule.bytes + step)]:
                filling = (b"\0" if any(self.rule(f).present_in == name for f in field.containing_type.fields) else b"a") * size
                yield verdict, put([filling] if is_list else filling)
        if rule.count:
            one = self.least(field.message_type.name) if field.message_type else b""
            yield "within", put([one] * rule.count)
            yield "beyond", put([one] * (rule.count + 1))
        if rule.cases:
            for number in rule.cases:
                yield "within", put(number)
            yield "never", put(0)
            yield "never", put(max(rule.cases) + 1)
        if rule.is_text:
            yield "never", put(b"a\xff")
        if rule.is_hashes:
            yield "never", put(bytes(31))
        if rule.is_required:
            yield "never", lambda message: message.ClearField(name)
        if rule.present_in:
            def odd(flags, values):
                def change(message):
                    getattr(message, rule.as_many_as).extend([b"k", b"l"])
                    setattr(message, rule.present_in, flags)
                    getattr(message, name).extend(values)
                return change
            yield "within", odd(b"\0\1", [b"v"])
            for flags, values in [(b"\2\1", [b"v"]), (b"\0\1", []), (b"\0\0", [b"v"]), (b"\1\1", [b"v"]), (b"\1", [b"v"]), (b"\1\0\0", [b"v"])]:
                yield "never", odd(flags, values)


def camel(name):
    words = name.split("_")
    return words[0] + "".join(ACRONYMS.get(word, word.capitalize()) for word in words[1:])


def plain(value):
    return "x" + value.hex() if isinstance(value, bytes) else str(int(value))


def main():
    boundary = Boundary()
    if sys.argv[1] == "messages":
        for root in ROOTS:
            cases = [field.name for field in boundary.fields(root)] if root != "TransactionOutput" else [None]
            for case in cases:
                for index in range(int(sys.argv[3])):
                    source = random.Random("%s %s %s %d" % (sys.argv[2], root, case, index))
                    message = boundary.filled(source, root, case)
                    encoded = message.SerializeToString(deterministic=True)
                    print(root, encoded.hex() or "-", boundary.frame_text(message))
    else:
        for number, (place, verdict, frame) in enumerate(boundary.limits()):
            path = pathlib.Path(sys.argv[2], "%d %s %s %s" % (number, frame.DESCRIPTOR.name, verdict, place))
            path.write_bytes(frame.SerializeToString(deterministic=True))


main()
