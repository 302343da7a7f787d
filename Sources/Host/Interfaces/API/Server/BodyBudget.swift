import Synchronization

/// The bytes of all bodies that are on their way or at work: reserved before any of a body is read, given back with its
/// answer.
///
/// Nobody waits for a share, since who waits holds a connection: there is one now, or the client comes back. One client
/// has no more than half, and large bodies leave a quarter of everything to small ones, which nearly all transactions
/// are.
package final class BodyBudget: Sendable {
    package enum Refusal: Equatable, Sendable {
        /// All clients together hold what there is.
        case usedUp
        /// This client holds its share.
        case shareUsedUp
    }

    package static let smallBytesMax = 64 << 10

    private struct State {
        var held = 0
        var heldByClient: [String: Int] = [:]
    }

    private let bytesMax: Int
    private let state = Mutex(State())

    package init(bytesMax: Int) {
        self.bytesMax = bytesMax
    }

    package var heldBytes: Int { state.withLock { $0.held } }

    /// `nil` if the bytes are reserved; then `release` must follow.
    package func reserve(_ bytes: Int, for client: String) -> Refusal? {
        let all = bytes <= BodyBudget.smallBytesMax ? bytesMax : bytesMax - bytesMax / 4
        return state.withLock { state in
            let mine = state.heldByClient[client] ?? 0
            guard bytes <= all / 2 - mine else { return .shareUsedUp }
            guard bytes <= all - state.held else { return .usedUp }
            state.held += bytes
            state.heldByClient[client] = mine + bytes
            return nil
        }
    }

    package func release(_ bytes: Int, of client: String) {
        state.withLock { state in
            state.held -= bytes
            let mine = (state.heldByClient[client] ?? 0) - bytes
            state.heldByClient[client] = mine > 0 ? mine : nil
        }
    }
}
