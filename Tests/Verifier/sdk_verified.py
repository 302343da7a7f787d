#!/usr/bin/env python3
"""The story of the unmodified secret-sdk (Tests/Scenarios/sdk_story.py), told through the verifying proxy to a running node;
then lies in the node's name, each of which must not be believed.

    sdk_verified.py --url http://127.0.0.1:1317 --chain-id secretdev-1 --wasm contracts/build/counter.wasm

What is expected of the network is taken from the node itself here: this is a test of the proxy, not of the network."""
import argparse
import base64
import json
import pathlib
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Sources/Client/verifier"))

from cloister_verify import Refused, proxy  # noqa: E402

SEED = bytes(range(32))


class Liar(proxy.Node):
    """Passes on what the node says, but for one path, and remembers what was asked of it."""

    def __init__(self, url):
        super().__init__(url)
        self.lie, self.asked, self.given = (None, None), [], {}

    def ask(self, method, target, headers=None, body=None):
        answer = super().ask(method, target, headers, body)
        self.asked.append(target)
        path, lie = self.lie
        if path and target.startswith(path):
            return lie(answer)
        self.given[target] = answer
        return answer


def changed(name, change):
    def lie(answer):
        found = json.loads(answer.body)
        holder = found
        for part in name[:-1]:
            holder = holder[part]
        holder[name[-1]] = change(holder[name[-1]])
        made = proxy.Answer.of(answer.status, found)
        return proxy.Answer(answer.status, answer.headers, made.body)
    return lie


def flipped(text):
    content = bytearray(base64.b64decode(text))
    content[len(content) // 2] ^= 1
    return base64.b64encode(content).decode()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--chain-id", default="secretdev-1")
    parser.add_argument("--wasm", required=True)
    options = parser.parse_args()
    node = Liar(options.url)
    evidence = json.loads(node.ask("GET", "/cloister/v1/evidence").body)

    def hexadecimal(text):
        return base64.b64decode(text).hex()
    expected = {
        "chain_id": options.chain_id, "root": hexadecimal(evidence["identity"]["attestation_roots"][0]["spki_sha256"]),
        "measurement": hexadecimal(evidence["measurement"]), "allow_simulated": True, "age_max": 3600}

    began = time.perf_counter()
    verifier = proxy.Verifier(node, expected, SEED)
    verifier.prove()
    first = time.perf_counter() - began
    server = proxy.serve(verifier, ("127.0.0.1", 0))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}"
    told = subprocess.run(
        [sys.executable, ROOT / "Tests/Scenarios/sdk_story.py", "--url", address, "--chain-id", options.chain_id, "--wasm",
         options.wasm, "--seed", SEED.hex()], capture_output=True, text=True, timeout=240)
    if told.returncode or "the story ends well" not in told.stdout:
        sys.exit(f"the story does not end well through the proxy:\n{told.stdout[-3000:]}{told.stderr[-3000:]}")
    receipts = [target for target in node.asked if target.startswith("/cloister/v1/receipts/")]
    query = next(target for target in reversed(node.asked) if target.startswith("/compute/v1beta1/query/"))
    assert len(receipts) >= 5 and node.asked.count("/cloister/v1/evidence") == 2, node.asked
    for target in receipts:
        if node.given[target].is_ok:
            print(len(node.given[target].body), "bytes of a receipt;", "an enclave's" if json.loads(node.given[target].body)["salt"]
                  else "the ledger's")

    # The lies. The driven transactions are those with a salt.
    driven = next(target for target in receipts if json.loads(node.given[target].body)["salt"])
    name = driven.rsplit("/", 1)[1]
    transaction = f"/cosmos/tx/v1beta1/txs/{name}"
    other = node.given[next(target for target in receipts if target != driven)]
    lies = [("/registration/v1beta1/tx-key", changed(["key"], flipped), "/registration/v1beta1/tx-key")]
    lies += [(driven, changed([field], flipped), transaction) for field in (
        "header", "transaction_proof", "result", "result_proof", "data", "said", "salt")]
    lies += [(driven, changed(["next_header", field], flipped), transaction) for field in ("header", "commit", "validators")]
    lies += [(driven, lambda _: other, transaction), ("/compute/", changed(["data"], flipped), query),
             ("/compute/", lambda answer: proxy.Answer(answer.status, {}, answer.body), query)]
    for path, lie, target in lies:
        node.lie = (path, lie)
        try:
            verifier.answer("GET", target)
        except Refused:
            continue
        sys.exit(f"believed: a lie about {path} in answer to {target}")
    # What is said beside a receipt does not get through.
    node.lie = (transaction, changed(["tx_response", "data"], lambda _: "00"))
    assert verifier.answer("GET", transaction).object()["tx_response"]["data"] != "00"
    node.lie = (None, None)
    for change, subject in (({"root": "00" * 32}, "root"), ({"measurement": "00" * 32}, "program"),
                            ({"allow_simulated": False}, "root"), ({"chain_id": "other-1"}, "chain")):
        try:
            proxy.Verifier(node, {**expected, **change}, SEED).prove()
        except Refused as refused:
            assert refused.subject == subject, refused
        else:
            sys.exit(f"believed in spite of {change}")
    for change in ({"height": 1 << 40, "seconds": int(time.time()) + 3600}, {"header_hash": "00" * 32}):
        for _ in range(5):  # the chain may have gone on meanwhile
            before = {**proxy.Verifier(node, expected, SEED).prove().shown, **change}
            try:
                proxy.Verifier(node, expected, SEED, before).answer("GET", query)
            except Refused as refused:
                assert refused.subject == "stale", refused
                break
        else:
            sys.exit(f"believed behind {before}")
    later = []
    for _ in range(20):
        began = time.perf_counter()
        verifier.answer("GET", query)
        later.append(time.perf_counter() - began)
    print(f"{len(lies) + 6} lies refused; first answer {first * 1000:.0f} ms, later ones {sorted(later)[10] * 1000:.1f} ms")
    print("the verified story ends well")


main()
