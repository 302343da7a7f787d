import PublicCryptography
import SecretCryptography
import SecretKit
import TestSupport
import Testing

@testable import Keyring

@Suite("Keyring: a validator's key on its way")
struct HandedKeyTests {
    private let identityHash = SHA256.hash(Array("identity".utf8))
    private let record = pattern(80, 4)

    private func exchange() -> SecretKey { key(repeating: 1) }
    private func successor() -> SecretKey { key(repeating: 2) }
    private func handed() -> SecretKey { key(repeating: 3) }

    private func wrapped() -> [UInt8]? {
        HandedKey.wrap(
            handed(), record: record, for: Hash32(X25519.publicKey(of: successor()))!, identityHash: identityHash,
            exchangeKey: exchange())
    }

    /// Key and record, one after the other.
    private func opened(
        _ bytes: [UInt8], identityHash: Hash32? = nil, exchange: [UInt8]? = nil,
        successor: consuming SecretKey? = nil
    ) -> [UInt8]? {
        let publicKey = exchange ?? X25519.publicKey(of: self.exchange())
        let own = successor ?? self.successor()
        guard
            let opened = HandedKey.open(
                bytes, identityHash: identityHash ?? self.identityHash, exchangePublicKey: publicKey,
                registrationKey: own)
        else { return nil }
        let record = opened.record
        let key = opened.takeKey()
        return SecretKit.bytes(of: key) + record
    }

    @Test("opens for its successor alone, in its network alone, and only whole")
    func roundTrip() throws {
        let bytes = try #require(wrapped())
        #expect(bytes.count == 1 + 16 + 32 + 80 && bytes[0] == 1)
        #expect(wrapped() == bytes, "the same is made of it each time")
        let content = SecretKit.bytes(of: handed()) + record
        #expect(opened(bytes) == content)
        #expect(opened(bytes, identityHash: Hash32.zero) == nil)
        #expect(opened(bytes, exchange: X25519.publicKey(of: key(repeating: 9))) == nil)
        #expect(opened(bytes, successor: key(repeating: 9)) == nil)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 1
            #expect(opened(other) == nil)
            #expect(opened(Array(bytes[..<index])) == nil)
        }
        #expect(opened(bytes + [0]) == nil)
    }

    @Test("nothing is wrapped for a key that nothing can be agreed with")
    func smallOrder() {
        let none = HandedKey.wrap(
            handed(), record: record, for: .zero, identityHash: identityHash, exchangeKey: exchange())
        #expect(none == nil)
    }

    @Test("it is AES-SIV under HKDF of the agreement, with the network and the successor in it")
    func documented() throws {
        let publicKey = X25519.publicKey(of: successor())
        guard let shared = X25519.agreement(exchange(), publicKey: publicKey) else {
            Issue.record("no agreement")
            return
        }
        let wrapping = HKDF.derive(
            shared, salt: identityHash.bytes,
            info: Array("cloister/consensus-key-grant/1".utf8) + publicKey + X25519.publicKey(of: exchange()))
        var cipher = AESSIV(key: wrapping)
        let plaintext = GuardedBytes(copying: SecretKit.bytes(of: handed()) + record)
        let expected = cipher.seal(
            plaintext, associatedData: [Array("cloister/consensus-key-grant/1".utf8), identityHash.bytes, publicKey])
        #expect(wrapped() == [1] + expected)
    }
}

@Suite("Keyring: compiled modules")
struct SealedModuleTests {
    private let purpose = SealedModule.Purpose(
        codeHash: SHA256.hash([1]), measurement: SHA256.hash([2]), preset: 3)
    private func key() -> SecretKey { SecretKit.key(repeating: 7) }

    private func opened(_ sealed: [UInt8], code: Hash32? = nil, program: Hash32? = nil) -> (
        module: [UInt8], preset: UInt8
    )? {
        SealedModule.open(
            sealed, codeHash: code ?? purpose.codeHash, measurement: program ?? purpose.measurement, key: key())
    }

    @Test("has a tag over a header and the module, and opens for this code and program alone, and only whole")
    func roundTrip() throws {
        let module = pattern(50, 1)
        let sealed = SealedModule.seal(module, for: purpose, key: key())
        let header =
            Array("CLOISTER-MODULE\n".utf8) + [0, 1] + purpose.measurement.bytes + purpose.codeHash.bytes + [3]
        let tag = HMACSHA256.tag(key: key(), header + module).bytes
        #expect(sealed == tag + header + module)
        #expect(SealedModule.overhead == tag.count + header.count)
        let result = try #require(opened(sealed))
        #expect(result.module == module && result.preset == 3)
        #expect(opened(sealed, code: .zero) == nil && opened(sealed, program: .zero) == nil)
        let stranger = SealedModule.open(
            sealed, codeHash: purpose.codeHash, measurement: purpose.measurement, key: SecretKit.key(repeating: 8))
        #expect(stranger == nil)
        for index in sealed.indices {
            var other = sealed
            other[index] ^= 1
            #expect(opened(other) == nil)
            #expect(opened(Array(sealed[..<index])) == nil)
        }
        #expect(opened(sealed + [0]) == nil)
    }

    @Test("an empty module is none, and one byte is one")
    func smallest() {
        #expect(opened(SealedModule.seal([], for: purpose, key: key())) == nil)
        #expect(opened(SealedModule.seal([9], for: purpose, key: key()))?.module == [9])
    }
}
