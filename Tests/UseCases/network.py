"""A local network of the real programs, and a wallet that uses it as a person would: by `cloister`."""
import base64
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Refused(Exception):
    """A transaction that failed, or a query that was refused."""


class Network:
    def __init__(self, port, programs):
        self.port, self.programs = port, pathlib.Path(programs)
        self.node = f"http://127.0.0.1:{port}"
        self.folder = tempfile.TemporaryDirectory(prefix="cloister-use-cases-")
        self.home = pathlib.Path(self.folder.name) / "network"
        self.wallets = self.home / "client"
        self.process, self.said = None, []

    def __enter__(self):
        command = [self.programs / "cloister-node", "localnet", "--home", self.home, "--rest-port", self.port,
                   "--faucet-port", self.port + 1, "--metrics-port", self.port + 2]
        self.log = open(pathlib.Path(self.folder.name) / "out", "wb")
        self.process = subprocess.Popen([str(part) for part in command], stdout=self.log, stderr=self.log, cwd=ROOT)
        for _ in range(120):
            try:
                self.get("/cosmos/base/tendermint/v1beta1/blocks/latest")
                return self
            except OSError:
                time.sleep(0.5)
        raise SystemExit("the network did not start: " + open(self.log.name).read())

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()
        self.folder.cleanup()

    def last_words(self):
        log = self.home / "node.log"
        return open(self.log.name).read()[-1000:] + (log.read_text()[-2000:] if log.exists() else "")

    def get(self, path):
        """What the node says at a REST path; kept, to be searched for secrets at the end."""
        with urllib.request.urlopen(self.node + path, timeout=20) as answer:
            body = answer.read()
        self.said.append(body)
        return json.loads(body)

    def cloister(self, *arguments, chain=True, signer=False):
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

    def make(self, contract, message, label, by="a", gas=2_000_000):
        """Stores contracts/build/NAME.wasm and makes an instance."""
        code = self.cloister("tx", "compute", "store", ROOT / f"contracts/build/{contract}.wasm", "--from", by)["code_id"]
        made = self.cloister("tx", "compute", "instantiate", code, json.dumps(message), "--label", label, "--from", by,
                             "--gas", gas)
        return Contract(self, made["contract_address"])

    def wait_until(self, seconds):
        """Until the chain's own clock shows the time: it moves with blocks, so a coin moves too."""
        while True:
            time.sleep(max(0.5, seconds - time.time()))
            self.cloister("tx", "bank", "send", self.address("d"), "1uscrt", "--from", "d")
            if time.time() > seconds + 2:
                return

    def searched(self):
        """Everything the host of this network can look at: what it says over REST, and its files. The platform's folder
        stands for hardware that is not the host's, and the wallets are their users'."""
        latest = int(self.get("/cosmos/base/tendermint/v1beta1/blocks/latest")["block"]["header"]["height"])
        for height in range(1, latest + 1):
            block = self.get(f"/cosmos/base/tendermint/v1beta1/blocks/{height}")
            query = urllib.parse.quote(f"tx.height={height}")
            if block["block"]["data"]["txs"]:
                self.get(f"/cosmos/tx/v1beta1/txs?query={query}&events={query}")
        yield from (("a REST answer", body) for body in self.said)
        for path in self.home.rglob("*"):
            relative = path.relative_to(self.home)
            if path.is_file() and relative.parts[0] != "client" and relative.parts[:2] != ("data", "platform"):
                yield str(relative), path.read_bytes()

    def shows(self, secret):
        """Where `secret` can be found, as it is or in base64 or hexadecimal; None if nowhere."""
        plain = secret.encode()
        forms = {plain, plain.hex().encode(), plain.hex().upper().encode()}
        for shift in range(3):
            # The characters that depend on the secret alone, at each of three alignments.
            text = base64.b64encode(b"\0" * shift + plain)
            forms.add(text[(0, 2, 3)[shift]:len(text) - (0 if (len(plain) + shift) % 3 == 0 else 4)])
        for place, content in self.searched():
            if any(form in content for form in forms):
                return place
        return None


class Contract:
    def __init__(self, network, address):
        self.network, self.address = network, address

    def execute(self, message, by, amount=None, gas=1_000_000):
        more = ["--amount", amount] if amount else []
        sent = self.network.cloister("tx", "compute", "execute", self.address, json.dumps(message), "--from", by,
                                     "--gas", gas, *more)
        self.gas = int(sent["gas_used"])
        return json.loads(sent["data"]) if sent["data"] else None

    def query(self, question):
        return self.network.cloister("query", "compute", "query", self.address, json.dumps(question))

    def refuses(self, call):
        """The complaint of a call that must fail."""
        try:
            call()
        except Refused as complaint:
            return str(complaint)
        raise AssertionError("it was not refused")
