/// 32 bytes that name something: a digest, a node of a tree, a code.
///
/// Held inline (no heap), compared and ordered by its bytes.
package struct Hash32: Hashable, Sendable, Comparable, CustomStringConvertible {
    // Big-endian words, so that comparing words compares bytes.
    private var word0: UInt64
    private var word1: UInt64
    private var word2: UInt64
    private var word3: UInt64

    package static let zero = Hash32(word0: 0, word1: 0, word2: 0, word3: 0)
    package static let byteCount = 32

    private init(word0: UInt64, word1: UInt64, word2: UInt64, word3: UInt64) {
        (self.word0, self.word1, self.word2, self.word3) = (word0, word1, word2, word3)
    }

    /// `nil` unless there are exactly 32 bytes.
    package init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == Hash32.byteCount else { return nil }
        self = .zero
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var position = 0
        for byte in bytes {
            let shifted = UInt64(byte) << UInt64(56 - 8 * (position & 7))
            switch position >> 3 {
            case 0: words.0 |= shifted
            case 1: words.1 |= shifted
            case 2: words.2 |= shifted
            default: words.3 |= shifted
            }
            position += 1
        }
        (word0, word1, word2, word3) = words
    }

    // The two forms that a proof or a page of a tree is read from, without a generic walk over the bytes.

    /// `nil` unless there are exactly 32 bytes.
    package init?(_ bytes: [UInt8]) {
        // Safe: the bytes live for the call.
        guard let hash = unsafe bytes.withUnsafeBytes({ unsafe Hash32(reading: $0) }) else { return nil }
        self = hash
    }

    /// `nil` unless there are exactly 32 bytes.
    package init?(_ bytes: ArraySlice<UInt8>) {
        // Safe: as above.
        guard let hash = unsafe bytes.withUnsafeBytes({ unsafe Hash32(reading: $0) }) else { return nil }
        self = hash
    }

    /// `nil` unless there are exactly 32 bytes, which the caller keeps alive for the call.
    @unsafe
    package init?(reading buffer: UnsafeRawBufferPointer) {
        guard buffer.count == Hash32.byteCount else { return nil }
        // Safe: four words are the 32 bytes whose number was checked.
        unsafe self.init(
            word0: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
            word1: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            word2: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 16, as: UInt64.self)),
            word3: UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: 24, as: UInt64.self)))
    }

    package var bytes: [UInt8] {
        var result = [UInt8]()
        result.reserveCapacity(Hash32.byteCount)
        append(to: &result)
        return result
    }

    package func append(to bytes: inout [UInt8]) {
        appendWord(word0, to: &bytes)
        appendWord(word1, to: &bytes)
        appendWord(word2, to: &bytes)
        appendWord(word3, to: &bytes)
    }

    private func appendWord(_ word: UInt64, to bytes: inout [UInt8]) {
        // Safe: the eight bytes of a local value.
        unsafe withUnsafeBytes(of: word.bigEndian) { unsafe bytes.append(contentsOf: $0) }
    }

    /// The hash that `fill` writes: it gets 32 zero bytes.
    init(fill: (UnsafeMutableBufferPointer<UInt8>) -> Void) {
        var words = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        // Safe: four words are 32 bytes, and the pointer does not outlive the call.
        unsafe withUnsafeMutableBytes(of: &words) { unsafe fill($0.bindMemory(to: UInt8.self)) }
        self.init(
            word0: UInt64(bigEndian: words.0), word1: UInt64(bigEndian: words.1), word2: UInt64(bigEndian: words.2),
            word3: UInt64(bigEndian: words.3))
    }

    /// Writes the 32 bytes into `buffer` from `offset`; the caller vouches that they fit.
    @unsafe
    func write(to buffer: UnsafeMutableRawBufferPointer, at offset: Int) {
        unsafe buffer.storeBytes(of: word0.bigEndian, toByteOffset: offset, as: UInt64.self)
        unsafe buffer.storeBytes(of: word1.bigEndian, toByteOffset: offset + 8, as: UInt64.self)
        unsafe buffer.storeBytes(of: word2.bigEndian, toByteOffset: offset + 16, as: UInt64.self)
        unsafe buffer.storeBytes(of: word3.bigEndian, toByteOffset: offset + 24, as: UInt64.self)
    }

    /// Bit `index` counted from the most significant bit of the first byte: 0 goes left in a sparse Merkle tree.
    package func bit(_ index: Int) -> Bool {
        precondition(index >= 0 && index < 256)
        let word: UInt64
        switch index >> 6 {
        case 0: word = word0
        case 1: word = word1
        case 2: word = word2
        default: word = word3
        }
        return (word >> UInt64(63 - (index & 63))) & 1 == 1
    }

    /// The last `count` bits as a number, at most 62: equally likely, all of them, in a digest.
    package func lastBits(_ count: Int) -> Int {
        precondition((0...62).contains(count))
        return Int(word3 & (1 << UInt64(count) - 1))
    }

    /// The number of bits, counted as `bit` counts them, before the first in which the two differ; 256 if in none.
    package func commonPrefixBitCount(with other: Hash32) -> Int {
        if word0 != other.word0 { return (word0 ^ other.word0).leadingZeroBitCount }
        if word1 != other.word1 { return 64 + (word1 ^ other.word1).leadingZeroBitCount }
        if word2 != other.word2 { return 128 + (word2 ^ other.word2).leadingZeroBitCount }
        return 192 + (word3 ^ other.word3).leadingZeroBitCount
    }

    package static func < (left: Hash32, right: Hash32) -> Bool {
        if left.word0 != right.word0 { return left.word0 < right.word0 }
        if left.word1 != right.word1 { return left.word1 < right.word1 }
        if left.word2 != right.word2 { return left.word2 < right.word2 }
        return left.word3 < right.word3
    }

    /// Lower-case hexadecimal.
    package var description: String { Hexadecimal.encode(bytes) }
}
