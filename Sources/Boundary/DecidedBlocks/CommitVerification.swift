import PublicCryptography
import Wire

/// Why a commit is not one that this validator set could have made.
package enum CommitRefusal: Error, Hashable {
    case wrongSlotCount
    /// The slot names another validator than the set has in its place.
    case wrongSigner(slot: Int)
    case wrongSignature(slot: Int)
    case notEnoughPower
}

extension Commit {
    /// Whether more than two thirds of the power of `validators` signed this commit's block.
    ///
    /// A signature that does not verify is not counted, so that two verifiers which disagree about a crafted signature
    /// still agree about a commit that honest validators made. Votes for nil count for nothing. Slots are in the order
    /// of the set, whose keys are distinct, so no validator counts twice.
    package func hasQuorum(of validators: ValidatorSet, chainID: String) throws(CommitRefusal) {
        try checkSlots(against: validators)
        var signed: Int64 = 0
        for (slot, signature) in signatures.enumerated() where signature.flag == .commit {
            guard isSigned(slot, by: validators.validators[slot], chainID: chainID) else { continue }
            signed += validators.validators[slot].power
            if signed >= validators.quorum { return }
        }
        throw .notEnoughPower
    }

    /// As `hasQuorum`, and every vote in it verifies, votes for nil too: what a block's last commit must be
    /// (CometBFT: `VerifyCommit`), since the median of its timestamps may become a block's time.
    package func isWhollySigned(by validators: ValidatorSet, chainID: String) throws(CommitRefusal) {
        try checkSlots(against: validators)
        var signed: Int64 = 0
        for (slot, signature) in signatures.enumerated() where signature.flag != .absent {
            guard isSigned(slot, by: validators.validators[slot], chainID: chainID) else {
                throw .wrongSignature(slot: slot)
            }
            if signature.flag == .commit { signed += validators.validators[slot].power }
        }
        guard signed >= validators.quorum else { throw .notEnoughPower }
    }

    /// Addresses in a commit are under no signature; left unchecked, whoever hands it over could relabel votes.
    private func checkSlots(against validators: ValidatorSet) throws(CommitRefusal) {
        guard signatures.count == validators.count else { throw .wrongSlotCount }
        for (slot, signature) in signatures.enumerated() where signature.flag != .absent {
            guard signature.validatorAddress == validators.validators[slot].address else {
                throw .wrongSigner(slot: slot)
            }
        }
    }

    func isSigned(_ slot: Int, by validator: Validator, chainID: String) -> Bool {
        guard let message = signBytes(at: slot, chainID: chainID) else { return false }
        return Ed25519.verify(
            signature: signatures[slot].signature, message: message, publicKey: validator.publicKey)
    }

    /// CometBFT 0.38's block time: the median of the votes' timestamps, nil votes included, weighted by power. `nil`
    /// if the slots do not fit the set or nobody voted.
    package func medianTime(of validators: ValidatorSet) -> Timestamp? {
        guard signatures.count == validators.count else { return nil }
        var votes: [(time: Timestamp, weight: Int64)] = []
        for (slot, signature) in signatures.enumerated() where signature.flag != .absent {
            votes.append((signature.timestamp, validators.validators[slot].power))
        }
        return Timestamp.weightedMedian(of: votes)
    }
}

extension Timestamp {
    /// The first moment at which half of the weight, rounded down, is reached. `nil` without votes.
    package static func weightedMedian(of votes: [(time: Timestamp, weight: Int64)]) -> Timestamp? {
        var rest = votes.reduce(Int64(0)) { $0 + $1.weight } / 2
        for vote in votes.sorted(by: { $0.time < $1.time }) {
            if rest <= vote.weight { return vote.time }
            rest -= vote.weight
        }
        return nil
    }
}
