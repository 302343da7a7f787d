import Synchronization

/// A fixed number of places for requests at work, and a bounded queue in front of it.
///
/// Without it every open connection could hold a 4 MiB body or a state read at once.
package final class RequestSlots: Sendable {
    private struct State {
        var free: Int
        var nextTicket = 0
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Bool, Never>)] = []
        /// Tickets that were given up before they came into the queue, until their `acquire` ends.
        var cancelled: Set<Int> = []
    }

    private let state: Mutex<State>
    private let waitingMax: Int

    package init(running: Int, waiting: Int) {
        precondition(running > 0)
        state = Mutex(State(free: running))
        waitingMax = waiting
    }

    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for a place. `false` if the queue is full or the task was cancelled while it waited; else `release` must
    /// follow.
    package func acquire() async -> Bool {
        // Most find a free place, without a task that waits.
        let isFree = state.withLock { state in
            guard state.free > 0 else { return false }
            state.free -= 1
            return true
        }
        if isFree { return true }
        let ticket = state.withLock { state in
            state.nextTicket += 1
            return state.nextTicket
        }
        defer { _ = state.withLock { $0.cancelled.remove(ticket) } }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.cancelled.contains(ticket) { return false }
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    guard state.waiting.count < waitingMax else { return false }
                    state.waiting.append((ticket, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let continuation = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let index = state.waiting.firstIndex(where: { $0.ticket == ticket }) else {
                    state.cancelled.insert(ticket)
                    return nil
                }
                return state.waiting.remove(at: index).continuation
            }
            continuation?.resume(returning: false)
        }
    }

    /// Gives the place to the one that waits longest.
    package func release() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
