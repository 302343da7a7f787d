import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking

/// What the votes on a proposal come to.
struct Tally {
    let passes: Bool
    let burnsDeposits: Bool
    let result: GovV1.TallyResult
    /// How many were counted.
    let votes: Int

    static let none = GovV1.TallyResult(yesCount: 0, abstainCount: 0, noCount: 0, noWithVetoCount: 0)

    /// There are more votes than whoever asks wants to have counted.
    struct TooMany: Error {}

    private struct Bonded {
        var validator: StakedValidator
        /// Of those whose delegators voted for themselves.
        var deducted = Decimal18.zero
        var vote: [Part] = []
    }

    /// A part of somebody's power, and where in the counts it goes.
    private struct Part {
        let place: Int
        let weight: Decimal18

        /// What says nothing that counts, is none.
        init?(_ option: GovV1.WeightedVoteOption) {
            guard (1...4).contains(option.option.rawValue), let weight = Decimal18(text: option.weight) else {
                return nil
            }
            (place, self.weight) = (Int(option.option.rawValue) - 1, weight)
        }
    }

    /// How many delegations of an account are looked at to see whether it has one power.
    private static let delegationsMax = 100

    /// Whether an account decides nothing to speak of: it is no validator of the set, and has delegated less than what
    /// makes one power.
    static func isLight(_ voter: AccountAddress, in state: any LedgerReading) throws -> Bool {
        if try StakingStore.validator(OperatorAddress(voter), in: state)?.isBonded == true { return false }
        var sum = Decimal18.zero
        let entries = try state.entries(
            in: StakingStore.name, prefix: StakingStore.delegationsPrefix(of: voter), after: nil, limit: delegationsMax,
            reverse: false)
        for entry in entries {
            let delegation = try Delegation(stored: entry, in: StakingStore.name)
            guard let validator = try StakingStore.validator(delegation.validatorAddress, in: state),
                let tokens = try? validator.tokens(ofShares: delegation.shares), let more = try? sum + tokens
            else { continue }
            sum = more
        }
        return sum < Decimal18(StakedValidator.powerReduction)
    }

    /// Counts the votes in the order of the voters. Whoever votes does so for what it has delegated to the set; a
    /// validator does for the rest of what is delegated to it. A number that is too large to be one counts as nothing.
    ///
    /// - Parameter validators: the set, the strongest first.
    ///
    /// Throws `TooMany` before it counts more than `votesMax` of them.
    init(
        of proposal: GovV1.Proposal, by validators: [StakedValidator], _ parameters: GovernanceParameters.Values,
        votesMax: Int = .max, in state: any LedgerReading
    ) throws {
        var set: [OperatorAddress: Bonded] = [:]
        for validator in validators { set[validator.operatorAddress] = Bonded(validator: validator) }
        var (counts, total) = ([Decimal18](repeating: .zero, count: 4), Decimal18.zero)
        func count(_ shares: Decimal18, _ validator: StakedValidator, _ parts: [Part]) {
            guard let power = try? validator.tokens(ofShares: shares) else { return }
            for part in parts {
                guard let more = try? power.multiplied(by: part.weight), let sum = try? counts[part.place] + more
                else { continue }
                counts[part.place] = sum
            }
            if let sum = try? total + power { total = sum }
        }
        var seen = 0
        try state.visit(GovernanceStore.name, prefix: GovernanceStore.votesPrefix(proposal.id)) { entry in
            guard seen < votesMax else { throw TooMany() }
            seen += 1
            let vote = try GovernanceStore.Vote(stored: entry, in: GovernanceStore.name)
            let parts = vote.options.compactMap { Part($0) }
            set[OperatorAddress(vote.voter)]?.vote = parts
            try StakingStore.visitShares(of: vote.voter, in: state) { validator, shares in
                guard let bonded = set[validator] else { return }
                if let sum = try? bonded.deducted + shares { set[validator]?.deducted = sum }
                count(shares, bonded.validator, parts)
            }
        }
        votes = seen
        for validator in validators {
            guard let bonded = set[validator.operatorAddress], !bonded.vote.isEmpty,
                let rest = try? bonded.validator.delegatorShares - bonded.deducted
            else { continue }
            count(rest, bonded.validator, bonded.vote)
        }
        let whole = counts.map { (try? $0.truncatedAmount) ?? 0 }
        result = .init(
            yesCount: whole[0], abstainCount: whole[1], noCount: whole[2], noWithVetoCount: whole[3])
        (passes, burnsDeposits) = try Tally.decide(
            counts, total, of: Decimal18(try StakingStore.bondedTokens(in: state)), parameters,
            isExpedited: proposal.expedited)
    }

    /// In the original's order. Exactly the quorum is enough, exactly a threshold is not.
    private static func decide(
        _ counts: [Decimal18], _ total: Decimal18, of bonded: Decimal18, _ parameters: GovernanceParameters.Values,
        isExpedited: Bool
    ) throws -> (passes: Bool, burnsDeposits: Bool) {
        typealias Parameters = GovernanceParameters
        guard !bonded.isZero else { return (false, false) }
        func share(_ part: Decimal18, _ whole: Decimal18) -> Decimal18 { (try? part.divided(by: whole)) ?? .zero }
        if share(total, bonded) < Parameters.ratio(parameters.quorum) { return (false, parameters.burnVoteQuorum) }
        guard let decided = try? total - counts[1], decided.isPositive else { return (false, false) }
        if Parameters.ratio(parameters.vetoThreshold) < share(counts[3], total) {
            return (false, parameters.burnVoteVeto)
        }
        let threshold = isExpedited ? parameters.expeditedThreshold : parameters.threshold
        return (Parameters.ratio(threshold) < share(counts[0], decided), false)
    }
}
