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
            // Safe: EVP_Digest reads `bytes.count` bytes and writes exactly the 32 that `digest` has.
            let status = unsafe EVP_Digest(
                bytes.baseAddress, bytes.count, digest.baseAddress, nil, algorithm.pointer, nil)
            precondition(status == 1)
        }
    }

    private static let algorithm = DigestAlgorithm(named: "SHA256")
}

/// An algorithm of libcrypto, looked up once: the one-shot functions look it up by its name at every call, which takes
/// several times as long as hashing a node of a tree.
@safe
struct DigestAlgorithm: @unchecked Sendable {
    // Safe to share: an EVP_MD never changes after it was fetched, and these are never freed.
    let pointer: OpaquePointer

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
        private let context: OpaquePointer

        package init() {
            // Safe: the context is ours until `deinit`; libcrypto fails here only for want of memory.
            unsafe context = EVP_MD_CTX_new()
            precondition(unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1)
        }

        deinit {
            // Safe: nobody else has the pointer.
            unsafe EVP_MD_CTX_free(context)
        }

        package mutating func update(_ bytes: some Collection<UInt8>) {
            // Safe: the buffer lives for the call and is only read.
            let done: Void? = bytes.withContiguousStorageIfAvailable { buffer in
                precondition(unsafe EVP_DigestUpdate(context, buffer.baseAddress, buffer.count) == 1)
            }
            if done == nil { update(Array(bytes)) }
        }

        package mutating func update(_ hash: Hash32) { update(hash.bytes) }

        package consuming func finalize() -> Hash32 {
            unsafe Hash32 { digest in
                // Safe: SHA-256 writes exactly the 32 bytes that `digest` has.
                precondition(unsafe EVP_DigestFinal_ex(context, digest.baseAddress, nil) == 1)
            }
        }
    }
}
