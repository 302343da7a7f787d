"""Headers, commits and validators (CometBFT 0.38), in their one encoding, and proofs under a header."""
from types import SimpleNamespace

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .texts import demand, sha256


def message(text, shape, list_max=64):
    """Fields by number. `n`: an integer, absent if zero; `b`: bytes, absent if empty; `m`: always there; `l`: a list."""
    at, last = 0, 0

    def integer():
        nonlocal at
        value, shift = 0, 0
        while True:
            byte = text[at] if at < len(text) else -1
            at += 1
            value |= (byte & 127) << shift
            demand((byte > 0 or byte == 0 and shift == 0) and value >> 64 == 0, "header", "an integer")
            if byte < 128:
                return value
            shift += 7

    fields = {i + 1: {"n": 0, "b": b"", "l": [], "m": None}[kind] for i, kind in enumerate(shape)}
    while at < len(text):
        tag = integer()
        number, wire = tag >> 3, tag & 7
        kind = shape[number - 1] if 1 <= number <= len(shape) else None
        is_next = kind is not None and (number > last or number == last and kind == "l")
        demand(is_next and wire == (0 if kind == "n" else 2), "header", "a field that does not belong there")
        value = integer()
        is_fit = kind == "n" or value <= len(text) - at
        demand(is_fit and (value > 0 or kind in "ml"), "header", "a length, or what should be left out")
        if kind != "n":
            value, at = text[at:at + value], at + value
        if kind == "l":
            fields[number].append(value)
            demand(len(fields[number]) <= list_max, "header", "too many of a field")
        else:
            fields[number] = value
        last = number
    demand(all(value is not None for value in fields.values()), "header", "a field is missing")
    return fields


def varint(value):
    return bytes([value]) if value < 128 else bytes([value & 127 | 128]) + varint(value >> 7)


def field_of(number, content):  # written even if empty
    return varint(8 * number + 2) + varint(len(content)) + content


def integer_of(number, value):
    return varint(8 * number) + varint(value) if value > 0 else b""


def bytes_of(number, content):
    return field_of(number, content) if content else b""


def timestamp(text):
    fields = message(text, "nn")
    whole = fields[1] - (fields[1] >> 63 << 64)
    demand(-62135596800 <= whole <= 253402300799 and fields[2] < 10 ** 9, "header", "a time")
    return whole


def block_hash(text):  # empty where there is no block
    fields = message(text, "bm")
    parts = message(fields[2], "nb")
    is_block = len(fields[1]) == 32 and len(parts[2]) == 32 and 0 < parts[1] < 1 << 32
    demand(is_block or not fields[1] and not fields[2], "header", "a block id")
    return fields[1]


def merkle_root(leaves):
    if len(leaves) < 2:
        return sha256(b"\0", leaves[0]) if leaves else sha256()
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\1", merkle_root(leaves[:middle]), merkle_root(leaves[middle:]))


GO_ZERO = "088092b8c398feffffff01"  # what stands for no time


def read_header(header, chain_id):
    """What a header of this chain says: its fields by number, its time, the block before, and its hash."""
    fields = message(header, "mbnmmbbbbbbbbb")
    lengths = [len(fields[number]) for number in (6, 7, 8, 9, 10, 12, 13)]
    is_header = all(n == 32 or n == 0 and i not in (2, 3, 4) for i, n in enumerate(lengths)) \
        and len(fields[2]) <= 50 and len(fields[11]) <= 64 and len(fields[14]) == 20 and fields[3] >> 63 == 0
    demand(is_header, "header", "a field is of another length")
    is_of_chain = fields[2] == chain_id.encode() and message(fields[1], "nn")[1] == 11
    demand(is_of_chain, "header", "it is of another chain")
    leaves = [integer_of(1, value) if number == 3 else value if number in (1, 4, 5) else bytes_of(1, value)
              for number, value in fields.items()]
    return SimpleNamespace(
        fields=fields, time=timestamp(fields[4]), previous=block_hash(fields[5]), hash=merkle_root(leaves))


def verify_header(proofs, validators_hash, chain_id):
    """A header that two thirds of the validators with this hash signed."""
    header, commit, validators = proofs
    found = read_header(header, chain_id)
    fields = found.fields
    listed = message(validators, "lb", 10000)
    members = []
    for each in listed[1]:
        one = message(each, "bmnn")
        key, power = message(one[2], "b")[1], one[3]
        is_one = len(key) == 32 and 0 < power < 1 << 60 and sha256(key)[:20] == one[1]
        demand(is_one, "header", "a validator")
        members.append((power, one[1], key, field_of(1, one[2]) + integer_of(2, power)))
    total = sum(member[0] for member in members)
    is_ordered = all((-a[0], a[1]) < (-b[0], b[1]) for a, b in zip(members, members[1:]))
    is_set = is_ordered and len({member[1] for member in members}) == len(members) and total < 1 << 60 \
        and listed[2] in listed[1] \
        and merkle_root([member[3] for member in members]) == validators_hash == fields[8]
    demand(is_set, "header", "it is of other validators than the chain's identity names")

    made = message(commit, "nnml", 10000)
    height, round_, block, slots = made[1], made[2], made[3], made[4]
    is_for = 0 < height == fields[3] and round_ >> 31 == 0 and block_hash(block) == found.hash
    demand(is_for and len(slots) == len(members), "header", "the commit is for another block")

    def little(tag, value):
        return bytes([tag]) + value.to_bytes(8, "little") if value else b""

    signed = 0
    for slot, (power, address, key, _) in zip(slots, members):
        vote = message(slot, "nbmb")
        flag, voted, signature = vote[1], vote[3], vote[4]
        if flag == 1:
            is_vote = not vote[2] and not signature and voted.hex() == GO_ZERO
        else:
            is_vote = flag <= 3 and vote[2] == address and 0 < len(signature) <= 64
        demand(is_vote and timestamp(voted) is not None, "header", "a vote")
        if flag != 2 or 3 * signed > 2 * total:
            continue
        text = b"\x08\x02" + little(0x11, height) + little(0x19, round_) + field_of(4, block) + field_of(5, voted) \
            + field_of(6, fields[2])
        if is_signed_ed25519(key, signature, varint(len(text)) + text):
            signed += power
    demand(3 * signed > 2 * total, "header", "two thirds of the validators did not sign it")
    return SimpleNamespace(
        height=height, hash=found.hash, time=found.time, previous=found.previous, app_hash=fields[11],
        results_hash=fields[12])


def bits(text):
    return "".join(f"{byte:08b}" for byte in text)


def verify_proof(root, keys, values, proof):
    """Raises unless the store with this root has exactly these values under these keys (`MultiProof`)."""
    queries = [(bits(sha256(key)), sha256(value) if value else b"") for key, value in zip(keys, values)]
    at = 0

    def take(count):
        nonlocal at
        demand(at + count <= len(proof), "record", "the proof is cut")
        at += count
        return proof[at - count:at]

    def node(below, depth):
        if not below:
            return take(32)
        kind = take(1)[0]
        if kind == 2:
            demand(depth < 256, "record", "the proof is too deep")
            left = node([each for each in below if each[0][depth] == "0"], depth + 1)
            return sha256(b"\1", left, node([each for each in below if each[0][depth] == "1"], depth + 1))
        path, value = (take(32), take(32)) if kind == 1 else (b"", b"")
        is_placed = kind == 0 or bits(path).startswith(below[0][0][:depth])
        is_held = all(held == (value if where == bits(path) else b"") for where, held in below)
        demand(kind < 2 and is_placed and is_held, "record", "the chain's state has other records")
        return bytes(32) if kind == 0 else sha256(b"\0", path, value)

    demand(node(queries, 0) == root and at == len(proof), "record", "the proof is of another state")


def is_signed_ed25519(key, signature, text):
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
        return True
    except (InvalidSignature, ValueError):
        return False
