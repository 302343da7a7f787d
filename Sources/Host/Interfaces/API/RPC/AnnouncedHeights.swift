import ChainInterface
import ServiceLifecycle
import Synchronization

/// Wakes all who wait for what the chain shows next, with one place among the chain's readers for all of them.
package final class AnnouncedHeights: Service {
    private struct State {
        var waiting: [UInt64: CheckedContinuation<Int64?, Never>] = [:]
        /// Of those that were given up before they waited.
        var givenUp: Set<UInt64> = []
        var nextName: UInt64 = 0
        var hasEnded = false
    }

    private let reader: ChainEventReader
    private let height: @Sendable () -> Int64
    private let state = Mutex(State())

    /// `height` is the last one that can be shown.
    package init(_ reader: ChainEventReader, height: @escaping @Sendable () -> Int64) {
        (self.reader, self.height) = (reader, height)
    }

    /// Until the task ends.
    package func run() async throws {
        await cancelWhenGracefulShutdown { [self] in
            while !Task.isCancelled {
                do {
                    guard let event = try await reader.next() else { break }
                    if case .announced = event { wake() }
                } catch {
                    // Whatever was missed: a height says all that was before it.
                    wake()
                }
            }
        }
        let waiting = state.withLock { state in
            state.hasEnded = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(returning: nil) }
    }

    private func wake() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        let height = height()
        for continuation in waiting { continuation.resume(returning: height) }
    }

    /// The last height that can be shown once it is above `last`; `nil` when the task is cancelled, or at the end.
    package func next(after last: Int64) async -> Int64? {
        while true {
            let name = state.withLock { state in
                state.nextName += 1
                return state.nextName
            }
            defer { _ = state.withLock { $0.givenUp.remove(name) } }
            let height = await withTaskCancellationHandler {
                await withCheckedContinuation { wait(name, last, $0) }
            } onCancel: {
                giveUp(name)
            }
            guard let height else { return nil }
            if height > last { return height }
        }
    }

    private func wait(_ name: UInt64, _ last: Int64, _ continuation: CheckedContinuation<Int64?, Never>) {
        let answer: Int64?? = state.withLock { state in
            if state.hasEnded || state.givenUp.contains(name) { return .some(nil) }
            // Looked at under the lock: what is announced later wakes whoever waits by then.
            let height = height()
            if height > last { return .some(height) }
            state.waiting[name] = continuation
            return .none
        }
        if let answer { continuation.resume(returning: answer) }
    }

    private func giveUp(_ name: UInt64) {
        let continuation = state.withLock { state in
            let continuation = state.waiting.removeValue(forKey: name)
            if continuation == nil { state.givenUp.insert(name) }
            return continuation
        }
        continuation?.resume(returning: nil)
    }
}
