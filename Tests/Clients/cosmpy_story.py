#!/usr/bin/env python3
"""cosmpy 0.12.2, unmodified, against a node whose stake is an account's: balances, a payment, a delegation, its rewards, a
part of it back; and codes of contracts, which cosmpy has no words for, over its own connection.

    python cosmpy_story.py http://127.0.0.1:PORT           over REST
    python cosmpy_story.py grpc+http://127.0.0.1:PORT      over gRPC

Run by the test "cosmpy pays, delegates and is rewarded".
"""
import sys

from cosmpy.aerial.client import LedgerClient, NetworkConfig
from cosmpy.aerial.wallet import LocalWallet
from cosmpy.crypto.address import Address
from cosmpy.crypto.keypairs import PrivateKey
from cosmpy.mnemonic import derive_child_key_from_mnemonic

MNEMONIC = ("grant rice replace explain federal release fix clever romance raise often wild taxi "
            "quarter soccer fiber love must tape steak together observe swap guitar")
BOB = Address("secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne")


def main():
    url = sys.argv[1]
    client = LedgerClient(NetworkConfig(
        chain_id=sys.argv[2] if len(sys.argv) > 2 else "secretdev-1",
        url=url if url.startswith("grpc+") else "rest+" + url, fee_minimum_gas_price=0.25, fee_denomination="uscrt",
        staking_denomination="uscrt"))
    wallet = LocalWallet(PrivateKey(derive_child_key_from_mnemonic(MNEMONIC, path="m/44'/529'/0'/0/0")), prefix="secret")
    me = wallet.address()

    before = client.query_bank_balance(BOB, "uscrt")
    sent = client.send_tokens(BOB, 7, "uscrt", wallet).wait_to_complete()
    assert sent.response.is_successful() and sent.response.height > 0, sent.response
    assert client.query_bank_balance(BOB, "uscrt") == before + 7

    validators = client.query_validators()
    assert validators
    validator = validators[0].address
    staked = client.query_staking_summary(me).total_staked
    client.delegate_tokens(validator, 2_000_000, wallet).wait_to_complete()
    summary = client.query_staking_summary(me)
    assert summary.total_staked == staked + 2_000_000, summary
    held = client.query_bank_balance(me, "uscrt")
    rewarded = client.claim_rewards(validator, wallet).wait_to_complete()
    assert rewarded.response.is_successful() and "withdraw_rewards" in rewarded.response.events, rewarded.response
    # What was told is what came, less the fee.
    told = int(rewarded.response.events["withdraw_rewards"]["amount"].removesuffix("uscrt") or 0)
    fee = int(rewarded.response.events["tx"]["fee"].removesuffix("uscrt"))
    assert client.query_bank_balance(me, "uscrt") == held + told - fee, (held, told, fee)
    client.undelegate_tokens(validator, 500_000, wallet).wait_to_complete()
    summary = client.query_staking_summary(me)
    assert summary.total_staked == staked + 1_500_000 and summary.total_unbonding >= 500_000, summary
    print("cosmpy's story ends well")


if __name__ == "__main__":
    main()
