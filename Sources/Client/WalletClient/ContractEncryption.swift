import DecidedBlocks
import Foundation
import PublicCryptography
import SecretCryptography
import SignedTransactions
import StrictJSON
import Wire

/// The encryption between one user and the network's enclaves (Secret Network protocol: message encryption).
///
/// The user's key pair is independent of the account; answers to a message can be read by whoever has the key and the
/// message's nonce, which is public.
package final class ContractEncryption: Sendable {
    package let publicKey: [UInt8]
    private let privateKey: SecretKey
    private let ioPublicKey: [UInt8]

    package init(privateKey: consuming SecretKey, ioPublicKey: [UInt8]) {
        publicKey = X25519.publicKey(of: privateKey)
        self.privateKey = privateKey
        self.ioPublicKey = ioPublicKey
    }

    /// A message for a contract, sealed for the code whose hash is `codeHash` (64 hexadecimal digits).
    ///
    /// With an `owner`, the seal also binds who sends it and where to, so that a copy opens for nobody else; for a
    /// query there is no sender to bind.
    package func seal(_ message: [UInt8], codeHash: String, owner: (sender: AccountAddress, target: [UInt8])?) throws
        -> [UInt8]
    {
        let nonce = SecretRandom.bytes(EncryptedMessage.nonceByteCount)
        var key = try transactionKey(nonce: nonce)
        let binding: MessageBinding = owner.map { .owner(sender: $0.sender.bytes, target: $0.target) } ?? .none
        let sealed = key.seal(Array(codeHash.lowercased().utf8) + Self.filled(message), binding: binding)
        return EncryptedMessage(nonce: nonce, publicKey: publicKey, sealed: sealed).wire
    }

    /// JSON with spaces behind it, to a multiple of 256 bytes: contracts read it as it was, and a host sees a class of
    /// lengths. Anything else is left alone (docs/decisions/0047).
    private static func filled(_ message: [UInt8]) -> [UInt8] {
        guard message.first == UInt8(ascii: "{") else { return message }
        let missing = (messageBytesMultiple - message.count % messageBytesMultiple) % messageBytesMultiple
        return message + [UInt8](repeating: UInt8(ascii: " "), count: missing)
    }

    private static let messageBytesMultiple = 256

    private static func unfilled(_ json: [UInt8]) -> [UInt8] {
        guard json.first == UInt8(ascii: "{") || json.first == UInt8(ascii: "[") else { return json }
        return Array(json.reversed().drop { $0 == UInt8(ascii: " ") }.reversed())
    }

    /// What the enclave sealed in answer to `message`; `nil` if it was not sealed for this key.
    package func open(_ sealed: [UInt8], answerTo message: [UInt8]) -> [UInt8]? {
        guard message.count >= 64, Array(message[32..<64]) == publicKey,
            var key = try? transactionKey(nonce: Array(message[..<32]))
        else { return nil }
        return key.open(sealed)
    }

    /// What the enclave says of this sealed answer of `contract` to `message`; `nil` if it says nothing that holds for
    /// it.
    package func openStamp(
        _ stamp: [UInt8], of sealed: [UInt8], by contract: AccountAddress, answerTo message: [UInt8]
    ) -> AnswerStamp? {
        guard message.count >= 64, Array(message[32..<64]) == publicKey,
            var key = try? transactionKey(nonce: Array(message[..<32]))
        else { return nil }
        let binding = MessageBinding.answer(hash: SHA256.hash(sealed).bytes, contract: contract.description)
        return key.open(stamp, binding: binding).flatMap(AnswerStamp.init)
    }

    /// The message that `wire` is, if this client sealed it: without code hash and spaces. `target` is what it was
    /// bound to, if it was.
    package func openInput(_ wire: [UInt8], sender: [UInt8], target: [UInt8]?) -> [UInt8]? {
        guard let message = EncryptedMessage(wire: wire), message.publicKey == publicKey,
            var key = try? transactionKey(nonce: message.nonce)
        else { return nil }
        var plaintext = key.open(message.sealed)
        if let target, plaintext == nil {
            plaintext = key.open(message.sealed, binding: .owner(sender: sender, target: target))
        }
        guard let plaintext, plaintext.count >= 64 else { return nil }
        return Self.unfilled(Array(plaintext[64...]))
    }

    /// The bytes behind `data` of a result or a query's answer: sealed base64 text, and JSON without the spaces that
    /// the enclave puts behind it.
    package func openData(_ sealed: [UInt8], answerTo message: [UInt8]) -> [UInt8]? {
        if sealed.isEmpty { return [] }
        guard let text = open(sealed, answerTo: message) else { return nil }
        return Base64.decode(String(decoding: text, as: UTF8.self)).map(Self.unfilled)
    }

    /// A log or error text with the sealed part in the middle made readable: `encrypted: <base64>: … contract failed`.
    package func openError(_ log: String, answerTo message: [UInt8]) -> String {
        guard let start = log.range(of: "encrypted: "), let end = log[start.upperBound...].firstIndex(of: ":"),
            let sealed = Base64.decode(log[start.upperBound..<end]), let text = open(sealed, answerTo: message)
        else { return log }
        // A contract that keeps its shape has spaces behind its errors.
        return String(decoding: text.reversed().drop { $0 == UInt8(ascii: " ") }.reversed(), as: UTF8.self)
    }

    private func transactionKey(nonce: [UInt8]) throws -> TransactionKey {
        guard let key = TransactionKey(privateKey: privateKey, publicKey: ioPublicKey, nonce: nonce) else {
            throw ClientError(.badAnswer, "the network's tx-key cannot be used")
        }
        return key
    }
}

extension AnswerStamp {
    /// `nil` unless these are what `bytes` gives of a stamp.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == AnswerStamp.byteCount, let headerHash = Hash32(bytes[8..<40]),
            let time = Timestamp(
                seconds: Int64(bitPattern: UInt64(bigEndianBytes: bytes[40..<48])),
                nanoseconds: UInt32(truncatingIfNeeded: UInt64(bigEndianBytes: [0, 0, 0, 0] + bytes[48..<52])))
        else { return nil }
        self.init(
            height: Int64(bitPattern: UInt64(bigEndianBytes: bytes[0..<8])), headerHash: headerHash, time: time,
            leaseHeight: Int64(bitPattern: UInt64(bigEndianBytes: bytes[52..<60])))
    }
}
