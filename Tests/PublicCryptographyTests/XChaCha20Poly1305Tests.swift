import PublicCryptography
import Testing

@Suite("PublicCryptography: sealing under a key that both sides have")
struct XChaCha20Poly1305Tests {
    private let key = [UInt8](0x80...0x9f)
    private let nonce = [UInt8](0x40...0x57)
    private let data = Hexadecimal.decode("50515253c0c1c2c3c4c5c6c7")!
    private let text = Array(
        ("Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
            + "sunscreen would be it.").utf8)

    @Test("XChaCha20-Poly1305 gives the values of draft-irtf-cfrg-xchacha-03, A.3.1")
    func vector() {
        let sealed = XChaCha20Poly1305.seal(text, key: key, nonce: nonce, associatedData: data)
        #expect(
            Hexadecimal.encode(sealed)
                == "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb"
                + "731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b452"
                + "2f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9"
                + "21f9664c97637da9768812f615c68b13b52e" + "c0875924c1c7987947deafd8780acf49")
        #expect(XChaCha20Poly1305.open(sealed, key: key, nonce: nonce, associatedData: data) == text)
    }

    @Test("nothing opens that was changed, cut, or sealed with another key, nonce or associated data")
    func refusals() {
        let sealed = XChaCha20Poly1305.seal(text, key: key, nonce: nonce, associatedData: data)
        func opens(_ sealed: [UInt8], _ key: [UInt8], _ nonce: [UInt8], _ data: [UInt8]) -> Bool {
            XChaCha20Poly1305.open(sealed, key: key, nonce: nonce, associatedData: data) != nil
        }
        #expect(opens(sealed, key, nonce, data))
        for position in sealed.indices {
            var changed = sealed
            changed[position] ^= 0x10
            #expect(!opens(changed, key, nonce, data))
        }
        #expect(!opens(Array(sealed.dropLast()), key, nonce, data) && !opens([], key, nonce, data))
        #expect(!opens(sealed, key.reversed(), nonce, data) && !opens(sealed, Array(key.dropLast()), nonce, data))
        #expect(!opens(sealed, key, nonce.reversed(), data) && !opens(sealed, key, nonce + [0], data))
        #expect(!opens(sealed, key, nonce, data + [0]))
        let empty = XChaCha20Poly1305.seal([], key: key, nonce: nonce, associatedData: [])
        #expect(empty.count == 16)
        #expect(XChaCha20Poly1305.open(empty, key: key, nonce: nonce, associatedData: []) == [])
    }

    @Test("BLAKE2b with a key gives the first value of its authors' list")
    func keyedHash() {
        #expect(
            Hexadecimal.encode(KeyedHash.blake2b([], key: [UInt8](0...0x3f), byteCount: 64))
                == "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
                + "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568")
        #expect(KeyedHash.blake2b([1], key: key, byteCount: 24).count == 24)
    }
}
