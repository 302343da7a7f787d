#!/usr/bin/env python3
"""A network that its own stake runs, by the real programs and a real client (secret-sdk): two founders begin it with what
they stake; a delegator delegates, is paid and leaves again; a third validator comes by a transaction and signs; when it
stops it is jailed, loses a part, and comes back by another transaction; a fourth, whose key lies in a file, runs twice and is
barred for ever. All nodes agree on every block.

    .venv/bin/python Tests/Testnet/staking.py --loopback --programs .build/debug
"""
import base64
import hashlib
import json
import shutil
import signal
import subprocess
import time
import urllib.request

from secret_sdk.client.lcd import LCDClient
from secret_sdk.core.coins import Coins
from secret_sdk.core.distribution.msgs import MsgWithdrawDelegatorReward
from secret_sdk.core.public_key import ValConsPubKey
from secret_sdk.core.slashing import MsgUnjail
from secret_sdk.core.staking.data.validator import CommissionRates, Description
from secret_sdk.core.staking.msgs import MsgCreateValidator, MsgDelegate, MsgUndelegate
from secret_sdk.key.mnemonic import MnemonicKey
from secret_sdk.protobuf.cosmos.crypto.ed25519 import PubKey as ConsensusKey
from secret_sdk.protobuf.cosmos.staking.v1beta1 import CommissionRates as Rates
from secret_sdk.protobuf.cosmos.tx.v1beta1 import BroadcastMode

from testnet import ACCOUNTS, CHAIN, COINS, Failed, Node, arguments, begin, concluded, run, say, wait

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
STAKE = 1_000_000_000
# So that the story fits into minutes. The founders have two thirds of the power, so they decide without the others: what they
# have to be in a commit is the pause behind each block, and a window that is over before a busy machine has answered once
# jails whoever joins.
UNBONDING, WINDOW, JAIL = 20, 24, 10
PAUSE_MILLISECONDS = 500


def bech32(prefix, data):
    """BIP 173."""
    bits = "".join(format(byte, "08b") for byte in data)
    words = [int(bits[at:at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    expanded = [ord(letter) >> 5 for letter in prefix] + [0] + [ord(letter) & 31 for letter in prefix]
    check = 1
    for word in expanded + words + [0] * 6:
        top, check = check >> 25, (check & 0x1FFFFFF) << 5 ^ word
        for bit, generator in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            check ^= generator if top >> bit & 1 else 0
    words += [(check ^ 1) >> 5 * (5 - at) & 31 for at in range(6)]
    return prefix + "1" + "".join(ALPHABET[word] for word in words)


class ScaledRates(CommissionRates):
    """secret-sdk 1.8.3 writes these as people do; on the wire they are scaled by 10^18, as everywhere."""

    def to_proto(self):
        return Rates(*(str(int(rate * 10**18)) for rate in (self.rate, self.max_rate, self.max_change_rate)))


class RawKey(ValConsPubKey):
    """secret-sdk 1.8.3 writes a key in base64 where its bytes belong."""

    def to_proto(self):
        return ConsensusKey(key=self.key)


class Client:
    def __init__(self, node, name):
        self.lcd = LCDClient(node.url, CHAIN)
        self.key = MnemonicKey(mnemonic=ACCOUNTS[name])
        self.wallet = self.lcd.wallet(self.key)

    def send(self, message, fails=None):
        """The transaction's record, once it is in a block."""
        sent = self.wallet.create_and_broadcast_tx(
            [message], gas=200_000, gas_prices=Coins("0.25uscrt"), broadcast_mode=BroadcastMode.BROADCAST_MODE_SYNC)
        if sent.code:
            raise Failed(f"{type(message).__name__}: {sent.raw_log}")
        found = wait(30, f"{type(message).__name__} in a block", lambda: self.found(sent.txhash))
        if (found["codespace"], found["code"]) != (fails or ("", 0)):
            raise Failed(f"{type(message).__name__}: {found['codespace']} {found['code']} {found['raw_log']}")
        return found

    def found(self, name):
        return self.get(f"/cosmos/tx/v1beta1/txs/{name}")["tx_response"]

    def get(self, path):
        with urllib.request.urlopen(self.lcd.url + path, timeout=10) as answer:
            return json.load(answer)

    def validator(self, address):
        return self.get(f"/cosmos/staking/v1beta1/validators/{address}")["validator"]

    def balance(self, address):
        return int(self.get(f"/cosmos/bank/v1beta1/balances/{address}/by_denom?denom=uscrt")["balance"]["amount"])


def delegator(first, operator):
    """b delegates to a's validator and is paid. Gives what tells whether its coins have come back."""
    b = Client(first, "b")
    who = b.key.acc_address
    b.send(MsgDelegate(who, operator, Coins("400000000uscrt").to_list()[0]))
    rewards = wait(60, "rewards", lambda: b.get(
        f"/cosmos/distribution/v1beta1/delegators/{who}/rewards/{operator}")["rewards"])
    before = b.balance(who)
    events = b.send(MsgWithdrawDelegatorReward(who, operator))["events"]
    paid = next(part["value"] for event in events if event["type"] == "withdraw_rewards"
                for part in event["attributes"] if part["key"] == "amount")
    if b.balance(who) != before - 50_000 + int(paid.removesuffix("uscrt")):
        raise Failed(f"{paid} was paid, and the balance went from {before} to {b.balance(who)}")
    say(f"b delegated and was paid {paid}, when {rewards[0]['amount']} was to be had")
    b.send(MsgUndelegate(who, operator, Coins("400000000uscrt").to_list()[0]))
    b.send(MsgUndelegate(who, operator, Coins("1uscrt").to_list()[0]), fails=("staking", 19))
    before = b.balance(who)
    return lambda: b.balance(who) == before + 400_000_000


def makes_validator(first, node, name, coins):
    """An account makes a validator of a node's key, which must be in the commits from then on."""
    client = Client(first, name)
    file = node.home / "config/priv_validator_enclave.json"
    if not file.exists():
        file = node.home / "config/priv_validator_key.json"
    key = base64.b64decode(json.loads(file.read_text())["pub_key"]["value"])
    client.send(MsgCreateValidator(
        Description(node.kind, "", "", "", ""), ScaledRates("0.05", "0.2", "0.01"), "1", client.key.acc_address,
        client.key.val_address, RawKey(key), Coins(f"{coins}uscrt").to_list()[0]))
    cons = bech32("secretvalcons", hashlib.sha256(key).digest()[:20])
    height = first.height()
    signs(first, client, cons)
    say(f"{name}'s validator signs, {first.height() - height} blocks after it was made")
    return client, cons


def signs(first, client, cons):
    """Waits until the validator is in a commit, or was jailed before it was."""
    def has_signed():
        if client.validator(client.key.val_address)["jailed"]:
            raise Failed(f"{client.key.val_address} was jailed before its first vote came in time: this machine is too slow"
                         f" for a pause of {PAUSE_MILLISECONDS} ms, or something holds the votes up")
        return signed(first, cons, first.height())
    wait(90, "the validator to sign", has_signed)


def signed(first, cons, height):
    commit = Client(first, "a").get(f"/cosmos/base/tendermint/v1beta1/blocks/{height}")["block"]["last_commit"]
    wanted = [bech32("secretvalcons", base64.b64decode(slot["validator_address"])) for slot in commit["signatures"]
              if slot["block_id_flag"] == "BLOCK_ID_FLAG_COMMIT"]
    return cons in wanted


def signing(client, cons):
    return client.get(f"/cosmos/slashing/v1beta1/signing_infos/{cons}")["val_signing_info"]


def jailed(node, client):
    """The validator's machine stops."""
    address = client.key.val_address
    tokens = int(client.validator(address)["tokens"])
    node.end()
    wait(180, "the validator to be jailed", lambda: client.validator(address)["jailed"])
    now = client.validator(address)
    if int(now["tokens"]) != tokens - tokens // 100:
        raise Failed(f"of {tokens} it has {now['tokens']} left")
    say(f"c's validator stopped, was jailed and lost {tokens - int(now['tokens'])}uscrt")
    client.send(MsgUnjail(address), fails=("slashing", 4))


def released(first, node, client, cons):
    node.start()
    node.wait_until_ready()
    told = subprocess.run([node.net.programs / "cloister-node", "doctor", "--home", node.home], capture_output=True, text=True)
    if "is jailed" not in told.stdout or "tx slashing unjail" not in told.stdout or told.returncode == 0:
        raise Failed("the doctor does not say that the validator is jailed:\n" + told.stdout)
    until = signing(client, cons)["jailed_until"]
    time.sleep(JAIL)
    client.send(MsgUnjail(client.key.val_address))
    signs(first, client, cons)
    say(f"jailed until {until}, it asked to come back and signs again")
    client.send(MsgUnjail(client.key.val_address), fails=("slashing", 5))


def barred(net, first):
    """d's validator has its key in a file, and the file is on two machines: an enclave would not have signed twice."""
    node = net.admit("fourth", "d", signer="file")
    node.start()
    node.wait_until_ready()
    client, cons = makes_validator(first, node, "d", 100_000_000)
    twin = net.admit("twin", "d", signer="file")
    shutil.copy(node.home / "config/priv_validator_key.json", twin.home / "config/priv_validator_key.json")
    twin.start()
    twin.wait_until_ready()
    address = client.key.val_address
    tokens = int(client.validator(address)["tokens"])

    def caught():
        # Late, it votes for nothing where its other self has voted for a block.
        for number in (signal.SIGSTOP, signal.SIGCONT):
            twin.signal_all(number)
            time.sleep(0.2)
        return signing(client, cons)["tombstoned"]

    wait(120, "the double vote to be told on", caught)
    now = client.validator(address)
    if not now["jailed"] or int(now["tokens"]) != tokens - tokens // 20:
        raise Failed(f"of {tokens} it has {now['tokens']} left; jailed: {now['jailed']}")
    client.send(MsgUnjail(address), fails=("slashing", 4))
    say(f"d's validator ran twice, lost {tokens - int(now['tokens'])}uscrt and may never come back")


def main():
    parser = arguments(__doc__)
    parser.add_argument("--short", action="store_true", help="only until the third validator is jailed")
    options = parser.parse_args()
    net = begin(options)
    with concluded(net, options):
        key = MnemonicKey(mnemonic=ACCOUNTS["a"])
        net.settings = {"consensus": {"commit_timeout": PAUSE_MILLISECONDS}}
        net.state = {
            "staking": {"params": {"unbonding_time": f"{UNBONDING}s"}},
            "slashing": {"params": {"signed_blocks_window": str(WINDOW), "downtime_jail_duration": f"{JAIL}s"}}}
        net.make(stakes=[("a", STAKE), ("b", STAKE)])
        net.start()
        first = net.nodes[0]
        founders = Client(first, "a").get("/cosmos/staking/v1beta1/validators?status=BOND_STATUS_BONDED")["validators"]
        if [(founder["tokens"], founder["status"]) for founder in founders] != [(str(STAKE), "BOND_STATUS_BONDED")] * 2:
            raise Failed(f"the founders are not the validators: {founders}")
        say(f"two founders run the network, each with {STAKE}uscrt of its own")
        has_its_coins_back = delegator(first, key.val_address)
        node = net.admit("third", "c")
        node.start()
        node.wait_until_ready()
        c, cons = makes_validator(first, node, "c", 150_000_000)
        jailed(node, c)
        wait(UNBONDING + 60, "b's coins to come back", has_its_coins_back)
        say("b undelegated, and has its coins back")
        if not options.short:
            released(first, node, c, cons)
            barred(net, first)
        running = [node for node in net.nodes if node.is_running]
        net.wait_for_height(first.height(), running)
        say(f"all agree up to height {net.agree(running, evidence_is_due=not options.short)}")


if __name__ == "__main__":
    main()
