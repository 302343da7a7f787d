import CSodium
import DecidedBlocks
import PublicCryptography
import Wire

/// What both sides of a SecretConnection know once they have each other's ephemeral keys.
package struct SecretKeys: Equatable, Sendable {
    package var sending: [UInt8]
    package var receiving: [UInt8]
    /// What each side signs with its node key.
    package var challenge: [UInt8]
}

/// The first words of CometBFT's SecretConnection: ephemeral keys in the clear, then who is speaking, sealed.
package enum SecretHandshake {
    package static let keyByteCount = 32
    /// `BytesValue` of a key; whoever announces more has no key to send.
    static let helloByteCountMax = 64
    /// `AuthSigMessage` has 102 bytes.
    static let authenticationByteCountMax = 256

    package static func ephemeralPublicKey(of secret: [UInt8]) -> [UInt8] {
        precondition(secret.count == keyByteCount)
        var key = [UInt8](repeating: 0, count: keyByteCount)
        crypto_scalarmult_base(&key, secret)
        return key
    }

    package static func hello(_ ephemeralKey: [UInt8]) -> [UInt8] {
        Delimited.encode(ProtobufWriter.encode { $0.bytes(1, ephemeralKey) })
    }

    static func ephemeralKey(inHello message: [UInt8]) throws(PeerFault) -> [UInt8] {
        guard let key = PeerFault.read(message, onlyField: 1), key.count == keyByteCount else {
            throw .handshake(.ephemeralKey)
        }
        return key
    }

    /// Whoever has the lower ephemeral key receives with the first of the two keys. A key of low order would make a
    /// secret that everybody knows.
    package static func keys(secret: [UInt8], theirs: [UInt8]) throws(PeerFault) -> SecretKeys {
        let ours = ephemeralPublicKey(of: secret)
        var shared = [UInt8](repeating: 0, count: keyByteCount)
        guard theirs.count == keyByteCount, crypto_scalarmult(&shared, secret, theirs) == 0 else {
            throw .handshake(.ephemeralKey)
        }
        let isLower = ours.lexicographicallyPrecedes(theirs)
        var transcript = MerlinTranscript(protocolLabel: "TENDERMINT_SECRET_CONNECTION_TRANSCRIPT_HASH")
        transcript.append("EPHEMERAL_LOWER_PUBLIC_KEY", isLower ? ours : theirs)
        transcript.append("EPHEMERAL_UPPER_PUBLIC_KEY", isLower ? theirs : ours)
        transcript.append("DH_SECRET", shared)
        let derived = expand(shared, information: "TENDERMINT_SECRET_CONNECTION_KEY_AND_CHALLENGE_GEN", byteCount: 64)
        let (first, second) = (Array(derived[..<32]), Array(derived[32...]))
        return SecretKeys(
            sending: isLower ? second : first, receiving: isLower ? first : second,
            challenge: transcript.challenge("SECRET_CONNECTION_MAC", byteCount: 32))
    }

    /// `AuthSigMessage`: a node's key, and its signature of the challenge.
    package static func authentication(publicKey: [UInt8], signature: [UInt8]) -> [UInt8] {
        Delimited.encode(
            ProtobufWriter.encode { writer in
                writer.message(1) { $0.bytes(1, publicKey) }
                writer.bytes(2, signature)
            })
    }

    /// The key of a peer that signed `challenge`.
    static func publicKey(inAuthentication message: [UInt8], challenge: [UInt8]) throws(PeerFault) -> [UInt8] {
        var key: [UInt8]?
        var signature: [UInt8] = []
        do throws(ProtobufError) {
            var reader = ProtobufReader(message)
            while let field = try reader.next() {
                switch field.number {
                case 1: key = PeerFault.read(try field.bytes(), onlyField: 1)
                case 2: signature = try field.bytes()
                default: throw .notCanonical
                }
            }
        } catch {
            throw .handshake(.authentication)
        }
        guard let key, Ed25519.verify(signature: signature, message: challenge, publicKey: key) else {
            throw .handshake(.authentication)
        }
        return key
    }

    /// HKDF-SHA256 (RFC 5869) without salt.
    private static func expand(_ secret: [UInt8], information: String, byteCount: Int) -> [UInt8] {
        let key = authenticate(secret, key: [UInt8](repeating: 0, count: 32))
        var (output, block): ([UInt8], [UInt8]) = ([], [])
        var counter: UInt8 = 1
        while output.count < byteCount {
            block = authenticate(block + Array(information.utf8) + [counter], key: key)
            output += block
            counter += 1
        }
        return Array(output[..<byteCount])
    }

    private static func authenticate(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        var code = [UInt8](repeating: 0, count: 32)
        crypto_auth_hmacsha256(&code, message, UInt64(message.count), key)
        return code
    }
}

/// One direction of a SecretConnection: frames of 1024 bytes, sealed under a counter.
package struct SecretFrames: Sendable {
    package static let dataByteCountMax = 1024
    private static let plainByteCount = 4 + dataByteCountMax
    package static let sealedByteCount = plainByteCount + 16

    private let key: [UInt8]
    private var counter: UInt64 = 0

    package init(key: [UInt8]) {
        precondition(key.count == 32)
        self.key = key
    }

    private mutating func nextNonce() -> [UInt8] {
        defer { counter += 1 }
        return [0, 0, 0, 0] + (0..<8).map { UInt8(truncatingIfNeeded: counter >> (8 * $0)) }
    }

    /// All of `bytes`, in as many frames as it takes.
    package mutating func seal(_ bytes: [UInt8]) -> [UInt8] {
        var sealed: [UInt8] = []
        sealed.reserveCapacity((bytes.count / SecretFrames.dataByteCountMax + 1) * SecretFrames.sealedByteCount)
        for start in stride(from: 0, to: bytes.count, by: SecretFrames.dataByteCountMax) {
            let data = bytes[start..<min(start + SecretFrames.dataByteCountMax, bytes.count)]
            var plain = (0..<4).map { UInt8(truncatingIfNeeded: data.count >> (8 * $0)) }
            plain += data
            plain += repeatElement(0, count: SecretFrames.plainByteCount - plain.count)
            var frame = [UInt8](repeating: 0, count: SecretFrames.sealedByteCount)
            crypto_aead_chacha20poly1305_ietf_encrypt(
                &frame, nil, plain, UInt64(plain.count), nil, 0, nil, nextNonce(), key)
            sealed += frame
        }
        return sealed
    }

    /// The data of one frame. What fills it up may be anything: CometBFT sends what was in its buffer.
    package mutating func open(_ frame: [UInt8]) throws(PeerFault) -> ArraySlice<UInt8> {
        guard frame.count == SecretFrames.sealedByteCount else { throw .frame }
        var plain = [UInt8](repeating: 0, count: SecretFrames.plainByteCount)
        let status = crypto_aead_chacha20poly1305_ietf_decrypt(
            &plain, nil, nil, frame, UInt64(frame.count), nil, 0, nextNonce(), key)
        guard status == 0 else { throw .frame }
        let count = (0..<4).reduce(0) { $0 | Int(plain[$1]) << (8 * $1) }
        guard count <= SecretFrames.dataByteCountMax else { throw .frame }
        return plain[4..<(4 + count)]
    }
}
