import ArgumentParser
import StrictJSON
import WalletClient

// What is proposed, and what was granted.
extension Query {
    struct Gov: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Proposals, deposits and votes.",
            subcommands: [
                Ask<Proposals>.self, Ask<Proposal>.self, Ask<Votes>.self, Ask<Vote>.self, Ask<Deposits>.self,
                Ask<Deposit>.self, Ask<Tally>.self, Ask<GovParams>.self,
            ])
    }

    struct Proposals: QueryVerb {
        static let word = "proposals"
        static let about = "All proposals that are kept."
        static var table: AnswerTable? {
            AnswerTable(
                "proposals",
                [
                    .init("ID", "id"), .init("STATUS", "status", .lastWord),
                    .init("VOTE ENDS", "voting_end_time", .time), .init("DEPOSIT", "total_deposit", .coins),
                    .init("TITLE", "title"),
                ])
        }
        @OptionGroup var page: PageOptions
        func path() -> String { page.path("/cosmos/gov/v1/proposals") }
    }

    struct Proposal: QueryVerb {
        static let word = "proposal"
        static let about = "One proposal, with what it would run."
        @Argument(help: "The proposal's number.") var proposal: UInt64
        func path() -> String { "/cosmos/gov/v1/proposals/\(proposal)" }
    }

    struct Votes: QueryVerb {
        static let word = "votes"
        static let about = "The votes on a proposal, while it is voted on."
        static var table: AnswerTable? {
            AnswerTable(
                "votes", parts: "options",
                [
                    .init("VOTER", "voter"), .init("OPTION", "part.option", .lastWord),
                    .init("PART", "part.weight", .percent),
                ])
        }
        @Argument(help: "The proposal's number.") var proposal: UInt64
        @OptionGroup var page: PageOptions
        func path() -> String { page.path("/cosmos/gov/v1/proposals/\(proposal)/votes") }
    }

    struct Vote: QueryVerb {
        static let word = "vote"
        static let about = "An account's vote on a proposal."
        @Argument(help: "The proposal's number.") var proposal: UInt64
        @Argument(help: "The account: secret1….") var address: String
        func path() throws -> String { "/cosmos/gov/v1/proposals/\(proposal)/votes/\(try accountPath(address))" }
    }

    struct Deposits: QueryVerb {
        static let word = "deposits"
        static let about = "Who put coins behind a proposal."
        static var table: AnswerTable? {
            AnswerTable("deposits", [.init("DEPOSITOR", "depositor"), .init("COINS", "amount", .coins)])
        }
        @Argument(help: "The proposal's number.") var proposal: UInt64
        @OptionGroup var page: PageOptions
        func path() -> String { page.path("/cosmos/gov/v1/proposals/\(proposal)/deposits") }
    }

    struct Deposit: QueryVerb {
        static let word = "deposit"
        static let about = "What an account put behind a proposal."
        @Argument(help: "The proposal's number.") var proposal: UInt64
        @Argument(help: "The account: secret1….") var address: String
        func path() throws -> String { "/cosmos/gov/v1/proposals/\(proposal)/deposits/\(try accountPath(address))" }
    }

    struct Tally: QueryVerb {
        static let word = "tally"
        static let about = "How a vote stands, or came out."
        @Argument(help: "The proposal's number.") var proposal: UInt64
        func path() -> String { "/cosmos/gov/v1/proposals/\(proposal)/tally" }
    }

    struct GovParams: QueryVerb {
        static let word = "params"
        static let about = "The rules: deposits, times, and how many must agree."
        func path() -> String { "/cosmos/gov/v1/params/voting" }
    }

    // MARK: - Grants

    struct Authz: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who may send messages in whose name.",
            subcommands: [Ask<Grants>.self, Ask<GrantsByGranter>.self, Ask<GrantsByGrantee>.self])
    }

    private static var grantTable: AnswerTable {
        AnswerTable(
            "grants",
            [
                .init("GRANTER", "granter"), .init("GRANTEE", "grantee"),
                .init("KIND", "authorization.@type", .lastWord), .init("MESSAGE", "authorization.msg"),
                .init("UNTIL", "expiration", .time),
            ])
    }

    struct Grants: QueryVerb {
        static let word = "grants"
        static let about = "What one account lets another do."
        static var table: AnswerTable? {
            AnswerTable(
                "grants",
                [
                    .init("KIND", "authorization.@type", .lastWord), .init("MESSAGE", "authorization.msg"),
                    .init("COINS", "authorization.spend_limit", "authorization.max_tokens", form: .limit),
                    .init("UNTIL", "expiration", .time),
                ])
        }
        @Argument(help: "Who lets: secret1….") var granter: String
        @Argument(help: "Who may: secret1….") var grantee: String
        @OptionGroup var page: PageOptions
        func path() throws -> String {
            page.path(
                "/cosmos/authz/v1beta1/grants",
                ["granter=\(try accountPath(granter))", "grantee=\(try accountPath(grantee))"])
        }
    }

    struct GrantsByGranter: QueryVerb {
        static let word = "grants-by-granter"
        static let about = "What an account lets others do."
        static var table: AnswerTable? { grantTable }
        @Argument(help: "Who lets: secret1….") var granter: String
        @OptionGroup var page: PageOptions
        func path() throws -> String { page.path("/cosmos/authz/v1beta1/grants/granter/\(try accountPath(granter))") }
    }

    struct GrantsByGrantee: QueryVerb {
        static let word = "grants-by-grantee"
        static let about = "What an account may do in others' names."
        static var table: AnswerTable? { grantTable }
        @Argument(help: "Who may: secret1….") var grantee: String
        @OptionGroup var page: PageOptions
        func path() throws -> String { page.path("/cosmos/authz/v1beta1/grants/grantee/\(try accountPath(grantee))") }
    }

    struct Feegrant: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Who pays whose fees.",
            subcommands: [Ask<Allowance>.self, Ask<AllowancesByGranter>.self, Ask<AllowancesByGrantee>.self])
    }

    private static var allowanceTable: AnswerTable {
        AnswerTable(
            "allowances",
            [
                .init("GRANTER", "granter"), .init("GRANTEE", "grantee"), .init("KIND", "allowance.@type", .lastWord),
                .init(
                    "COINS", "allowance.spend_limit", "allowance.basic.spend_limit", "allowance.allowance.spend_limit",
                    "allowance.allowance.basic.spend_limit", form: .limit),
                .init(
                    "UNTIL", "allowance.expiration", "allowance.basic.expiration", "allowance.allowance.expiration",
                    "allowance.allowance.basic.expiration", form: .time),
            ])
    }

    struct Allowance: QueryVerb {
        static let word = "grant"
        static let about = "How much of an account's fees another one pays."
        @Argument(help: "Who pays: secret1….") var granter: String
        @Argument(help: "Whose fees: secret1….") var grantee: String
        func path() throws -> String {
            "/cosmos/feegrant/v1beta1/allowance/\(try accountPath(granter))/\(try accountPath(grantee))"
        }
    }

    struct AllowancesByGranter: QueryVerb {
        static let word = "grants-by-granter"
        static let about = "Whose fees an account pays."
        static var table: AnswerTable? { allowanceTable }
        @Argument(help: "Who pays: secret1….") var granter: String
        @OptionGroup var page: PageOptions
        func path() throws -> String { page.path("/cosmos/feegrant/v1beta1/issued/\(try accountPath(granter))") }
    }

    struct AllowancesByGrantee: QueryVerb {
        static let word = "grants-by-grantee"
        static let about = "Who pays an account's fees."
        static var table: AnswerTable? { allowanceTable }
        @Argument(help: "Whose fees: secret1….") var grantee: String
        @OptionGroup var page: PageOptions
        func path() throws -> String { page.path("/cosmos/feegrant/v1beta1/allowances/\(try accountPath(grantee))") }
    }
}
