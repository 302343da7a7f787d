import PublicCryptography
import Testing

@Suite("PublicCryptography: P-256")
struct P256Tests {
    // Made with Python's `cryptography`: private key SHA-256("p256 test key"), message "sample".
    let publicKey = Hexadecimal.decode(
        "c18a3ea235f9d9ce2db1083f32d802d3c032d130b7b2a3c155916652def18d8a"
            + "9ea55241486dfb38d82ef78439edaad14099da22c0c4d30f6e955184b2024ffd")!
    let signature = Hexadecimal.decode(
        "aa762708b6b9fcc199bd4bd4a4c902160d4006566e3368d5ed3a927f14159621"
            + "8a2a8cefab4fdf5832bdd4571f362a2d7ce19359972a767794f886819ad67a02")!
    let digest = SHA256.hash(Array("sample".utf8))

    @Test("a signature of an independent implementation verifies")
    func verifies() {
        #expect(P256.verify(signature: signature, digest: digest, publicKey: publicKey))
    }

    @Test("the signature of RFC 6979, A.2.5 verifies")
    func rfc6979() {
        let key = Hexadecimal.decode(
            "60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
                + "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299")!
        let signature = Hexadecimal.decode(
            "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
                + "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8")!
        #expect(P256.verify(signature: signature, digest: digest, publicKey: key))
    }

    @Test("any flipped byte of signature, digest or key is refused")
    func flipped() {
        for index in 0..<64 {
            var wrong = signature
            wrong[index] ^= 1
            #expect(!P256.verify(signature: wrong, digest: digest, publicKey: publicKey))
            var wrongKey = publicKey
            wrongKey[index] ^= 1
            #expect(!P256.verify(signature: signature, digest: digest, publicKey: wrongKey))
        }
        #expect(!P256.verify(signature: signature, digest: SHA256.hash(digest.bytes), publicKey: publicKey))
    }

    @Test("zeros, overflows and wrong lengths are refused")
    func malformed() {
        let zeros = [UInt8](repeating: 0, count: 64)
        let ones = [UInt8](repeating: 0xff, count: 64)
        for wrong in [
            zeros, ones, [], Array(signature.dropLast()), signature + [0], Array(zeros[..<32] + signature[32...]),
        ] {
            #expect(!P256.verify(signature: wrong, digest: digest, publicKey: publicKey))
            #expect(!P256.verify(signature: signature, digest: digest, publicKey: wrong))
        }
    }
}
