import ArgumentParser
import Foundation
import StrictJSON
import WalletClient

// What the chain itself does and allows: calls that it makes, messages that are switched off, and who goes on with it.
extension Query {
    struct Cron: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Contracts that the chain itself calls.",
            subcommands: [Ask<Schedules>.self, Ask<Schedule>.self, Ask<CronParams>.self])
    }

    struct Schedules: QueryVerb {
        static let word = "schedules"
        static let about = "What is called, and every how many blocks."
        static var table: AnswerTable? {
            AnswerTable(
                "schedules",
                [
                    .init("NAME", "name"), .init("BLOCKS", "period"), .init("LAST", "last_execute_height"),
                    .init("CALLS", "msgs", .count),
                ])
        }
        @OptionGroup var page: PageOptions

        func path() -> String { page.path("/secret/cron/schedule") }
    }

    struct Schedule: QueryVerb {
        static let word = "schedule"
        static let about = "One of them, with its messages."
        @Argument(help: "Its name.") var name: String

        func path() -> String { "/secret/cron/schedule/\(escaped(name))" }
    }

    struct CronParams: QueryVerb {
        static let word = "params"
        static let about = "How many calls a block owes at most, and who may end one."
        func path() -> String { "/secret/cron/params" }
    }

    // MARK: - Circuit

    struct Circuit: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Messages that are switched off.", subcommands: [Ask<Disabled>.self, Ask<Switchers>.self])
    }

    struct Disabled: QueryVerb {
        static let word = "disabled-list"
        static let about = "The types of messages that nobody can send now."
        func path() -> String { "/cosmos/circuit/v1/disable_list" }
    }

    struct Switchers: QueryVerb {
        static let word = "accounts"
        static let about = "Who may switch what, besides governance."
        static var table: AnswerTable? {
            AnswerTable(
                "accounts",
                [
                    .init("ACCOUNT", "address"), .init("MAY", "permissions.level", .lastWord),
                    .init("TYPES", "permissions.limit_type_urls", .words),
                ])
        }
        @OptionGroup var page: PageOptions

        func path() -> String { page.path("/cosmos/circuit/v1/accounts") }
    }

    // MARK: - Upgrade

    struct Upgrade: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Which program the chain goes on with, and from when on.",
            subcommands: [Ask<Plan>.self, Ask<Applied>.self, Ask<Versions>.self])
    }

    struct Plan: QueryVerb {
        static let word = "plan"
        static let about = "The plan that was voted for; nothing if there is none."
        func path() -> String { "/cosmos/upgrade/v1beta1/current_plan" }
    }

    struct Applied: QueryVerb {
        static let word = "applied"
        static let about = "At which height a plan was done; 0 if it was not."
        @Argument(help: "The plan's name.") var name: String

        func path() -> String { "/cosmos/upgrade/v1beta1/applied_plan/\(escaped(name))" }
    }

    struct Versions: QueryVerb {
        static let word = "module-versions"
        static let about = "The form in which each module keeps its records."
        static var table: AnswerTable? {
            AnswerTable("module_versions", [.init("MODULE", "name"), .init("VERSION", "version")])
        }
        func path() -> String { "/cosmos/upgrade/v1beta1/module_versions" }
    }
}
