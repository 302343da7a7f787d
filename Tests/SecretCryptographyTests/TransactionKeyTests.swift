import PublicCryptography
import SecretKit
import TestSupport
import Testing

@testable import SecretCryptography

@Suite("SecretCryptography: message encryption")
struct TransactionKeyTests {
    let nonce = [UInt8](repeating: 2, count: 32)
    let codeHash = Hexadecimal.encode(SHA256.hash(Array("code".utf8)).bytes)
    let recipientHash = Hexadecimal.encode(SHA256.hash(Array("parent".utf8)).bytes)

    /// io key of the current seed `0b` x 32.
    private func ioKey() -> SecretKey { KeyDerivation.seedKey(key(repeating: 0x0b), order: 2) }

    private func clientSide() -> TransactionKey {
        TransactionKey(privateKey: key(repeating: 1), publicKey: X25519.publicKey(of: ioKey()), nonce: nonce)!
    }

    @Test("messages and answers are Secret Network's, byte for byte")
    func knownAnswers() {
        var transactionKey = clientSide()
        let subMessage =
            Array((codeHash + "REPLY01").utf8) + [0, 0, 0, 0, 0, 0, 0, 42] + Array((recipientHash + "{\"a\":{}}").utf8)
        let cases: [([UInt8], String)] = [
            (
                Array((codeHash + "{\"increment\":{}}").utf8),
                "a404fec8bc99b0d61b6787c6f11a2ac07a8b4ee4e3c2ed15c05dd505276ab8092bd0e7d262b69bbedd689267302701447f57"
                    + "01f980e0cdb546762aac4dc79675d5bcad2f34e6b0f54c2f615ebf92e3620929de339ad778d7585a8f0c2d602157"
            ),
            (
                subMessage,
                "e37f6bf78358b848d4ed5c4f8a2e35ae266bc333ecc3a913c518c8a2b11fc4a2354262641cc89968ed0b60efd444529de5cf"
                    + "3f79cac2308dccd7c0c601aa8d7d434f6d4c5d169d26c84d8f1340050325a007e057dd360d8a071ff8bdd03b7de755e5"
                    + "129b77a2f0c2fc08f2798d17022269b33412d82ca04d344b7c9a3b5ff4fbe7e3019e2ed0fa260eac1b5870882b97e47f"
                    + "3de0cff93af540fafd60bae294e038fee9ed6a8f42"
            ),
            (Array("eyJvayI6MX0=".utf8), "67fe9bdb087d48d12607175a6cf5cfefbb9f2a55459e5053a3262357"),
            (Array("a".utf8), "a74f679923813de889177f1b4ecc5d1677"),
            (
                Array((recipientHash + "42").utf8),
                "35de40a9ee7e5f03e063277e5bdc479ede96c07681270596dfec8f94a9a6641df0cdff8a17fa2be9556f2ef22514febaa1d4"
                    + "c3e9eef3f21580569ee4286ea07d7f0efa4013b018a96cb6f30246873ea722c1"
            ),
        ]
        for (plaintext, expected) in cases {
            let sealed = transactionKey.seal(plaintext)
            #expect(Hexadecimal.encode(sealed) == expected)
        }
        let errors = [
            Base64.encode(transactionKey.seal(Array("boom".utf8))),
            Base64.encode(transactionKey.seal(Array("{\"generic_err\":{\"msg\":\"boom\"}}".utf8))),
        ]
        #expect(
            errors == [
                "FL+tDjuzChP9ek4J1Tuu+1Wodn0=",
                "BBmFaLr0FbEFklC74v8+24zqHV3VdI1IPoE1vXTHX7DkSelbZA+DoYJ0BUGDoA==",
            ])
    }

    @Test("the enclave opens what the client sealed, and the client what the enclave answered")
    func bothSides() throws {
        var client = clientSide()
        let publicKey = X25519.publicKey(of: key(repeating: 1))
        #expect(
            Hexadecimal.encode(publicKey) == "a4e09292b651c278b9772c569f5fa9bb13d906b46ab68c9df9dc2b4409f8a209")
        let plaintext = Array((codeHash + "{\"increment\":{}}").utf8)
        let wire = EncryptedMessage(nonce: nonce, publicKey: publicKey, sealed: client.seal(plaintext)).wire
        #expect(wire.count == 160)

        let message = try #require(EncryptedMessage(wire: wire))
        var enclave = TransactionKey(privateKey: ioKey(), publicKey: message.publicKey, nonce: message.nonce)!
        let opened = enclave.open(message.sealed)
        #expect(opened == plaintext)
        let answer = client.open(enclave.seal(Array("answer".utf8)))
        #expect(answer == Array("answer".utf8))
    }

    @Test("what the Python client seals is what we seal")
    func pythonClient() {
        // Made with secret-sdk 1.8.3: io key 03 x 32, client key 01 x 32, nonce 02 x 32.
        let ioPublicKey = hexadecimal("5dfedd3b6bd47f6fa28ee15d969d5bb0ea53774d488bdaf9df1c6e0124b3ef22")
        let publicKey = X25519.publicKey(of: key(repeating: 3))
        #expect(publicKey == ioPublicKey)
        var client = TransactionKey(privateKey: key(repeating: 1), publicKey: ioPublicKey, nonce: nonce)!
        let sealed = client.seal(Array((String(repeating: "ab", count: 32) + "{\"a\":1}").utf8))
        #expect(
            Hexadecimal.encode(sealed)
                == "1a4aff710553e9bdab17a9ed86e6555c259b6118247c3afc4c8b3f56bbe59004a9b78ac407a0d44d96b8c3968245b843"
                + "8836a706bc1c21ccd4162f5a213a80019da498e684638a439e57474dd1875c31cdd356fa23c856")
    }

    @Test("another nonce, another user or a flipped byte does not open")
    func refused() {
        var client = clientSide()
        let sealed = client.seal(Array("message".utf8))
        let publicKey = X25519.publicKey(of: key(repeating: 1))
        var otherNonce = TransactionKey(privateKey: ioKey(), publicKey: publicKey, nonce: pattern(32, 1))!
        let underOtherNonce = otherNonce.open(sealed)
        #expect(underOtherNonce == nil)
        let otherPublicKey = X25519.publicKey(of: key(repeating: 4))
        var otherUser = TransactionKey(privateKey: ioKey(), publicKey: otherPublicKey, nonce: nonce)!
        let underOtherUser = otherUser.open(sealed)
        #expect(underOtherUser == nil)
        var enclave = TransactionKey(privateKey: ioKey(), publicKey: publicKey, nonce: nonce)!
        for index in sealed.indices {
            var wrong = sealed
            wrong[index] ^= 1
            let opened = enclave.open(wrong)
            #expect(opened == nil)
        }
    }

    @Test("a message bound to its owner opens for that owner alone")
    func binding() {
        var client = clientSide()
        let sender = pattern(20, 1)
        let target = pattern(20, 2)
        let bound = client.seal(Array("message".utf8), binding: .owner(sender: sender, target: target))
        let opened = [
            client.open(bound, binding: .owner(sender: sender, target: target)), client.open(bound),
            client.open(bound, binding: .owner(sender: target, target: sender)),
            client.open(bound, binding: .owner(sender: sender, target: pattern(20, 3))),
            client.open(client.seal([1]), binding: .owner(sender: sender, target: target)),
        ]
        #expect(opened == [Array("message".utf8), nil, nil, nil, nil])
    }

    @Test("wire bytes below the protocol's minimum, and keys nobody could share, are refused")
    func malformed() {
        #expect(EncryptedMessage(wire: pattern(81, 0)) == nil)
        #expect(EncryptedMessage(wire: pattern(82, 0))?.sealed == Array(pattern(82, 0)[64...]))
        #expect(EncryptedMessage(wire: pattern(90, 0))?.wire == pattern(90, 0))
        let zero = [UInt8](repeating: 0, count: 32)
        let results = [
            TransactionKey(privateKey: ioKey(), publicKey: zero, nonce: nonce) == nil,
            TransactionKey(privateKey: ioKey(), publicKey: pattern(31, 1), nonce: nonce) == nil,
            TransactionKey(privateKey: ioKey(), publicKey: pattern(32, 1), nonce: pattern(31, 1)) == nil,
        ]
        #expect(results == [true, true, true])
    }
}
