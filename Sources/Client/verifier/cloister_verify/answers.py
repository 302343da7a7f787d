"""Of which state an answer is, and which a caller may take for the present."""
import time

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .texts import Refused, demand, sha256


def state_of(height, header_hash, moment):
    return {"height": height, "header_hash": header_hash.hex(), "seconds": moment}


SALT = bytes.fromhex("000000000000000000024bead8df69990852c202db0e0097c1a12ea637d7e96d")


def query_key(seed, io_exchange_key, nonce):
    """The key of one query and its answer: of the client's private key, the network's proved one, and a nonce."""
    try:
        shared = X25519PrivateKey.from_private_bytes(seed).exchange(X25519PublicKey.from_public_bytes(io_exchange_key))
    except ValueError:
        raise Refused("key", "nothing can be sealed for it") from None
    return HKDF(hashes.SHA256(), 32, SALT, b"").derive(shared + nonce)


def open_stamp(key, stamp, answer, contract):
    """What the enclave says of `answer` of the contract at an address: of which state it is. Raises `Refused`."""
    associated = [b"cloister answer stamp", sha256(answer), contract.encode()]
    try:
        plain = AESSIV(key).decrypt(stamp, associated) if len(stamp) == 76 else None
    except InvalidTag:
        plain = None
    demand(plain, "answer", "what the enclave says of its answer is for another one")
    height, moment, nanoseconds = (int.from_bytes(plain[start:end], "big") for start, end in ((0, 8), (40, 48), (48, 52)))
    is_state = height < 1 << 53 and moment <= 253402300799 and nanoseconds < 10 ** 9
    demand(is_state, "answer", "what the enclave says of its answer is none")
    return state_of(height, plain[8:40], moment)


def admit(shown, state, age_max=None, now=None):
    """The newer of what was shown before and of this state; raises unless a caller may take it for the present."""
    height, moment = state["height"], state["seconds"]
    age = (time.time() if now is None else now) - moment
    if shown:
        is_same = height != shown["height"] or state["header_hash"] == shown["header_hash"]
        demand(is_same, "stale", f"another branch at height {height}")
        slack = 60  # nodes differ by a little
        demand(moment + slack >= shown["seconds"], "stale", f"of height {height}, and {shown['height']} was shown before")
    demand(age_max is None or age <= age_max, "stale", f"the state is {int(age)} seconds old")
    return shown if shown and shown["height"] >= height else state
