import PublicCryptography

/// What a quote of ours signs: 64 bytes, made only inside.
///
///     SHA-256( "cloister/network-keys/2" || SHA-256(identity) || io key (32) || seed exchange key (32) )   32 bytes
///     facts of the platform, big-endian                                                                    4 bytes
///     zeros                                                                                                28 bytes
package enum ReportData {
    /// For people, beside the evidence.
    package static let networkLayout =
        """
        SHA-256("cloister/network-keys/2" || SHA-256(identity) || io_exchange_key || seed_exchange_key) || \
        platform facts (4 bytes, big-endian) || 28 zero bytes
        """
    package static let byteCount = 64
    private static let factsRange = 32..<36

    /// An enclave that took the keys over from another program's says so: `founder` is the measurement of the enclave
    /// that made them, and then
    ///
    ///     SHA-256( "cloister/network-keys/3" || as above || founder (32) )
    package static func network(
        identity: [UInt8], ioPublicKey: [UInt8], seedExchangePublicKey: [UInt8], founder: Hash32? = nil,
        facts: PlatformFacts
    ) -> [UInt8] {
        let tag = Array((founder == nil ? "cloister/network-keys/2" : "cloister/network-keys/3").utf8)
        let digest = SHA256.hash(
            tag + SHA256.hash(identity).bytes + ioPublicKey + seedExchangePublicKey + (founder?.bytes ?? []))
        return layout(digest, facts)
    }

    /// That an enclave made or took over a validator's key, and gives it to nobody; of no chain, since it is older than
    /// that.
    ///
    ///     SHA-256( "cloister/consensus-key/1" || public key (32) ) || facts || zeros
    package static func consensusKey(_ publicKey: [UInt8], facts: PlatformFacts) -> [UInt8] {
        layout(SHA256.hash(Array("cloister/consensus-key/1".utf8) + publicKey), facts)
    }

    /// What an enclave that wants to join has quoted:
    ///
    ///     SHA-256( "cloister/registration/2" || SHA-256(identity) || key (32) || height (8) || header hash (32)
    ///              || sender (20) || replaced node's key (32), or nothing )
    ///     facts of the platform, big-endian, and zeros, as above
    package static func registration(_ certificate: RegistrationCertificate, facts: PlatformFacts) -> [UInt8] {
        let block = UInt64(certificate.height).bigEndianBytes + certificate.headerHash.bytes
        let digest = SHA256.hash(
            Array("cloister/registration/2".utf8) + certificate.identityHash.bytes + certificate.registrationKey.bytes
                + block + certificate.sender + (certificate.replaces?.bytes ?? []))
        return layout(digest, facts)
    }

    /// What an enclave that founds a network with others has quoted:
    ///
    ///     SHA-256( "cloister/founding-evidence/1" || hash of the terms || key || consensus key || power (8) )
    ///     facts of the platform, big-endian, and zeros, as above
    package static func founding(_ certificate: FoundingCertificate, facts: PlatformFacts) -> [UInt8] {
        let digest = SHA256.hash(
            Array("cloister/founding-evidence/1".utf8) + certificate.termsHash.bytes
                + certificate.registrationKey.bytes + certificate.consensusKey.bytes
                + UInt64(certificate.power).bigEndianBytes)
        return layout(digest, facts)
    }

    private static func layout(_ digest: Hash32, _ facts: PlatformFacts) -> [UInt8] {
        digest.bytes + facts.rawValue.bigEndianBytes + [UInt8](repeating: 0, count: byteCount - factsRange.upperBound)
    }

    /// The facts in a quote's report data; `nil` unless it has the length and the zeros of the layout. To be compared
    /// with `network` of the same facts before anything is believed.
    package static func facts(in reportData: [UInt8]) -> PlatformFacts? {
        guard reportData.count == byteCount, reportData[factsRange.upperBound...].allSatisfy({ $0 == 0 }) else {
            return nil
        }
        return PlatformFacts(rawValue: reportData[factsRange].reduce(0) { $0 << 8 | UInt32($1) })
    }
}
