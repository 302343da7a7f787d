import PublicCryptography
import SecretCryptography
import SecretKit
import TestSupport
import Testing

@testable import Keyring

@Suite("Keyring: the sealed consensus key")
struct SealedConsensusKeyTests {
    private let measurement = SHA256.hash(Array("measurement".utf8))
    private let place = pattern(16, 3)

    private func seal() -> [UInt8] {
        SealedConsensusKey.seal(
            key(repeating: 7), place: place, sealingKey: key(repeating: 9), measurement: measurement)
    }

    @Test("what was sealed opens for its program on its platform, and no two seals are alike")
    func roundTrip() throws {
        let sealed = seal()
        #expect(sealed != seal())
        let opened = SealedConsensusKey.open(sealed, sealingKey: key(repeating: 9), measurement: measurement)
        guard let opened else {
            Issue.record("it does not open")
            return
        }
        #expect(opened.record == place)
        let isTheKey = opened.takeKey().isEqual(to: key(repeating: 7))
        #expect(isTheKey)
    }

    @Test("another program, another platform, any changed bit and any other length are refused")
    func refused() {
        let sealed = seal()
        func opens(_ bytes: [UInt8], _ sealingKey: UInt8 = 9, _ measurement: Hash32? = nil) -> Bool {
            SealedConsensusKey.open(
                bytes, sealingKey: key(repeating: sealingKey), measurement: measurement ?? self.measurement) != nil
        }
        #expect(opens(sealed))
        #expect(!opens(sealed, 8))
        #expect(!opens(sealed, 9, SHA256.hash([1])))
        for index in sealed.indices {
            var changed = sealed
            changed[index] ^= 1 << UInt8(index % 8)
            #expect(!opens(changed), "byte \(index)")
            #expect(!opens(Array(sealed.prefix(index))), "\(index) bytes")
        }
        #expect(!opens(sealed + [0]))
    }
}
