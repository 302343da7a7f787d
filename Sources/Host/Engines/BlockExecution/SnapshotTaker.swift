import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Wire

/// Begins a chain at a state that others give, chunk by chunk, for whichever engine. Believes nothing of it that is not
/// proved from the chain's genesis, or from a header that the operator named.
package final class SnapshotTaker {
    package enum Verdict: Hashable, Sendable {
        case taken
        /// The last one: the chain begins here.
        case complete
        /// Not what it should be: another peer may have it.
        case wrongChunk
        /// The snapshot as a whole is none of this chain.
        case refused(SyncRefusal)
    }

    private let store: BlockStore
    private let application: any StateTransferring
    private let genesis: GenesisDocument
    private let trust: SyncTrust
    private let description: SnapshotDescription
    /// What the engine beside us believes, if there is one.
    private let appHash: [UInt8]?
    private var place: (point: SyncPoint, trail: LightTrail, state: any StateRestoring)?
    private var block: [UInt8] = []

    /// `nil` for a snapshot of another form, or one that cannot be; and for one that is not above where the enclave
    /// stands.
    package init?(
        _ description: SnapshotDescription, store: BlockStore, application: any StateTransferring,
        genesis: GenesisDocument, trust: SyncTrust, appHash: [UInt8]? = nil
    ) {
        guard description.format == SnapshotDescription.currentFormat, description.height > trust.floor,
            (2...SnapshotDescription.chunksMax).contains(description.chunks),
            description.hash.count == Hash32.byteCount
        else { return nil }
        (self.store, self.application, self.genesis, self.trust) = (store, application, genesis, trust)
        (self.description, self.appHash) = (description, appHash)
    }

    /// The chunks that are still wanted; only the first until that is there.
    package var wanted: Set<UInt32> {
        guard let place else { return [0] }
        let inState = Set(place.state.wanted.map { UInt32($0) + 1 })
        return block.isEmpty ? inState.union([description.chunks - 1]) : inState
    }

    /// Takes a chunk. One that came already, or is not wanted yet, changes nothing.
    package func take(_ bytes: [UInt8], at index: UInt32) throws -> Verdict {
        guard wanted.contains(index) else { return .taken }
        guard let place else { return try begin(bytes) }
        if index == description.chunks - 1 {
            guard isBlock(bytes, of: place.point) else { return .wrongChunk }
            block = bytes
        } else {
            switch try place.state.take(bytes, at: Int(index) - 1) {
            case .taken: break
            case .wrong: return .wrongChunk
            case .refused: return .refused(.notProved)
            }
        }
        guard wanted.isEmpty else { return .taken }
        return try finish(place.point, place.trail, place.state) ? .complete : .refused(.beyondEnclave)
    }

    private func begin(_ bytes: [UInt8]) throws -> Verdict {
        guard SHA256.hash(bytes).bytes == description.hash else { return .wrongChunk }
        guard let manifest = try? SnapshotManifest(decoding: bytes),
            let point = try? SyncPoint(protobuf: manifest.point), point.height == description.height
        else { return .refused(.malformed) }
        let trail: LightTrail
        do throws(SyncRefusal) {
            trail = try believe(point)
        } catch {
            return .refused(error)
        }
        guard appHash ?? point.state.appHash == point.state.appHash,
            let state = try application.beginRestoring(outline: manifest.outline, appHash: point.state.appHash),
            state.chunkCount + 2 == Int(description.chunks)
        else { return .refused(.notProved) }
        place = (point, trail, state)
        return .taken
    }

    /// The way of the enclave to the height, which it will be shown.
    private func believe(_ point: SyncPoint) throws(SyncRefusal) -> LightTrail {
        guard let anchor = genesis.anchor, point.state.chainID == genesis.chainID else { throw .anotherChain }
        guard let first = point.first, first.header.height == point.height else { throw .malformed }
        let trail = try way(to: first, from: trust.enclave, on: anchor)
        let believed = try trust.named.map { named throws(SyncRefusal) in try way(to: first, from: named, on: anchor) }
        try compare(believed ?? trail, after: trust.named ?? trust.enclave, on: anchor)
        // Both ways end at this header, which has been verified.
        guard let head = SyncTrust.Place(verified: first, next: point.state.validators)?.head else { throw .notProved }
        try point.verify(genesis, following: head)
        try compareTurns(point)
        return trail
    }

    private func way(
        to first: UnverifiedHeader, from place: SyncTrust.Place, on anchor: ChainAnchor
    ) throws(SyncRefusal) -> LightTrail {
        try LightTrail(from: place.head, trusting: place.next, to: first, on: anchor, sources: trust.sources)
    }

    /// Whoever has two thirds of a set can sign two chains. Those who show headers are asked for this one, and told if
    /// theirs is another that proves itself.
    private func compare(
        _ trail: LightTrail, after place: SyncTrust.Place, on anchor: ChainAnchor
    ) throws(SyncRefusal) {
        var rules = LightRules(chainID: anchor.chainID)
        // As the trail itself has kept to it, step by step.
        rules.goesByBlockTime = true
        var headers = trail.steps.map(\.header)
        guard let target = headers.last, let first = headers.first else { return }
        if first.header.height > anchor.initialHeight {
            guard let start = start(place, on: anchor) else { return }
            headers.insert(start, at: 0)
        }
        let witnesses = trust.sources.compactMap { $0 as? any LightWitness }
        for witness in witnesses {
            let finding = LightDetector(rules).compare(
                LightTrace(unchecked: headers), with: witness, primary: nil, at: target.header.time)
            guard case .attack(let attack) = finding else { continue }
            for other in witnesses { try? other.take(Evidence(.lightClientAttack(attack.ofPrimary))) }
            throw .forked
        }
    }

    /// The header that is believed, from whoever shows it.
    private func start(_ place: SyncTrust.Place, on anchor: ChainAnchor) -> UnverifiedHeader? {
        let height = max(place.head.height, anchor.initialHeight)
        return trust.sources.lazy.compactMap { try? $0.header(height) }.first { shown in
            place.head.height < height
                ? (try? anchor.verify(first: shown)) != nil : shown.header.hash() == place.head.headerHash
        }
    }

    /// Turns of proposers are under no hash. Where others show them, one at least must show the same.
    private func compareTurns(_ point: SyncPoint) throws(SyncRefusal) {
        let shown = trust.sources.compactMap { try? $0.lightBlock(point.height + 1).validators.validators }
        guard shown.isEmpty || shown.contains(point.state.validators.validators) else { throw .impossiblePriorities }
    }

    private func isBlock(_ bytes: [UInt8], of point: SyncPoint) -> Bool {
        !bytes.isEmpty && PartSet(cutting: bytes).header == point.state.lastBlockID?.parts
    }

    /// The engine's copy first: what there is of it without a state is removed when a node begins again.
    private func finish(_ point: SyncPoint, _ trail: LightTrail, _ state: any StateRestoring) throws -> Bool {
        try store.begin(at: point, block: block)
        return try state.finish(
            RestoredPlace(
                height: point.height, time: point.header.time, headerHash: point.header.hash(),
                appHash: point.state.appHash,
                way: trail.steps.map { step in
                    .init(
                        header: step.header.header.protobuf, commit: step.header.commit.protobuf,
                        validators: step.header.validators.protobuf, trustedValidators: step.trusted.protobuf)
                }))
    }
}
