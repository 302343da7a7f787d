import PublicCryptography
import Wire

/// The address of an account or a contract: 20 bytes, written in Bech32 with the prefix `secret`.
package struct AccountAddress: Hashable, Sendable, Comparable, CustomStringConvertible {
    package static let byteCount = 20
    package static let prefix = "secret"

    package let bytes: [UInt8]

    /// `nil` unless there are exactly 20 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == AccountAddress.byteCount else { return nil }
        self.bytes = Array(bytes)
    }

    /// RIPEMD-160 of SHA-256: the address of a key, and of a contract of Secret Network.
    package init(digestOf content: [UInt8]) { bytes = RIPEMD160.hash(SHA256.hash(content).bytes) }

    /// The first bytes of SHA-256: the address of a group of keys, and of a module of the ledger.
    package init(beginningOfDigestOf content: [UInt8]) {
        bytes = Array(SHA256.hash(content).bytes.prefix(AccountAddress.byteCount))
    }

    /// `nil` for anything but Bech32 with our prefix over 20 bytes.
    package init?(bech32 text: String) {
        guard let (prefix, bytes) = Bech32.decode(text), prefix == AccountAddress.prefix else { return nil }
        self.init(bytes)
    }

    package var description: String { Bech32.encode(prefix: AccountAddress.prefix, bytes) }

    package func hash(into hasher: inout Hasher) { ByteKey(bytes).hash(into: &hasher) }

    package static func < (left: AccountAddress, right: AccountAddress) -> Bool {
        left.bytes.lexicographicallyPrecedes(right.bytes)
    }
}
