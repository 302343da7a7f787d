"""A real Cosmos SDK 0.50 node, told a random story, and what came of it, block by block.

The node is `injectived` of the PyPI package injective-core (its licence allows testing; nothing of it is in this
repository). It is a CometBFT node of one validator, whose accounts begin with inj, whose keys are Ethereum's and whose
power is 10^18 of the smallest unit; all else that the story touches is the SDK's.
"""
import base64
import hashlib
import json
import os
import re
import subprocess
import time
import urllib.request

import coincurve
from Crypto.Hash import keccak

# MARK: - Addresses (BIP 173)

LETTERS = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
PREFIXES = {"valoper": "valoper", "valcons": "valcons", "": ""}


def checksum(values):
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for i, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= term if (top >> i) & 1 else 0
    return check


def expanded(prefix):
    return [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]


def regroup(data, source, target, pads):
    value = bits = 0
    out = []
    for item in data:
        value, bits = (value << source | item) & 0xFFFF, bits + source
        while bits >= target:
            bits -= target
            out.append(value >> bits & (1 << target) - 1)
    if pads and bits:
        out.append(value << (target - bits) & (1 << target) - 1)
    return out


def bech32(prefix, data):
    words = regroup(data, 8, 5, True)
    rest = checksum(expanded(prefix) + words + [0] * 6) ^ 1
    return prefix + "1" + "".join(LETTERS[w] for w in words + [rest >> 5 * (5 - i) & 31 for i in range(6)])


def unbech32(text):
    """Prefix and bytes; nothing for what is no address."""
    place = text.rfind("1")
    if place < 1 or len(text) - place < 7 or any(c not in LETTERS for c in text[place + 1:]):
        return None
    words = [LETTERS.index(c) for c in text[place + 1:]]
    if checksum(expanded(text[:place]) + words) != 1:
        return None
    return text[:place], bytes(regroup(words[:-6], 5, 8, False))


def readdressed(text, source="inj", target="secret"):
    """An address with the other chain's prefix; other texts as they are."""
    found = unbech32(text) if text.startswith(source) else None
    return bech32(target + found[0][len(source):], found[1]) if found else text


# MARK: - Protobuf

def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def message(*fields):
    """Of pairs (number, value): whole numbers that are not 0, texts and bytes that are not empty; lists repeat."""
    out = b""
    for number, value in fields:
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, bool):
                item = int(item)
            if isinstance(item, int):
                out += varint(number << 3) + varint(item) if item else b""
                continue
            item = item.encode() if isinstance(item, str) else item
            if item or isinstance(value, (list, Always)):
                out += varint(number << 3 | 2) + varint(len(item)) + bytes(item)
    return out


class Always(bytes):
    """Bytes that are written also when empty."""


def any_message(url, value):
    return message((1, url), (2, value))


def coin(amount, denomination="inj"):
    return message((1, denomination), (2, str(amount)))


def fields_of(data):
    """The fields of a message as (number, kind, value), or nothing where the bytes are none."""
    out, place = [], 0

    def read():
        nonlocal place
        value = shift = 0
        while True:
            if place >= len(data) or shift > 63:
                raise ValueError
            byte = data[place]
            place += 1
            value, shift = value | (byte & 127) << shift, shift + 7
            if byte < 128:
                return value
    try:
        while place < len(data):
            tag = read()
            if tag >> 3 == 0:
                return None
            if tag & 7 == 0:
                out.append((tag >> 3, 0, read()))
            elif tag & 7 == 2:
                size = read()
                if place + size > len(data):
                    return None
                out.append((tag >> 3, 2, data[place:place + size]))
                place += size
            elif tag & 7 in (1, 5):
                size = 8 if tag & 7 == 1 else 4
                out.append((tag >> 3, tag & 7, data[place:place + size]))
                place += size
            else:
                return None
    except ValueError:
        return None
    return out


def rewritten(data, source="inj", target="secret"):
    """The same message with the other chain's addresses, however deep they lie; bytes without one as they are."""
    try:
        text = data.decode()
        if text.startswith(source):
            other = readdressed(text, source, target)
            if other != text:
                return other.encode()
    except UnicodeDecodeError:
        pass
    fields = fields_of(data)
    if not fields:
        return data
    out, changed = b"", False
    for number, kind, value in fields:
        out += varint(number << 3 | kind)
        if kind == 0:
            out += varint(value)
        elif kind == 2:
            other = rewritten(value, source, target)
            changed |= other != value
            out += varint(len(other)) + other
        else:
            out += value
    return out if changed else data


def timestamp(text):
    """Seconds and nanoseconds of RFC 3339 in UTC."""
    import datetime
    whole, _, part = text.rstrip("Z").partition(".")
    moment = datetime.datetime.fromisoformat(whole + "+00:00")
    return int(moment.timestamp()), int(part.ljust(9, "0")) if part else 0


# MARK: - Accounts

class Account:
    """An account of the story, with a key made of its name."""

    def __init__(self, name):
        self.name = name
        self.secret = hashlib.sha256(b"cloister differential " + name.encode()).digest()
        key = coincurve.PrivateKey(self.secret)
        self.key = key.public_key.format(compressed=True)
        hashed = keccak.new(digest_bits=256, data=key.public_key.format(compressed=False)[1:])
        self.bytes = hashed.digest()[-20:]
        self.sequence = 0
        self.number = 0

    def sign(self, data):
        digest = keccak.new(digest_bits=256, data=data).digest()
        return coincurve.PrivateKey(self.secret).sign_recoverable(digest, hasher=None)[:64]

    def __str__(self):
        return bech32("inj", self.bytes)

    @property
    def operator(self):
        return bech32("injvaloper", self.bytes)


# MARK: - The node

class Node:
    def __init__(self, program, home, chain="injective-888"):
        self.program, self.home, self.chain = program, home, chain
        self.rpc = 36657
        self.process = None

    def run(self, *arguments):
        environment = dict(os.environ, LD_LIBRARY_PATH=os.path.dirname(self.program))
        subprocess.run([self.program, *arguments, "--home", self.home], env=environment, check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self, commit="150ms"):
        config = f"{self.home}/config/config.toml"
        text = open(config).read()
        text = text.replace('timeout_commit = "500ms"', f'timeout_commit = "{commit}"')
        open(config, "w").write(text)
        environment = dict(os.environ, LD_LIBRARY_PATH=os.path.dirname(self.program))
        self.log = open(f"{self.home}/log", "w")
        self.process = subprocess.Popen(
            [self.program, "start", "--home", self.home, "--chain-id", self.chain, "--rpc.laddr", f"tcp://127.0.0.1:{self.rpc}",
             "--p2p.laddr", "tcp://127.0.0.1:36656", "--api.enable=false", "--grpc.enable=false",
             "--json-rpc.enable=false", "--evm.enable-grpc-tracing=false", "--pruning", "nothing",
             "--minimum-gas-prices", "0inj", "--log-level", "error", "--rpc.pprof_laddr", ""],
            env=environment, stdout=self.log, stderr=subprocess.STDOUT)

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def ask(self, method, **parameters):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.rpc}", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                reply = json.load(answer)
        except urllib.error.HTTPError as error:
            reply = json.load(error)
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']}")
        return reply["result"]

    def height(self):
        return int(self.ask("status")["sync_info"]["latest_block_height"])

    def query(self, path, data, height):
        answer = self.ask("abci_query", path=path, data=data.hex(), height=str(height))["response"]
        return answer.get("code", 0), base64.b64decode(answer.get("value") or ""), answer.get("log", "")

    def send(self, account, messages, fee=0, memo="", gas=2_000_000):
        """Hands a transaction in; what CheckTx says of it."""
        body = message((1, messages), (2, memo))
        key = any_message("/injective.crypto.v1beta1.ethsecp256k1.PubKey", message((1, account.key)))
        info = message((1, key), (2, Always(message((1, Always(message((1, 1))))))), (3, account.sequence))
        auth = message((1, [info]), (2, Always(message((1, [coin(fee)] if fee else []), (2, gas)))))
        document = message((1, body), (2, auth), (3, self.chain), (4, account.number))
        raw = message((1, body), (2, auth), (3, [account.sign(document)]))
        try:
            result = self.ask("broadcast_tx_sync", tx=base64.b64encode(raw).decode())
        except RuntimeError as error:
            found = re.search(r"code=(\d+), data=.*?, log='(.*)', codespace='(\w*)'", str(error), re.DOTALL)
            if not found:
                raise
            result = {"code": int(found[1]), "log": found[2], "codespace": found[3]}
        if result["code"] == 0:
            account.sequence += 1
        return result

    def evidence(self, key, height):
        """Hands in that a validator signed two blocks of a height; its powers are those of the set there."""
        listed = self.ask("validators", height=str(height), per_page="100")["validators"]
        address = hashlib.sha256(bytes(key.verify_key)).hexdigest()[:40].upper()
        place = next((i for i, v in enumerate(listed) if v["address"] == address), None)
        if place is None:
            return None
        stamp = self.ask("block", height=str(height))["block"]["header"]["time"]
        votes = []
        for name in (b"one", b"two"):
            digest = hashlib.sha256(name).digest()
            seconds, nanoseconds = timestamp(stamp)
            block = message((1, digest), (2, Always(message((1, 1), (2, digest)))))
            signed = (varint(1 << 3) + varint(2) + varint(2 << 3 | 1) + height.to_bytes(8, "little")
                      + message((4, block), (5, Always(message((1, seconds), (2, nanoseconds)))), (6, self.chain)))
            signature = key.sign(varint(len(signed)) + signed).signature
            votes.append((digest.hex(), {
                "type": 2, "height": str(height), "round": 0, "timestamp": stamp, "validator_address": address,
                "validator_index": place, "signature": base64.b64encode(signature).decode(),
                "block_id": {"hash": digest.hex().upper(), "parts": {"total": 1, "hash": digest.hex().upper()}}}))
        votes = [v for _, v in sorted(votes, key=lambda v: v[0])]
        total, power = str(sum(int(v["voting_power"]) for v in listed)), listed[place]["voting_power"]
        # CometBFT 0.38 and 1.0 call these fields otherwise; neither minds the other's.
        return self.ask("broadcast_evidence", evidence={"type": "tendermint/DuplicateVoteEvidence", "value": {
            "vote_a": votes[0], "vote_b": votes[1], "TotalVotingPower": total, "total_voting_power": total,
            "ValidatorPower": power, "validator_power": power, "Timestamp": stamp, "timestamp": stamp}})

    def wait(self, height, seconds=60):
        end = time.time() + seconds
        while time.time() < end:
            try:
                if self.height() >= height:
                    return
            except (OSError, RuntimeError):
                if self.process.poll() is not None:
                    raise RuntimeError(f"the node ended: see {self.home}/log")
            time.sleep(0.05)
        raise RuntimeError("no block came")
