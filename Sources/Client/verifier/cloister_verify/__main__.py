"""Puts the verifier in front of a client: `python3 -m cloister_verify --node http://node:1317 …`, and the client's address of
a node is then http://127.0.0.1:1318. What is expected has to come by another way than the node."""
import argparse
import pathlib

from .proxy import Node, Verifier, serve
from .texts import Refused


def main():
    parser = argparse.ArgumentParser(prog="cloister_verify", description=__doc__)
    parser.add_argument("--node", required=True)
    parser.add_argument("--chain-id", required=True)
    parser.add_argument("--root", required=True, help="SHA-256 of the root's public key, 64 hexadecimal digits")
    parser.add_argument("--measurement", required=True, help="of the program that made the network's keys")
    parser.add_argument("--identity", help="the hash of the chain's identity")
    parser.add_argument("--allow-simulated", action="store_true", help="for a development network: no processor stands behind it")
    parser.add_argument("--age-max", type=int, help="how many seconds old a state may be by this machine's clock")
    parser.add_argument("--seed", required=True, type=pathlib.Path, help="a file with the client's encryption seed, 32 bytes")
    parser.add_argument("--port", type=int, default=1318)
    options = parser.parse_args()
    expected = {"chain_id": options.chain_id, "root": options.root, "measurement": options.measurement,
                "identity": options.identity, "allow_simulated": options.allow_simulated, "age_max": options.age_max}
    seed = options.seed.read_bytes()
    if len(seed) != 32:
        parser.error(f"{options.seed} has {len(seed)} bytes, and a seed has 32")
    try:
        verifier = Verifier(Node(options.node), expected, seed)
        shown = verifier.prove().shown
    except Refused as refused:
        parser.exit(1, f"{options.node} is not believed: {refused}\n")
    print(f"verified up to height {shown['height']}; listening on http://127.0.0.1:{options.port}", flush=True)
    serve(verifier, ("127.0.0.1", options.port)).serve_forever()


main()
