import CSodium
import PublicCryptography
import TestSupport
import Testing

@Suite("Ed25519 by ZIP-215")
struct Ed25519Tests {

    /// `bytes` with the sign bit set.
    private static func negative(_ bytes: [UInt8]) -> [UInt8] { bytes.dropLast() + [bytes[31] | 0x80] }

    private static let zeros = [UInt8](repeating: 0, count: 32)
    private static let identity: [UInt8] = [1] + zeros.dropFirst()
    /// y of the points of order eight.
    private static let eighths = [
        hexadecimal("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"),
        hexadecimal("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a"),
    ]
    /// 2^255 - 19 plus a small number: another encoding of that number.
    private static func prime(plus number: UInt8) -> [UInt8] {
        [0xed + number] + [UInt8](repeating: 0xff, count: 30) + [0x7f]
    }

    /// All fourteen encodings of the eight points whose order divides eight: eight canonical ones and those that have y
    /// beyond the prime, or a sign where x is zero.
    private static let smallPoints: [[UInt8]] = {
        let minusOne: [UInt8] = [0xec] + [UInt8](repeating: 0xff, count: 30) + [0x7f]
        return [identity, minusOne, zeros, prime(plus: 0), prime(plus: 1), eighths[0], eighths[1]].flatMap {
            [$0, negative($0)]
        }
    }()

    @Test("all 196 pairs of small points verify with a scalar of zero")
    func smallOrder() {
        let message = Array("Zcash".utf8)
        var (accepted, strict) = (0, 0)
        for key in Self.smallPoints {
            for commitment in Self.smallPoints {
                let signature = commitment + Self.zeros
                accepted += Ed25519.verify(signature: signature, message: message, publicKey: key) ? 1 : 0
                strict += crypto_sign_verify_detached(signature, message, UInt64(message.count), key) == 0 ? 1 : 0
            }
        }
        #expect(Set(Self.smallPoints).count == 14)
        #expect(accepted == 196)
        #expect(strict == 0, "libsodium's own rules refuse them, so the wider ones were needed")
    }

    @Test("a scalar is refused from the group's order on")
    func malleability() {
        let order = hexadecimal("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        let message = Array("Zcash".utf8)
        func verify(_ scalar: [UInt8]) -> Bool {
            Ed25519.verify(signature: Self.identity + scalar, message: message, publicKey: Self.identity)
        }
        #expect(verify(Self.zeros))
        // The same number modulo the order.
        #expect(!verify(order))
        #expect(!verify(Self.identity))
        #expect(!verify([UInt8](repeating: 0xff, count: 32)))
    }

    @Test("what is no point is no key and no commitment")
    func notOnCurve() {
        let stray: [UInt8] = [2] + Self.zeros.dropFirst()
        #expect(!Ed25519.verify(signature: Self.identity + Self.zeros, message: [], publicKey: stray))
        #expect(!Ed25519.verify(signature: stray + Self.zeros, message: [], publicKey: Self.identity))
        #expect(!Ed25519.verify(signature: Self.identity, message: [], publicKey: Self.identity))
        #expect(!Ed25519.verify(signature: Self.identity + Self.zeros, message: [], publicKey: [1]))
    }

    // RFC 8032, section 7.1, tests 1 to 3.
    private static let vectors = [
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ]

    @Test("honest signatures verify, and with any bit changed they do not")
    func honest() {
        for (key, message, signature) in Self.vectors {
            let (key, message, signature) = (hexadecimal(key), hexadecimal(message), hexadecimal(signature))
            #expect(Ed25519.verify(signature: signature, message: message, publicKey: key))
            #expect(!Ed25519.verify(signature: signature, message: message + [0], publicKey: key))
            for bit in stride(from: 0, to: 512, by: 7) {
                var changed = signature
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(!Ed25519.verify(signature: changed, message: message, publicKey: key), "bit \(bit)")
            }
            for bit in stride(from: 0, to: 256, by: 5) {
                var changed = key
                changed[bit / 8] ^= 1 << UInt8(bit % 8)
                #expect(!Ed25519.verify(signature: signature, message: message, publicKey: changed), "bit \(bit)")
            }
        }
    }

    @Test("a key with a part of small order verifies by the equation with the cofactor alone")
    func mixedOrder() throws {
        let secret = [UInt8](repeating: 7, count: 31) + [0]
        let nonce = [UInt8](repeating: 9, count: 31) + [0]
        var (pure, key, commitment) = (Self.zeros, Self.zeros, Self.zeros)
        #expect(crypto_scalarmult_ed25519_base_noclamp(&pure, secret) == 0)
        #expect(crypto_core_ed25519_add(&key, pure, Self.eighths[0]) == 0)
        #expect(crypto_scalarmult_ed25519_base_noclamp(&commitment, nonce) == 0)
        var strict = 0
        for number in 0..<16 {
            let message = [UInt8(number)]
            var (challenge, product, scalar) = (Self.zeros, Self.zeros, Self.zeros)
            crypto_core_ed25519_scalar_reduce(&challenge, SHA512.hash(commitment + key + message))
            crypto_core_ed25519_scalar_mul(&product, challenge, secret)
            crypto_core_ed25519_scalar_add(&scalar, product, nonce)
            let signature = commitment + scalar
            #expect(Ed25519.verify(signature: signature, message: message, publicKey: key))
            #expect(!Ed25519.verify(signature: signature, message: message + [0], publicKey: key))
            strict += crypto_sign_verify_detached(signature, message, 1, key) == 0 ? 1 : 0
        }
        // Only where the challenge is a multiple of eight does the plain equation hold.
        #expect(strict < 8)
    }
}
