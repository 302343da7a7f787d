import Auth
import Bank
import ChainMessages
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

extension GovernanceModule {
    /// Proposals of a file are text, or messages that this chain can write in JSON: a proposal with messages begins no
    /// other chain, and stands among what an export leaves out.
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        try GovernanceParameters.importGenesis(genesis["params"], on: state)
        let constitution = try genesis["constitution"].text
        if !constitution.isEmpty {
            try state.set(Array(constitution.utf8), of: GovernanceStore.constitutionKey, in: GovernanceStore.name)
        }
        var next = try genesis["starting_proposal_id"].number
        for value in try genesis["proposals"].elements {
            let proposal = try GovernanceModule.proposal(value)
            guard try GovernanceStore.proposal(proposal.id, in: state) == nil else {
                throw value.refusal("a proposal is listed twice")
            }
            try GovernanceStore.save(proposal, replacing: nil, on: state)
            next = max(next, proposal.id + 1)
        }
        try state.set(StateKey.number(max(next, 1)), of: GovernanceStore.nextNumberKey, in: GovernanceStore.name)
        if next > 1 {
            try state.set(
                try GovernanceStore.voted(in: state), of: GovernanceStore.votedKey, in: GovernanceStore.name)
        }
        func known(_ value: GenesisValue) throws -> UInt64 {
            let id = try value["proposal_id"].number
            guard try GovernanceStore.proposal(id, in: state) != nil else {
                throw value["proposal_id"].refusal("there is no such proposal")
            }
            return id
        }
        for value in try genesis["deposits"].elements {
            try GovernanceStore.save(
                .init(
                    proposalID: try known(value), depositor: try value["depositor"].address,
                    amount: try value["amount"].coins.list), on: state)
        }
        for value in try genesis["votes"].elements {
            let options = try value["options"].elements.map { option -> GovV1.WeightedVoteOption in
                guard let kind = GovernanceModule.options.firstIndex(of: try option["option"].text) else {
                    throw option["option"].refusal("is not known")
                }
                return .init(option: .init(rawValue: Int32(kind)), weight: try option["weight"].text)
            }
            do { _ = try GovernanceModule.weighted(options) } catch let refusal as TransactionRefusal {
                throw value["options"].refusal(refusal.log)
            }
            try GovernanceStore.save(
                .init(
                    proposalID: try known(value), voter: try value["voter"].address, options: options,
                    metadata: try value["metadata"].text), on: state)
        }
        try GovernanceModule.importBounds(genesis, on: state)
    }

    /// What was deposited is there, to the coin.
    package func completeGenesis(on state: any LedgerState) throws {
        guard
            try GovernanceModule.deposited(in: state).list.allSatisfy({ coin in
                try BankModule.balance(
                    of: ModuleAccount.governance.address, denomination: coin.denomination, on: state) >= coin.amount
            })
        else { throw GenesisRefusal("app_state.gov.deposits: governance has less than was deposited") }
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        var (proposals, deposits, votes): ([JSONValue], [JSONValue], [JSONValue]) = ([], [], [])
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.proposalPrefix) { entry in
            let proposal = try GovV1.Proposal(stored: entry, in: GovernanceStore.name)
            guard proposal.messages.isEmpty else { return }
            proposals.append(GovernanceModule.json(proposal))
        }
        let known = Set(try GovernanceModule.exported(in: state))
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.depositPrefix) { entry in
            let deposit = try GovV1.Deposit(stored: entry, in: GovernanceStore.name)
            guard known.contains(deposit.proposalID) else { return }
            deposits.append([
                "proposal_id": .string(String(deposit.proposalID)),
                "depositor": .string(deposit.depositor.description), "amount": JSONValue(try Coins(deposit.amount)),
            ])
        }
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.votePrefix) { entry in
            let vote = try GovV1.Vote(stored: entry, in: GovernanceStore.name)
            guard known.contains(vote.proposalID) else { return }
            votes.append([
                "proposal_id": .string(String(vote.proposalID)), "voter": .string(vote.voter.description),
                "options": .array(
                    vote.options.map {
                        [
                            "option": .string(GovernanceModule.options[Int($0.option.rawValue)]),
                            "weight": .string($0.weight),
                        ]
                    }), "metadata": .string(vote.metadata),
            ])
        }
        let constitution = try state.value(of: GovernanceStore.constitutionKey, in: GovernanceStore.name) ?? []
        let part: JSONValue = [
            "starting_proposal_id": .string(String(try GovernanceStore.nextNumber(in: state))),
            "deposits": .array(deposits), "votes": .array(votes), "proposals": .array(proposals),
            "deposit_params": .null, "voting_params": .null, "tally_params": .null,
            "params": try GovernanceParameters.exportGenesis(from: state),
            "constitution": .string(String(decoding: constitution, as: UTF8.self)),
        ]
        return .object((part.object ?? []) + (try GovernanceModule.exportBounds(of: known, from: state)))
    }

    private static func exported(in state: any LedgerReading) throws -> [UInt64] {
        var ids: [UInt64] = []
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.proposalPrefix) { entry in
            let proposal = try GovV1.Proposal(stored: entry, in: GovernanceStore.name)
            if proposal.messages.isEmpty { ids.append(proposal.id) }
        }
        return ids
    }

    package func notExported(from state: any LedgerReading) throws -> [String] {
        let known = Set(try GovernanceModule.exported(in: state))
        var left: [String] = []
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.proposalPrefix) { entry in
            let proposal = try GovV1.Proposal(stored: entry, in: GovernanceStore.name)
            guard !known.contains(proposal.id) else { return }
            left.append("proposal \(proposal.id), which has messages; what was deposited for it stays governance's")
        }
        return left
    }

    /// Governance has what was deposited; every proposal is queued as its status says, and nothing else is.
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        for coin in try GovernanceModule.deposited(in: state).list {
            let held = try BankModule.balance(
                of: ModuleAccount.governance.address, denomination: coin.denomination, on: state)
            if held < coin.amount { broken.append("governance has \(held) of \(coin) that were deposited") }
        }
        var (waiting, queued) = (0, 0)
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.proposalPrefix) { entry in
            let proposal = try GovV1.Proposal(stored: entry, in: GovernanceStore.name)
            guard let (prefix, time) = GovernanceStore.place(of: proposal) else { return }
            waiting += 1
            let key = GovernanceStore.queueKey(prefix, time, proposal.id)
            if try state.value(of: key, in: GovernanceStore.name) == nil {
                broken.append("proposal \(proposal.id) is not queued")
            }
        }
        for prefix in [GovernanceStore.activePrefix, GovernanceStore.inactivePrefix] {
            try state.visit(GovernanceStore.name, prefix: prefix) { _ in queued += 1 }
        }
        if queued != waiting { broken.append("\(queued) proposals are queued, \(waiting) wait") }
        if let listed = try state.value(of: GovernanceStore.votedKey, in: GovernanceStore.name),
            try listed != GovernanceStore.voted(in: state)
        {
            broken.append("the list of proposals that are voted on does not name them")
        }
        if let fault = GovernanceParameters.fault(of: try GovernanceParameters.current(in: state)) {
            broken.append(fault)
        }
        return try broken + GovernanceModule.boundFaults(in: state)
    }

    private static func deposited(in state: any LedgerReading) throws -> Coins {
        var parts: [Coins] = []
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.depositPrefix) { entry in
            parts.append(try Coins(try GovV1.Deposit(stored: entry, in: GovernanceStore.name).amount))
        }
        return try Coins.sum(parts)
    }

    // MARK: - Proposals in JSON

    private static let options = ["UNSPECIFIED", "YES", "ABSTAIN", "NO", "NO_WITH_VETO"].map { "VOTE_OPTION_" + $0 }
    private static let statuses = ["UNSPECIFIED", "DEPOSIT_PERIOD", "VOTING_PERIOD", "PASSED", "REJECTED", "FAILED"]
        .map { "PROPOSAL_STATUS_" + $0 }

    private static func proposal(_ value: GenesisValue) throws -> GovV1.Proposal {
        guard try value["messages"].elements.isEmpty else {
            throw value["messages"].refusal("proposals with messages begin no chain")
        }
        guard let status = statuses.firstIndex(of: try value["status"].text), status > 0 else {
            throw value["status"].refusal("is not known")
        }
        func time(_ name: String) throws -> Timestamp? {
            value[name].json == nil ? nil : try value[name].time
        }
        func count(_ name: String) throws -> UInt128 {
            let text = try value["final_tally_result"][name].text
            guard let amount = text.isEmpty ? 0 : Coin.amount(Array(text.utf8)) else {
                throw value["final_tally_result"][name].refusal("is no number")
            }
            return amount
        }
        let proposal = GovV1.Proposal(
            id: try value["id"].number, status: .init(rawValue: Int32(status)),
            finalTallyResult: .init(
                yesCount: try count("yes_count"), abstainCount: try count("abstain_count"),
                noCount: try count("no_count"), noWithVetoCount: try count("no_with_veto_count")),
            submitTime: try time("submit_time"), depositEndTime: try time("deposit_end_time"),
            totalDeposit: try value["total_deposit"].coins.list, votingStartTime: try time("voting_start_time"),
            votingEndTime: try time("voting_end_time"), metadata: try value["metadata"].text,
            title: try value["title"].text, summary: try value["summary"].text,
            proposer: try value["proposer"].text.isEmpty ? nil : try value["proposer"].address,
            expedited: try value["expedited"].flag ?? false, failedReason: try value["failed_reason"].text)
        let waits = proposal.status == .depositPeriod || proposal.status == .votingPeriod
        guard !waits || GovernanceStore.place(of: proposal) != nil else {
            throw value.refusal("waits without a time until when")
        }
        return proposal
    }

    private static func json(_ proposal: GovV1.Proposal) -> JSONValue {
        func time(_ time: Timestamp?) -> JSONValue { time.map { .string($0.description) } ?? .null }
        let tally = proposal.finalTallyResult ?? Tally.none
        return [
            "id": .string(String(proposal.id)), "messages": .array([]),
            "status": .string(statuses[Int(proposal.status.rawValue)]),
            "final_tally_result": [
                "yes_count": .string(String(tally.yesCount)), "abstain_count": .string(String(tally.abstainCount)),
                "no_count": .string(String(tally.noCount)),
                "no_with_veto_count": .string(String(tally.noWithVetoCount)),
            ], "submit_time": time(proposal.submitTime), "deposit_end_time": time(proposal.depositEndTime),
            "total_deposit": (try? Coins(proposal.totalDeposit)).map { JSONValue($0) } ?? .array([]),
            "voting_start_time": time(proposal.votingStartTime), "voting_end_time": time(proposal.votingEndTime),
            "metadata": .string(proposal.metadata), "title": .string(proposal.title),
            "summary": .string(proposal.summary), "proposer": .string(proposal.proposer?.description ?? ""),
            "expedited": .bool(proposal.expedited), "failed_reason": .string(proposal.failedReason),
        ]
    }
}
