import SecretCryptography

/// A validator's key, with the public bytes that lay beside it under one seal: `key || record`.
package struct OpenedKey: ~Copyable {
    package let key: SecretKey
    package let record: [UInt8]

    init(_ opened: borrowing GuardedBytes) {
        key = SecretKey(opened, at: 0)
        record = opened.rest(from: SecretKey.byteCount)
    }

    /// The key, for the one who will own it from here on; the record has been read before.
    package consuming func takeKey() -> SecretKey { key }

    /// Both as they are sealed.
    static func joined(_ key: borrowing SecretKey, _ record: [UInt8]) -> GuardedBytes {
        // Safe: it has as many bytes as are put there.
        unsafe GuardedBytes(count: SecretKey.byteCount + record.count) { output in
            unsafe output.put(key, at: 0)
            unsafe output.put(record, at: SecretKey.byteCount)
        }
    }
}

// Keys go from guarded memory to guarded memory.

/// The bytes of `whole` from `start` on. Where there are not as many the process ends, in an optimised build as well,
/// in which a buffer does not look at its own bounds: the neighbours of a key in memory are other keys.
@unsafe private func part(of whole: UnsafeRawBufferPointer, _ start: Int, _ size: Int) -> UnsafeRawBufferPointer {
    precondition(start >= 0 && size >= 0 && start <= whole.count - size, "a part of a secret that is not there")
    return unsafe UnsafeRawBufferPointer(rebasing: whole[start..<(start + size)])
}

extension UnsafeMutableRawBufferPointer {
    @unsafe func put(_ key: borrowing SecretKey, at start: Int) {
        unsafe key.withUnsafeBytes { unsafe room(start, $0.count).copyMemory(from: $0) }
    }

    @unsafe func put(_ bytes: [UInt8], at start: Int) {
        unsafe room(start, bytes.count).copyBytes(from: bytes)
    }

    @unsafe private func room(_ start: Int, _ size: Int) -> UnsafeMutableRawBufferPointer {
        unsafe UnsafeMutableRawBufferPointer(mutating: part(of: UnsafeRawBufferPointer(self), start, size))
    }
}

extension SecretKey {
    /// Another owner's own.
    init(copy other: borrowing SecretKey) {
        // Safe: 32 bytes into 32 bytes.
        self = unsafe other.withUnsafeBytes { source in
            unsafe SecretKey(home: .pages) { unsafe $0.copyMemory(from: source) }
        }
    }

    init(_ bytes: borrowing GuardedBytes, at start: Int) {
        // Safe: the part is of what is there.
        self = unsafe bytes.withUnsafeBytes { source in
            unsafe SecretKey(home: .pages) { unsafe $0.copyMemory(from: part(of: source, start, SecretKey.byteCount)) }
        }
    }
}

extension GuardedBytes {
    /// What is no secret.
    borrowing func rest(from start: Int) -> [UInt8] {
        // Safe: the part is of what is there.
        unsafe withUnsafeBytes { unsafe Array(part(of: $0, start, $0.count - start)) }
    }
}
