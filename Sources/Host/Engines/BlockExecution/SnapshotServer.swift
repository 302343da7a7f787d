import BlockStorage
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Synchronization
import Wire

/// The states that this node gives to others: the newest two of every so many heights, once the two blocks after them
/// are decided, and for a while those that somebody is fetching.
package final class SnapshotServer: Sendable {
    /// CometBFT's peers are told of ten at most.
    private static let heldMax = 2
    private static let heldWhileAskedMax = 4
    /// CometBFT gives a snapshot up whose chunks do not come for so long.
    private static let askedTime = Duration.seconds(120)

    private struct Offered {
        var description: SnapshotDescription
        var manifest: [UInt8]
        var stateChunks: Int
        var askedAt: ContinuousClock.Instant?
    }

    private let store: BlockStore
    private let application: any StateTransferring
    private let interval: Int64
    private let offered = Mutex<[Offered]>([])

    package init(store: BlockStore, application: any StateTransferring, interval: Int64) {
        precondition(interval > 0)
        (self.store, self.application, self.interval) = (store, application, interval)
    }

    /// The newest first.
    package func list() -> [SnapshotDescription] { offered.withLock { $0.map(\.description) } }

    /// A chunk of a snapshot that is offered.
    package func chunk(_ index: UInt32, height: Int64, format: UInt32) throws -> [UInt8]? {
        let found = offered.withLock { list -> Offered? in
            guard
                let place = list.firstIndex(where: {
                    $0.description.height == height && $0.description.format == format
                })
            else { return nil }
            list[place].askedAt = .now
            return list[place]
        }
        guard let found, index < found.description.chunks else { return nil }
        if index == 0 { return found.manifest }
        if Int(index) <= found.stateChunks { return try application.chunk(Int(index) - 1, ofStateAt: height) }
        return try store.blockBytes(height)
    }

    /// Looks whether there is a newer state to be offered, and makes it ready. Reads the whole state: for a thread that
    /// nobody waits for, one at a time.
    package func look() throws {
        guard let top = try store.bounds()?.upperBound, top > 2 else { return }
        let height = (top - 2) / interval * interval
        guard height > 0, offered.withLock({ $0.first.map { $0.description.height < height } ?? true }) else { return }
        guard let point = try SyncPoint(store, height: height), let block = try store.blockBytes(height),
            block.count <= SnapshotManifest.byteCountMax
        else { return }
        guard let (outline, chunkCount) = try application.holdState(at: height) else { return }
        let manifest = SnapshotManifest(point: point.protobuf, outline: outline).encoded
        let chunks = UInt32(clamping: chunkCount + 2)
        guard manifest.count <= SnapshotManifest.byteCountMax, chunks <= SnapshotDescription.chunksMax else {
            application.releaseState(at: height)
            return
        }
        let description = SnapshotDescription(
            height: height, format: SnapshotDescription.currentFormat, chunks: chunks,
            hash: SHA256.hash(manifest).bytes)
        let gone = offered.withLock { list in
            list.insert(Offered(description: description, manifest: manifest, stateChunks: chunkCount), at: 0)
            let all = list
            let busy = all.dropFirst(SnapshotServer.heldMax).filter {
                $0.askedAt.map { .now - $0 < SnapshotServer.askedTime } ?? false
            }
            list = Array((all.prefix(SnapshotServer.heldMax) + busy).prefix(SnapshotServer.heldWhileAskedMax))
            let kept = Set(list.map(\.description.height))
            return all.map(\.description.height).filter { !kept.contains($0) }
        }
        for height in gone { application.releaseState(at: height) }
    }
}
