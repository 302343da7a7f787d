import Auth
import Bank
import ChainMessages
import EconomyKit
import EnclaveProtocol
import ExactNumbers
import LedgerKit
import LedgerRecords
import ModuleKit
import Seeds
import SignedTransactions
import Staking
import Wire

/// Proposals at random, done by the modules and told a second time: by whole numbers and lists in place of decimals and
/// queues. Weights are tenths, and nothing is slashed, so both come to the same to the last coin.
struct GovernanceWalk {
    /// What the second telling knows of a proposal that is not over.
    private struct Open {
        var proposer: AccountAddress
        /// What it would pay out of the pool.
        var spends: [UInt128]
        var isExpedited: Bool
        var deposits: [(who: AccountAddress, amount: UInt128)] = []
        /// Of its vote, or of the time for deposits.
        var end: Int64
        var begin: Int64?
        var votes: [AccountAddress: [(option: Int, tenths: UInt128)]] = [:]
        var minimum: UInt128 { isExpedited ? 50_000_000 : 10_000_000 }
        var total: UInt128 { deposits.reduce(0) { $0 + $1.amount } }
    }

    private let chain: Proposals
    private var random: SeededGenerator
    private let accounts: [AccountAddress]
    private var balances: [AccountAddress: UInt128] = [:]
    private var delegated: [AccountAddress: [UInt128]] = [:]
    private var open: [UInt64: Open] = [:]
    private var next: UInt64 = 1
    private var (pool, supply): (UInt128, UInt128) = (0, 0)
    private var second: Int64
    /// How often each end came.
    private(set) var ends: [String: Int] = [:]

    init(seed: UInt64) throws {
        random = SeededGenerator(seed: seed)
        chain = try Proposals(tokens: [310_000_000, 400_000_000, 290_000_000])
        let founders = chain.validators.map(\.account)
        accounts = [chain.alice, chain.bob] + founders
        for account in accounts { delegated[account] = [0, 0, 0] }
        for (index, founder) in chain.validators.enumerated() { delegated[founder.account]![index] = founder.tokens }
        for account in accounts { balances[account] = try chain.economy.balance(account) }
        supply = try chain.supply()
        second = chain.economy.block.time.seconds
    }

    /// A block of some messages; where the two tellings part.
    mutating func block() throws -> String? {
        for _ in 0..<random.below(7) {
            let (said, code) = try message()
            if (code == "ok") != said.isTaken {
                return "\(said.text): \(code), and should \(said.isTaken ? "" : "not ")be"
            }
        }
        let events = try chain.economy.end().filter { $0.type.hasSuffix("_proposal") }.map { event in
            event.attributes.filter { ["proposal_id", "proposal_result"].contains($0.key) }.map(\.value)
                .joined(separator: " ")
        }
        let expected = finish()
        if events != expected { return "the end says \(events), and should \(expected)" }
        if let difference = try difference() { return difference }
        let broken = try chain.broken()
        guard broken.isEmpty else { return broken.joined(separator: "; ") }
        second += Int64(1 + random.below(9))
        try chain.economy.begin(time: Timestamp(seconds: second, nanoseconds: 0)!)
        return nil
    }

    private func difference() throws -> String? {
        for account in accounts {
            let has = try chain.economy.balance(account)
            if has != balances[account] { return "\(account) has \(has), and should \(balances[account]!)" }
        }
        let held = try chain.economy.balance(Proposals.governance)
        let deposits = open.values.reduce(0) { $0 + $1.total }
        if held != deposits { return "governance has \(held), and should \(deposits)" }
        let all = try chain.supply()
        return all == supply ? nil : "there are \(all), and should be \(supply)"
    }

    // MARK: - Messages

    private typealias Said = (text: String, isTaken: Bool)

    private mutating func pick<Element>(_ list: [Element]) -> Element { list[random.below(list.count)] }

    /// One that there is, mostly.
    private mutating func someID() -> UInt64 {
        let ids = open.keys.sorted()
        return ids.isEmpty || random.below(12) == 0 ? UInt64(random.below(Int(next) + 2)) : pick(ids)
    }

    private mutating func message() throws -> (Said, code: String) {
        let who = pick(accounts)
        switch random.below(10) {
        case 0, 1: return try submit(by: who)
        case 2: return try deposit(by: who)
        case 3, 4, 5, 6: return try vote(by: who)
        case 7: return try cancel(by: who)
        case 8: return try stake(by: who)
        default: return try fund(by: who)
        }
    }

    private mutating func submit(by who: AccountAddress) throws -> (Said, code: String) {
        let spends = (0..<random.below(3)).map { _ in UInt128(1 + random.below(400_000)) }
        let isExpedited = random.below(3) == 0
        var proposal = Open(
            proposer: who, spends: spends, isExpedited: isExpedited, end: second + 100)
        let amount = pick([proposal.minimum, proposal.minimum, proposal.minimum / 2, proposal.minimum / 200])
        let bob = chain.bob
        let code = try chain.economy.code(
            chain.submission(spends.map { chain.spend($0, to: bob) }, deposit: amount, expedited: isExpedited) {
                $0.proposer = who
            })
        let isTaken = amount >= proposal.minimum / 100 && balances[who]! >= amount
        if isTaken {
            add(amount, by: who, to: &proposal)
            open[next] = proposal
            next += 1
        }
        return (("\(next) of \(amount)", isTaken), code)
    }

    private mutating func add(_ amount: UInt128, by who: AccountAddress, to proposal: inout Open) {
        balances[who]! -= amount
        if let place = proposal.deposits.firstIndex(where: { $0.who == who }) {
            proposal.deposits[place].amount += amount
        } else {
            proposal.deposits.append((who, amount))
        }
        if proposal.begin == nil, proposal.total >= proposal.minimum {
            proposal.begin = second
            proposal.end = second + (proposal.isExpedited ? 10 : 20)
        }
    }

    private mutating func deposit(by who: AccountAddress) throws -> (Said, code: String) {
        let id = someID()
        let amount = UInt128(pick([50_000, 100_000, 500_000, 4_000_000, 20_000_000]))
        let code = try chain.economy.code(
            GovV1.MsgDeposit(proposalID: id, depositor: who, amount: [Coin(amount, "uscrt")]))
        guard var proposal = open[id], amount >= proposal.minimum / 100, balances[who]! >= amount else {
            return (("deposit on \(id)", false), code)
        }
        add(amount, by: who, to: &proposal)
        open[id] = proposal
        return (("deposit on \(id)", true), code)
    }

    private mutating func vote(by who: AccountAddress) throws -> (Said, code: String) {
        let id = someID()
        let text = "vote on \(id)"
        guard random.below(2) == 0 else {
            // Mostly for it, so that some pass.
            let option = pick([1, 1, 1, 1, 2, 3, 4, 5])
            let code = try chain.economy.code(
                GovV1.MsgVote(proposalID: id, voter: who, option: .init(rawValue: Int32(option))))
            guard open[id]?.begin != nil, option < 5 else { return ((text, false), code) }
            open[id]!.votes[who] = [(option, 10)]
            return ((text, true), code)
        }
        // What is left of the ten tenths goes to a last option, or is a fault.
        var (left, votes): (Int, [(option: Int, tenths: UInt128)]) = (10, [])
        for option in [1, 2, 3].shuffled(using: &random).prefix(2) where left > 1 {
            let part = 1 + random.below(left - 1)
            votes.append((option, UInt128(part)))
            left -= part
        }
        let isWhole = random.below(8) > 0
        if isWhole { votes.append((4, UInt128(left))) }
        let options = votes.map { vote in
            GovV1.WeightedVoteOption(
                option: .init(rawValue: Int32(vote.option)), weight: vote.tenths == 10 ? "1" : "0.\(vote.tenths)")
        }
        let code = try chain.economy.code(GovV1.MsgVoteWeighted(proposalID: id, voter: who, options: options))
        guard open[id]?.begin != nil, isWhole else { return ((text, false), code) }
        open[id]!.votes[who] = votes
        return ((text, true), code)
    }

    private mutating func cancel(by other: AccountAddress) throws -> (Said, code: String) {
        let id = someID()
        let who = random.below(2) == 0 ? open[id]?.proposer ?? other : other
        let code = try chain.economy.code(GovV1.MsgCancelProposal(proposalID: id, proposer: who))
        guard let proposal = open[id], proposal.proposer == who, proposal.begin == nil || proposal.end >= second else {
            return (("cancel of \(id)", false), code)
        }
        for deposit in proposal.deposits {
            balances[deposit.who]! += deposit.amount - deposit.amount / 2
            supply -= deposit.amount / 2
        }
        open[id] = nil
        ends["cancelled", default: 0] += 1
        return (("cancel of \(id)", true), code)
    }

    private mutating func stake(by who: AccountAddress) throws -> (Said, code: String) {
        let place = random.below(3)
        let validator = chain.validators[place].validator
        let amount = UInt128(1 + random.below(60_000_000))
        guard random.below(3) == 0 else {
            let code = try chain.economy.code(
                StakingV1beta1.MsgDelegate(
                    delegatorAddress: who, validatorAddress: validator, amount: Coin(amount, "uscrt")))
            guard balances[who]! >= amount else { return (("delegate \(amount)", false), code) }
            balances[who]! -= amount
            delegated[who]![place] += amount
            return (("delegate \(amount)", true), code)
        }
        // Never all that a validator has itself: it would be jailed, and its vote with it.
        let most = delegated[who]![place] / 2
        guard most > 0 else { return (("nothing", true), "ok") }
        let less = min(most, amount)
        let code = try chain.economy.code(
            StakingV1beta1.MsgUndelegate(
                delegatorAddress: who, validatorAddress: validator, amount: Coin(less, "uscrt")))
        // So many at a time are let go, and no more.
        if code == "ok" { delegated[who]![place] -= less }
        return (("undelegate \(less)", code == "ok"), code)
    }

    private mutating func fund(by who: AccountAddress) throws -> (Said, code: String) {
        let amount = UInt128(1 + random.below(300_000))
        let code = try chain.economy.code(
            DistributionV1beta1.MsgFundCommunityPool(amount: [Coin(amount, "uscrt")], depositor: who))
        guard balances[who]! >= amount else { return (("fund", false), code) }
        balances[who]! -= amount
        pool += amount
        return (("fund", true), code)
    }

    // MARK: - The end of a block

    private mutating func finish() -> [String] {
        let due = open.filter { $0.value.end <= second }.sorted { ($0.value.end, $0.key) < ($1.value.end, $1.key) }
        var said: [String] = []
        for (id, proposal) in due where proposal.begin == nil {
            refund(proposal)
            open[id] = nil
            said.append(note(id, "proposal_dropped"))
        }
        for (id, proposal) in due where proposal.begin != nil {
            let (passes, burns) = outcome(of: proposal)
            if proposal.isExpedited, !passes {
                open[id]!.isExpedited = false
                open[id]!.votes = [:]
                open[id]!.end = proposal.begin! + 20
                said.append(note(id, "expedited_proposal_rejected"))
                continue
            }
            if burns { supply -= proposal.total } else { refund(proposal) }
            open[id] = nil
            let spent = proposal.spends.reduce(0, +)
            switch (passes, spent <= pool) {
            case (true, true):
                pool -= spent
                balances[chain.bob]! += spent
                said.append(note(id, "proposal_passed"))
            case (true, false): said.append(note(id, "proposal_failed"))
            default: said.append(note(id, "proposal_rejected"))
            }
            if burns { ends["burned", default: 0] += 1 }
        }
        return said
    }

    private mutating func note(_ id: UInt64, _ end: String) -> String {
        ends[end, default: 0] += 1
        return "\(id) \(end)"
    }

    private mutating func refund(_ proposal: Open) {
        for deposit in proposal.deposits { balances[deposit.who]! += deposit.amount }
    }

    /// In tenths of coins, and thousandths of the whole.
    private func outcome(of proposal: Open) -> (passes: Bool, burns: Bool) {
        var counts: [UInt128] = [0, 0, 0, 0]
        var rest = (0..<3).map { place in delegated.values.reduce(0) { $0 + $1[place] } }
        let bonded = rest.reduce(0, +) * 10
        var total: UInt128 = 0
        func count(_ coins: UInt128, _ votes: [(option: Int, tenths: UInt128)]) {
            for vote in votes { counts[vote.option - 1] += coins * vote.tenths }
            total += coins * 10
        }
        for (who, votes) in proposal.votes {
            for place in 0..<3 {
                rest[place] -= delegated[who]![place]
                count(delegated[who]![place], votes)
            }
        }
        for (place, validator) in chain.validators.enumerated() {
            if let votes = proposal.votes[validator.account] { count(rest[place], votes) }
        }
        if total * 1_000 < bonded * 334 || total == counts[1] { return (false, false) }
        if counts[3] * 1_000 > total * 334 { return (false, true) }
        return (counts[0] * 1_000 > (total - counts[1]) * (proposal.isExpedited ? 667 : 500), false)
    }
}
