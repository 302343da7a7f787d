"""Runs the commands of the READMEs as a person would paste them, in one shell a page."""
import os
import re
import subprocess
import tempfile

from network import ROOT

CONTRACTS = ROOT / "contracts"


def commands(page):
    """The indented lines of a page. A person waits longer than a test has to."""
    block = [line[4:] for line in page.splitlines() if line.startswith("    ")]
    return "\n".join(block).replace("+ 60 ))", "+ 25 ))").replace("sleep 65", "sleep 28")


def setup():
    """How a person begins, by the page of all use cases: accounts and helpers, not this network's places."""
    page = (CONTRACTS / "README.md").read_text()
    lines = [line for line in commands(page).splitlines() if re.match(r"A=|field\(\)", line)]
    assert len(lines) == 2, lines
    return "\n".join(lines)


def run(network, page, script, folder=ROOT, timeout=300):
    environment = {**os.environ, "CLOISTER_HOME": str(network.wallets), "CLOISTER_NODE": network.node,
                   "PATH": f"{network.programs}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", f"set -euo pipefail\n{setup()}\nset -x\n{script}\n"], cwd=folder, env=environment,
                          capture_output=True, text=True, timeout=timeout)
    if done.returncode != 0:
        raise AssertionError(f"{page}: {done.stdout[-400:]}\n{done.stderr[-1200:]}")
    return done.stdout


def use_case(network, name):
    run(network, f"contracts/{name}/README.md", commands((CONTRACTS / name / "README.md").read_text()))


def writing_one(network):
    """The commands of contracts/README.md for a project of one's own, up to those for another network; then those of the
    project's own page. What the tools print stands between them on the page."""
    section = (CONTRACTS / "README.md").read_text().split("## Writing one")[1].split("cloister-node localnet")[0]
    is_command = re.compile(r"cloister |CODE=|ADDRESS=|    --from| +\|")
    lines = [line for line in commands(section).splitlines() if is_command.match(line)]
    assert len(lines) >= 8, lines
    with tempfile.TemporaryDirectory() as folder:
        run(network, "contracts/README.md", may_fail("\n".join(lines)), folder, timeout=900)
        project = os.path.join(folder, "my-contract")
        page = open(os.path.join(project, "README.md")).read()
        assert "NAME" not in page, page
        said = run(network, "contracts/template/README.md", may_fail(commands(page)), project, timeout=900)
        assert "greet" in said, said


def front_page(network):
    """The commands for contract developers on the repository's first page, all but where that network is."""
    section = (ROOT / "README.md").read_text().split("## For contract developers")[1].split("\n## ")[0]
    script = "\n".join(line for line in section.split("```")[1].splitlines() if not line.startswith("export "))
    said = run(network, "README.md", script)
    assert '{"count":2}' in said, said


def may_fail(script):
    """The pages show a call that is meant to fail. It would end a test's shell, and not a person's."""
    return re.sub(r"(.*--explain.*)", r"\1 || true", script)
