import ArgumentParser
import SignedTransactions
import StrictJSON
import WalletClient
import Wire

// Verbs that give coins to a new account which becomes theirs with time.
extension Tx {
    struct Vesting: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make accounts whose coins become their own with time.",
            subcommands: [
                Send<CreateVesting>.self, Send<CreatePeriodic>.self, Send<CreateLocked>.self,
            ])
    }

    struct CreateVesting: MessageVerb {
        static let word = "create-vesting-account"
        static let about = "Coins that become the account's own bit by bit, from now to a moment."
        @Argument(help: "A new account: secret1….") var to: String
        @Argument(help: "The coins, as 10scrt.") var amount: String
        @Argument(help: "Until when, as 2027-01-31T00:00:00Z.") var end: String
        @Flag(help: "All at that moment, and nothing before.") var delayed = false

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.vesting.v1beta1.MsgCreateVestingAccount", "from_address": .text(signer),
                    "to_address": try account(to), "amount": try coins(amount),
                    "end_time": .text(try time(end, "the end").seconds), "delayed": .bool(delayed),
                ]
            ]
        }
    }

    struct CreatePeriodic: MessageVerb {
        static let word = "create-periodic-vesting-account"
        static let about = "Coins that become the account's own in the steps that a file says."
        static let discussion = """
            The file has the form of the Cosmos SDK's: {"start_time":1800000000,"periods":[{"coins":"10scrt",\
            "length_seconds":86400},…]}.
            """
        @Argument(help: "A new account: secret1….") var to: String
        @Argument(help: "The file.") var file: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            let file = try jsonFile(self.file)
            guard let start = file["start_time"], let periods = file["periods"]?.array, !periods.isEmpty else {
                throw ClientError(
                    .invalidInput, "\(self.file): must have a start_time in seconds since 1970, and periods")
            }
            let steps = try periods.map { period -> JSONValue in
                guard let text = period["coins"]?.string, let length = period["length_seconds"] else {
                    throw ClientError(
                        .invalidInput, "\(self.file): a period has coins, as \"10scrt\", and length_seconds")
                }
                return ["length": length, "amount": try coins(text)]
            }
            return [
                [
                    "@type": "/cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount", "from_address": .text(signer),
                    "to_address": try account(to), "start_time": start, "vesting_periods": .array(steps),
                ]
            ]
        }
    }

    struct CreateLocked: MessageVerb {
        static let word = "create-permanent-locked-account"
        static let about = "Coins that the account may delegate, and never spend."
        @Argument(help: "A new account: secret1….") var to: String
        @Argument(help: "The coins, as 10scrt.") var amount: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount", "from_address": .text(signer),
                    "to_address": try account(to), "amount": try coins(amount),
                ]
            ]
        }
    }
}
