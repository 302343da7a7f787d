import Synchronization

/// How many connections each client has. One has at most three quarters of all, so that it does not keep the others
/// out; who is behind a proxy is one client with everybody there.
final class ClientConnections: Sendable {
    private let eachMax: Int
    private let counts = Mutex<[String: Int]>([:])

    init(connectionsMax: Int) {
        eachMax = max(1, connectionsMax - connectionsMax / 4)
    }

    /// `false` if the client has as many as it may; else `leave` must follow.
    func enter(_ client: String) -> Bool {
        counts.withLock { counts in
            let count = counts[client] ?? 0
            guard count < eachMax else { return false }
            counts[client] = count + 1
            return true
        }
    }

    func leave(_ client: String) {
        counts.withLock { counts in
            let count = (counts[client] ?? 0) - 1
            counts[client] = count > 0 ? count : nil
        }
    }
}
