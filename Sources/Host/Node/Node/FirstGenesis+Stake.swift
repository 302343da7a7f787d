import Auth
import ChainInterface
import ChainMessages
import ExactNumbers
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON

/// Validators that a chain begins with, as staking knows them: whose they are, and what they delegated to themselves.
extension FirstGenesis {
    package struct Stake: Sendable {
        /// Of fewer coins no vote has any weight.
        package static let tokensMin: UInt128 = 1_000_000

        package var name: String
        /// Whose validator it is, and who can have the coins back.
        package var account: AccountAddress
        /// Of Ed25519, with which it votes.
        package var key: [UInt8]
        /// In the bonded denomination, beside what the account has.
        package var tokens: UInt128

        package init(name: String, account: AccountAddress, key: [UInt8], tokens: UInt128) {
            (self.name, self.account, self.key, self.tokens) = (name, account, key, tokens)
        }

        package var validator: GenesisValidator {
            GenesisValidator(publicKey: key, power: Int64(clamping: tokens / 1_000_000), name: name)
        }
    }

    /// What the modules have of them, besides the balance of the pool in which the coins lie. New coins are made from
    /// the first block on.
    static func parts(of stakes: [Stake], unbondingTime: String) -> [(String, JSONValue)] {
        let validators = stakes.map { stake -> JSONValue in
            let rates: JSONValue = ["rate": "0.1", "max_rate": "0.2", "max_change_rate": "0.01"]
            let key = Base64.encode(stake.key)
            return [
                "operator_address": .text(OperatorAddress(stake.account)),
                "consensus_pubkey": ["@type": "/cosmos.crypto.ed25519.PubKey", "key": .string(key)],
                "jailed": false, "status": "BOND_STATUS_BONDED", "tokens": .text(stake.tokens),
                "delegator_shares": .text(Decimal18(stake.tokens)), "description": ["moniker": .string(stake.name)],
                "unbonding_height": "0", "unbonding_time": "1970-01-01T00:00:00Z",
                "commission": ["commission_rates": rates, "update_time": "1970-01-01T00:00:00Z"],
                "min_self_delegation": "1",
            ]
        }
        let delegations = stakes.map { stake -> JSONValue in
            [
                "delegator_address": .text(stake.account), "validator_address": .text(OperatorAddress(stake.account)),
                "shares": .text(Decimal18(stake.tokens)),
            ]
        }
        return [
            (
                "staking",
                [
                    "params": ["unbonding_time": .string(unbondingTime)], "validators": .array(validators),
                    "delegations": .array(delegations),
                ]
            ), ("mint", ["params": .object([])]),
        ]
    }

    static func balance(of stakes: [Stake]) -> [JSONValue] {
        guard !stakes.isEmpty else { return [] }
        let sum = stakes.reduce(UInt128(0)) { $0 + $1.tokens }
        return [
            [
                "address": .text(ModuleAccount.bondedPool.address),
                "coins": [["denom": "uscrt", "amount": .text(sum)]],
            ]
        ]
    }
}
