import Synchronization

/// Gives up what takes too long. One look at all of it, twice a second while there is any: a timer for each request
/// would cost more than most requests.
final class Deadlines: Sendable {
    private struct State {
        var nextID = 0
        var open: [Int: (end: ContinuousClock.Instant, cancel: @Sendable () -> Void)] = [:]
        var isLooking = false
    }

    private static let interval = Duration.milliseconds(500)
    private let state = Mutex(State())

    /// What `work` comes to, or `nil` if it was cancelled: once `time` is over, and half a second later at most.
    func result<Value: Sendable>(
        within time: Duration, of work: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        let task = Task(operation: work)
        let id = open(.now + time) { task.cancel() }
        let result = await withTaskCancellationHandler {
            await task.result
        } onCancel: {
            task.cancel()
        }
        // What is cancelled may end as if it were complete.
        guard close(id) else { return nil }
        return try result.get()
    }

    private func open(_ end: ContinuousClock.Instant, _ cancel: @escaping @Sendable () -> Void) -> Int {
        let (id, mustLook) = state.withLock { state in
            state.nextID += 1
            state.open[state.nextID] = (end, cancel)
            defer { state.isLooking = true }
            return (state.nextID, !state.isLooking)
        }
        if mustLook { Task { await look() } }
        return id
    }

    /// Whether it ended in time.
    private func close(_ id: Int) -> Bool { state.withLock { $0.open.removeValue(forKey: id) != nil } }

    private func look() async {
        while true {
            try? await Task.sleep(for: Deadlines.interval)
            let now = ContinuousClock.now
            let (late, isOver) = state.withLock { state in
                let late = state.open.filter { $0.value.end <= now }
                for id in late.keys { state.open[id] = nil }
                state.isLooking = !state.open.isEmpty
                return (late.values.map(\.cancel), state.open.isEmpty)
            }
            for cancel in late { cancel() }
            if isOver { return }
        }
    }
}
