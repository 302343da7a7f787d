import Foundation
import PublicCryptography
import TestSupport

/// What `proto/boundary/v1` declares, read from the text that an auditor reads: no generated code stands between.
package struct DeclaredBoundary: Sendable {
    package enum Way: Sendable { case intoEnclave, outOfEnclave }

    package enum DataClass: String, Sendable {
        case isPublic = "PUBLIC"
        case ciphertext = "CIPHERTEXT"
        case lengthOnly = "LENGTH_ONLY"
        case secret = "SECRET"
    }

    enum Kind: Sendable {
        /// A number of at most so many bits.
        case number(bits: Int)
        case choice(Set<UInt64>)
        case bytes
        case message(String)
    }

    struct Field: Sendable {
        var name: String
        var number: UInt64
        var kind: Kind
        var isRepeated: Bool
        var isOneOf: Bool
        var dataClass: DataClass
        var bytesMax = 0
        var countMax = 1
        var form = ""
        var isRequired = false
        var absentIf = ""
        var presentIn = ""
        var asManyAs = ""
    }

    struct Message: Sendable {
        var name: String
        var ways: Set<Way>
        var lane: String
        var fields: [Field]
    }

    private(set) var messages: [String: Message] = [:]
    /// SHA-256 of both files: what the enclave says hello with, so that it is known to be built from this declaration.
    package let hash: [UInt8]

    /// The names of the messages that may cross in a direction.
    package func names(_ way: Way) -> [String] { messages.values.filter { $0.ways.contains(way) }.map(\.name).sorted() }

    /// Those of them that stand in a frame themselves.
    package func frames(_ way: Way) -> [String] {
        message(way == .intoEnclave ? "ToEnclave" : "FromEnclave").fields.compactMap { field in
            if case .message(let name) = field.kind { name } else { nil }
        }
    }

    /// The repository's.
    package static let committed = try! DeclaredBoundary(
        options: Repository.bytes(atPath: Repository.path("proto/boundary/v1/options.proto"))!,
        messages: Repository.bytes(atPath: Repository.path("proto/boundary/v1/boundary.proto"))!)

    package struct Unreadable: Error { let place: String }

    package init(options: [UInt8], messages text: [UInt8]) throws {
        hash = SHA256.hash(options + text).bytes
        var reader = DeclarationReader(String(decoding: text, as: UTF8.self))
        messages = try reader.read()
    }

    func message(_ name: String) -> Message { messages[name]! }
}

/// The part of the language of `.proto` files in which the boundary is written.
private struct DeclarationReader {
    private let tokens: [Substring]
    private var place = 0
    private var choices: [String: Set<UInt64>] = [:]

    init(_ text: String) {
        let lines = text.split(separator: "\n").map { $0.prefix(upTo: $0.range(of: "//")?.lowerBound ?? $0.endIndex) }
        var tokens = [Substring]()
        for line in lines {
            var rest = line.drop(while: \.isWhitespace)
            while let first = rest.first {
                let token: Substring
                if first == "\"" {
                    token = rest.prefix(upTo: rest.dropFirst().firstIndex(of: "\"")!) + "\""
                } else if DeclarationReader.isWord(first) {
                    token = rest.prefix(while: DeclarationReader.isWord)
                } else {
                    token = rest.prefix(1)
                }
                tokens.append(token)
                rest = rest.dropFirst(token.count).drop(while: \.isWhitespace)
            }
        }
        self.tokens = tokens
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "."
    }

    mutating func read() throws -> [String: DeclaredBoundary.Message] {
        try readChoices()
        var messages: [String: DeclaredBoundary.Message] = [:]
        place = 0
        while place < tokens.count {
            switch try next() {
            case "message":
                let message = try readMessage()
                messages[message.name] = message
            case "enum": try skipBraces()
            default: while try next() != ";" {}
            }
        }
        return messages
    }

    private mutating func next() throws -> Substring {
        guard place < tokens.count else { throw DeclaredBoundary.Unreadable(place: "end") }
        defer { place += 1 }
        return tokens[place]
    }

    private mutating func expect(_ token: Substring) throws {
        guard try next() == token else {
            throw DeclaredBoundary.Unreadable(place: tokens[max(0, place - 8)..<place].joined(separator: " "))
        }
    }

    private mutating func skipBraces() throws { while try next() != "}" {} }

    /// All enumerations, by name and by what they are declared in; zero is what was not set, and stands in no frame.
    private mutating func readChoices() throws {
        var outer: [Substring] = []
        while place < tokens.count {
            switch try next() {
            case "message", "oneof": outer.append(try next())
            case "enum":
                let name = try next()
                try expect("{")
                var values = Set<UInt64>()
                while tokens[place] != "}" {
                    _ = try next()
                    try expect("=")
                    values.insert(UInt64(try next())!)
                    try expect(";")
                }
                place += 1
                values.remove(0)
                choices[(outer.first.map { $0 + "." } ?? "") + name] = values
            case "}": outer.removeLast()
            default: break
            }
        }
    }

    private mutating func readMessage() throws -> DeclaredBoundary.Message {
        let name = String(try next())
        var message = DeclaredBoundary.Message(name: name, ways: [], lane: "", fields: [])
        var isOneOf = false
        try expect("{")
        while true {
            let token = try next()
            switch token {
            case "}" where isOneOf: isOneOf = false
            case "}":
                guard !message.ways.isEmpty, !message.lane.isEmpty else {
                    throw DeclaredBoundary.Unreadable(place: name)
                }
                return message
            case "oneof":
                _ = try next()
                try expect("{")
                isOneOf = true
            case "enum": try skipBraces()
            case "option":
                let (option, value) = try readOption()
                try expect(";")
                switch (option, value) {
                case ("direction", "INTO_ENCLAVE"): message.ways = [.intoEnclave]
                case ("direction", "OUT_OF_ENCLAVE"): message.ways = [.outOfEnclave]
                case ("direction", "BOTH"): message.ways = [.intoEnclave, .outOfEnclave]
                case ("lane", _): message.lane = value
                default: break
                }
            default: message.fields.append(try readField(token, in: name, isOneOf: isOneOf))
            }
        }
    }

    private mutating func readOption() throws -> (name: Substring, value: String) {
        try expect("(")
        let name = try next()
        try expect(")")
        try expect("=")
        return (name, String(try next().replacing("\"", with: "")))
    }

    private mutating func readField(
        _ first: Substring, in message: String, isOneOf: Bool
    ) throws -> DeclaredBoundary.Field {
        let isRepeated = first == "repeated"
        let type = isRepeated ? try next() : first
        let name = String(try next())
        try expect("=")
        let number = UInt64(try next())!
        let kind: DeclaredBoundary.Kind
        switch type {
        case "bytes": kind = .bytes
        case "uint32": kind = .number(bits: 32)
        case "uint64", "int64": kind = .number(bits: 64)
        case "bool": kind = .number(bits: 1)
        default:
            if let values = choices["\(message).\(type)"] ?? choices[String(type)] {
                kind = .choice(values)
            } else {
                kind = .message(String(type))
            }
        }
        var field = DeclaredBoundary.Field(
            name: name, number: number, kind: kind, isRepeated: isRepeated, isOneOf: isOneOf, dataClass: .secret)
        var hasClass = false
        try expect("[")
        repeat {
            let (option, value) = try readOption()
            switch option {
            case "class":
                guard let known = DeclaredBoundary.DataClass(rawValue: value) else {
                    throw DeclaredBoundary.Unreadable(place: "\(message).\(name)")
                }
                (field.dataClass, hasClass) = (known, true)
            case "max_bytes": field.bytesMax = Int(value)!
            case "max_count": field.countMax = Int(value)!
            case "form": field.form = value
            case "required": field.isRequired = value == "true"
            case "absent_if": field.absentIf = value
            case "present_in": field.presentIn = value
            case "as_many_as": field.asManyAs = value
            default: break
            }
        } while try next() == ","
        try expect(";")
        guard hasClass else { throw DeclaredBoundary.Unreadable(place: "\(message).\(name)") }
        return field
    }
}
