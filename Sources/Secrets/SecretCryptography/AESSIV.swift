import CLibCrypto
import CSodium
import PublicCryptography

/// AES-128-SIV (RFC 5297): deterministic authenticated encryption with a list of associated data.
///
/// Keyed once, used for many messages. Composed over libcrypto's AES-CBC (for CMAC) and AES-CTR, because libcrypto's
/// own SIV refuses an empty plaintext and drops an associated datum that is an empty string; both occur here, and an
/// empty string in the list is not the same as an empty list.
///
/// The AES keys live in libcrypto's contexts (ordinary heap, cleansed when freed), the CMAC subkey in guarded memory.
/// Blocks are 128-bit integers, most significant byte first, so that doubling and exclusive or are the operators. A
/// chain of CBC begins at zero without libcrypto being told: what it last put out is added to the first block, where it
/// cancels the chaining value. Starting anew would cost more than the block.
@safe
package struct AESSIV: ~Copyable {
    package static let overhead = 16

    private let cbc: OpaquePointer
    /// CBC's chaining value: what it last put out, or zero.
    private var chained = UInt128(0)
    private let ctr: OpaquePointer
    /// CMAC's subkey K1 (RFC 4493), then CMAC of the zero block: where every S2V starts.
    private let subkeys: SecretKey

    /// The first half of `key` is the key of S2V, the second that of CTR (RFC 5297, section 2.6).
    package init(key: borrowing SecretKey) {
        let zero = UInt128(0)
        // Safe: both contexts are ours until `deinit`. The key has 32 bytes, so 16 from its middle; IVs have 16.
        let (cbc, ctr) = unsafe key.withUnsafeBytes { key -> (OpaquePointer, OpaquePointer) in
            let start = unsafe key.start
            return unsafe withUnsafeBytes(of: zero) { iv in
                let iv = unsafe iv.start
                return unsafe (
                    AESSIV.makeContext(EVP_aes_128_cbc(), key: start, iv: iv),
                    AESSIV.makeContext(EVP_aes_128_ctr(), key: start + 16, iv: iv)
                )
            }
        }
        unsafe self.cbc = cbc
        unsafe self.ctr = ctr
        // CMAC of the zero block is E(K1): the block is complete, so it is masked with K1 alone.
        var last = UInt128(0)
        subkeys = unsafe SecretKey { output in
            let first = unsafe AESSIV.chain(cbc, zero)
            let mask = AESSIV.double(first)
            last = unsafe AESSIV.chain(cbc, mask ^ first)
            unsafe output.storeBytes(of: mask.bigEndian, as: UInt128.self)
            unsafe output.storeBytes(of: last.bigEndian, toByteOffset: 16, as: UInt128.self)
        }
        chained = last
    }

    deinit {
        // Safe: the only owner ends here; libcrypto cleanses the key schedules.
        unsafe EVP_CIPHER_CTX_free(cbc)
        unsafe EVP_CIPHER_CTX_free(ctr)
    }

    private static func makeContext(
        _ cipher: OpaquePointer, key: UnsafePointer<UInt8>, iv: UnsafePointer<UInt8>
    ) -> OpaquePointer {
        // Safe: libcrypto copies 16 bytes of key and IV; it fails here only for want of memory.
        guard let context = unsafe EVP_CIPHER_CTX_new(),
            unsafe EVP_EncryptInit_ex(context, cipher, nil, key, iv) == 1,
            unsafe EVP_CIPHER_CTX_set_padding(context, 0) == 1
        else { preconditionFailure("libcrypto has no AES") }
        return unsafe context
    }
}

// MARK: - Sealing and opening

extension AESSIV {
    /// V || C: 16 bytes more than the plaintext.
    package mutating func seal(_ plaintext: [UInt8], associatedData: [[UInt8]]) -> [UInt8] {
        // Safe: the buffer lives for the call.
        unsafe plaintext.withUnsafeBytes { unsafe seal($0, associatedData: associatedData) }
    }

    package mutating func seal(_ plaintext: borrowing GuardedBytes, associatedData: [[UInt8]]) -> [UInt8] {
        // Safe: the buffer lives for the call.
        unsafe plaintext.withUnsafeBytes { unsafe seal($0, associatedData: associatedData) }
    }

    /// The plaintext, or `nil` if `sealed` is not what this key sealed with exactly this associated data. The plaintext
    /// is ordinary memory: the caller knows what it is and how long it must live.
    package mutating func open(_ sealed: [UInt8], associatedData: [[UInt8]]) -> [UInt8]? {
        open(sealed[...], associatedData: associatedData)
    }

    package mutating func open(_ sealed: ArraySlice<UInt8>, associatedData: [[UInt8]]) -> [UInt8]? {
        guard sealed.count >= AESSIV.overhead else { return nil }
        var plaintext = [UInt8](repeating: 0, count: sealed.count - AESSIV.overhead)
        // Safe: both buffers live for the call and differ by the 16 bytes.
        let isAuthentic = unsafe sealed.withUnsafeBytes { sealed in
            unsafe plaintext.withUnsafeMutableBytes { output in
                unsafe open(sealed, associatedData: associatedData, into: output)
            }
        }
        return isAuthentic ? plaintext : nil
    }

    /// As `open`, into guarded memory. `nil` also for an empty plaintext.
    package mutating func openGuarded(_ sealed: ArraySlice<UInt8>, associatedData: [[UInt8]]) -> GuardedBytes? {
        guard sealed.count > AESSIV.overhead else { return nil }
        var isAuthentic = false
        // Safe: both buffers live for the call and differ by the 16 bytes.
        let plaintext = unsafe GuardedBytes(count: sealed.count - AESSIV.overhead) { output in
            isAuthentic = unsafe sealed.withUnsafeBytes { sealed in
                unsafe open(sealed, associatedData: associatedData, into: output)
            }
        }
        guard isAuthentic else { return nil }
        return plaintext
    }

    private mutating func seal(_ plaintext: UnsafeRawBufferPointer, associatedData: [[UInt8]]) -> [UInt8] {
        let tag = unsafe synthesise(plaintext, associatedData)
        var sealed = [UInt8](repeating: 0, count: AESSIV.overhead + plaintext.count)
        // Safe: the output has 16 bytes more than the plaintext.
        unsafe sealed.withUnsafeMutableBytes { output in
            unsafe output.storeBytes(of: tag.bigEndian, as: UInt128.self)
            unsafe encrypt(
                plaintext, iv: tag, into: UnsafeMutableRawBufferPointer(rebasing: output[AESSIV.overhead...]))
        }
        return sealed
    }

    private mutating func open(
        _ sealed: UnsafeRawBufferPointer, associatedData: [[UInt8]], into output: UnsafeMutableRawBufferPointer
    ) -> Bool {
        // Safe: the callers have checked that `sealed` has a tag and that `output` has 16 bytes less.
        let tag = unsafe UInt128(bigEndian: sealed.loadUnaligned(as: UInt128.self))
        let ciphertext = unsafe UnsafeRawBufferPointer(rebasing: sealed[AESSIV.overhead...])
        unsafe encrypt(ciphertext, iv: tag, into: output)
        let expected = unsafe synthesise(UnsafeRawBufferPointer(output), associatedData)
        // One comparison of 128 bits, not of bytes one after the other.
        guard (expected ^ tag) == 0 else {
            // What did not authenticate is nobody's to see.
            if let start = output.baseAddress { unsafe sodium_memzero(start, output.count) }
            return false
        }
        return true
    }
}

// MARK: - S2V and CTR

extension AESSIV {
    /// S2V (RFC 5297, section 2.4).
    private mutating func synthesise(_ plaintext: UnsafeRawBufferPointer, _ associatedData: [[UInt8]]) -> UInt128 {
        // Safe: the 32 bytes of the subkeys; each buffer lives for its own call.
        let (mask, start) = unsafe subkeys.withUnsafeBytes { subkeys in
            unsafe (
                UInt128(bigEndian: subkeys.loadUnaligned(as: UInt128.self)),
                UInt128(bigEndian: subkeys.loadUnaligned(fromByteOffset: 16, as: UInt128.self))
            )
        }
        var sum = start
        for datum in associatedData {
            let tag = unsafe datum.withUnsafeBytes { unsafe authenticate($0, mask: mask) }
            sum = AESSIV.double(sum) ^ tag
        }
        guard plaintext.count < 16 else { return unsafe authenticate(plaintext, mask: mask, sumAtEnd: sum) }
        let padded = unsafe AESSIV.double(sum) ^ AESSIV.padded(plaintext)
        return chain(padded ^ mask, after: 0)
    }

    /// CMAC (RFC 4493) with subkey K1 `mask`. `sumAtEnd` is added to the last 16 bytes of the message, which then must
    /// have as many ("xorend" in RFC 5297).
    private mutating func authenticate(
        _ message: UnsafeRawBufferPointer, mask: UInt128, sumAtEnd: UInt128? = nil
    ) -> UInt128 {
        // All blocks the sum does not touch and that are not the last go through as they are.
        let untouched = sumAtEnd == nil ? max(0, message.count - 1) / 16 * 16 : (message.count - 16) / 16 * 16
        // Safe: `untouched` is at most `message.count`; the rest is at most 31 bytes.
        var value = unsafe chainAll(UnsafeRawBufferPointer(rebasing: message[..<untouched]))
        var rest = unsafe UnsafeRawBufferPointer(rebasing: message[untouched...])
        var sumOfLast = sumAtEnd ?? 0
        if rest.count > 16 {
            // The sum straddles two blocks: its first bytes belong to the end of this one.
            let offset = rest.count - 16
            let block = unsafe UInt128(bigEndian: rest.loadUnaligned(as: UInt128.self))
            value = chain(block ^ sumOfLast >> (8 * offset), after: value)
            sumOfLast <<= 8 * (16 - offset)
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[16...])
        }
        if rest.count == 16 {
            let block = unsafe UInt128(bigEndian: rest.loadUnaligned(as: UInt128.self))
            return chain(block ^ sumOfLast ^ mask, after: value)
        }
        return unsafe chain(AESSIV.padded(rest) ^ sumOfLast ^ AESSIV.double(mask), after: value)
    }

    private mutating func encrypt(
        _ input: UnsafeRawBufferPointer, iv: UInt128, into output: UnsafeMutableRawBufferPointer
    ) {
        guard let source = input.baseAddress, let target = output.baseAddress, input.count > 0 else { return }
        precondition(input.count == output.count && input.count < 1 << 30)
        // RFC 5297, section 2.5: two bits of the counter are cleared, so that 32-bit adders can be used.
        let counter = iv & ~(UInt128(1) << 63 | UInt128(1) << 31)
        var written: Int32 = 0
        // Safe: 16 bytes of counter; CTR writes as many bytes as it reads, and `output` has as many.
        unsafe withUnsafeBytes(of: counter.bigEndian) { counter in
            let counter = unsafe counter.start
            precondition(unsafe EVP_EncryptInit_ex2(ctr, nil, nil, counter, nil) == 1)
        }
        precondition(
            unsafe EVP_EncryptUpdate(
                ctr, target.assumingMemoryBound(to: UInt8.self), &written, source.assumingMemoryBound(to: UInt8.self),
                Int32(input.count)) == 1)
    }

    /// Multiplication by x in GF(2^128) (RFC 5297, section 2.3), without a branch on the value.
    private static func double(_ block: UInt128) -> UInt128 { block << 1 ^ (0 &- (block >> 127)) & 0x87 }

    /// Up to 15 bytes, a one bit, and zeros to a block.
    private static func padded(_ bytes: UnsafeRawBufferPointer) -> UInt128 {
        var block = UInt128(0)
        // Safe: indexes end with the buffer.
        for index in 0..<bytes.count { block = block << 8 | UInt128(unsafe bytes[index]) }
        return (block << 8 | 0x80) << (8 * (15 - bytes.count))
    }
}

// MARK: - AES in CBC mode

extension AESSIV {
    /// The next block of a chain whose value is `value`: zero at its start.
    private mutating func chain(_ block: UInt128, after value: UInt128) -> UInt128 {
        // libcrypto adds `chained` to what it is given, so that it encrypts the sum of block and value.
        chained = unsafe AESSIV.chain(cbc, block ^ value ^ chained)
        return chained
    }

    /// What libcrypto makes of the next block: it adds the chaining value, encrypts, and keeps the result as the next.
    private static func chain(_ cbc: OpaquePointer, _ block: UInt128) -> UInt128 {
        var input = block.bigEndian
        var output = UInt128(0)
        var written: Int32 = 0
        // Safe: one block of 16 bytes in and out, without padding.
        unsafe withUnsafeMutableBytes(of: &input) { input in
            unsafe withUnsafeMutableBytes(of: &output) { output in
                precondition(unsafe EVP_EncryptUpdate(cbc, output.start, &written, input.start, 16) == 1)
            }
        }
        return UInt128(bigEndian: output)
    }

    /// Whole blocks of a chain from its start; the value after the last, which is all that counts.
    private mutating func chainAll(_ blocks: UnsafeRawBufferPointer) -> UInt128 {
        guard let source = blocks.baseAddress, blocks.count > 0 else { return 0 }
        var value = chain(unsafe UInt128(bigEndian: blocks.loadUnaligned(as: UInt128.self)), after: 0)
        let scratchByteCount = 1024
        // Safe: pieces are no longer than the scratch, which takes as many bytes as go in; each has whole blocks, so
        // the last 16 bytes that were written are a block.
        unsafe withUnsafeTemporaryAllocation(byteCount: scratchByteCount, alignment: 16) { scratch in
            let target = unsafe scratch.start
            var written: Int32 = 0
            var position = 16
            while position < blocks.count {
                let count = min(scratchByteCount, blocks.count - position)
                precondition(
                    unsafe EVP_EncryptUpdate(
                        cbc, target, &written, (source + position).assumingMemoryBound(to: UInt8.self), Int32(count))
                        == 1)
                value = unsafe UInt128(
                    bigEndian: scratch.loadUnaligned(fromByteOffset: count - 16, as: UInt128.self))
                position += count
            }
            unsafe sodium_memzero(target, min(scratchByteCount, blocks.count))
        }
        chained = value
        return value
    }
}
