import ArgumentParser
import SignedTransactions
import StrictJSON
import WalletClient

// Verbs for what validators and delegators earn.
extension Tx {
    struct Distribution: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Be paid rewards and commissions; give to the community.",
            subcommands: [
                Send<WithdrawRewards>.self, Send<WithdrawAllRewards>.self, Send<SetWithdrawAddress>.self,
                Send<SetAutoRestake>.self, Send<FundCommunityPool>.self,
            ])
    }

    private static func withdrawal(_ validator: JSONValue, _ signer: AccountAddress) -> JSONValue {
        [
            "@type": "/cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward", "delegator_address": .text(signer),
            "validator_address": validator,
        ]
    }

    struct WithdrawRewards: MessageVerb {
        static let word = "withdraw-rewards"
        static let about = "Be paid what a delegation has earned."
        @Argument(help: "The validator: secretvaloper1….") var validator: String
        @Flag(help: "The validator is yours: its commission, too.") var commission = false

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            let address = try cloister.validator(validator)
            guard commission else { return [Tx.withdrawal(address, signer)] }
            guard validator == signer.validatorText else {
                throw ClientError(
                    .invalidInput, "--commission: \(validator) is not this account's validator, \(signer.validatorText)"
                )
            }
            return [
                Tx.withdrawal(address, signer),
                [
                    "@type": "/cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission",
                    "validator_address": address,
                ],
            ]
        }
    }

    struct WithdrawAllRewards: MessageVerb {
        static let word = "withdraw-all-rewards"
        static let about = "Be paid what all delegations have earned, in one transaction."
        /// What fits into a block with room.
        private static let validatorsMax = 100

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            let answer = try await client.get("/cosmos/distribution/v1beta1/delegators/\(signer)/validators")
            let validators = answer["validators"]?.array?.compactMap(\.string) ?? []
            guard !validators.isEmpty else {
                throw ClientError(.invalidInput, "\(signer) has delegated nothing")
            }
            guard validators.count <= Self.validatorsMax else {
                throw ClientError(
                    .invalidInput,
                    """
                    \(signer) delegates to \(validators.count) validators, and \(Self.validatorsMax) are paid out at once; use \
                    withdraw-rewards
                    """)
            }
            return try validators.map { Tx.withdrawal(try validator($0), signer) }
        }
    }

    struct SetWithdrawAddress: MessageVerb {
        static let word = "set-withdraw-addr"
        static let about = "Have rewards paid to another address from now on."
        @Argument(help: "The address.") var address: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.distribution.v1beta1.MsgSetWithdrawAddress", "delegator_address": .text(signer),
                    "withdraw_address": try account(address),
                ]
            ]
        }
    }

    struct SetAutoRestake: MessageVerb {
        static let word = "set-auto-restake"
        static let about = "Have a delegation's rewards delegated again by the chain."
        @Argument(help: "The validator: secretvaloper1….") var validator: String
        @Flag(help: "No longer.") var off = false

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.distribution.v1beta1.MsgSetAutoRestake", "delegator_address": .text(signer),
                    "validator_address": try cloister.validator(validator), "enabled": .bool(!off),
                ]
            ]
        }
    }

    struct FundCommunityPool: MessageVerb {
        static let word = "fund-community-pool"
        static let about = "Give coins to the community pool, which votes spend."
        @Argument(help: "The coins, as 10scrt.") var amount: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.distribution.v1beta1.MsgFundCommunityPool", "amount": try coins(amount),
                    "depositor": .text(signer),
                ]
            ]
        }
    }
}
