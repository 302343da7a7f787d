import CSodium

/// Random bytes that need not be secret: nonces, identifiers. For keys there is `SecretKey.random`.
///
/// Never used for anything consensus sees: that randomness comes from the block.
package enum SecretRandom {
    package static func bytes(_ count: Int) -> [UInt8] {
        Sodium.prepare()
        var bytes = [UInt8](repeating: 0, count: count)
        // Safe: libsodium fills exactly the buffer.
        unsafe bytes.withUnsafeMutableBytes { buffer in
            if let start = buffer.baseAddress { unsafe randombytes_buf(start, buffer.count) }
        }
        return bytes
    }
}
