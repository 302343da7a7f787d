import ChainMessages
import Foundation
import PublicCryptography
import TestSupport
import Testing
import Wire

/// Every message of the public protocol by its name.
let messageTypes = Dictionary(uniqueKeysWithValues: allChainMessages.map { ($0.name, $0) })

private let python = Repository.root.appending(path: ".venv/bin/python")

/// A message as another library wrote it.
struct Sample: Sendable {
    var name: String
    var canonical: [UInt8]
    /// The same fields in another order.
    var shuffled: [UInt8]

    /// `count` of each type; the same for the same seed.
    static func random(seed: Int, count: Int) throws -> [Sample] {
        try oracle(["write", "\(seed)", "\(count)"], input: "").split(separator: "\n").map { line in
            let words = line.split(separator: " ")
            let parts = try words.dropFirst().map { try #require(Hexadecimal.decode($0 == "-" ? "" : String($0))) }
            return Sample(name: String(words[0]), canonical: parts[0], shuffled: parts[1])
        }
    }

    static func oracle(_ arguments: [String], input: String, script: String = "oracle.py") throws -> String {
        let folder = TemporaryFolder("oracle")
        let (asked, answered) = (folder.url.appending(path: "in"), folder.url.appending(path: "out"))
        try Data(input.utf8).write(to: asked)
        try Data().write(to: answered)
        let process = Process()
        process.executableURL = python
        process.arguments = [Repository.path("Tests/ChainMessagesTests/" + script)] + arguments
        process.standardInput = try FileHandle(forReadingFrom: asked)
        process.standardOutput = try FileHandle(forWritingTo: answered)
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return try String(contentsOf: answered, encoding: .utf8)
    }
}

/// Lists of numbers: any number of fields makes one, packed or not.
private let numberLists: [String: UInt32] = [
    "cosmos.staking.v1beta1.Validator": 13, "tendermint.abci.ResponseApplySnapshotChunk": 2,
]

/// The encoding of each field of a message, in order.
func parts(_ bytes: [UInt8]) throws -> [(number: UInt32, bytes: [UInt8])] {
    var reader = ProtobufReader(bytes)
    var parts: [(UInt32, [UInt8])] = []
    while let field = try reader.next() {
        var writer = ProtobufWriter()
        switch field.value {
        case .varint(let value):
            writer.varint(UInt64(field.number) << 3)
            writer.varint(value)
        case .bytes(let value): writer.message(field.number, value)
        case .fixed64, .fixed32: Issue.record("no message has a field of fixed width")
        }
        parts.append((field.number, writer.bytes))
    }
    return parts
}

@Suite("Chain messages") struct ChainMessagesTests {
    @Test("messages of another library are read, and written again in the same bytes")
    func readByUs() throws {
        for sample in try Sample.random(seed: 1, count: 12) {
            let type = try #require(messageTypes[sample.name], "\(sample.name) has no struct")
            for policy in [FieldPolicy.signed, .request, .engine] {
                let (one, other) = (
                    try type.init(decoding: sample.canonical, policy), try type.init(decoding: sample.shuffled, policy)
                )
                #expect(one.encoded == sample.canonical, "\(sample.name)")
                #expect(other.encoded == sample.canonical, "\(sample.name)")
            }
        }
    }

    @Test("another library reads from our messages what was in them")
    func readByAnother() throws {
        let lines = try Sample.random(seed: 2, count: 12).map { sample in
            let type = try #require(messageTypes[sample.name])
            let ours = try type.init(decoding: sample.shuffled, .signed).encoded
            return "\(sample.name) \(ours.isEmpty ? "-" : Hexadecimal.encode(ours))\n"
        }
        #expect(try Sample.oracle(["read", "2", "12"], input: lines.joined()) == "understood \(lines.count)\n")
    }

    @Test("a truncated message is refused or a shorter message, and never more")
    func truncated() throws {
        for sample in try Sample.random(seed: 3, count: 3) {
            let type = try #require(messageTypes[sample.name])
            for length in 0..<min(sample.canonical.count, 400) {
                let cut = Array(sample.canonical.prefix(length))
                guard let message = try? type.init(decoding: cut, .signed) else { continue }
                // What is absent and never left out is written again, so it may be longer only by that.
                #expect(try type.init(decoding: message.encoded, .signed).encoded == message.encoded, "\(sample.name)")
            }
        }
    }

    @Test("a field of another wire type is refused")
    func wrongWireType() throws {
        for sample in try Sample.random(seed: 4, count: 4) {
            let type = try #require(messageTypes[sample.name])
            let all = try parts(sample.canonical)
            for (index, part) in all.enumerated() where part.number != numberLists[sample.name] {
                var wrong = ProtobufWriter()
                let isVarint = part.bytes[0] & 7 == 0
                if isVarint {
                    wrong.message(part.number, [1])
                } else {
                    wrong.uint64(part.number, 1)
                }
                let bytes = all[..<index].flatMap(\.bytes) + wrong.bytes + all[(index + 1)...].flatMap(\.bytes)
                #expect(throws: MessageError.self, "\(sample.name) field \(part.number)") {
                    try type.init(decoding: bytes, .request)
                }
            }
        }
    }

    @Test("a field that may come once is refused when it comes twice")
    func repeated() throws {
        var refused = 0
        for sample in try Sample.random(seed: 5, count: 4) {
            let type = try #require(messageTypes[sample.name])
            for (number, part) in try parts(sample.canonical) where number != numberLists[sample.name] {
                for policy in [FieldPolicy.signed, .request] {
                    do {
                        let twice = try type.init(decoding: sample.canonical + part, policy)
                        // Only a list takes it, and then it has one element more.
                        #expect(twice.encoded.count == sample.canonical.count + part.count, "\(sample.name)")
                    } catch {
                        #expect(error == .duplicateField(number), "\(sample.name)")
                        refused += 1
                    }
                }
            }
        }
        #expect(refused > 1000)
    }

    @Test("an unknown field is refused in what is signed, unless it may be ignored, and ignored in a request")
    func unknown() throws {
        for sample in try Sample.random(seed: 6, count: 2) {
            let type = try #require(messageTypes[sample.name])
            let refusable = sample.canonical + ProtobufWriter.encode { $0.uint64(900, 1) }
            let ignorable = sample.canonical + ProtobufWriter.encode { $0.uint64(1024, 1) }
            #expect(throws: MessageError.unknownField(900), "\(sample.name)") {
                try type.init(decoding: refusable, .signed)
            }
            #expect(try type.init(decoding: refusable, .request).encoded == sample.canonical, "\(sample.name)")
            #expect(try type.init(decoding: ignorable, .signed).encoded == sample.canonical, "\(sample.name)")
            let twice = refusable + ProtobufWriter.encode { $0.uint64(900, 2) }
            #expect(try type.init(decoding: twice, .request).encoded == sample.canonical, "\(sample.name)")
        }
    }

    @Test("numbers of more than ten bytes, field number zero and groups are refused")
    func malformedWire() throws {
        let endless = [UInt8](repeating: 0xff, count: 11)
        for type in allChainMessages {
            for bytes in [
                [0x08] + endless, endless, [0x00, 0x00], [0x0b, 0x0c], [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f],
            ] {
                #expect(throws: MessageError.self, "\(type.name)") { try type.init(decoding: bytes, .request) }
            }
        }
    }

    @Test("a list of more elements than any client means is refused")
    func tooMany() throws {
        typealias Response = BankV1beta1.QuerySendEnabledRequest
        let element = ProtobufWriter.encode { $0.message(1, [UInt8(ascii: "a")]) }
        let most = (0..<MessageFields.elementsMax).flatMap { _ in element }
        #expect(try Response(decoding: most, .signed).denoms.count == MessageFields.elementsMax)
        #expect(throws: MessageError.tooManyElements) { try Response(decoding: most + element, .signed) }
        // Nor can fields that nobody knows be sent without end.
        let unknown = (0...MessageFields.elementsMax).flatMap { _ in ProtobufWriter.encode { $0.uint64(900, 1) } }
        #expect(throws: MessageError.tooManyElements) { try Response(decoding: unknown, .request) }
    }

    @Test("an engine's lists are as long as a block may be, and no longer")
    func engineLists() throws {
        typealias Finalize = TendermintABCI.RequestFinalizeBlock
        func request(_ count: Int) -> [UInt8] {
            Finalize(
                txs: Array(repeating: [], count: count), decidedLastCommit: .init(), hash: [1], height: 7,
                time: Timestamp(seconds: 1, nanoseconds: 0)!, nextValidatorsHash: [2], proposerAddress: [3]
            ).encoded
        }
        let many = MessageFields.elementsMax + 1
        #expect(throws: MessageError.tooManyElements) { try Finalize(decoding: request(many), .request) }
        #expect(try Finalize(decoding: request(many), .engine).txs.count == many)
        let most = MessageFields.engineElementsMax
        #expect(try Finalize(decoding: request(most), .engine).txs.count == most)
        #expect(throws: MessageError.tooManyElements) { try Finalize(decoding: request(most + 1), .engine) }
    }

    @Test("a list of numbers is read packed and one by one, and no number is cut")
    func numbers() throws {
        typealias Response = TendermintABCI.ResponseApplySnapshotChunk
        let packed = Response(refetchChunks: [0, 1, 300, .max]).encoded
        #expect(try Response(decoding: packed, .engine).refetchChunks == [0, 1, 300, .max])
        let single = ProtobufWriter.encode { writer in
            writer.uint64(2, 5)
            writer.bytes(2, [7, 0x80, 1])
        }
        #expect(try Response(decoding: single, .engine).refetchChunks == [5, 7, 128])
        for wrong: [UInt8] in [[0x80], [0xff, 0xff, 0xff, 0xff, 0x7f], [UInt8](repeating: 0xff, count: 12)] {
            let bytes = ProtobufWriter.encode { $0.bytes(2, wrong) }
            #expect(throws: MessageError.self) { try Response(decoding: bytes, .engine) }
        }
        let long = ProtobufWriter.encode { $0.bytes(2, [UInt8](repeating: 1, count: MessageFields.elementsMax + 1)) }
        #expect(throws: MessageError.tooManyElements) { try Response(decoding: long, .request) }
    }

    @Test("delimited messages come out of a stream however it is cut, and nothing above the limit is kept")
    func delimited() throws {
        let messages: [[UInt8]] = [[], [1], [UInt8](repeating: 7, count: 300), [2, 3]]
        var stream = messages.flatMap { message in
            var writer = ProtobufWriter()
            writer.varint(UInt64(message.count))
            writer.raw(message)
            return writer.bytes
        }
        for size in [1, 2, 7, 500] {
            var reader = DelimitedReader(byteCountMax: 300)
            var read: [[UInt8]] = []
            for start in stride(from: 0, to: stream.count, by: size) {
                reader.append(stream[start..<min(start + size, stream.count)])
                while let message = try reader.next() { read.append(message) }
            }
            #expect(read == messages)
            #expect(reader.isAtBoundary)
        }
        stream.removeLast()
        var cut = DelimitedReader(byteCountMax: 300)
        cut.append(stream)
        for _ in 0..<3 { #expect(try cut.next() != nil) }
        #expect(try cut.next() == nil)
        #expect(!cut.isAtBoundary)
        var short = DelimitedReader(byteCountMax: 299)
        short.append([0xac, 0x02])
        #expect(throws: DelimitedReader.Refusal.tooLong(300)) { try short.next() }
        for malformed in [[UInt8](repeating: 0xff, count: 10), [UInt8](repeating: 0x80, count: 9) + [2]] {
            var reader = DelimitedReader(byteCountMax: 300)
            reader.append(malformed)
            #expect(throws: DelimitedReader.Refusal.malformedLength) { try reader.next() }
        }
    }

    @Test("of fields of which one may be set two are refused")
    func oneOf() throws {
        typealias Authorization = StakingV1beta1.StakeAuthorization
        let one = Authorization(allowList: .init())
        #expect(try Authorization(decoding: one.encoded, .signed) == one)
        let two = Authorization(allowList: .init(), denyList: .init())
        #expect(throws: MessageError.moreThanOne) { try Authorization(decoding: two.encoded, .request) }
    }
}
