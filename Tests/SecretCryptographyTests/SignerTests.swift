import PublicCryptography
import SecretKit
import TestSupport
import Testing

@testable import SecretCryptography

@Suite("SecretCryptography: agreement and signatures")
struct SignerTests {
    @Test("X25519 gives the value of RFC 7748, section 5.2")
    func rfc7748() {
        let scalar = key("a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4")
        let point = hexadecimal("e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c")
        guard let shared = X25519.agreement(scalar, publicKey: point) else {
            Issue.record("no agreement")
            return
        }
        #expect(text(of: shared) == "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552")
    }

    @Test("both sides agree on the value of an independent implementation")
    func agreement() {
        let one = SecretKey(copying: pattern(32, 1))!
        let two = SecretKey(copying: pattern(32, 2))!
        let publicOne = X25519.publicKey(of: one)
        let publicTwo = X25519.publicKey(of: two)
        #expect(Hexadecimal.encode(publicOne) == "c8feca81be196cdf2cadeabf13c4903d7632dce4955aa68b6e5d9adef54e2616")
        #expect(Hexadecimal.encode(publicTwo) == "73e79971c9110029723632a80b707bf4f62c125763346e1e8718d6c0dcc3aa3a")
        guard let shared = X25519.agreement(one, publicKey: publicTwo),
            let sharedBack = X25519.agreement(two, publicKey: publicOne)
        else {
            Issue.record("no agreement")
            return
        }
        #expect(text(of: shared) == "c1ae1f7b96221af5cd7ffb4dee853e4182892294eb6230615dfca82e49b0c343")
        #expect(text(of: sharedBack) == text(of: shared))
    }

    @Test(
        "public keys of small order are refused, also when not reduced or with the top bit set",
        arguments: [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
            "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "0100000000000000000000000000000000000000000000000000000000000080",
        ])
    func smallOrder(point: String) {
        let refused = X25519.agreement(SecretKey.random(), publicKey: hexadecimal(point)) == nil
        #expect(refused)
    }

    @Test("public keys of a wrong length are refused")
    func publicKeyLength() {
        for count in [0, 31, 33, 64] {
            let refused = X25519.agreement(SecretKey.random(), publicKey: pattern(count, 9)) == nil
            #expect(refused)
        }
    }

    // Secret Network protocol: test vectors, secp256k1 sign and ed25519 sign of "wen moon".
    @Test("secp256k1 signs the contract vector")
    func secp256k1Vector() {
        let privateKey = SecretKey(copying: Base64.decode("iadRiuRKNZvAXwolxqzJvr60uiMDJTxOEzEwV8OK2ao=")!)!
        let digest = SHA256.hash(Array("wen moon".utf8))
        #expect(Base64.encode(digest.bytes) == "K9vGEuzCYCUcIXlhMZu20ke2K4mJhreguYct5MqAzhA=")
        let publicKey = Secp256k1Signer.publicKey(of: privateKey)
        #expect(publicKey.map { Base64.encode($0) } == "ArQojoh5TVlSSNA1HFlH5HcQsv0jnrpeE7hgwR/N46nS")
        let signature = Secp256k1Signer.sign(digest, privateKey: privateKey)
        #expect(
            signature.map { Base64.encode($0) }
                == "Kty6KjJv4GVHFw/EKv7uPsMCC2rqNHAmXevIcw7Kcapk07aa1zJ4y5/3g+TyfCq/LQgLyFNG1/mtmKO87MYZ/w==")
    }

    @Test("twenty signatures agree with an independent implementation of RFC 6979 with low S")
    func secp256k1Batch() {
        var signatures = [UInt8]()
        var publicKeys = [UInt8]()
        for index in UInt8(0)..<20 {
            let privateKey = SecretKey(copying: SHA256.hash([index]).bytes)!
            signatures += Secp256k1Signer.sign(SHA256.hash([index, index]), privateKey: privateKey)!
            publicKeys += Secp256k1Signer.publicKey(of: privateKey)!
        }
        #expect(
            SHA256.hash(signatures).description == "aad0d4eb4e620ae8bf210616f5b45fec411f14fc6cf9a253f2c8ce99137b9821")
        #expect(
            SHA256.hash(publicKeys).description == "f24314ea4205fa91bf2ec5080128fdd34b0e3f0310ad0a6e5b49f62a34012cfa")
    }

    @Test("numbers that are no secp256k1 keys sign nothing")
    func secp256k1BadKeys() {
        for bad in [
            String(repeating: "0", count: 64), "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
            String(repeating: "f", count: 64),
        ] {
            let publicKey = Secp256k1Signer.publicKey(of: key(bad))
            let signature = Secp256k1Signer.sign(.zero, privateKey: key(bad))
            #expect(publicKey == nil && signature == nil)
        }
        let largest = key("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140")
        let publicKey = Secp256k1Signer.publicKey(of: largest)
        #expect(publicKey != nil)
    }

    @Test("Ed25519 signs the contract vector")
    func ed25519Vector() {
        let privateKey = SecretKey(copying: Base64.decode("z01UNefH2yjRslwZMmcHssdHmdEjzVvbxjr+MloUEYo=")!)!
        #expect(
            Base64.encode(Ed25519Signer.publicKey(of: privateKey)) == "jh58UkC0FDsiupZBLdaqKUqYubJbk3LDaruZiJiy0Po=")
        let signature = Ed25519Signer.sign(Array("wen moon".utf8), privateKey: privateKey)
        #expect(
            Base64.encode(signature)
                == "Vk+iXyZnRJv1oHCFZVC0EYZ5wtqAf0YUZY0ARIjdMpBmJl8dM2V/zRpn1mhJqQauUc1SgOer/jJM1kBVgaBcDA==")
    }

    @Test("fifty Ed25519 signatures agree with an independent implementation, the empty message included")
    func ed25519Batch() {
        var all = [UInt8]()
        for index in 0..<50 {
            let privateKey = SecretKey(copying: SHA256.hash([UInt8(index)]).bytes)!
            all += Ed25519Signer.publicKey(of: privateKey)
            all += Ed25519Signer.sign(pattern(index * 3, index), privateKey: privateKey)
        }
        #expect(SHA256.hash(all).description == "702aecab8748649f0a7c16d98d06f9bc9a5716d63834ffaa5ab1b576d0486f2b")
    }
}
