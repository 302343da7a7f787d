import PublicCryptography
import SecretKit
import TestSupport
import Testing

@testable import SecretCryptography

@Suite("SecretCryptography: AES-SIV")
struct AESSIVTests {
    @Test("RFC 5297, A.1: deterministic")
    func rfc5297Deterministic() {
        var cipher = AESSIV(key: key("fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"))
        let associatedData = [hexadecimal("101112131415161718191a1b1c1d1e1f2021222324252627")]
        let plaintext = hexadecimal("112233445566778899aabbccddee")
        let sealed = cipher.seal(plaintext, associatedData: associatedData)
        #expect(Hexadecimal.encode(sealed) == "85632d07c6e8f37f950acd320a2ecc9340c02b9690c4dc04daef7f6afe5c")
        let opened = cipher.open(sealed, associatedData: associatedData)
        #expect(opened == plaintext)
    }

    @Test("RFC 5297, A.2: with a nonce")
    func rfc5297Nonce() {
        var cipher = AESSIV(key: key("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f"))
        let associatedData = [
            hexadecimal("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa99887766554433221100"),
            hexadecimal("102030405060708090a0"), hexadecimal("09f911029d74e35bd84156c5635688c0"),
        ]
        let plaintext = Array("this is some plaintext to encrypt using SIV-AES".utf8)
        let sealed = cipher.seal(plaintext, associatedData: associatedData)
        #expect(
            Hexadecimal.encode(sealed)
                == "7bdb6e3b432667eb06f4d14bff2fbd0fcb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829"
                + "ea64ad544a272e9c485b62a3fd5c0d")
        let opened = cipher.open(sealed, associatedData: associatedData)
        #expect(opened == plaintext)
    }

    @Test("an empty string is one component, and none is none")
    func emptyComponents() {
        var cipher = AESSIV(key: SecretKey(copying: Array(0..<32))!)
        let hello = Array("hello".utf8)
        let results = [
            cipher.seal(hello, associatedData: [[]]), cipher.seal(hello, associatedData: []),
            cipher.seal([], associatedData: [[]]),
        ].map { Hexadecimal.encode($0) }
        #expect(
            results == [
                "1f9d2ee836dd30ce312ef988c2d73ec31447769b1c", "f0635bf3f0bed61b5245be6c6cd9e7a13b1d694cde",
                "646a1c3efeb7d2589bfdd0892cc86923",
            ])
    }

    static let associatedDataLists: [@Sendable (Int) -> [[UInt8]]] = [
        { _ in [] }, { _ in [[]] }, { _ in [[], []] }, { [pattern($0 % 41, 1)] }, { [pattern(16, 2), pattern($0, 3)] },
        { [pattern($0, 4), [], pattern(33, 5)] },
    ]

    @Test("648 cases of every length around the blocks agree with an independent implementation, and open again")
    func batch() {
        var hasher = SHA256.Hasher()
        for count in Array(0..<100) + [1023, 1024, 1025, 1039, 1040, 1041, 2049, 5000] {
            for list in Self.associatedDataLists {
                var cipher = AESSIV(key: SecretKey(copying: pattern(32, count))!)
                let sealed = cipher.seal(pattern(count, 9), associatedData: list(count))
                hasher.update(sealed)
                let opened = cipher.open(sealed, associatedData: list(count))
                #expect(opened == pattern(count, 9))
            }
        }
        let digest = hasher.finalize()
        #expect(digest.description == "c65337036c87accadb5df38c17d5d5ee6c7bf155db840549e3f9c9ce435dfc38")
    }

    @Test("one keyed cipher gives the same result for a message whatever it did before")
    func reuse() {
        var used = AESSIV(key: key(repeating: 5))
        for count in [40, 0, 17, 16, 2000, 15] {
            var fresh = AESSIV(key: key(repeating: 5))
            let fromFresh = fresh.seal(pattern(count, 1), associatedData: [pattern(20, 2)])
            let fromUsed = used.seal(pattern(count, 1), associatedData: [pattern(20, 2)])
            #expect(fromFresh == fromUsed)
            let refused = used.open(pattern(count + 16, 3), associatedData: [])
            #expect(refused == nil)
        }
    }

    @Test("every flipped bit, every cut and any other associated data is refused", arguments: [0, 1, 16, 33])
    func tampering(count: Int) {
        var cipher = AESSIV(key: key(repeating: 6))
        let sealed = cipher.seal(pattern(count, 1), associatedData: [[1], [2]])
        for index in sealed.indices {
            for bit in 0..<8 {
                var wrong = sealed
                wrong[index] ^= 1 << UInt8(bit)
                let opened = cipher.open(wrong, associatedData: [[1], [2]])
                #expect(opened == nil)
            }
            let cut = cipher.open(sealed[..<index], associatedData: [[1], [2]])
            #expect(cut == nil)
        }
        for list in [[], [[1]], [[2], [1]], [[1], [2], []], [[1, 2]], [[], [1], [2]]] as [[[UInt8]]] {
            let opened = cipher.open(sealed, associatedData: list)
            #expect(opened == nil)
        }
        let extended = cipher.open(sealed + [0], associatedData: [[1], [2]])
        #expect(extended == nil)
        var other = AESSIV(key: key(repeating: 7))
        let underOther = other.open(sealed, associatedData: [[1], [2]])
        #expect(underOther == nil)
    }

    @Test("guarded plaintexts are the same plaintexts")
    func guarded() throws {
        var cipher = AESSIV(key: key(repeating: 8))
        let sealed = cipher.seal(pattern(50, 4), associatedData: [])
        let guarded = GuardedBytes(copying: pattern(50, 4))
        let sealedGuarded = cipher.seal(guarded, associatedData: [])
        #expect(sealedGuarded == sealed)
        guard let opened = cipher.openGuarded(sealed[...], associatedData: []) else {
            Issue.record("does not open")
            return
        }
        #expect(bytes(of: opened) == pattern(50, 4))
        let wrong = cipher.openGuarded(sealed[...], associatedData: [[]]) == nil
        #expect(wrong)
    }

    @Test("a sealed record opens only whole, with its key and its header")
    func sealing() {
        let header = Array("header".utf8)
        let record = GuardedBytes(copying: Array("record bytes".utf8))
        let sealingKey = SecretKey(copying: Array(0..<32))!
        // Made with Python: nonce || SIV(key, record, [header, nonce]).
        let known = hexadecimal(
            "4d545b626970777e858c939aa1a8afb679b831b8c2349d6aa1869eaf6b85defdc7dc0c335db6f346ddb45d68")
        if let opened = Sealing.open(known[...], key: sealingKey, header: header) {
            #expect(bytes(of: opened) == Array("record bytes".utf8))
        } else {
            Issue.record("the known record does not open")
        }
        let one = Sealing.seal(record, key: sealingKey, header: header)
        let two = Sealing.seal(record, key: sealingKey, header: header)
        #expect(one != two)
        #expect(one.count == Array("record bytes".utf8).count + Sealing.overhead)
        for index in one.indices {
            var wrong = one
            wrong[index] ^= 0x80
            let flipped = Sealing.open(wrong[...], key: sealingKey, header: header) == nil
            let cut = Sealing.open(one[..<index], key: sealingKey, header: header) == nil
            #expect(flipped && cut)
        }
        let otherHeader = Sealing.open(one[...], key: sealingKey, header: header + [0]) == nil
        let otherKey = Sealing.open(one[...], key: key(repeating: 1), header: header) == nil
        #expect(otherHeader && otherKey)
    }
}
