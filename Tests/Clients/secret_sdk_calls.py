#!/usr/bin/env python3
"""The calls of secret-sdk 1.8.3 that need no consensus, against the fixture of Tests/APITests.

    python secret_sdk_calls.py http://127.0.0.1:PORT CONTRACT_ADDRESS

Run by the test "secret-sdk understands every answer"; exits with an error at the first answer the client cannot use.
"""
import base64
import hashlib
import sys
import warnings

warnings.simplefilter("ignore")

from secret_sdk.client.lcd import LCDClient
from secret_sdk.client.lcd.api.tx import CreateTxOptions
from secret_sdk.client.lcd.params import PaginationOptions
from secret_sdk.core import Coins
from secret_sdk.core.bank import MsgSend
from secret_sdk.core.wasm import MsgExecuteContract
from secret_sdk.exceptions import LCDResponseError
from secret_sdk.key.mnemonic import MnemonicKey
from secret_sdk.protobuf.cosmos.tx.v1beta1 import BroadcastMode

MNEMONIC = ("grant rice replace explain federal release fix clever romance raise often wild taxi "
            "quarter soccer fiber love must tape steak together observe swap guitar")
ALICE = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"
BOB = "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne"
HASH = "D27FDE492DD2FDE8F3859C17CDC815D202D5430D1AF0474537E5F248762A0BF9"


def refused(call, status, text):
    try:
        call()
    except LCDResponseError as error:
        assert error.response.status == status, error.response.status
        assert text in str(error), str(error)
        return
    raise AssertionError(f"expected {status} {text}")


def main():
    client = LCDClient(url=sys.argv[1], chain_id="secretdev-1")
    wallet = client.wallet(MnemonicKey(mnemonic=MNEMONIC))
    assert wallet.key.acc_address == ALICE

    # tendermint
    node = client.tendermint.node_info()
    assert node["default_node_info"]["network"] == "secretdev-1"
    assert client.tendermint.syncing() is False
    latest = client.tendermint.block_info()
    assert latest["block"]["header"]["height"] == "5" and client.last_request_height == "5"
    block = client.tendermint.block_info(4)
    digest = hashlib.sha256(base64.b64decode(block["block"]["data"]["txs"][0])).hexdigest().upper()
    assert digest == HASH
    assert client.tendermint.validator_set()["validators"][0]["voting_power"] == "100"
    assert client.tendermint.validator_set(5)["block_height"] == "5"

    # auth and bank
    account = client.auth.account_info(ALICE)
    assert account.sequence == 5 and account.account_number == 0
    assert client.auth.account_info(BOB).public_key is None
    refused(lambda: client.auth.account_info("secret1zyg3zyg3zyg3zyg3zyg3zyg3zyg3zyg3rcrt0n"), 404, "not found")
    accounts, page = client.auth.accounts(PaginationOptions(limit=2))
    assert len(accounts) == 2 and page["next_key"]
    rest, page = client.auth.accounts(PaginationOptions(limit=100, key=page["next_key"]))
    assert len(rest) > 2 and page["next_key"] is None
    assert client.auth.params().to_data()["tx_sig_limit"] == 7
    assert client.bank.balance(ALICE)[0].get("uscrt").amount == 10**18
    assert client.bank.spendable_balances(BOB)[0].get("uscrt").amount == 7
    assert client.bank.total()[0].get("uscrt").amount == 10**18 + 7

    # transactions
    for text in (HASH, HASH.lower()):
        info = client.tx.tx_info(text)
        assert info.height == 4 and info.txhash == HASH and info.code == 0 and info.gas_used == 51234
        assert info.tx.body.messages[0].to_address == BOB and info.logs
    refused(lambda: client.tx.tx_info("0" * 64), 404, "tx not found: " + "0" * 64)
    assert [found.txhash for found in client.tx.tx_infos_by_height(4)] == [HASH]
    found = client.tx.search([["message.sender", ALICE]], {"limit": 5})
    assert len(found["txs"]) == 1
    options = CreateTxOptions(msgs=[MsgSend(ALICE, BOB, Coins("1uscrt"))], gas="100000", gas_adjustment=1.2)
    transaction = wallet.create_and_sign_tx(options)
    assert client.tx.estimate_gas(transaction, options) > 0
    for mode in (BroadcastMode.BROADCAST_MODE_SYNC, BroadcastMode.BROADCAST_MODE_ASYNC):
        answer = client.tx.broadcast_adapter(transaction, mode=mode)
        assert answer.txhash.upper() == client.tx.hash(transaction).upper()

    # contracts
    code = client.wasm.code_info(1)
    code_hash = code["code_info"]["code_hash"]
    wasm = base64.b64decode(code["wasm"])
    assert hashlib.sha256(wasm).hexdigest() == code_hash
    assert client.wasm.list_code_info()["code_infos"][0]["code_id"] == "1"
    assert client.wasm.code_hash_by_code_id(1)["code_hash"] == code_hash
    contract = sys.argv[2]
    assert client.wasm.contract_hash(contract) == code_hash
    assert client.wasm.contract_info(contract)["contract_info"]["label"] == "my label/1"
    execute = MsgExecuteContract(ALICE, contract, {"increment": {}}, code_hash=code_hash,
                                 encryption_utils=client.encrypt_utils)
    encrypted_options = CreateTxOptions(msgs=[execute], gas="100000")
    encrypted = wallet.create_and_sign_tx(encrypted_options)
    assert client.tx.broadcast_adapter(encrypted, mode=BroadcastMode.BROADCAST_MODE_SYNC).code == 0

    # The fixture answers a query with its own ciphertext, so what comes back must decrypt to the question.
    for _ in range(20):
        question = bytes(client.encrypt_utils.encrypt(code_hash, '{"get_count":{}}'))
        parameters = {"contract_address": contract, "query": base64.b64encode(question).decode()}
        answer = client.wasm._run_sync(client._get(f"/compute/v1beta1/query/{contract}", parameters))
        plain = client.encrypt_utils.decrypt(base64.b64decode(answer["data"]), list(question[:32]))
        assert plain == (code_hash + '{"get_count":{}}').encode(), plain

    # keys
    assert base64.b64decode(client.registration.registration_key()["key"]).startswith(b'{"reg_info":null')
    print("secret-sdk understood every answer")


if __name__ == "__main__":
    main()
