import BlockStorage
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Synchronization
import Wire

/// The states that this node gives to others: the newest two of every so many heights, once the two blocks after them
/// are decided, and those before of which somebody was told lately, or which somebody is fetching.
package final class SnapshotServer: Sendable {
    /// CometBFT's peers are told of ten at most.
    private static let toldMax = 2
    private static let heldMax = 8
    /// Who was told of a state may begin to fetch it so much later: CometBFT chooses after its `discovery_time`, looks
    /// first at headers of its RPC servers, and gives one up whose chunks do not come for two minutes.
    private static let patience = Duration.seconds(120)

    private struct Held {
        var description: SnapshotDescription
        var manifest: [UInt8]
        var stateChunks: Int
        var toldAt: ContinuousClock.Instant?
        var askedAt: ContinuousClock.Instant?
    }

    private let store: BlockStore
    private let application: any StateTransferring
    private let interval: Int64
    private let now: @Sendable () -> ContinuousClock.Instant
    /// The newest first.
    private let held = Mutex<[Held]>([])

    package init(
        store: BlockStore, application: any StateTransferring, interval: Int64,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        precondition(interval > 0)
        (self.store, self.application, self.interval, self.now) = (store, application, interval, now)
    }

    /// What others are told of, the newest first.
    package func list() -> [SnapshotDescription] {
        let now = now()
        return held.withLock { held in
            for place in held.indices.prefix(SnapshotServer.toldMax) { held[place].toldAt = now }
            return held.prefix(SnapshotServer.toldMax).map(\.description)
        }
    }

    /// A chunk of a state that is held.
    package func chunk(_ index: UInt32, height: Int64, format: UInt32) throws -> [UInt8]? {
        let now = now()
        let found = held.withLock { held -> Held? in
            guard
                let place = held.firstIndex(where: {
                    $0.description.height == height && $0.description.format == format
                })
            else { return nil }
            held[place].askedAt = now
            return held[place]
        }
        guard let found, index < found.description.chunks else { return nil }
        if index == 0 { return found.manifest }
        if Int(index) <= found.stateChunks { return try application.chunk(Int(index) - 1, ofStateAt: height) }
        return try store.blockBytes(height)
    }

    /// Looks whether there is a newer state to be offered, and makes it ready. The first time that is a look at each of
    /// its entries, later at those that changed: for a thread that nobody waits for, one at a time.
    package func look() throws {
        guard let top = try store.bounds()?.upperBound, top > 2 else { return }
        let height = (top - 2) / interval * interval
        let isDue = held.withLock { held in
            held.first.map { $0.description.height < height } ?? true
                && kept(held, at: now()).count < SnapshotServer.heldMax
        }
        guard height > 0, isDue, let made = try make(height) else { return }
        let gone = held.withLock { held in
            let before = held
            held = [made] + kept(before, at: now())
            let left = Set(held.map(\.description.height))
            return before.map(\.description.height).filter { !left.contains($0) }
        }
        for height in gone { application.releaseState(at: height) }
    }

    /// What stays beside one that is new. Where there is no more room, who fetches for long makes some; who was told
    /// lately does not, so that the new one waits.
    private func kept(_ held: [Held], at now: ContinuousClock.Instant) -> [Held] {
        func isRecent(_ time: ContinuousClock.Instant?) -> Bool {
            time.map { now - $0 < SnapshotServer.patience } ?? false
        }
        let told = held.prefix(SnapshotServer.toldMax - 1)
        var others = held.dropFirst(told.count).filter { isRecent($0.toldAt) || isRecent($0.askedAt) }
        if told.count + others.count >= SnapshotServer.heldMax,
            let place = others.lastIndex(where: { !isRecent($0.toldAt) })
        {
            others.remove(at: place)
        }
        return told + others
    }

    private func make(_ height: Int64) throws -> Held? {
        guard let point = try SyncPoint(store, height: height), let block = try store.blockBytes(height),
            block.count <= SnapshotManifest.byteCountMax
        else { return nil }
        guard let (outline, chunkCount) = try application.holdState(at: height) else { return nil }
        let manifest = SnapshotManifest(point: point.protobuf, outline: outline).encoded
        let chunks = UInt32(clamping: chunkCount + 2)
        guard manifest.count <= SnapshotManifest.byteCountMax, chunks <= SnapshotDescription.chunksMax else {
            application.releaseState(at: height)
            return nil
        }
        let description = SnapshotDescription(
            height: height, format: SnapshotDescription.currentFormat, chunks: chunks,
            hash: SHA256.hash(manifest).bytes)
        return Held(description: description, manifest: manifest, stateChunks: chunkCount)
    }
}
