import Wire

/// Which of a number of things a node has (CometBFT: `bits.BitArray`).
package struct BitArray: Hashable, Sendable {
    /// As many as there may be validators, which are more than there may be parts.
    package static let countMax = 10_000

    package private(set) var count: Int
    /// Of the last word the bits beyond `count` say nothing.
    private var words: [UInt64]

    package init(count: Int) {
        precondition((0...BitArray.countMax).contains(count))
        self.count = count
        words = Array(repeating: 0, count: (count + 63) / 64)
    }

    package subscript(index: Int) -> Bool {
        get { (0..<count).contains(index) && words[index / 64] >> UInt64(index % 64) & 1 == 1 }
        set {
            guard (0..<count).contains(index) else { return }
            if newValue {
                words[index / 64] |= 1 << UInt64(index % 64)
            } else {
                words[index / 64] &= ~(1 << UInt64(index % 64))
            }
        }
    }

    package var indices: [Int] { (0..<count).filter { self[$0] } }

    /// Takes over what another array of the same things has.
    package mutating func formUnion(_ other: BitArray) {
        guard other.count == count else { return }
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// What `self` has and `other` lacks; an array of other things lacks all.
    package func subtracting(_ other: BitArray) -> BitArray {
        guard other.count == count else { return self }
        var rest = self
        for index in words.indices { rest.words[index] &= ~other.words[index] }
        return rest
    }
}

extension BitArray: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var count: Int64 = 0
        var words: [UInt64] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: count = try field.nonNegativeInt64()
            case 2:
                var rest = try field.slice()
                while !rest.isEmpty {
                    guard words.count <= BitArray.countMax / 64 else { throw .tooMany(field: 2) }
                    words.append(try BitArray.takeVarint(&rest))
                }
            default: throw .notCanonical
            }
        }
        guard count <= BitArray.countMax, words.count == (Int(count) + 63) / 64 else { throw .illegalValue(field: 1) }
        (self.count, self.words) = (Int(count), words)
    }

    private static func takeVarint(_ bytes: inout ArraySlice<UInt8>) throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard let byte = bytes.popFirst() else { throw .truncated }
            guard shift < 63 || byte <= 1 else { throw .varintTooLong }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw .varintTooLong
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.int64(1, Int64(count))
        var packed = ProtobufWriter()
        for word in words { packed.varint(word) }
        writer.bytes(2, packed.bytes)
    }
}
