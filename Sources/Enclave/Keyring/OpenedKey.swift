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

// Keys go from guarded memory to guarded memory. The pieces are compared with the room for them.

extension UnsafeMutableRawBufferPointer {
    @unsafe func put(_ key: borrowing SecretKey, at start: Int) {
        unsafe key.withUnsafeBytes {
            unsafe UnsafeMutableRawBufferPointer(rebasing: self[start..<(start + $0.count)]).copyMemory(from: $0)
        }
    }

    @unsafe func put(_ bytes: [UInt8], at start: Int) {
        unsafe UnsafeMutableRawBufferPointer(rebasing: self[start..<(start + bytes.count)]).copyBytes(from: bytes)
    }
}

extension SecretKey {
    init(_ bytes: borrowing GuardedBytes, at start: Int) {
        // Safe: the slice is of what is there.
        self = unsafe bytes.withUnsafeBytes { source in
            unsafe SecretKey(home: .pages) {
                unsafe $0.copyMemory(
                    from: UnsafeRawBufferPointer(rebasing: source[start..<(start + SecretKey.byteCount)]))
            }
        }
    }
}

extension GuardedBytes {
    /// What is no secret.
    borrowing func rest(from start: Int) -> [UInt8] {
        // Safe: the slice is of what is there.
        unsafe withUnsafeBytes { unsafe Array($0[start...]) }
    }
}
