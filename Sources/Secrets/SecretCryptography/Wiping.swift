import CSodium

/// Wiping of secrets that came in ordinary memory.
package enum Wiping {
    /// Overwrites the bytes of an array that was made at run time, for all who share them: nobody may read it any more.
    ///
    /// Not by a mutation, which would copy what is shared and wipe the copy.
    package static func wipe(_ bytes: [UInt8]) {
        // Safe: within the array's own storage, which is on the heap; its owners have been told.
        unsafe bytes.withUnsafeBytes { raw in
            guard let start = raw.baseAddress else { return }
            unsafe sodium_memzero(UnsafeMutableRawPointer(mutating: start), raw.count)
        }
    }
}
