/// CometBFT's side of a signer's connection: messages with their length before them, over TCP in a SecretConnection.
package struct PrivvalStream: Sendable {
    private var secret: SecretStream?
    private var plain = StreamBuffer()

    /// A Unix socket's, which is not sealed.
    package init() {}

    package init(secret: [UInt8], publicKey: [UInt8], sign: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        self.secret = SecretStream(ephemeralSecret: secret, publicKey: publicKey, sign: sign)
    }

    /// What is said first.
    package var hello: [UInt8] { secret?.hello ?? [] }

    package mutating func seal(_ message: [UInt8]) -> [UInt8] { secret?.seal(message) ?? message }

    /// What is to be written to the other side. Nothing more may be given to a stream that threw.
    package mutating func receive(_ bytes: some Collection<UInt8>) throws(PeerFault) -> [UInt8] {
        if secret != nil { return try secret!.receive(bytes) }
        plain.append(bytes)
        return []
    }

    /// The next message that is whole; one that announces more than any has is not waited for.
    package mutating func next() throws(PeerFault) -> [UInt8]? {
        if secret != nil { return try secret!.takeDelimited(atMost: PrivvalRequest.byteCountMax) }
        return try plain.takeDelimited(atMost: PrivvalRequest.byteCountMax)
    }
}
