import CSecp256k1
import CSodium
import SecretCryptography

/// A private key with its chain code (BIP 32): one of a tree of keys grown from one seed.
package struct HierarchicalKey: ~Copyable {
    /// The path of Secret Network's wallets, m/44'/529'/0'/0/0, for account and index 0.
    package static func secretNetworkPath(account: UInt32 = 0, index: UInt32 = 0) -> [UInt32] {
        [hardened(44), hardened(529), hardened(account), 0, index]
    }

    package static func hardened(_ index: UInt32) -> UInt32 { index | 0x8000_0000 }

    package let key: SecretKey
    private let chainCode: SecretKey

    private init(key: consuming SecretKey, chainCode: consuming SecretKey) {
        self.key = key
        self.chainCode = chainCode
    }

    /// The root of the tree, or `nil` for one of the 1 in 2^127 seeds that give no key.
    package init?(seed: borrowing GuardedBytes) {
        // Safe: the buffers live for the call.
        let digest = unsafe seed.withUnsafeBytes { seed in
            unsafe HierarchicalKey.hash(key: Array("Bitcoin seed".utf8), [seed])
        }
        let key = HierarchicalKey.half(of: digest, at: 0)
        guard Secp256k1Signer.publicKey(of: key) != nil else { return nil }
        self.key = key
        chainCode = HierarchicalKey.half(of: digest, at: 1)
    }

    /// The private key at `path` below the root of `seed`.
    package static func privateKey(seed: borrowing GuardedBytes, path: [UInt32]) -> SecretKey? {
        guard var node = HierarchicalKey(seed: seed) else { return nil }
        for index in path {
            guard let child = node.child(index) else { return nil }
            node = child
        }
        // Safe: 32 bytes into 32 bytes.
        return unsafe node.key.withUnsafeBytes { source in
            unsafe SecretKey { unsafe $0.copyMemory(from: source) }
        }
    }

    /// The child at `index`; from 2^31 on a hardened one. `nil` for an index that gives no key (1 in 2^127).
    package borrowing func child(_ index: UInt32) -> HierarchicalKey? {
        let suffix = stride(from: UInt32(24), through: 0, by: -8).map { UInt8(truncatingIfNeeded: index >> $0) }
        let digest: GuardedBytes
        if index & 0x8000_0000 != 0 {
            // Safe: the buffers live for the call.
            digest = unsafe key.withUnsafeBytes { unsafe keyed([0], $0, suffix) }
        } else {
            guard let publicKey = Secp256k1Signer.publicKey(of: key) else { return nil }
            digest = unsafe keyed(publicKey, UnsafeRawBufferPointer(start: nil, count: 0), suffix)
        }
        guard let child = HierarchicalKey.add(HierarchicalKey.half(of: digest, at: 0), to: key) else { return nil }
        return HierarchicalKey(key: child, chainCode: HierarchicalKey.half(of: digest, at: 1))
    }

    /// HMAC-SHA512 under the chain code of `prefix || secret || suffix`.
    private borrowing func keyed(_ prefix: [UInt8], _ secret: UnsafeRawBufferPointer, _ suffix: [UInt8]) -> GuardedBytes
    {
        // Safe: the buffers live for the call.
        unsafe chainCode.withUnsafeBytes { chainCode in
            unsafe GuardedBytes(count: 64) { output in
                unsafe HierarchicalKey.withParts(prefix, secret, suffix) { parts in
                    unsafe HierarchicalKey.hash(key: chainCode, parts, into: output)
                }
            }
        }
    }

    private static func withParts(
        _ prefix: [UInt8], _ secret: UnsafeRawBufferPointer, _ suffix: [UInt8],
        _ body: ([UnsafeRawBufferPointer]) -> Void
    ) {
        // Safe: the buffers live for the call.
        unsafe prefix.withUnsafeBytes { prefix in
            unsafe suffix.withUnsafeBytes { suffix in unsafe body([prefix, secret, suffix]) }
        }
    }

    private static func hash(key: [UInt8], _ parts: [UnsafeRawBufferPointer]) -> GuardedBytes {
        // Safe: the buffers live for the call.
        unsafe GuardedBytes(count: 64) { output in
            unsafe key.withUnsafeBytes { unsafe hash(key: $0, parts, into: output) }
        }
    }

    private static func hash(
        key: UnsafeRawBufferPointer, _ parts: [UnsafeRawBufferPointer], into output: UnsafeMutableRawBufferPointer
    ) {
        var state = crypto_auth_hmacsha512_state()
        // Safe: every part has its own count; the output has 64 bytes; the state, which depends on the key, is wiped.
        unsafe crypto_auth_hmacsha512_init(&state, key.bindMemory(to: UInt8.self).baseAddress!, key.count)
        for index in unsafe 0..<parts.count {
            let part = unsafe parts[index]
            guard let start = part.baseAddress else { continue }
            unsafe crypto_auth_hmacsha512_update(&state, start.assumingMemoryBound(to: UInt8.self), UInt64(part.count))
        }
        unsafe crypto_auth_hmacsha512_final(&state, output.bindMemory(to: UInt8.self).baseAddress!)
        unsafe sodium_memzero(&state, MemoryLayout.size(ofValue: state))
    }

    /// The left (key) or right (chain code) 32 bytes of a digest.
    private static func half(of digest: borrowing GuardedBytes, at index: Int) -> SecretKey {
        // Safe: the digest has 64 bytes.
        unsafe digest.withUnsafeBytes { digest in
            unsafe SecretKey { output in
                unsafe output.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: digest[(32 * index)..<(32 * index + 32)]))
            }
        }
    }

    /// `privateKey + tweak` modulo the group's order, or `nil` if either is no scalar or the sum is zero.
    static func add(_ tweak: borrowing SecretKey, to privateKey: borrowing SecretKey) -> SecretKey? {
        // Safe: a context of our own; an addition has nothing to blind.
        guard let context = unsafe secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)) else { return nil }
        defer { unsafe secp256k1_context_destroy(context) }
        var succeeded = false
        // Safe: both have 32 bytes.
        let sum = unsafe tweak.withUnsafeBytes { tweak in
            unsafe privateKey.withUnsafeBytes { key in
                unsafe SecretKey { output in
                    unsafe output.copyMemory(from: key)
                    succeeded =
                        unsafe secp256k1_ec_seckey_tweak_add(
                            context, output.bindMemory(to: UInt8.self).baseAddress!,
                            tweak.bindMemory(to: UInt8.self).baseAddress!) == 1
                }
            }
        }
        guard succeeded else { return nil }
        return sum
    }
}
