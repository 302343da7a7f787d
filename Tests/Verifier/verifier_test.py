#!/usr/bin/env python3
"""The verifier in Python (Sources/Client/verifier/cloister_verify) over what two real networks showed, over every case that
the tests of the one in JavaScript wrote (--cases: each must get the same verdict in the same words), and over changed copies.

    verifier_test.py [--cases FILE] [--mutants 2000]

Ends with an error at the first thing that is not so; prints numbers and times."""
import argparse
import base64
import collections
import copy
import hashlib
import json
import pathlib
import random
import statistics
import sys
import time
import urllib.parse
from types import SimpleNamespace

from cryptography.hazmat.primitives.ciphers.aead import AESSIV

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[1] / "Sources/Client/verifier"))

import cloister_verify as verifier  # noqa: E402
from cloister_verify import Refused  # noqa: E402
from cloister_verify.proxy import Answer, Verifier  # noqa: E402

RECORDED, TWIN = (json.loads((HERE / name).read_text()) for name in ("recorded.json", "twin.json"))
NOW = RECORDED["seconds"]
EXPECTED = {"chain_id": RECORDED["chain_id"], "root": RECORDED["root"], "measurement": RECORDED["measurement"],
            "allow_simulated": True, "age_max": 3600}
SEED = bytes.fromhex(RECORDED["seed"])


def data(text):
    return base64.b64decode(text or "")


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def verdict(step, *arguments):
    try:
        step(*arguments)
        return "ACCEPTED"
    except Refused as refused:
        return str(refused)


def changed(content, rng):
    """With a bit flipped, a byte replaced, cut, repeated, taken out, or made longer."""
    at = rng.randrange(max(1, len(content)))
    way = rng.randrange(8)
    if way == 0:
        return content[:at]
    if way == 1:
        return content[:at] + content[at + 1:]
    if way == 2:
        return content + bytes([rng.randrange(256)])
    if way == 3:
        return content[:at + 1] + content[at:]
    if not content:
        return b"\0"
    new = rng.randrange(256) if way == 4 else content[at] ^ 1 << rng.randrange(8)
    return content[:at] + bytes([new]) + content[at + 1:]


def honest():
    network = verifier.verify_evidence(RECORDED["evidence"], EXPECTED, NOW)
    assert base64.b64encode(network.io_exchange_key).decode() == json.loads(RECORDED["tx_key"])["key"]
    for name in ("answer", "refusal"):
        one = RECORDED[name]
        body = json.loads(one["body"])
        said = data(body["data"]) if name == "answer" else \
            body["message"].removesuffix(": query contract failed: unknown request").replace('"', "`").replace("'", "`").encode()
        key = verifier.query_key(SEED, network.io_exchange_key, data(one["query"])[:32])
        state = verifier.open_stamp(key, data(one["stamp"]), said, RECORDED["contract"])
        assert verifier.admit(network.shown, state, 3600, NOW)["height"] >= network.shown["height"]
    for other, says in (({"chain_id": "other-1"}, "chain: "), ({"root": "ab" * 32}, "root: "), ({"root": None}, "root: none"),
                        ({"measurement": None}, "measurement: none"), ({"measurement": "ab" * 32}, "program: "),
                        ({"allow_simulated": False}, "root: SIMULATED"), ({"allow_simulated": 1}, "root: SIMULATED"),
                        ({"identity": "ab" * 32}, "identity: ")):
        told = verdict(verifier.verify_evidence, RECORDED["evidence"], {**EXPECTED, **other}, NOW)
        assert told.startswith(says), told
    assert verdict(verifier.verify_evidence, RECORDED["evidence"], EXPECTED, NOW + 10800).startswith("stale: ")
    assert verdict(verifier.verify_evidence, TWIN["evidence"], EXPECTED, NOW).startswith("root: ")
    return network


def times(network):
    one = RECORDED["answer"]
    query, stamp, sealed = data(one["query"]), data(one["stamp"]), data(json.loads(one["body"])["data"])

    def median(repeat, step):
        taken = []
        for _ in range(repeat):
            began = time.perf_counter()
            step()
            taken.append(time.perf_counter() - began)
        return statistics.median(taken) * 1000
    first = median(20, lambda: verifier.verify_evidence(RECORDED["evidence"], EXPECTED, NOW))
    later = median(100, lambda: verifier.open_stamp(
        verifier.query_key(SEED, network.io_exchange_key, query[:32]), stamp, sealed, RECORDED["contract"]))
    print(f"python: evidence {first:.2f} ms, an answer {later:.2f} ms (medians)")


def follows(case):
    """What stands between goes with a network that exchanges its keys, and with no other."""
    (started, following, other), keys = case["follow"], [bytes.fromhex(key) for key in case["keys"]]
    told, nonce, answer, mallory = {}, bytes([5]) * 32, b"sealed by the enclave", bytes([7]) * 32

    class Node:
        def ask(self, method, target, headers=None, body=None):
            if target.endswith("/evidence"):
                return Answer(200, {}, told["evidence"].encode())
            if "tx-key" in target:
                return Answer.of(200, {"key": base64.b64encode(told["key"]).decode()})
            plain = (20).to_bytes(8, "big") + bytes(32) + (case["at"] - 50).to_bytes(8, "big") + bytes(12)
            stamp = AESSIV(verifier.query_key(SEED, told["sealed for"], nonce)).encrypt(
                plain, [b"cloister answer stamp", hashlib.sha256(answer).digest(), b"x"])
            found = Answer.of(200, {"data": base64.b64encode(answer).decode()})
            found.headers["x-cloister-answer-stamp"] = base64.b64encode(stamp).decode()
            return found

    expected = case["expectation"]
    expected = {"chain_id": expected["chainID"], "root": expected["root"], "measurement": expected["measurement"],
                "allow_simulated": True}
    between = Verifier(Node(), expected, SEED)
    query = "/compute/v1beta1/query/x?query=" + urllib.parse.quote(base64.b64encode(nonce + bytes(40)).decode())

    def key():
        assert between.answer("GET", "/registration/v1beta1/tx-key").object()["key"] == base64.b64encode(told["key"]).decode()

    def answered(of):
        told["sealed for"] = of
        return verdict(between.answer, "GET", query)

    clock, time.time = time.time, lambda: case["at"]
    try:
        told.update(evidence=started, key=keys[0])
        key()
        assert (answered(keys[0]), answered(keys[1])[:8]) == ("ACCEPTED", "answer: ")
        for evidence, lie, says in ((started, keys[1], "key: the node gives out another"), (other, keys[1], "identity: "),
                                    (following, mallory, "key: the node gives out another"), ("{}", keys[1], "evidence: ")):
            told.update(evidence=evidence, key=lie)
            for _ in range(2):  # what was not believed once is not taken for known later
                found = verdict(key)
                assert found.startswith(says), found
                assert (answered(keys[0]), answered(lie)[:8]) == ("ACCEPTED", "answer: ")
        told.update(evidence=following, key=keys[1])
        key()
        # Also for one who took the key before.
        assert (answered(keys[1]), answered(keys[0]), answered(mallory)[:8]) == ("ACCEPTED", "ACCEPTED", "answer: ")
    finally:
        time.time = clock


def same_as_javascript(cases):
    """Every verdict that the tests of the JavaScript came to, in its words, but for what each language says of JSON."""
    counts = collections.Counter()
    genuine = []
    for line in cases.read_text().splitlines():
        case = json.loads(line)
        if "follow" in case:
            follows(case)
            found = "ACCEPTED"
        elif "evidence" in case:
            told = case["expectation"]
            expected = {new: told[old] for old, new in (
                ("chainID", "chain_id"), ("root", "root"), ("measurement", "measurement"), ("identity", "identity"),
                ("allowSimulated", "allow_simulated"), ("ageMax", "age_max")) if old in told}
            found = verdict(verifier.verify_evidence, case["evidence"], expected, case["at"])
        else:
            network = SimpleNamespace(chain_id=case["chainID"], validators_hash=bytes.fromhex(case["validatorsHash"]))
            found = verdict(verifier.verify_receipt, case["receipt"], case["hash"], network)
            if found == "ACCEPTED":
                genuine.append((json.loads(case["receipt"]), case["hash"], network))
        told = case["verdict"].replace("not of undefined", "not of None")
        assert found == told, f"{found}, and in JavaScript {told}: {line[:2000]}"
        counts[found.split(":")[0]] += 1
    assert counts["ACCEPTED"] >= 10 and sum(counts.values()) >= 100, counts
    print(f"python: the same verdict as in JavaScript in {sum(counts.values())} cases:",
          ", ".join(f"{subject} {count}" for subject, count in sorted(counts.items())))
    return genuine


def mutants(network, receipts, count):
    rng = random.Random(7)
    fields = [("quote",)] * 3 + [
        ("io_exchange_key",), ("seed_exchange_key",), ("measurement",), ("identity", "initial_validators_hash"),
        ("register_record", "proof"), ("register_record", "io_exchange_record"), ("register_record", "policy_record"),
        ("register_record", "seed_exchange_record"), ("header", "header"), ("header", "commit"), ("header", "validators")]
    parts = [("header",), ("transaction_proof",), ("result",), ("result_proof",), ("data",), ("said",), ("salt",),
             ("next_header", "header"), ("next_header", "commit"), ("next_header", "validators")]
    genuine, other = json.loads(RECORDED["evidence"]), json.loads(TWIN["evidence"])
    query, stamp = data(RECORDED["answer"]["query"]), data(RECORDED["answer"]["stamp"])
    sealed = data(json.loads(RECORDED["answer"]["body"])["data"])
    key = verifier.query_key(SEED, network.io_exchange_key, query[:32])
    contract = RECORDED["contract"]
    state = verifier.open_stamp(key, stamp, sealed, contract)

    def at(holder, path):
        for name in path:
            holder = holder[name]
        return holder

    def change(holder, path, elsewhere, among):
        """Another value for one field: changed, or one from elsewhere."""
        where, name = at(holder, path[:-1]), path[-1]
        old = data(where[name])
        while data(where[name]) == old:
            where[name] = at(rng.choice(elsewhere), rng.choice(among)) if rng.randrange(20) == 0 \
                else base64.b64encode(changed(old, rng)).decode()

    def answer():
        unchanged = {"key": key, "stamp": stamp, "sealed": sealed, "contract": contract, "now": NOW}
        changes = dict(unchanged)
        while changes == unchanged:
            way = rng.randrange(9)
            if way == 0:
                changes["sealed"] = changed(sealed, rng)
            elif way == 1:
                at_ = rng.randrange(32)
                changes["key"] = key[:at_] + bytes([key[at_] ^ 1 << rng.randrange(8)]) + key[at_ + 1:]
            elif way == 2:
                changes["stamp"] = data(RECORDED["refusal"]["stamp"])
            elif way == 3:
                changes["now"] = NOW + 3601 + rng.randrange(1 << 20)
            elif way == 4:
                changes["contract"] = changed(contract.encode(), rng).decode("latin-1")
            else:
                changes["stamp"] = changed(stamp, rng)
        verifier.admit(state, verifier.open_stamp(
            changes["key"], changes["stamp"], changes["sealed"], changes["contract"]), 3600, changes["now"])

    counts, began = collections.Counter(), time.perf_counter()
    for number in range(count):
        kind = number % (3 if receipts else 2)
        if kind == 0:
            mutant = copy.deepcopy(genuine)
            change(mutant, rng.choice(fields), (genuine, other), fields)
            found = verdict(verifier.verify_evidence, compact(mutant), EXPECTED, NOW)
        elif kind == 1:
            found = verdict(answer)
        else:
            receipt, name, of = rng.choice(receipts)
            mutant = copy.deepcopy(receipt)
            change(mutant, rng.choice(parts), [each[0] for each in receipts], parts)
            found = verdict(verifier.verify_receipt, compact(mutant), name, of)
        if found == "ACCEPTED":
            print("accepted:", number, kind)
        counts[found.split(":")[0]] += 1
    refused = count - counts["ACCEPTED"]
    print(f"python: {refused} of {count} changed refused in {time.perf_counter() - began:.1f} s:",
          ", ".join(f"{subject} {number}" for subject, number in sorted(counts.items())))
    assert refused == count


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=pathlib.Path)
    parser.add_argument("--mutants", type=int, default=2000)
    options = parser.parse_args()
    network = honest()
    times(network)
    receipts = same_as_javascript(options.cases) if options.cases else []
    # One that has lost what its enclave said still holds: of those only whole ones are changed.
    receipts = [each for each in receipts if each[0]["salt"] or len(data(each[0]["result"])) < 64]
    mutants(network, receipts, options.mutants)


main()
