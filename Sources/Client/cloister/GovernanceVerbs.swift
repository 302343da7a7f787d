import ArgumentParser
import SignedTransactions
import StrictJSON
import WalletClient

// Verbs for what is decided together.
extension Tx {
    struct Gov: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Propose, and vote.",
            subcommands: [
                Send<SubmitProposal>.self, Send<CancelProposal>.self, Send<Deposit>.self, Send<Vote>.self,
                Send<WeightedVote>.self,
            ])
    }

    /// As people write an option of a vote.
    enum VoteOption: String, ExpressibleByArgument, CaseIterable {
        case yes, no, abstain
        case noWithVeto = "no_with_veto"

        var json: JSONValue { .string("VOTE_OPTION_" + rawValue.uppercased()) }
    }

    struct SubmitProposal: MessageVerb {
        static let word = "submit-proposal"
        static let about = "Propose what a file says."
        static let discussion = """
            The file has the form of the Cosmos SDK's: {"messages":[{"@type":…}],"metadata":"","deposit":"10uscrt","title":…,\
            "summary":…,"expedited":false}. Its messages are signed by the chain: their authority is the account of the \
            module gov (`cloister query gov params` and the chain's refusal name it).
            """
        @Argument(help: "The file.") var file: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            let file = try jsonFile(self.file)
            let known = ["messages", "metadata", "deposit", "title", "summary", "expedited"]
            if let other = file.object?.first(where: { !known.contains($0.0) })?.0 {
                let parts = known.joined(separator: ", ")
                throw ClientError(.invalidInput, "\(self.file): \(other) is no part of a proposal; there are \(parts)")
            }
            guard file["title"]?.string?.isEmpty == false, file["summary"]?.string?.isEmpty == false else {
                throw ClientError(.invalidInput, "\(self.file): a proposal has a title and a summary")
            }
            return [
                object([
                    ("@type", "/cosmos.gov.v1.MsgSubmitProposal"), ("messages", file["messages"]),
                    ("initial_deposit", try file["deposit"]?.string.map(coins)), ("proposer", .text(signer)),
                    ("metadata", file["metadata"]), ("title", file["title"]), ("summary", file["summary"]),
                    ("expedited", file["expedited"]),
                ])
            ]
        }
    }

    struct CancelProposal: MessageVerb {
        static let word = "cancel-proposal"
        static let about = "Take back a proposal of yours, before its vote is over; a part of the deposits is lost."
        @Argument(help: "The proposal's number.") var proposal: UInt64

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.gov.v1.MsgCancelProposal", "proposal_id": .text(proposal),
                    "proposer": .text(signer),
                ]
            ]
        }
    }

    struct Deposit: MessageVerb {
        static let word = "deposit"
        static let about = "Put coins behind a proposal, so that it comes to its vote."
        @Argument(help: "The proposal's number.") var proposal: UInt64
        @Argument(help: "The coins, as 10scrt.") var amount: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.gov.v1.MsgDeposit", "proposal_id": .text(proposal), "depositor": .text(signer),
                    "amount": try coins(amount),
                ]
            ]
        }
    }

    struct Vote: MessageVerb {
        static let word = "vote"
        static let about = "Vote on a proposal: yes, no, abstain or no_with_veto. The last vote counts."
        @Argument(help: "The proposal's number.") var proposal: UInt64
        @Argument(help: "yes, no, abstain or no_with_veto.") var option: VoteOption

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            [
                [
                    "@type": "/cosmos.gov.v1.MsgVote", "proposal_id": .text(proposal), "voter": .text(signer),
                    "option": option.json,
                ]
            ]
        }
    }

    struct WeightedVote: MessageVerb {
        static let word = "weighted-vote"
        static let about = "Split a vote: yes=0.6,no=0.4."
        @Argument(help: "The proposal's number.") var proposal: UInt64
        @Argument(help: "The parts, which are 1 together.") var options: String

        func messages(of signer: AccountAddress, _ client: ChainClient) async throws -> [JSONValue] {
            var sum: UInt128 = 0
            let parts = try options.split(separator: ",", omittingEmptySubsequences: false).map { part -> JSONValue in
                let pair = part.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
                guard pair.count == 2, let option = VoteOption(rawValue: pair[0]),
                    let weight = MessageText.scaled(pair[1]).flatMap({ UInt128($0) }), weight > 0
                else { throw ClientError(.invalidInput, "\(part) is no part of a vote, as yes=0.6") }
                sum = sum.addingReportingOverflow(weight).partialValue
                return ["option": option.json, "weight": .string(pair[1])]
            }
            guard sum == 1_000_000_000_000_000_000 else {
                throw ClientError(.invalidInput, "\(options): the parts must be 1 together, as yes=0.6,no=0.4")
            }
            return [
                [
                    "@type": "/cosmos.gov.v1.MsgVoteWeighted", "proposal_id": .text(proposal), "voter": .text(signer),
                    "options": .array(parts),
                ]
            ]
        }
    }
}
