import PublicCryptography
import SecretKit
import TestSupport
import Testing

@testable import SecretCryptography

@Suite("SecretCryptography: HMAC and derivation")
struct DerivationTests {
    /// HMAC with a key of any length.
    private func tag(_ key: [UInt8], _ message: [UInt8]) -> String {
        var output = [UInt8](repeating: 0, count: 32)
        key.withUnsafeBytes { key in
            message.withUnsafeBytes { message in
                output.withUnsafeMutableBytes { HMACSHA256.tag(key: key, [message], into: $0) }
            }
        }
        return Hexadecimal.encode(output)
    }

    @Test("HMAC-SHA256 gives the values of RFC 4231")
    func rfc4231() {
        #expect(
            tag([UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8))
                == "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        #expect(
            tag(Array("Jefe".utf8), Array("what do ya want for nothing?".utf8))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            tag([UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50))
                == "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe")
        #expect(
            tag(
                [UInt8](repeating: 0xaa, count: 131),
                Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    @Test("HMAC-SHA256 agrees with an independent implementation for 200 lengths")
    func lengths() {
        var all = [UInt8]()
        for count in 0..<200 {
            let key = SecretKey(copying: pattern(32, count))!
            let tag = HMACSHA256.tag(key: key, pattern(count, count))
            tag.append(to: &all)
            let verdicts = [
                HMACSHA256.verify(tag.bytes, key: key, pattern(count, count)),
                HMACSHA256.verify(tag.bytes, key: key, pattern(count + 1, count)),
                HMACSHA256.verify(tag.bytes.dropLast(), key: key, pattern(count, count)),
            ]
            #expect(verdicts == [true, false, false])
        }
        #expect(SHA256.hash(all).description == "f16bd390b69ed2a580fd719d1389f7c802fb795d4f9eed89d80e99edc9c69e27")
    }

    private func extract(salt: [UInt8], _ material: [UInt8]) -> SecretKey {
        SecretKey { output in material.withUnsafeBytes { HKDF.extract(salt: salt, [$0], into: output) } }
    }

    @Test("HKDF gives the values of RFC 5869")
    func rfc5869() {
        let first = extract(salt: Array(0...12), [UInt8](repeating: 0x0b, count: 22))
        #expect(text(of: first) == "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5")
        let info = Array(UInt8(0xf0)...0xf9)
        let output = HKDF.expand(first, info: info)
        #expect(text(of: output) == "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf")

        let second = extract(salt: Array(0x60...0xaf), Array(0x00...0x4f))
        let long = HKDF.expand(second, info: Array(UInt8(0xb0)...0xff))
        #expect(text(of: long) == "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c")

        let third = extract(salt: [], [UInt8](repeating: 0x0b, count: 22))
        let plain = HKDF.expand(third, info: [])
        #expect(text(of: plain) == "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d")
    }

    @Test("derive and expand are HKDF with the network's salt, the data in different places")
    func secretNetwork() {
        // Secret Network protocol: message encryption, the KAT of the transaction key.
        let shared = key("665d567f7f0d5808e954aa63e62fa5f817a557361cc18c1e217b1735727fbf0e")
        let derived = KeyDerivation.derive(shared, [UInt8](repeating: 2, count: 32))
        #expect(text(of: derived) == "dd709fe2b25c325267325eba81f8a6118d4acc1aeaadad2e2f3a9bfc12aab88d")
        // Secret Network protocol: key hierarchy, g1 and c8.
        let exchange = KeyDerivation.seedKey(key(repeating: 0x0a), order: 1, home: .pages)
        #expect(text(of: exchange) == "98c8675a57fe10feb2d747019dc3346d351f1900b44b49c001370cb81cf30b10")
        let proof = KeyDerivation.seedKey(key(repeating: 0x0b), order: 8)
        #expect(text(of: proof) == "b25abcb90f8db94bb923f0e014388289d92178fa6e621cdb91f1522d6ecef64f")
        // Secret Network protocol: randomness, env.random of counter 0.
        let contractKey = hexadecimal(
            "a259fa2d17beab9aa6ff755359823085ef2303ea110cb33989e22b05b22d3dfe"
                + "40cec33c614a3a8b5d6dfa3b42c2020e6eba506dade9fa265122c3958f72ed54")
        let info = [0, 0, 0, 0, 0, 0, 0, 100] + contractKey + [UInt8](repeating: 0, count: 8)
        let random = KeyDerivation.expand(key(repeating: 7), info: info)
        #expect(text(of: random) == "44ad55e86fc98bb47321175e8d66134809626da20949c77e6db59424dbb8ea08")
    }
}
