import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Wire

/// What stands behind proposals: coins that governance holds, and gives back or burns.
enum Deposits {
    private static let holder = ModuleAccount.governance

    /// As a message of its own.
    static func run(
        _ amount: [Coin], by depositor: AccountAddress, to id: UInt64, in block: BlockContext,
        on state: any LedgerState
    ) throws -> [Event] {
        let coins = try BankModule.valid(amount)
        guard let proposal = try GovernanceStore.proposal(id, in: state) else { throw unknown(id) }
        let (events, begins) = try add(coins, by: depositor, to: proposal, in: block, on: state)
        return begins ? events + [Event("proposal_deposit", ["voting_period_start": String(id)])] : events
    }

    static func unknown(_ id: UInt64) -> TransactionRefusal {
        GovernanceModule.unregistered(
            "collections: not found: key '\(id)' of type github.com/cosmos/gogoproto/cosmos.gov.v1.Proposal")
    }

    static func requireDenominations(_ coins: Coins, _ parameters: GovernanceParameters.Values) throws {
        let known = parameters.minDeposit.map(\.denomination)
        guard coins.list.allSatisfy({ known.contains($0.denomination) }) else {
            throw GovernanceModule.refusal(
                23,
                "deposited \(coins), but gov accepts only the following denom(s): [\(known.joined(separator: " "))]: "
                    + "invalid deposit denom")
        }
    }

    /// - Returns: the events, and whether the vote on the proposal begins with it.
    static func add(
        _ coins: Coins, by depositor: AccountAddress, to proposal: GovV1.Proposal, in block: BlockContext,
        on state: any LedgerState
    ) throws -> (events: [Event], begins: Bool) {
        guard proposal.status == .depositPeriod || proposal.status == .votingPeriod,
            try !GovernanceStore.isLate(proposal, in: state)
        else { throw GovernanceModule.refusal(3, "\(proposal.id): inactive proposal") }
        let parameters = try GovernanceParameters.current(in: state)
        let minimum = GovernanceParameters.minimum(parameters, isExpedited: proposal.expedited)
        try requireDenominations(coins, parameters)
        try requireShare(coins, of: minimum, GovernanceParameters.ratio(parameters.minDepositRatio))
        try BankModule.move(coins, from: depositor, to: holder.address, at: block.time, on: state)
        var changed = proposal
        let total = try Coins.sum([try Coins(proposal.totalDeposit), coins])
        changed.totalDeposit = total.list
        let begins =
            proposal.status == .depositPeriod
            && minimum.list.allSatisfy { total.amount(of: $0.denomination) >= $0.amount }
        if begins {
            let period = GovernanceParameters.votingPeriod(parameters, isExpedited: proposal.expedited)
            changed.status = .votingPeriod
            changed.votingStartTime = block.time
            changed.votingEndTime = block.time.adding(nanoseconds: period)
        }
        try GovernanceStore.save(changed, replacing: proposal, on: state)
        var deposit =
            try GovernanceStore.deposit(proposal.id, depositor, in: state)
            ?? .init(proposalID: proposal.id, depositor: depositor)
        deposit.amount = try Coins.sum([try Coins(deposit.amount), coins]).list
        try GovernanceStore.save(deposit, on: state)
        let said = Event(
            "proposal_deposit",
            ["depositor": depositor.description, "amount": coins.description, "proposal_id": String(proposal.id)])
        return (BankModule.eventsOfMove(coins, from: depositor, to: holder.address) + [said], begins)
    }

    private static func requireShare(_ coins: Coins, of minimum: Coins, _ ratio: Decimal18) throws {
        guard ratio.isPositive else { return }
        let least = try minimum.list.map { coin in
            Coin(try ratio.multiplied(byWhole: coin.amount).truncatedAmount, coin.denomination)
        }
        guard
            least.contains(where: {
                coins.amount(of: $0.denomination) >= $0.amount && coins.amount(of: $0.denomination) > 0
            })
        else {
            throw GovernanceModule.refusal(
                16,
                "received \(coins) but need at least one of the following: "
                    + "\(least.map(\.description).joined(separator: ",")): minimum deposit is too small")
        }
    }

    // MARK: - The end of a proposal

    static func refund(_ id: UInt64, on state: any LedgerState) throws -> [Event] {
        try GovernanceStore.takeDeposits(id, on: state).flatMap { deposit in
            try give(try Coins(deposit.amount), to: deposit.depositor, on: state)
        }
    }

    static func burn(_ id: UInt64, on state: any LedgerState) throws -> [Event] {
        let coins = try Coins.sum(try GovernanceStore.takeDeposits(id, on: state).map { try Coins($0.amount) })
        return try coins.list.flatMap { try BankModule.burn($0, of: holder, on: state) }
    }

    /// Keeps a share of every deposit and gives the rest back.
    ///
    /// - Returns: the events, and what was kept.
    static func charge(
        _ id: UInt64, _ ratio: Decimal18, on state: any LedgerState
    ) throws -> (events: [Event], kept: Coins) {
        var (events, kept): ([Event], [Coins]) = ([], [])
        for deposit in try GovernanceStore.takeDeposits(id, on: state) {
            let coins = try Coins(deposit.amount)
            let share = try Coins(
                coins.list.map { Coin(try ratio.multiplied(byWhole: $0.amount).truncatedAmount, $0.denomination) }
                    .filter { $0.amount > 0 })
            kept.append(share)
            events += try give(coins.less(share) ?? .none, to: deposit.depositor, on: state)
        }
        return (events, try Coins.sum(kept))
    }

    /// What is kept of deposits goes to `destination`, or is burned. To distribution's account it goes as a gift to the
    /// community pool, since that account's coins are counted.
    static func spend(
        _ coins: Coins, for destination: AccountAddress?, _ router: MessageRouter, in block: BlockContext,
        on state: any LedgerState
    ) throws -> [Event] {
        guard !coins.isEmpty else { return [] }
        guard let destination else {
            return try coins.list.flatMap { try BankModule.burn($0, of: holder, on: state) }
        }
        if destination == ModuleAccount.distribution.address {
            let gift = DistributionV1beta1.MsgFundCommunityPool(amount: coins.list, depositor: holder.address)
            return try router.run(gift.any, signer: holder.address, in: block, on: state).events
        }
        try BankModule.refuseIfBlocked(destination)
        return try give(coins, to: destination, on: state)
    }

    private static func give(
        _ coins: Coins, to recipient: AccountAddress, on state: any LedgerState
    ) throws -> [Event] {
        guard !coins.isEmpty else { return [] }
        try BankModule.move(coins, from: holder.address, to: recipient, on: state)
        return BankModule.eventsOfMove(coins, from: holder.address, to: recipient)
    }
}
