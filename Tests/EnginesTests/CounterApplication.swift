import ChainFormats
import ChainInterface
import DecidedBlocks
import Foundation
import PublicCryptography
import Wire

/// A state machine that remembers every transaction in its hash. What `commit` has not kept is lost by `crash`, as in a
/// process that ends.
final class CounterApplication: ConsensusApplication, @unchecked Sendable {
    // Everything is touched only under `lock`.
    private let lock = NSLock()
    private var committed: (height: Int64, appHash: [UInt8], executed: [[UInt8]]) = (0, [], [])
    private var working: (height: Int64, appHash: [UInt8], executed: [[UInt8]])?
    private var pending: [[UInt8]] = []
    let transactionsPerBlock: Int
    private var history: [Int64: [UInt8]] = [:]
    /// How many transactions there were after each height, and the hash before the first.
    private var counts: [Int64: Int] = [:]
    private var first: [UInt8] = []
    /// Changes that the block of a height returns.
    var validatorUpdates: [Int64: [ValidatorUpdate]] = [:]
    var parameterUpdates: [Int64: ConsensusParameterUpdates] = [:]
    private(set) var previousResultsMatched = true

    init(transactionsPerBlock: Int = 1) { self.transactionsPerBlock = transactionsPerBlock }

    func submit(_ transactions: [[UInt8]]) { lock.withLock { pending += transactions } }
    func crash() { lock.withLock { working = nil } }
    var executed: [[UInt8]] { lock.withLock { committed.executed } }
    var height: Int64 { lock.withLock { committed.height } }
    var appHashes: [Int64: [UInt8]] { lock.withLock { history } }

    /// As if restored from a copy of that height.
    func rollBack(to height: Int64, executed count: Int) {
        lock.withLock {
            committed = (height, height == 0 ? [] : history[height]!, Array(committed.executed.prefix(count)))
        }
    }
    func pretend(height: Int64) { lock.withLock { committed.height = height } }

    func lastCommitted() throws -> (height: Int64, appHash: [UInt8]) {
        lock.withLock { (committed.height, committed.appHash) }
    }

    func initializeChain(_ genesis: GenesisDocument) throws -> InitialState {
        lock.withLock {
            committed.appHash = SHA256.hash(Array(genesis.chainID.utf8)).bytes
            first = committed.appHash
        }
        return InitialState(appHash: SHA256.hash(Array(genesis.chainID.utf8)).bytes)
    }

    func prepareProposal(bytesMax: Int, height: Int64, time: Timestamp) throws -> [HashedTransaction] {
        lock.withLock {
            pending.filter { !committed.executed.contains($0) }.prefix(transactionsPerBlock).map(HashedTransaction.init)
        }
    }

    private(set) var processedCount = 0

    func processProposal(_ block: Block) throws -> Bool {
        lock.withLock { processedCount += 1 }
        return !block.transactions.map(\.bytes).contains([0xff])
    }

    func finalizeBlock(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock?
    ) throws -> BlockOutcome {
        lock.withLock {
            if ExecutionResult.hash(of: previousResults) != block.header.lastResultsHash {
                previousResultsMatched = false
            }
            var (hash, executed) = (committed.appHash, committed.executed)
            for transaction in block.transactions.map(\.bytes) {
                hash = SHA256.hash(hash + transaction).bytes
                executed.append(transaction)
            }
            working = (block.height, hash, executed)
            let results = block.transactions.map {
                ExecutionResult(code: 0, data: $0.bytes, gasWanted: 10, gasUsed: Int64($0.bytes.count))
            }
            return BlockOutcome(
                results: results, appHash: hash, validatorUpdates: validatorUpdates[block.height] ?? [],
                parameterUpdates: parameterUpdates[block.height])
        }
    }

    func commit() throws {
        lock.withLock {
            committed = working!
            history[committed.height] = committed.appHash
            counts[committed.height] = committed.executed.count
            working = nil
        }
    }

    func hasTransactions() -> Bool { lock.withLock { pending.contains { !committed.executed.contains($0) } } }
}

/// The state of a height in two chunks: its transactions, and one that is always the same.
extension CounterApplication: StateTransferring {
    private static let secondChunk: [UInt8] = [7, 7, 7]

    func holdState(at height: Int64) -> (outline: [UInt8], chunkCount: Int)? {
        lock.withLock { history[height].map { ($0, 2) } }
    }

    func chunk(_ index: Int, ofStateAt height: Int64) -> [UInt8]? {
        guard index == 0 else { return Self.secondChunk }
        return lock.withLock { committed.executed.prefix(counts[height] ?? 0).flatMap { [UInt8($0.count)] + $0 } }
    }

    func releaseState(at height: Int64) {}

    func beginRestoring(outline: [UInt8], appHash: [UInt8]) -> (any StateRestoring)? {
        outline == appHash ? Restoring(self, appHash) : nil
    }

    private final class Restoring: StateRestoring {
        let chunkCount = 2
        private let application: CounterApplication
        private let appHash: [UInt8]
        private var executed: [[UInt8]] = []
        private(set) var wanted: Set<Int> = [0, 1]

        init(_ application: CounterApplication, _ appHash: [UInt8]) {
            (self.application, self.appHash) = (application, appHash)
        }

        func take(_ chunk: [UInt8], at index: Int) -> RestoreVerdict {
            guard isOf(chunk, index) else { return .wrong }
            wanted.remove(index)
            return .taken
        }

        private func isOf(_ chunk: [UInt8], _ index: Int) -> Bool {
            guard index == 0 else { return chunk == CounterApplication.secondChunk }
            var (rest, found) = (chunk[...], [[UInt8]]())
            while let count = rest.first, rest.count > Int(count) {
                found.append(Array(rest.dropFirst().prefix(Int(count))))
                rest = rest.dropFirst(1 + Int(count))
            }
            executed = found
            return found.reduce(application.lock.withLock { application.first }) { SHA256.hash($0 + $1).bytes }
                == appHash
        }

        func finish(_ place: RestoredPlace) -> Bool {
            application.lock.withLock {
                application.committed = (place.height, appHash, executed)
                application.history[place.height] = appHash
                application.counts[place.height] = executed.count
            }
            return true
        }
    }
}
