import DecidedBlocks

/// Proposer selection: a weighted round robin in exact integers, as CometBFT runs it.
///
/// Every step each validator's priority grows by its power; the highest proposes and pays the total power. All sums
/// saturate instead of overflowing.
extension ValidatorSet {
    /// The validator whose turn it is.
    package var proposer: Validator {
        if let proposerAddress, let index = index(of: proposerAddress) { return validators[index] }
        return validators[ValidatorSet.indexOfHighestPriority(validators)]
    }

    /// `times` steps in one call. Two calls with one step are not the same as one call with two: priorities are
    /// rescaled and centred once for each call.
    package mutating func incrementProposerPriority(times: Int32) {
        precondition(times > 0)
        var members = validators
        ValidatorSet.rescalePriorities(&members, totalPower: totalPower)
        ValidatorSet.centrePriorities(&members)
        var chosen = 0
        for _ in 0..<times {
            for index in members.indices {
                members[index].proposerPriority = ValidatorSet.saturatingSum(
                    members[index].proposerPriority, members[index].power)
            }
            chosen = ValidatorSet.indexOfHighestPriority(members)
            members[chosen].proposerPriority = ValidatorSet.saturatingSum(
                members[chosen].proposerPriority, -totalPower)
        }
        // Only priorities have changed: order, keys and powers are still those of a set.
        self = ValidatorSet(ordered: members, proposer: members[chosen].address)!
    }

    package func incrementingProposerPriority(times: Int32) -> ValidatorSet {
        var copy = self
        copy.incrementProposerPriority(times: times)
        return copy
    }

    /// Among equals the lower address.
    private static func indexOfHighestPriority(_ members: [Validator]) -> Int {
        var best = 0
        for index in members.indices.dropFirst() {
            let (candidate, current) = (members[index], members[best])
            if candidate.proposerPriority > current.proposerPriority
                || (candidate.proposerPriority == current.proposerPriority && candidate.address < current.address)
            {
                best = index
            }
        }
        return best
    }

    /// Priorities may lie apart by at most twice the total power.
    static func rescalePriorities(_ members: inout [Validator], totalPower: Int64) {
        let window = 2 * totalPower
        var (lowest, highest) = (Int64.max, Int64.min)
        for validator in members {
            lowest = min(lowest, validator.proposerPriority)
            highest = max(highest, validator.proposerPriority)
        }
        // Go's difference wraps around and is then made positive; the bits must agree.
        let wrapped = highest &- lowest
        let difference = wrapped < 0 ? 0 &- wrapped : wrapped
        guard difference > window else { return }
        let ratio = (difference - 1) / window + 1
        for index in members.indices {
            members[index].proposerPriority /= ratio  // toward zero, as Go divides
        }
    }

    /// Subtracts the average, rounded down, so that priorities stay around zero.
    static func centrePriorities(_ members: inout [Validator]) {
        let sum = members.reduce(Int128(0)) { $0 + Int128($1.proposerPriority) }
        let count = Int128(members.count)
        var average = sum / count
        if sum % count < 0 { average -= 1 }
        for index in members.indices {
            members[index].proposerPriority = Int64(clamping: Int128(members[index].proposerPriority) - average)
        }
    }

    private static func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right < 0 ? .min : .max) : sum
    }
}
