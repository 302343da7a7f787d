#!/usr/bin/env python3
"""A user of secret-sdk 1.8.3, an unmodified client, with the token and the collection of this repository.

    python sdk_wallet.py NODE TOKEN COLLECTION MEMO

The wallet is c's of every local network. It pays 5 to d, shows permits for what it may see, and forges some.
"""
import base64
import copy
import json
import sys
import time
import warnings

warnings.simplefilter("ignore")

from secret_sdk.client.lcd import LCDClient
from secret_sdk.exceptions import LCDResponseError
from secret_sdk.key.mnemonic import MnemonicKey

MNEMONIC = ("chair love bleak wonder skirt permit say assist aunt credit roast size "
            "obtain minute throw sand usual age smart exact enough room shadow charge")
D = "secret1ldjxljw7v4vk6zhyduywh04hpj0jdwxsmrlatf"


def permit(wallet, chain, contract, permission, name):
    """SNIP-24: signed as a transaction that moves nothing."""
    parameters = {"permit_name": name, "allowed_tokens": [contract], "permissions": [permission]}
    document = {"account_number": "0", "chain_id": chain, "fee": {"amount": [{"amount": "0", "denom": "uscrt"}], "gas": "1"},
                "memo": "", "msgs": [{"type": "query_permit", "value": parameters}], "sequence": "0"}
    signature = wallet.key.sign(json.dumps(document, sort_keys=True, separators=(",", ":")).encode())
    key = {"type": "tendermint/PubKeySecp256k1", "value": base64.b64encode(wallet.key.public_key.key).decode()}
    return {"params": {**parameters, "chain_id": chain},
            "signature": {"pub_key": key, "signature": base64.b64encode(signature).decode()}}


def main():
    node, token, collection, memo = sys.argv[1:]
    client = LCDClient(url=node, chain_id="secretdev-1")
    wallet = client.wallet(MnemonicKey(mnemonic=MNEMONIC))
    me = wallet.key.acc_address

    def ask(contract, permit, question):
        return client.wasm.contract_query(contract, {"with_permit": {"permit": permit, "query": question}})

    def refused(text, contract, permit, question):
        try:
            answer = ask(contract, permit, question)
        except LCDResponseError as error:
            assert text in str(error), error
            return
        raise AssertionError(f"a query was answered: {answer}")

    good = permit(wallet, "secretdev-1", token, "balance", "test")
    assert ask(token, good, {"balance": {}}) == {"balance": {"amount": "1000"}}
    sent = wallet.execute_tx(
        token, {"transfer": {"recipient": D, "amount": "5", "memo": memo}}, gas=500_000)
    for _ in range(40):
        try:
            done = client.tx.tx_info(sent.txhash)
            break
        except LCDResponseError:
            time.sleep(0.25)
    assert done.code == 0, done.rawlog
    assert ask(token, good, {"balance": {}}) == {"balance": {"amount": "995"}}
    past = permit(wallet, "secretdev-1", token, "history", "test")
    line = ask(token, past, {"transfer_history": {"page_size": 5}})["transfer_history"]["txs"][0]
    assert (line["from"], line["receiver"], line["memo"]) == (me, D, memo), line

    forged = copy.deepcopy(good)
    forged["params"]["permit_name"] = "another"
    refused("signature is not valid", token, forged, {"balance": {}})
    refused("does not grant history", token, good, {"transfer_history": {"page_size": 5}})
    refused("not for this contract", collection, good, {"tokens": {"owner": me}})
    refused("another chain", token, permit(wallet, "secret-4", token, "balance", "test"), {"balance": {}})

    owner = permit(wallet, "secretdev-1", collection, "owner", "test")
    assert ask(collection, owner, {"tokens": {"owner": me}}) == {"token_list": {"tokens": ["one"]}}
    hidden = ask(collection, owner, {"private_metadata": {"token_id": "one"}})["private_metadata"]
    assert hidden["extension"] == {"note": memo}, hidden
    refused("not yours", collection, owner, {"private_metadata": {"token_id": "two"}})


main()
