import ABCIServer
import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ChainMessages
import DecidedBlocks
import Dispatch
import Logging
import Synchronization

/// States that CometBFT's peers are given, and the one that it brings from them, by ABCI's four verbs.
final class DrivenSnapshots: Sendable {
    private let store: BlockStore
    private let application: any StateTransferring
    private let genesis: GenesisDocument
    private let trust: SyncTrust?
    private let server: SnapshotServer?
    private let logger: Logger
    /// Calls to put a state together come one at a time.
    private let taker = Mutex<Box?>(nil)
    private let queue = DispatchQueue(label: "state snapshots")

    private final class Box: @unchecked Sendable {
        let taker: SnapshotTaker
        init(_ taker: SnapshotTaker) { self.taker = taker }
    }

    /// `interval` is of how many heights the state is given; 0 for none.
    init(
        store: BlockStore, application: any StateTransferring, genesis: GenesisDocument, interval: Int64,
        trust: SyncTrust?, logger: Logger
    ) {
        (self.store, self.application, self.genesis, self.logger) = (store, application, genesis, logger)
        self.trust = trust
        server = interval > 0 ? SnapshotServer(store: store, application: application, interval: interval) : nil
    }

    /// A block is committed: there may be a state to be made ready.
    func look() {
        guard let server else { return }
        queue.async { [logger] in
            do {
                try server.look()
            } catch {
                logger.warning("no state is made ready for others", metadata: ["reason": "\(error)"])
            }
        }
    }

    func list() -> ABCI.ResponseListSnapshots {
        ABCI.ResponseListSnapshots(
            snapshots: (server?.list() ?? []).map {
                ABCI.Snapshot(
                    height: UInt64(clamping: $0.height), format: $0.format, chunks: $0.chunks, hash: $0.hash)
            })
    }

    func load(_ request: ABCI.RequestLoadSnapshotChunk) throws -> ABCI.ResponseLoadSnapshotChunk {
        guard let height = Int64(exactly: request.height) else { return ABCI.ResponseLoadSnapshotChunk() }
        let chunk = try server?.chunk(request.chunk, height: height, format: request.format)
        return ABCI.ResponseLoadSnapshotChunk(chunk: chunk ?? [])
    }

    /// CometBFT has verified the header behind the state and says what application hash it names; the proof in the
    /// snapshot must come to the same.
    func offer(_ request: ABCI.RequestOfferSnapshot) -> ABCI.ResponseOfferSnapshotResult {
        guard let snapshot = request.snapshot, let trust = trust ?? SyncTrust(genesis) else { return .reject }
        guard snapshot.format == SnapshotDescription.currentFormat else { return .rejectFormat }
        guard Int64(clamping: snapshot.height) > trust.floor else {
            logger.info(
                "a state that is offered is below where this machine was let in: one above it is waited for",
                metadata: ["height": .stringConvertible(snapshot.height), "above": .stringConvertible(trust.floor)])
            return .reject
        }
        let made = SnapshotTaker(
            SnapshotDescription(
                height: Int64(clamping: snapshot.height), format: snapshot.format, chunks: snapshot.chunks,
                hash: snapshot.hash), store: store, application: application, genesis: genesis, trust: trust,
            appHash: request.appHash)
        let box = made.map(Box.init)
        taker.withLock { $0 = box }
        return box == nil ? .reject : .accept
    }

    /// `isComplete`: the chain begins here now.
    func apply(
        _ request: ABCI.RequestApplySnapshotChunk
    ) throws -> (response: ABCI.ResponseApplySnapshotChunk, isComplete: Bool) {
        guard let box = taker.withLock({ $0 }) else { return (.init(result: .abort), false) }
        switch try box.taker.take(request.chunk, at: request.index) {
        case .taken: return (.init(result: .accept), false)
        case .complete:
            taker.withLock { $0 = nil }
            return (.init(result: .accept), true)
        case .wrongChunk:
            return (
                .init(
                    result: .retry, refetchChunks: [request.index],
                    rejectSenders: request.sender.isEmpty ? [] : [request.sender]), false
            )
        case .refused(let refusal):
            logger.warning("a state that was offered is none of this chain's", metadata: ["reason": "\(refusal)"])
            taker.withLock { $0 = nil }
            return (.init(result: .rejectSnapshot), false)
        }
    }
}
