import Attestation
import PublicCryptography
import SecretCryptography

/// The seeds on their way to another enclave.
///
/// What leaves here stands in the chain's state for ever, for anybody to keep. It opens for the registration key of an
/// enclave that was appraised, and for the network itself; and every enclave of the network makes the same of one
/// registration in one block, so that nothing in it is anybody's choice.
package enum SeedGrant {
    private static let openingByteCount = 1 + Hash32.byteCount
    /// More than what a grant holds besides the seeds.
    package static let byteCountMax = 4_096

    /// What both sides know of a grant; it opens for no other chain, block or key.
    package struct Place: Sendable {
        /// SHA-256 of the chain's identity.
        package var identityHash: Hash32
        /// Of the decided block in which the seeds are wrapped; of the founding, where they are made.
        package var headerHash: Hash32

        package init(identityHash: Hash32, headerHash: Hash32) {
            (self.identityHash, self.headerHash) = (identityHash, headerHash)
        }

        /// Without the number of seeds a host could have one of them read as what was told.
        fileprivate func associatedData(_ registrationKey: Hash32, _ seedCount: Int) -> [[UInt8]] {
            [Label.grant, identityHash.bytes, headerHash.bytes, registrationKey.bytes]
                + (seedCount > 2 ? [[UInt8(seedCount)]] : [])
        }
    }

    /// The seeds and what is told with them, for one enclave: `u8 number of seeds - 1 || header hash || SIV(seeds ||
    /// told)` under `HKDF(DH(seed exchange key, registration key))`. `nil` for a key that nothing can be agreed with.
    ///
    /// Where keys rotate, that exchange key is the one of the oldest epoch whose seed is inside, and its public half
    /// stands behind the header hash. What was wrapped stays in the chain's states and blocks for ever: the network
    /// itself must not be able to open it longer than it has those seeds.
    ///
    /// A seed leaves an enclave here and nowhere else but in its own sealed record.
    package static func wrap(
        _ seeds: borrowing NetworkSeeds, told: [UInt8], for registration: VerifiedRegistration, at place: Place
    ) -> [UInt8]? {
        let registrationKey = registration.registrationKey
        let exchangeKey = KeyDerivation.seedKey(seeds.earlier, order: 1)
        let publicKey = X25519.publicKey(of: exchangeKey)
        guard let shared = X25519.agreement(exchangeKey, publicKey: registrationKey.bytes) else { return nil }
        var cipher = AESSIV(key: key(shared, place, registrationKey, publicKey))
        let seedsByteCount = NetworkSeeds.byteCount(seeds.count)
        // Safe: it has as many bytes as are put there.
        let plaintext = unsafe GuardedBytes(count: seedsByteCount + told.count) { output in
            unsafe seeds.put(into: output, at: 0)
            unsafe output.put(told, at: seedsByteCount)
        }
        let sealed = cipher.seal(plaintext, associatedData: place.associatedData(registrationKey, seeds.count))
        return [UInt8(seeds.count - 1)] + place.headerHash.bytes + (seeds.epoch == nil ? [] : publicKey) + sealed
    }

    /// What was wrapped for this registration key, and what was told with it; `nil` for anything else. The host chose
    /// `grant` and `exchangePublicKey`: seeds of its own tell it nothing, and are no network's.
    package static func open(
        _ grant: [UInt8], identityHash: Hash32, exchangePublicKey: [UInt8], registrationKey: borrowing SecretKey
    ) -> OpenedGrant? {
        guard grant.count <= byteCountMax, let count = grant.first.map({ Int($0) + 1 }), (2...4).contains(count) else {
            return nil
        }
        let start = openingByteCount + (count > 2 ? Hash32.byteCount : 0)
        guard grant.count > start + NetworkSeeds.byteCount(count) + AESSIV.overhead,
            let headerHash = Hash32(grant[1..<openingByteCount])
        else { return nil }
        let exchangePublicKey = count > 2 ? Array(grant[openingByteCount..<start]) : exchangePublicKey
        guard let shared = X25519.agreement(registrationKey, publicKey: exchangePublicKey),
            let publicKey = Hash32(X25519.publicKey(of: registrationKey))
        else { return nil }
        let place = Place(identityHash: identityHash, headerHash: headerHash)
        var cipher = AESSIV(key: key(shared, place, publicKey, exchangePublicKey))
        guard
            let opened = cipher.openGuarded(
                grant[start...], associatedData: place.associatedData(publicKey, count)),
            let seeds = NetworkSeeds(opened, at: 0, count: count)
        else { return nil }
        return OpenedGrant(seeds: seeds, told: opened.rest(from: NetworkSeeds.byteCount(count)))
    }

    /// What a platform's key makes of a chain: the registration key of this machine, this program and this chain.
    package static func registrationKey(_ platformKey: borrowing SecretKey, identityHash: Hash32) -> SecretKey {
        KeyDerivation.expand(platformKey, info: Label.registration + identityHash.bytes, home: .pages)
    }

    private static func key(
        _ shared: borrowing SecretKey, _ place: Place, _ registrationKey: Hash32, _ exchangePublicKey: [UInt8]
    ) -> SecretKey {
        HKDF.derive(
            shared, salt: place.identityHash.bytes,
            info: Label.grant + place.headerHash.bytes + registrationKey.bytes + exchangePublicKey)
    }
}

package struct OpenedGrant: ~Copyable {
    package let seeds: NetworkSeeds
    package let told: [UInt8]

    /// The seeds, for the one who will own them; what was told has been read before.
    package consuming func takeSeeds() -> NetworkSeeds { seeds }
}
