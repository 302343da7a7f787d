import ChainFormats
import DecidedBlocks
import PublicCryptography
import Wire

/// Evidence that waits for a block, and conflicts between votes that become evidence once their height is decided, when
/// the time of its block is known. Bounded: what does not fit is lost here, and others have it.
package struct EvidencePool: Sendable {
    static let conflictCountMax = 1000
    static let pendingCountMax = 1000
    /// Of all that waits: it is saved as a whole.
    static let pendingBytesMax = 8 << 20
    /// Of one validator: any piece counts against it as much as many do, and those of others find room.
    static let ofOneVoterMax = 20

    /// Where a validator voted twice: further votes of it there prove nothing new.
    private struct Place: Hashable {
        var voter: ValidatorAddress
        var height: Int64
        var round: Int32
        var kind: VoteKind
    }

    /// What is held against a height that has come, without reading the evidence again.
    private struct Entry {
        var name: EvidenceName
        var place: Place?
        var time: Timestamp
        var byteCount: Int

        init(_ evidence: Evidence, _ content: EvidenceContent) {
            name = evidence.name(content)
            time = content.time
            byteCount = Evidence.byteCount([evidence])
            if case .duplicateVote(let duplicate) = content {
                let vote = duplicate.first
                place = Place(voter: vote.validatorAddress, height: vote.height, round: vote.round, kind: vote.kind)
            }
        }
    }

    package private(set) var pending: [Evidence] = []
    /// Of each piece that waits.
    private var entries: [Entry] = []
    private var conflicts: [(first: Vote, second: Vote)] = []
    private var hasChanged = false

    /// `pending` was verified before it was saved.
    package init(_ pending: [Evidence] = []) {
        for item in pending {
            if let content = item.content { append(item, Entry(item, content)) }
        }
    }

    /// Whether what waits is other than at the last call.
    package mutating func takeChange() -> Bool {
        defer { hasChanged = false }
        return hasChanged
    }

    /// By name, as in CometBFT: one attack can be written in many ways.
    private mutating func append(_ evidence: Evidence, _ entry: Entry) {
        guard !knows(entry), hasRoom(for: entry) else { return }
        pending.append(evidence)
        entries.append(entry)
    }

    private func knows(_ entry: Entry) -> Bool {
        entries.contains { $0.name == entry.name || entry.place != nil && $0.place == entry.place }
    }

    private func hasRoom(for entry: Entry) -> Bool {
        guard pending.count < EvidencePool.pendingCountMax,
            entries.reduce(entry.byteCount, { $0 + $1.byteCount }) <= EvidencePool.pendingBytesMax
        else { return false }
        guard let voter = entry.place?.voter else { return true }
        return entries.count { $0.place?.voter == voter } < EvidencePool.ofOneVoterMax
    }

    /// Two votes of one validator that this node has seen and verified.
    package mutating func note(_ first: Vote, _ second: Vote) {
        let isKnown = conflicts.contains { known in
            (known.first.validatorAddress, known.first.height, known.first.round, known.first.kind)
                == (first.validatorAddress, first.height, first.round, first.kind)
        }
        let ofVoter = conflicts.count { $0.first.validatorAddress == first.validatorAddress }
        guard !isKnown, conflicts.count < EvidencePool.conflictCountMax, ofVoter < EvidencePool.ofOneVoterMax else {
            return
        }
        conflicts.append((first, second))
    }

    /// `false` if it waits already, a block has it, it is too old, or there is no room: a peer that is behind cannot
    /// know. What is of a height to come is not understood yet.
    package mutating func add(
        _ evidence: Evidence, after state: ConsensusState, _ history: any EvidenceHistory
    ) throws(EvidenceRefusal) -> Bool {
        guard let content = evidence.content, content.height <= state.lastHeight else { throw .notUnderstood }
        let entry = Entry(evidence, content)
        // What no block may carry would wait in vain.
        guard entry.byteCount <= state.parameters.evidence.bytesMax, !knows(entry), hasRoom(for: entry),
            !history.isCommitted(entry.name)
        else { return false }
        do throws(EvidenceRefusal) {
            try state.check(evidence, against: history)
        } catch .invalid(.expired) {
            return false
        }
        append(evidence, entry)
        hasChanged = true
        return true
    }

    /// After a height: conflicts of it become evidence, and what is in a block or too old goes. What is new.
    package mutating func update(after state: ConsensusState, _ history: any EvidenceHistory) -> [Evidence] {
        let stays = entries.map { entry in
            !history.isCommitted(entry.name) && !state.isExpired(height: entry.name.height, time: entry.time)
        }
        if stays.contains(false) {
            pending = zip(pending, stays).filter(\.1).map(\.0)
            entries = zip(entries, stays).filter(\.1).map(\.0)
            hasChanged = true
        }
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

    /// As much as a block may carry, oldest first; what does not fit keeps nothing from its place that does.
    package func evidence(bytesMax: Int64) -> [Evidence] {
        var room = bytesMax
        return zip(pending, entries).compactMap { item, entry in
            guard Int64(entry.byteCount) <= room else { return nil }
            room -= Int64(entry.byteCount)
            return item
        }
    }
}
