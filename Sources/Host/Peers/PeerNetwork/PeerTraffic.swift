import PeerWire
import Synchronization

/// Bytes of the messages of each kind, before they are cut and sealed, over all peers since the start.
package final class PeerTraffic: Sendable {
    package struct Bytes: Equatable, Sendable {
        package var sent: UInt64 = 0
        package var received: UInt64 = 0
    }

    private let counts = Mutex([Bytes](repeating: Bytes(), count: ChannelMessage.Kind.allCases.count))

    package init() {}

    func send(_ kind: ChannelMessage.Kind, _ byteCount: Int) {
        counts.withLock { $0[kind.rawValue].sent += UInt64(byteCount) }
    }

    func receive(_ kind: ChannelMessage.Kind, _ byteCount: Int) {
        counts.withLock { $0[kind.rawValue].received += UInt64(byteCount) }
    }

    package var bytes: [(kind: ChannelMessage.Kind, bytes: Bytes)] {
        let counts = counts.withLock { $0 }
        return ChannelMessage.Kind.allCases.map { ($0, counts[$0.rawValue]) }
    }
}
