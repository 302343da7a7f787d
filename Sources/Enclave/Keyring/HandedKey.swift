import PublicCryptography
import SecretCryptography

/// A validator's consensus key on its way to another enclave of the network, with the platform's record of what was
/// signed with it.
///
/// It opens for one registration key, as the seeds do that were wrapped for it, and for the network itself. The same is
/// made of it each time, so that it can be asked for again.
package enum HandedKey {
    private static let version: UInt8 = 1
    private static let recordByteCount = 80

    /// `version || SIV(key || record)` under `HKDF(DH(seed exchange key, registration key))`; `nil` for a registration
    /// key that nothing can be agreed with. `record` has 80 bytes.
    package static func wrap(
        _ key: borrowing SecretKey, record: [UInt8], for registrationKey: Hash32, identityHash: Hash32,
        exchangeKey: borrowing SecretKey
    ) -> [UInt8]? {
        precondition(record.count == recordByteCount)
        guard let shared = X25519.agreement(exchangeKey, publicKey: registrationKey.bytes) else { return nil }
        var cipher = AESSIV(
            key: wrappingKey(shared, identityHash, registrationKey, X25519.publicKey(of: exchangeKey)))
        let plaintext = OpenedKey.joined(key, record)
        return [version] + cipher.seal(plaintext, associatedData: associatedData(identityHash, registrationKey))
    }

    /// `nil` for whatever was not wrapped for this registration key, by an enclave of this network: the host chose
    /// every byte.
    package static func open(
        _ handed: [UInt8], identityHash: Hash32, exchangePublicKey: [UInt8], registrationKey: borrowing SecretKey
    ) -> OpenedKey? {
        guard handed.count == 1 + AESSIV.overhead + SecretKey.byteCount + recordByteCount, handed[0] == version,
            let shared = X25519.agreement(registrationKey, publicKey: exchangePublicKey),
            let publicKey = Hash32(X25519.publicKey(of: registrationKey))
        else { return nil }
        var cipher = AESSIV(key: wrappingKey(shared, identityHash, publicKey, exchangePublicKey))
        guard let record = cipher.openGuarded(handed[1...], associatedData: associatedData(identityHash, publicKey))
        else { return nil }
        return OpenedKey(record)
    }

    private static func associatedData(_ identityHash: Hash32, _ registrationKey: Hash32) -> [[UInt8]] {
        [Label.handedKey, identityHash.bytes, registrationKey.bytes]
    }

    private static func wrappingKey(
        _ shared: borrowing SecretKey, _ identityHash: Hash32, _ registrationKey: Hash32, _ exchangePublicKey: [UInt8]
    ) -> SecretKey {
        HKDF.derive(
            shared, salt: identityHash.bytes, info: Label.handedKey + registrationKey.bytes + exchangePublicKey)
    }
}
