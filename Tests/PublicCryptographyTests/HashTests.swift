import PublicCryptography
import TestSupport
import Testing

/// `count` bytes that differ from each other and from any other count's.
private func pattern(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 * 7 + count) } }

@Suite("PublicCryptography: hashes")
struct HashTests {
    @Test(
        "SHA-256 gives the values of FIPS 180-4",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            ("hij", "722c8c993fd75a7627d69ed941344fe2a1423a3e75efd3e6778a142884227104"),
        ])
    func sha256(text: String, expected: String) {
        #expect(SHA256.hash(Array(text.utf8)).description == expected)
        #expect(SHA256.hash(Array(("x" + text).utf8)[1...]).description == expected)
    }

    @Test("a hash in pieces equals the hash of the whole, for every cut")
    func pieces() {
        let bytes = pattern(150)
        let whole = SHA256.hash(bytes)
        for cut in 0...bytes.count {
            var hasher = SHA256.Hasher()
            hasher.update(bytes[..<cut])
            hasher.update(bytes[cut...].lazy.map { $0 })
            #expect(hasher.finalize() == whole)
        }
        #expect(SHA256.Hasher().finalize() == SHA256.hash([]))
    }

    @Test("an inner node is the hash of its prefix and its two sides")
    func innerNode() {
        let left = SHA256.hash(pattern(1))
        let right = SHA256.hash(pattern(2))
        #expect(SHA256.hash(prefix: 7, left, right) == SHA256.hash([7] + left.bytes + right.bytes))
        var hasher = SHA256.Hasher()
        hasher.update([7])
        hasher.update(left)
        hasher.update(right)
        #expect(hasher.finalize() == SHA256.hash(prefix: 7, left, right))
    }

    @Test("a hash keeps its bytes in order")
    func hash32() {
        #expect(Hash32(pattern(32))?.bytes == pattern(32))
        #expect(Hash32(pattern(31)) == nil)
        #expect(Hash32(pattern(33)) == nil)
    }

    @Test("SHA-512 gives the values of FIPS 180-4")
    func sha512() {
        #expect(
            Hexadecimal.encode(SHA512.hash(Array("abc".utf8)))
                == "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
        #expect(
            Hexadecimal.encode(SHA512.hash([]))
                == "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e")
    }

    @Test(
        "Keccak-256 agrees with an independent implementation around the block size",
        arguments: [
            (0, "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"),
            (3, "7d228cdb40e661b0731cd20c876de675137701233a19b450a36e53a053407a22"),
            (135, "8ab570337c9a3a773c3605160ca58e3f0546d92d217c908669cc4f35a31933bc"),
            (136, "16b30a6be318a7acbcba7a2194789f628abf68dfbbf55a4d840f22f6a4d29efd"),
            (137, "6a7e8293441d51be41bf4994995b35981f90c07866c7fd0465f405e2b7a8f8dd"),
            (271, "bb02bca6be57f42d131406260c6f1a81fd9922af8bd1c96d78f454b19ae10add"),
            (272, "443464c0c3ac8036d14a6f8647fc93b592d514adefbe88683cbbda3b4b2c4553"),
            (273, "73d5960773e36742ead7c872d84d535f35e75b9517ccb1023491276013f88890"),
            (1000, "5cab097db1a529f5b1a15428cc494df950671bc3824340aad89941fa68e151bc"),
        ])
    func keccak(count: Int, expected: String) {
        #expect(Keccak256.hash(pattern(count)).description == expected)
    }

    @Test("Keccak-256 of abc is Ethereum's value, not that of SHA3-256")
    func keccakOfABC() {
        #expect(
            Keccak256.hash(Array("abc".utf8)).description
                == "4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")
    }
}
