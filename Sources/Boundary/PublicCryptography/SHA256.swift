import CLibCrypto

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    package static func hash(_ bytes: [UInt8]) -> Hash32 {
        var output = [UInt8](repeating: 0, count: Hash32.byteCount)
        // Safe: both buffers live for the call; SHA256 reads `input.count` bytes and writes exactly 32.
        unsafe bytes.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { digest in
                _ = unsafe CLibCrypto.SHA256(input.baseAddress, input.count, digest.baseAddress)
            }
        }
        return Hash32(output)!
    }

    /// The hash of `prefix || left || right`: an inner node of every Merkle tree we use.
    package static func hash(prefix: UInt8, _ left: Hash32, _ right: Hash32) -> Hash32 {
        var input = [UInt8]()
        input.reserveCapacity(1 + 2 * Hash32.byteCount)
        input.append(prefix)
        left.append(to: &input)
        right.append(to: &input)
        return hash(input)
    }
}
