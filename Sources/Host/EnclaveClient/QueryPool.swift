import EnclaveProtocol
import Foundation

/// The query lanes behind one bounded queue: each lane has a thread of its own here as it has one in the enclave.
///
/// A full queue is said at once (`PoolError.busy`), so that a client can retry elsewhere instead of waiting in line.
package final class QueryPool: @unchecked Sendable {
    package enum PoolError: Error { case busy, stopped }

    private typealias Job = @Sendable (any QueryLane, Int) -> Void

    private let condition = NSCondition()
    private var jobs: [Job] = []
    private var isStopped = false
    private let queueMax: Int

    /// - Parameter queueMax: queries that may wait; a dozen milliseconds of work for each lane.
    package init(lanes: [any QueryLane], queueMax: Int = 512) {
        self.queueMax = queueMax
        for (index, lane) in lanes.enumerated() {
            let box = LaneBox(lane: lane)
            let thread = Thread { [weak self] in
                while let job = self?.next() { job(box.lane, index) }
            }
            thread.name = "enclave-query-\(index)"
            thread.start()
        }
    }

    private struct LaneBox: @unchecked Sendable { let lane: any QueryLane }

    /// Runs `body` with a free lane and its number, off the caller's thread.
    package func run<Value: Sendable>(
        _ body: @escaping @Sendable (any QueryLane, Int) throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let accepted = submit { lane, number in continuation.resume(with: Result { try body(lane, number) }) }
            if let refusal = accepted { continuation.resume(throwing: refusal) }
        }
    }

    package func stop() {
        condition.lock()
        isStopped = true
        condition.broadcast()
        condition.unlock()
    }

    private func submit(_ job: @escaping Job) -> PoolError? {
        condition.lock()
        defer { condition.unlock() }
        if isStopped { return .stopped }
        if jobs.count >= queueMax { return .busy }
        jobs.append(job)
        condition.signal()
        return nil
    }

    private func next() -> Job? {
        condition.lock()
        defer { condition.unlock() }
        while jobs.isEmpty && !isStopped { condition.wait() }
        return jobs.isEmpty ? nil : jobs.removeFirst()
    }
}
