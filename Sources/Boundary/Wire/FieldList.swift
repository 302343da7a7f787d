import PublicCryptography

/// A list of byte strings as one: `(u32 length || bytes)*`.
package enum FieldList {
    package static func encode(_ fields: [[UInt8]]) -> [UInt8] {
        fields.flatMap { UInt32($0.count).bigEndianBytes + $0 }
    }

    /// The fields of `bytes`, or `nil` for another number of them than `counts`, and for anything that `encode` never
    /// makes.
    package static func decode(_ bytes: [UInt8], _ counts: ClosedRange<Int>) -> [[UInt8]]? {
        var fields = [[UInt8]]()
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 4, fields.count < counts.upperBound else { return nil }
            let count = Int(UInt32(bigEndianBytes: rest.prefix(4)))
            rest = rest.dropFirst(4)
            guard rest.count >= count else { return nil }
            fields.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return counts.contains(fields.count) ? fields : nil
    }
}
