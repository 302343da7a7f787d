import PublicCryptography
import Wire

/// How a message looks in Amino JSON: a name and a row for each field, out of `MessageTable.swift`.
///
/// One code writes all messages, from the bytes that were signed for. It also tells whether these are the one encoding
/// that we would write: the text does not tell two encodings apart, so whoever signed it agreed to no other.
package struct AminoForm: Sendable {
    /// Messages within messages go no deeper.
    static let depthMax = 8

    package enum Kind: Sendable {
        case text, bytes
        /// 64 bits, which Amino writes as text.
        case number, signed
        /// 32 bits.
        case shortNumber, shortSigned
        case flag
        /// Decimal text, of a whole number or of one times 10^18.
        case integer, decimal
        case time, duration, any
        case message(String)
    }

    package struct Flags: OptionSet, Sendable {
        package let rawValue: UInt8

        package init(rawValue: UInt8) { self.rawValue = rawValue }

        package static let list = Flags(rawValue: 1)
        /// Written also when it is zero, empty or absent.
        package static let kept = Flags(rawValue: 2)
        /// An empty list is `[]` and not `null`.
        package static let emptyList = Flags(rawValue: 4)
        /// In every encoding of the message: there is no zero that could be left out.
        package static let always = Flags(rawValue: 8)
    }

    package struct Field: Sendable {
        package var number: UInt32
        package var name: String
        package var kind: Kind
        package var flags: Flags

        package init(_ number: UInt32, _ name: String, _ kind: Kind, _ flags: Flags = []) {
            (self.number, self.name, self.kind, self.flags) = (number, name, kind, flags)
        }
    }

    /// Messages within it that name no other package are of this one.
    package var home: String
    /// The type URL, where it is `nil`.
    var name: String?
    /// Whether the value of the one field stands for the message.
    var isBare: Bool
    /// Ascending by their numbers.
    package var fields: [Field]

    /// `nil` for a message whose form is not known here, and for an encoding that is not ours.
    ///
    /// - Parameter room: what the text may still grow by. It is asked before anything is made, so what is made is no
    ///   larger than the text.
    static func value(of message: AnyMessage, depth: Int = 0, room: inout AminoRoom) -> AminoValue? {
        guard message.typeURL.utf8.first == UInt8(ascii: "/"),
            let form = aminoForms[String(message.typeURL.dropFirst())],
            let value = form.value(of: message.value, depth: depth, room: &room)
        else { return nil }
        let type = AminoValue.text(form.name ?? message.typeURL)
        guard room.take(type.json.count + #"{"type":,"value":}"#.utf8.count) else { return nil }
        return .members(["type": type, "value": value])
    }

    private func value(of bytes: ArraySlice<UInt8>, depth: Int, room: inout AminoRoom) -> AminoValue? {
        guard depth <= AminoForm.depthMax, var source = try? Source(bytes) else { return nil }
        var members = [(name: String, value: AminoValue)]()
        for field in fields {
            var elements = AminoElements()
            while let wire = source.next, wire.number == field.number {
                guard field.flags.contains(.list) || elements.isEmpty, room.take(1),
                    let element = field.value(
                        of: wire, in: home, rewriting: &source.canonical, depth: depth, room: &room),
                    (try? source.advance()) != nil
                else { return nil }
                elements.append(element)
            }
            if elements.isEmpty, field.flags.contains(.always) { return nil }
            guard let value = field.value(of: elements) else { continue }
            guard room.take(field.name.utf8.count + #""":,[]"#.utf8.count + (elements.isEmpty ? value.json.count : 0))
            else { return nil }
            members.append((field.name, value))
        }
        // What is left over is unknown or in another order; what differs is spelled out or padded.
        guard source.next == nil, source.canonical.bytes[...] == bytes else { return nil }
        if isBare { return members.first?.value ?? .word("null") }
        return room.take(2) ? .object(members) : nil
    }

    /// The fields of a message, and the same as we would write them.
    private struct Source {
        private var reader: ProtobufReader
        private(set) var next: ProtobufReader.Field?
        var canonical = ProtobufWriter()

        init(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) {
            reader = ProtobufReader(bytes)
            try advance()
        }

        mutating func advance() throws(ProtobufError) { next = try reader.next() }
    }
}

extension AminoForm.Field {
    /// The member's value, `nil` where it is left out.
    fileprivate func value(of elements: AminoElements) -> AminoValue? {
        if !elements.isEmpty { return flags.contains(.list) ? elements.list : elements.only }
        guard flags.contains(.kept) else { return nil }
        if flags.contains(.list) { return flags.contains(.emptyList) ? elements.list : .word("null") }
        switch kind {
        case .text, .bytes: return .text("")
        case .number, .signed, .integer, .decimal, .duration: return .text("0")
        case .shortNumber, .shortSigned: return .word("0")
        case .flag: return .word("false")
        case .time, .any, .message: return .word("null")
        }
    }

    fileprivate func value(
        of wire: ProtobufReader.Field, in home: String, rewriting writer: inout ProtobufWriter, depth: Int,
        room: inout AminoRoom
    ) -> AminoValue? {
        do throws(ProtobufError) {
            switch kind {
            case .number, .signed, .shortNumber, .shortSigned, .flag:
                guard !flags.contains(.list) else { return nil }
                let number = try wire.uint64()
                writer.uint64(self.number, number)
                return try numberValue(number, wire).flatMap { room.take($0.json.count) ? $0 : nil }
            default:
                let bytes = try wire.slice()
                // Only messages and elements of lists are written when they are empty.
                if flags.contains(.list) || isMessage {
                    writer.message(number, bytes)
                } else {
                    writer.bytes(number, bytes)
                }
                if let form = form(in: home) { return form.value(of: bytes, depth: depth + 1, room: &room) }
                if case .any = kind { return try anyValue(bytes, depth: depth, room: &room) }
                return try textValue(bytes, wire, limit: room.left).flatMap { room.take($0.json.count) ? $0 : nil }
            }
        } catch {
            return nil
        }
    }

    private var isMessage: Bool {
        switch kind {
        case .time, .duration, .any, .message: true
        default: false
        }
    }

    private func numberValue(_ number: UInt64, _ wire: ProtobufReader.Field) throws(ProtobufError) -> AminoValue? {
        switch kind {
        case .number: .number(number)
        case .signed: .text(String(Int64(bitPattern: number)))
        case .shortNumber: .word(String(try wire.uint32()))
        case .shortSigned: .word(String(try wire.int32()))
        default: number == 1 ? .word("true") : nil
        }
    }

    /// Of a message within.
    private func form(in home: String) -> AminoForm? {
        guard case .message(let name) = kind else { return nil }
        return aminoForms[name.utf8.contains(UInt8(ascii: ".")) ? name : "\(home).\(name)"]
    }

    private func anyValue(
        _ bytes: ArraySlice<UInt8>, depth: Int, room: inout AminoRoom
    ) throws(ProtobufError) -> AminoValue? {
        guard let message = try? AnyMessage(decoding: bytes), message.encoded[...] == bytes else { return nil }
        return AminoForm.value(of: message, depth: depth + 1, room: &room)
    }

    private func textValue(
        _ bytes: ArraySlice<UInt8>, _ wire: ProtobufReader.Field, limit: Int
    ) throws(ProtobufError) -> AminoValue? {
        switch kind {
        case .bytes: return .text(Base64.encode(Array(bytes)))
        case .integer: return Coin.amount(bytes).map { .text(String($0)) }
        case .decimal: return AminoForm.Field.decimal(bytes).map { .text($0) }
        case .time: return .text(try Timestamp(protobuf: bytes).description)
        case .duration: return try AminoForm.Field.nanoseconds(bytes).map { .text(String($0)) }
        case .message, .any: return nil
        default: return .text(try wire.string(), limit: limit)
        }
    }

    /// The digits of a number times 10^18, with its 18 decimals.
    private static func decimal(_ text: ArraySlice<UInt8>) -> String? {
        let isNegative = text.first == UInt8(ascii: "-")
        guard let scaled = Coin.amount(text.dropFirst(isNegative ? 1 : 0)), !isNegative || scaled != 0 else {
            return nil
        }
        let digits = String(scaled)
        let padded = String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
        return "\(isNegative ? "-" : "")\(padded.dropLast(18)).\(padded.suffix(18))"
    }

    private static func nanoseconds(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> Int64? {
        var (reader, canonical) = (ProtobufReader(bytes), ProtobufWriter())
        var (seconds, nanoseconds): (Int64, Int64) = (0, 0)
        while let field = try reader.next() {
            switch field.number {
            case 1: seconds = try field.int64()
            case 2: nanoseconds = try field.int64()
            default: return nil
            }
        }
        canonical.int64(1, seconds)
        canonical.int64(2, nanoseconds)
        let (whole, isTooLong) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (total, carries) = whole.addingReportingOverflow(nanoseconds)
        let isOneSign = seconds == 0 || nanoseconds == 0 || (seconds < 0) == (nanoseconds < 0)
        guard canonical.bytes[...] == bytes, !isTooLong, !carries, isOneSign, nanoseconds.magnitude < 1_000_000_000
        else { return nil }
        return total
    }
}
