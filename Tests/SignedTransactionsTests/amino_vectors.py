#!/usr/bin/env python3
"""Makes Tests/Fixtures/amino.json: messages with their text in Amino JSON and their signers, as the descriptors of others
say it. Nothing of proto/chain is read.

    pip install --no-deps --target FOLDER injective-py==1.16.2 protobuf==6.33.0 bech32==1.2.0
    Tests/SignedTransactionsTests/amino_vectors.py FOLDER

That package holds the descriptors of cosmos-sdk 0.50 and ibc-go 8 with their own options (amino, cosmos.msg.v1,
gogoproto); the rules of x/tx are written down again below.
"""
import base64
import datetime
import importlib
import json
import pathlib
import random
import re
import sys
import types

FOLDER = pathlib.Path(sys.argv[1])
sys.path.insert(0, str(FOLDER))
for name in ["pyinjective", "pyinjective.proto"]:  # The package itself wants a client's libraries.
    package = types.ModuleType(name)
    package.__path__ = [str(FOLDER.joinpath(*name.split(".")))]
    sys.modules[name] = package
import bech32  # noqa: E402
from google.protobuf import descriptor_pool, message_factory  # noqa: E402

for root in ["cosmos", "ibc"]:
    for path in sorted((FOLDER / "pyinjective/proto" / root).rglob("*_pb2.py")):
        importlib.import_module(".".join(path.relative_to(FOLDER).with_suffix("").parts))
amino = importlib.import_module("pyinjective.proto.amino.amino_pb2")
gogo = importlib.import_module("pyinjective.proto.gogoproto.gogo_pb2")
msg = importlib.import_module("pyinjective.proto.cosmos.msg.v1.msg_pb2")
pool = descriptor_pool.Default()

PACKAGES = ["cosmos." + name for name in [
    "auth.v1beta1", "authz.v1beta1", "bank.v1beta1", "circuit.v1", "distribution.v1beta1", "evidence.v1beta1",
    "feegrant.v1beta1", "gov.v1", "gov.v1beta1", "mint.v1beta1", "slashing.v1beta1", "staking.v1beta1", "upgrade.v1beta1",
    "vesting.v1beta1"]] + ["ibc." + name for name in [
        "applications.fee.v1", "applications.transfer.v1", "applications.interchain_accounts.controller.v1",
        "applications.interchain_accounts.host.v1", "core.channel.v1", "core.client.v1", "core.connection.v1"]]
# Of that network alone, or with other parameters than Secret Network's.
THEIRS = [
    "cosmos.authz.v1beta1.MsgExecCompat", "cosmos.staking.v1beta1.MsgTransferDelegation",
    "cosmos.distribution.v1beta1.MsgUpdateParams"]
# What an Any holds; not a choice of fields, which this chain shows no text of.
HELD = [
    "cosmos.gov.v1beta1.TextProposal", "cosmos.authz.v1beta1.GenericAuthorization", "cosmos.bank.v1beta1.SendAuthorization",
    "cosmos.feegrant.v1beta1.BasicAllowance", "cosmos.feegrant.v1beta1.PeriodicAllowance",
    "cosmos.upgrade.v1beta1.SoftwareUpgradeProposal", "cosmos.crypto.ed25519.PubKey", "cosmos.bank.v1beta1.MsgSend",
    "cosmos.gov.v1.MsgVote", "cosmos.gov.v1.MsgCancelProposal"]
SIGNERS = [bytes(range(1, 21)), bytes(range(20, 40))]
chance = random.Random(20)


def extension(descriptor, which):
    return descriptor.GetOptions().Extensions[which]


def is_present_always(field):
    options = field.GetOptions()
    return options.HasExtension(gogo.nullable) and not options.Extensions[gogo.nullable]


def text():
    return "".join(chance.choice(["a", "Z", "<b>", "&", '"', "\\", "\n", "\u2028", "é", "中", "😀", " ", "/"])
                   for _ in range(chance.randrange(1, 6)))


def fill(message, is_full, signs=True, depth=0):
    """Random values, in the encoding of gogoproto: what it calls not nullable is always there."""
    signed = list(extension(message.DESCRIPTOR, msg.signer)) if signs else []
    for field in message.DESCRIPTOR.fields:
        many = field.is_repeated
        number = extension(field, gogo.customtype)
        if field.name in signed and field.type != field.TYPE_MESSAGE:
            prefix = "secretvaloper" if "Validator" in extension(field, cosmos_scalar) else "secret"
            setattr(message, field.name, bech32.bech32_encode(prefix, bech32.convertbits(SIGNERS[0], 8, 5)))
            continue
        if field.name in signed or field.type == field.TYPE_MESSAGE and is_present_always(field) and not many:
            pass
        elif not number and not is_full:
            continue
        if field.type == field.TYPE_MESSAGE:
            values = [getattr(message, field.name).add() for _ in range(chance.randrange(1, 3))] if many else \
                [getattr(message, field.name)]
            for value in values:
                value.SetInParent()
                full = field.message_type.full_name
                if full == "google.protobuf.Any":
                    name = chance.choice(HELD)
                    held = fill(new(name), True, signs=False, depth=depth + 1)
                    value.type_url, value.value = "/" + name, held.SerializeToString()
                elif full == "google.protobuf.Timestamp":
                    value.seconds, value.nanos = chance.randrange(1, 4_000_000_000), chance.choice([0, 5, 120_000_000])
                elif full == "google.protobuf.Duration":
                    value.seconds, value.nanos = chance.randrange(1, 1_000_000), chance.choice([0, 7])
                else:
                    fill(value, is_full, signs=field.name in signed, depth=depth + 1)
        elif many:
            getattr(message, field.name).extend(scalar(field, number) for _ in range(chance.randrange(1, 4)))
        else:
            setattr(message, field.name, scalar(field, number))
    return message


def scalar(field, number):
    if number:
        value = str(chance.choice([0, 1, 10 ** 18, chance.randrange(2 ** 64), chance.randrange(2 ** 127)]))
        return value.encode() if field.type == field.TYPE_BYTES else value
    kind = field.cpp_type
    if field.type == field.TYPE_BYTES:
        return chance.randbytes(chance.randrange(1, 9))
    if kind == field.CPPTYPE_STRING:
        return text()
    if kind == field.CPPTYPE_BOOL:
        return True
    if kind == field.CPPTYPE_ENUM:
        return chance.choice([value.number for value in field.enum_type.values if value.number > 0] or [0])
    return chance.randrange(1, 2 ** (63 if kind in (field.CPPTYPE_INT64, field.CPPTYPE_UINT64) else 31))


def new(name):
    return message_factory.GetMessageClass(pool.FindMessageTypeByName(name))()


# ---- Amino JSON, as x/tx 0.13 writes it

def named(name, value):
    return {"type": extension(pool.FindMessageTypeByName(name), amino.name) or "/" + name, "value": value}


def shown(message):
    full = message.DESCRIPTOR.full_name
    if full == "google.protobuf.Any":
        held = new(message.type_url[1:])
        held.ParseFromString(message.value)
        return named(message.type_url[1:], shown(held))
    if full == "google.protobuf.Duration":
        return str(message.seconds * 10 ** 9 + message.nanos)
    if full == "google.protobuf.Timestamp":
        return re.sub(r"\.?0+Z", "Z", "%s.%09dZ" % (utc(message.seconds), message.nanos)) if message.nanos \
            else utc(message.seconds) + "Z"
    if extension(message.DESCRIPTOR, amino.message_encoding) == "key_field":
        return base64.b64encode(message.key).decode()
    members = {}
    for field in message.DESCRIPTOR.fields:
        value = getattr(message, field.name)
        if field.is_repeated:
            is_empty = len(value) == 0
            value = [one(field, element) for element in value]
            if is_empty and extension(field, amino.encoding) != "legacy_coins":
                value = None
        elif field.type == field.TYPE_MESSAGE:
            is_empty = not message.HasField(field.name)
            value = None if is_empty else shown(value)
        else:
            is_empty = not value
            value = one(field, value)
        if is_empty and not extension(field, amino.dont_omitempty):
            continue
        members[extension(field, amino.field_name) or field.name] = value
    return members


def one(field, value):
    if field.type == field.TYPE_MESSAGE:
        return shown(value)
    number = extension(field, gogo.customtype)
    if number:
        digits = value.decode() if isinstance(value, bytes) else value
        return digits if number.endswith("Int") else "%d.%018d" % divmod(int(digits), 10 ** 18)
    if field.type == field.TYPE_BYTES:
        return base64.b64encode(value).decode()
    return str(value) if field.cpp_type in (field.CPPTYPE_INT64, field.CPPTYPE_UINT64) else value


def utc(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S")


def go(value):
    written = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return re.sub("[<>&\u2028\u2029]", lambda found: "\\u%04x" % ord(found.group()), written)


cosmos_scalar = importlib.import_module("pyinjective.proto.cosmos_proto.cosmos_pb2").scalar


def main():
    rows = []
    for package in PACKAGES:
        service = pool.FindServiceByName(package + ".Msg")
        for method in service.methods:
            name = method.input_type.full_name
            if name in THEIRS:
                continue
            for is_full in [False, True, True]:
                message = fill(new(name), is_full)
                rows.append({
                    "type": "/" + name, "bytes": base64.b64encode(message.SerializeToString(deterministic=True)).decode(),
                    "text": go(named(name, shown(message)))})
    path = pathlib.Path(__file__).resolve().parents[1] / "Fixtures/amino.json"
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
    print(len(rows), "messages of", len({row["type"] for row in rows}), "types")


main()
