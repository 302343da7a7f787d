import PublicCryptography
import SecretCryptography
import SignedTransactions
import Testing
import WalletClient

@Suite("How long messages are") final class MessageSizeTests {
    private let network = SecretKey.random()
    private static let hash = String(repeating: "ab", count: 32)

    private func client() -> ContractEncryption {
        ContractEncryption(privateKey: .random(), ioPublicKey: X25519.publicKey(of: network))
    }

    /// As the enclave opens it.
    private func opened(_ wire: [UInt8]) throws -> [UInt8] {
        let message = try #require(EncryptedMessage(wire: wire))
        var key = TransactionKey(privateKey: network, publicKey: message.publicKey, nonce: message.nonce)!
        let plaintext = key.open(message.sealed)
        return try #require(plaintext)
    }

    @Test("messages come in multiples of 256 bytes, and the contract's code reads them as they were")
    func multiples() throws {
        let client = client()
        // Nonce, public key, tag, code hash.
        let overhead = 32 + 32 + 16 + 64
        for (count, multiple) in [(2, 256), (255, 256), (256, 256), (257, 512), (5_000, 5_120)] {
            let text = count == 2 ? "{}" : #"{"a":""# + String(repeating: "x", count: count - 8) + #""}"#
            let message = Array(text.utf8)
            #expect(message.count == count)
            let wire = try client.seal(message, codeHash: Self.hash, owner: nil)
            #expect(wire.count == overhead + multiple)
            let plaintext = try opened(wire)
            #expect(plaintext.starts(with: Array(Self.hash.utf8) + message))
            #expect(plaintext.dropFirst(64 + count).allSatisfy { $0 == UInt8(ascii: " ") })
            #expect(client.openInput(wire, sender: [], target: nil) == message)
        }
    }

    @Test("what is no object of JSON is sealed as it is")
    func others() throws {
        let client = client()
        for text in ["", "text", #""text""#, "7", " {}"] {
            let wire = try client.seal(Array(text.utf8), codeHash: Self.hash, owner: nil)
            #expect(try opened(wire) == Array((Self.hash + text).utf8))
            #expect(client.openInput(wire, sender: [], target: nil) == Array(text.utf8))
        }
    }

    @Test("an answer of JSON is read without what was filled in, any other as it is")
    func answers() throws {
        let client = client()
        let wire = try client.seal(Array("{}".utf8), codeHash: Self.hash, owner: nil)
        var key = TransactionKey(privateKey: network, publicKey: client.publicKey, nonce: Array(wire[..<32]))!
        for (sealed, read) in [("{}   ", "{}"), ("[1] ", "[1]"), ("text  ", "text  "), ("{}", "{}")] {
            let data = key.seal(Array(Base64.encode(Array(sealed.utf8)).utf8))
            #expect(client.openData(data, answerTo: wire) == Array(read.utf8))
        }
        let log = "encrypted: \(Base64.encode(key.seal(Array("who are you?   ".utf8)))): execute contract failed"
        #expect(client.openError(log, answerTo: wire) == "who are you?")
    }
}
