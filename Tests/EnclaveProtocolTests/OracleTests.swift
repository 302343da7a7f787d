import CBoundaryMessages
import CProtobufC
import Foundation
import PublicCryptography
import TestSupport
import Testing

@testable import EnclaveProtocol

/// Whatever is packed and unpacked as a whole.
private protocol Whole: BoundaryMessage {
    init(decoding bytes: [UInt8]) throws(Failure)
    func encoded() throws(Failure) -> [UInt8]
}
extension ToEnclave: Whole {}
extension FromEnclave: Whole {}
extension TransactionOutput: Whole {}

@Suite("The boundary beside another library", .enabled(if: FileManager.default.fileExists(atPath: Oracle.python)))
struct OracleTests {
    private let wholes: [String: any Whole.Type] = [
        "ToEnclave": ToEnclave.self, "FromEnclave": FromEnclave.self, "TransactionOutput": TransactionOutput.self,
    ]

    @Test("each message is read as another library wrote it, field by field, and written in the same bytes")
    func messages() throws {
        let lines = try Oracle.run(["messages", "7", "12"]).split(separator: "\n")
        #expect(lines.count >= 39 * 12)
        for line in lines {
            let words = line.split(separator: " ")
            let bytes = words[1] == "-" ? [] : hexadecimal(String(words[1]))
            let message = try #require(wholes[String(words[0])]).init(decoding: bytes)
            #expect(Oracle.text(message) == words[2])
            #expect(try message.encoded() == bytes, "\(words[2])")
        }
    }

    @Test("what docs/boundary.md says of a field holds in both directions, and not by one byte or element less")
    func limits() throws {
        let folder = TemporaryFolder("limits")
        _ = try Oracle.run(["limits", folder.url.path])
        var seen: [Substring: Set<Substring>] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
            let words = name.split(separator: " ")
            let (type, verdict, field) = (try #require(wholes[String(words[1])]), words[2], words[3])
            let bytes = try #require(Repository.bytes(atPath: folder.path(name)))
            seen[field, default: []].insert(verdict)
            switch verdict {
            case "within":
                #expect(try type.init(decoding: bytes).encoded() == bytes, "\(name)")
            case "beyond":
                #expect(throws: Failure.malformedFrame, "\(name)") { try type.init(decoding: bytes) }
                // A value of ours that is as long.
                let unlimited = try withoutLimits(type, bytes)
                #expect(throws: Failure.frameTooLong, "\(name)") { try unlimited.encoded() }
            default:
                #expect(throws: Failure.malformedFrame, "\(name)") { try type.init(decoding: bytes) }
                #expect(throws: Failure.malformedFrame, "\(name)") { try withoutLimits(type, bytes) }
            }
        }
        let limited = try Oracle.limitedFields()
        #expect(limited.count > 80 && limited == Set(seen.keys.map(String.init)))
        for (field, verdicts) in seen {
            #expect(verdicts.contains("beyond") || verdicts.contains("never"), "\(field)")
        }
    }

    /// The message in `bytes` as protobuf-c reads it, whose table of limits is not asked.
    private func withoutLimits<Message: Whole>(_ type: Message.Type, _ bytes: [UInt8]) throws -> Message {
        let descriptor =
            switch type {
            case is ToEnclave.Type: blank(cloister__boundary__v1__to_enclave__init).base.descriptor
            case is FromEnclave.Type: blank(cloister__boundary__v1__from_enclave__init).base.descriptor
            default: blank(cloister__boundary__v1__transaction_output__init).base.descriptor
            }
        var message: UnsafeMutablePointer<ProtobufCMessage>?
        defer { protobuf_c_message_free_unpacked(message, nil) }
        return try Message(unpacking: bytes) { _, count, start in
            message = protobuf_c_message_unpack(descriptor, nil, count, start)
            return UnsafeRawPointer(message)?.assumingMemoryBound(to: Message.CForm.self)
        }
    }
}

private enum Oracle {
    static let python = Repository.path(".venv/bin/python")

    static func run(_ arguments: [String]) throws -> String {
        let folder = TemporaryFolder("oracle")
        try Data().write(to: folder.url.appending(path: "out"))
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python)
        process.arguments = [Repository.path("Tests/EnclaveProtocolTests/oracle.py")] + arguments
        process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: "out"))
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try String(contentsOf: folder.url.appending(path: "out"), encoding: .utf8)
    }

    /// `Message.field` of each row of the page that limits something.
    static func limitedFields() throws -> Set<String> {
        var (fields, message) = (Set<String>(), "")
        let page = try String(contentsOfFile: Repository.path("docs/boundary.md"), encoding: .utf8)
        for line in page.split(separator: "\n") where line.hasPrefix("| ") && !line.hasPrefix("| message |") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
            if !cells[1].isEmpty { message = cells[1] }
            if !cells[7].isEmpty { fields.insert("\(message).\(cells[4])") }
        }
        return fields
    }

    /// What is in a value, with its names: `case:{name=1,list=[x0a,-]}`.
    static func text(_ value: Any) -> String {
        if type(of: value) == [UInt8].self, let bytes = value as? [UInt8] { return "x" + Hexadecimal.encode(bytes) }
        switch value {
        case let text as String: return "x" + Hexadecimal.encode(Array(text.utf8))
        case let hash as Hash32: return "x" + Hexadecimal.encode(hash.bytes)
        case let number as any FixedWidthInteger: return "\(number)"
        case let known as any RawRepresentable: return self.text(known.rawValue)
        default: break
        }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { self.text($0.value) } ?? "-"
        case .collection: return "[" + mirror.children.map { self.text($0.value) }.joined(separator: ",") + "]"
        case .enum: return mirror.children.first.map { "\($0.label!):\(self.text($0.value))" } ?? "\(value)"
        default: return "{" + mirror.children.map { "\($0.label!)=\(self.text($0.value))" }.joined(separator: ",") + "}"
        }
    }
}
