import PublicCryptography

/// A transaction as it waits, travels and is stored, with its name, which is computed when it comes in and never again.
package struct HashedTransaction: Hashable, Sendable {
    /// No block may hold a longer one, and no node lets one wait: the longest that a code of 2 MiB may come in, and a
    /// quarter of what one frame to the enclave holds.
    package static let byteCountMax = 4 << 20

    package let bytes: [UInt8]
    /// SHA-256 of the bytes: under this name everybody knows it, and over these the header's data hash is.
    package let hash: Hash32

    package init(_ bytes: [UInt8]) { (self.bytes, hash) = (bytes, SHA256.hash(bytes)) }

    /// What it takes in its block, as an element of the repeated field 1 of `tendermint.types.Data`: its bytes, a tag
    /// and a length.
    package var byteCountInBlock: Int {
        var prefix = 2
        var rest = bytes.count >> 7
        while rest > 0 {
            prefix += 1
            rest >>= 7
        }
        return prefix + bytes.count
    }

    package static func == (left: HashedTransaction, right: HashedTransaction) -> Bool { left.hash == right.hash }
    package func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
