import Auth
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import Wire

/// What time does to proposals.
extension GovernanceModule {
    /// Of those whose time is over, how many one block deals with; the rest follow in the next.
    private static let droppedPerBlock = 100
    private static let decidedPerBlock = 16
    /// When so many votes were counted in a block, it decides nothing more.
    private static let votesPerBlock = 1_000

    package func endBlock(
        _ block: BlockContext, routing router: MessageRouter, on state: any LedgerState
    ) throws -> [Event] {
        var events: [Event] = []
        for id in try GovernanceModule.due(
            GovernanceStore.inactivePrefix, at: block.time, GovernanceModule.droppedPerBlock, state)
        {
            events += try GovernanceModule.drop(id, on: state)
        }
        var work = Decisions(block: block, router: router)
        for id in try GovernanceModule.due(
            GovernanceStore.activePrefix, at: block.time, GovernanceModule.decidedPerBlock, state)
        where work.votes < GovernanceModule.votesPerBlock {
            events += try GovernanceModule.decide(id, &work, on: state)
        }
        for queue in GovernanceStore.queues {
            let isLeft = try !GovernanceModule.due(queue, at: block.time, 1, state).isEmpty
            try GovernanceStore.noteLate(isLeft ? block.time : nil, in: queue, on: state)
        }
        return events
    }

    /// What the decisions of one block share.
    private struct Decisions {
        let block: BlockContext
        let router: MessageRouter
        /// That were counted.
        var votes = 0
        /// Read once, until a proposal's messages may have changed it.
        var set: [StakedValidator]?
    }

    private static func due(
        _ prefix: [UInt8], at time: Timestamp, _ limit: Int, _ state: any LedgerReading
    ) throws -> [UInt64] {
        try TimeQueue.due(in: GovernanceStore.name, prefix: prefix, at: time, limit: limit, state).map { entry in
            guard let id = StateKey.number(decoding: entry.value) else {
                throw CorruptState(store: GovernanceStore.name, key: entry.key)
            }
            return id
        }
    }

    /// A proposal for which too little was deposited.
    private static func drop(_ id: UInt64, on state: any LedgerState) throws -> [Event] {
        guard let proposal = try GovernanceStore.proposal(id, in: state) else {
            throw CorruptState(store: GovernanceStore.name, key: GovernanceStore.proposalKey(id))
        }
        try GovernanceStore.remove(proposal, on: state)
        let burns = try GovernanceParameters.current(in: state).burnProposalDepositPrevote
        return try settle(id, burning: burns, on: state) + [
            Event("inactive_proposal", ["proposal_id": String(id), "proposal_result": "proposal_dropped"])
        ]
    }

    /// Deposits that cannot be given back stay governance's; the chain does not stop over them.
    private static func settle(_ id: UInt64, burning: Bool, on state: any LedgerState) throws -> [Event] {
        let scope = LedgerScope(state)
        do {
            let events = burning ? try Deposits.burn(id, on: scope) : try Deposits.refund(id, on: scope)
            try scope.keep(in: state)
            return events
        } catch is TransactionRefusal {
            _ = try GovernanceStore.takeDeposits(id, on: state)
            return []
        }
    }

    /// A proposal on which everybody had the time to vote.
    private static func decide(_ id: UInt64, _ work: inout Decisions, on state: any LedgerState) throws -> [Event] {
        // What was decided before in this block may have withdrawn it.
        guard var proposal = try GovernanceStore.proposal(id, in: state), proposal.status == .votingPeriod else {
            return []
        }
        let old = proposal
        let parameters = try GovernanceParameters.current(in: state)
        let set = try work.set ?? StakingStore.bondedByPower(in: state)
        let tally = try Tally(of: proposal, by: set, parameters, in: state)
        work.votes += tally.votes
        work.set = proposal.messages.isEmpty ? set : nil
        try GovernanceStore.removeVotes(id, on: state)
        var events: [Event] = []
        let goesOn = proposal.expedited && !tally.passes
        if !goesOn { events += try settle(id, burning: tally.burnsDeposits, on: state) }
        let (result, log): (String, String)
        if tally.passes {
            let (said, failure) = try execute(proposal.messages, work.router, in: work.block, on: state)
            events += said
            proposal.status = failure == nil ? .passed : .failed
            proposal.failedReason = failure?.reason ?? ""
            (result, log) = failure.map { ("proposal_failed", $0.log) } ?? ("proposal_passed", "passed")
        } else if goesOn {
            let period = GovernanceParameters.votingPeriod(parameters, isExpedited: false)
            proposal.expedited = false
            proposal.votingEndTime = proposal.votingStartTime?.adding(nanoseconds: period)
            (result, log) = ("expedited_proposal_rejected", "expedited proposal converted to regular")
        } else {
            proposal.status = .rejected
            proposal.failedReason = "proposal did not get enough votes to pass"
            (result, log) = ("proposal_rejected", "rejected")
        }
        proposal.finalTallyResult = tally.result
        try GovernanceStore.save(proposal, replacing: old, on: state)
        events.append(
            Event(
                "active_proposal", ["proposal_id": String(id), "proposal_result": result, "proposal_log": log]))
        return events
    }

    /// Runs all messages, or leaves nothing of any.
    private static func execute(
        _ messages: [AnyMessage], _ router: MessageRouter, in block: BlockContext, on state: any LedgerState
    ) throws -> (events: [Event], failure: (reason: String, log: String)?) {
        let scope = LedgerScope(state)
        var events: [Event] = []
        for (index, message) in messages.enumerated() {
            do {
                events += try router.handler(of: message).run(message, in: block, on: scope).events
            } catch let refusal as TransactionRefusal {
                let log = "passed, but msg \(index) (\(message.typeURL)) failed on execution: \(refusal.log)"
                return ([], (refusal.log, log))
            }
        }
        try scope.keep(in: state)
        return (events, nil)
    }
}
