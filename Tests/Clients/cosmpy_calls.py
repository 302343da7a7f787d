#!/usr/bin/env python3
"""The calls of cosmpy 0.12.2 that need no consensus, against the fixture of Tests/APITests.

    python cosmpy_calls.py http://127.0.0.1:PORT CONTRACT_ADDRESS         over REST
    python cosmpy_calls.py grpc+http://127.0.0.1:PORT CONTRACT_ADDRESS    over gRPC

cosmpy refuses an answer with a single field that the stock Cosmos SDK does not have, so this also compares proto/chain
with the original's names. Run by the test "cosmpy understands every answer".
"""
import sys

from cosmpy.aerial.client import LedgerClient, NetworkConfig
from cosmpy.aerial.wallet import LocalWallet
from cosmpy.crypto.address import Address
from cosmpy.crypto.keypairs import PrivateKey
from cosmpy.mnemonic import derive_child_key_from_mnemonic
from cosmpy.protos.cosmos.auth.v1beta1 import query_pb2 as auth
from cosmpy.protos.cosmos.bank.v1beta1 import query_pb2 as bank
from cosmpy.protos.cosmos.base.tendermint.v1beta1 import query_pb2 as tendermint
from cosmpy.protos.cosmos.tx.v1beta1 import service_pb2 as tx

MNEMONIC = ("grant rice replace explain federal release fix clever romance raise often wild taxi "
            "quarter soccer fiber love must tape steak together observe swap guitar")
ALICE = "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03"
BOB = "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne"
HASH = "D27FDE492DD2FDE8F3859C17CDC815D202D5430D1AF0474537E5F248762A0BF9"


def main():
    client = LedgerClient(NetworkConfig(
        chain_id="secretdev-1", url=sys.argv[1] if sys.argv[1].startswith("grpc+") else "rest+" + sys.argv[1], fee_minimum_gas_price=0.25, fee_denomination="uscrt",
        staking_denomination="uscrt"))
    key = derive_child_key_from_mnemonic(MNEMONIC, path="m/44'/529'/0'/0/0")
    wallet = LocalWallet(PrivateKey(key), prefix="secret")
    assert str(wallet.address()) == ALICE

    assert client.query_account(Address(ALICE)).sequence == 5
    assert client.query_bank_balance(Address(BOB), "uscrt") == 7
    assert [coin.denom for coin in client.query_bank_all_balances(Address(ALICE))] == ["aaa", "bbb", "uscrt"]
    assert client.query_consensus_params().params.block.max_gas == -1
    assert str(client.query_node_info().cosmos_sdk_version) == "0.50.14"
    assert client.query_latest_block().height == 5
    assert client.query_block(4).height == 4
    found = client.query_tx(HASH)
    assert found.height == 4 and found.gas_used == 51234 and "message" in found.events

    # Simulates as JSON, asks for the consensus parameters, broadcasts.
    submitted = client.send_tokens(Address(BOB), 1, "uscrt", wallet)
    assert len(submitted.tx_hash) == 64

    supply = client.bank.TotalSupply(bank.QueryTotalSupplyRequest()).supply
    assert [(coin.denom, coin.amount) for coin in supply] == [
        ("aaa", "3"), ("bbb", "4"), ("uscrt", "1000000000000000007")], supply
    assert client.bank.Params(bank.QueryParamsRequest()).params.default_send_enabled
    assert not client.bank.DenomsMetadata(bank.QueryDenomsMetadataRequest()).metadatas
    assert client.auth.Params(auth.QueryParamsRequest()).params.tx_sig_limit == 7
    assert not client.tendermint.GetSyncing(tendermint.GetSyncingRequest()).syncing
    latest = client.tendermint.GetLatestBlock(tendermint.GetLatestBlockRequest())
    assert latest.block.header.height == 5 and latest.sdk_block.header.proposer_address.startswith("secretvalcons1")
    validators = client.tendermint.GetLatestValidatorSet(tendermint.GetLatestValidatorSetRequest())
    assert validators.validators[0].voting_power == 100
    search = client.txs.GetTxsEvent(tx.GetTxsEventRequest(query=f"message.sender='{ALICE}'"))
    assert search.tx_responses[0].txhash == HASH
    print("cosmpy understood every answer")


if __name__ == "__main__":
    main()
