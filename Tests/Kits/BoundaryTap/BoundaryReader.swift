/// Reads frames as they are declared and in the one way in which they may be written: whoever wants to say more than is
/// declared finds no field, no order, no padding and no second spelling for it.
package struct BoundaryReader {
    /// What is wrong with a frame, and where.
    package struct Undeclared: Error, Equatable, CustomStringConvertible {
        package let description: String
        init(_ place: String, _ what: String) { description = "\(place): \(what)" }
    }

    /// A value of bytes, or a number, that stands in a frame.
    package struct Leaf: Equatable {
        package let message: String
        package let field: String
        package let isBytes: Bool
        /// Where it stands in the body, without its tag and length.
        package let range: Range<Int>
    }

    package struct Frame {
        /// The message in it.
        package let message: String
        package let leaves: [Leaf]
    }

    private let declared: DeclaredBoundary
    private let way: DeclaredBoundary.Way
    private let lane: String
    private var leaves: [Leaf] = []

    private init(_ declared: DeclaredBoundary, _ way: DeclaredBoundary.Way, _ lane: String) {
        (self.declared, self.way, self.lane) = (declared, way, lane)
    }

    /// What a frame's body says, on a lane of that name.
    package static func read(
        _ body: [UInt8], _ way: DeclaredBoundary.Way, lane: String, as declared: DeclaredBoundary = .committed
    ) throws -> Frame {
        var reader = BoundaryReader(declared, way, lane)
        let outer = declared.message(way == .intoEnclave ? "ToEnclave" : "FromEnclave")
        let inner = try reader.readMessage(outer, body, 0..<body.count)
        return Frame(message: inner, leaves: reader.leaves)
    }

    /// What a sealed output says once it is opened.
    package static func readOutput(
        _ bytes: [UInt8], as declared: DeclaredBoundary = .committed
    ) throws -> [Leaf] {
        var reader = BoundaryReader(declared, .outOfEnclave, "execution")
        _ = try reader.readMessage(declared.message("TransactionOutput"), bytes, 0..<bytes.count)
        return reader.leaves
    }

    /// What a message has of each field.
    private struct Found {
        var counts: [String: Int] = [:]
        var values: [String: Range<Int>] = [:]
        var numbers: [String: UInt64] = [:]
    }

    /// The name of the message that a one-of holds, or of the message itself.
    private mutating func readMessage(
        _ message: DeclaredBoundary.Message, _ body: [UInt8], _ range: Range<Int>
    ) throws -> String {
        guard message.ways.contains(way) else { throw Undeclared(message.name, "does not go this way") }
        guard message.lane == "any" || message.lane == lane else {
            throw Undeclared(message.name, "does not belong on a lane called \(lane)")
        }
        var position = range.lowerBound
        var last: UInt64 = 0
        var found = Found()
        var inner = message.name
        var chosen = 0
        while position < range.upperBound {
            let tag = try number(body, &position, range.upperBound, message.name)
            guard let field = message.fields.first(where: { $0.number == tag >> 3 }) else {
                throw Undeclared(message.name, "has no field \(tag >> 3)")
            }
            let place = "\(message.name).\(field.name)"
            guard field.number > last || (field.number == last && field.isRepeated) else {
                throw Undeclared(place, "stands twice, or out of order")
            }
            last = field.number
            guard way == .intoEnclave || field.dataClass != .secret else { throw Undeclared(place, "is a secret") }
            if field.isOneOf {
                chosen += 1
                if case .message(let name) = field.kind { inner = name }
                guard chosen == 1 else { throw Undeclared(place, "stands beside another") }
            }
            found.counts[field.name, default: 0] += 1
            guard found.counts[field.name]! <= field.countMax else { throw Undeclared(place, "stands too often") }
            try readValue(field, place, message.name, tag & 7, body, &position, range.upperBound, &found)
        }
        try check(message, chosen, found, body)
        return inner
    }

    private mutating func readValue(
        _ field: DeclaredBoundary.Field, _ place: String, _ message: String, _ wire: UInt64, _ body: [UInt8],
        _ position: inout Int, _ end: Int, _ found: inout Found
    ) throws {
        switch field.kind {
        case .number(let bits):
            guard wire == 0, !field.isRepeated else { throw Undeclared(place, "is no number") }
            let start = position
            let value = try number(body, &position, end, place)
            guard value != 0 else { throw Undeclared(place, "says what is so without a word") }
            guard bits == 64 || value >> UInt64(bits) == 0 else { throw Undeclared(place, "is too large") }
            found.numbers[field.name] = value
            leaves.append(Leaf(message: message, field: field.name, isBytes: false, range: start..<position))
        case .choice(let values):
            guard wire == 0, !field.isRepeated else { throw Undeclared(place, "is no number") }
            let start = position
            let value = try number(body, &position, end, place)
            guard values.contains(value) else { throw Undeclared(place, "is none of its values") }
            leaves.append(Leaf(message: message, field: field.name, isBytes: false, range: start..<position))
        case .bytes, .message:
            guard wire == 2 else { throw Undeclared(place, "has no length") }
            let length = try number(body, &position, end, place)
            guard length <= UInt64(end - position) else { throw Undeclared(place, "ends behind its message") }
            let value = position..<position + Int(length)
            position = value.upperBound
            if case .message(let name) = field.kind {
                _ = try readMessage(declared.message(name), body, value)
                return
            }
            guard !value.isEmpty || field.isRepeated else {
                throw Undeclared(place, "says what is so without a word")
            }
            guard value.count <= field.bytesMax else { throw Undeclared(place, "is too long: \(value.count) bytes") }
            if field.form == "TEXT", String(validating: body[value], as: UTF8.self) == nil {
                throw Undeclared(place, "is no text")
            }
            if field.form == "HASHES", value.count % 32 != 0 { throw Undeclared(place, "is no list of hashes") }
            found.values[field.name] = value
            leaves.append(Leaf(message: message, field: field.name, isBytes: true, range: value))
        }
    }

    private func check(
        _ message: DeclaredBoundary.Message, _ chosen: Int, _ found: Found, _ body: [UInt8]
    ) throws {
        guard chosen == 1 || !message.fields.contains(where: \.isOneOf) else {
            throw Undeclared(message.name, "says nothing")
        }
        for field in message.fields {
            let (place, count) = ("\(message.name).\(field.name)", found.counts[field.name] ?? 0)
            if field.isRequired, count == 0 { throw Undeclared(place, "is missing") }
            if !field.absentIf.isEmpty, found.numbers[field.absentIf] != nil, count > 0 {
                throw Undeclared(place, "is there, and said not to be")
            }
            if !field.presentIn.isEmpty {
                let places = found.values[field.presentIn].map { Array(body[$0]) } ?? []
                guard places.count == found.counts[field.asManyAs] ?? 0, places.allSatisfy({ $0 <= 1 }),
                    places.count(where: { $0 == 1 }) == count
                else { throw Undeclared(place, "are not as many as said") }
            }
        }
        if message.name == "Hello", let hash = found.values["manifest_hash"], Array(body[hash]) != declared.hash {
            throw Undeclared("Hello.manifest_hash", "is of another declaration")
        }
    }

    /// A number in the shortest way to write it.
    private func number(_ body: [UInt8], _ position: inout Int, _ end: Int, _ place: String) throws -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 70, by: 7) {
            guard position < end else { throw Undeclared(place, "ends in the middle of a number") }
            let byte = body[position]
            position += 1
            guard shift < 63 || byte <= 1 else { throw Undeclared(place, "is too large") }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 {
                guard byte != 0 || shift == 0 else { throw Undeclared(place, "writes a number longer than needed") }
                return value
            }
        }
        throw Undeclared(place, "is too large")
    }
}
