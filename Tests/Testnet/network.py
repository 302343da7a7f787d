#!/usr/bin/env python3
"""A network for a program that measures it: one line of JSON says where its nodes are, and it ends with standard input.

All nodes listen on the loopback interface. `--accounts` is a file with an address a line, each with coins from the
start; `--gas` is what a block may take of it."""
import json
import pathlib
import sys

from testnet import ACCOUNTS, CHAIN, Failed, arguments, begin, finish


def main():
    parser = arguments(__doc__)
    parser.add_argument("--validators", type=int, default=4)
    parser.add_argument("--accounts", required=True)
    parser.add_argument("--gas", type=int, required=True)
    parser.add_argument("--empty-blocks", action="store_true", help="blocks without transactions, as fast as they come")
    options = parser.parse_args()
    options.loopback = True
    net = begin(options, quiet=True)
    net.settings = {
        "consensus": {"commit_timeout": 0, "empty_blocks": options.empty_blocks},
        "p2p": {"send_rate": 100_000_000, "receive_rate": 100_000_000},
    }
    net.block = {"max_gas": str(options.gas)}
    net.accounts = pathlib.Path(options.accounts).read_text().split()
    failed = True
    try:
        net.make(options.validators)
        net.start()
        print(json.dumps({
            "chain_id": CHAIN, "first_account": len(ACCOUNTS), "folder": str(net.folder),
            "nodes": [{"rest": node.rest, "metrics": node.metrics, "process": node.process.pid} for node in net.nodes],
        }), flush=True)
        sys.stdin.read()
        failed = any(not node.is_running for node in net.nodes)
    except (KeyboardInterrupt, BrokenPipeError):
        failed = False
    except Failed as failure:
        print(failure, file=sys.stderr)
    finally:
        finish(net, options, failed)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
