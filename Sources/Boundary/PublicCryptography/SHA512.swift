import CLibCrypto

/// SHA-512 (FIPS 180-4).
package enum SHA512 {
    package static let byteCount = 64

    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { digest, count in
            // Safe: both buffers live for the call; SHA512 reads `input.count` bytes and writes exactly 64.
            unsafe bytes.withUnsafeBufferPointer { input in
                _ = unsafe CLibCrypto.SHA512(input.baseAddress, input.count, digest.baseAddress)
            }
            count = byteCount
        }
    }
}
