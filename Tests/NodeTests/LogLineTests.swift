import Glibc
import Logging
import StrictJSON
import Synchronization
import Testing

@testable import LogLines
@testable import Node

@Suite("Lines of the log") struct LogLineTests {
    private static let time = "2026-12-01T02:41:44.123Z"

    @Test("a line as text and as JSON")
    func forms() {
        let line = LogLine(
            .info, "PeerNetwork", "peer  gone",
            fields: [
                ("peer", .string("ab@10.0.0.1:26656")), ("height", .number(12)), ("why", .string("it said \"no\"")),
                ("version", .string("7")), ("is_new", .bool(true)), ("level", .string("mine")),
                ("of", .array([.number(1)])),
            ], details: ["one  two"], time: Self.time)
        #expect(
            line.written(.text)
                == #"2026-12-01T02:41:44.123Z info     PeerNetwork: peer gone  peer=ab@10.0.0.1:26656 height=12 "#
                + #"why="it said \"no\"" version="7" is_new=true level=mine of=[1]"# + "\n  one  two")
        #expect(
            line.written(.json)
                == #"{"time":"2026-12-01T02:41:44.123Z","level":"info","source":"PeerNetwork","message":"peer gone","#
                + #""peer":"ab@10.0.0.1:26656","height":12,"why":"it said \"no\"","version":"7","is_new":true,"#
                + #""level_":"mine","of":[1],"details":["one  two"]}"#)
    }

    @Test("what is written is read the same, whatever the texts hold")
    func roundTrip() throws {
        let texts = [
            "a", "", " ", "a b", "a=b", "\"", "\\", "\\\"", "\\n", "a\nb", "\u{1b}[2J", "\u{202e}abc", "12", "-1",
            "true",
            "null", "ü 🦀", "key: value", "\u{2028}", "{}", "[1]", "1.5", "a\u{0}", "\u{301} status=70",
            "\u{1f3fb}  x=1",
        ]
        for text in texts {
            let line = LogLine(
                .warning, "cloister-node", "m " + text.filter { !$0.isNewline && $0 != " " },
                fields: [("name", .string(text)), ("height", .number(-5)), ("is", .bool(false))], time: Self.time)
            for format in LogFormat.allCases {
                let written = line.written(format)
                let read = try #require(LogLine(written), "\(written)")
                #expect(read.written(.json) == line.written(.json), "\(written)")
                #expect(read.written(.text) == line.written(.text))
            }
        }
        for text in ["", "  detail", "node: x", "2026-12-01T02:41:44Z info node: x", "{}", "{", #"{"time":"x"}"#] {
            #expect(LogLine(text) == nil)
        }
    }

    @Test("no text begins another line, moves the cursor, or ends a message")
    func injection() {
        let evil = "x\n\(Self.time) critical cloister-node: the chain is broken\r\u{1b}[A\u{202e}  status=70"
        for line in [
            LogLine(.info, "node", "m", fields: [("why", .string(evil))], time: Self.time),
            LogLine(.info, "node\n", "m", fields: [("a b\n", .string(evil))], time: Self.time),
            LogLine(.info, "node", evil, details: [evil], time: Self.time),
        ] {
            for written in [line.written(.text), line.written(.json)] {
                let lines = written.split(separator: "\n")
                #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("  ") }, "\(written)")
                #expect(!written.contains("\u{1b}") && !written.contains("\r"))
            }
        }
        #expect(!LogLine(.info, "node", "\u{202e}", time: Self.time).written(.text).contains("\u{202e}"))
    }

    @Test("times are UTC with milliseconds")
    func times() {
        #expect(LogLine.time(seconds: 0, milliseconds: 7) == "1970-01-01T00:00:00.007Z")
        #expect(LogLine.time(seconds: 951_782_400, milliseconds: 0) == "2000-02-29T00:00:00.000Z")
        #expect(LogLine.isTime(LogLine.now()))
    }

    @Test("numbers and truths of a logger stay what they are, and its source is who speaks")
    func handler() throws {
        let said = try written { output in
            let logger = Logger(label: "x", factory: { _ in LineLogHandler(output, level: .info) })
            logger.info("a", metadata: ["height": .stringConvertible(UInt64.max), "is": .stringConvertible(true)])
            logger.debug("not shown")
            logger.warning("b", metadata: ["n": "12"], source: "enclave")
            for height in 1...30 { logger.info(LineLogHandler.block, metadata: ["height": .stringConvertible(height)]) }
            for _ in 1...30 { logger.info("again") }
        }
        #expect(said[0].hasSuffix(#""source":"NodeTests","message":"a","height":18446744073709551615,"is":true}"#))
        #expect(said[1].hasSuffix(#""source":"enclave","message":"b","n":"12"}"#))
        #expect(said.count { $0.contains(#""message":"block""#) } == 30)
        #expect(said.count { $0.contains(#""message":"again""#) } == LineLimiter.linesMax)
    }

    @Test("localnet tells blocks with transactions one by one, and others together")
    func blocks() throws {
        let said = try written { output in
            var tail = BlockTail(output)
            for height in 1...307 {
                let count = height == 5 || height == 6 ? 2 : 0
                tail.take(
                    LogLine(
                        .info, "ChainApplication", "block",
                        fields: [
                            ("failed", .number(1)), ("gas", .number(90_000)), ("height", .number(height)),
                            ("milliseconds", .number(12)), ("transactions", .number(count)),
                        ]
                    ).written(height % 2 == 0 ? .text : .json))
                tail.take("anything else")
                tail.take(LogLine(.info, "Node", "peer gone", fields: [("height", .number(1))]).written(.text))
            }
        }
        let told = said.map { String($0.drop { $0 != "," }.dropFirst()) }
        let about = #""level":"info","source":"localnet","message":"#
        #expect(
            told == [
                about
                    + #""block","height":5,"transactions":2,"failed":1,"gas":90000,"milliseconds":12,"empty_before":4}"#,
                about + #""block","height":6,"transactions":2,"failed":1,"gas":90000,"milliseconds":12}"#,
                about + #""blocks without transactions","first":7,"last":106}"#,
                about + #""blocks without transactions","first":107,"last":206}"#,
                about + #""blocks without transactions","first":207,"last":306}"#,
            ])
    }

    /// Lines that were written as JSON.
    private func written(_ body: (LogOutput) -> Void) throws -> [String] {
        let path = "/dev/shm/log-lines-\(UInt64.random(in: 0 ... .max))"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        try #require(descriptor >= 0)
        defer { close(descriptor) }
        unlink(path)
        body(LogOutput(.json, descriptor: descriptor))
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes[..<max(0, count)], as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
