import ArgumentParser
import PublicCryptography
import SignedTransactions
import StrictJSON
import WalletClient

// What is staked, and with whom.
extension Query {
    struct Staking: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Validators and delegations.",
            subcommands: [
                Ask<Validators>.self, Ask<Validator>.self, Ask<Delegations>.self, Ask<Delegation>.self,
                Ask<DelegationsTo>.self, Ask<UnbondingDelegations>.self, Ask<UnbondingFrom>.self,
                Ask<Redelegations>.self, Ask<Pool>.self, Ask<StakingParams>.self,
            ])
    }

    struct Validators: QueryVerb {
        static let word = "validators"
        static let about = "All validators; those of the set alone with --status bonded."

        enum Status: String, ExpressibleByArgument, CaseIterable { case bonded, unbonding, unbonded }

        static var table: AnswerTable? {
            AnswerTable(
                "validators",
                [
                    .init("VALIDATOR", "operator_address"), .init("NAME", "description.moniker"),
                    .init("STATUS", "status", .lastWord), .init("JAILED", "jailed"), .init("COINS", "tokens", .tokens),
                    .init("COMMISSION", "commission.commission_rates.rate", .percent),
                ])
        }
        @Option(help: "bonded, unbonding or unbonded.") var status: Status?
        @OptionGroup var page: PageOptions

        func path() -> String {
            page.path(
                "/cosmos/staking/v1beta1/validators",
                status.map { ["status=BOND_STATUS_" + $0.rawValue.uppercased()] } ?? [])
        }
    }

    struct Validator: QueryVerb {
        static let word = "validator"
        static let about = "One validator."
        @Argument(help: "The validator: secretvaloper1….") var validator: String

        func path() throws -> String { "/cosmos/staking/v1beta1/validators/\(try validatorPath(validator))" }
    }

    private static var delegationTable: AnswerTable {
        AnswerTable(
            "delegation_responses",
            [
                .init("DELEGATOR", "delegation.delegator_address"), .init("VALIDATOR", "delegation.validator_address"),
                .init("COINS", "balance", .coins),
            ])
    }

    struct Delegations: QueryVerb {
        static let word = "delegations"
        static let about = "What an account delegates, and to whom."
        static var table: AnswerTable? { delegationTable }
        @Argument(help: "The account: secret1….") var address: String
        @OptionGroup var page: PageOptions

        func path() throws -> String { page.path("/cosmos/staking/v1beta1/delegations/\(try accountPath(address))") }
    }

    struct Delegation: QueryVerb {
        static let word = "delegation"
        static let about = "What an account delegates to one validator."
        @Argument(help: "The account: secret1….") var address: String
        @Argument(help: "The validator: secretvaloper1….") var validator: String

        func path() throws -> String {
            "/cosmos/staking/v1beta1/validators/\(try validatorPath(validator))/delegations/\(try accountPath(address))"
        }
    }

    struct DelegationsTo: QueryVerb {
        static let word = "delegations-to"
        static let about = "Who delegates to a validator, and how much."
        static var table: AnswerTable? { delegationTable }
        @Argument(help: "The validator: secretvaloper1….") var validator: String
        @OptionGroup var page: PageOptions

        func path() throws -> String {
            page.path("/cosmos/staking/v1beta1/validators/\(try validatorPath(validator))/delegations")
        }
    }

    private static var unbondingTable: AnswerTable {
        AnswerTable(
            "unbonding_responses", parts: "entries",
            [
                .init("DELEGATOR", "delegator_address"), .init("VALIDATOR", "validator_address"),
                .init("HEIGHT", "part.creation_height"), .init("COMES", "part.completion_time", .time),
                .init("COINS", "part.balance", .tokens),
            ])
    }

    struct UnbondingDelegations: QueryVerb {
        static let word = "unbonding-delegations"
        static let about = "What is on its way back to an account, and when it comes."
        static var table: AnswerTable? { unbondingTable }
        @Argument(help: "The account: secret1….") var address: String
        @OptionGroup var page: PageOptions

        func path() throws -> String {
            page.path("/cosmos/staking/v1beta1/delegators/\(try accountPath(address))/unbonding_delegations")
        }
    }

    struct UnbondingFrom: QueryVerb {
        static let word = "unbonding-delegations-from"
        static let about = "What is on its way back from a validator."
        static var table: AnswerTable? { unbondingTable }
        @Argument(help: "The validator: secretvaloper1….") var validator: String
        @OptionGroup var page: PageOptions

        func path() throws -> String {
            page.path("/cosmos/staking/v1beta1/validators/\(try validatorPath(validator))/unbonding_delegations")
        }
    }

    struct Redelegations: QueryVerb {
        static let word = "redelegations"
        static let about = "What an account has moved between validators within the unbonding time."
        static var table: AnswerTable? {
            AnswerTable(
                "redelegation_responses", parts: "entries",
                [
                    .init("FROM", "redelegation.validator_src_address"),
                    .init("TO", "redelegation.validator_dst_address"),
                    .init("FREE", "part.redelegation_entry.completion_time", .time),
                    .init("COINS", "part.balance", .tokens),
                ])
        }
        @Argument(help: "The account: secret1….") var address: String
        @OptionGroup var page: PageOptions

        func path() throws -> String {
            page.path("/cosmos/staking/v1beta1/delegators/\(try accountPath(address))/redelegations")
        }
    }

    struct Pool: QueryVerb {
        static let word = "pool"
        static let about = "How much is staked in all, and how much is not or no longer."
        func path() -> String { "/cosmos/staking/v1beta1/pool" }
    }

    struct StakingParams: QueryVerb {
        static let word = "params"
        static let about = "The rules: unbonding time, how many validators, the least commission."
        func path() -> String { "/cosmos/staking/v1beta1/params" }
    }

    // MARK: - Slashing

    struct Slashing: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who missed blocks, and what it costs.",
            subcommands: [Ask<SigningInfo>.self, Ask<SigningInfos>.self, Ask<SlashingParams>.self])
    }

    struct SigningInfo: QueryVerb {
        static let word = "signing-info"
        static let about = "How many blocks a validator missed of late, and until when it is jailed."
        private static let prefix = AccountAddress.prefix + "valcons"
        @Argument(help: "The validator, secretvaloper1…, or the address of its key, secretvalcons1….")
        var validator: String

        func path() throws -> String { "/cosmos/slashing/v1beta1/signing_infos/\(validator)" }

        /// The records are those of keys.
        func path(asking client: ChainClient) async throws -> String {
            guard Bech32.decode(validator)?.prefix != Self.prefix else { return try path() }
            let answer = try await client.get(
                "/cosmos/staking/v1beta1/validators/\(try validatorPath(validator))")
            guard
                let key = answer["validator"]?["consensus_pubkey"]?["key"]?.string.flatMap({ Base64.decode($0) })
            else { throw ClientError(.badAnswer, "the node's answer has no key of \(validator)") }
            let digest = SHA256.hash(key).bytes.prefix(AccountAddress.byteCount)
            return "/cosmos/slashing/v1beta1/signing_infos/\(Bech32.encode(prefix: Self.prefix, Array(digest)))"
        }
    }

    struct SigningInfos: QueryVerb {
        static let word = "signing-infos"
        static let about = "The same of all validators."
        static var table: AnswerTable? {
            AnswerTable(
                "info",
                [
                    .init("KEY", "address"), .init("SINCE", "start_height"), .init("MISSED", "missed_blocks_counter"),
                    .init("JAILED UNTIL", "jailed_until", .time), .init("BARRED", "tombstoned"),
                ])
        }
        @OptionGroup var page: PageOptions
        func path() -> String { page.path("/cosmos/slashing/v1beta1/signing_infos") }
    }

    struct SlashingParams: QueryVerb {
        static let word = "params"
        static let about = "The rules: how many blocks may be missed, and what is lost."
        func path() -> String { "/cosmos/slashing/v1beta1/params" }
    }
}
