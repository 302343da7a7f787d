import ChainFormats
import ChainInterface
import DecidedBlocks
import Dispatch
import PeerNetwork
import PublicCryptography
import Synchronization
import Wire

/// As little as CometBFT's kvstore does for consensus: transactions wait, are counted, and say how long they took.
final class BenchApplication: ConsensusApplication {
    private struct State {
        var height: Int64 = 0
        var count: UInt64 = 0
        var next: (height: Int64, count: UInt64)?
        var waiting: [HashedTransaction] = []
        var known: Set<Hash32> = []
        /// Of those that were handed in here: when.
        var begun: [Hash32: UInt64] = [:]
        var finished: [Hash32] = []
        var nanoseconds: [UInt64] = []
    }

    private let state = Mutex(State())
    private let wake: @Sendable () -> Void

    init(wake: @escaping @Sendable () -> Void) { self.wake = wake }

    var count: UInt64 { state.withLock { $0.count } }
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    func takeLatencies() -> [UInt64] {
        state.withLock { state in
            defer { state.nanoseconds = [] }
            return state.nanoseconds
        }
    }

    func submit(_ bytes: [UInt8], isOwn: Bool) {
        let transaction = HashedTransaction(bytes)
        let isFirst = state.withLock { state in
            guard state.known.insert(transaction.hash).inserted else { return false }
            if isOwn { state.begun[transaction.hash] = DispatchTime.now().uptimeNanoseconds }
            state.waiting.append(transaction)
            return state.waiting.count == 1
        }
        if isFirst { wake() }
    }

    func waiting(_ countMax: Int) -> [MempoolReactor.Waiting] {
        state.withLock { state in
            state.waiting.prefix(countMax).map { MempoolReactor.Waiting(hash: $0.hash, bytes: $0.bytes) }
        }
    }

    private static func hash(_ count: UInt64) -> [UInt8] { count.bigEndianBytes }

    func lastCommitted() throws -> (height: Int64, appHash: [UInt8]) {
        state.withLock { ($0.height, Self.hash($0.count)) }
    }

    func initializeChain(_ genesis: GenesisDocument) throws -> InitialState { InitialState(appHash: Self.hash(0)) }

    func prepareProposal(bytesMax: Int, height: Int64, time: Timestamp) throws -> [HashedTransaction] {
        state.withLock { state in
            var room = bytesMax
            return Array(
                state.waiting.prefix(5000).prefix { transaction in
                    room -= transaction.byteCountInBlock
                    return room >= 0
                })
        }
    }

    func processProposal(_ block: Block) throws -> Bool { true }

    func finalizeBlock(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock?
    ) throws -> BlockOutcome {
        state.withLock { state in
            let count = state.count + UInt64(block.transactions.count)
            state.next = (block.height, count)
            state.finished = block.transactions.map(\.hash)
            let taken = Set(state.finished)
            state.known.formUnion(taken)
            if !taken.isEmpty { state.waiting.removeAll { taken.contains($0.hash) } }
            return BlockOutcome(
                results: block.transactions.map { _ in ExecutionResult(code: 0, data: [], gasWanted: 0, gasUsed: 0) },
                appHash: Self.hash(count))
        }
    }

    func commit() throws {
        let now = DispatchTime.now().uptimeNanoseconds
        state.withLock { state in
            guard let next = state.next else { return }
            (state.height, state.count) = next
            for hash in state.finished {
                if let begin = state.begun.removeValue(forKey: hash) { state.nanoseconds.append(now - begin) }
            }
            state.finished = []
        }
    }

    func hasTransactions() -> Bool { state.withLock { !$0.waiting.isEmpty } }
}
