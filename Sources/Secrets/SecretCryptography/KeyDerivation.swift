/// The two ways Secret Network derives a key from a key (Secret Network protocol: primitives).
package enum KeyDerivation {
    /// The salt of every derivation: the hash of a Bitcoin block, fixed by the protocol.
    package static let salt: [UInt8] = [
        0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x4b, 0xea, 0xd8, 0xdf, 0x69, 0x99,
        0x08, 0x52, 0xc2, 0x02, 0xdb, 0x0e, 0x00, 0x97, 0xc1, 0xa1, 0x2e, 0xa6, 0x37, 0xd7, 0xe9, 0x6d,
    ]

    /// `HK(key, info)`.
    package static func expand(
        _ key: borrowing SecretKey, info: [UInt8], home: SecretKey.Home = .arena
    ) -> SecretKey {
        HKDF.derive(key, salt: salt, info: info, home: home)
    }

    /// `derive(key, data)`: the data is input key material, not info.
    package static func derive(
        _ key: borrowing SecretKey, _ data: [UInt8], home: SecretKey.Home = .arena
    ) -> SecretKey {
        HKDF.derive(key, suffix: data, salt: salt, home: home)
    }

    /// Key number `order` of a consensus seed.
    package static func seedKey(
        _ seed: borrowing SecretKey, order: UInt32, home: SecretKey.Home = .arena
    ) -> SecretKey {
        let suffix = stride(from: UInt32(24), through: 0, by: -8).map { UInt8(truncatingIfNeeded: order >> $0) }
        return HKDF.derive(seed, suffix: suffix, salt: salt, info: Array("seed".utf8), home: home)
    }
}
