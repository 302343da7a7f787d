import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import Wire

/// Proposals, the deposits behind them, and the votes that decide them: `cosmos.gov.v1` and `v1beta1`.
package struct GovernanceModule: LedgerModule {
    package let name = "gov"
    package let stores = [GovernanceStore.name]

    static let textBytesMax = 255
    static let summaryBytesMax = 10_200
    /// A weight has no more than the 20 characters of `1.000000000000000000`, and some zeros in front.
    private static let weightBytesMax = 32
    /// A proposal's messages run in one piece at a block's end.
    static let messagesMax = 16
    /// Of them together. A list of proposals is read and answered whole.
    static let messagesBytesMax = 131_072
    /// All votes on a proposal are counted in one block, so there is a bound of those that decide nothing: of accounts
    /// that have not delegated what makes one power. Of others there cannot be more than powers.
    static let lightVotesMax: UInt64 = 10_000

    package init() {}

    package var messages: [MessageHandler] {
        [
            MessageHandler(
                GovV1.MsgSubmitProposal.self,
                runningOthers: { message, router, block, state in
                    let (id, events) = try Submission(message).run(router, in: block, on: state)
                    return MessageOutcome(
                        response: GovV1.MsgSubmitProposalResponse(proposalID: id).any, events: events)
                }),
            MessageHandler(
                GovV1.MsgExecLegacyContent.self,
                runningOthers: { message, router, block, state in
                    try ModuleAccount.requireGovernance(message.authority)
                    let events = try LegacyContent(message.content).run(router, in: block, on: state)
                    return MessageOutcome(
                        response: MessageResponse.empty(toMessage: GovV1.MsgExecLegacyContent.typeURL), events: events)
                }),
            MessageHandler(GovV1.MsgDeposit.self) { message, block, state in
                try Deposits.run(message.amount, by: message.depositor, to: message.proposalID, in: block, on: state)
            },
            MessageHandler(GovV1.MsgVote.self) { message, _, state in
                try GovernanceModule.vote(
                    message.proposalID, message.voter,
                    [.init(option: message.option, weight: Decimal18.one.description)],
                    message.metadata, on: state)
            },
            MessageHandler(GovV1.MsgVoteWeighted.self) { message, _, state in
                try GovernanceModule.vote(
                    message.proposalID, message.voter, try GovernanceModule.weighted(message.options), message.metadata,
                    on: state)
            },
            MessageHandler(GovV1.MsgUpdateParams.self) { message, _, state in
                try ModuleAccount.requireGovernance(message.authority)
                if let fault = GovernanceParameters.fault(of: message.params) {
                    throw GovernanceModule.unregistered(fault)
                }
                try GovernanceParameters.set(message.params, on: state)
                return []
            },
            MessageHandler(
                GovV1.MsgCancelProposal.self,
                runningOthers: { message, router, block, state in
                    try GovernanceModule.cancel(message, router, in: block, on: state)
                }),
        ] + LegacyMessages.handlers
    }

    // MARK: - Votes

    /// Options whose weights are the whole.
    static func weighted(_ options: [GovV1.WeightedVoteOption]) throws -> [GovV1.WeightedVoteOption] {
        guard !options.isEmpty else {
            throw TransactionRefusal.invalidRequest("")
        }
        var (sum, seen) = (Decimal18.zero, Set<Int32>())
        for option in options {
            guard option.weight.utf8.count <= weightBytesMax else {
                throw refusal(7, "a weight has more than \(weightBytesMax) characters: invalid vote option")
            }
            guard let weight = Decimal18(text: option.weight), weight.isPositive, weight <= .one,
                (1...4).contains(option.option.rawValue)
            else {
                throw refusal(7, "option:\(option.option.rawValue) weight:\"\(option.weight)\": invalid vote option")
            }
            guard seen.insert(option.option.rawValue).inserted else {
                throw refusal(7, "duplicated vote option: invalid vote option")
            }
            sum = try sum + weight
        }
        if Decimal18.one < sum { throw refusal(7, "total weight overflow 1.00: invalid vote option") }
        if sum < Decimal18.one { throw refusal(7, "total weight lower than 1.00: invalid vote option") }
        return options
    }

    static func vote(
        _ id: UInt64, _ voter: AccountAddress, _ options: [GovV1.WeightedVoteOption], _ metadata: String,
        on state: any LedgerState
    ) throws -> [Event] {
        if let unknown = options.first(where: { !(1...4).contains($0.option.rawValue) })?.option.rawValue {
            throw refusal(7, "\(unknown == 0 ? "VOTE_OPTION_UNSPECIFIED" : String(unknown)): invalid vote option")
        }
        guard let proposal = try GovernanceStore.proposal(id, in: state), proposal.status == .votingPeriod,
            try !GovernanceStore.isLate(proposal, in: state)
        else { throw refusal(3, "\(id): inactive proposal") }
        guard metadata.utf8.count <= textBytesMax else {
            throw refusal(15, "got metadata with length \(metadata.utf8.count): metadata too long")
        }
        let isNew = try GovernanceStore.vote(id, voter, in: state) == nil
        if isNew, try Tally.isLight(voter, in: state),
            try !GovernanceStore.countLightVote(id, limit: lightVotesMax, on: state)
        {
            throw TransactionRefusal.invalidRequest(
                "a proposal takes no more votes of accounts that have delegated less than a power")
        }
        try GovernanceStore.save(
            .init(proposalID: id, voter: voter, options: options, metadata: metadata), on: state)
        let text = options.map { "{\"option\":\($0.option.rawValue),\"weight\":\"\($0.weight)\"}" }
        return [
            Event(
                "proposal_vote",
                [
                    "voter": voter.description, "option": "[\(text.joined(separator: ","))]", "proposal_id": String(id),
                ])
        ]
    }

    // MARK: - Withdrawing a proposal

    private static func cancel(
        _ message: GovV1.MsgCancelProposal, _ router: MessageRouter, in block: BlockContext, on state: any LedgerState
    ) throws -> MessageOutcome {
        guard let proposal = try GovernanceStore.proposal(message.proposalID, in: state) else {
            throw Deposits.unknown(message.proposalID)
        }
        guard proposal.proposer == message.proposer else {
            throw refusal(18, "invalid proposer \(message.proposer): invalid proposer")
        }
        guard proposal.status == .depositPeriod || proposal.status == .votingPeriod else {
            throw refusal(21, "proposal should be in the deposit or voting period: invalid proposal")
        }
        if let end = proposal.votingEndTime, end < block.time {
            throw refusal(
                20, "voting period is already ended for this proposal \(proposal.id): voting period already ended")
        }
        let parameters = try GovernanceParameters.current(in: state)
        var (events, kept) = try Deposits.charge(
            proposal.id, GovernanceParameters.ratio(parameters.proposalCancelRatio), on: state)
        events += try Deposits.spend(kept, for: parameters.proposalCancelDest, router, in: block, on: state)
        if proposal.votingStartTime != nil { try GovernanceStore.removeVotes(proposal.id, on: state) }
        try GovernanceStore.remove(proposal, on: state)
        events.append(
            Event(
                "cancel_proposal", ["sender": message.proposer.description, "proposal_id": String(proposal.id)]))
        return MessageOutcome(
            response: GovV1.MsgCancelProposalResponse(
                proposalID: proposal.id, canceledTime: block.time, canceledHeight: block.height
            ).any, events: events)
    }

    // MARK: - Refusals

    static func refusal(_ code: UInt32, _ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "gov", code: code, log: text)
    }

    /// An error that has no code of its own in the original.
    static func unregistered(_ text: String) -> TransactionRefusal {
        TransactionRefusal(codespace: "undefined", code: 1, log: text)
    }
}
