import PublicCryptography

/// What a quote of ours signs: 64 bytes, made only inside.
package enum ReportData {
    /// For people, beside the evidence.
    package static let networkLayout =
        """
        SHA-256("cloister/network-keys/1" || SHA-256(identity) || io_exchange_key || seed_exchange_key) || 32 zero bytes
        """

    /// SHA-256 over a tag, the chain's identity and both public keys, then zeros.
    package static func network(identity: [UInt8], ioPublicKey: [UInt8], seedExchangePublicKey: [UInt8]) -> [UInt8] {
        let tag = Array("cloister/network-keys/1".utf8)
        let digest = SHA256.hash(tag + SHA256.hash(identity).bytes + ioPublicKey + seedExchangePublicKey)
        return digest.bytes + [UInt8](repeating: 0, count: 32)
    }
}
