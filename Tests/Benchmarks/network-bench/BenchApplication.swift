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
        /// Of each that waits, its place in the order of arrival.
        var orders: [UInt64] = []
        var nextOrder: UInt64 = 0
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
        let isNew = state.withLock { state in
            guard state.known.insert(transaction.hash).inserted else { return false }
            if isOwn { state.begun[transaction.hash] = DispatchTime.now().uptimeNanoseconds }
            state.waiting.append(transaction)
            state.orders.append(state.nextOrder)
            state.nextOrder += 1
            return true
        }
        if isNew { wake() }
    }

    func waiting(from order: UInt64, _ countMax: Int) -> [MempoolReactor.Waiting] {
        state.withLock { state in
            var (low, high) = (0, state.orders.count)
            while low < high {
                let middle = (low + high) / 2
                if state.orders[middle] < order { low = middle + 1 } else { high = middle }
            }
            return (low..<min(low + countMax, state.orders.count)).map {
                MempoolReactor.Waiting(
                    order: state.orders[$0], hash: state.waiting[$0].hash, bytes: state.waiting[$0].bytes)
            }
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
            if !taken.isEmpty {
                let left = state.waiting.indices.filter { !taken.contains(state.waiting[$0].hash) }
                (state.waiting, state.orders) = (left.map { state.waiting[$0] }, left.map { state.orders[$0] })
            }
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
