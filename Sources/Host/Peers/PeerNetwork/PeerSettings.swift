import NIOCore
import PeerWire

/// What an operator may choose about peers. Where CometBFT has the setting, the default is CometBFT's.
package struct PeerSettings: Sendable {
    /// `nil`: nobody can connect to this node.
    package var listen: ListenAddress?
    /// Dialled again and again, and never refused for want of room.
    package var persistentPeers: [PeerAddress] = []
    /// Dialled while nobody is connected and nobody else is known, to hear of others.
    package var seeds: [PeerAddress] = []
    /// A seed is not asked again before.
    package var seedInterval = TimeAmount.seconds(10)
    /// Whether this node only tells others of others (CometBFT: `seed_mode`).
    package var isSeed = false
    /// What others are told of where this node is, if not `listen`.
    package var external: ListenAddress?
    package var inboundMax = 40
    package var outboundMax = 10
    package var allowsDuplicateIP = false
    package var sendBytesPerSecond = 5_120_000
    package var receiveBytesPerSecond = 5_120_000
    package var dialTime = TimeAmount.seconds(3)
    package var handshakeTime = TimeAmount.seconds(20)
    package var pingInterval = TimeAmount.seconds(60)
    package var pongTime = TimeAmount.seconds(45)
    /// Connections that are not yet open: of all, and of one address.
    package var handshakesMax = 64
    package var handshakesPerAddressMax = 8
    /// How long a peer that broke the rules is not let in again, the first time.
    package var banTime = TimeAmount.minutes(1)

    package init() {}
}

/// By which a node is known to others: it shows that it is who it says.
package struct PeerKey: Sendable {
    package var publicKey: [UInt8]
    package var sign: @Sendable ([UInt8]) -> [UInt8]

    package init(publicKey: [UInt8], sign: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        (self.publicKey, self.sign) = (publicKey, sign)
    }
}

/// Nanoseconds from one moment to another; none if that is earlier, since another thread looked at the clock later.
func elapsed(_ start: UInt64, _ now: UInt64) -> UInt64 { now > start ? now - start : 0 }
