import Seeds
import Testing

@testable import StrictJSON

private func parse(
    _ text: String, depthMax: Int = 64, repeatedNames: JSONLimits.RepeatedNames = .refused
) throws(JSONError) -> JSONValue {
    try JSONReader.parse(
        Array(text.utf8), limits: JSONLimits(bytesMax: 1 << 20, depthMax: depthMax, repeatedNames: repeatedNames))
}

private func error(of bytes: [UInt8], bytesMax: Int = 1 << 20) -> JSONError? {
    do throws(JSONError) {
        _ = try JSONReader.parse(bytes, limits: JSONLimits(bytesMax: bytesMax))
        return nil
    } catch { return error }
}

private func error(of text: String, bytesMax: Int = 1 << 20) -> JSONError? {
    error(of: Array(text.utf8), bytesMax: bytesMax)
}

@Suite("StrictJSON: the reader")
struct ReaderTests {
    @Test(
        "texts of RFC 8259 are read",
        arguments: [
            ("null", JSONValue.null), (" true\n", .bool(true)), ("\tfalse\r", .bool(false)), ("0", .number("0")),
            ("-0", .number("-0")), ("-12", .number("-12")), ("1.50", .number("1.50")), ("1E+2", .number("1E+2")),
            ("0e-0", .number("0e-0")), ("123456789012345678901234567890", .number("123456789012345678901234567890")),
            ("\"\"", ""), ("\"a\"", "a"), ("[]", []), ("[ ]", []), ("{ }", [:]), ("[1 , 2]", [1, 2]),
            ("{\"b\":1,\"a\":[null,{}]}", ["b": 1, "a": [.null, [:]]]),
            ("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\u{8}\u{c}\n\r\t"), ("\"\\u0000\"", "\0"),
            ("\"\\u00e9\\u20AC\"", "é€"), ("\"\\ud83d\\uDE00\"", "😀"), ("\"é😀\u{7f}\"", "é😀\u{7f}"),
            ("\"x\\u0041\"", "xA"), ("{\"\":\"\"}", ["": ""]), ("\"\\uDBFF\\uDFFF\"", "\u{10ffff}"),
        ] as [(String, JSONValue)])
    func accepted(text: String, expected: JSONValue) throws {
        #expect(try parse(text) == expected)
    }

    @Test(
        "texts outside RFC 8259 are refused",
        arguments: [
            "", " ", "nul", "nulL", "True", "+1", "01", "-", "-a", "1.", ".5", "1e", "1e+", "0x10", "1_000", "NaN",
            "Infinity", "[", "[1", "[1,", "[1,]", "[,1]", "[1 2]", "]", "{", "{\"a\"", "{\"a\":", "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "{\"a\":1 \"b\":2}", "'a'", "\"", "\"a", "\"\\", "\"\\x\"",
            "\"\\u12\"", "\"\\u12g4\"", "\"\n\"", "\"\u{1f}\"", "\"\\ud800\"", "\"\\ud800x\"", "\"\\ud800\\n\"",
            "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\udc00\\ud800\"", "1 2", "nullx", "{}{}", "// c\n1", "/**/1",
            "\u{feff}1", "[1]\0", "\u{a0}1", "--1", "1e1.5", "\"\\ud83d\\ude0\"",
        ])
    func refused(text: String) {
        #expect(throws: JSONError.self) { try parse(text) }
    }

    @Test(
        "bytes that are not UTF-8 are refused inside strings and outside",
        arguments: [
            [0xff], [0xc0, 0x80], [0xc1, 0xbf], [0xe0, 0x80, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80],
            [0x80],
            [0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xf8, 0x88, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func notText(bytes: [UInt8]) {
        let quote = UInt8(ascii: "\"")
        #expect(error(of: [quote] + bytes + [quote]) == .invalidText(offset: 1))
        #expect(error(of: [quote, UInt8(ascii: "\\"), UInt8(ascii: "n")] + bytes + [quote]) == .invalidText(offset: 1))
        #expect(error(of: bytes) == .unexpectedByte(offset: 0))
    }

    @Test("depth is bounded, at the bound and one beyond")
    func depth() throws {
        let fits = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(try parse(fits).array?.count == 1)
        #expect(error(of: "[" + fits + "]") == .tooDeep(offset: 64))
        #expect(error(of: String(repeating: "{\"a\":", count: 100_000)) == .tooDeep(offset: 64 * 5))
        #expect(throws: JSONError.tooDeep(offset: 0)) { try parse("[]", depthMax: 0) }
        #expect(try parse("1", depthMax: 0) == 1)
    }

    @Test("values are counted before they are kept, in arrays, objects and members alike")
    func values() throws {
        let limits = JSONLimits(bytesMax: 4 << 20, valuesMax: 5)
        for text in ["[0,0,[0]]", #"{"a":{"b":{}},"c":[null]}"#] {
            _ = try JSONReader.parse(Array(text.utf8), limits: limits)
        }
        #expect(throws: JSONError.tooManyValues(offset: 9)) {
            try JSONReader.parse(Array("[0,0,[0],0]".utf8), limits: limits)
        }
        #expect(throws: JSONError.tooManyValues(offset: 9)) {
            try JSONReader.parse(Array(("[0,0,0,0," + String(repeating: "0,", count: 1 << 20)).utf8), limits: limits)
        }
    }

    @Test("size is bounded before anything is read")
    func size() {
        #expect(error(of: [UInt8](repeating: 0x20, count: 11), bytesMax: 10) == .tooLarge)
        #expect(error(of: Array("[1,2,3,45]".utf8), bytesMax: 10) == nil)
        #expect(throws: JSONError.tooLarge) { try JSONReader.parse([UInt8](repeating: 0x20, count: 1 << 20 + 1)) }
    }

    @Test("errors say where")
    func offsets() {
        #expect(error(of: "[1,x]") == .unexpectedByte(offset: 3))
        #expect(error(of: "{} ,") == .trailingBytes(offset: 3))
        #expect(error(of: "\"ab\\q\"") == .invalidEscape(offset: 4))
        #expect(error(of: "[1") == .unexpectedEnd)
        #expect(error(of: "-x") == .invalidNumber(offset: 1))
    }

    @Test("a repeated name is refused, or the last one counts, as the caller says")
    func repeatedNames() throws {
        let text = "{\"a\":1,\"b\":2,\"\\u0061\":3,\"c\":4}"
        #expect(throws: JSONError.repeatedName(offset: text.utf8.count)) { try parse(text) }
        #expect(try parse(text, repeatedNames: .lastCounts) == ["a": 3, "b": 2, "c": 4])
        #expect(try parse("{\"a\":1,\"a\":2,\"a\":3}", repeatedNames: .lastCounts) == ["a": 3])
    }

    @Test("canonically equivalent names are different names")
    func canonicalEquivalence() throws {
        let kelvin = try parse("{\"\\u212a\":1,\"K\":2}")
        #expect(kelvin["K"] == 2)
        #expect(kelvin["\u{212a}"] == 1)
        #expect(try parse("{\"e\\u0301\":1,\"\\u00e9\":2}").object?.count == 2)
        #expect(JSONValue.string("K") != JSONValue.string("\u{212a}"))
        #expect(try parse("{\"\\u212a\":1}")["K"] == nil)
    }

    @Test("thirty marks in a row are text and one more is none, in names too and however they are written")
    func marks() throws {
        for (mark, escaped) in [("\u{301}", "\\u0301"), ("\u{323}", "\\u0323"), ("\u{f73}", "\\u0f73")] {
            for text in [mark, escaped] {
                let (most, more) = (String(repeating: text, count: 30), String(repeating: text, count: 31))
                #expect(try parse("\"a\(most)a\(most)\"").string?.unicodeScalars.count == 62)
                #expect(error(of: "\"a\(more)\"") == .invalidText(offset: 1))
                #expect(error(of: "{\"\(more)\":1}") == .invalidText(offset: 2))
            }
        }
        #expect(try parse("\"" + String(repeating: "\u{e9}\u{1100}\u{1161}", count: 100) + "\"").string != nil)
    }

    @Test("a mebibyte of marks, which nobody could compare, is refused at once")
    func manyMarks() {
        let marks = "\"a" + String(repeating: "\u{301}\u{323}", count: 260_000) + "\""
        #expect(error(of: "{\(marks):\(marks)}", bytesMax: 4 << 20) == .invalidText(offset: 2))
        #expect(String(streamSafe: marks.utf8) == nil)
    }

    @Test("twenty thousand names are settled without comparing all pairs")
    func manyNames() throws {
        let members = (0..<20_000).map { "\"name\($0)\":\($0)" }.joined(separator: ",")
        #expect(try parse("{" + members + "}")["name19999"]?.uint64 == 19_999)
        #expect(throws: JSONError.self) { try parse("{" + members + ",\"name7\":0}") }
    }

    @Test("integers are exact, and nothing else is an integer")
    func integers() throws {
        #expect(try parse("18446744073709551615").uint64 == .max)
        #expect(try parse("18446744073709551616").uint64 == nil)
        #expect(try parse("18446744073709551616").uint128 == 18_446_744_073_709_551_616)
        #expect(try parse("340282366920938463463374607431768211455").uint128 == .max)
        #expect(try parse("340282366920938463463374607431768211456").uint128 == nil)
        #expect(try parse("-9223372036854775808").int64 == .min)
        #expect(try parse("-9223372036854775809").int64 == nil)
        #expect(try parse("9223372036854775808").int64 == nil)
        #expect(try parse("-1").uint64 == nil)
        for text in ["-0", "1.0", "1e3", "\"1\"", "null"] { #expect(try parse(text).int64 == nil) }
        #expect(JSONValue.number("x1").uint64 == nil)
        #expect(JSONValue.number("").uint64 == nil)
        #expect(try parse("300").integer(as: UInt8.self) == nil)
    }

    @Test("members and elements are found, and missing ones are nil")
    func access() throws {
        let value = try parse("{\"a\":[true,\"x\"],\"n\":null}")
        #expect(value["a"]?[0]?.bool == true)
        #expect(value["a"]?[1]?.string == "x")
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["n"]?.isNull == true)
        #expect(value["b"] == nil)
        #expect(value[0] == nil)
        #expect(value["a"]?["x"] == nil)
        #expect(value.object?.map(\.0) == ["a", "n"])
    }
}

@Suite("StrictJSON: the writer")
struct WriterTests {
    @Test("output is serde_json's compact form")
    func compact() {
        let value: JSONValue = [
            "z": [1, -2, .null, true, [:], []], "a": "é/😀\u{7f}\u{2028}", "": .number(UInt128.max),
        ]
        #expect(
            JSONWriter.text(of: value)
                == "{\"z\":[1,-2,null,true,{},[]],\"a\":\"é/😀\u{7f}\u{2028}\",\"\":340282366920938463463374607431768211455}"
        )
    }

    @Test("control characters are escaped as serde_json does")
    func escapes() {
        #expect(JSONWriter.text(of: "\"\\\u{8}\u{c}\n\r\t") == "\"\\\"\\\\\\b\\f\\n\\r\\t\"")
        #expect(JSONWriter.text(of: "\u{0}\u{b}\u{1b}\u{1f}") == "\"\\u0000\\u000b\\u001b\\u001f\"")
    }

    @Test("what is written piece by piece equals what is written of a value")
    func pieces() throws {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("text", "a\"b")
        writer.member("count", UInt64.max)
        writer.name("list")
        writer.beginArray()
        writer.beginObject()
        writer.endObject()
        writer.write(true)
        writer.writeNull()
        writer.writeUnchecked("[0]".utf8)
        writer.write(-3)
        writer.beginArray()
        writer.endArray()
        writer.endArray()
        writer.member("last", .null)
        writer.endObject()
        let value: JSONValue = [
            "text": "a\"b", "count": .number(UInt64.max), "list": [[:], true, .null, [0], -3, []], "last": .null,
        ]
        #expect(writer.bytes == JSONWriter.bytes(of: value))
        #expect(try JSONReader.parse(writer.bytes, limits: JSONLimits(bytesMax: 1000)) == value)
    }
}

@Suite("StrictJSON: hostile text")
struct HostileTests {
    static let seedText =
        "{\"execute\":{\"msg\":\"aGVsbG8=\",\"funds\":[{\"denom\":\"uscrt\",\"amount\":\"10\"}],\"n\":-12.5e+3,"
        + "\"u\":\"\\ud83d\\ude00\\u00e9\\n😀\"},\"x\":[[],{},null,true,false,0]}"

    @Test(
        "mutated text gives an error or a value that survives writing and reading", arguments: [1, 2, 3, 4] as [UInt64])
    func mutations(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let interesting = Array("{}[]\",:\\u0-.eE+ tfn\u{7f}\0".utf8) + [0xff, 0xc3, 0xed, 0xf0, 0x80]
        let limits = JSONLimits(bytesMax: 10_000, repeatedNames: .lastCounts)
        var accepted = 0
        for round in 0..<3_000 {
            var text = Array(Self.seedText.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let at = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: text[at] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
                case 1: text[at] = interesting.randomElement(using: &generator)!
                case 2: text.remove(at: at)
                case 3: text.insert(interesting.randomElement(using: &generator)!, at: at)
                default: text.removeSubrange(at..<min(text.count, at + Int.random(in: 1...8, using: &generator)))
                }
                if text.isEmpty { text = [0x20] }
            }
            guard let value = try? JSONReader.parse(text, limits: limits) else { continue }
            accepted += 1
            let again = try JSONReader.parse(JSONWriter.bytes(of: value), limits: limits)
            #expect(again == value, "seed \(seed), round \(round)")
        }
        #expect(accepted > 50, "seed \(seed): the mutations should not only destroy")
    }

    @Test("every prefix of a text is refused")
    func prefixes() throws {
        let text = Array(Self.seedText.utf8)
        #expect(error(of: text) == nil)
        for count in 0..<text.count { #expect(error(of: Array(text[..<count])) != nil, "\(count) bytes") }
    }
}
