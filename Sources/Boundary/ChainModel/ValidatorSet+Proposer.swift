/// Proposer selection: a weighted round robin in exact integers, as CometBFT runs it.
///
/// Every step each validator's priority grows by its power; the highest proposes and pays the total power. All sums
/// saturate instead of overflowing.
extension ValidatorSet {
    /// Priorities may lie apart by at most twice the total power.
    private var priorityWindow: Int64 { 2 * totalPower }

    /// The validator whose turn it is.
    package var proposer: Validator {
        if let proposerAddress, let index = index(of: proposerAddress) { return validators[index] }
        return validators[indexOfHighestPriority]
    }

    /// `times` steps in one call. Two calls with one step are not the same as one call with two: priorities are
    /// rescaled and centred once for each call.
    package mutating func incrementProposerPriority(times: Int32) {
        precondition(times > 0)
        rescalePriorities()
        centrePriorities()
        for _ in 0..<times {
            for index in validators.indices {
                validators[index].proposerPriority = saturatingSum(
                    validators[index].proposerPriority, validators[index].power)
            }
            let chosen = indexOfHighestPriority
            validators[chosen].proposerPriority = saturatingSum(validators[chosen].proposerPriority, -totalPower)
            proposerAddress = validators[chosen].address
        }
    }

    package func incrementingProposerPriority(times: Int32) -> ValidatorSet {
        var copy = self
        copy.incrementProposerPriority(times: times)
        return copy
    }

    /// Among equals the lower address.
    private var indexOfHighestPriority: Int {
        var best = 0
        for index in validators.indices.dropFirst() {
            let (candidate, current) = (validators[index], validators[best])
            if candidate.proposerPriority > current.proposerPriority
                || (candidate.proposerPriority == current.proposerPriority && candidate.address < current.address)
            {
                best = index
            }
        }
        return best
    }

    mutating func rescalePriorities() {
        var (lowest, highest) = (Int64.max, Int64.min)
        for validator in validators {
            lowest = min(lowest, validator.proposerPriority)
            highest = max(highest, validator.proposerPriority)
        }
        // Go's difference wraps around and is then made positive; the bits must agree.
        let wrapped = highest &- lowest
        let difference = wrapped < 0 ? 0 &- wrapped : wrapped
        guard difference > priorityWindow else { return }
        let ratio = (difference - 1) / priorityWindow + 1
        for index in validators.indices {
            validators[index].proposerPriority /= ratio  // toward zero, as Go divides
        }
    }

    /// Subtracts the average, rounded down, so that priorities stay around zero.
    mutating func centrePriorities() {
        let sum = validators.reduce(Int128(0)) { $0 + Int128($1.proposerPriority) }
        let count = Int128(validators.count)
        var average = sum / count
        if sum % count < 0 { average -= 1 }
        for index in validators.indices {
            validators[index].proposerPriority = Int64(
                clamping: Int128(validators[index].proposerPriority) - average)
        }
    }

    private func saturatingSum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? (right < 0 ? .min : .max) : sum
    }
}
