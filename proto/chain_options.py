"""What proto/chain/cloister/options.proto says of a message or a field.

The library that reads descriptors does not know our options, so they are unknown fields of the options there; this reads
them from the options' own bytes.
"""
from google.protobuf import descriptor_pb2

FIELD = {
    50101: "bech32", 50102: "number", 50103: "always", 50104: "json_key", 50107: "address", 50108: "nullable",
    50109: "amino_keep", 50110: "amino_coins", 50111: "amino_field",
}
MESSAGE = {
    50105: "from_strangers", 50106: "by_hand", 50107: "signer", 50108: "amino_name",
    50109: "amino_bare", 50110: "takes", 50111: "price",
}
LISTS = {"signer"}


def varint(data, position):
    value = shift = 0
    while True:
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            return value, position


def options_of(descriptor):
    names = FIELD if isinstance(descriptor, descriptor_pb2.FieldDescriptorProto) else MESSAGE
    data = descriptor.options.SerializeToString()
    found, position = {}, 0
    while position < len(data):
        tag, position = varint(data, position)
        if tag & 7 == 0:
            value, position = varint(data, position)
        elif tag & 7 == 2:
            length, position = varint(data, position)
            value, position = data[position:position + length], position + length
        else:
            raise ValueError("an option of wire type %d" % (tag & 7))
        name = names.get(tag >> 3)
        if name is None:
            continue
        if isinstance(value, bytes):
            value = value.decode()
        if name in LISTS:
            found.setdefault(name, []).append(value)
        else:
            found[name] = value
    return found
