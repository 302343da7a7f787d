import Foundation
import PublicCryptography
import StrictJSON
import Testing
import WalletClient

@Suite("What is shown of other people's texts") struct RenderingTests {
    private static let label = "nice\u{1b}[2J\nadmin: secret1mallory\u{202e}\u{200b}\u{9b}\u{2028}end"

    @Test("control characters, escape codes, writing directions and line breaks are shown and not acted upon")
    func unsafeText() throws {
        let json = JSONValue.object([("label", .string(Self.label)), (Self.label, 1), ("list", [.string(Self.label)])])
        let escaped = #"nice\x1b[2J\nadmin: secret1mallory\u202e\u200b\x9b\u2028end"#
        #expect(
            Rendering.yaml(json) == """
                label: "\(escaped)"
                "\(escaped)": 1
                list:
                - "\(escaped)"
                """)
        #expect(Rendering.line(Self.label) == escaped)
        for scalar in (Array(0...0x2fff) + Array(0xd000...0xffff) + Array(0xe0000...0xe0fff)).compactMap({
            Unicode.Scalar($0)
        }) where Rendering.isUnsafe(scalar) {
            let text = String(scalar)
            let shown = [Rendering.yaml(.string(text)), Rendering.json(.string(text)), Rendering.line(text)]
            #expect(!shown.contains { $0.unicodeScalars.contains(where: Rendering.isUnsafe) }, "\(scalar.value)")
        }
        // JSON stays the value that it was.
        let written = Rendering.json(json)
        #expect(written.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) })
        #expect(try JSONReader.parse(Array(written.utf8), limits: JSONLimits(bytesMax: 4096)) == json)
        #expect(Rendering.json(.string("\u{e0001}")) == #""\udb40\udc01""#)
    }

    @Test("text output is the YAML that a reader takes for the same value")
    func yaml() throws {
        let texts = [
            "", "~", "null", "True", "no", "y", "-", "- a", "a: b", "a #b", "#a", "a:", " a", "a ", "1e3", "0x1f",
            "1.5", "007",
            "12345678901234567890", "{\"a\":1}", "[1]", "*a", "&a", "!a", "|", ">", "%a", "@a", "`a", "?", ":", ",",
            "'", "\"",
            "it's", "a\\b", "für", "日本", "a\tb", "2026-01-01", "1:20", "=", "<<", "secret1abc", "https://a.b/c#d",
            "/a.b.MsgC",
            "_", "inf", ".inf", "nan", "e1", "12AB", "0b11", "0b12a", "0xabc", "12e4", "1e", "9ff2", "0o7", "0O8",
            "1_000", "AB12", "abc=", "x: {y}",
        ]
        var members = texts.enumerated().map { ("m\($0)", JSONValue.string($1)) }
        members += [
            ("count", "12"), ("zero", "0"), ("number", 7), ("yes", true), ("none", .null), ("empty", []),
            ("nothing", .object([])),
            ("nested", [["a": ["b": [1, ["c": "d"]]]], [[2], []]]), ("true", "key"), ("12", "key"), ("a: b", "key"),
        ]
        let python = Process()
        python.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        python.arguments = [
            "-c", "import sys, json, yaml; print(json.dumps(list(yaml.safe_load(sys.stdin).items())))",
        ]
        let (input, output) = (Pipe(), Pipe())
        python.standardInput = input
        python.standardOutput = output
        python.standardError = FileHandle.nullDevice
        python.environment = ["PYTHONIOENCODING": "utf-8", "PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""]
        try python.run()
        try input.fileHandleForWriting.write(contentsOf: Data(Rendering.yaml(.object(members)).utf8))
        try input.fileHandleForWriting.close()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        python.waitUntilExit()
        try #require(python.terminationStatus == 0, "python3-yaml is missing")
        let read = try JSONReader.parse(Array(data), limits: JSONLimits(bytesMax: 1 << 20))
        #expect(read.array?.count == members.count)
        for (pair, member) in zip(read.array ?? [], members) {
            let expected: JSONValue = member.0 == "count" ? 12 : member.0 == "zero" ? 0 : member.1
            #expect(pair[0]?.string == member.0)
            #expect(pair[1] == expected, "\(member)")
        }
    }
}
