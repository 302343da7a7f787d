import CLibCrypto

/// RIPEMD-160 (ISO/IEC 10118-3): the last step from a public key to an address.
package enum RIPEMD160 {
    package static let byteCount = 20

    /// The 20 bytes of the digest.
    ///
    /// libcrypto has had it in its default provider, which needs no configuration file, since 3.0.7; a library without
    /// it stops the program rather than give some other address.
    package static func hash(_ bytes: [UInt8]) -> [UInt8] {
        var output = [UInt8](repeating: 0, count: byteCount)
        var written: UInt32 = 0
        // Safe: both buffers live for the call; EVP_Digest reads `input.count` bytes and writes the digest's 20.
        let status = unsafe bytes.withUnsafeBufferPointer { input in
            unsafe output.withUnsafeMutableBufferPointer { digest in
                unsafe EVP_Digest(input.baseAddress, input.count, digest.baseAddress, &written, algorithm.pointer, nil)
            }
        }
        precondition(status == 1 && written == 20)
        return output
    }

    private static let algorithm = DigestAlgorithm(named: "RIPEMD160")
}
