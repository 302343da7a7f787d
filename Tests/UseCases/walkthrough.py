"""Runs the commands of a use case's README as a person would paste them, in one shell."""
import os
import re
import subprocess

from network import ROOT


def commands(path):
    """The indented lines of a page. A person waits longer than a test has to."""
    block = [line[4:] for line in path.read_text().splitlines() if line.startswith("    ")]
    return "\n".join(block).replace("+ 60 ))", "+ 25 ))").replace("sleep 65", "sleep 28")


def setup(path):
    """How a person begins, by the page of all use cases: accounts and helpers, not this network's places."""
    lines = [line for line in commands(path).splitlines() if re.match(r"A=|field\(\)", line)]
    assert len(lines) == 2, lines
    return "\n".join(lines)


def run(network, name):
    contracts = ROOT / "contracts"
    script = f"set -euo pipefail\n{setup(contracts / 'README.md')}\nset -x\n{commands(contracts / name / 'README.md')}\n"
    environment = {**os.environ, "CLOISTER_HOME": str(network.wallets), "CLOISTER_NODE": network.node,
                   "PATH": f"{network.programs}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", script], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    if done.returncode != 0:
        raise AssertionError(f"contracts/{name}/README.md: {done.stdout[-400:]}\n{done.stderr[-1200:]}")
