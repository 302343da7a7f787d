import Dispatch
import Synchronization

/// Work for clients that is done a piece at a time on a thread of its own, and that only so many wait for.
final class SerialWork: Sendable {
    /// As much waits as may, or as much of this client.
    struct Busy: Error, Equatable {}

    private let queue: DispatchQueue
    private let waitingMax: Int
    private let perClient: Int
    /// Of each client, how many pieces wait or run.
    private let counts = Mutex<[String: Int]>([:])

    init(_ name: String, waitingMax: Int, perClient: Int) {
        queue = DispatchQueue(label: name)
        (self.waitingMax, self.perClient) = (waitingMax, perClient)
    }

    func run<Result: Sendable>(
        for client: String, _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try counts.withLock { counts throws(Busy) in
            let own = counts[client] ?? 0
            guard own < perClient, counts.values.reduce(0, +) <= waitingMax else { throw Busy() }
            counts[client] = own + 1
        }
        defer {
            counts.withLock { counts in
                let own = counts[client] ?? 0
                counts[client] = own > 1 ? own - 1 : nil
            }
        }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: .init { try body() }) }
        }
    }
}
