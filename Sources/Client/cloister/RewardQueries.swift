import ArgumentParser
import StrictJSON
import WalletClient

// What is earned, and how coins come to be.
extension Query {
    struct Distribution: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Rewards, commissions and the community pool.",
            subcommands: [
                Ask<Rewards>.self, Ask<Commission>.self, Ask<OutstandingRewards>.self, Ask<Slashes>.self,
                Ask<WithdrawAddress>.self, Ask<RestakeEntries>.self, Ask<CommunityPool>.self,
                Ask<DistributionParams>.self,
            ])
    }

    struct Rewards: QueryVerb {
        static let word = "rewards"
        static let about = "What an account has earned and was not paid yet, by validator."
        static var table: AnswerTable? {
            AnswerTable("rewards", [.init("VALIDATOR", "validator_address"), .init("COINS", "reward", .coins)])
        }
        @Argument(help: "The account: secret1….") var address: String

        func path() throws -> String {
            "/cosmos/distribution/v1beta1/delegators/\(try accountPath(address))/rewards"
        }
    }

    struct Commission: QueryVerb {
        static let word = "commission"
        static let about = "What a validator has earned by its commission and was not paid yet."
        @Argument(help: "The validator: secretvaloper1….") var validator: String

        func path() throws -> String {
            "/cosmos/distribution/v1beta1/validators/\(try validatorPath(validator))/commission"
        }
    }

    struct OutstandingRewards: QueryVerb {
        static let word = "outstanding-rewards"
        static let about = "What a validator and all who delegate to it have earned and were not paid yet."
        @Argument(help: "The validator: secretvaloper1….") var validator: String

        func path() throws -> String {
            "/cosmos/distribution/v1beta1/validators/\(try validatorPath(validator))/outstanding_rewards"
        }
    }

    struct Slashes: QueryVerb {
        static let word = "slashes"
        static let about = "When a validator was slashed, and by how much."
        static var table: AnswerTable? {
            AnswerTable("slashes", [.init("PERIOD", "validator_period"), .init("LOST", "fraction", .percent)])
        }
        @Argument(help: "The validator: secretvaloper1….") var validator: String
        @Option(help: "From this height on.") var from: UInt64 = 0
        @Option(help: "To this height; to the last one if not given.") var to: UInt64 = .max
        @OptionGroup var page: PageOptions

        func path() throws -> String {
            page.path(
                "/cosmos/distribution/v1beta1/validators/\(try validatorPath(validator))/slashes",
                ["starting_height=\(from)", "ending_height=\(to)"])
        }
    }

    struct WithdrawAddress: QueryVerb {
        static let word = "withdraw-addr"
        static let about = "Where an account's rewards are paid."
        @Argument(help: "The account: secret1….") var address: String

        func path() throws -> String {
            "/cosmos/distribution/v1beta1/delegators/\(try accountPath(address))/withdraw_address"
        }
    }

    struct RestakeEntries: QueryVerb {
        static let word = "restake-entries"
        static let about = "Of which validators an account's rewards are delegated again by the chain."
        @Argument(help: "The account: secret1….") var address: String

        func path() throws -> String {
            "/cosmos/distribution/v1beta1/restake_entries?delegator=\(try accountPath(address))"
        }
    }

    struct CommunityPool: QueryVerb {
        static let word = "community-pool"
        static let about = "What the community may spend by a vote."
        static var table: AnswerTable? {
            AnswerTable("pool", [.init("COIN", "denom"), .init("AMOUNT", "amount")])
        }
        func path() -> String { "/cosmos/distribution/v1beta1/community_pool" }
    }

    struct DistributionParams: QueryVerb {
        static let word = "params"
        static let about = "The rules: what the community gets, and who else."
        func path() -> String { "/cosmos/distribution/v1beta1/params" }
    }

    // MARK: - Mint

    struct Mint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "How many coins each block makes.",
            subcommands: [Ask<Inflation>.self, Ask<AnnualProvisions>.self, Ask<MintParams>.self])
    }

    struct Inflation: QueryVerb {
        static let word = "inflation"
        static let about = "By which part of all coins there will be more in a year."
        func path() -> String { "/cosmos/mint/v1beta1/inflation" }
    }

    struct AnnualProvisions: QueryVerb {
        static let word = "annual-provisions"
        static let about = "How many coins that is."
        func path() -> String { "/cosmos/mint/v1beta1/annual_provisions" }
    }

    struct MintParams: QueryVerb {
        static let word = "params"
        static let about = "The rules: between which bounds, and how fast it changes."
        func path() -> String { "/cosmos/mint/v1beta1/params" }
    }
}
