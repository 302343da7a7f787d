import ChainFormats
import DecidedBlocks
import PublicCryptography
import Wire

/// Evidence that waits for a block, and conflicts between votes that become evidence once their height is decided, when
/// the time of its block is known. Bounded: what does not fit is lost here, and others have it.
package struct EvidencePool: Sendable {
    static let conflictCountMax = 1000
    static let pendingCountMax = 1000

    package private(set) var pending: [Evidence]
    private var conflicts: [(first: Vote, second: Vote)] = []

    package init(_ pending: [Evidence] = []) { self.pending = pending }

    /// Two votes of one validator that this node has seen and verified.
    package mutating func note(_ first: Vote, _ second: Vote) {
        let isKnown = conflicts.contains { known in
            (known.first.validatorAddress, known.first.height, known.first.round, known.first.kind)
                == (first.validatorAddress, first.height, first.round, first.kind)
        }
        if !isKnown, conflicts.count < EvidencePool.conflictCountMax { conflicts.append((first, second)) }
    }

    /// `false` if it waits already, or there is no room.
    package mutating func add(
        _ evidence: Evidence, after state: ConsensusState, _ history: any EvidenceHistory
    ) throws(EvidenceRefusal) -> Bool {
        guard !pending.contains(evidence), pending.count < EvidencePool.pendingCountMax else { return false }
        try state.check(evidence, against: history)
        pending.append(evidence)
        return true
    }

    /// After a height: conflicts of it become evidence, and what is in a block or too old goes. What is new.
    package mutating func update(after state: ConsensusState, _ history: any EvidenceHistory) -> [Evidence] {
        pending.removeAll { (try? state.check($0, against: history)) == nil }
        let decided = conflicts.filter { $0.first.height <= state.lastHeight }
        conflicts.removeAll { $0.first.height <= state.lastHeight }
        var new: [Evidence] = []
        for (first, second) in decided {
            guard let validators = history.validators(first.height), let header = history.header(first.height),
                let duplicate = DoubleVote(first, second, of: validators, time: header.time)
            else { continue }
            let evidence = Evidence(.duplicateVote(duplicate))
            if (try? add(evidence, after: state, history)) == true { new.append(evidence) }
        }
        return new
    }

    /// As much as a block may carry, oldest first.
    package func evidence(bytesMax: Int64) -> [Evidence] {
        var chosen: [Evidence] = []
        for item in pending {
            guard Evidence.byteCount(chosen + [item]) <= bytesMax else { break }
            chosen.append(item)
        }
        return chosen
    }

    package mutating func removeAll() { pending.removeAll() }
}
