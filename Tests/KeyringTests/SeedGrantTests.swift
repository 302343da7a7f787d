import PublicCryptography
import SecretCryptography
import SecretKit
import TestSupport
import Testing

@testable import Keyring

/// Wrapping takes a registration that only an appraisal makes (`HostileHost.JoiningTests`); here is what opens.
@Suite("Keyring: the seeds on their way")
struct SeedGrantTests {
    private let identityHash = SHA256.hash(Array("identity".utf8))

    @Test("the registration key is this machine's and this chain's")
    func registrationKey() {
        let platform = SecretKey(copying: pattern(32, 1))!
        let elsewhere = SecretKey(copying: pattern(32, 2))!
        let key = SeedGrant.registrationKey(platform, identityHash: identityHash)
        let same = SeedGrant.registrationKey(platform, identityHash: identityHash)
        let otherChain = SeedGrant.registrationKey(platform, identityHash: Hash32.zero)
        let otherMachine = SeedGrant.registrationKey(elsewhere, identityHash: identityHash)
        let alike = [key.isEqual(to: same), key.isEqual(to: otherChain), key.isEqual(to: otherMachine)]
        #expect(alike == [true, false, false])
    }

    @Test("bytes that nobody wrapped open for nobody, whatever their length")
    func strangers() {
        let key = SecretKey(copying: pattern(32, 1))!
        let exchange = X25519.publicKey(of: SecretKey(copying: pattern(32, 2))!)
        for count in [0, 1, 33, 112, 113, 200, SeedGrant.byteCountMax, SeedGrant.byteCountMax + 1] {
            var bytes = pattern(count, 3)
            if count > 0 { bytes[0] = 1 }
            let opened = SeedGrant.open(
                bytes, identityHash: identityHash, exchangePublicKey: exchange, registrationKey: key)
            let isOpen = opened != nil
            #expect(!isOpen, "\(count) bytes")
        }
    }
}
