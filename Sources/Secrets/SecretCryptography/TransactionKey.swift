/// The wire form of an encrypted message: `nonce(32) || public key(32) || sealed` (Secret Network protocol: input).
package struct EncryptedMessage: Sendable, Equatable {
    /// What the protocol refuses below: nonce, public key, tag and two bytes.
    package static let byteCountMin = 82
    package static let nonceByteCount = 32

    package var nonce: [UInt8]
    package var publicKey: [UInt8]
    package var sealed: [UInt8]

    package init(nonce: [UInt8], publicKey: [UInt8], sealed: [UInt8]) {
        precondition(nonce.count == EncryptedMessage.nonceByteCount)
        precondition(publicKey.count == X25519.publicKeyByteCount)
        self.nonce = nonce
        self.publicKey = publicKey
        self.sealed = sealed
    }

    /// `nil` for fewer bytes than the protocol accepts.
    package init?(wire: some Collection<UInt8>) {
        guard wire.count >= EncryptedMessage.byteCountMin else { return nil }
        let bytes = Array(wire)
        nonce = Array(bytes[..<32])
        publicKey = Array(bytes[32..<64])
        sealed = Array(bytes[64...])
    }

    package var wire: [UInt8] { nonce + publicKey + sealed }
}

/// Whom a sealed message is for.
package enum MessageBinding: Sendable, Equatable {
    /// Nobody: one empty string as associated data, as every Secret Network client and the chain's outputs have it.
    case none
    /// What our own clients add: the sender's address and the contract's (for an instantiation the code hash). A copy
    /// sent by someone else, or to another contract, does not open.
    case owner(sender: [UInt8], target: [UInt8])
    /// What the enclave says about an answer, which has this hash, of the contract with this address. A contract
    /// chooses what it answers: nothing that it seals opens as this.
    case answer(hash: [UInt8], contract: String)

    private static let answerLabel = Array("cloister answer stamp".utf8)

    var associatedData: [[UInt8]] {
        switch self {
        case .none: [[]]
        case .owner(let sender, let target): [sender, target]
        case .answer(let hash, let contract): [Self.answerLabel, hash, Array(contract.utf8)]
        }
    }
}

/// The key of one message and of all answers to it (Secret Network protocol: message encryption):
/// `derive(DH(own private key, other's public key), nonce)`.
///
/// The client makes it from its own key and the network's io public key, the enclave from the io key and the public key
/// in the message; both get the same. Plaintexts are Swift arrays: messages of contracts, which pass through the
/// contract's memory anyway, not keys.
package struct TransactionKey: ~Copyable {
    private var cipher: AESSIV

    /// `nil` for a public key that is not 32 bytes or has small order, or a nonce that is not 32 bytes: a stranger
    /// chose both.
    package init?(privateKey: borrowing SecretKey, publicKey: [UInt8], nonce: [UInt8]) {
        guard nonce.count == EncryptedMessage.nonceByteCount,
            let shared = X25519.agreement(privateKey, publicKey: publicKey)
        else { return nil }
        cipher = AESSIV(key: KeyDerivation.derive(shared, nonce))
    }

    package mutating func seal(_ plaintext: [UInt8], binding: MessageBinding = .none) -> [UInt8] {
        cipher.seal(plaintext, associatedData: binding.associatedData)
    }

    package mutating func open(_ sealed: [UInt8], binding: MessageBinding = .none) -> [UInt8]? {
        cipher.open(sealed, associatedData: binding.associatedData)
    }
}
