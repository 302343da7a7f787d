import DecidedBlocks
import PublicCryptography

/// Who is at the other end of a connection, once it is open.
package struct PeerIdentity: Hashable, Sendable {
    /// The address of its key, in lower-case hexadecimal.
    package var id: String
    package var info: NodeInfo
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
        case hello
        case authentication
        case information(id: String)
        case open
    }

    private let ephemeralSecret: [UInt8]
    private let own: NodeInfo
    private let publicKey: [UInt8]
    private let sign: @Sendable ([UInt8]) -> [UInt8]
    private let limits: PeerLimits
    private var phase = Phase.hello
    private var raw = StreamBuffer()
    private var plain = StreamBuffer()
    private var challenge: [UInt8] = []
    private var sender: SecretFrames?
    private var receiver: SecretFrames?
    private var assembler: MessageAssembler

    /// `ephemeralSecret` is 32 bytes that nobody has used or will use; `sign` signs with the node's key.
    package init(
        ephemeralSecret: [UInt8], own: NodeInfo, publicKey: [UInt8], limits: PeerLimits,
        sign: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        (self.ephemeralSecret, self.own, self.publicKey) = (ephemeralSecret, own, publicKey)
        (self.limits, self.sign) = (limits, sign)
        assembler = MessageAssembler(channels: own.channels, limits: limits)
    }

    /// What either side says first.
    package var hello: [UInt8] {
        SecretHandshake.hello(SecretHandshake.ephemeralPublicKey(of: ephemeralSecret))
    }

    package var isOpen: Bool { if case .open = phase { true } else { false } }

    /// Packets as they go over the wire.
    package mutating func seal(_ packets: [UInt8]) -> [UInt8] { sender?.seal(packets) ?? [] }

    /// What comes of these bytes, in order. Nothing more may be given to a link that threw.
    package mutating func receive(_ bytes: some Collection<UInt8>) throws(PeerFault) -> [PeerEvent] {
        var events: [PeerEvent] = []
        raw.append(bytes)
        if case .hello = phase {
            guard let message = try raw.takeDelimited(atMost: SecretHandshake.helloByteCountMax) else { return [] }
            events.append(.send(try begin(theirs: SecretHandshake.ephemeralKey(inHello: message))))
        }
        while let frame = raw.take(SecretFrames.sealedByteCount) {
            guard let data = try receiver?.open(frame) else { throw .frame }
            plain.append(data)
            while let event = try next() { events += event }
        }
        return events
    }

    private mutating func begin(theirs: [UInt8]) throws(PeerFault) -> [UInt8] {
        let keys = try SecretHandshake.keys(secret: ephemeralSecret, theirs: theirs)
        (sender, receiver) = (SecretFrames(key: keys.sending), SecretFrames(key: keys.receiving))
        challenge = keys.challenge
        phase = .authentication
        return seal(SecretHandshake.authentication(publicKey: publicKey, signature: sign(challenge)))
    }

    /// What the next message of the plain stream comes to; `nil` while it is not whole.
    private mutating func next() throws(PeerFault) -> [PeerEvent]? {
        switch phase {
        case .hello: return nil
        case .authentication:
            guard let message = try plain.takeDelimited(atMost: SecretHandshake.authenticationByteCountMax) else {
                return nil
            }
            let key = try SecretHandshake.publicKey(inAuthentication: message, challenge: challenge)
            phase = .information(id: Hexadecimal.encode(ValidatorAddress(publicKey: key).bytes))
            return [.send(seal(Delimited.encode(own.protobuf)))]
        case .information(let id):
            guard let message = try plain.takeDelimited(atMost: NodeInfo.byteCountMax) else { return nil }
            do throws(NodeInfoFault) {
                let info = try NodeInfo(protobuf: message)
                try info.check(keyID: id, by: own)
                phase = .open
                return [.open(PeerIdentity(id: id, info: info))]
            } catch {
                throw .handshake(.nodeInfo(error))
            }
        case .open:
            guard let bytes = try plain.takeDelimited(atMost: PeerPacket.byteCountMax) else { return nil }
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
