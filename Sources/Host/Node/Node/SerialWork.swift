import Dispatch
import Synchronization

/// Work for clients that is done a piece at a time on a thread of its own, and that only so many wait for.
final class SerialWork: Sendable {
    /// As much waits as may.
    struct Busy: Error, Equatable {}

    private let queue: DispatchQueue
    private let waitingMax: Int
    /// What waits or runs.
    private let count = Mutex(0)

    init(_ name: String, waitingMax: Int) {
        queue = DispatchQueue(label: name)
        self.waitingMax = waitingMax
    }

    func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        let isBusy = count.withLock { count in
            guard count <= waitingMax else { return true }
            count += 1
            return false
        }
        guard !isBusy else { throw Busy() }
        defer { count.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: .init { try body() }) }
        }
    }
}
