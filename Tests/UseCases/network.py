"""A local network of the real programs, and a wallet that uses it as a person would: by `cloister`."""
import json
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

import search

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Refused(Exception):
    """A transaction that failed, or a query that was refused."""


def needle():
    """A secret that nothing else can look like: 16 random bytes, in letters and digits."""
    return secrets.token_hex(16)


def number(digits):
    """A random number of so many digits, none of them easily met by chance."""
    return str(secrets.randbelow(9 * 10 ** (digits - 1)) + 10 ** (digits - 1))


class Network:
    def __init__(self, port, programs):
        self.port, self.programs = port, pathlib.Path(programs).resolve()
        self.node = f"http://127.0.0.1:{port}"
        self.folder = tempfile.TemporaryDirectory(prefix="cloister-use-cases-")
        self.home = pathlib.Path(self.folder.name) / "network"
        self.lanes = pathlib.Path(self.folder.name) / "lanes"
        self.wallets = self.home / "client"
        self.process, self.said, self.codes, self.read_until = None, [], {}, 0

    def __enter__(self):
        command = [self.recorded_programs() / "cloister-node", "localnet", "--home", self.home, "--rest-port", self.port,
                   "--faucet-port", self.port + 1, "--metrics-port", self.port + 2]
        self.log = open(pathlib.Path(self.folder.name) / "out", "wb")
        self.process = subprocess.Popen([str(part) for part in command], stdout=self.log, stderr=self.log, cwd=ROOT)
        for _ in range(120):
            try:
                self.get("/cosmos/base/tendermint/v1beta1/blocks/latest")
                return self
            except OSError:
                time.sleep(0.5)
        raise SystemExit("the network did not start: " + self.last_words())

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        self.folder.cleanup()

    def recorded_programs(self):
        """A folder with the programs, in which a recorder has the place of `enclave-host`."""
        folder = pathlib.Path(self.folder.name) / "programs"
        folder.mkdir()
        self.lanes.mkdir()
        for name in ("cloister-node", "cloister"):
            # No symbolic links: a program looks for the others where it is itself.
            try:
                os.link(self.programs / name, folder / name)
            except OSError:
                shutil.copy(self.programs / name, folder / name)
        (folder / "cloister-enclave").symlink_to(self.programs / "cloister-enclave")
        shutil.copy(pathlib.Path(__file__).parent / "recording-enclave-host", folder / "enclave-host")
        (folder / "recording.json").write_text(json.dumps({
            "launcher": str(self.programs / "enclave-host"), "enclave": str(self.programs / "cloister-enclave"),
            "folder": str(self.lanes)}))
        return folder

    def last_words(self):
        log = self.home / "node.log"
        return open(self.log.name).read()[-1000:] + (log.read_text()[-2000:] if log.exists() else "")

    def get(self, path):
        """What the node says at a REST path; kept, to be searched for secrets at the end."""
        with urllib.request.urlopen(self.node + path, timeout=20) as answer:
            body = answer.read()
        self.said.append(body)
        return json.loads(body)

    def cloister(self, *arguments, chain=True):
        command = [str(self.programs / "cloister"), *[str(part) for part in arguments], "--home", str(self.wallets), "-o", "json"]
        command += ["--node", self.node] if chain else []
        run = subprocess.run(command, capture_output=True, text=True, timeout=120)
        if run.returncode != 0:
            raise Refused(run.stdout + run.stderr)
        return json.loads(run.stdout)

    def address(self, name):
        return self.cloister("keys", "show", name, chain=False)["address"]

    def balance(self, address, denom="uscrt"):
        coins = self.get(f"/cosmos/bank/v1beta1/balances/{address}")["balances"]
        return next((int(coin["amount"]) for coin in coins if coin["denom"] == denom), 0)

    def code(self, contract, by="a"):
        """The id of contracts/build/NAME.wasm, stored the first time."""
        if contract not in self.codes:
            file = ROOT / f"contracts/build/{contract}.wasm"
            self.codes[contract] = self.cloister("tx", "compute", "store", file, "--from", by)["code_id"]
        return self.codes[contract]

    def code_hash(self, contract):
        return self.get(f"/compute/v1beta1/code_hash/by_code_id/{self.code(contract)}")["code_hash"]

    def make(self, contract, message, label, by="a", gas=2_000_000, admin=None):
        """An instance of contracts/build/NAME.wasm."""
        more = ["--admin", admin] if admin else []
        made = self.cloister("tx", "compute", "instantiate", self.code(contract), json.dumps(message), "--label", label,
                             "--from", by, "--gas", gas, *more)
        return Contract(self, made["contract_address"])

    def wait_until(self, seconds):
        """Until the chain's own clock shows the time: it moves with blocks, so a coin moves too."""
        while True:
            time.sleep(max(0.5, seconds - time.time()))
            self.cloister("tx", "bank", "send", self.address("d"), "1uscrt", "--from", "d")
            if time.time() > seconds + 2:
                return

    # What the host sees

    def searched(self):
        """Everything the host of this network can look at: what it says over REST, its files (database, logs, records),
        and all that it and the enclave told each other. The platform's folder stands for hardware that is not the
        host's, and the wallets are their users'."""
        latest = int(self.get("/cosmos/base/tendermint/v1beta1/blocks/latest")["block"]["header"]["height"])
        for height in range(self.read_until + 1, latest + 1):
            block = self.get(f"/cosmos/base/tendermint/v1beta1/blocks/{height}")
            query = urllib.parse.quote(f"tx.height={height}")
            if block["block"]["data"]["txs"]:
                self.get(f"/cosmos/tx/v1beta1/txs?query={query}&events={query}")
        self.read_until = latest
        yield from (("rest", body) for body in self.said)
        yield from (("lanes/" + path.name, path.read_bytes()) for path in self.lanes.iterdir())
        yield "files/out", pathlib.Path(self.log.name).read_bytes()
        for path in self.home.rglob("*"):
            relative = path.relative_to(self.home)
            if path.is_file() and relative.parts[0] != "client" and relative.parts[:2] != ("data", "platform"):
                yield "files/" + str(relative), path.read_bytes()

    def shows(self, *needles):
        """Where each of the secrets can be found, in any encoding that is looked for."""
        return search.places(self.searched(), needles)

    def publish(self, needles):
        """Writes texts where everybody may read them: into the labels of new contracts."""
        while needles:
            label, count = "", 0
            while count < len(needles) and len(label) + len(needles[count]) < 120:
                label, count = label + " " + needles[count], count + 1
            self.make("counter", {"count": 0}, label.strip(), gas=500_000)
            needles = needles[count:]


class Contract:
    def __init__(self, network, address):
        self.network, self.address = network, address

    def execute(self, message, by, amount=None, gas=1_000_000):
        more = ["--amount", amount] if amount else []
        sent = self.network.cloister("tx", "compute", "execute", self.address, json.dumps(message), "--from", by,
                                     "--gas", gas, *more)
        self.gas = int(sent["gas_used"])
        return json.loads(sent["data"]) if sent["data"] else None

    def migrate(self, code, message, by="a"):
        moved = self.network.cloister("tx", "compute", "migrate", self.address, code, json.dumps(message), "--from", by)
        return json.loads(moved["data"]) if moved["data"] else None

    def query(self, question):
        return self.network.cloister("query", "compute", "query", self.address, json.dumps(question))

    def refuses(self, call):
        """The complaint of a call that must fail."""
        try:
            call()
        except Refused as complaint:
            return str(complaint)
        raise AssertionError("it was not refused")
