import CSodium
import PublicCryptography

/// 32 secret bytes with one owner.
package struct SecretKey: ~Copyable, Sendable {
    package static let byteCount = 32

    /// Where a key lives.
    package enum Home: Sendable {
        /// A slot of the process's arena: cheap, for keys of one call.
        case arena
        /// Guarded pages of its own: for keys that live as long as the process.
        case pages
    }

    /// Not private: whoever lets go of a key needs this type's metadata, and an optimised build leaves out that of a
    /// private one (Swift 6.2; the enclave did not link in release).
    package enum Storage: ~Copyable, Sendable {
        case slot(KeyArena.Slot)
        case pages(GuardedBytes)
    }

    private let storage: Storage

    /// The key that `fill` writes over 32 zero bytes.
    package init(home: Home = .arena, fill: (UnsafeMutableRawBufferPointer) -> Void) {
        unsafe self.init(arena: home == .arena ? KeyArena.shared : nil, fill: fill)
    }

    /// As above in a given arena; without one, or when it is full, in pages.
    init(arena: KeyArena?, fill: (UnsafeMutableRawBufferPointer) -> Void) {
        // Safe: both homes hand out exactly 32 zero bytes for the length of the call.
        if let slot = arena?.take() {
            unsafe slot.withUnsafeMutableBytes { unsafe fill($0) }
            storage = .slot(slot)
        } else {
            storage = .pages(unsafe GuardedBytes(count: SecretKey.byteCount, fill: fill))
        }
    }

    /// A copy of `bytes`, or `nil` unless there are exactly 32. The array stays where it was: a key that began life in
    /// ordinary memory (a contract's own, a test's) is protected only from here on.
    package init?(copying bytes: [UInt8], home: Home = .arena) {
        guard bytes.count == SecretKey.byteCount else { return nil }
        // Safe: 32 bytes into 32 bytes.
        unsafe self.init(home: home) { unsafe $0.copyBytes(from: bytes) }
    }

    package static func random(home: Home = .arena) -> SecretKey {
        Sodium.prepare()
        // Safe: libsodium fills exactly the 32 bytes.
        return unsafe SecretKey(home: home) { unsafe randombytes_buf($0.start, $0.count) }
    }

    /// The bytes, for the length of `body`. The pointer must not leave it, nor the bytes except into other guarded
    /// memory or a C library's own.
    package borrowing func withUnsafeBytes<Result: ~Copyable>(
        _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        switch storage {
        case .slot(let slot): unsafe slot.withUnsafeMutableBytes { unsafe body(UnsafeRawBufferPointer($0)) }
        case .pages(let pages): unsafe pages.withUnsafeBytes { unsafe body($0) }
        }
    }
}
