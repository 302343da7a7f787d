import Dispatch
import EnclaveProtocol
import Synchronization

/// Indexes committed blocks behind the chain: one at a time, in order, on a thread of its own.
///
/// The state keeps what the index needs of the last block only, so a block may not be committed before the one in front
/// of it is indexed (`wait`); a process that dies in between does it again when it begins the same block again.
final class IndexWriter: Sendable {
    private let queue = DispatchQueue(label: "transaction-index")
    private let failure = Mutex<(any Error)?>(nil)

    /// Opens the outputs of `block` and adds it to `index`, then calls `whenDone` with what did not open, unless it
    /// failed, which the next `wait` tells. Forgets what is older than `heightsKept`, unless that is zero.
    func add(
        _ block: LastBlock, keys: [OutputKey], to index: TransactionIndex, heightsKept: UInt64,
        whenDone: @escaping @Sendable (_ unopened: [UInt32]) -> Void
    ) {
        queue.async { [self] in
            do {
                let opened = block.opened(with: keys)
                try index.add(
                    height: block.height, seconds: block.seconds, nanoseconds: block.nanoseconds,
                    hashes: block.hashes, results: opened.results, proofs: opened.proofs, events: block.events)
                if heightsKept > 0, block.height > heightsKept {
                    try index.prune(below: block.height - heightsKept + 1)
                }
                whenDone(opened.unopened)
            } catch {
                failure.withLock { $0 = error }
            }
        }
    }

    /// Returns when nothing is being added.
    func wait() throws {
        queue.sync {}
        if let error = failure.withLock({ $0 }) { throw error }
    }
}
