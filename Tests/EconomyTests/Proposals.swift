import Auth
import Bank
import ChainMessages
import EconomyKit
import EnclaveProtocol
import ExactNumbers
import LedgerKit
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import StrictJSON
import Wire

/// A chain on which proposals are made: deposits of 10,000,000, or 50,000,000 to be decided in half of the 20 seconds.
final class Proposals {
    static let governance = ModuleAccount.governance.address
    let economy: Economy
    /// Has enough for everything, and is no delegator.
    let alice = AccountAddress([UInt8](repeating: 3, count: 20))!
    let bob = AccountAddress([UInt8](repeating: 4, count: 20))!
    let validators: [Economy.Founder]

    init(tokens: [UInt128] = [600_000_000, 400_000_000], _ changes: [(String, JSONValue)] = []) throws {
        validators = tokens.enumerated().map { index, tokens in
            .init(
                account: AccountAddress([UInt8](repeating: UInt8(10 + index), count: 20))!,
                key: [UInt8](repeating: UInt8(100 + index), count: 32), tokens: tokens)
        }
        let values: [(String, JSONValue)] = [
            ("min_deposit", [["denom": "uscrt", "amount": "10000000"]]), ("max_deposit_period", "100s"),
            ("voting_period", "20s"), ("expedited_voting_period", "10s"),
            ("expedited_threshold", "0.667000000000000000"),
            ("expedited_min_deposit", [["denom": "uscrt", "amount": "50000000"]]),
        ].filter { name, _ in !changes.contains { $0.0 == name } }
        economy = try Economy(
            validators, rich: [(alice, 1_000_000_000), (bob, 1_000_000_000)],
            parameters: ["gov": .object(values + changes)], mints: false)
        try economy.begin()
    }

    // MARK: - Messages

    func submission(
        _ messages: [AnyMessage] = [], deposit: UInt128 = 10_000_000, expedited: Bool = false,
        _ change: (inout GovV1.MsgSubmitProposal) -> Void = { _ in }
    ) -> GovV1.MsgSubmitProposal {
        var message = GovV1.MsgSubmitProposal(
            messages: messages, initialDeposit: deposit == 0 ? [] : [Coin(deposit, "uscrt")], proposer: alice,
            metadata: "ipfs://x", title: "t", summary: "s", expedited: expedited)
        change(&message)
        return message
    }

    /// - Returns: the proposal's number.
    @discardableResult
    func submit(
        _ messages: [AnyMessage] = [], deposit: UInt128 = 10_000_000, expedited: Bool = false
    ) throws -> UInt64 {
        let outcome = try economy.run(submission(messages, deposit: deposit, expedited: expedited)).get()
        return try GovV1.MsgSubmitProposalResponse(decoding: outcome.response.value, .signed).proposalID
    }

    func vote(_ id: UInt64, _ option: GovV1.VoteOption, by voter: AccountAddress) throws {
        _ = try economy.run(GovV1.MsgVote(proposalID: id, voter: voter, option: option)).get()
    }

    func spend(_ amount: UInt128, to recipient: AccountAddress) -> AnyMessage {
        DistributionV1beta1.MsgCommunityPoolSpend(
            authority: Self.governance, recipient: recipient, amount: [Coin(amount, "uscrt")]
        ).any
    }

    /// Gives so much to the pool.
    func fund(_ amount: UInt128) throws {
        _ = try economy.run(
            DistributionV1beta1.MsgFundCommunityPool(amount: [Coin(amount, "uscrt")], depositor: alice)
        ).get()
    }

    /// Why a message is refused, as its result says it.
    func refusal(_ message: some ChainMessage) throws -> String? {
        try economy.run(message).refusal.map { "\($0.codespace) \($0.code) \($0.log)" }
    }

    // MARK: - Blocks

    /// Ends the block, and the next that many seconds later.
    ///
    /// - Returns: what the second end tells of proposals, without addresses and coins.
    @discardableResult
    func pass(_ seconds: Int64) throws -> [String] {
        try economy.end()
        try economy.begin(time: economy.block.time.adding(nanoseconds: seconds * 1_000_000_000))
        let events = try economy.end()
        try economy.begin(time: economy.block.time)
        return events.filter { $0.type.hasSuffix("_proposal") }.map(\.line)
    }

    // MARK: - What is there

    func proposal(_ id: UInt64) throws -> GovV1.Proposal {
        guard let found = try economy.ask(GovV1.Query.proposal, .init(proposalID: id)).proposal else {
            throw QueryRefusal.notFound("")
        }
        return found
    }

    func status(_ id: UInt64) throws -> GovV1.ProposalStatus { try proposal(id).status }

    func tally(_ id: UInt64) throws -> [UInt128] {
        let tally = try economy.ask(GovV1.Query.tallyResult, .init(proposalID: id)).tally
        return tally.map { [$0.yesCount, $0.abstainCount, $0.noCount, $0.noWithVetoCount] } ?? []
    }

    func supply() throws -> UInt128 { try BankModule.supply(of: "uscrt", on: economy.state) }

    func broken() throws -> [String] { try Economy.modules.brokenInvariants(in: economy.state) }
}
