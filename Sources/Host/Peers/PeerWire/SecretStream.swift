/// A SecretConnection as a pure value: who is at the other end, then a stream of bytes that both seal.
///
/// What it keeps is bounded: a frame, and the data of the bytes that it was given and that nobody took.
package struct SecretStream: Sendable {
    private enum Phase { case hello, authentication, open }

    private let ephemeralSecret: [UInt8]
    private let publicKey: [UInt8]
    private let sign: @Sendable ([UInt8]) -> [UInt8]
    private var phase = Phase.hello
    private var raw = StreamBuffer()
    private var plain = StreamBuffer()
    private var challenge: [UInt8] = []
    private var sender: SecretFrames?
    private var receiver: SecretFrames?
    /// Of whoever is at the other end, once that is known.
    package private(set) var peerKey: [UInt8]?

    /// `ephemeralSecret` is 32 bytes that nobody has used or will use; `sign` signs with the key of `publicKey`.
    package init(
        ephemeralSecret: [UInt8], publicKey: [UInt8], sign: @escaping @Sendable ([UInt8]) -> [UInt8]
    ) {
        (self.ephemeralSecret, self.publicKey, self.sign) = (ephemeralSecret, publicKey, sign)
    }

    /// What either side says first.
    package var hello: [UInt8] {
        SecretHandshake.hello(SecretHandshake.ephemeralPublicKey(of: ephemeralSecret))
    }

    /// Data as it goes over the wire.
    package mutating func seal(_ data: [UInt8]) -> [UInt8] { sender?.seal(data) ?? [] }

    /// What is to be written to the other side. Nothing more may be given to a stream that threw.
    package mutating func receive(_ bytes: some Collection<UInt8>) throws(PeerFault) -> [UInt8] {
        var answer: [UInt8] = []
        raw.append(bytes)
        if case .hello = phase {
            guard let message = try raw.takeDelimited(atMost: SecretHandshake.helloByteCountMax) else { return [] }
            answer = try begin(theirs: SecretHandshake.ephemeralKey(inHello: message))
        }
        while let frame = raw.take(SecretFrames.sealedByteCount) {
            guard let data = try receiver?.open(frame) else { throw .frame }
            plain.append(data)
        }
        if case .authentication = phase,
            let message = try plain.takeDelimited(atMost: SecretHandshake.authenticationByteCountMax)
        {
            peerKey = try SecretHandshake.publicKey(inAuthentication: message, challenge: challenge)
            phase = .open
        }
        return answer
    }

    /// A message of the stream that has its length before it; `nil` while it is not whole.
    package mutating func takeDelimited(atMost maximum: Int) throws(PeerFault) -> [UInt8]? {
        guard case .open = phase else { return nil }
        return try plain.takeDelimited(atMost: maximum)
    }

    private mutating func begin(theirs: [UInt8]) throws(PeerFault) -> [UInt8] {
        let keys = try SecretHandshake.keys(secret: ephemeralSecret, theirs: theirs)
        (sender, receiver) = (SecretFrames(key: keys.sending), SecretFrames(key: keys.receiving))
        challenge = keys.challenge
        phase = .authentication
        return seal(SecretHandshake.authentication(publicKey: publicKey, signature: sign(challenge)))
    }
}
