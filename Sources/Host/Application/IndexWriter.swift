import Dispatch
import Synchronization

/// Indexes committed blocks behind the chain: one at a time, in order, on a thread of its own.
///
/// The state keeps what the index needs of the last block only, so a block may not be committed before the one in front
/// of it is indexed (`wait`); a process that dies in between catches up at its next start.
final class IndexWriter: Sendable {
    private let queue = DispatchQueue(label: "transaction-index")
    private let failure = Mutex<(any Error)?>(nil)

    /// Adds `block` to `index`, then calls `whenDone` unless it failed, which the next `wait` tells.
    func add(_ block: LastBlock, to index: TransactionIndex, whenDone: @escaping @Sendable () -> Void) {
        queue.async { [self] in
            do {
                try block.add(to: index)
                whenDone()
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
