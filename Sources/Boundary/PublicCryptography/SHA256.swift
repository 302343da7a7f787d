import CLibCrypto

/// SHA-256 (FIPS 180-4).
package enum SHA256 {
    package static func hash(_ bytes: [UInt8]) -> Hash32 {
        // Safe: the buffer lives for the call and is only read.
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    package static func hash(_ bytes: ArraySlice<UInt8>) -> Hash32 {
        // Safe: as above.
        unsafe bytes.withUnsafeBytes { unsafe hash($0) }
    }

    /// The hash of `prefix || left || right`: an inner node of every Merkle tree we use.
    package static func hash(prefix: UInt8, _ left: Hash32, _ right: Hash32) -> Hash32 {
        // Safe: 65 bytes of the stack, written in full before they are read.
        unsafe withUnsafeTemporaryAllocation(byteCount: 1 + 2 * Hash32.byteCount, alignment: 1) { node in
            unsafe node[0] = prefix
            unsafe left.write(to: node, at: 1)
            unsafe right.write(to: node, at: 1 + Hash32.byteCount)
            return unsafe hash(UnsafeRawBufferPointer(node))
        }
    }

    private static func hash(_ bytes: UnsafeRawBufferPointer) -> Hash32 {
        unsafe Hash32 { digest in
            var context = SHA256_CTX()
            // Safe: libcrypto reads `bytes.count` bytes and writes exactly the 32 that `digest` has.
            let done =
                unsafe SHA256_Init(&context) == 1
                && SHA256_Update(&context, bytes.baseAddress, bytes.count) == 1
                && SHA256_Final(digest.baseAddress, &context) == 1
            precondition(done)
        }
    }
}

/// An algorithm of libcrypto, looked up once: the one-shot functions look it up by its name at every call, which takes
/// several times as long as what they are asked for.
@safe
struct DigestAlgorithm: Sendable {
    // Safe to share: an EVP_MD never changes after it was fetched, and these are never freed.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// Stops the program if libcrypto lacks the algorithm.
    init(named name: String) {
        // Safe: the default library context and provider; the name is copied.
        guard let pointer = unsafe EVP_MD_fetch(nil, name, nil) else { preconditionFailure("libcrypto has no \(name)") }
        unsafe self.pointer = pointer
    }
}

// MARK: - In pieces

extension SHA256 {
    /// SHA-256 of bytes that come piece by piece, for what is too large or too scattered to be put into one array.
    @safe
    package struct Hasher: ~Copyable {
        private var context = SHA256_CTX()

        package init() {
            // Safe: a context of our own.
            precondition(unsafe SHA256_Init(&context) == 1)
        }

        package mutating func update(_ bytes: some Collection<UInt8>) {
            // Safe: the buffer lives for the call and is only read.
            let done: Void? = bytes.withContiguousStorageIfAvailable { buffer in
                precondition(unsafe SHA256_Update(&context, buffer.baseAddress, buffer.count) == 1)
            }
            if done == nil { update(Array(bytes)) }
        }

        package mutating func update(_ hash: Hash32) {
            // Safe: 32 bytes of the stack, written before they are read.
            unsafe withUnsafeTemporaryAllocation(byteCount: Hash32.byteCount, alignment: 8) { bytes in
                unsafe hash.write(to: bytes, at: 0)
                precondition(unsafe SHA256_Update(&context, bytes.baseAddress, bytes.count) == 1)
            }
        }

        package consuming func finalize() -> Hash32 {
            unsafe Hash32 { digest in
                // Safe: SHA-256 writes exactly the 32 bytes that `digest` has.
                precondition(unsafe SHA256_Final(digest.baseAddress, &context) == 1)
            }
        }
    }
}
