import DecidedBlocks
import PublicCryptography

/// Who is at the other end of a connection, once it is open.
package struct PeerIdentity: Hashable, Sendable {
    /// The address of its key, in lower-case hexadecimal.
    package var id: String
    package var info: NodeInfo

    package init(id: String, info: NodeInfo) { (self.id, self.info) = (id, info) }
}

/// What comes of bytes of the other side.
package enum PeerEvent: Sendable, Equatable {
    /// To be written to the other side.
    case send([UInt8])
    /// The handshake is over: both know whom they speak to.
    case open(PeerIdentity)
    case ping
    case pong
    case message(PeerChannel, [UInt8])
}

/// One connection to a peer as a pure value: SecretConnection, NodeInfo, then packets.
///
/// The first fault ends it. What it keeps is bounded: a frame, a packet, and the pieces of one message on each channel.
package struct PeerLink: Sendable {
    private enum Phase {
        case authentication
        case information(id: String)
        case open
    }

    private let own: NodeInfo
    private let expectedID: String?
    private var phase = Phase.authentication
    private var stream: SecretStream
    private var assembler: MessageAssembler

    /// `ephemeralSecret` is 32 bytes that nobody has used or will use; `sign` signs with the node's key. Of who was
    /// dialled by name, `expectedID` is the name.
    package init(
        ephemeralSecret: [UInt8], own: NodeInfo, publicKey: [UInt8], limits: PeerLimits, expectedID: String? = nil,
        sign: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        (self.own, self.expectedID) = (own, expectedID)
        stream = SecretStream(ephemeralSecret: ephemeralSecret, publicKey: publicKey, sign: sign)
        assembler = MessageAssembler(channels: own.channels, limits: limits)
    }

    /// How long messages may be from here on.
    package mutating func adopt(_ limits: PeerLimits) {
        assembler.limits = limits
    }

    /// What either side says first.
    package var hello: [UInt8] { stream.hello }

    package var isOpen: Bool { if case .open = phase { true } else { false } }

    /// Packets as they go over the wire.
    package mutating func seal(_ packets: [UInt8]) -> [UInt8] { stream.seal(packets) }

    /// What comes of these bytes, in order. Nothing more may be given to a link that threw.
    package mutating func receive(_ bytes: some Collection<UInt8>) throws(PeerFault) -> [PeerEvent] {
        let answer = try stream.receive(bytes)
        var events: [PeerEvent] = answer.isEmpty ? [] : [.send(answer)]
        while let event = try next() { events += event }
        return events
    }

    /// What the next message of the plain stream comes to; `nil` while it is not whole.
    private mutating func next() throws(PeerFault) -> [PeerEvent]? {
        switch phase {
        case .authentication:
            guard let key = stream.peerKey else { return nil }
            let id = Hexadecimal.encode(ValidatorAddress(publicKey: key).bytes)
            // Before anything is said to it.
            guard expectedID == nil || expectedID == id else { throw .handshake(.anotherKey(id: id)) }
            phase = .information(id: id)
            return [.send(seal(Delimited.encode(own.protobuf)))]
        case .information(let id):
            guard let message = try stream.takeDelimited(atMost: NodeInfo.byteCountMax) else { return nil }
            do throws(NodeInfoFault) {
                let info = try NodeInfo(protobuf: message)
                try info.check(keyID: id, by: own)
                phase = .open
                return [.open(PeerIdentity(id: id, info: info))]
            } catch {
                throw .handshake(.nodeInfo(error))
            }
        case .open:
            guard let bytes = try stream.takeDelimited(atMost: PeerPacket.byteCountMax) else { return nil }
            switch try PeerPacket(protobuf: bytes) {
            case .ping: return [.ping]
            case .pong: return [.pong]
            case .piece(let channel, let isLast, let data):
                guard let (channel, message) = try assembler.add(channel: channel, isLast: isLast, data) else {
                    return []
                }
                return [.message(channel, message)]
            }
        }
    }
}
