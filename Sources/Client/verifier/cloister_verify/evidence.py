"""What a node shows for its network's keys (the steps of NetworkEvidence.swift)."""
import re
import time
from types import SimpleNamespace

from .answers import admit, state_of
from .headers import bytes_of, field_of, integer_of, merkle_root, message, verify_header, verify_proof
from .quotes import verify_quote
from .texts import base64, demand, read_json, sha256


NUMBER, TEXT = r"0|[1-9][0-9]{0,17}", r"[ -~]{1,64}"


def member(holder, name, form):
    """A member of the form that it must have: a number (also in decimal digits), a text, or a choice."""
    value = holder.get(name) if isinstance(holder, dict) else None
    is_one = isinstance(value, (str, int)) and not isinstance(value, bool) and re.fullmatch(form, str(value), re.ASCII)
    demand(is_one, "evidence", f"{name} is none")
    return str(value)


def is_hash(text):
    return isinstance(text, str) and re.fullmatch("[0-9a-f]{64}", text) is not None


def verify_evidence(body, expected, now=None):
    """What the answer to `/cloister/v1/evidence` proves; raises `Refused`.

    `expected` has what the caller knows by another way: `chain_id`; `root` (SHA-256 of its SubjectPublicKeyInfo) and
    `measurement`, in hexadecimal; `identity`, the hash of the chain's, without which a chain that has another root, too, is
    refused: whoever owns that can make evidence; `allow_simulated`; and `age_max`, how many seconds old the state may be.
    `now` is in seconds since 1970."""
    now = time.time() if now is None else now
    for name in ("root", "measurement"):
        demand(is_hash(expected.get(name)), name, "none is expected")
    found = read_json(body, 4 << 20, "evidence")

    def data(name, holder=found):
        value = holder.get(name) if isinstance(holder, dict) else None
        return base64(value, 1 << 14 if name.endswith("quote") else 1 << 21, name)

    identity, record = found.get("identity"), found.get("register_record")
    chain_id = member(identity, "chain_id", TEXT)
    demand(chain_id == expected.get("chain_id"), "chain", f"the evidence is of chain {chain_id}, not of {expected.get('chain_id')}")
    listed = identity.get("attestation_roots")
    demand(isinstance(listed, list) and len(listed) <= 64, "evidence", "attestation_roots is no list")
    roots = [SimpleNamespace(
        name=member(root, "name", TEXT).encode(), hash=base64(root.get("spki_sha256"), 32, "spki_sha256"),
        kind=1 if member(root, "kind", "ROOT_KIND_(SIMULATED|HARDWARE)") == "ROOT_KIND_SIMULATED" else 2) for root in listed]
    profile = 1 if member(identity, "profile", "PROFILE_(DEVELOPMENT|PRODUCTION)") == "PROFILE_DEVELOPMENT" else 2

    def numbers(*names):
        return b"".join(integer_of(number, int(member(identity, name, NUMBER))) for number, name in names)

    # Nodes from before there were epochs do not name them.
    epochs = [one for one in ((10, "epoch_blocks"), (11, "epoch_grace_blocks")) if one[1] in identity]
    validators_hash = data("initial_validators_hash", identity)
    identity_hash = sha256(
        field_of(1, chain_id.encode()), numbers((2, "genesis_seconds"), (3, "genesis_nanoseconds"), (4, "initial_height")),
        bytes_of(5, validators_hash),
        *(field_of(6, field_of(1, root.name) + bytes_of(2, root.hash) + integer_of(3, root.kind)) for root in roots),
        integer_of(7, profile), numbers((8, "lease_answers"), (9, "lease_seconds"), *epochs))
    is_known = expected.get("identity") is not None
    demand(not is_known or identity_hash.hex() == expected["identity"], "identity", "it is another chain of this name")

    def is_only(root_hash):
        return is_known or root_hash.hex() == expected["root"]

    io, seed = data("io_exchange_key"), data("seed_exchange_key")
    demand(len(io) == 32 and len(seed) == 32, "key", "a key has 32 bytes")

    def is_over_keys(quoted, founder=None, io_key=io):
        tag = b"cloister/network-keys/" + (b"3" if founder else b"2")
        digest = sha256(tag, identity_hash, io_key, seed, founder or b"")
        return quoted.report_data == digest + quoted.report_data[32:36] + bytes(28)

    allow_simulated = expected.get("allow_simulated") is True
    quoted = verify_quote(data("quote"), roots, now, allow_simulated)
    root = quoted.root.hash.hex()
    demand(root == expected["root"], "root", f"{root} is not the expected one")
    demand(all(is_only(one.hash) for one in roots), "root", "the chain has another root than the expected one, too")
    demand(quoted.measurement == data("measurement"), "program", "the quote is of another than the node names")
    founder = None
    if found.get("founder_quote"):  # of the program that made the keys, where another took them over
        maker = verify_quote(data("founder_quote"), roots, now, allow_simulated)
        # Where keys have been exchanged since, it is over an earlier one, beside the network's lasting key.
        is_exchanged = int(identity.get("epoch_blocks") or 0) > 0 and found.get("founder_io_exchange_key")
        first = data("founder_io_exchange_key") if is_exchanged else io
        demand(is_over_keys(maker, io_key=first), "program", "nothing shows whose the keys were that the enclave took over")
        founder = maker.measurement
    measurement = (founder or quoted.measurement).hex()
    demand(measurement == expected["measurement"], "program", f"{measurement} is not the expected one")
    demand(is_over_keys(quoted, founder), "key", "the quote is over another key, or over another chain")
    # Of the facts: simulated, and production.
    demand(quoted.report_data[35] & 3 == 2 * profile - quoted.root.kind, "platform", "not what profile and root say")

    proofs = [data(name, found.get("header")) for name in ("header", "commit", "validators")]
    header = verify_header(proofs, validators_hash, chain_id)
    stores = record.get("store_roots") if isinstance(record, dict) else None
    stores = stores[:65] if isinstance(stores, list) else []
    named = [(member(store, "name", TEXT).encode(), base64(store.get("root"), 32, "root")) for store in stores]
    is_ordered = len(named) <= 64 and all(a[0] < b[0] for a, b in zip(named, named[1:]))
    leaves = [bytes([len(name)]) + name + b"\x20" + sha256(root_hash) for name, root_hash in named]
    register = dict(named).get(b"register")
    is_of = is_ordered and register is not None and len(register) == 32 and merkle_root(leaves) == header.app_hash \
        and int(member(record, "height", NUMBER)) == header.height - 1
    demand(is_of, "record", "the stores are not those of the header")
    names = ("io_exchange_record", "seed_exchange_record", "policy_record", "release_head_record")
    values = [b"" if i > 1 and not record.get(name) else data(name, record) for i, name in enumerate(names)]
    keys = [b"\2IoExchMasterKey", b"\2NodeExchMasterKey", b"\3", b"\5"]
    verify_proof(register, keys, values, data("proof", record))
    demand(values[0] == field_of(1, io) and values[1] == field_of(1, seed), "record", "other keys are given out")
    policy = message(values[2], "llnnnll")
    # Those of which a later time than that of the header's block is said are not approved yet.
    policy[2] += [one[1] for one in (message(one, "bn") for one in policy[7]) if one[2] <= header.time]
    demand(all(is_only(message(one, "bbn")[2]) for one in policy[1]), "approval", "the chain's state approves another root")
    is_approved = quoted.measurement in policy[2] and quoted.version >= policy[3]
    demand(not founder or is_approved, "approval", "the chain's state does not approve the program that took over")
    shown = admit(None, state_of(header.height - 1, header.hash, header.time), expected.get("age_max"), now)
    return SimpleNamespace(
        chain_id=chain_id, identity=identity_hash.hex(), validators_hash=validators_hash, io_exchange_key=io,
        measurement=measurement, root=root, is_simulated=True, shown=shown)
