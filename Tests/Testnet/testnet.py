#!/usr/bin/env python3
"""A network of four validators and a full node on this machine, each the real processes: host, launcher, enclave.

The validators found it together, each with its own simulated machine, and the full node comes in by evidence. Shows that
all agree on the chain and on what a private contract keeps, and that a node more comes in and has the same.
Where the kernel allows, each node has a network namespace of its own, so that it can be cut off as a cable would; else
all listen on the loopback interface. `torture.py` does to such a network what machines do to theirs."""
import argparse
import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]
CABLE = str(pathlib.Path(__file__).resolve().parent / "cable.py")
CHAIN = "testnet-1"
COINS = 1_000_000_000_000
# LocalSecret's accounts, whose words everybody knows.
ACCOUNTS = {
    "a": "grant rice replace explain federal release fix clever romance raise often wild taxi quarter soccer fiber love must"
         " tape steak together observe swap guitar",
    "b": "jelly shadow frog dirt dragon use armed praise universe win jungle close inmate rain oil canvas beauty pioneer chef"
         " soccer icon dizzy thunder meadow",
    "c": "chair love bleak wonder skirt permit say assist aunt credit roast size obtain minute throw sand usual age smart"
         " exact enough room shadow charge",
    "d": "word twist toast cloth movie predict advance crumble escape whale sail such angry muffin balcony keen move employ"
         " cook valve hurt glimpse breeze brick",
}
GOVERNANCE = "secret10d07y265gmmuvt4z0w9aw880jnsr700jc88vt0"
VOTING_SECONDS = 15
# For a network that decides within a story.
SHORT_VOTES = {"gov": {"params": {"voting_period": f"{VOTING_SECONDS}s", "expedited_voting_period": "5s"}}}
BEGAN = time.monotonic()


class Failed(Exception):
    """Something did not come to be; the words are for a person."""


def say(text):
    print(f"{time.monotonic() - BEGAN:7.1f} s  {text}", flush=True)


def wait(seconds, what, condition):
    """What `condition` comes to, once it is something."""
    end = time.monotonic() + seconds
    while True:
        try:
            if value := condition():
                return value
        except (OSError, KeyError, ValueError, urllib.error.URLError):
            pass
        if time.monotonic() > end:
            raise Failed(f"waited {seconds} s for {what} in vain")
        time.sleep(0.1)


class Namespaces:
    """A bridge, and for each node a namespace with one cable to it."""
    can_cut = True

    def __init__(self):
        run("ip", "link", "set", "lo", "up")
        run("ip", "link", "add", "hub", "type", "bridge")
        run("ip", "link", "set", "hub", "up")
        run("ip", "addr", "add", "10.77.0.254/24", "dev", "hub")
        self.holders = {}
        self.slow = {}

    def place(self, number):
        """The node's address, ports for REST, metrics and peers."""
        # Ends with this process, however that ends.
        holder = subprocess.Popen(["unshare", "-n", "cat"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        self.holders[number] = holder
        wait(5, "a namespace", lambda: os.readlink(f"/proc/{holder.pid}/ns/net") != os.readlink("/proc/self/ns/net"))
        inside = ["nsenter", "-t", str(holder.pid), "-n", "ip"]
        run("ip", "link", "add", f"node{number}", "type", "veth", "peer", "name", "eth0", "netns", str(holder.pid))
        run("ip", "link", "set", f"node{number}", "master", "hub", "up")
        run(*inside, "link", "set", "lo", "up")
        run(*inside, "addr", "add", f"10.77.0.{number}/24", "dev", "eth0")
        run(*inside, "link", "set", "eth0", "up")
        return f"10.77.0.{number}", 1317, 26660, 26656

    def command(self, number, words):
        return ["nsenter", "-t", str(self.holders[number].pid), "-n", "--", *words]

    def slow_down(self, number, delay, jitter, loss):
        """Its cable takes so many milliseconds each way, and loses this share of the frames."""
        ours, other = f"slow{number}", f"slow{number}h"
        run("ip", "link", "add", ours, "type", "veth", "peer", "name", other)
        run(*self.command(number, [CABLE, "--plain", "eth0"]))
        run(CABLE, "--plain", other)
        run("ip", "link", "set", f"node{number}", "nomaster")
        run("ip", "link", "set", other, "master", "hub", "up")
        run("ip", "link", "set", ours, "up")
        self.slow[number] = subprocess.Popen(
            [CABLE, f"node{number}", ours, "--delay", str(delay), "--jitter", str(jitter), "--loss", str(loss)],
            stdin=subprocess.DEVNULL)

    def speed_up(self, number):
        cable = self.slow.pop(number)
        if cable.poll() is not None:
            raise Failed(f"the slow cable of node {number} ended by itself")
        cable.kill()
        cable.wait()
        run("ip", "link", "del", f"slow{number}")
        run("ip", "link", "set", f"node{number}", "master", "hub")

    def cut(self, number):
        run("ip", "link", "set", f"node{number}", "down")

    def join(self, number):
        run("ip", "link", "set", f"node{number}", "up")

    @staticmethod
    def are_allowed():
        probe = "ip link add hub type bridge && ip link add probe type veth peer name other"
        return os.geteuid() == 0 and shutil.which("ip") is not None and subprocess.run(
            ["unshare", "-n", "sh", "-c", probe], capture_output=True).returncode == 0


class Loopback:
    """All on one interface: a node cannot be cut off, only paused."""
    can_cut = False

    def __init__(self, port):
        self.port = port

    def place(self, number):
        first = self.port + 3 * number
        return "127.0.0.1", first, first + 1, first + 2

    def command(self, number, words):
        return words


def run(*words, within=120):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=within)
    if done.returncode != 0:
        raise Failed(f"{' '.join(str(word) for word in words)}: status {done.returncode}\n{done.stdout[-800:]}{done.stderr[-800:]}")
    return done.stdout


class Node:
    def __init__(self, net, number, kind, joins=None, signer="enclave"):
        """With `joins`, a node of a network that runs, whose seeds it will ask for; else one of its founders."""
        self.net, self.number, self.kind, self.signer = net, number, kind, signer
        self.name = f"{kind}-{number}"
        self.home = net.folder / self.name
        self.host, self.rest, self.metrics, self.peers = net.network.place(number)
        self.process = None
        # Those that run it; a later one may have taken it over.
        self.programs = net.programs
        if joins:
            # Another machine, by the same maker: all that these machines share is whose root their quotes end in.
            run(net.programs / "cloister-node", "init", self.name, "--home", self.home, "--join", joins.url,
                "--maker", joins.home / "data/platform", "--signer", signer)

    @property
    def url(self):
        return f"http://{self.host}:{self.rest}"

    def configure(self):
        peers = ",".join(f"{node.id}@{node.host}:{node.peers}" for node in self.net.nodes if node is not self)
        settings = {
            "rest": {"host": self.host, "port": self.rest},
            "metrics": {"host": self.host, "port": self.metrics},
            "consensus": {"commit_timeout": 200, "stall": 15_000},
            "validator": {"signer": self.signer},
            "p2p": {"listen": f"{self.host}:{self.peers}", "persistent_peers": peers, "allow_duplicate_ip": True},
        }
        lines = [f"moniker = {json.dumps(self.name)}"]
        for part in settings | self.net.settings:
            lines.append(f"[{part}]")
            values = settings.get(part, {}) | self.net.settings.get(part, {})
            lines += [f"{key} = {json.dumps(value)}" for key, value in values.items()]
        (self.home / "config/node.toml").write_text("\n".join(lines) + "\n")

    @property
    def id(self):
        """Of the node's key, as CometBFT makes it: the first 20 bytes of the public key's hash."""
        import base64
        import hashlib
        key = base64.b64decode(json.loads((self.home / "config/node_key.json").read_text())["priv_key"]["value"])
        return hashlib.sha256(key[32:]).hexdigest()[:40]

    def start(self):
        log = open(self.home / "log", "ab")
        words = [str(self.programs / "cloister-node"), "start", "--home", str(self.home)]
        self.process = subprocess.Popen(
            self.net.network.command(self.number, words), stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        log.close()

    def wait_until_ready(self, seconds=90):
        def is_there():
            for node in self.net.nodes:
                if node.process and not node.is_running:
                    raise Failed(f"{node.name} ended with status {node.process.returncode}: {node.last_words}")
            return self.height() > 0
        wait(seconds, f"{self.name} to serve", is_there)

    @property
    def last_words(self):
        lines = [line for line in (self.home / "log").read_text(errors="replace").splitlines() if line.strip()]
        return " | ".join(lines[-2:])[-600:]

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def end(self, how=signal.SIGTERM, seconds=30):
        """Ends the node and waits until its enclave is gone, too."""
        if self.is_running:
            tree = self.tree()
            self.process.send_signal(how)
            self.process.wait(seconds)
            wait(seconds, f"the enclave of {self.name} to end", lambda: not any(is_alive(pid) for pid in tree))
        return self.process.returncode if self.process else None

    def tree(self):
        """The node's process, its launcher and its enclave."""
        pids = [self.process.pid]
        for pid in pids:
            for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
                pids += [int(child) for child in task.read_text().split()]
        return pids

    def signal_all(self, number):
        for pid in self.tree():
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass

    def get(self, path, port=None, within=10):
        with urllib.request.urlopen(f"http://{self.host}:{port or self.rest}{path}", timeout=within) as answer:
            return json.loads(answer.read())

    def height(self):
        return int(self.get("/cosmos/base/tendermint/v1beta1/blocks/latest", within=5)["block"]["header"]["height"])

    def status(self):
        return self.get("/status", port=self.metrics)

    def block(self, height):
        answer = self.get(f"/cosmos/base/tendermint/v1beta1/blocks/{height}")
        header = answer["block"]["header"]
        return answer["block_id"]["hash"], header["app_hash"], header["last_results_hash"], answer["block"]["evidence"]


def is_alive(pid):
    try:
        return ") Z " not in pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


class Testnet:
    def __init__(self, programs, folder, network):
        self.programs, self.folder, self.network = pathlib.Path(programs).resolve(), folder, network
        self.nodes = []
        self.wallet = folder / "wallet"
        self.addresses = {}
        # Of somebody else's, beside those: addresses with coins, settings of every node, what genesis says of a block, and
        # parts of its state.
        self.accounts, self.settings, self.block, self.state = [], {}, {}, {}
        for name, words in ACCOUNTS.items():
            done = subprocess.run([self.programs / "cloister", "keys", "add", name, "--recover", "--home", self.wallet, "-o", "json"],
                                  input=words + "\n", capture_output=True, text=True, timeout=60)
            if done.returncode != 0:
                raise Failed(f"keys add: {done.stdout}{done.stderr}")
            self.addresses[name] = self.local("keys", "show", name)["address"]

    # Making nodes

    def make(self, validators=4, stakes=None):
        """The founders of a network, each on a machine of its own: they make its genesis file together. With `stakes`, a
        list of accounts with coins of theirs, each weighs what he stakes."""
        self.nodes = [Node(self, number, "validator") for number in range(1, len(stakes or range(validators)) + 1)]
        first, program = self.nodes[0], self.programs / "cloister-node"
        accounts = [part for address in [*self.addresses.values(), *self.accounts]
                    for part in ("--account", f"{address}={COINS}uscrt")]
        run(program, "genesis", "draft", first.name, "--chain-id", CHAIN, "--home", first.home, *accounts,
            *(["--staked"] if stakes else []))
        draft = first.home / "config/genesis-draft.json"
        if self.block or self.state:
            text = json.loads(draft.read_text())
            text["consensus_params"]["block"] |= self.block
            for name, part in self.state.items():
                text["app_state"][name] = text["app_state"].get(name, {}) | part
            draft.write_text(json.dumps(text))
        evidence = []
        for index, node in enumerate(self.nodes):
            evidence.append(self.folder / f"{node.name}.json")
            others = [] if node is first else ["--draft", draft, "--maker", first.home / "data/platform"]
            words = ["founder", node.name]
            if stakes:
                name, coins = stakes[index]
                words = ["gentx", node.name, f"{coins}uscrt", "--from", name, "--wallet", self.wallet]
            run(program, "genesis", *words, "--output", evidence[-1], "--home", node.home, *others)
        run(program, "genesis", "collect", *evidence, "--home", first.home)
        for node in self.nodes[1:]:
            run(program, "genesis", "accept", first.home / "config/genesis.json", "--home", node.home)
        for node in self.nodes:
            node.configure()

    def admit(self, kind, payer, signer="enclave"):
        """One node more, for a network that runs: it shows what runs on its machine, the chain's enclaves appraise that in
        a block and wrap the seeds for it. Its neighbours need not know it before."""
        node = Node(self, len(self.nodes) + 1, kind, joins=self.nodes[0], signer=signer)
        self.nodes.append(node)
        node.configure()
        run(self.programs / "cloister-node", "register", "--home", node.home, "--from", payer, "--wallet", self.wallet)
        return node

    def start(self, full=0):
        """All founders, and then so many nodes more, which come in by evidence and follow the chain."""
        for node in self.nodes:
            node.start()
        for node in self.nodes:
            node.wait_until_ready()
        for _ in range(full):
            node = self.admit("full", "a")
            node.start()
            node.wait_until_ready()

    def end(self):
        for node in self.nodes:
            if node.is_running:
                node.signal_all(signal.SIGCONT)
                node.process.send_signal(signal.SIGTERM)
        for node in self.nodes:
            if node.process:
                try:
                    node.process.wait(30)
                except subprocess.TimeoutExpired:
                    node.process.kill()

    # Using it

    def local(self, *words):
        return json.loads(run(self.programs / "cloister", *words, "--home", self.wallet, "-o", "json"))

    def client(self, node, *words, within=120):
        return json.loads(run(self.programs / "cloister", *words, "--node", node.url, "--home", self.wallet, "-o", "json",
                              within=within))

    def counter(self, node, name="a"):
        code = self.client(node, "tx", "compute", "store", ROOT / "contracts/build/counter.wasm", "--from", name)["code_id"]
        made = self.client(node, "tx", "compute", "instantiate", code, '{"count":0}', "--label", "testnet", "--from", name)
        return made["contract_address"]

    def increment(self, node, contract, name):
        return self.client(node, "tx", "compute", "execute", contract, '{"increment":{}}', "--from", name)

    def count(self, node, contract):
        return self.client(node, "query", "compute", "query", contract, '{"get_count":{}}')["count"]

    def decided_by(self, propose, number, voters):
        """Raises unless the proposal that `propose` makes is passed, on a network with short votes."""
        propose()
        first = self.nodes[0]
        votes = [subprocess.Popen(
            [self.programs / "cloister", "tx", "gov", "vote", str(number), "yes", "--from", name, "--node", first.url,
             "--home", self.wallet], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for name in voters]
        for vote in votes:
            _, errors = vote.communicate(timeout=60)
            if vote.returncode:
                raise Failed(f"a vote: {errors[-800:]}")
        path = f"/cosmos/gov/v1/proposals/{number}"
        wait(VOTING_SECONDS + 60, "the vote to end", lambda: first.get(path)["proposal"]["status"] not in (
            "PROPOSAL_STATUS_DEPOSIT_PERIOD", "PROPOSAL_STATUS_VOTING_PERIOD"))
        proposal = first.get(path)["proposal"]
        if proposal["status"] != "PROPOSAL_STATUS_PASSED":
            raise Failed(f"the proposal did not pass: {proposal}")

    # Comparing

    def wait_for_height(self, height, nodes=None, seconds=90):
        for node in nodes or self.nodes:
            wait(seconds, f"{node.name} to come to height {height}", lambda: node.height() >= height)

    def agree(self, nodes=None, evidence_is_due=False):
        """The height up to which all have the same blocks; raises where two do not, or where a validator was caught."""
        nodes = nodes or self.nodes
        top = min(node.height() for node in nodes)
        first = max(int(node.status()["earliest_height"]) for node in nodes)
        for height in range(max(first, 1), top + 1):
            shown = {node.name: node.block(height) for node in nodes}
            if len({tuple(map(str, block)) for block in shown.values()}) != 1:
                raise Failed(f"height {height} is not the same everywhere: {shown}")
            evidence = next(iter(shown.values()))[3]["evidence"]
            if evidence and not evidence_is_due:
                raise Failed(f"block {height} has evidence against a validator: {json.dumps(evidence)[:300]}")
        for node in [] if evidence_is_due else nodes:
            if "a validator voted twice" in (node.home / "log").read_text(errors="replace"):
                raise Failed(f"{node.name} has seen a validator vote twice")
        return top

    def table(self, contract=None):
        print(f"\n  {'node':14}{'height':>8}  {'app hash':18}{'count':>6}  {'peers':>5}  REST")
        for node in self.nodes:
            status = node.status()
            count = self.count(node, contract) if contract else ""
            print(f"  {node.name:14}{status['height']:>8}  {status['app_hash'][:16]}  {count:>6}  {len(status['peers']):>5}"
                  f"  {node.url}")
        print(flush=True)


def arguments(description):
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", default=ROOT / ".build/release", help="the folder with the built programs")
    parser.add_argument("--folder", help="a new folder for the nodes, kept at the end; else a temporary one")
    parser.add_argument("--loopback", action="store_true", help="no namespaces, even where they are allowed")
    parser.add_argument("--port", type=int, default=31_300, help="on the loopback interface, the first port")
    return parser


def begin(options, quiet=False):
    """In namespaces this program goes on in one of its own, which ends with it."""
    inside = os.environ.get("CLOISTER_TESTNET_NAMESPACE")
    if not options.loopback and not inside and Namespaces.are_allowed():
        os.environ["CLOISTER_TESTNET_NAMESPACE"] = "1"
        os.execvp("unshare", ["unshare", "-n", sys.executable, *sys.argv])
    folder = pathlib.Path(options.folder or tempfile.mkdtemp(prefix="cloister-testnet-")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    network = Namespaces() if inside else Loopback(options.port)
    if not quiet:
        say(f"nodes in {folder}, " + ("each in a network namespace" if inside else "all on the loopback interface"))
    return Testnet(options.programs, folder, network)


def finish(net, options, failed):
    net.end()
    if failed or options.folder:
        print(f"logs and data are kept in {net.folder}", file=sys.stderr)
    else:
        shutil.rmtree(net.folder, ignore_errors=True)


@contextlib.contextmanager
def concluded(net, options):
    """Says why the story within failed, ends the network, and the program with 0 or 1."""
    failed = True
    try:
        yield
        failed = False
    except Failed as failure:
        say(f"FAILED: {failure}")
    finally:
        finish(net, options, failed)
    sys.exit(1 if failed else 0)


def main():
    parser = arguments(__doc__)
    parser.add_argument("--once", action="store_true", help="end when all is shown, instead of serving until Ctrl-C")
    options = parser.parse_args()
    net = begin(options)
    failed = True
    try:
        say("four founders make a network, and a full node joins it")
        net.make()
        net.start(full=1)
        say("all serve; storing a private contract through validator-1")
        contract = net.counter(net.nodes[0])
        for node, name in zip(net.nodes, "abcda"):
            net.increment(node, contract, name)
            say(f"{name} calls {contract[:16]}… through {node.name}")
        net.wait_for_height(net.nodes[0].height())
        counts = {net.count(node, contract) for node in net.nodes}
        if counts != {len(net.nodes)}:
            raise Failed(f"the nodes count {counts}, and {len(net.nodes)} calls were made")
        say(f"all count {len(net.nodes)}, and have the same blocks up to height {net.agree()}")
        say("one node more comes in, on a machine of its own")
        fifth = net.admit("joined", "b")
        say(f"{fifth.name} has shown its evidence, and the chain has wrapped the seeds for its enclave")
        fifth.start()
        fifth.wait_until_ready()
        net.wait_for_height(net.nodes[0].height(), [fifth])
        if (count := net.count(fifth, contract)) != len(net.nodes) - 1:
            raise Failed(f"{fifth.name} counts {count}")
        net.increment(fifth, contract, "b")
        net.wait_for_height(fifth.height())
        say(f"{fifth.name} has fetched the chain, counts with the others, and hands on a call of its own")
        net.table(contract)
        net.agree()
        failed = False
        if not options.once:
            say("serving; Ctrl-C ends it")
            signal.pause()
    except KeyboardInterrupt:
        failed = False
    except Failed as failure:
        say(f"FAILED: {failure}")
    finally:
        finish(net, options, failed)
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
