import Attestation
import DecidedBlocks
import PublicCryptography
import QuoteKit
import SecretCryptography
import SecretKit
import TestSupport
import Testing

@testable import Keyring

/// Wrapping the seeds, for an enclave whose evidence an appraisal took.
@Suite("Keyring: seeds wrapped for an appraised enclave")
struct SeedWrappingTests {
    private let identityHash = SHA256.hash(Array("identity".utf8))
    private let headerHash = SHA256.hash(Array("header".utf8))
    private let told = pattern(40, 5)

    /// Of the known seeds.
    private func exchange() -> SecretKey { KeyDerivation.seedKey(key(repeating: 0x0b), order: 1) }
    private func joiner() -> SecretKey { key(repeating: 2) }

    private func registration(of publicKey: [UInt8]) throws -> VerifiedRegistration {
        var mint = EvidenceMint()
        let root = AttestationRoot(name: "m", spkiSHA256: mint.root.publicKeyInfoHash.bytes, kind: .simulated)
        let identity = ChainIdentity(
            chainID: "wrapping-1", genesisSeconds: EvidenceMint.now, genesisNanoseconds: 0, initialHeight: 1,
            initialValidatorsHash: [], attestationRoots: [root], profile: .development)
        var certificate = RegistrationCertificate(
            quote: [], registrationKey: Hash32(publicKey)!, identityHash: SHA256.hash(identity.encoded), height: 1,
            headerHash: .zero, sender: [UInt8](repeating: 3, count: 20))
        mint.reportData = ReportData.registration(certificate, facts: .simulated)
        certificate.quote = mint.quote()
        return try certificate.appraise(
            for: identity, under: RegistrationPolicy(measurements: [mint.measurement]), at: EvidenceMint.now)
    }

    private func grant(for publicKey: [UInt8]? = nil) throws -> [UInt8]? {
        SeedGrant.wrap(
            knownSeeds(), told: told,
            for: try registration(of: publicKey ?? X25519.publicKey(of: joiner())),
            at: SeedGrant.Place(identityHash: identityHash, headerHash: headerHash))
    }

    /// Both seeds, and what was told with them.
    private func opened(
        _ grant: [UInt8], identityHash: Hash32? = nil, exchange: [UInt8]? = nil, joiner: consuming SecretKey? = nil
    ) -> [UInt8]? {
        let publicKey = exchange ?? X25519.publicKey(of: self.exchange())
        let own = joiner ?? self.joiner()
        guard
            let opened = SeedGrant.open(
                grant, identityHash: identityHash ?? self.identityHash, exchangePublicKey: publicKey,
                registrationKey: own)
        else { return nil }
        let told = opened.told
        let seeds = opened.takeSeeds()
        return bytes(of: seeds.genesis) + bytes(of: seeds.current) + told
    }

    @Test("they open for that enclave and the network alone, and only whole")
    func roundTrip() throws {
        let grant = try #require(try grant())
        let content = [UInt8](repeating: 0x0a, count: 32) + [UInt8](repeating: 0x0b, count: 32) + told
        #expect(opened(grant) == content)
        #expect(grant.count == 1 + 32 + 16 + content.count)
        #expect(try self.grant() == grant, "every enclave makes the same")
        #expect(opened(grant, identityHash: .zero) == nil)
        #expect(opened(grant, exchange: X25519.publicKey(of: key(repeating: 9))) == nil)
        #expect(opened(grant, joiner: key(repeating: 9)) == nil)
        for index in grant.indices {
            var other = grant
            other[index] ^= 1
            #expect(opened(other) == nil, "byte \(index)")
            #expect(opened(Array(grant[..<index])) == nil, "\(index) bytes")
        }
        #expect(opened(grant + [0]) == nil)
    }

    @Test("they are AES-SIV under HKDF of the agreement, with network, block and enclave in it")
    func documented() throws {
        let publicKey = X25519.publicKey(of: joiner())
        let label = Array("cloister/seed-grant/1".utf8)
        guard let shared = X25519.agreement(exchange(), publicKey: publicKey) else {
            Issue.record("no agreement")
            return
        }
        let wrapping = HKDF.derive(
            shared, salt: identityHash.bytes,
            info: label + headerHash.bytes + publicKey + X25519.publicKey(of: exchange()))
        var cipher = AESSIV(key: wrapping)
        let plaintext = GuardedBytes(
            copying: [UInt8](repeating: 0x0a, count: 32) + [UInt8](repeating: 0x0b, count: 32) + told)
        let sealed = cipher.seal(
            plaintext, associatedData: [label, identityHash.bytes, headerHash.bytes, publicKey])
        #expect(try grant() == [1] + headerHash.bytes + sealed)
    }

    @Test("where keys rotate the network opens none of it that it has forgotten the seeds of")
    func rotating() throws {
        let publicKey = X25519.publicKey(of: joiner())
        let registration = try registration(of: publicKey)
        for withEarlier in [true, false] {
            guard let seeds = rotatingSeeds().advanced(to: 5, withEarlier: withEarlier),
                let grant = SeedGrant.wrap(
                    seeds, told: told, for: registration,
                    at: SeedGrant.Place(identityHash: identityHash, headerHash: headerHash)),
                let opened = SeedGrant.open(
                    grant, identityHash: identityHash, exchangePublicKey: [], registrationKey: joiner())
            else {
                Issue.record("not wrapped, or not opened")
                return
            }
            #expect(opened.told == told && opened.seeds.epoch == 5 && opened.seeds.isWithEarlier == withEarlier)
            let (sent, received) = (presentAndEarlier(seeds), presentAndEarlier(opened.seeds))
            #expect(sent.present == received.present && sent.earlier == received.earlier)
            // The attack: whoever has the network's keys later looks up in old blocks what was wrapped for others.
            let agreed = Array(grant[33..<65])
            func opens(_ key: borrowing SecretKey) -> Bool { X25519.publicKey(of: key) == agreed }
            guard let later = rotatingSeeds().advanced(to: 6, withEarlier: !withEarlier) else { return }
            let (oldest, exchange) = (
                opens(KeyDerivation.seedKey(seeds.earlier, order: 1)), opens(NetworkKeys(seeds).seedExchangeKey)
            )
            // With the seed of epoch 5 beside it, what was wrapped under that alone opens still.
            let isLater = opens(KeyDerivation.seedKey(later.earlier, order: 1))
            #expect(oldest && !exchange && isLater == !withEarlier)
            for index in grant.indices {
                var other = grant
                other[index] ^= 1
                #expect(self.opened(other) == nil, "byte \(index)")
                #expect(self.opened(Array(grant[..<index])) == nil, "\(index) bytes")
            }
            #expect(self.opened(grant, joiner: key(repeating: 9)) == nil)
            #expect(self.opened(grant, identityHash: .zero) == nil)
        }
    }

    @Test("nothing is wrapped for a key that nothing can be agreed with")
    func smallOrder() throws {
        #expect(try grant(for: Hash32.zero.bytes) == nil)
    }
}
