#!/usr/bin/env python3
"""A private counter with the unmodified client secret-sdk 1.8.3, against a running node.

    .venv/bin/python Tests/Scenarios/sdk_story.py --url http://127.0.0.1:1317 --wasm contracts/build/counter.wasm

Stores, makes, calls and asks the repository's own contract; ends with an error at the first thing that is not so.
"""
import argparse
import base64
import hashlib
import json
import re
import time
import urllib.request
import warnings

warnings.simplefilter("ignore")

from secret_sdk.client.lcd import LCDClient  # noqa: E402
from secret_sdk.client.lcd.api.tx import CreateTxOptions  # noqa: E402
from secret_sdk.core import Coins  # noqa: E402
from secret_sdk.core.bank import MsgSend  # noqa: E402
from secret_sdk.core.wasm import MsgInstantiateContract, MsgStoreCode  # noqa: E402
from secret_sdk.exceptions import LCDResponseError  # noqa: E402
from secret_sdk.key.mnemonic import MnemonicKey  # noqa: E402
from secret_sdk.protobuf.cosmos.base.abci.v1beta1 import TxMsgData  # noqa: E402
from secret_sdk.protobuf.cosmos.tx.v1beta1 import BroadcastMode  # noqa: E402
from secret_sdk.protobuf.secret.compute.v1beta1 import MsgExecuteContractResponse  # noqa: E402
from secret_sdk.util.tx import get_value_from_events  # noqa: E402

MNEMONIC = ("grant rice replace explain federal release fix clever romance raise often wild taxi "
            "quarter soccer fiber love must tape steak together observe swap guitar")
ALICE = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"
BOB = "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne"


class Story:
    def __init__(self, url, chain_id, seed):
        self.client = LCDClient(url=url, chain_id=chain_id, encryption_seed=seed)
        self.wallet = self.client.wallet(MnemonicKey(mnemonic=MNEMONIC))
        assert self.wallet.key.acc_address == ALICE

    def wait(self, tx_hash):
        deadline = time.time() + 60
        while True:
            try:
                return self.client.tx.tx_info(tx_hash)
            except LCDResponseError as error:
                if time.time() > deadline:
                    raise AssertionError(f"{tx_hash} is in no block after a minute") from error
                time.sleep(0.1)

    def send(self, message, gas):
        sent = self.wallet.create_and_broadcast_tx(
            [message], gas=gas, broadcast_mode=BroadcastMode.BROADCAST_MODE_SYNC)
        assert sent.code == 0, sent.raw_log
        return self.wait(sent.txhash)

    def execute(self, contract, message, gas=200_000):
        sent = self.wallet.execute_tx(contract, message, gas=gas)
        return self.wait(sent.txhash)

    def open(self, sealed, nonce):
        return self.client.encrypt_utils.decrypt(sealed, list(nonce))


def http_json(url):
    """The node's answer itself: what the client reads of a transaction's data predates protobuf's msg_responses."""
    with urllib.request.urlopen(url, timeout=30) as answer:
        return json.load(answer)


def shaped_calls(story, wasm):
    """A contract that keeps its shape (docs/decisions/0047): an error and a panic are one outside, and the client reads both."""
    with open(wasm, "rb") as file:
        code = file.read()
    stored = story.send(MsgStoreCode(sender=ALICE, wasm_byte_code=code, source="", builder=""), 2_000_000)
    assert stored.code == 0, stored.rawlog
    made = story.send(
        MsgInstantiateContract(
            sender=ALICE, code_id=int(get_value_from_events(stored.events, "message.code_id")),
            label=f"shaped {time.time()}", init_msg={}, init_funds=Coins(), code_hash=hashlib.sha256(code).hexdigest(),
            encryption_utils=story.client.encrypt_utils), 500_000)
    assert made.code == 0, made.rawlog
    contract = get_value_from_events(made.events, "message.contract_address")
    seen = set()
    for message, text in [({"fail": "no"}, "no"), ({"panic": True}, "the contract panicked")]:
        # Of one length, since this client fills nothing up.
        failed = story.execute(contract, {**message, "padding": "x" * (40 - len(json.dumps(message)))})
        assert failed.code == 3 and text in failed.rawlog, (failed.code, failed.rawlog)
        assert "encrypted:" not in failed.rawlog, failed.rawlog
        answer = http_json(f"{story.client.url}/cosmos/tx/v1beta1/txs/{failed.txhash}")["tx_response"]
        seen.add((len(answer["raw_log"]), re.sub("encrypted: [^:]+:", "", answer["raw_log"]), answer["gas_used"]))
    assert len(seen) == 1, seen
    assert story.client.wasm.contract_query(contract, {"echo": {"a": 1}}) == {"a": 1}
    print("an error and a panic of a contract that keeps its shape look alike outside, and its caller reads which it was")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:1317")
    parser.add_argument("--chain-id", default="secretdev-1")
    parser.add_argument("--wasm", default="contracts/build/counter.wasm")
    parser.add_argument("--seed", type=bytes.fromhex, help="of the client's encryption, 64 hexadecimal digits; else drawn")
    parser.add_argument("--shaped", default="contracts/build/puppet-shaped.wasm")
    arguments = parser.parse_args()
    story = Story(arguments.url, arguments.chain_id, arguments.seed)
    client = story.client

    with open(arguments.wasm, "rb") as file:
        code = file.read()
    stored = story.send(MsgStoreCode(sender=ALICE, wasm_byte_code=code, source="", builder=""), 2_000_000)
    assert stored.code == 0, stored.rawlog
    code_id = int(get_value_from_events(stored.events, "message.code_id"))
    code_hash = client.wasm.code_hash_by_code_id(code_id)["code_hash"]
    assert code_hash == hashlib.sha256(code).hexdigest()
    print(f"stored code {code_id}")

    made = story.send(
        MsgInstantiateContract(
            sender=ALICE, code_id=code_id, label=f"story {time.time()}", init_msg={"count": 41},
            init_funds=Coins(), code_hash=code_hash, encryption_utils=client.encrypt_utils), 500_000)
    assert made.code == 0, made.rawlog
    contract = get_value_from_events(made.events, "message.contract_address")
    assert client.wasm.contract_hash(contract) == code_hash
    assert client.wasm.contract_query(contract, {"get_count": {}}) == {"count": 41}
    print(f"made contract {contract}")

    done = story.execute(contract, {"increment": {}})
    assert done.code == 0, done.rawlog
    answer = http_json(f"{arguments.url}/cosmos/tx/v1beta1/txs/{done.txhash}")
    message = base64.b64decode(answer["tx"]["body"]["messages"][0]["msg"])
    assert b"increment" not in message, "the message is on the chain in clear"
    assert message[32:64] == client.encrypt_utils.get_pub_key()
    responses = TxMsgData().parse(bytes.fromhex(answer["tx_response"]["data"])).msg_responses
    sealed = MsgExecuteContractResponse().parse(responses[0].value).data
    data = base64.b64decode(story.open(sealed, message[:32]))
    assert json.loads(data) == {"count": 42}, data
    # Filled up by the enclave: base64 of 256 bytes, and the seal's tag.
    assert len(data) == 256 and len(sealed) == 344 + 16, (len(data), len(sealed))
    values = [
        (attribute["key"], attribute["value"])
        for event in answer["tx_response"]["events"] if event["type"] == "wasm" for attribute in event["attributes"]]
    assert ("contract", "counter") in values, "a plain attribute is plain"
    opened = []
    for key, value in values:
        try:
            opened.append(tuple(
                story.open(base64.b64decode(part, validate=True), message[:32]).decode() for part in (key, value)))
        except Exception:
            continue
    assert ("action", "increment") in opened, (values, opened)
    print(f"executed; the data sealed in the transaction is {data.decode().strip()}")

    assert client.wasm.contract_query(contract, {"get_count": {}}) == {"count": 42}
    try:
        client.wasm.contract_query(contract, {"get_note": {"address": ALICE, "key": "not the key"}})
        raise AssertionError("a wrong viewing key was accepted")
    except LCDResponseError as error:
        assert "encrypted:" not in error.message, error.message
        print(f"a query without right is refused, readably: {error.message}")

    failed = story.execute(contract, {"fail": {"text": "for the caller's eyes only"}})
    assert failed.code != 0
    assert "for the caller's eyes only" in failed.rawlog, failed.rawlog
    answer = http_json(f"{arguments.url}/cosmos/tx/v1beta1/txs/{failed.txhash}")
    log = answer["tx_response"]["raw_log"]
    assert "eyes only" not in log, "the error is on the chain in clear"
    nonce = base64.b64decode(answer["tx"]["body"]["messages"][0]["msg"])[:32]
    text = story.open(base64.b64decode(re.search("encrypted: (.+?):", log).group(1)), nonce).decode()
    assert "for the caller's eyes only" in text, text
    assert client.wasm.contract_query(contract, {"get_count": {}}) == {"count": 42}
    print(f"a failing call's error opens for its caller: {text}")

    shaped_calls(story, arguments.shaped)

    before = client.bank.balance(BOB)[0].get("uscrt").amount
    sent = story.wallet.send_tokens(BOB, memo="hi", transfer_amount=Coins("12345uscrt"), gas=100_000)
    moved = story.wait(sent.txhash)
    assert moved.code == 0 and moved.gas_wanted == 100_000 and moved.tx.body.memo == "hi"
    assert client.bank.balance(BOB)[0].get("uscrt").amount == before + 12_345
    print("sent coins")

    number = story.wallet.account_number_and_sequence()["account_number"]
    wrong = story.wallet.create_and_sign_tx(CreateTxOptions(
        msgs=[MsgSend(ALICE, BOB, Coins("1uscrt"))], gas="100000", sequence=999_999, account_number=number))
    try:
        client.tx.broadcast_adapter(wrong, mode=BroadcastMode.BROADCAST_MODE_SYNC)
        raise AssertionError("a wrong sequence was accepted")
    except LCDResponseError:
        raise
    except Exception as error:
        assert "code 32" in str(error) and "account sequence mismatch" in str(error), error
    print("a wrong sequence is refused with code 32")
    print("the story ends well")


if __name__ == "__main__":
    main()
