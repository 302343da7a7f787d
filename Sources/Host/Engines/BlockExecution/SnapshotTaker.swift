import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Wire

/// Begins a chain at a state that others give, chunk by chunk, for whichever engine. Believes nothing of it that is not
/// proved from the chain's genesis.
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
    private let trusted: ValidatorSet
    private let description: SnapshotDescription
    /// What the engine beside us believes, if there is one.
    private let appHash: [UInt8]?
    private var place: (point: SyncPoint, state: any StateRestoring)?
    private var block: [UInt8] = []

    /// `nil` for a snapshot of another form, or one that cannot be.
    package init?(
        _ description: SnapshotDescription, store: BlockStore, application: any StateTransferring,
        genesis: GenesisDocument, trusting trusted: ValidatorSet, appHash: [UInt8]? = nil
    ) {
        guard description.format == SnapshotDescription.currentFormat, description.height > 0,
            (2...SnapshotDescription.chunksMax).contains(description.chunks),
            description.hash.count == Hash32.byteCount
        else { return nil }
        (self.store, self.application, self.genesis, self.trusted) = (store, application, genesis, trusted)
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
        return try finish(place.point, place.state) ? .complete : .refused(.beyondEnclave)
    }

    private func begin(_ bytes: [UInt8]) throws -> Verdict {
        guard SHA256.hash(bytes).bytes == description.hash else { return .wrongChunk }
        guard let manifest = try? SnapshotManifest(decoding: bytes),
            let point = try? SyncPoint(protobuf: manifest.point), point.height == description.height
        else { return .refused(.malformed) }
        do throws(SyncRefusal) {
            try point.verify(genesis, trusting: trusted)
        } catch {
            return .refused(error)
        }
        guard appHash ?? point.state.appHash == point.state.appHash,
            let state = try application.beginRestoring(outline: manifest.outline, appHash: point.state.appHash),
            state.chunkCount + 2 == Int(description.chunks)
        else { return .refused(.notProved) }
        place = (point, state)
        return .taken
    }

    private func isBlock(_ bytes: [UInt8], of point: SyncPoint) -> Bool {
        !bytes.isEmpty && PartSet(cutting: bytes).header == point.state.lastBlockID?.parts
    }

    /// The engine's copy first: what there is of it without a state is removed when a node begins again.
    private func finish(_ point: SyncPoint, _ state: any StateRestoring) throws -> Bool {
        try store.begin(at: point, block: block)
        let proof = point.proof
        return try state.finish(
            RestoredPlace(
                height: point.height, time: point.header.time, headerHash: point.header.hash(),
                appHash: point.state.appHash, header: proof.header, commit: proof.commit,
                validators: proof.validators, trustedValidators: trusted.protobuf))
    }
}
