"""What a transaction came to, proved up to the validators' signatures and to what an enclave said."""
import re
from types import SimpleNamespace

from .answers import state_of
from .headers import message, read_header, verify_header
from .texts import Refused, base64, demand, read_json, sha256


def included(leaf, proof):
    """An inclusion proof of RFC 9942, section 5.2, in its shortest CBOR: root of the tree (RFC 9162, 2.1.3.2), place of the
    leaf, and number of leaves."""
    at = 0

    def head(kind):
        nonlocal at
        demand(at < len(proof) and proof[at] >> 5 == kind, "receipt", "a proof is none")
        short, at = proof[at] & 31, at + 1
        if short < 24:
            return short
        size = 1 << short - 24
        demand(size <= 8 and at + size <= len(proof), "receipt", "a proof is none")
        value, at = int.from_bytes(proof[at:at + size], "big"), at + size
        demand(value >= (24 if size == 1 else 1 << 4 * size), "receipt", "a proof is none")
        return value

    demand(head(4) == 3, "receipt", "a proof is none")
    size, index, count = head(0), head(0), head(4)
    demand(index < size <= 1 << 32 and count <= 32, "receipt", "a proof is of no tree")
    path = []
    for _ in range(count):
        demand(head(2) == 32 and at + 32 <= len(proof), "receipt", "a proof has something else than hashes")
        path.append(proof[at:at + 32])
        at += 32
    demand(at == len(proof), "receipt", "a proof is longer than it says")
    root, own, last = sha256(b"\0", leaf), index, size - 1
    for other in path:
        demand(last > 0, "receipt", "a proof is too long")
        if own & 1 or own == last:
            root = sha256(b"\1", other, root)
            while own > 0 and not own & 1:
                own, last = own >> 1, last >> 1
        else:
            root = sha256(b"\1", root, other)
        own, last = own >> 1, last >> 1
    demand(last == 0, "receipt", "a proof is too short")
    return root, index, size


def said_by_enclave(text):
    """What an enclave said besides the data (`TransactionOutput`)."""
    fields = message(text, "bbbl", 65536)
    demand(not fields[3], "receipt", "the enclave's data stand twice")
    events = []
    try:
        for event in fields[4]:
            one = message(event, "bl", 65536)
            pairs = [message(each, "bb") for each in one[2]]
            events.append({"type": one[1].decode(), "attributes": [
                {"key": pair[1].decode(), "value": pair[2].decode()} for pair in pairs]})
        return {"codespace": fields[1].decode(), "log": fields[2].decode(), "events": events}
    except UnicodeDecodeError:
        raise Refused("receipt", "a text is none") from None


def verify_receipt(body, transaction_hash, network):
    """What the answer to `/cloister/v1/receipts/{hash}` proves of the transaction whose bytes have this SHA-256
    (hexadecimal); raises `Refused`. `network` is what `verify_evidence` gives.

    `code`, `gas_wanted`, `gas_used` and `data` are what the validators signed. `enclave` has the codespace, log and events
    of a transaction that an enclave ran; without it nothing is known of them, and `data` of such a transaction are hashes.
    `state` is the one that a later answer may not be before."""
    found = read_json(body, 24 << 20, "receipt")

    def data(name, bytes_max, holder=found):
        demand(isinstance(holder, dict), "evidence", f"{name} is not base64")
        return b"" if name in holder and holder[name] is None else base64(holder.get(name), bytes_max, name)

    proofs = [data(name, 1 << 21, found.get("next_header")) for name in ("header", "commit", "validators")]
    after = verify_header(proofs, network.validators_hash, network.chain_id)
    block = read_header(data("header", 4096), network.chain_id)
    is_before = after.previous == block.hash and block.fields[3] == after.height - 1
    demand(is_before, "receipt", "the block is not the one before the signed header")

    is_name = isinstance(transaction_hash, str) and re.fullmatch("[0-9a-fA-F]{64}", transaction_hash)
    name = bytes.fromhex(transaction_hash) if is_name else b""
    root, index, size = included(name, data("transaction_proof", 2048))
    demand(is_name and root == block.fields[7], "receipt", "the transaction is not in that block")
    leaf = data("result", 1 << 24)
    in_results = included(leaf, data("result_proof", 2048))
    demand(in_results == (after.results_hash, index, size), "receipt", "it came to something else")

    result = message(leaf, "nbbbnn")
    demand(not result[3] and not result[4] and result[1] < 1 << 32, "receipt", "the result is none")
    output, rest, salt = data("data", 1 << 24), data("said", 1 << 24), data("salt", 32)
    if salt:
        is_said = len(salt) == 32 and len(result[2]) % 32 == 0 and \
            sha256(salt, output) + sha256(salt, rest) == result[2][:64]
        demand(is_said, "receipt", "the enclave said something else")
    else:
        demand(not output and not rest, "receipt", "nothing shows who said what is shown")
    return SimpleNamespace(
        height=block.fields[3], index=index, seconds=block.time, code=result[1], gas_wanted=result[5], gas_used=result[6],
        data=output if salt else result[2], enclave=said_by_enclave(rest) if salt else None,
        state=state_of(block.fields[3], after.hash, after.time))
