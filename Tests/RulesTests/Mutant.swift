import Seeds
import TransactionFixtures

/// One protobuf message as its fields, to be written again in another way.
struct LooseMessage {
    struct Field {
        var number: UInt32
        var wireType: UInt8
        /// What follows the tag; of a field with a length what follows the length.
        var content: [UInt8]
        /// Bytes more than needed.
        var tagPadding = 0
        var lengthPadding = 0
    }

    var fields: [Field]

    init(_ fields: [Field]) { self.fields = fields }

    /// `nil` if the bytes are no message.
    init?(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return nil }
        fields = []
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let tag = LooseMessage.varint(&rest)?.value, tag >> 3 > 0, tag >> 3 < 1 << 29 else { return nil }
            var content: [UInt8]
            switch tag & 7 {
            case 0:
                guard let raw = LooseMessage.varint(&rest)?.bytes else { return nil }
                content = raw
            case 1, 5:
                let count = tag & 7 == 1 ? 8 : 4
                guard rest.count >= count else { return nil }
                content = Array(rest.prefix(count))
                rest = rest.dropFirst(count)
            case 2:
                guard let count = LooseMessage.varint(&rest)?.value, count <= UInt64(rest.count) else { return nil }
                content = Array(rest.prefix(Int(count)))
                rest = rest.dropFirst(Int(count))
            default: return nil
            }
            fields.append(Field(number: UInt32(tag >> 3), wireType: UInt8(tag & 7), content: content))
        }
    }

    private static func varint(_ bytes: inout ArraySlice<UInt8>) -> (value: UInt64, bytes: [UInt8])? {
        var (value, raw): (UInt64, [UInt8]) = (0, [])
        while let byte = bytes.popFirst(), raw.count < 9 {
            value |= UInt64(byte & 0x7f) << UInt64(7 * raw.count)
            raw.append(byte)
            if byte < 0x80 { return (value, raw) }
        }
        return nil
    }

    static func varint(_ value: UInt64, padding: Int = 0) -> [UInt8] {
        var (rest, bytes) = (value, [UInt8]())
        repeat {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        } while rest > 0
        for _ in 0..<padding { bytes.append(0x80) }
        bytes[bytes.count - 1] &= 0x7f
        return bytes
    }

    var encoded: [UInt8] {
        fields.flatMap { field -> [UInt8] in
            let tag = LooseMessage.varint(
                UInt64(field.number) << 3 | UInt64(field.wireType), padding: field.tagPadding)
            guard field.wireType == 2 else { return tag + field.content }
            return tag + LooseMessage.varint(UInt64(field.content.count), padding: field.lengthPadding)
                + field.content
        }
    }
}

/// Other bytes than those that were signed, and what was changed.
struct Mutant {
    var change: String
    var bytes: [UInt8]

    private static let numbers: [UInt32] = [
        1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 100, 1_023, 1_024, 1_030, 2_047, 2_048, 3_072, 1 << 20 | 1_024,
    ]
    private static let contents: [(wireType: UInt8, content: [UInt8])] = [
        (0, [0]), (0, [1]), (1, [UInt8](repeating: 0, count: 8)), (2, []), (2, [0x0a, 0]), (5, [0, 0, 0, 0]),
    ]

    /// Every change of the message itself, and of every message that it may contain.
    static func all(of bytes: [UInt8]) -> [Mutant] {
        guard let message = LooseMessage(bytes) else { return [] }
        var mutants = changes(of: message)
        for (index, field) in message.fields.enumerated() where field.wireType == 2 {
            for inner in all(of: field.content) {
                var other = message
                other.fields[index].content = inner.bytes
                mutants.append(
                    Mutant(change: "field \(field.number) at \(index) > \(inner.change)", bytes: other.encoded))
            }
        }
        return mutants
    }

    /// A change of the message itself or of one inside it.
    static func one(of bytes: [UInt8], using generator: inout SeededGenerator) -> Mutant? {
        guard let message = LooseMessage(bytes) else { return nil }
        let index = Int.random(in: message.fields.indices, using: &generator)
        let field = message.fields[index]
        if field.wireType == 2, Int.random(in: 0..<4, using: &generator) > 0,
            let inner = one(of: field.content, using: &generator)
        {
            var other = message
            other.fields[index].content = inner.bytes
            return Mutant(change: "field \(field.number) at \(index) > \(inner.change)", bytes: other.encoded)
        }
        return changes(of: message).randomElement(using: &generator)
    }

    private static func changes(of message: LooseMessage) -> [Mutant] {
        let bytes = message.encoded
        var mutants: [Mutant] = []
        func add(_ change: String, _ edit: (inout [LooseMessage.Field]) -> Void) {
            var other = message
            edit(&other.fields)
            mutants.append(Mutant(change: change, bytes: other.encoded))
        }
        for number in numbers {
            for (wireType, content) in contents {
                let field = LooseMessage.Field(number: number, wireType: wireType, content: content)
                let name = "field \(number), wire type \(wireType), \(content.count) bytes"
                add("\(name) before") { $0.insert(field, at: 0) }
                add("\(name) behind") { $0.append(field) }
            }
        }
        for (index, field) in message.fields.enumerated() {
            let name = "field \(field.number) at \(index)"
            add("\(name) twice") { $0.insert(field, at: index) }
            add("\(name) again at the end") { $0.append(field) }
            add("without \(name)") { $0.remove(at: index) }
            add("\(name) empty") { $0[index].content = field.wireType == 0 ? [0] : [] }
            add("\(name) with another number") { $0[index].number += 1_024 }
            add("\(name), long tag") { $0[index].tagPadding = 1 }
            add("\(name), longest tag") { $0[index].tagPadding = 4 }
            if field.wireType == 2 {
                add("\(name), long length") { $0[index].lengthPadding = 1 }
                add("\(name), byte more") { $0[index].content.append(0) }
                if !field.content.isEmpty { add("\(name), byte less") { $0[index].content.removeLast() } }
            } else if field.wireType == 0 {
                add("\(name), long number") { fields in
                    fields[index].content[field.content.count - 1] |= 0x80
                    fields[index].content.append(0)
                }
                // The upper half of 64 bits, of a number that may have 32.
                add("\(name), high bits") { fields in
                    fields[index].content = LooseMessage.varint(UInt64(field.content[0] & 0x7f) | 1 << 32)
                }
            }
            for other in message.fields.indices where other > index {
                add("\(name) and that at \(other) exchanged") { $0.swapAt(index, other) }
            }
        }
        for tail in [[0], [0x80], [0x08], [0x0a, 0], [0xff, 0xff, 0xff, 0xff, 0x0f]] as [[UInt8]] {
            mutants.append(Mutant(change: "\(tail) appended", bytes: bytes + tail))
        }
        return mutants
    }
}
